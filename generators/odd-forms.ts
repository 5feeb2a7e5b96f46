/** Form bodies that the document leaves open as a whole: repeated and unknown fields, broken escapes, odd bytes. */
import type { FieldName, OddForm } from '../contracts/model.js';
import { encodeForm, encodeText, type Fields } from './form.js';

/** One open case, and how to make its body from the fields of a safe request. */
export interface OddCase {
  /** Names the case for the reading: the field or place, and what is odd about it. */
  readonly case: string;
  /** The documented field that is odd, where one is. */
  readonly field?: FieldName;
  build(fields: Fields): Buffer;
}

/** The pair of one field as it stands on the wire, replaced or with others beside it; the field is added where it is not sent. */
function withPair(fields: Fields, field: FieldName, pairs: (name: string, value: string) => readonly string[]): Buffer {
  const name = encodeText(field);
  const sent = fields.some(([key]) => key === field) ? fields : [...fields, [field, GOOD[field]] as const];
  const parts = sent.flatMap(([key, value]) => (key === field ? pairs(name, value) : [encodeForm([[key, value]]).toString('latin1')]));
  return Buffer.from(parts.join('&'), 'latin1');
}

/** For fields that the request at hand leaves out. */
const GOOD: Readonly<Record<FieldName, string>> = {
  object_reference_id: 'cust_123489',
  mobile_number: '987654321',
  email_address: 'user@example.com',
  first_name: 'Maria',
  last_name: 'Silva',
  mobile_country_code: '55',
  'options.get_client_auth_token': 'true',
};

/** Another good value and a bad one of each field that may be repeated without another customer coming of it. */
const REPEATED: readonly { readonly field: FieldName; readonly other: string; readonly bad: string }[] = [
  { field: 'first_name', other: 'Joana', bad: 'a b' },
  { field: 'email_address', other: 'second@example.com', bad: 'a b@example.com' },
  { field: 'mobile_number', other: '99887766', bad: '98765 4321' },
  { field: 'last_name', other: 'Souza', bad: 'a;b' },
  { field: 'mobile_country_code', other: '65', bad: '5a' },
];

function repeated(): OddCase[] {
  const pair = (name: string, value: string): string => `${name}=${encodeText(value)}`;
  const orders: readonly (readonly [name: string, values: (value: string, other: string, bad: string) => readonly string[]])[] = [
    ['good then bad', (value, _, bad) => [value, bad]],
    ['bad then good', (value, _, bad) => [bad, value]],
    ['two different good ones', (value, other) => [value, other]],
    ['the same twice', (value) => [value, value]],
  ];
  return orders.flatMap(([order, values]) =>
    REPEATED.map(({ field, other, bad }): OddCase => ({
      case: `${field}: ${order}`,
      field,
      build: (fields) => withPair(fields, field, (name, value) => values(value, value === other ? GOOD[field] : other, bad).map((each) => pair(name, each))),
    })),
  );
}

function added(name: string, raw: string): OddCase {
  return { case: name, build: (fields) => Buffer.concat([encodeForm(fields), Buffer.from(`&${raw}`, 'latin1')]) };
}

/** What stands raw behind (or, where it holds `{value}`, around) the good value of a field. */
function inValue(field: FieldName, what: string, raw: string): OddCase {
  const written = (value: string): string => (raw.includes('{value}') ? raw.replace('{value}', () => encodeText(value)) : encodeText(value) + raw);
  return { case: `${field}: ${what}`, field, build: (fields) => withPair(fields, field, (name, value) => [`${name}=${written(value)}`]) };
}

const MALFORMED: readonly (readonly [what: string, raw: string])[] = [
  ['% at the end', '%'],
  ['% and one hex digit at the end', '%4'],
  ['% and no hex', '%zz'],
  ['%u0041', '%u0041'],
  ['%% in front', '%%{value}'],
];

const NOT_UTF_8: readonly (readonly [what: string, raw: string])[] = [
  ['escaped FF', '%FF'],
  ['escaped lead byte alone', '%C3'],
  ['escaped continuation byte alone', '%80'],
  ['escaped overlong NUL', '%C0%80'],
  ['escaped lone surrogate', '%ED%A0%80'],
  ['raw byte FF', '\xff'],
];

const NUL: readonly (readonly [what: string, raw: string])[] = [
  ['escaped NUL at the end', '%00'],
  ['escaped NUL in front', '%00{value}'],
  ['raw NUL at the end', '\0'],
];

/** One field after the other for the first oddity, then for the next, so that the first few have both. */
function across(fields: readonly FieldName[], oddities: readonly (readonly [what: string, raw: string])[]): OddCase[] {
  return oddities.flatMap(([what, raw]) => fields.map((field) => inValue(field, what, raw)));
}

/** The cases of an odd form, the most telling first. */
export function oddForm(form: OddForm): readonly OddCase[] {
  switch (form) {
    case 'repeated':
      return repeated();
    case 'unknown-field':
      return [
        added('an unknown field', 'nickname=Mia'),
        added('an unknown field that is empty', 'nickname='),
        added('an unknown field without an equals sign', 'nickname'),
        added('an empty name', '=x'),
        added('a documented name in capitals', 'FIRST_NAME=Joana'),
        added('a documented name with brackets', 'first_name[]=Joana'),
        added('the token option with brackets', 'options[get_client_auth_token]=true'),
        added('__proto__', '__proto__=x'),
        added('a member of __proto__', '__proto__[object_reference_id]=x'),
        added('constructor', 'constructor=x'),
        // A target that takes all that it gets for the customer's would give its own members away.
        added('names of members of the answer', 'id=1&object=order&date_created=2001-01-01T00%3A00%3A00Z&last_updated=2001-01-01T00%3A00%3A00Z'),
      ];
    case 'malformed-escape':
      return [...across(['first_name', 'email_address'], MALFORMED), added('a malformed escape in an unknown name', '%zz=x')];
    case 'invalid-utf-8':
      return [...across(['first_name', 'email_address'], NOT_UTF_8), added('escaped FF in an unknown name', '%FF=x')];
    case 'nul':
      return [...across(['first_name', 'email_address', 'mobile_number'], NUL), added('escaped NUL in an unknown name', 'a%00b=x')];
    default:
      return form satisfies never;
  }
}
