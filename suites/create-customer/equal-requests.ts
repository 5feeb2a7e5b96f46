/** Two requests that differ in their spelling alone are answered alike, whatever the answer is. */
import { isJsonObject, memberAt } from '../../contracts/json.js';
import { ECHOED_FIELDS, type FieldName, type Spelling } from '../../contracts/model.js';
import { spell } from '../../generators/wire.js';
import { fieldOf, withField } from '../kit/draft.js';
import type { Observation } from '../kit/observation.js';
import type { Procedure } from '../kit/sequence-check.js';
import { blocked, HOLDS } from '../kit/steps.js';

/** Values of all three kinds: good, bad, and left open; a spelling that is misread changes at least one of them. */
const PAIRS: readonly (readonly [Spelling, FieldName, string])[] = [
  ['plus-is-blank', 'object_reference_id', '{id} {id} {id}'],
  ['hex-case', 'email_address', 'a/b{c}~d@example.com'],
  ['needless-escape', 'first_name', 'Maria-Jose'],
  ['field-order', 'last_name', 'Silva'],
  ['empty-pairs', 'mobile_number', '987654321'],
  ['semicolon', 'object_reference_id', '{id};{id}'],
  ['second-equals', 'email_address', 'a=b=c@example.com'],
  ['escaped-key', 'first_name', 'Joao'],
  ['hex-case', 'first_name', 'Jo\u00e3o'],
  ['plus-is-blank', 'first_name', 'a b'],
  ['needless-escape', 'object_reference_id', '{id}\u00e9'],
  ['semicolon', 'last_name', 'a;b'],
  ['hex-case', 'object_reference_id', '{id}+\u00eb\u00ea{id}'],
  ['field-order', 'email_address', 'a b@example.com'],
];

/** What came back of each field: as it was sent, or what instead. The references of the two requests differ. */
function echoOf({ json, draft }: Observation): string {
  if (!isJsonObject(json.value)) return '';
  const echoes = ECHOED_FIELDS.map((field) => {
    const got = memberAt(json.value, field);
    if (got === (fieldOf(draft, field) ?? null)) return 'as sent';
    return field === 'object_reference_id' ? 'changed' : got;
  });
  return JSON.stringify(echoes);
}

/** What has to be the same: accepted or refused, as what, and what comes back but for the reference. */
function answerOf(observation: Observation): string {
  const { outcome, json, response } = observation;
  return outcome === 'accepted'
    ? `${response?.status ?? 0} ${echoOf(observation)}`
    : `${response?.status ?? 0} ${JSON.stringify(memberAt(json.value, 'error_code') ?? null)}`;
}

export const equalRequests: Procedure = {
  rounds: { smoke: 4, standard: PAIRS.length, deep: PAIRS.length * 4 },
  cost: 2,
  rank: 2,
  pace: 1,
  async run(steps) {
    const [spelling, field, template] = PAIRS[steps.round % PAIRS.length] ?? ['field-order', 'last_name', 'Silva'];
    const base = await steps.base();
    const draft = (): ReturnType<typeof steps.controls.draft> => {
      const reference = steps.reference();
      const value = template.replaceAll('{id}', reference);
      const safe = steps.controls.draft(base, reference);
      return withField(safe, field, value);
    };
    const first = draft();
    const plain = await steps.send(first, `${field}, plainly written`, { create: true, family: 'values' });
    const second = draft();
    const spelled = await steps.send({ ...second, body: spell(spelling, second.fields), readingOpen: true }, `the same in the spelling ${spelling}`, {
      create: true,
      family: 'values',
    });
    if (plain.outcome === 'broken' || spelled.outcome === 'broken') return blocked('a request got no usable answer');
    if (answerOf(plain) === answerOf(spelled)) return HOLDS;
    return {
      outcome: 'broken',
      observation: spelled,
      expected: `the answer of the plain spelling: ${answerOf(plain)}`,
      got: answerOf(spelled),
      reason: `the same request in the spelling ${spelling} is answered otherwise`,
    };
  },
};
