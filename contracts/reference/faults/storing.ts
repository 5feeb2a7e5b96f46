/** Duplicates and what is stored: accepted, overwritten, mixed up, racing, kept of what was refused. */
import type { Change, Customer, Fields, World } from '../behaviour.js';
import { keptValues } from '../validation.js';
import { REFERENCE } from '../reference.js';
import { later, type Fault } from './fault.js';

const keyed =
  (written: (reference: string, fields: Fields) => string): Change =>
  () => ({ referenceKey: written });
/** Every later create of the one reference is accepted as well. */
const TWICE = [
  'sequence/race',
  'sequence/thousandth',
  'sequence/duplicate-changes-nothing',
  'sequence/duplicate-shows-nothing',
  'encoding/needless-escape',
  'sequence/equal-requests',
];

/** Sends every second one of a pair of customers into the other. */
const COLLIDE = ['object_reference_id/length', 'object_reference_id/forms', 'sequence/refused-stores-nothing'];

const onRefused =
  (stores: (kinds: readonly string[], fields: Fields) => boolean): Change =>
  () => ({
    onRefused: (problems, fields, merchant, { store }) => {
      const reference = fields.get('object_reference_id');
      if (
        reference === undefined ||
        !stores(
          problems.map(({ field }) => field),
          fields,
        )
      )
        return;
      const now = Date.now();
      if (store.byReference(merchant.merchantId, reference) !== undefined) return;
      const customer: Customer = {
        id: REFERENCE.makeId({}, 0),
        scope: merchant.merchantId,
        values: { object_reference_id: reference },
        createdAt: now,
        updatedAt: now,
      };
      store.add(customer, reference);
    },
  });
const onDuplicate =
  (written: (existing: Customer, fields: Fields, world: World) => void): Change =>
  () => ({ onDuplicate: written });

export const STORING_FAULTS: readonly Fault[] = [
  {
    name: 'duplicates-accepted',
    defect: 'The unique index on object_reference_id was never made.',
    breaks: ['object_reference_id/unique', 'sequence/race'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: () => false }),
  },
  {
    name: 'duplicates-answered-with-the-existing',
    defect: 'A create of a reference that is there is answered 200 with the customer that is there.',
    breaks: ['object_reference_id/unique', 'sequence/race'],
    mayBreak: [
      ...TWICE,
      'response/id-unique',
      'response/echo-mobile_number',
      'response/echo-email_address',
      'response/echo-first_name',
      'response/echo-last_name',
      'response/echo-mobile_country_code',
      'privacy/other-customers',
      'sequence/own-request',
    ],
    change: ({ members, isDuplicate }) => {
      let first: Customer | undefined;
      return {
        isDuplicate: (existing, call, fields) => {
          first = existing;
          return call.route.kind !== 'create' && isDuplicate(existing, call, fields);
        },
        members: (given, customer, call) => {
          const existing = first;
          first = undefined;
          return existing === undefined ? members(given, customer, call) : { ...members(given, customer, call), id: existing.id, ...existing.values };
        },
      };
    },
  },
  {
    name: 'duplicates-overwrite',
    defect: 'A create is an insert or an update, whatever the reference.',
    breaks: ['object_reference_id/unique', 'sequence/race'],
    mayBreak: [...TWICE, 'response/id-unique', 'customers/read'],
    change: ({ makeId }) => {
      let existing: Customer | undefined;
      return {
        isDuplicate: (found) => {
          existing = found;
          return false;
        },
        makeId: (values, serial) => {
          const id = existing?.values.object_reference_id === values.object_reference_id ? existing?.id : undefined;
          existing = undefined;
          return id ?? makeId(values, serial);
        },
      };
    },
  },
  {
    name: 'duplicates-of-other-mobile-numbers-accepted',
    defect: 'The unique index is on object_reference_id and mobile_number together.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: keyed((reference, fields) => `${reference} ${fields.get('mobile_number')}`),
  },
  {
    name: 'duplicates-with-capitals-accepted',
    defect: 'The index is in small letters, and is looked up with the reference as sent.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: (existing) => !/[A-Z]/.test(existing.values.object_reference_id ?? '') }),
  },
  {
    name: 'duplicates-of-addresses-accepted',
    defect: 'A reference with an @ is escaped when it is stored, and not when it is looked up.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: (existing) => !(existing.values.object_reference_id ?? '').includes('@') }),
  },
  {
    name: 'duplicates-seen-after-a-moment',
    defect: 'The index of references is refreshed three times a second.',
    breaks: ['object_reference_id/unique', 'sequence/race'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: (existing) => Date.now() - existing.createdAt > 333 }),
  },
  {
    name: 'duplicates-forgotten-after-a-second',
    defect: 'References are kept in a cache for one second.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: (existing) => Date.now() - existing.createdAt < 1_000 }),
  },
  {
    name: 'duplicates-without-last-name-accepted',
    defect: 'The unique index leaves out customers without a last name.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: () => ({ isDuplicate: (existing) => existing.values.last_name !== undefined }),
  },
  {
    name: 'duplicates-in-another-spelling-accepted',
    defect: 'References are indexed as they stand in the body, before they are decoded.',
    breaks: ['object_reference_id/unique'],
    mayBreak: TWICE,
    change: ({ members }) => {
      const written = new WeakMap<Customer, string>();
      const inBody = (body: Buffer): string => /object_reference_id=([^&]*)/.exec(body.toString('latin1'))?.[1] ?? '';
      return {
        members: (given, customer, call) => {
          if (call.route.kind === 'create') written.set(customer, inBody(call.body));
          return members(given, customer, call);
        },
        isDuplicate: (existing, call) => written.get(existing) === inBody(call.body),
      };
    },
  },
  {
    name: 'duplicates-forgotten-after-20-customers',
    defect: 'The last 20 references are kept in memory, and duplicates of older ones are not seen.',
    breaks: ['sequence/thousandth'],
    mayBreak: [...TWICE, 'object_reference_id/unique'],
    after: 20,
    change: ({ makeId }) => {
      const recent: (string | undefined)[] = [];
      return {
        makeId: (values, serial) => {
          recent.push(values.object_reference_id);
          if (recent.length > 20) recent.shift();
          return makeId(values, serial);
        },
        isDuplicate: (existing) => recent.includes(existing.values.object_reference_id),
      };
    },
  },
  {
    name: 'duplicates-forgotten-after-300-customers',
    defect: 'The last 300 references are kept in memory, and duplicates of older ones are not seen.',
    breaks: ['sequence/thousandth'],
    mayBreak: [...TWICE, 'object_reference_id/unique'],
    after: 300,
    change: ({ makeId }) => {
      const recent: (string | undefined)[] = [];
      return {
        makeId: (values, serial) => {
          recent.push(values.object_reference_id);
          if (recent.length > 300) recent.shift();
          return makeId(values, serial);
        },
        isDuplicate: (existing) => recent.includes(existing.values.object_reference_id),
      };
    },
  },
  {
    name: 'references-alike-to-39-characters',
    defect: 'The index of references is on their first 39 characters.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => reference.slice(0, 39)),
  },
  {
    name: 'references-alike-to-30-characters',
    defect: 'The index of references is on their first 30 characters.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => reference.slice(0, 30)),
  },
  {
    name: 'references-alike-before-the-at',
    defect: 'Of a reference that is an address the part before the @ is compared.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => reference.replace(/(?<=.)@.*$/s, '')),
  },
  {
    name: 'references-of-digits-compared-as-numbers',
    defect: 'References of digits are compared as numbers, with 53 bits and without leading zeros.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => (/^[0-9]+$/.test(reference) ? String(Number(reference)) : reference)),
  },
  {
    name: 'references-alike-but-for-underscores',
    defect: 'An underscore is a wildcard where references are compared.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => reference.replace(/[_.-]/g, '_')),
  },
  {
    name: 'references-taken-for-patterns',
    defect: 'References are looked up by LIKE, and an underscore in the new one stands for any character.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: () => {
      const known: string[] = [];
      const matches = (pattern: string, text: string): boolean =>
        pattern.length === text.length && [...pattern].every((each, at) => each === '_' || each === text[at]);
      return {
        referenceKey: (reference) => {
          const found = known.find((each) => matches(reference, each));
          if (found === undefined) known.push(reference);
          return found ?? reference;
        },
      };
    },
  },
  {
    name: 'references-alike-but-for-a-tag',
    defect: 'A tag behind + is taken out of references that are addresses.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => reference.replace(/\+[^@]*@/, '@')),
  },
  {
    name: 'references-of-the-same-characters-alike',
    defect: 'The hash of references adds up their characters.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => [...reference].sort().join('')),
  },
  {
    name: 'references-alike-without-final-digit',
    defect: 'A final digit of a long reference is taken for a check digit.',
    breaks: ['sequence/distinct-references'],
    mayBreak: COLLIDE,
    change: keyed((reference) => (reference.length >= 24 ? reference.replace(/[0-9]$/, '') : reference)),
  },
  {
    name: 'references-unique-across-merchants',
    defect: 'The unique index leaves out the merchant.',
    breaks: ['object_reference_id/unique-per-merchant'],
    needs: ['second-merchant'],
    mayBreak: ['customers/read-second-merchant'],
    change: () => ({ scope: () => 'all' }),
  },
  {
    name: 'race-between-look-and-store',
    defect: 'Between the look for a duplicate and the storing another service is asked, without a lock.',
    breaks: ['sequence/race'],
    mayBreak: ['sequence/own-request', 'object_reference_id/unique'],
    needs: ['concurrency'],
    change: () => ({ beforeStoring: () => later(5) }),
  },
  {
    name: 'race-within-a-tick',
    defect: 'Between the look for a duplicate and the storing the database is awaited, without a lock.',
    breaks: ['sequence/race'],
    mayBreak: ['sequence/own-request', 'object_reference_id/unique'],
    needs: ['concurrency'],
    change: () => ({ beforeStoring: () => later(1) }),
  },
  {
    name: 'race-lost-with-500',
    defect: 'Of simultaneous creates of one reference the second violates the index, which nobody catches.',
    breaks: ['robustness/good-requests'],
    mayBreak: ['sequence/race'],
    needs: ['concurrency'],
    change: ({ finished }) => {
      const underWay = new Map<string, number>();
      const failed = new WeakSet();
      return {
        beforeStoring: (call, fields) => {
          const reference = fields.get('object_reference_id') ?? '';
          underWay.set(reference, (underWay.get(reference) ?? 0) + 1);
          if (underWay.get(reference) !== 1) failed.add(call);
          return later(5).then(() => void underWay.delete(reference));
        },
        finished: (given, call) => (failed.has(call) ? { ...finished(given, call), status: 500, body: '{"status":"error"}' } : finished(given, call)),
      };
    },
  },
  {
    name: 'refused-name-stores',
    defect: 'The row is inserted before the names are checked.',
    breaks: ['sequence/refused-stores-nothing'],
    change: onRefused((fields) => fields.includes('first_name') || fields.includes('last_name')),
  },
  {
    name: 'refused-address-stores',
    defect: 'The row is inserted before the address is checked.',
    breaks: ['sequence/refused-stores-nothing'],
    change: onRefused((fields) => fields.includes('email_address')),
  },
  {
    name: 'refused-for-missing-number-stores',
    defect: 'The reference is reserved before the mobile number is looked for.',
    breaks: ['sequence/refused-stores-nothing'],
    change: onRefused((fields) => fields.includes('mobile_number')),
  },
  {
    name: 'refused-option-stores',
    defect: 'The option is read behind the insert.',
    breaks: ['sequence/refused-stores-nothing'],
    change: onRefused((fields) => fields.includes('options.get_client_auth_token')),
  },
  {
    name: 'refused-stores',
    defect: 'The reference is reserved before anything is checked.',
    breaks: ['sequence/refused-stores-nothing'],
    change: onRefused((fields) => !fields.includes('object_reference_id')),
  },
  {
    name: 'duplicate-touches-last-updated',
    defect: 'A refused duplicate sets last_updated.',
    breaks: ['sequence/duplicate-changes-nothing'],
    needs: ['get'],
    mayBreak: ['customers/read'],
    change: onDuplicate((existing) => void (existing.updatedAt = Math.max(Date.now(), existing.updatedAt + 1_000))),
  },
  {
    name: 'duplicate-changes-the-number',
    defect: 'A refused duplicate has already written its mobile number.',
    breaks: ['sequence/duplicate-changes-nothing'],
    needs: ['get'],
    mayBreak: ['privacy/other-customers'],
    change: onDuplicate((existing, fields) => void (existing.values = { ...existing.values, ...oneOf(keptValues(fields, REFERENCE), 'mobile_number') })),
  },
  {
    name: 'duplicate-changes-everything',
    defect: 'A duplicate is refused after the update of the one that is there.',
    breaks: ['sequence/duplicate-changes-nothing'],
    needs: ['get'],
    mayBreak: ['privacy/other-customers'],
    change: onDuplicate((existing, fields) => void (existing.values = keptValues(fields, REFERENCE))),
  },
  {
    name: 'duplicate-clears-what-it-does-not-send',
    defect: 'A refused duplicate clears the optional fields that it does not have.',
    breaks: ['sequence/duplicate-changes-nothing'],
    needs: ['get'],
    mayBreak: ['privacy/other-customers'],
    change: onDuplicate((existing, fields) => {
      const { object_reference_id, mobile_number, ...optional } = existing.values;
      const left = Object.fromEntries(Object.entries(optional).filter(([field]) => fields.has(field)));
      existing.values = { ...(object_reference_id !== undefined && { object_reference_id }), ...(mobile_number !== undefined && { mobile_number }), ...left };
    }),
  },
];

function oneOf(values: Customer['values'], field: 'mobile_number'): Customer['values'] {
  const value = values[field];
  return value === undefined ? {} : { [field]: value };
}
