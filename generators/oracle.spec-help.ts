/**
 * A third judge, for specs: what the document says of each field, written out as regular expressions from the facts, with nothing
 * of the judge's or the generators' code. It says which rules a value breaks, and whether it is good beyond doubt.
 */
import type { Constraint, FieldName } from '../contracts/model.js';
import type { Fresh, PartInput } from './input.js';
import { referenceId } from './request.js';

export interface OracleSays {
  /** Names of the rules broken, without their topic. */
  readonly broken: readonly string[];
  /** No reading refuses it. */
  readonly good: boolean;
}

type Oracle = (value: string) => OracleSays;

const broken = (rules: Readonly<Record<string, boolean>>): string[] => Object.keys(rules).filter((rule) => rules[rule] === true);

const NAME: Oracle = (value) => ({
  broken: broken({ charset: /[ \t\n!"#$%&'*+,/:;<=>?@[\\\]^`{|}~]/.test(value) }),
  good: /^[A-Za-z0-9().\-_]{1,64}$/.test(value) && !value.endsWith('\n'),
});

const NOT_A_DIGIT = /[A-Za-z \t\n\-.,/()_:;#*٣५７]/;

/** An address with plain labels, whatever its local part begins and ends with. */
const ADDRESS = /^[A-Za-z0-9!#$%&'*+\-/=?^_.{|}~`]+@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z0-9]+(?:-[a-z0-9]+)*$/;

const ORACLES: Readonly<Record<FieldName, Oracle>> = {
  first_name: NAME,
  last_name: NAME,
  mobile_number: (value) => ({
    broken: broken({ required: value === '', digits: NOT_A_DIGIT.test(value) || value.lastIndexOf('+') > 0 }),
    good: /^[1-9][0-9]{7,9}$/.test(value) && !value.endsWith('\n'),
  }),
  mobile_country_code: (value) => ({
    broken: broken({ digits: NOT_A_DIGIT.test(value) || value.lastIndexOf('+') > 0 }),
    good: ['55', '65', '91'].includes(value),
  }),
  email_address: (value) => ({
    broken: broken({
      charset: /[ \t\n"(),:;<>[\\\]]/.test(value),
      'local-edges': /^(?:[_.][^@]*|[^@]*[_.])@[^@]*$/.test(value),
      separator: value !== '' && (!value.includes('@') || /^@[^@]*$|^[^@]*@$/.test(value)),
    }),
    good:
      /^[A-Za-z0-9!#$%&'*+\-/=?^_.{|}~`]{1,64}@(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.)+[a-z][a-z0-9]*$/.test(value) &&
      value.length <= 128 &&
      !/\.\.|^[_.]|[_.]@|\n/.test(value),
  }),
  object_reference_id: (value) => ({
    broken: broken({ required: value === '', length: value.length < 8 }),
    good:
      (/^[A-Za-z0-9_]{8,128}$/.test(value) || (ADDRESS.test(value) && !/\.\.|^[_.]|[_.]@/.test(value))) &&
      value.length >= 8 &&
      value.length <= 128 &&
      !value.includes('\n'),
  }),
  'options.get_client_auth_token': (value) => ({ broken: [], good: value === 'true' || value === 'false' }),
};

/** What the document says of a value of the field. */
export function oracle(field: FieldName, value: string): OracleSays {
  return ORACLES[field](value);
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const NO_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz \t\n-.,/()_:;#*٣५７+';

/** A rule of a field as the facts have it, and the name that the oracle has for it. */
export interface SampleRule {
  readonly name: string;
  readonly field: FieldName;
  readonly constraint: Constraint;
}

const nameRules = (field: 'first_name' | 'last_name'): SampleRule[] => [
  {
    name: 'charset',
    field,
    constraint: {
      kind: 'charset',
      field,
      scope: 'value',
      allowed: `${ALPHANUMERIC}().-_`,
      forbidden: ' !"#$%&\'*+,/:;<=>?@[\\]^`{|}~\t\n',
      length: [1, 64],
      alphabet: 'letters',
    },
  },
  { name: 'length', field, constraint: { kind: 'length', field, min: 1, max: 64, below: 'open', above: 'open', alphabet: 'letters' } },
  { name: 'optional', field, constraint: { kind: 'presence', fields: [field], presence: 'optional' } },
];

const digits = (field: FieldName, length: readonly [number, number]): SampleRule => ({
  name: 'digits',
  field,
  constraint: { kind: 'charset', field, scope: 'value', allowed: '0123456789', forbidden: NO_DIGITS, openInFront: '+', length, alphabet: 'digits' },
});

const required = (field: FieldName): SampleRule => ({ name: 'required', field, constraint: { kind: 'presence', fields: [field], presence: 'required' } });

/** Every constraint on fields, written from the facts. */
export const SAMPLE_RULES: readonly SampleRule[] = [
  ...nameRules('first_name'),
  ...nameRules('last_name'),
  required('mobile_number'),
  digits('mobile_number', [8, 10]),
  {
    name: 'length',
    field: 'mobile_number',
    constraint: { kind: 'length', field: 'mobile_number', min: 8, max: 10, below: 'open', above: 'open', alphabet: 'digits' },
  },
  digits('mobile_country_code', [2, 2]),
  { name: 'values', field: 'mobile_country_code', constraint: { kind: 'examples', field: 'mobile_country_code', values: ['55', '65', '91'] } },
  {
    name: 'charset',
    field: 'email_address',
    constraint: {
      kind: 'charset',
      field: 'email_address',
      scope: 'local-part',
      allowed: `${ALPHANUMERIC}!#$%&'*+-/=?^_.{|}~\``,
      forbidden: ' "(),:;<>[\\]\t\n',
      notAtEdges: '_.',
      length: [1, 64],
      alphabet: 'letters',
    },
  },
  { name: 'local-edges', field: 'email_address', constraint: { kind: 'edges', field: 'email_address', scope: 'local-part', characters: '_.' } },
  { name: 'separator', field: 'email_address', constraint: { kind: 'separator', field: 'email_address', separator: '@' } },
  required('object_reference_id'),
  {
    name: 'length',
    field: 'object_reference_id',
    constraint: { kind: 'length', field: 'object_reference_id', min: 8, max: 128, below: 'violating', above: 'open', alphabet: 'word' },
  },
  {
    name: 'forms',
    field: 'object_reference_id',
    constraint: { kind: 'forms', field: 'object_reference_id', forms: ['prefixed', 'email', 'mobile', 'database-id'] },
  },
  {
    name: 'true',
    field: 'options.get_client_auth_token',
    constraint: { kind: 'examples', field: 'options.get_client_auth_token', values: ['true'] },
  },
  {
    name: 'false',
    field: 'options.get_client_auth_token',
    constraint: { kind: 'examples', field: 'options.get_client_auth_token', values: ['false'] },
  },
];

/** Unique characters as a run gives them. */
export function counting(): Fresh {
  let n = 0;
  return (length, alphabet) => referenceId({ token: 'k7m2q', scope: 7, n: n++, length, alphabet });
}

/** The value that an input puts into its field; `undefined` where it is none, `null` where it is not sent. */
export function valueOf(input: PartInput, field: FieldName): string | null | undefined {
  if (input.part === 'fields') return input.values[field];
  return input.part === 'field' && input.field === field ? input.value : undefined;
}
