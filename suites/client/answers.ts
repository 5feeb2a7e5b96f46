/**
 * The answers that a client has to be ready for: what the editions of the documentation show, and what any HTTP service
 * does on a bad day. Texts of refusals are those of the reference where it has them.
 */
import { randomUUID } from 'node:crypto';
import { BODIES, invalidBody, missingBody } from '../../contracts/reference/answers.js';
import type { FormField, Members, Reply } from '../../contracts/reference/behaviour.js';
import type { Source } from '../../contracts/model.js';

/** What a command comes to: `ok` is exit 0, `error` any other exit. */
export type Expectation = 'ok' | 'error';

/** What a step of a script may set of an answer. */
export interface Parameters {
  /** Seconds that `Retry-After` asks to wait; 1 by default. */
  readonly retryAfter: number;
  /** Milliseconds until a slow answer; 3000 by default. */
  readonly afterMs: number;
  /** The field that a refusal is about, where it is about one. */
  readonly field?: FormField;
}
export const PARAMETERS: Parameters = { retryAfter: 1, afterMs: 3000 };

export type How =
  /** What the reference answers, the members of an accepted create changed. */
  | { readonly kind: 'honest'; readonly members?: (members: Members) => Members }
  /** The honest answer, late. */
  | { readonly kind: 'slow' }
  /** The honest answer, ended in the middle of its body. */
  | { readonly kind: 'cut-off' }
  /** The connection reset: before anything was done, or once the request was carried out. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Another answer; nothing is carried out. */
  | { readonly kind: 'instead'; readonly reply: (parameters: Parameters) => Reply };

export interface Answer {
  readonly name: string;
  readonly means: string;
  readonly sources: readonly [Source, ...Source[]];
  /** What a sane client that makes one create comes to with it. */
  readonly expects: Expectation;
  /** Explored with clients that ask for the token only, or that do not: elsewhere it would contradict the document. */
  readonly token?: 'asked' | 'not-asked';
  readonly how: How;
}

const JSON_TYPE = { 'Content-Type': 'application/json' } as const;
const HTML_TYPE = { 'Content-Type': 'text/html; charset=utf-8' } as const;
const json = (status: number, members: object, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(members),
});
const html = (status: number, title: string): Reply => ({ status, headers: HTML_TYPE, body: `<!doctype html><title>${title}</title><h1>${title}</h1>` });
const error = (error_code: string, error_message: string): object => ({ status: 'error', error_code, error_message });

const withoutInfo = (body: object): object => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'error_info'));
const detail = (field: FormField): { readonly fields: readonly FormField[]; readonly names: readonly string[] } => ({ fields: [field], names: [field] });
// These three bodies are the same for every request: the detail that their type has room for is not looked at.
const duplicate = BODIES.duplicate as () => object;
const credential = BODIES.credential as () => object;
const unknownCustomer = BODIES['unknown-customer'] as () => object;

const OPTIONAL_MEMBERS = ['email_address', 'first_name', 'last_name', 'mobile_country_code'] as const;

/** The members with what was not sent (null in the reference) written otherwise; `undefined` leaves it out. */
const unsent =
  (as: null | '' | undefined) =>
  (members: Members): Members => {
    const changed = { ...members };
    for (const name of OPTIONAL_MEMBERS) {
      if (changed[name] !== null) continue;
      if (as === undefined) delete changed[name];
      else changed[name] = as;
    }
    return changed;
  };

/** `2020-03-17T14:13:37Z` as `2020-03-17T14:13:37+0000`, wherever a date stands. */
function offsetDates(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return [name, value.replace(/Z$/, '+0000')];
      return [name, typeof value === 'object' && value !== null ? offsetDates({ ...value }) : value];
    }),
  );
}

const extraMembers = (members: Members): Members => ({ ...members, metadata: {}, kyc_status: null, tags: ['new'], schema_version: 3 });
const otherOrder = (members: Members): Members => Object.fromEntries(Object.entries(members).reverse());

const TOKEN_LIFETIME_MS = 15 * 60 * 1000;
/** With the token, also where none was asked for. */
const withToken = (members: Members): Members => {
  const created = Date.parse(String(members['date_created']));
  const expiry = new Date((Number.isNaN(created) ? Date.now() : created) + TOKEN_LIFETIME_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return { juspay: { client_auth_token: `tkn_${randomUUID().replaceAll('-', '')}`, client_auth_token_expiry: expiry }, ...members };
};
const withoutToken = ({ juspay: _, ...members }: Members): Members => members;

const ANY_EDITION = ['br', 'sea'] as const;
const instead = (reply: (parameters: Parameters) => Reply): How => ({ kind: 'instead', reply });
const accepted = (name: string, means: string, members?: (members: Members) => Members, token?: 'asked' | 'not-asked'): Answer => ({
  name,
  means,
  sources: ANY_EDITION,
  expects: 'ok',
  ...(token === undefined ? {} : { token }),
  how: { kind: 'honest', ...(members === undefined ? {} : { members }) },
});
const refused = (name: string, means: string, source: Source, reply: (parameters: Parameters) => Reply): Answer => ({
  name,
  means,
  sources: [source],
  expects: 'error',
  how: instead(reply),
});

export const ANSWERS: readonly Answer[] = [
  accepted('created', 'the create as the reference answers it: what was not sent is null'),
  accepted('created-unsent-empty', 'created; what was not sent is an empty string', unsent('')),
  accepted('created-unsent-absent', 'created; what was not sent is not in the answer', unsent(undefined)),
  accepted('created-with-token', 'created, with a token', withToken, 'asked'),
  accepted('created-without-token', 'created, without a token', withoutToken, 'not-asked'),
  accepted('created-extra-members', 'created, with members that the page does not name', extraMembers),
  accepted('created-other-order', 'created, with the members in another order', otherOrder),
  accepted('created-offset-dates', 'created, with dates that end in +0000', offsetDates),
  { name: 'created-slow', means: 'created, and answered after 3 seconds', sources: ['std'], expects: 'ok', how: { kind: 'slow' } },

  refused('missing-field', '400, a mandatory field is missing, in the form of the page', 'doc', ({ field = 'object_reference_id' }) =>
    json(400, { status: 'Bad Request', error_code: 'Mandatory fields are missing', error_message: field }),
  ),
  refused('missing-reference-v2', '400, object_reference_id is missing, in the form of edition 2', 'v2', () =>
    json(400, missingBody(detail('object_reference_id'))),
  ),
  refused('missing-mobile-v2', '400, mobile_number is missing, in the form of edition 2', 'v2', () => json(400, missingBody(detail('mobile_number')))),
  refused('invalid-field', '400, the value of a field is wrong, with error_info', 'sea', ({ field = 'mobile_number' }) =>
    json(400, invalidBody(detail(field))),
  ),
  refused('duplicate', '400, object_reference_id is taken, with error_info', 'sea', () => json(400, duplicate())),
  refused('duplicate-v2', '400, object_reference_id is taken, in the form of edition 2', 'v2', () => json(400, withoutInfo(duplicate()))),
  refused('unauthorized', '401, the key is wrong', 'sea', () => json(401, credential())),
  refused('unauthorized-v2', '401, the key is wrong or missing, in the form of edition 2', 'v2', () =>
    json(401, { status: 'invalid_request_error', error_code: 'missing_authentication', error_message: 'Missing authentication' }),
  ),
  refused('bad-origin', "403, the caller's address is not allowed", 'sea', () =>
    json(403, {
      error: true,
      error_message: 'Internal Server error.',
      user_message: 'Bad Origin.',
      error_info: { code: 'BAD_ORIGIN', category: 'USER_ERROR', user_message: 'Bad Origin.', developer_message: 'IP Verification Failed' },
    }),
  ),
  refused('not-found', '404, as for a customer that is not there', 'sea', () => json(404, unknownCustomer())),

  refused('throttled', '429 with Retry-After: 1', 'std', ({ retryAfter }) =>
    json(429, error('too_many_requests', 'Slow down.'), { 'Retry-After': String(retryAfter) }),
  ),
  refused('server-error', '500 with a JSON body', 'std', () => json(500, error('internal_error', 'Internal Server error.'))),
  refused('bad-gateway', '502 with the HTML page of a proxy', 'std', () => html(502, '502 Bad Gateway')),
  refused('unavailable', '503 with Retry-After: 1', 'std', ({ retryAfter }) =>
    json(503, error('unavailable', 'Try again later.'), { 'Retry-After': String(retryAfter) }),
  ),
  refused('gateway-timeout', '504 without a body', 'std', () => ({ status: 504, headers: {}, body: '' })),
  refused('html', '200 with an HTML page instead of JSON', 'std', () => html(200, 'Maintenance')),
  { name: 'cut-off', means: 'created, and the answer breaks off in the middle of its body', sources: ['std'], expects: 'error', how: { kind: 'cut-off' } },
  { name: 'reset', means: 'the connection is reset and nothing is done', sources: ['std'], expects: 'error', how: { kind: 'reset', when: 'before' } },
  {
    name: 'reset-after-create',
    means: 'created, and the connection is reset before the answer',
    sources: ['std'],
    expects: 'error',
    how: { kind: 'reset', when: 'after' },
  },
];

const BY_NAME = new Map(ANSWERS.map((answer) => [answer.name, answer]));

/** The answer of that name; undefined where there is none. */
export function answerNamed(name: string): Answer | undefined {
  return BY_NAME.get(name);
}

/** `duplicate-v2` as `conform_duplicate_v2`: the object_reference_id that gets this answer without a script. */
export function reservedReference({ name }: Pick<Answer, 'name'>): string {
  return `conform_${name.replaceAll('-', '_')}`;
}

const BY_REFERENCE = new Map(ANSWERS.map((answer) => [reservedReference(answer), answer]));

/** The answer that a value of object_reference_id stands for. Behind two underscores anything may follow, so that it can be unique. */
export function answerReserved(reference: string): Answer | undefined {
  return BY_REFERENCE.get(reference.replace(/__.*$/s, ''));
}
