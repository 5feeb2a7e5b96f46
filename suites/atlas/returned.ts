/** How a field that is not sent, or sent empty, comes back. */
import type { Returned } from '../../contracts/atlas.js';
import type { FieldName } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { documentedOf } from './documented.js';
import { isAccepted, type Answer, type Search } from './search.js';

/** Rules of presence say what is documented of a field that is not sent. */
function documentedUnsent(field: FieldName): Returned['documented'] {
  for (const rule of RULES) {
    if (rule.kind !== 'input' || rule.constraint.kind !== 'presence' || rule.constraint.fields.length > 1 || rule.constraint.fields[0] !== field) continue;
    return rule.constraint.presence === 'required' ? 'refused' : 'accepted';
  }
  return 'open';
}

function asOf(member: unknown): Returned['as'] {
  if (member === undefined) return 'absent';
  if (member === null) return 'null';
  if (member === '') return 'empty';
  return typeof member === 'string' ? 'value' : 'something else';
}

function returnedOf(field: FieldName, answer: Answer | undefined, documented: Returned['documented']): Returned {
  if (answer === undefined) return { got: 'not looked at', documented };
  const { got, member, token, status } = answer;
  if (!isAccepted(answer)) return { got, documented, ...(status === undefined ? {} : { status }) };
  // The option has no member of its own: what comes of it is the token, or none.
  if (field === 'options.get_client_auth_token') return { got: 'accepted', documented, as: 'absent', value: token === true ? 'a token' : 'no token' };
  const as = asOf(member);
  return {
    got: 'accepted',
    documented,
    ...(as === undefined ? {} : { as }),
    ...(as === 'value' || as === 'something else' ? { value: JSON.stringify(member) } : {}),
  };
}

/** Sends the field not at all, and then empty. */
export function* returnedSearch(field: FieldName): Search<{ readonly unsent: Returned; readonly empty: Returned }> {
  const [unsent, empty] = yield [
    { field, value: () => null, note: 'not sent', about: 'missing' },
    { field, value: () => '', note: 'empty', about: 'empty' },
  ];
  return { unsent: returnedOf(field, unsent, documentedUnsent(field)), empty: returnedOf(field, empty, documentedOf(field, '')) };
}
