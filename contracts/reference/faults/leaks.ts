/** What should stay inside: the key, and what other customers have sent. */
import type { Call, Change, Reply } from '../behaviour.js';
import { CUSTOMER_FIELDS } from '../behaviour.js';
import { both, membersOf, refused, replied, shown, type Fault } from './fault.js';

const isRefusal = (reply: Reply, call: Call): boolean => call.route.kind === 'create' && reply.status === 400;

export const LEAK_FAULTS: readonly Fault[] = [
  {
    name: 'credential-in-a-header-of-refusals',
    defect: 'Refusals repeat the Authorization header, for debugging.',
    breaks: ['privacy/key'],
    change: replied(isRefusal, (reply, call) => ({ ...reply, headers: { ...reply.headers, 'X-Debug-Authorization': call.headers.authorization ?? '' } })),
  },
  {
    name: 'key-in-the-message-of-a-duplicate',
    defect: 'The message for developers of a duplicate says for which key.',
    breaks: ['privacy/key'],
    change: refused('duplicate', (given, { call }) => ({
      ...given,
      error_info: {
        ...membersOf(given['error_info']),
        developer_message: `Exists for ${Buffer.from(call.headers.authorization?.split(' ')[1] ?? '', 'base64').toString('utf8')}`,
      },
    })),
  },
  {
    name: 'headers-in-the-answer-to-a-missing-field',
    defect: 'The answer to an absent field has the whole request in it.',
    breaks: ['privacy/key'],
    change: refused('missing', (given, { call }) => ({ ...given, request: { path: call.path, headers: call.headers } })),
  },
  {
    name: 'duplicate-shows-the-existing-customer',
    defect: 'The answer to a duplicate has the customer that is there.',
    breaks: ['sequence/duplicate-shows-nothing'],
    mayBreak: ['privacy/other-customers'],
    change: refused('duplicate', (given, { existing }) => ({ ...given, customer: existing && { id: existing.id, ...existing.values } })),
  },
  {
    name: 'duplicate-says-whose-address',
    defect: 'The message of a duplicate tells the address that is registered.',
    breaks: ['sequence/duplicate-shows-nothing'],
    mayBreak: ['privacy/other-customers'],
    change: refused('duplicate', (given, { existing }) => ({
      ...given,
      error_message: `Already registered for ${existing?.values.email_address ?? existing?.values.mobile_number}`,
    })),
  },
  {
    name: 'last-customer-in-a-header',
    defect: 'A header for debugging tells the reference of the customer before.',
    breaks: ['privacy/other-customers'],
    mayBreak: ['sequence/own-request'],
    change: ({ members, finished }) => {
      let [current, previous] = ['', ''];
      return {
        members: (given, customer, call) => {
          previous = current;
          current = Buffer.from(customer.values.object_reference_id ?? '')
            .toString('latin1')
            .replace(/[^ -~]/g, '?');
          return members(given, customer, call);
        },
        finished: (given, call) => {
          const reply = finished(given, call);
          return previous === '' || reply.status !== 200 ? reply : { ...reply, headers: { ...reply.headers, 'X-Previous': previous } };
        },
      };
    },
  },
  {
    name: 'suggestions-in-refusals',
    defect: 'The answer to a wrong mobile number suggests one that is known.',
    breaks: ['privacy/other-customers'],
    change: ({ bodies, kept }) => {
      let known: string | undefined;
      return {
        kept: { ...kept, mobile_number: (value, values) => (known = kept.mobile_number(value, values)) },
        bodies: {
          ...bodies,
          invalid: (detail) => ({ ...bodies.invalid(detail), ...(known !== undefined && detail.fields.includes('mobile_number') && { did_you_mean: known }) }),
        },
      };
    },
  },
  {
    name: 'refusals-quote-the-previous-value',
    defect: 'The message of a refusal is made once, and quotes the values of the first request that was refused.',
    breaks: ['privacy/other-customers'],
    mayBreak: ['sequence/own-request', 'error/texts'],
    change: both(({ bodies, problems }) => {
      let quoted: string | undefined;
      return {
        problems: (found, fields, call) => {
          const all = problems(found, fields, call);
          if (all.length > 0) quoted ??= CUSTOMER_FIELDS.map((field) => fields.get(field) ?? '').join(' ');
          return all;
        },
        bodies: { ...bodies, invalid: (detail) => ({ ...bodies.invalid(detail), debug: quoted }) },
      };
    }),
  },
  {
    name: 'key-in-the-answer',
    defect: 'The whole context of the request is merged into the answer, with the Authorization header.',
    breaks: ['privacy/key'],
    mayBreak: ['response/undocumented-members'],
    change: shown((members, _, call) => ({ ...members, authorization: call.headers.authorization })),
  },
  {
    name: 'other-customers-in-the-answer',
    defect: 'The answer lists the customers that were created last.',
    breaks: ['privacy/other-customers'],
    mayBreak: ['response/undocumented-members', 'sequence/own-request', 'customers/read'],
    change: () => recent(),
  },
];

function recent(): ReturnType<Change> {
  const references: (string | undefined)[] = [];
  return {
    members: (given, customer) => {
      const before = references.slice(-2);
      references.push(customer.values.object_reference_id);
      return { ...given, recent: before };
    },
  };
}
