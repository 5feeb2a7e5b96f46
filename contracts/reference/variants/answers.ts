/** Readings of what is answered to a good request. */
import type { Behaviour, Change, CustomerField } from '../behaviour.js';
import { utcSeconds } from '../reference.js';
import type { Variant } from './variant.js';

/** What stands for a field that was not sent. */
const unsent =
  (stands: (field: CustomerField) => unknown): Change =>
  ({ echo }) => ({ echo: (field, value, customer, call) => (value === undefined ? stands(field) : echo(field, value, customer, call)) });
const dates =
  (written: (time: number, member: Parameters<Behaviour['date']>[1]) => string): Change =>
  () => ({ date: written });
const mediaTypeAs =
  (written: string): Change =>
  ({ finished }) => ({
    finished: (given, call) => {
      const reply = finished(given, call);
      return reply.headers['Content-Type'] === undefined ? reply : { ...reply, headers: { ...reply.headers, 'Content-Type': written } };
    },
  });

const milliseconds = (time: number): string => new Date(time).toISOString();
const withoutZ = (time: number): string => utcSeconds(time).slice(0, -1);

export const ANSWER_VARIANTS: readonly Variant[] = [
  {
    name: 'unsent-empty',
    reading: 'What was not sent is given back as an empty string.',
    rule: 'response/unsent',
    takes: 'empty',
    question: 'unsent',
    change: unsent(() => ''),
  },
  {
    name: 'unsent-absent',
    reading: 'What was not sent is left out of the answer.',
    rule: 'response/unsent',
    takes: 'absent',
    question: 'unsent',
    change: unsent(() => undefined),
  },
  {
    name: 'unsent-mixed',
    reading: 'Names that were not sent are left out, an address is empty, a country code null.',
    rule: 'response/unsent',
    takes: 'differs by member',
    question: 'unsent',
    change: unsent((field) => (field === 'email_address' ? '' : field === 'mobile_country_code' ? null : undefined)),
  },
  {
    name: 'country-code-default',
    reading: 'A country code that was not sent is that of the merchant.',
    rule: 'response/unsent',
    takes: 'default code',
    question: 'unsent-country',
    change: ({ echo }) => ({
      echo: (field, value, customer, call) => (field === 'mobile_country_code' && value === undefined ? '91' : echo(field, value, customer, call)),
    }),
  },
  {
    name: 'token-in-capitals',
    reading: 'The hexadecimal digits of tokens are written with capitals.',
    rule: 'token/format',
    takes: 'capitals',
    question: 'token',
    change: ({ token }) => ({ token: (customer, call) => String(token(customer, call)).replace(/(?<=^tkn_).*/, (digits) => digits.toUpperCase()) }),
  },
  {
    name: 'dates-offset-compact',
    reading: 'Dates end in +0000, as in older samples.',
    rule: 'response/date-format',
    takes: '+0000',
    question: 'dates',
    change: dates((time) => `${withoutZ(time)}+0000`),
  },
  {
    name: 'dates-offset-colon',
    reading: 'Dates end in +00:00.',
    rule: 'response/date-format',
    takes: '+00:00',
    question: 'dates',
    change: dates((time) => `${withoutZ(time)}+00:00`),
  },
  {
    name: 'dates-milliseconds',
    reading: 'Dates have milliseconds.',
    rule: 'response/date-format',
    takes: 'fraction',
    question: 'dates',
    change: dates(milliseconds),
  },
  {
    name: 'dates-microseconds',
    reading: 'Dates have six digits behind the second and end in +00:00.',
    rule: 'response/date-format',
    takes: 'fraction',
    question: 'dates',
    change: dates((time) => milliseconds(time).replace('Z', '000+00:00')),
  },
  {
    name: 'dates-fraction-trimmed',
    reading: 'Dates have as many digits behind the second as they need, which may be none.',
    rule: 'response/date-format',
    takes: 'fraction where there is one',
    question: 'dates',
    // A multiple of 10 ms, so that a zero to trim is often there.
    change: dates((time) => milliseconds(Math.floor(time / 10) * 10).replace(/\.?0+Z$/, 'Z')),
  },
  {
    name: 'dates-fraction-of-created-only',
    reading: 'date_created has milliseconds and last_updated has none, so that it reads as if it were earlier.',
    rule: 'response/date-format',
    takes: 'differs by member',
    question: 'dates',
    change: dates((time, member) => (member === 'last_updated' ? utcSeconds(time) : milliseconds(time))),
  },
  {
    name: 'dates-differ-by-member',
    reading: 'date_created ends in Z, last_updated has milliseconds, the expiry ends in +0000.',
    rule: 'response/date-format',
    takes: 'differs by member',
    question: 'dates',
    change: dates((time, member) => (member === 'date_created' ? utcSeconds(time) : member === 'last_updated' ? milliseconds(time) : `${withoutZ(time)}+0000`)),
  },
  {
    name: 'updated-a-moment-later',
    reading: 'last_updated is the time of the last of several writes, a second after date_created.',
    rule: 'response/dates-order',
    takes: 'later',
    question: 'dates-order',
    change: ({ date }) => ({ date: (time, member, call) => date(member === 'last_updated' ? time + 1_000 : time, member, call) }),
  },
  {
    name: 'clock-two-minutes-fast',
    reading: 'The machine that stores has a clock two minutes ahead of the one that answers.',
    rule: 'response/dates-now',
    takes: 'within five minutes',
    question: 'clock',
    change: ({ now }) => ({ now: () => now() + 120_000 }),
  },
  {
    name: 'clock-a-day-slow',
    reading: 'All clocks of the target are a day behind, the one of the Date header too.',
    rule: 'response/dates-now',
    takes: 'within five minutes of the Date header',
    question: 'clock',
    // A date in Retry-After would be a day off as well.
    conflictsWith: ['date-header', 'throttling'],
    change: ({ now, finished }) => ({
      now: () => now() - 86_400_000,
      finished: (given, call) => {
        const reply = finished(given, call);
        return { ...reply, headers: { ...reply.headers, Date: new Date(Date.now() - 86_400_000).toUTCString() } };
      },
    }),
  },
  {
    name: 'undocumented-members',
    reading: 'The customer has members beyond the documented ones, an array and an object among them.',
    rule: 'response/undocumented-members',
    takes: 'present',
    question: 'undocumented-members',
    change: ({ members }) => ({
      members: (given, customer, call) => ({ ...members(given, customer, call), status: 'ACTIVE', stored_cards: [], metadata: { source: 'api', version: 2 } }),
    }),
  },
  {
    name: 'members-reversed',
    reading: 'The members come in the reverse order.',
    rule: 'response/object',
    takes: 'another order',
    question: 'member-order',
    change: ({ serialised }) => ({ serialised: (members) => serialised(Object.fromEntries(Object.entries(members).reverse())) }),
  },
  {
    name: 'json-indented',
    reading: 'The JSON is written over several lines, and ends in one.',
    rule: 'response/json',
    takes: 'white space',
    question: 'json-spelling',
    change: () => ({ serialised: (members) => `${JSON.stringify(members, undefined, 2)}\r\n` }),
  },
  {
    name: 'json-escaped',
    reading: 'The JSON is ASCII: slashes and every character beyond are escaped.',
    rule: 'response/json',
    takes: 'escapes',
    question: 'json-spelling',
    change: () => ({
      serialised: (members) =>
        JSON.stringify(members)
          .replaceAll('/', '\\/')
          .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    }),
  },
  {
    name: 'media-type-with-charset',
    reading: 'The media type of answers has a parameter.',
    rule: 'response/media-type',
    takes: 'parameters',
    question: 'answer-media-type',
    change: mediaTypeAs('application/json;charset=UTF-8'),
  },
  {
    name: 'media-type-in-capitals',
    reading: 'The media type of answers is written with capitals.',
    rule: 'response/media-type',
    takes: 'another letter case',
    question: 'answer-media-type',
    change: mediaTypeAs('Application/JSON; Charset="utf-8"'),
  },
  {
    name: 'ids-sequential',
    reading: 'Ids are counted.',
    rule: 'response/id',
    takes: 'counted',
    question: 'ids',
    change: () => ({ makeId: (_, serial) => `cst_${serial}` }),
  },
  {
    name: 'ids-long',
    reading: 'Ids are long, and have capitals and hyphens.',
    rule: 'response/id',
    takes: 'long',
    question: 'ids',
    change: ({ makeId }) => ({ makeId: (values, serial) => `cst_Z-${makeId(values, serial).slice(4)}-${String(serial).padStart(40, '0')}` }),
  },
];
