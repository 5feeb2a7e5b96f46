/**
 * The bodies of answers: the customer as in the published sample, refusals as in the current error table of the SEA
 * edition, and as in the older one for a field that is absent.
 */
import type { Behaviour, Call, Customer, Detail, FormField, Members, Refusal, Reply } from './behaviour.js';
import { CUSTOMER_FIELDS } from './behaviour.js';

/** The customer's members, without the token. */
export function customerMembers(customer: Customer, behaviour: Behaviour, call: Call): Members {
  const members: Members = { id: customer.id, object: 'customer' };
  for (const field of CUSTOMER_FIELDS) {
    const value = behaviour.echo(field, customer.values[field], customer, call);
    if (value !== undefined) members[field] = value;
  }
  members['date_created'] = behaviour.date(customer.createdAt, 'date_created', call);
  members['last_updated'] = behaviour.date(customer.updatedAt, 'last_updated', call);
  return members;
}

/** The `juspay` member: a token that is good for 15 minutes. `from` is when it was given, in milliseconds. */
export function tokenMembers(customer: Customer, from: number, behaviour: Behaviour, call: Call): Members {
  return {
    client_auth_token: behaviour.token(customer, call),
    client_auth_token_expiry: behaviour.date(behaviour.tokenExpiry(from), 'client_auth_token_expiry', call),
  };
}

export function json(status: number, members: object, behaviour: Behaviour, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: behaviour.serialised(members) };
}

/** A refusal of the kind, with the fields at fault. */
export function refuse(
  kind: Refusal,
  behaviour: Behaviour,
  call: Call,
  more: { readonly fields?: readonly FormField[]; readonly existing?: Customer } = {},
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const { fields = [] } = more;
  const detail: Detail = { call, ...more, fields, names: fields.map((field) => behaviour.fieldName(field)) };
  return json(behaviour.statuses[kind], behaviour.bodies[kind](detail), behaviour, headers);
}

/** `mobile_number` → `mobileNumber`, as the older edition writes names. */
export function camelCase(field: FormField): string {
  return field.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const USER_ERROR = { category: 'USER_ERROR' } as const;

export const STATUSES: Readonly<Record<Refusal, number>> = {
  missing: 400,
  invalid: 400,
  undecodable: 400,
  duplicate: 400,
  credential: 401,
  merchant: 400,
  'unknown-customer': 404,
  'no-such-path': 404,
  method: 405,
  'media-type': 415,
  'too-large': 413,
  full: 429,
};

/** An invalid field, in the form of the SEA edition. */
export function invalidBody({ names }: Pick<Detail, 'names'>): object {
  return {
    error_message: `Wrong value in ${names.join(', ')}`,
    status: 'Invalid Request',
    error_code: 'Invalid Request',
    error_info: {
      user_message: 'Invalid request params. Please verify your input.',
      fields: names.map((name) => ({ field_name: name, reason: 'Invalid value.' })),
      developer_message: 'Invalid request params',
      code: 'INVALID_INPUT',
      ...USER_ERROR,
    },
  };
}

/** An absent field, in the two forms of the older edition. */
export function missingBody({ fields: [field = 'object_reference_id'], names: [name = field] }: Pick<Detail, 'fields' | 'names'>): object {
  return {
    status: 'invalid_request_error',
    error_code: 'nullable',
    error_message: field === 'object_reference_id' ? `[${camelCase(field)}] cannot be null` : `${name} is mandatory field.`,
  };
}

const plain = (status: string, error_code: string, error_message: string) => () => ({ status, error_code, error_message });

export const BODIES: Behaviour['bodies'] = {
  missing: missingBody,
  invalid: invalidBody,
  duplicate: () => ({
    error_message: 'Customer with given object reference id already exist for your account.',
    status: 'invalid_request_error',
    error_code: 'unique',
    error_info: {
      user_message: 'Already exists.',
      developer_message: 'Customer account with given object reference already exists.',
      code: 'ALREADY_EXISTS',
      ...USER_ERROR,
    },
  }),
  credential: () => ({
    status: 'error',
    error_code: 'access_denied',
    error_info: {
      user_message: 'Unauthorized.',
      developer_message: 'Invalid API Key. Please pass a valid and active api key.',
      code: 'UNAUTHORIZED',
      ...USER_ERROR,
    },
  }),
  'unknown-customer': () => ({
    error_message: 'Cannot find what you are looking for',
    status: 'invalid_request_error',
    error_code: 'object_not_found',
    error_info: {
      user_message: 'Cannot process your request as customer account not found.',
      developer_message: 'Customer account not found.',
      code: 'RESOURCE_NOT_FOUND',
      ...USER_ERROR,
    },
  }),
  undecodable: plain('Bad Request', 'Bad Request', 'The body of the request cannot be read.'),
  merchant: plain('Bad Request', 'invalid_merchant', 'x-merchantid is not the merchant of the API key.'),
  'no-such-path': plain('error', 'not_found', 'There is nothing at this path.'),
  method: plain('error', 'method_not_allowed', 'This path does not know the method.'),
  'media-type': plain('error', 'unsupported_media_type', 'The body has to be application/x-www-form-urlencoded.'),
  'too-large': plain('error', 'too_large', 'The body is too large.'),
  full: plain('error', 'too_many_requests', 'No more customers can be stored for now.'),
};
