/** Requests that get a 5xx, silence or a dropped connection. */
import type { Call, Change } from '../behaviour.js';
import { decoded } from '../form.js';
import { REFERENCE } from '../reference.js';
import { everyNth, later, type Fault } from './fault.js';
import { INTERNAL_ERROR, NOT_ANSWERED, dropping, failing, isCreate, silent } from './not-answering.js';

/** Fields of a create that was accepted. */
const failingAccepted =
  (on: (values: string) => boolean, status = 500): Change =>
  ({ finished }) => ({
    finished: (given, call) => {
      const reply = finished(given, call);
      return reply.status === 200 && call.route.kind === 'create' && on(call.body.toString('latin1')) ? { ...INTERNAL_ERROR, status } : reply;
    },
  });

/** The values of a body, as far as they can be decoded. */
function values(call: Call): readonly string[] {
  if (call.route.kind !== 'create') return [];
  return REFERENCE.pairs(call.body.toString('latin1')).map(
    (pair) => decoded(REFERENCE.keyAndValue(pair)[1], { malformedEscape: 'kept', invalidUtf8: 'replaced', nul: 'kept' }) ?? '',
  );
}
function value(call: Call, field: string): string {
  const pair = REFERENCE.pairs(call.body.toString('latin1')).find((piece) => REFERENCE.keyAndValue(piece)[0] === field);
  return pair === undefined ? '' : (decoded(REFERENCE.keyAndValue(pair)[1], { malformedEscape: 'kept', invalidUtf8: 'replaced', nul: 'kept' }) ?? '');
}
const text = (call: Call): string => call.body.toString('latin1');

export const ROBUSTNESS_FAULTS: readonly Fault[] = [
  {
    name: 'astral-characters-fail',
    defect: 'A character of four bytes does not fit the column, and nobody catches the error.',
    breaks: ['robustness/values'],
    mayBreak: [...NOT_ANSWERED, 'encoding/utf-8'],
    change: failing((call) => values(call).some((one) => /[\u{10000}-\u{10ffff}]/u.test(one))),
  },
  {
    name: 'emoji-of-names-drop-the-connection',
    defect: 'A first_name beyond the basic plane crashes the worker.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    change: dropping((call) => /[\u{10000}-\u{10ffff}]/u.test(value(call, 'first_name'))),
  },
  {
    name: 'nul-fails',
    defect: 'A NUL ends the text of the query.',
    breaks: ['robustness/bodies'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => values(call).some((one) => one.includes('\0'))),
  },
  {
    name: 'control-characters-fail',
    defect: 'A control character in a value breaks the XML that is sent on.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => values(call).some((one) => /(?![\t\n\r\0\x7f-\x9f])\p{Cc}/u.test(one))),
  },
  {
    name: 'long-address-fails',
    defect: 'An address that is longer than its column fails in the database.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => value(call, 'email_address').length > 320),
  },
  {
    name: 'long-number-fails',
    defect: 'A mobile number of more than 19 digits overflows.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => /^[0-9]{20,}$/.test(value(call, 'mobile_number'))),
  },
  {
    name: 'empty-value-fails',
    defect: 'The first character of an empty email_address is looked at.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => /(?:^|&)email_address=(?:&|$)/.test(text(call))),
  },
  {
    name: 'address-without-at-fails',
    defect: 'The address is split at the @, and the second part is used.',
    breaks: ['robustness/values'],
    mayBreak: [...NOT_ANSWERED, 'email_address/separator', 'email_address/charset'],
    change: failing((call) => /(?:^|&)email_address=[^&]/.test(text(call)) && !value(call, 'email_address').includes('@')),
  },
  {
    name: 'apostrophe-of-addresses-fails',
    defect: 'The address is pasted into the query, where an apostrophe ends the text.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...NOT_ANSWERED, 'email_address/charset', 'encoding/percent-once', 'encoding/escaped-plus'],
    change: failingAccepted((body) => /email_address=[^&]*(?:'|%27)/i.test(body)),
  },
  {
    name: 'percent-of-addresses-fails',
    defect: 'The address is pasted into a format, where a percent sign asks for an argument.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...NOT_ANSWERED, 'email_address/charset', 'encoding/percent-once', 'encoding/escaped-plus'],
    change: failingAccepted((body) => /email_address=[^&]*%25/.test(body)),
  },
  {
    name: 'parenthesis-of-names-fails',
    defect: 'last_name is made part of a regular expression.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...NOT_ANSWERED, 'last_name/charset'],
    change: failingAccepted((body) => /last_name=[^&]*(?:[()]|%28|%29)/.test(body)),
  },
  {
    name: 'names-absent-fail',
    defect: 'The length of a last_name that is not there is asked for.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...NOT_ANSWERED, 'last_name/optional', 'names/optional-together'],
    change: failingAccepted((body) => !body.includes('last_name=')),
  },
  {
    name: 'missing-number-fails',
    defect: 'The length of a mobile_number that is not there is asked for.',
    breaks: ['robustness/bodies'],
    mayBreak: ['mobile_number/required', 'error/missing-status', 'error/shape', 'error/json', 'error/media-type', 'error/members-once', ...NOT_ANSWERED],
    change: ({ statuses }) => ({ beforehand: (call) => (isCreate(call) && call.body.length === 0 ? INTERNAL_ERROR : undefined), statuses }),
  },
  {
    name: 'absent-number-fails',
    defect: 'A mobile_number that is absent is answered 500.',
    breaks: ['robustness/values'],
    mayBreak: ['mobile_number/required', 'error/missing-status', 'error/shape', 'error/json', 'error/media-type', 'error/members-once', ...NOT_ANSWERED],
    change: failing((call) => isCreate(call) && /object_reference_id=/.test(text(call)) && !text(call).includes('mobile_number') && !text(call).includes('%6')),
  },
  {
    name: 'malformed-escape-fails',
    defect: 'An error in decoding the body is not caught.',
    breaks: ['robustness/bodies'],
    mayBreak: [...NOT_ANSWERED, 'encoding/malformed-escape'],
    change: failing((call) => isCreate(call) && /%(?![0-9A-Fa-f]{2})/.test(text(call))),
  },
  {
    name: 'invalid-utf-8-fails',
    defect: 'Bytes that are not UTF-8 throw, and nobody catches.',
    breaks: ['robustness/bodies'],
    mayBreak: [...NOT_ANSWERED, 'encoding/invalid-utf-8'],
    change: failing((call) => values(call).some((one) => one.includes('\ufffd'))),
  },
  {
    name: 'json-under-the-form-type-fails',
    defect: 'A body that begins with a brace is handed to the JSON parser, and what comes out is not understood.',
    breaks: ['robustness/bodies'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => isCreate(call) && /^\s*[{[]/.test(text(call))),
  },
  {
    name: 'body-without-equals-drops-the-connection',
    defect: 'A body without = ends the parser, and the worker with it.',
    breaks: ['robustness/bodies'],
    mayBreak: NOT_ANSWERED,
    change: dropping((call) => isCreate(call) && call.body.length > 0 && !text(call).includes('=')),
  },
  {
    name: 'large-body-drops-the-connection',
    defect: 'Beyond 64 KiB the connection is cut.',
    breaks: ['robustness/sizes'],
    mayBreak: NOT_ANSWERED,
    change: dropping((call) => call.body.length > 65_536),
  },
  {
    name: 'long-value-fails',
    defect: 'A value of more than 65,535 characters overflows.',
    breaks: ['robustness/sizes'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => call.body.length > 65_535 && values(call).some((one) => one.length > 65_535)),
  },
  {
    name: 'many-fields-fail',
    defect: 'More than 1,000 fields throw, as a guard of the framework has it.',
    breaks: ['robustness/sizes'],
    mayBreak: NOT_ANSWERED,
    change: failing((call) => isCreate(call) && text(call).split('&').length > 1_000),
  },
  {
    name: 'many-fields-hang',
    defect: 'The look for repeated fields compares each with each, and takes minutes for some thousands.',
    breaks: ['robustness/sizes'],
    mayBreak: NOT_ANSWERED,
    hangs: true,
    change: silent((call) => isCreate(call) && text(call).split('&').length > 5_000),
  },
  {
    name: 'long-bad-name-hangs',
    defect: 'The pattern of first_name has a repetition in a repetition, and takes for ever on a long name that is wrong at its end.',
    breaks: ['robustness/values'],
    mayBreak: [...NOT_ANSWERED, 'first_name/charset'],
    hangs: true,
    change: silent((call) => isCreate(call) && /^[A-Za-z0-9().\-_]{28,}[^A-Za-z0-9().\-_]/.test(value(call, 'first_name'))),
  },
  {
    name: 'address-of-ats-hangs',
    defect: 'The pattern of email_address takes for ever on many @.',
    breaks: ['robustness/values'],
    mayBreak: NOT_ANSWERED,
    hangs: true,
    change: silent((call) => isCreate(call) && value(call, 'email_address').split('@').length > 2),
  },
  {
    name: 'address-of-specials-slow',
    defect: 'The pattern of email_address tries every way to divide a local part of specials, and takes twice as long for each: a dozen takes eleven seconds.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...NOT_ANSWERED, 'email_address/charset'],
    hangs: true,
    change: ({ pause }) => ({ pause: (call) => (/^[^A-Za-z0-9@]{12,}/.test(value(call, 'email_address')) ? later(11_000) : pause(call)) }),
  },
  {
    name: 'long-names-slow',
    defect: 'Both names are looked up letter by letter in a list of stars, which takes eleven seconds for more than a hundred letters.',
    breaks: ['robustness/values'],
    mayBreak: [...NOT_ANSWERED, 'first_name/length', 'last_name/length'],
    hangs: true,
    change: ({ pause }) => ({ pause: (call) => (value(call, 'first_name').length + value(call, 'last_name').length > 100 ? later(11_000) : pause(call)) }),
  },
  {
    name: 'one-good-request-in-50-fails',
    defect: 'One of fifty workers has no connection to the database.',
    breaks: ['robustness/good-requests'],
    intermittent: true,
    oneIn: 50,
    mayBreak: NOT_ANSWERED,
    change: ({ members, finished }) => sometimes(50, { members, finished }),
  },
  {
    name: 'one-connection-in-60-dropped',
    defect: 'The balancer drops one connection in sixty.',
    breaks: ['robustness/good-requests'],
    mayBreak: NOT_ANSWERED,
    intermittent: true,
    oneIn: 60,
    change: (behaviour) => {
      const drops = everyNth(60);
      return dropping((call) => isCreate(call) && drops())(behaviour);
    },
  },
  {
    name: 'one-request-in-100-hangs',
    defect: 'One request in a hundred waits for a lock that is never given back.',
    breaks: ['robustness/good-requests'],
    mayBreak: NOT_ANSWERED,
    intermittent: true,
    oneIn: 100,
    hangs: true,
    change: (behaviour) => {
      const hangs = everyNth(100);
      return silent((call) => isCreate(call) && hangs())(behaviour);
    },
  },
];

/** One in so many customers is answered 500. */
function sometimes(n: number, { members, finished }: Pick<typeof REFERENCE, 'members' | 'finished'>): ReturnType<Change> {
  const fails = everyNth(n);
  const failed = new WeakSet<Call>();
  return {
    members: (given, customer, call) => {
      if (call.route.kind === 'create' && fails()) failed.add(call);
      return members(given, customer, call);
    },
    finished: (given, call) => (failed.has(call) ? INTERNAL_ERROR : finished(given, call)),
  };
}
