/** Methods, paths and header lines that get a 5xx, silence or a dropped connection. */
import type { Fault } from './fault.js';
import { INTERNAL_ERROR, NOT_ANSWERED, dropping, failing, isCreate, silent } from './not-answering.js';

export const ODD_REQUEST_FAULTS: readonly Fault[] = [
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
    mayBreak: ['path/v2', ...NOT_ANSWERED],
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
    name: 'key-of-another-length-fails',
    defect: 'Keys are compared by timingSafeEqual, which throws where they differ in length, and nobody catches it.',
    breaks: ['robustness/headers'],
    mayBreak: ['credentials/form', 'credentials/key', 'credentials/inside', 'credentials/before-body', 'credentials/stores-nothing'],
    change: ({ credential, credentialReading }) => ({
      beforehand: ({ headers }, { merchants }) => {
        const user = credential(headers.authorization, credentialReading)?.user;
        return user === undefined || merchants.some(({ apiKey }) => apiKey.length === user.length) ? undefined : INTERNAL_ERROR;
      },
    }),
  },
  {
    name: 'header-without-credential-fails',
    defect: 'The header is split at its blank, and what should stand behind it is decoded unseen.',
    breaks: ['robustness/headers'],
    mayBreak: ['credentials/form'],
    change: () => ({ beforehand: ({ headers }) => (headers.authorization?.includes(' ') === false ? INTERNAL_ERROR : undefined) }),
  },
];

function repeatsName(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return new Set(names).size < names.length;
}
