/** Readings of the request as a whole: path, credential, merchant, media type, encoding. */
import type { Behaviour, Change, Fields, Pair } from '../behaviour.js';
import { readForm } from '../form.js';
import { mediaType } from '../reference.js';
import { readJson } from './json-body.js';
import type { Variant } from './variant.js';

const credential =
  (reading: Partial<Behaviour['credentialReading']>): Change =>
  ({ credentialReading }) => ({ credentialReading: { ...credentialReading, ...reading } });
const decoding =
  (reading: Partial<Behaviour['decodingReading']>): Change =>
  ({ decodingReading }) => ({ decodingReading: { ...decodingReading, ...reading } });

function grouped(pairs: readonly Pair[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { key, value } of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** One value for each field, made of all that were sent. */
const collected =
  (choose: (values: readonly string[]) => string): Change =>
  () => ({ collected: (pairs): Fields => new Map([...grouped(pairs)].map(([key, values]) => [key, choose(values)])) });

export const REQUEST_VARIANTS: readonly Variant[] = [
  {
    name: 'password-accepted',
    reading: 'The password of the credential is not looked at.',
    rule: 'credentials/password',
    takes: 'accepted',
    question: 'credential-password',
    change: credential({ password: true }),
  },
  {
    name: 'colon-less-credential',
    reading: 'The key is accepted without the colon behind it, as two published clients send it.',
    rule: 'credentials/colon',
    takes: 'accepted',
    question: 'credential-colon',
    change: credential({ withoutColon: true }),
  },
  {
    name: 'base64-padding-loose',
    reading: 'The padding of the base64 may be missing, or be too much.',
    rule: 'credentials/base64',
    takes: 'accepted',
    question: 'base64-padding',
    change: credential({ padding: true }),
  },
  {
    name: 'base64-url-alphabet',
    reading: 'The base64 may be written in the alphabet for URLs.',
    rule: 'credentials/base64',
    takes: 'accepted',
    question: 'base64-alphabet',
    change: credential({ urlAlphabet: true }),
  },
  {
    name: 'merchant-optional',
    reading: 'A request without x-merchantid acts for the merchant of the key.',
    rule: 'merchant/absent',
    takes: 'accepted',
    question: 'merchant-absent',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => (call.headers['x-merchantid'] === undefined ? merchant : merchantOf(merchant, call, world)),
    }),
  },
  {
    name: 'merchant-empty-accepted',
    reading: 'An empty x-merchantid is as good as none, and both act for the merchant of the key.',
    rule: 'merchant/absent',
    takes: 'accepted, also empty',
    question: 'merchant-absent',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => ((call.headers['x-merchantid'] ?? '') === '' ? merchant : merchantOf(merchant, call, world)),
    }),
  },
  {
    name: 'merchant-ignored',
    reading: 'The key alone says who the merchant is, whatever merchant the header names.',
    rule: 'merchant/other',
    takes: 'ignored',
    question: 'merchant-other',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => ((call.headers['x-merchantid'] ?? '') === '' ? merchantOf(merchant, call, world) : merchant),
    }),
  },
  {
    name: 'merchant-separate',
    reading: 'Another merchant id under the same key is a merchant of its own, with customers of its own.',
    rule: 'merchant/other',
    takes: 'separate',
    question: 'merchant-other',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => {
        const name = call.headers['x-merchantid'];
        if (typeof name !== 'string' || name === '' || name === merchant.merchantId) return merchantOf(merchant, call, world);
        return { ...merchant, merchantId: `${merchant.merchantId}/${name}` };
      },
    }),
  },
  {
    name: 'merchant-characters-refused',
    reading: 'The merchant header is ignored as long as it is made of letters, digits, hyphens and underscores.',
    rule: 'merchant/characters',
    takes: 'refused',
    question: 'merchant-other',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => (/^[\w-]+$/.test(String(call.headers['x-merchantid'])) ? merchant : merchantOf(merchant, call, world)),
    }),
  },
  {
    name: 'merchant-letter-case-ignored',
    reading: 'The merchant id is compared without regard to letter case.',
    rule: 'merchant/characters',
    takes: 'accepted in another letter case',
    question: 'merchant-other',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) =>
        String(call.headers['x-merchantid']).toLowerCase() === merchant.merchantId.toLowerCase() ? merchant : merchantOf(merchant, call, world),
    }),
  },
  {
    name: 'v2-path',
    reading: 'The paths exist under /v2 as well.',
    rule: 'path/v2',
    takes: 'accepted',
    question: 'path-v2',
    change: ({ route }) => ({ route: (method, path) => route(method, path.replace(/^\/v2(?=\/)/, '')) }),
  },
  {
    name: 'json-accepted',
    reading: 'A body of application/json is read too.',
    rule: 'content-type/json',
    takes: 'accepted',
    question: 'content-type-json',
    change: ({ reader }) => ({ reader: (call) => (mediaType(call.headers['content-type']) === 'application/json' ? readJson : reader(call)) }),
  },
  {
    name: 'media-type-ignored',
    reading: 'A body is read as a form, whatever media type it says it is.',
    rule: 'content-type/other',
    takes: 'accepted',
    question: 'content-type-other',
    change: ({ reader }) => ({ reader: (call) => reader(call) ?? (call.headers['content-type'] === undefined ? undefined : readForm) }),
  },
  {
    name: 'media-type-refused-400',
    reading: 'A media type that is not supported is answered 400.',
    rule: 'content-type/other',
    takes: 'refused with 400',
    question: 'content-type-status',
    change: ({ statuses }) => ({ statuses: { ...statuses, 'media-type': 400 } }),
  },
  {
    name: 'content-type-absent-accepted',
    reading: 'A body without a media type is read as a form.',
    rule: 'content-type/absent',
    takes: 'accepted',
    question: 'content-type-absent',
    change: ({ reader }) => ({ reader: (call) => (call.headers['content-type'] === undefined ? readForm : reader(call)) }),
  },
  {
    name: 'repeated-first',
    reading: 'Of a repeated field the first value holds.',
    rule: 'encoding/repeated',
    takes: 'first',
    question: 'repeated',
    change: collected((values) => values[0] ?? ''),
  },
  {
    name: 'repeated-joined',
    reading: 'The values of a repeated field are joined with a comma, before they are looked at.',
    rule: 'encoding/repeated',
    takes: 'both',
    question: 'repeated',
    change: collected((values) => values.join(',')),
  },
  {
    name: 'repeated-refused',
    reading: 'A body in which a field repeats is refused.',
    rule: 'encoding/repeated',
    takes: 'refused',
    question: 'repeated',
    change: ({ collected: before }) => ({ collected: (pairs) => (grouped(pairs).size === pairs.length ? before(pairs) : undefined) }),
  },
  {
    name: 'unknown-fields-refused',
    reading: 'A body with a field that is not documented is refused.',
    rule: 'encoding/unknown-fields',
    takes: 'refused',
    question: 'unknown-fields',
    change: () => ({ unknownFieldRefused: true }),
  },
  {
    name: 'malformed-escape-kept',
    reading: 'A percent sign that begins no escape stands for itself, as the URL Standard has it.',
    rule: 'encoding/malformed-escape',
    takes: 'kept',
    question: 'malformed-escape',
    change: decoding({ malformedEscape: 'kept' }),
  },
  {
    name: 'invalid-utf-8-replaced',
    reading: 'Bytes that are not UTF-8 become replacement characters.',
    rule: 'encoding/invalid-utf-8',
    takes: 'replaced',
    question: 'invalid-utf-8',
    change: decoding({ invalidUtf8: 'replaced' }),
  },
  {
    name: 'nul-kept',
    reading: 'A NUL is a control character like any other.',
    rule: 'encoding/nul',
    takes: 'kept',
    question: 'nul',
    change: decoding({ nul: 'kept' }),
  },
  {
    name: 'nul-dropped',
    reading: 'A NUL is dropped from the value that it is in.',
    rule: 'encoding/nul',
    takes: 'dropped',
    question: 'nul',
    change: decoding({ nul: 'dropped' }),
  },
];
