/** Ids, the kind of object, and dates. */
import type { Behaviour, Change } from '../behaviour.js';
import { utcSeconds } from '../reference.js';
import { shown, type Fault } from './fault.js';

/** A reader of an id that is not there finds nothing. */
const NO_ID = ['response/id-prefix', 'response/id-unique', 'customers/read', 'customers/read-second-merchant', 'customers/update'];
const dates =
  (written: (time: number, member: Parameters<Behaviour['date']>[1], date: (time: number) => unknown) => unknown): Change =>
  ({ date }) => ({ date: (time, member, call) => written(time, member, (other) => date(other, member, call)) });
/** A date that cannot be read is compared with nothing. */
const NO_DATE = ['response/dates-order', 'response/dates-utc', 'response/dates-now', 'token/expiry', 'token/lifetime'];

export const IDENTITY_FAULTS: readonly Fault[] = [
  {
    name: 'id-a-number',
    defect: 'The id is the number of the row.',
    breaks: ['response/id'],
    mayBreak: NO_ID,
    change: (behaviour) => ({ makeId: (_, serial) => String(serial), ...shown((members) => ({ ...members, id: Number(members['id']) }))(behaviour) }),
  },
  {
    name: 'id-called-customer-id',
    defect: 'The member id is called customer_id, as an older edition has it once.',
    breaks: ['response/id'],
    mayBreak: NO_ID,
    change: shown(({ id, ...members }) => ({ customer_id: id, ...members })),
  },
  {
    name: 'id-null-with-token',
    defect: 'The answer that has the token is made before the id is known.',
    breaks: ['response/id'],
    mayBreak: NO_ID,
    change: shown((members) => (members['juspay'] === undefined ? members : { ...members, id: null })),
  },
  {
    name: 'id-empty-without-address',
    defect: 'The id is made of the address, and is empty where there is none.',
    breaks: ['response/id'],
    mayBreak: NO_ID,
    change: shown((members) => (members['email_address'] === null ? { ...members, id: '' } : members)),
  },
  {
    name: 'id-with-another-prefix',
    defect: 'Ids begin with cus_.',
    breaks: ['response/id-prefix'],
    change: ({ makeId }) => ({ makeId: (values, serial) => makeId(values, serial).replace(/^cst_/, 'cus_') }),
  },
  {
    name: 'id-without-prefix',
    defect: 'Ids are bare.',
    breaks: ['response/id-prefix'],
    change: ({ makeId }) => ({ makeId: (values, serial) => makeId(values, serial).slice(4) }),
  },
  {
    name: 'id-by-mobile-number',
    defect: 'The id is a hash of the mobile number.',
    breaks: ['response/id-unique'],
    mayBreak: ['customers/read', 'customers/update', 'privacy/other-customers', 'customers/read-second-merchant', 'sequence/duplicate-changes-nothing'],
    change: () => ({ makeId: (values) => `cst_${Buffer.from(values.mobile_number ?? '').toString('hex')}` }),
  },
  {
    name: 'id-by-the-clock',
    defect: 'The id is the time in milliseconds.',
    breaks: ['response/id-unique'],
    mayBreak: ['customers/read', 'customers/update', 'customers/read-second-merchant', 'privacy/other-customers', 'sequence/duplicate-changes-nothing'],
    needs: ['concurrency'],
    change: () => ({ makeId: () => `cst_${Date.now().toString(36)}` }),
  },
  {
    name: 'id-of-three-digits',
    defect: 'The random part of the id has three digits.',
    breaks: ['response/id-unique'],
    mayBreak: ['customers/read', 'customers/update', 'privacy/other-customers', 'customers/read-second-merchant', 'sequence/duplicate-changes-nothing'],
    change: () => ({ makeId: () => `cst_${Math.floor(Math.random() * 1_000)}` }),
  },
  {
    name: 'object-in-capitals',
    defect: 'The member object is the name of the class.',
    breaks: ['response/object-member'],
    change: shown((members) => ({ ...members, object: 'Customer' })),
  },
  {
    name: 'object-left-out',
    defect: 'The member object is not given.',
    breaks: ['response/object-member'],
    change: shown(({ object: _, ...members }) => members),
  },
  {
    name: 'object-with-token-another',
    defect: 'An answer with a token says that it is a session.',
    breaks: ['response/object-member'],
    mayBreak: ['customers/read'],
    change: shown((members) => (members['juspay'] === undefined ? members : { ...members, object: 'session' })),
  },
  {
    name: 'created-without-offset',
    defect: 'date_created has no offset.',
    breaks: ['response/date_created'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'date_created' ? utcSeconds(time).slice(0, -1) : date(time))),
  },
  {
    name: 'created-in-milliseconds',
    defect: 'date_created is a number of milliseconds.',
    breaks: ['response/date_created'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'date_created' ? time : date(time))),
  },
  {
    name: 'created-a-day',
    defect: 'date_created is a day without a time.',
    breaks: ['response/date_created'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'date_created' ? utcSeconds(time).slice(0, 10) : date(time))),
  },
  {
    name: 'created-as-in-headers',
    defect: 'date_created is written as in HTTP headers.',
    breaks: ['response/date_created'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'date_created' ? new Date(time).toUTCString() : date(time))),
  },
  {
    name: 'updated-null',
    defect: 'last_updated is null until there is an update.',
    breaks: ['response/last_updated'],
    mayBreak: [...NO_DATE, 'customers/update'],
    change: ({ members }) => ({
      members: (given, customer, call) => ({ ...members(given, customer, call), ...(customer.updatedAt === customer.createdAt && { last_updated: null }) }),
    }),
  },
  {
    name: 'updated-without-offset',
    defect: 'last_updated has no offset.',
    breaks: ['response/last_updated'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'last_updated' ? utcSeconds(time).slice(0, -1) : date(time))),
  },
  {
    name: 'updated-zone-in-letters',
    defect: 'last_updated names its zone in letters.',
    breaks: ['response/last_updated'],
    mayBreak: NO_DATE,
    change: dates((time, member, date) => (member === 'last_updated' ? utcSeconds(time).replace('Z', ' UTC') : date(time))),
  },
  {
    name: 'updated-before-created',
    defect: 'last_updated is taken when the request comes in, a second before the customer is stored.',
    breaks: ['response/dates-order'],
    change: dates((time, member, date) => date(member === 'last_updated' ? time - 1_000 : time)),
  },
  {
    name: 'updated-at-the-epoch',
    defect: 'last_updated is 1970 until there is an update.',
    breaks: ['response/dates-order'],
    mayBreak: ['response/dates-now', 'customers/update'],
    change: ({ members, date }) => ({
      members: (given, customer, call) => ({
        ...members(given, customer, call),
        ...(customer.updatedAt === customer.createdAt && { last_updated: date(0, 'last_updated', call) }),
      }),
    }),
  },
  {
    name: 'dates-in-local-time',
    defect: 'Dates are in the time of India, with their offset.',
    breaks: ['response/dates-utc'],
    change: dates((time) => utcSeconds(time + 330 * 60_000).replace('Z', '+05:30')),
  },
  {
    name: 'dates-in-local-time-called-utc',
    defect: 'Dates are in the time of India, and marked Z.',
    breaks: ['response/dates-now'],
    change: dates((time, _, date) => date(time + 330 * 60_000)),
  },
  {
    name: 'dates-a-month-back',
    defect: 'Months are counted from 0.',
    breaks: ['response/dates-now'],
    change: dates((time, _, date) => date(time - 30 * 86_400_000)),
  },
  {
    name: 'dates-minutes-late',
    defect: 'Dates are those of a batch that is stored every ten minutes.',
    breaks: ['response/dates-now'],
    change: ({ now }) => ({ now: () => now() - 600_000 }),
  },
];
