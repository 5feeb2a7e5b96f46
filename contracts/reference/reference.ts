/** The reference's own decisions: what the document states, and one natural reading of each question it leaves open. */
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Behaviour, Route } from './behaviour.js';
import { FORM_FIELDS } from './behaviour.js';
import { BODIES, STATUSES } from './answers.js';
import { readCredential } from './credentials.js';
import { decoded, lastOfEach, readForm, splitAtAmpersands, splitAtFirstEquals } from './form.js';
import { addressIsRight, codePoints, countryIsRight, nameIsRight, numberIsRight, referenceIsRight } from './validation.js';

const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `2020-03-17T14:13:37Z`, as in the published sample. */
export function utcSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Which route a path means: `/customers` and `/customers/{id}`. */
export function routeOf(method: string, path: string): Route {
  if (path === '/customers') return method === 'POST' ? { kind: 'create' } : { kind: 'not-allowed', allow: 'POST' };
  const raw = /^\/customers\/([^/]+)$/.exec(path)?.[1];
  if (raw === undefined) return { kind: 'not-found' };
  let id: string;
  try {
    id = decodeURIComponent(raw);
  } catch {
    return { kind: 'not-found' };
  }
  if (method === 'GET' || method === 'HEAD') return { kind: 'read', id };
  return method === 'POST' ? { kind: 'update', id } : { kind: 'not-allowed', allow: 'GET, HEAD, POST' };
}

/** The media type of a `Content-Type`, without parameters, in lower case. */
export function mediaType(header: string | undefined): string | undefined {
  return header?.split(';', 1)[0]?.trim().toLowerCase();
}

const asIs = (value: string): string => value;

export const REFERENCE: Behaviour = {
  // Longer than clients usually keep an idle connection: the server should not be the one that closes it.
  keepAliveTimeoutMs: 65_000,
  maxBodyBytes: 4 * 1024 * 1024,
  joined: (pieces) => (pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)),
  pause: () => undefined,
  finished: (reply) => reply,
  send: (response, { status, headers, body }) => {
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  },
  serialised: (members) => JSON.stringify(members),
  route: routeOf,
  beforehand: () => undefined,

  credentialReading: { password: false, withoutColon: false, padding: false, urlAlphabet: false },
  credential: readCredential,
  keyMatches: (presented, key) => {
    const [one, other] = [Buffer.from(presented), Buffer.from(key)];
    return one.length === other.length && timingSafeEqual(one, other);
  },
  admitted: (merchant) => merchant,
  merchantOf: (merchant, call) => (call.headers['x-merchantid'] === merchant.merchantId ? merchant : undefined),

  reader: (call) => (mediaType(call.headers['content-type']) === 'application/x-www-form-urlencoded' ? readForm : undefined),
  pairs: splitAtAmpersands,
  keyAndValue: splitAtFirstEquals,
  decodingReading: { malformedEscape: 'refused', invalidUtf8: 'refused', nul: 'refused' },
  decodedKey: decoded,
  decodedValue: decoded,
  collected: lastOfEach,

  required: ['object_reference_id', 'mobile_number'],
  whenEmpty: { email_address: 'refused', first_name: 'refused', last_name: 'refused', mobile_country_code: 'refused' },
  unknownFieldRefused: false,
  addressReading: {
    domainStart: '',
    domainEnd: '',
    severalAt: false,
    twoDots: true,
    domainSpecials: false,
    domainWithoutDot: true,
    labelHyphens: true,
    nonAscii: false,
    control: false,
    longestLocalPart: 64,
    longest: 254,
  },
  firstNameReading: { nonAscii: 'refused', control: false, longest: 64 },
  lastNameReading: { nonAscii: 'refused', control: false, longest: 64 },
  referenceReading: { character: (character) => !/[\p{Cc}\p{Cs}]/u.test(character), length: codePoints, longest: 128 },
  numberReading: { plus: false, leadingZero: true, shortest: 6, longest: 15 },
  countryReading: { plus: false, longest: 4, known: () => true },
  checks: {
    object_reference_id: (value, { referenceReading }) => referenceIsRight(value, referenceReading),
    mobile_number: (value, { numberReading }) => numberIsRight(value, numberReading),
    email_address: (value, { addressReading }) => addressIsRight(value, addressReading),
    first_name: (value, { firstNameReading }) => nameIsRight(value, firstNameReading),
    last_name: (value, { lastNameReading }) => nameIsRight(value, lastNameReading),
    mobile_country_code: (value, { countryReading }) => countryIsRight(value, countryReading),
    'options.get_client_auth_token': (value, behaviour) => behaviour.asksForToken(value) !== undefined,
  },
  asksForToken: (value) => (value === 'true' ? true : value === 'false' || value === undefined ? false : undefined),
  problems: (found) => found,

  kept: {
    object_reference_id: asIs,
    mobile_number: asIs,
    email_address: asIs,
    first_name: asIs,
    last_name: asIs,
    mobile_country_code: asIs,
  },
  scope: (merchant) => merchant.merchantId,
  referenceKey: asIs,
  isDuplicate: () => true,
  beforeStoring: () => undefined,
  makeId: () => `cst_${Array.from(randomBytes(16), (byte) => ID_ALPHABET.charAt(byte % ID_ALPHABET.length)).join('')}`,
  now: Date.now,
  onRefused: () => undefined,
  onDuplicate: () => undefined,

  createdStatus: 200,
  echo: (_, value) => value ?? null,
  date: utcSeconds,
  token: () => `tkn_${randomUUID().replaceAll('-', '')}`,
  tokenExpiry: (createdAt) => createdAt + FIFTEEN_MINUTES_MS,
  members: (members) => members,
  fieldName: (field) => field,
  statuses: STATUSES,
  bodies: BODIES,

  reads: true,
  updates: true,
  found: (id, scope, { store }) => store.byId(scope, id),
  readable: () => true,
  asksForTokenAtRead: () => false,
  changed: ({ values }, sent) => ({ ...values, ...sent }),
};

/** Is the key of a pair one of the fields that the document names? */
export function isFormField(key: string): boolean {
  return (FORM_FIELDS as readonly string[]).includes(key);
}
