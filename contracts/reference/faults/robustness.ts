/** Requests that get a 5xx, silence or a dropped connection. */
import type { Call, Change, Reply } from '../behaviour.js';
import { decoded } from '../form.js';
import { REFERENCE } from '../reference.js';
import { everyNth, type Fault } from './fault.js';

const INTERNAL_ERROR: Reply = {
  status: 500,
  headers: { 'Content-Type': 'application/json' },
  body: '{"status":"error","error_code":"internal","error_message":"Internal Server Error"}',
};

const failing =
  (on: (call: Call) => boolean, status = 500): Change =>
  ({ beforehand }) => ({ beforehand: (call, world, behaviour) => (on(call) ? { ...INTERNAL_ERROR, status } : beforehand(call, world, behaviour)) });
const dropping =
  (on: (call: Call) => boolean): Change =>
  ({ send }) => ({ send: (response, reply, call) => (on(call) ? void response.socket?.destroy() : send(response, reply, call)) });
const silent =
  (on: (call: Call) => boolean): Change =>
  ({ send }) => ({ send: (response, reply, call) => (on(call) ? undefined : send(response, reply, call)) });
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
const isCreate = (call: Call): boolean => call.route.kind === 'create';
const text = (call: Call): string => call.body.toString('latin1');

/** A request that is not answered is neither accepted nor refused: other rules learn nothing, and odd requests of every family may have what it takes. */
const VALUES = ['values', 'good-requests', 'bodies', 'sizes', 'headers', 'methods', 'paths'].map((family) => `robustness/${family}`);

export const ROBUSTNESS_FAULTS: readonly Fault[] = [
  {
    name: 'astral-characters-fail',
    defect: 'A character of four bytes does not fit the column, and nobody catches the error.',
    breaks: ['robustness/values'],
    mayBreak: [...VALUES, 'encoding/utf-8'],
    change: failing((call) => values(call).some((one) => /[\u{10000}-\u{10ffff}]/u.test(one))),
  },
  {
    name: 'emoji-of-names-drop-the-connection',
    defect: 'A first_name beyond the basic plane crashes the worker.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    change: dropping((call) => /[\u{10000}-\u{10ffff}]/u.test(value(call, 'first_name'))),
  },
  {
    name: 'nul-fails',
    defect: 'A NUL ends the text of the query.',
    breaks: ['robustness/bodies'],
    mayBreak: VALUES,
    change: failing((call) => values(call).some((one) => one.includes('\0'))),
  },
  {
    name: 'control-characters-fail',
    defect: 'A control character in a value breaks the XML that is sent on.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    change: failing((call) => values(call).some((one) => /(?![\t\n\r\0\x7f-\x9f])\p{Cc}/u.test(one))),
  },
  {
    name: 'long-address-fails',
    defect: 'An address that is longer than its column fails in the database.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    change: failing((call) => value(call, 'email_address').length > 320),
  },
  {
    name: 'long-number-fails',
    defect: 'A mobile number of more than 19 digits overflows.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    change: failing((call) => /^[0-9]{20,}$/.test(value(call, 'mobile_number'))),
  },
  {
    name: 'empty-value-fails',
    defect: 'The first character of an empty email_address is looked at.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    change: failing((call) => /(?:^|&)email_address=(?:&|$)/.test(text(call))),
  },
  {
    name: 'address-without-at-fails',
    defect: 'The address is split at the @, and the second part is used.',
    breaks: ['robustness/values'],
    mayBreak: [...VALUES, 'email_address/separator', 'email_address/charset'],
    change: failing((call) => /(?:^|&)email_address=[^&]/.test(text(call)) && !value(call, 'email_address').includes('@')),
  },
  {
    name: 'apostrophe-of-addresses-fails',
    defect: 'The address is pasted into the query, where an apostrophe ends the text.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...VALUES, 'email_address/charset', 'encoding/percent-once', 'encoding/escaped-plus'],
    change: failingAccepted((body) => /email_address=[^&]*(?:'|%27)/i.test(body)),
  },
  {
    name: 'percent-of-addresses-fails',
    defect: 'The address is pasted into a format, where a percent sign asks for an argument.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...VALUES, 'email_address/charset', 'encoding/percent-once', 'encoding/escaped-plus'],
    change: failingAccepted((body) => /email_address=[^&]*%25/.test(body)),
  },
  {
    name: 'parenthesis-of-names-fails',
    defect: 'last_name is made part of a regular expression.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...VALUES, 'last_name/charset'],
    change: failingAccepted((body) => /last_name=[^&]*(?:[()]|%28|%29)/.test(body)),
  },
  {
    name: 'names-absent-fail',
    defect: 'The length of a last_name that is not there is asked for.',
    breaks: ['robustness/good-requests'],
    mayBreak: [...VALUES, 'last_name/optional', 'names/optional-together'],
    change: failingAccepted((body) => !body.includes('last_name=')),
  },
  {
    name: 'missing-number-fails',
    defect: 'The length of a mobile_number that is not there is asked for.',
    breaks: ['robustness/bodies'],
    mayBreak: ['mobile_number/required', 'error/missing-status', 'error/shape', 'error/json', 'error/media-type', 'error/members-once', ...VALUES],
    change: ({ statuses }) => ({ beforehand: (call) => (isCreate(call) && call.body.length === 0 ? INTERNAL_ERROR : undefined), statuses }),
  },
  {
    name: 'absent-number-fails',
    defect: 'A mobile_number that is absent is answered 500.',
    breaks: ['robustness/values'],
    mayBreak: ['mobile_number/required', 'error/missing-status', 'error/shape', 'error/json', 'error/media-type', 'error/members-once', ...VALUES],
    change: failing((call) => isCreate(call) && /object_reference_id=/.test(text(call)) && !text(call).includes('mobile_number') && !text(call).includes('%6')),
  },
  {
    name: 'malformed-escape-fails',
    defect: 'An error in decoding the body is not caught.',
    breaks: ['robustness/bodies'],
    mayBreak: [...VALUES, 'encoding/malformed-escape'],
    change: failing((call) => isCreate(call) && /%(?![0-9A-Fa-f]{2})/.test(text(call))),
  },
  {
    name: 'invalid-utf-8-fails',
    defect: 'Bytes that are not UTF-8 throw, and nobody catches.',
    breaks: ['robustness/bodies'],
    mayBreak: [...VALUES, 'encoding/invalid-utf-8'],
    change: failing((call) => values(call).some((one) => one.includes('\ufffd'))),
  },
  {
    name: 'json-under-the-form-type-fails',
    defect: 'A body that begins with a brace is handed to the JSON parser, and what comes out is not understood.',
    breaks: ['robustness/bodies'],
    mayBreak: VALUES,
    change: failing((call) => isCreate(call) && /^\s*[{[]/.test(text(call))),
  },
  {
    name: 'body-without-equals-drops-the-connection',
    defect: 'A body without = ends the parser, and the worker with it.',
    breaks: ['robustness/bodies'],
    mayBreak: VALUES,
    change: dropping((call) => isCreate(call) && call.body.length > 0 && !text(call).includes('=')),
  },
  {
    name: 'large-body-drops-the-connection',
    defect: 'Beyond 64 KiB the connection is cut.',
    breaks: ['robustness/sizes'],
    mayBreak: VALUES,
    change: dropping((call) => call.body.length > 65_536),
  },
  {
    name: 'long-value-fails',
    defect: 'A value of more than 65,535 characters overflows.',
    breaks: ['robustness/sizes'],
    mayBreak: VALUES,
    change: failing((call) => call.body.length > 65_535 && values(call).some((one) => one.length > 65_535)),
  },
  {
    name: 'many-fields-fail',
    defect: 'More than 1,000 fields throw, as a guard of the framework has it.',
    breaks: ['robustness/sizes'],
    mayBreak: VALUES,
    change: failing((call) => isCreate(call) && text(call).split('&').length > 1_000),
  },
  {
    name: 'many-fields-hang',
    defect: 'The look for repeated fields compares each with each, and takes minutes for some thousands.',
    breaks: ['robustness/sizes'],
    mayBreak: VALUES,
    hangs: true,
    change: silent((call) => isCreate(call) && text(call).split('&').length > 5_000),
  },
  {
    name: 'long-bad-name-hangs',
    defect: 'The pattern of first_name has a repetition in a repetition, and takes for ever on a long name that is wrong at its end.',
    breaks: ['robustness/values'],
    mayBreak: [...VALUES, 'first_name/charset'],
    hangs: true,
    change: silent((call) => isCreate(call) && /^[A-Za-z0-9().\-_]{28,}[^A-Za-z0-9().\-_]/.test(value(call, 'first_name'))),
  },
  {
    name: 'address-of-ats-hangs',
    defect: 'The pattern of email_address takes for ever on many @.',
    breaks: ['robustness/values'],
    mayBreak: VALUES,
    hangs: true,
    change: silent((call) => isCreate(call) && value(call, 'email_address').split('@').length > 2),
  },
  {
    name: 'unknown-method-fails',
    defect: 'A method that the router does not know is answered 501.',
    breaks: ['robustness/methods'],
    mayBreak: ['robustness/paths'],
    change: failing((call) => !['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(call.method), 501),
  },
  {
    name: 'put-fails',
    defect: 'PUT is routed to a function that was taken away.',
    breaks: ['robustness/methods'],
    change: failing((call) => call.method === 'PUT'),
  },
  {
    name: 'delete-drops-the-connection',
    defect: 'DELETE ends the connection, as the firewall has it.',
    breaks: ['robustness/methods'],
    change: dropping((call) => call.method === 'DELETE'),
  },
  {
    name: 'options-hangs',
    defect: 'OPTIONS is left to a layer that is not there, and never answered.',
    breaks: ['robustness/methods'],
    hangs: true,
    change: silent((call) => call.method === 'OPTIONS'),
  },
  {
    name: 'unknown-path-fails',
    defect: 'A path that is not known is answered 503, by the balancer.',
    breaks: ['robustness/paths'],
    mayBreak: ['path/v2', ...VALUES],
    change: failing((call) => call.route.kind === 'not-found', 503),
  },
  {
    name: 'malformed-path-fails',
    defect: 'A broken escape in the path throws.',
    breaks: ['robustness/paths'],
    change: failing((call) => /%(?![0-9A-Fa-f]{2})/.test(call.path)),
  },
  {
    name: 'long-path-fails',
    defect: 'A path of more than 1,024 characters overflows.',
    breaks: ['robustness/paths'],
    mayBreak: ['robustness/sizes'],
    change: failing((call) => call.path.length > 1_024),
  },
  {
    name: 'dots-in-the-path-fail',
    defect: 'A path with two dots in it is looked up in the file system, and throws.',
    breaks: ['robustness/paths'],
    change: failing((call) => /\.\.|%2e%2e/i.test(call.path)),
  },
  {
    name: 'query-fails',
    defect: 'A create with a query is taken for a search, which is not there.',
    breaks: ['robustness/paths'],
    mayBreak: ['robustness/headers'],
    change: failing((call) => isCreate(call) && call.query !== ''),
  },
  {
    name: 'accept-of-xml-fails',
    defect: 'A client that does not accept JSON gets an error of the framework.',
    breaks: ['robustness/headers'],
    change: failing((call) => call.headers.accept !== undefined && !/json|\*\/\*/.test(call.headers.accept)),
  },
  {
    name: 'unknown-content-encoding-fails',
    defect: 'A Content-Encoding that is not known throws.',
    breaks: ['robustness/headers'],
    change: failing((call) => !['identity', ''].includes(call.headers['content-encoding'] ?? '')),
  },
  {
    name: 'long-header-fails',
    defect: 'A header line of more than 4,096 characters overflows.',
    breaks: ['robustness/headers'],
    mayBreak: ['merchant/characters'],
    change: failing((call) => call.rawHeaders.some((line) => line.length > 4_096)),
  },
  {
    name: 'many-headers-drop-the-connection',
    defect: 'More than 60 header lines end the connection.',
    breaks: ['robustness/headers'],
    change: dropping((call) => call.rawHeaders.length > 120),
  },
  {
    name: 'header-beyond-ascii-fails',
    defect: 'A header line with bytes beyond ASCII throws when it is logged.',
    breaks: ['robustness/headers'],
    mayBreak: ['merchant/characters'],
    change: failing((call) => call.rawHeaders.some((line) => /[\x80-\xff]/.test(line))),
  },
  {
    name: 'repeated-header-fails',
    defect: 'A header line that comes twice is a list, which nobody expects.',
    breaks: ['robustness/headers'],
    mayBreak: ['credentials/form'],
    change: failing((call) => repeatsName(call.rawHeaders)),
  },
  {
    name: 'one-good-request-in-50-fails',
    defect: 'One of fifty workers has no connection to the database.',
    breaks: ['robustness/good-requests'],
    intermittent: true,
    oneIn: 50,
    mayBreak: VALUES,
    change: ({ members, finished }) => sometimes(50, { members, finished }),
  },
  {
    name: 'one-connection-in-60-dropped',
    defect: 'The balancer drops one connection in sixty.',
    breaks: ['robustness/good-requests'],
    mayBreak: VALUES,
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
    mayBreak: VALUES,
    intermittent: true,
    oneIn: 100,
    hangs: true,
    change: (behaviour) => {
      const hangs = everyNth(100);
      return silent((call) => isCreate(call) && hangs())(behaviour);
    },
  },
];

function repeatsName(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return new Set(names).size < names.length;
}

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
