/** The shapes of the documented responses, as JSON Schema with static types. Members that an edition leaves open are optional. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import Type, { type Static } from 'typebox';

const nullableText = Type.Union([Type.String(), Type.Null()]);
const dateTime = Type.String({
  description: 'A date and time with an offset: Z, +00:00 or +0000, with or without a fraction.',
  pattern: '^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:?\\d\\d)$',
});

export const TokenSchema = Type.Object({
  client_auth_token: Type.String({ minLength: 1, description: 'In every sample tkn_ and 32 hexadecimal digits.' }),
  client_auth_token_expiry: dateTime,
});

export const CustomerSchema = Type.Object({
  id: Type.String({ minLength: 1, description: 'In every sample with cst_ in front.' }),
  object: Type.Literal('customer'),
  object_reference_id: Type.String(),
  mobile_number: Type.Optional(nullableText),
  mobile_country_code: Type.Optional(nullableText),
  email_address: Type.Optional(nullableText),
  first_name: Type.Optional(nullableText),
  last_name: Type.Optional(nullableText),
  date_created: dateTime,
  last_updated: dateTime,
  juspay: Type.Optional(TokenSchema),
});
/** The response to an accepted create. */
export type Customer = Static<typeof CustomerSchema>;

export const ErrorInfoSchema = Type.Object({
  user_message: Type.String(),
  developer_message: Type.String(),
  code: Type.String(),
  category: Type.String(),
  fields: Type.Optional(Type.Array(Type.Object({ field_name: Type.String(), reason: Type.String() }))),
});

export const ErrorSchema = Type.Object({
  status: Type.String(),
  error_code: Type.String(),
  error_message: Type.String(),
  error_info: Type.Optional(ErrorInfoSchema),
});
/** The response to a create with a missing or invalid field, or a reference that is taken. */
export type ErrorBody = Static<typeof ErrorSchema>;

export const CredentialErrorSchema = Type.Object({
  status: Type.String(),
  error_code: Type.String(),
  error_message: Type.Optional(Type.String()),
  error_info: Type.Optional(ErrorInfoSchema),
});
/** The response to a refused credential, or to an unknown customer. */
export type CredentialErrorBody = Static<typeof CredentialErrorSchema>;

const ajv = new Ajv2020({ allErrors: true });
const validators = { customer: ajv.compile(CustomerSchema), error: ajv.compile(ErrorSchema), credentialError: ajv.compile(CredentialErrorSchema) };

/** What is wrong with a body, one line for each departure; empty when it has the shape. */
export function departures(shape: keyof typeof validators, body: unknown): readonly string[] {
  const validate = validators[shape];
  return validate(body)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath === '' ? 'the body' : instancePath.slice(1)} ${message ?? 'is wrong'}`);
}
