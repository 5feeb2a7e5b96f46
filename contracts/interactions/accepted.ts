/** Creates that are accepted: every shape of the request, and the values at the edges of what the page allows. */
import type { CharsetConstraint, Constraint, FieldName, LengthConstraint } from '../model.js';
import { exampleFresh, type Example } from './model.js';
import { create, noCustomer, ruleOf, TOKEN_FIELD } from './parts.js';

/** The constraint of a rule about requests; throws a TypeError where it is of another kind. */
export function constraintOf<K extends Constraint['kind']>(rule: string, kind: K): Extract<Constraint, { kind: K }> {
  const { constraint } = ruleOf(rule) as { constraint?: Constraint };
  if (constraint?.kind !== kind) throw new TypeError(`${rule} has no constraint of kind ${kind}`);
  return constraint as Extract<Constraint, { kind: K }>;
}

const NAMES = ['first_name', 'last_name'] as const;
const OPTIONAL: readonly (readonly [id: string, fields: readonly FieldName[], rule: string])[] = [
  ['without-first-name', ['first_name'], 'first_name/optional'],
  ['without-last-name', ['last_name'], 'last_name/optional'],
  ['without-names', NAMES, 'names/optional-together'],
  ['without-country-code', ['mobile_country_code'], 'mobile_country_code/optional'],
  ['without-token-option', [TOKEN_FIELD], 'options.get_client_auth_token/absent'],
  // email_address stays: a target may require it.
  ['without-optional-fields', [...NAMES, 'mobile_country_code', TOKEN_FIELD], 'names/optional-together'],
];

/** Every shape of the request: with and without each optional field, with the token and without it. */
export const SHAPES: readonly Example[] = [
  create({ id: 'all-fields', description: 'a create with every documented field', rules: ['content-type/form', 'merchant/header', 'credentials/form'] }),
  ...OPTIONAL.map(([id, fields, rule]) =>
    create({
      id,
      description: `a create without ${fields.join(', ')}`,
      rules: [rule],
      changes: Object.fromEntries(fields.map((field) => [field, null])),
    }),
  ),
  create({
    id: 'with-token',
    description: 'a create that asks for the token',
    rules: ['options.get_client_auth_token/true', 'token/iff-asked'],
    changes: { [TOKEN_FIELD]: 'true' },
  }),
  create({
    id: 'with-token-without-optional-fields',
    description: 'a create that asks for the token and leaves out what is optional',
    rules: ['options.get_client_auth_token/true', 'token/iff-asked', 'names/optional-together'],
    changes: { first_name: null, last_name: null, mobile_country_code: null, [TOKEN_FIELD]: 'true' },
  }),
  create({
    id: 'no-token-when-false',
    description: 'a create that says false to the token gets none',
    rules: ['options.get_client_auth_token/false'],
    changes: { [TOKEN_FIELD]: 'false' },
    answer: 'without-token',
  }),
  create({
    id: 'no-token-when-absent',
    description: 'a create that says nothing of the token gets none',
    rules: ['options.get_client_auth_token/absent'],
    changes: { [TOKEN_FIELD]: null },
    answer: 'without-token',
  }),
];

const digits = (length: number): { fresh_length: string; fresh_alphabet: 'digits' } => ({ fresh_length: String(length), fresh_alphabet: 'digits' });
const words = (length: number): { fresh_length: string; fresh_alphabet: 'word' } => ({ fresh_length: String(length), fresh_alphabet: 'word' });

const REFERENCE_FORMS = {
  prefixed: [['cust_{fresh}', digits(12)]],
  email: [['{fresh}@example.com', words(12)]],
  mobile: [['{fresh}', digits(10)]],
  'database-id': [
    ['{fresh}', digits(14)],
    ['{fresh}', digits(8)],
    ['00{fresh}', digits(12)],
  ],
} as const;

const references: readonly Example[] = [
  ...constraintOf('object_reference_id/forms', 'forms').forms.flatMap((form) =>
    REFERENCE_FORMS[form].map(([template, fresh]) =>
      create({
        id: `reference-${form}-${template.replace('{fresh}', fresh.fresh_length)}`,
        description: `a create with an object_reference_id in the form ${form}, such as ${template.replace('{fresh}', exampleFresh(fresh))}`,
        rules: ['object_reference_id/forms'],
        changes: { object_reference_id: template },
        states: [noCustomer(fresh)],
      }),
    ),
  ),
  ...lengthsOf(constraintOf('object_reference_id/length', 'length')).map((length) =>
    create({
      id: `reference-of-${length}`,
      description: `a create with an object_reference_id of ${length} characters`,
      rules: ['object_reference_id/length'],
      changes: { object_reference_id: `{fresh}${'x'.repeat(Math.max(0, length - 12))}` },
      states: [noCustomer(words(Math.min(12, length)))],
    }),
  ),
];

/** The shortest and the longest that is certainly good. */
function lengthsOf({ min, max }: LengthConstraint): number[] {
  return [min, max];
}

/** Numbers of each length; among them every digit but 0 in front. */
const NUMBERS = [
  '99887766',
  '12345678',
  '34567890',
  '987654321',
  '234567890',
  '456789012',
  '9988776655',
  '5647382910',
  '6789012345',
  '7890123456',
  '8901234567',
];
const numbers: readonly Example[] = NUMBERS.map((value) =>
  create({
    id: `number-${value}`,
    description: `a create with the mobile_number ${value}, of ${value.length} digits`,
    rules: ['mobile_number/length'],
    changes: { mobile_number: value },
  }),
);

const countries: readonly Example[] = constraintOf('mobile_country_code/values', 'examples').values.map((value) =>
  create({
    id: `country-${value}`,
    description: `a create with the mobile_country_code ${value}`,
    rules: ['mobile_country_code/values'],
    changes: { mobile_country_code: value },
  }),
);

const alphanumeric = ({ allowed }: CharsetConstraint): string => [...allowed].filter((character) => /[A-Za-z0-9]/.test(character)).join('');
const specials = ({ allowed }: CharsetConstraint): string => [...allowed].filter((character) => !/[A-Za-z0-9]/.test(character)).join('');

const names: readonly Example[] = NAMES.flatMap((field) => {
  const charset = constraintOf(`${field}/charset`, 'charset');
  const { max } = constraintOf(`${field}/length`, 'length');
  const special = specials(charset);
  const good = (id: string, what: string, value: string, rule = 'charset'): Example =>
    create({ id: `${field}-${id}`, description: `a create with a ${field} ${what}`, rules: [`${field}/${rule}`], changes: { [field]: value } });
  return [
    good('letters-and-digits', 'of every letter and digit', alphanumeric(charset)),
    good('specials', `with ${special} inside`, `Ana${special}Maria`),
    ...[...special].map((character) => good(`edges-${nameOf(character)}`, `with ${character} at both ends`, `${character}Ana${character}`)),
    ...[...special].map((character) => good(`alone-${nameOf(character)}`, `that is ${character} alone`, character)),
    ...['null', 'true', '12345', '7up'].map((value) => good(`text-${value}`, `that is the text ${value}`, value)),
    good('of-1', 'of 1 character', 'J', 'length'),
    good('of-most', `of ${max} characters`, 'Jo'.repeat(max / 2), 'length'),
  ];
});

const email = constraintOf('email_address/charset', 'charset');
const inside = specials(email);
const edges = [...inside].filter((character) => email.notAtEdges?.includes(character) !== true);
const addresses: readonly Example[] = [
  create({
    id: 'email-letters-and-digits',
    description: 'a create with an email_address of every letter and digit',
    rules: ['email_address/charset'],
    changes: { email_address: `${alphanumeric(email).slice(0, 31)}@example.com` },
  }),
  create({
    id: 'email-letters-and-digits-too',
    description: 'a create with an email_address of the other letters and digits',
    rules: ['email_address/charset'],
    changes: { email_address: `${alphanumeric(email).slice(31)}@example.com` },
  }),
  create({
    id: 'email-specials',
    description: 'a create with an email_address with every documented special character inside',
    rules: ['email_address/charset', 'email_address/local-edges', 'encoding/escaped-plus'],
    changes: { email_address: `john${inside}smith@example.com` },
  }),
  ...edges.map((character) =>
    create({
      id: `email-edges-${nameOf(character)}`,
      description: `a create with an email_address with ${character} at both ends of its local part`,
      rules: ['email_address/charset'],
      changes: { email_address: `${character}john${character}@example.com` },
    }),
  ),
  ...['123456', 'x', 'j.o.h.n_s.m'].map((part) =>
    create({
      id: `email-${part}`,
      description: `a create with ${part} before the @ of email_address`,
      rules: part.includes('.') ? ['email_address/local-edges'] : ['email_address/charset'],
      changes: { email_address: `${part}@example.com` },
    }),
  ),
  create({
    id: 'email-percent',
    description: 'a create with an email_address that reads like an escape',
    rules: ['encoding/percent-once', 'email_address/charset'],
    changes: { email_address: 'john%41smith@example.com' },
  }),
];

/** Everything at once as long as is certainly good, and the longest answer. */
const longest = create({
  id: 'longest-values',
  description: 'a create with the longest values, and the token',
  rules: ['first_name/length', 'last_name/length'],
  changes: {
    object_reference_id: `{fresh}${'x'.repeat(28)}`,
    email_address: `${'long.'.repeat(6)}part@${'domain'.repeat(2)}.example.com`,
    first_name: 'Jo'.repeat(32),
    last_name: 'Sm'.repeat(32),
    [TOKEN_FIELD]: 'true',
  },
});

const types: readonly Example[] = [
  ...constraintOf('content-type/form', 'media-type')
    .conforming.slice(1)
    .map((contentType, index) =>
      create({
        id: `content-type-${index + 1}`,
        description: `a create under Content-Type ${contentType}`,
        rules: ['content-type/form'],
        contentType,
      }),
    ),
  create({
    id: 'content-type-charset',
    description: 'a create under a Content-Type with a charset',
    rules: ['content-type/charset'],
    contentType: constraintOf('content-type/charset', 'media-type').conforming[0] ?? '',
  }),
];

/** A character as part of a stable id. */
export function nameOf(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : `u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

export const ACCEPTED_VALUES: readonly Example[] = [...references, ...numbers, ...addresses, ...names, ...countries, longest, ...types];
