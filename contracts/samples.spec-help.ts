/** The published sample and the documented refusals, as responses that specs can judge. */
import { parseJson } from './json.js';
import { judgeField } from './judge.js';
import type { JudgedResponse, ResponseMemory, SentValue } from './judge-response.js';
import { FIELDS, type FieldName, type InputRule, type Occasion, type ResponseExample } from './model.js';
import { RULES } from './rules/index.js';

const INPUT_RULES = RULES.filter((rule): rule is InputRule => rule.kind === 'input');

/** The customer of the published sample ([br]). */
export const CUSTOMER = {
  id: 'cst_afdeuvmfhs3j1acm',
  object: 'customer',
  object_reference_id: 'customer@gmail.com',
  mobile_country_code: '65',
  mobile_number: '99887766',
  email_address: 'customer@gmail.com',
  first_name: 'John',
  last_name: 'Smith',
  date_created: '2020-03-17T14:13:37Z',
  last_updated: '2020-03-17T14:13:37Z',
  juspay: { client_auth_token: 'tkn_24543c6a278f45d680d09edb32e78061', client_auth_token_expiry: '2020-03-17T14:28:37Z' },
} as const;

/** What the published sample must have been sent. */
const SENT: Readonly<Record<FieldName, string>> = {
  object_reference_id: CUSTOMER.object_reference_id,
  mobile_number: CUSTOMER.mobile_number,
  email_address: CUSTOMER.email_address,
  first_name: CUSTOMER.first_name,
  last_name: CUSTOMER.last_name,
  mobile_country_code: CUSTOMER.mobile_country_code,
  'options.get_client_auth_token': 'true',
};

export type Refused = Exclude<Occasion, 'any' | 'created' | 'created-with-token' | 'missing-or-invalid' | 'refused'>;

export interface DocumentedRefusal {
  readonly edition: 'doc' | 'v2' | 'sea';
  readonly occasion: Refused;
  readonly status: number;
  readonly atFault: readonly FieldName[];
  readonly body: Readonly<Record<string, unknown>>;
}

const seaInfo = (user_message: string, developer_message: string, code: string): object => ({ user_message, developer_message, code, category: 'USER_ERROR' });

/** Every body that some edition documents for a refusal; the first of an occasion is the one that examples start from. */
export const REFUSALS: readonly DocumentedRefusal[] = [
  {
    edition: 'sea',
    occasion: 'invalid',
    status: 400,
    atFault: ['mobile_number'],
    body: {
      error_message: 'Wrong value in mobile_number',
      status: 'Invalid Request',
      error_code: 'Invalid Request',
      error_info: {
        ...seaInfo('Invalid request params. Please verify your input.', 'Invalid request params', 'INVALID_INPUT'),
        fields: [{ field_name: 'mobile_number', reason: 'Invalid value.' }],
      },
    },
  },
  {
    edition: 'v2',
    occasion: 'missing',
    status: 400,
    atFault: ['mobile_number'],
    body: { status: 'invalid_request_error', error_code: 'nullable', error_message: 'mobile_number is mandatory field.' },
  },
  {
    edition: 'v2',
    occasion: 'missing',
    status: 400,
    atFault: ['object_reference_id'],
    body: { status: 'invalid_request_error', error_code: 'nullable', error_message: '[objectReferenceId] cannot be null' },
  },
  {
    edition: 'doc',
    occasion: 'missing',
    status: 400,
    atFault: ['object_reference_id'],
    body: { status: 'Bad Request', error_code: 'Mandatory fields are missing', error_message: 'object_reference_id' },
  },
  {
    edition: 'sea',
    occasion: 'duplicate',
    status: 400,
    atFault: ['object_reference_id'],
    body: {
      error_message: 'Customer with given object reference id already exist for your account.',
      status: 'invalid_request_error',
      error_code: 'unique',
      error_info: seaInfo('Already exists.', 'Customer account with given object reference already exists.', 'ALREADY_EXISTS'),
    },
  },
  {
    edition: 'v2',
    occasion: 'duplicate',
    status: 400,
    atFault: ['object_reference_id'],
    body: {
      error_message: 'Customer with given object reference id already exist for your account.',
      status: 'invalid_request_error',
      error_code: 'unique',
    },
  },
  {
    edition: 'sea',
    occasion: 'credential',
    status: 401,
    atFault: [],
    body: {
      status: 'error',
      error_code: 'access_denied',
      error_info: seaInfo('Unauthorized.', 'Invalid API Key. Please pass a valid and active api key.', 'UNAUTHORIZED'),
    },
  },
  {
    edition: 'v2',
    occasion: 'credential',
    status: 401,
    atFault: [],
    body: { status: 'invalid_request_error', error_code: 'missing_authentication', error_message: 'Missing authentication' },
  },
  {
    edition: 'sea',
    occasion: 'unknown-customer',
    status: 404,
    atFault: [],
    body: {
      error_message: 'Cannot find what you are looking for',
      status: 'invalid_request_error',
      error_code: 'object_not_found',
      error_info: seaInfo('Cannot process your request as customer account not found.', 'Customer account not found.', 'RESOURCE_NOT_FOUND'),
    },
  },
];

/** The documented refusal that examples of an occasion start from. */
export function refusalFor(occasion: Refused): DocumentedRefusal {
  const refusal = REFUSALS.find((each) => each.occasion === occasion);
  if (refusal === undefined) throw new RangeError(`no edition documents a refusal for ${occasion}`);
  return refusal;
}

/** The object with a member set, or taken out where the value is undefined; a dotted name reaches inside. */
function withMember(body: Readonly<Record<string, unknown>>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const { [name]: old, ...others } = body;
  if (rest.length === 0) return value === undefined ? others : { ...body, [name]: value };
  const inner = typeof old === 'object' && old !== null ? { ...old } : {};
  return { ...body, [name]: withMember(inner, rest, value) };
}

/** Values that were sent, judged by the rules of their fields. */
export function sentValues(values: Readonly<Partial<Record<FieldName, string>>>): Partial<Record<FieldName, SentValue>> {
  const sent: Partial<Record<FieldName, SentValue>> = {};
  for (const field of FIELDS) {
    const value = values[field];
    if (value !== undefined) sent[field] = { value, judgement: judgeField(field, value, INPUT_RULES) };
  }
  return sent;
}

export const API_KEY = 'key_for_examples_only';

/** A response with this body and these headers; Content-Type and Content-Length are right unless told. */
export function response(
  body: string | Uint8Array,
  { status = 200, headers = {} }: Pick<ResponseExample, 'status' | 'headers'> = {},
  about: Partial<JudgedResponse> = {},
): JudgedResponse {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const lines: Readonly<Record<string, string>> = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  return {
    status,
    headers: Object.entries(lines),
    body: bytes,
    complete: true,
    json: parseJson(bytes),
    sent: sentValues(SENT),
    repeated: [],
    judgeField: (field, value) => judgeField(field, value, INPUT_RULES),
    tokenAsked: 'yes',
    atFault: [],
    secrets: [API_KEY, Buffer.from(`${API_KEY}:`).toString('base64')],
    ...about,
  };
}

/** The published sample as an example has it. */
export function customer(example: ResponseExample = {}, about: Partial<JudgedResponse> = {}): JudgedResponse {
  return response(example.text ?? bodyOf(CUSTOMER, example), example, about);
}

/** A documented refusal as an example has it. */
export function refusal(of: DocumentedRefusal, example: ResponseExample = {}, about: Partial<JudgedResponse> = {}): JudgedResponse {
  return response(
    example.text ?? bodyOf(of.body, example),
    { status: of.status, ...example },
    { sent: undefined, tokenAsked: 'open', atFault: of.atFault, ...about },
  );
}

function bodyOf(sample: Readonly<Record<string, unknown>>, { members = {} }: ResponseExample): string {
  return JSON.stringify(Object.entries(members).reduce((body, [path, value]) => withMember(body, path.split('.'), value), { ...sample }));
}

/** Remembers what it was asked about, as a run does behind each response. */
export function memory(otherCustomers: readonly string[] = []): ResponseMemory {
  const seen = new Set<string>();
  return {
    seenBefore: (member, value) => {
      const key = `${member}:${value}`;
      const before = seen.has(key);
      seen.add(key);
      return before;
    },
    otherCustomerIn: (text) => otherCustomers.find((value) => text.includes(value)),
  };
}
