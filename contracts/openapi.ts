/** The OpenAPI 3.1 description of Create Customer, made from the rules and the shapes. */
import { stringify } from 'yaml';
import { PAGE_URL } from './document.js';
import type { FieldName, InputRule } from './model.js';
import { FIELDS } from './model.js';
import { RULES } from './rules/index.js';
import { CredentialErrorSchema, CustomerSchema, ErrorSchema } from './shapes.js';

const ofField = (field: FieldName): readonly InputRule[] =>
  RULES.filter((rule): rule is InputRule => rule.kind === 'input' && 'field' in rule.constraint && rule.constraint.field === field);

/** A character for a class of a regular expression. */
const escaped = (character: string): string => character.replace(/[\\\]^-]/g, '\\$&');

/** What the must rules of a field say of its value, as JSON Schema. Bounds that are left open are not in it. */
function valueSchema(field: FieldName): Record<string, unknown> {
  const schema: Record<string, unknown> = { type: 'string' };
  const rules = ofField(field);
  for (const { constraint, level } of rules) {
    if (constraint.kind === 'length' && constraint.below === 'violating') schema['minLength'] = constraint.min;
    if (constraint.kind === 'charset' && level === 'must') schema['pattern'] = `^[^${[...constraint.forbidden].map(escaped).join('')}]*$`;
    if (constraint.kind === 'examples') schema['examples'] = [...((schema['examples'] as string[] | undefined) ?? []), ...constraint.values];
  }
  schema['description'] = rules.map(({ title }) => `${title}.`).join(' ');
  schema['x-rules'] = rules.map(({ id }) => id);
  return schema;
}

const isRequired = (field: FieldName): boolean =>
  RULES.some(
    (rule) => rule.kind === 'input' && rule.constraint.kind === 'presence' && rule.constraint.presence === 'required' && rule.constraint.fields.includes(field),
  );

/** As an object, in the order in which it is written. */
export function openApi(): Record<string, unknown> {
  const json = (schema: unknown, description: string): unknown => ({ description, content: { 'application/json': { schema } } });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Create Customer',
      version: '1.0.0',
      description: 'Made from the rules of juspay-customer-conformance; what the page leaves open is not restricted here.',
    },
    externalDocs: { url: PAGE_URL },
    servers: [{ url: 'https://sandbox.juspay.in' }, { url: 'https://api.sandbox.juspay.io' }],
    security: [{ key: [] }],
    paths: {
      '/customers': {
        post: {
          operationId: 'createCustomer',
          summary: 'Creates a customer',
          parameters: [{ name: 'x-merchantid', in: 'header', schema: { type: 'string' }, description: 'The id of the merchant.' }],
          requestBody: {
            required: true,
            content: {
              'application/x-www-form-urlencoded': {
                schema: {
                  type: 'object',
                  required: FIELDS.filter(isRequired),
                  properties: Object.fromEntries(FIELDS.map((field) => [field, valueSchema(field)])),
                },
              },
            },
          },
          responses: {
            '200': json({ $ref: '#/components/schemas/Customer' }, 'The customer that was created.'),
            '400': json({ $ref: '#/components/schemas/Error' }, 'A field is missing or invalid, or the reference is taken.'),
            '401': json({ $ref: '#/components/schemas/CredentialError' }, 'The credential is refused.'),
          },
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'basic', description: 'The API key as user name, an empty password.' } },
      schemas: { Customer: CustomerSchema, Error: ErrorSchema, CredentialError: CredentialErrorSchema },
    },
  };
}

/** The description as `contracts/openapi.yaml` has it. */
export function openApiYaml(): string {
  const note = '# Made from contracts/rules and contracts/shapes.ts by `npm run generate`; changes go there.\n';
  return note + stringify(JSON.parse(JSON.stringify(openApi())), { lineWidth: 0, aliasDuplicateObjects: false });
}
