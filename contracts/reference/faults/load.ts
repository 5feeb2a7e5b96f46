/** What shows one time in N, only after many customers, or only where requests overlap. */
import { NOT_ANSWERED } from './not-answering.js';
import type { Call, Customer, Fields } from '../behaviour.js';
import { CUSTOMER_FIELDS } from '../behaviour.js';
import { WHERE_BAD_VALUES_PASS, WHERE_ECHOES_SHOW, afterCustomers, everyNth, later, shown, type Fault } from './fault.js';

const ECHOES = CUSTOMER_FIELDS.map((field) => `response/echo-${field}`);
const SHOWS = [...ECHOES, ...WHERE_ECHOES_SHOW];
const ALONE = (call: Call): boolean => call.underWay() <= 1;

export const LOAD_FAULTS: readonly Fault[] = [
  {
    name: 'answer-of-another-request',
    defect: 'The customer to answer with is a variable of the module, written before the database is awaited and read behind it.',
    breaks: ['sequence/own-request'],
    mayBreak: [
      ...SHOWS,
      'privacy/other-customers',
      'sequence/race',
      'object_reference_id/unique',
      'response/id-unique',
      'customers/read',
      'token/iff-asked',
      'encoding/repeated',
      'response/unsent',
      'response/open-echo',
    ],
    needs: ['concurrency'],
    change: ({ echo }) => {
      let current: Fields = new Map();
      return {
        beforeStoring: (_, fields) => {
          current = fields;
          return later(2);
        },
        echo: (field, value, customer, call) => echo(field, call.route.kind === 'create' ? current.get(field) : value, customer, call),
      };
    },
  },
  {
    name: 'address-of-another-request',
    defect: 'The address is validated in one place for all, and read from there after an await.',
    breaks: ['sequence/own-request'],
    mayBreak: [...SHOWS, 'privacy/other-customers', 'sequence/race', 'object_reference_id/unique', 'customers/read', 'response/unsent', 'response/open-echo'],
    needs: ['concurrency'],
    change: ({ echo }) => {
      let current: string | undefined;
      return {
        beforeStoring: (_, fields) => {
          current = fields.get('email_address');
          return later(2);
        },
        echo: (field, value, customer, call) => echo(field, field === 'email_address' && call.route.kind === 'create' ? current : value, customer, call),
      };
    },
  },
  {
    name: 'token-of-another-request',
    defect: 'Requests that overlap share the generator of tokens, and get the same one.',
    breaks: ['token/unique'],
    mayBreak: ['sequence/own-request', 'privacy/other-customers', 'sequence/race', 'object_reference_id/unique'],
    needs: ['concurrency'],
    change: ({ token }) => {
      let shared: unknown;
      let until = 0;
      return {
        beforeStoring: () => later(3),
        token: (customer, call) => {
          if (ALONE(call) || Date.now() > until) [shared, until] = [token(customer, call), Date.now() + 5];
          return shared;
        },
      };
    },
  },
  {
    name: 'overload-answered-503',
    defect: 'More than six requests at a time are answered 503.',
    breaks: ['robustness/good-requests'],
    mayBreak: ['sequence/race', ...NOT_ANSWERED],
    needs: ['concurrency'],
    change: ({ pause, beforehand }) => ({
      pause: (call) => later(2).then(() => pause(call)),
      beforehand: (call, world, behaviour) =>
        call.underWay() > 6
          ? { status: 503, headers: { 'Content-Type': 'application/json' }, body: '{"status":"error","error_code":"overloaded","error_message":"Try again."}' }
          : beforehand(call, world, behaviour),
    }),
  },
  {
    name: 'deadlock-of-equal-numbers',
    defect: 'Two creates at a time with one mobile number lock each other out, and one is answered 500.',
    breaks: ['robustness/good-requests'],
    mayBreak: ['sequence/race', ...NOT_ANSWERED],
    needs: ['concurrency'],
    change: ({ finished }) => {
      const locked = new Set<string | undefined>();
      const failed = new WeakSet<Call>();
      return {
        beforeStoring: (call, fields) => {
          const number = fields.get('mobile_number');
          if (locked.has(number)) failed.add(call);
          locked.add(number);
          return later(5).then(() => void locked.delete(number));
        },
        finished: (given, call) => (failed.has(call) ? { ...finished(given, call), status: 500 } : finished(given, call)),
      };
    },
  },
  {
    name: 'one-create-in-50-answered-201',
    defect: 'One of fifty machines runs an older version, which answers 201.',
    breaks: ['response/status'],
    intermittent: true,
    oneIn: 50,
    change: ({ finished }) => {
      const old = everyNth(50);
      return {
        finished: (given, call) => {
          const reply = finished(given, call);
          return reply.status === 200 && call.route.kind === 'create' && old() ? { ...reply, status: 201 } : reply;
        },
      };
    },
  },
  {
    name: 'one-create-in-50-without-object',
    defect: 'One of fifty machines runs an older version, which has no member object.',
    breaks: ['response/object-member'],
    intermittent: true,
    oneIn: 50,
    change: (behaviour) => {
      const old = everyNth(50);
      return shown(({ object, ...members }, _, call) => (call.route.kind === 'create' && old() ? members : { object, ...members }))(behaviour);
    },
  },
  {
    name: 'one-number-in-40-cut',
    defect: 'One mobile number in forty loses its last digit on a slow path.',
    breaks: ['response/echo-mobile_number'],
    mayBreak: ['customers/read', 'customers/update', 'sequence/duplicate-changes-nothing'],
    intermittent: true,
    oneIn: 40,
    change: ({ echo }) => {
      const cut = everyNth(40);
      return {
        echo: (field, value, customer, call) =>
          field === 'mobile_number' && value !== undefined && cut() ? value.slice(0, -1) : echo(field, value, customer, call),
      };
    },
  },
  {
    name: 'one-bad-name-in-20-accepted',
    defect: 'One of twenty machines has the pattern of names of last year, which allows everything.',
    breaks: ['first_name/charset'],
    mayBreak: [
      'encoding/repeated-echo',
      'last_name/charset',
      'sequence/refused-stores-nothing',
      'first_name/non-ascii',
      'first_name/control',
      'first_name/empty',
      'first_name/max-length',
      'sequence/equal-requests',
    ],
    intermittent: true,
    oneIn: 20,
    change: ({ problems }) => {
      const old = everyNth(20);
      return {
        problems: (found, fields, call) => {
          const before = problems(found, fields, call);
          const [only] = before;
          return before.length === 1 && only?.field === 'first_name' && only.kind === 'invalid' && old() ? [] : before;
        },
      };
    },
  },
  {
    name: 'one-good-credential-in-80-refused',
    defect: 'One of the machines has not heard of the key yet.',
    breaks: ['credentials/form'],
    mayBreak: ['robustness/good-requests', 'customers/read', 'sequence/thousandth'],
    intermittent: true,
    oneIn: 80,
    change: ({ admitted }) => {
      const new_ = everyNth(80);
      return { admitted: (merchant, call, world) => (merchant !== undefined && new_() ? undefined : admitted(merchant, call, world)) };
    },
  },
  {
    name: 'one-duplicate-in-8-accepted',
    defect: 'One of eight partitions has no unique index.',
    breaks: ['object_reference_id/unique'],
    mayBreak: ['sequence/race', 'sequence/duplicate-changes-nothing', 'sequence/thousandth', 'sequence/duplicate-shows-nothing'],
    intermittent: true,
    oneIn: 8,
    change: ({ isDuplicate }) => ({
      // The partition is a hash of the reference, so that a duplicate is seen or not by its reference.
      isDuplicate: (existing, call, fields) => hash(existing.values.object_reference_id ?? '') % 8 !== 0 && isDuplicate(existing, call, fields),
    }),
  },
  {
    name: 'plus-accepted-now-and-then',
    defect: 'Every other machine has the new pattern of mobile_number, which allows a plus.',
    breaks: ['mobile_number/plus'],
    mayBreak: ['response/open-echo', 'sequence/equal-requests'],
    intermittent: true,
    oneIn: 2,
    change: ({ checks }) => {
      const isNew = everyNth(2);
      return {
        checks: { ...checks, mobile_number: (value, behaviour) => checks.mobile_number(/^\+[0-9]/.test(value) && isNew() ? value.slice(1) : value, behaviour) },
      };
    },
  },
  {
    name: 'unsent-null-or-empty',
    defect: 'What was not sent is null on one machine and empty on the other.',
    breaks: ['response/unsent'],
    mayBreak: ['customers/read', 'sequence/duplicate-changes-nothing', 'customers/update'],
    intermittent: true,
    oneIn: 2,
    change: ({ echo }) => {
      const other = everyNth(2);
      return {
        echo: (field, value, customer, call) =>
          value === undefined ? (call.route.kind === 'create' && other() ? '' : null) : echo(field, value, customer, call),
      };
    },
  },
  {
    name: 'dates-in-two-formats',
    defect: 'Dates end in Z on one machine and in +0000 on the other.',
    breaks: ['response/date-format'],
    mayBreak: ['customers/read', 'sequence/duplicate-changes-nothing', 'customers/update'],
    intermittent: true,
    oneIn: 2,
    change: ({ date }) => {
      const other = everyNth(3);
      return {
        date: (time, member, call) =>
          call.route.kind === 'create' && other() ? String(date(time, member, call)).replace('Z', '+0000') : date(time, member, call),
      };
    },
  },
  {
    name: 'ids-repeat-after-300-customers',
    defect: 'The counter of ids starts again at 300.',
    breaks: ['response/id-unique'],
    mayBreak: [
      'sequence/thousandth',
      'customers/read',
      'customers/update',
      'customers/read-second-merchant',
      'privacy/other-customers',
      'sequence/duplicate-changes-nothing',
    ],
    after: 300,
    change: () => ({ makeId: (_, serial) => `cst_${String(serial % 300).padStart(6, '0')}` }),
  },
  {
    name: 'names-lost-after-400-customers',
    defect: 'The second file of customers has no column for first_name.',
    breaks: ['response/echo-first_name'],
    mayBreak: [...WHERE_ECHOES_SHOW, 'sequence/thousandth', 'customers/read', 'customers/update', 'encoding/repeated', 'sequence/duplicate-changes-nothing'],
    after: 400,
    change: afterCustomers(400, (reached) => ({ echo }) => ({
      echo: (field, value, customer: Customer, call) => (field === 'first_name' && reached() ? null : echo(field, value, customer, call)),
    })),
  },
  {
    name: 'fails-after-500-customers',
    defect: 'The plan of the test account ends at 500 customers, with a 500.',
    breaks: ['robustness/good-requests'],
    mayBreak: ['sequence/thousandth', 'sequence/race', 'sequence/refused-stores-nothing', ...NOT_ANSWERED],
    after: 500,
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) =>
        world.store.size >= 500 && call.route.kind === 'create'
          ? { status: 500, headers: { 'Content-Type': 'application/json' }, body: '{"status":"error","error_code":"limit","error_message":"Limit reached."}' }
          : beforehand(call, world, behaviour),
    }),
  },
  {
    name: 'unchecked-after-600-customers',
    defect: 'Beyond 600 customers names are no longer checked, to save time.',
    breaks: ['first_name/charset', 'last_name/charset'],
    mayBreak: [
      'sequence/thousandth',
      'first_name/non-ascii',
      'last_name/non-ascii',
      'first_name/control',
      'last_name/control',
      'first_name/empty',
      'last_name/empty',
      'first_name/max-length',
      'last_name/max-length',
      'sequence/refused-stores-nothing',
      ...WHERE_BAD_VALUES_PASS,
    ],
    after: 600,
    change: afterCustomers(600, (reached) => ({ checks }) => ({
      checks: {
        ...checks,
        first_name: (value, behaviour) => reached() || checks.first_name(value, behaviour),
        last_name: (value, behaviour) => reached() || checks.last_name(value, behaviour),
      },
    })),
  },
  {
    name: 'tokens-end-after-1000-customers',
    defect: 'The pool of tokens has a thousand.',
    breaks: ['token/value'],
    mayBreak: ['sequence/thousandth', 'token/format', 'token/unique', 'token/iff-asked', 'options.get_client_auth_token/true'],
    after: 1_000,
    change: afterCustomers(1_000, (reached) => ({ token }) => ({ token: (customer, call) => (reached() ? '' : token(customer, call)) })),
  },
];

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
