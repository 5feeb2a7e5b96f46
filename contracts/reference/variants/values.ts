/** Readings of the values of a reference, a mobile number, a country code and the token option, and of empty values. */
import type { Behaviour, Change, OptionalField } from '../behaviour.js';
import type { Variant } from './variant.js';

const reference =
  (reading: Partial<Behaviour['referenceReading']>): Change =>
  ({ referenceReading }) => ({ referenceReading: { ...referenceReading, ...reading } });
const mobile =
  (reading: Partial<Behaviour['numberReading']>): Change =>
  ({ numberReading }) => ({ numberReading: { ...numberReading, ...reading } });
const country =
  (reading: Partial<Behaviour['countryReading']>): Change =>
  ({ countryReading }) => ({ countryReading: { ...countryReading, ...reading } });
const keptAs =
  (field: keyof Behaviour['kept'], as: (value: string) => string): Change =>
  ({ kept }) => ({ kept: { ...kept, [field]: (value: string, values: Parameters<Behaviour['kept'][typeof field]>[1]) => as(kept[field](value, values)) } });
const keyedAs =
  (as: (value: string) => string): Change =>
  ({ referenceKey }) => ({ referenceKey: (value, fields) => referenceKey(as(value), fields) });
const checkedAs =
  (field: keyof Behaviour['checks'], as: (value: string) => string): Change =>
  ({ checks }) => ({ checks: { ...checks, [field]: (value: string, behaviour: Behaviour) => checks[field](as(value), behaviour) } });
const all =
  (...changes: readonly Change[]): Change =>
  (behaviour) =>
    changes.reduce<Partial<Behaviour>>((done, change) => ({ ...done, ...change({ ...behaviour, ...done }) }), {});

const withoutEdgeBlanks = (value: string): string => value.replace(/^ +| +$/g, '');
const withoutPlus = (value: string): string => value.replace(/^\+/, '');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Beyond any limit that is compared with it, so that a value of 100,000 characters is not counted to its end. */
const COUNTED_TO = 1_000;
// eslint-disable-next-line no-control-regex -- every character of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;

function graphemeLength(value: string): number {
  if (ASCII.test(value)) return value.length;
  let length = 0;
  for (const iterator = graphemes.segment(value)[Symbol.iterator](); length < COUNTED_TO && iterator.next().done !== true;) length += 1;
  return length;
}

/** Codes that are assigned to countries, of one digit, two and three: the list of assigned codes of E.164. */
const KNOWN_CODE = new RegExp(
  `^(?:${[
    '[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]',
    '2(?:1[1-368]|[2346][0-9]|5[0-8]|9[017-9])|3(?:[57][0-9]|8[0-35-79])|42[013]|5[09][0-9]',
    '6(?:7[02-9]|8[0-9]|9[0-2])|8(?:5[02356]|8[06])|9(?:6[0-8]|7[0-79]|9[2-68])',
  ].join('|')})$`,
);

const OPTIONAL_FIELDS: readonly OptionalField[] = ['email_address', 'first_name', 'last_name', 'mobile_country_code'];

const EMPTY_VARIANTS: readonly Variant[] = OPTIONAL_FIELDS.flatMap((field): readonly Variant[] => {
  const dashed = field.replaceAll('_', '-');
  const rule = `${field}/empty`;
  const question = `${field}-empty`;
  const when =
    (meaning: 'kept' | 'unsent'): Change =>
    ({ whenEmpty }) => ({ whenEmpty: { ...whenEmpty, [field]: meaning } });
  return [
    { name: `${dashed}-empty-kept`, reading: `An empty ${field} is accepted and given back empty.`, rule, takes: 'accepted', question, change: when('kept') },
    {
      name: `${dashed}-empty-unsent`,
      reading: `An empty ${field} is as if it were not sent.`,
      rule,
      takes: 'accepted as unsent',
      question,
      change: when('unsent'),
    },
  ];
});

export const VALUE_VARIANTS: readonly Variant[] = [
  {
    name: 'reference-address-characters',
    reading: 'A reference is made of letters, digits and what addresses are made of, and of nothing else.',
    rule: 'object_reference_id/characters',
    takes: 'refused',
    question: 'reference-characters',
    change: reference({ character: () => false }),
  },
  {
    name: 'reference-ascii',
    reading: 'A reference is made of printable ASCII, blanks included.',
    rule: 'object_reference_id/characters',
    takes: 'ASCII accepted',
    question: 'reference-characters',
    change: reference({ character: (character) => /[ -~]/.test(character) }),
  },
  {
    name: 'reference-no-blanks',
    reading: 'A reference has no white space and no control characters; anything else is accepted.',
    rule: 'object_reference_id/characters',
    takes: 'all but blanks accepted',
    question: 'reference-characters',
    change: reference({ character: (character) => !/[\s\p{Cc}\p{Cs}]/u.test(character) }),
  },
  {
    name: 'reference-any-letter',
    reading: 'A reference may have letters and digits of any script, and no other characters beyond those of addresses.',
    rule: 'object_reference_id/characters',
    takes: 'letters accepted',
    question: 'reference-characters',
    change: reference({ character: (character) => /[\p{L}\p{M}\p{N}]/u.test(character) }),
  },
  {
    name: 'reference-control-accepted',
    reading: 'A reference may have any character, control characters included.',
    rule: 'object_reference_id/characters',
    takes: 'control accepted',
    question: 'reference-characters',
    change: reference({ character: (character) => !/\p{Cs}/u.test(character) }),
  },
  {
    name: 'reference-unlimited',
    reading: 'A reference can be as long as the body.',
    rule: 'object_reference_id/max-length',
    takes: 'accepted',
    question: 'reference-longest',
    change: reference({ longest: Number.POSITIVE_INFINITY }),
  },
  {
    name: 'reference-255',
    reading: 'A reference has at most 255 characters.',
    rule: 'object_reference_id/max-length',
    takes: 'accepted to 255',
    question: 'reference-longest',
    change: reference({ longest: 255 }),
  },
  {
    name: 'reference-utf-16-units',
    reading: 'The length of a reference is counted in UTF-16 units.',
    rule: 'object_reference_id/length-unit',
    takes: 'UTF-16 units',
    question: 'reference-length-unit',
    change: reference({ length: (value) => value.length }),
  },
  {
    name: 'reference-graphemes',
    reading: 'The length of a reference is counted in what a reader takes for characters.',
    rule: 'object_reference_id/length-unit',
    takes: 'graphemes',
    question: 'reference-length-unit',
    change: reference({ length: graphemeLength }),
  },
  {
    name: 'reference-letter-case-ignored',
    reading: 'References that differ in letter case only are one customer.',
    rule: 'object_reference_id/letter-case',
    takes: 'one customer',
    question: 'reference-letter-case',
    change: keyedAs((value) => value.toLowerCase()),
  },
  {
    name: 'reference-edge-blanks-ignored',
    reading: 'References that differ in blanks at the edges only are one customer.',
    rule: 'object_reference_id/edge-blanks',
    takes: 'one customer',
    question: 'reference-edge-blanks',
    change: keyedAs(withoutEdgeBlanks),
  },
  {
    name: 'reference-trimmed',
    reading: 'Blanks at the edges of a reference are dropped before anything is done with it.',
    rule: 'object_reference_id/edge-blanks',
    takes: 'trimmed',
    question: 'reference-edge-blanks',
    change: all(checkedAs('object_reference_id', withoutEdgeBlanks), keptAs('object_reference_id', withoutEdgeBlanks)),
  },
  {
    name: 'reference-edge-blanks-refused',
    reading: 'A reference that begins or ends with a blank is refused.',
    rule: 'object_reference_id/edge-blanks',
    takes: 'refused',
    question: 'reference-edge-blanks',
    change: ({ checks }) => ({
      checks: { ...checks, object_reference_id: (value, behaviour) => value === withoutEdgeBlanks(value) && checks.object_reference_id(value, behaviour) },
    }),
  },
  {
    name: 'reference-normal-form-ignored',
    reading: 'References that are canonically equivalent in Unicode are one customer.',
    rule: 'object_reference_id/normal-form',
    takes: 'one customer',
    question: 'reference-normal-form',
    change: keyedAs((value) => value.normalize('NFC')),
  },
  {
    name: 'reference-normalised',
    reading: 'A reference is brought into Unicode normal form C, and given back so.',
    rule: 'object_reference_id/normal-form',
    takes: 'normalised',
    question: 'reference-normal-form',
    change: all(
      checkedAs('object_reference_id', (value) => value.normalize('NFC')),
      keptAs('object_reference_id', (value) => value.normalize('NFC')),
    ),
  },
  {
    name: 'mobile-plus-accepted',
    reading: 'A mobile number may have a plus in front, and is given back with it.',
    rule: 'mobile_number/plus',
    takes: 'accepted',
    question: 'mobile-plus',
    change: mobile({ plus: true }),
  },
  {
    name: 'mobile-plus-dropped',
    reading: 'A mobile number may have a plus in front, which is dropped from what is kept.',
    rule: 'response/open-echo',
    takes: 'normalised',
    question: 'mobile-plus',
    change: all(mobile({ plus: true }), keptAs('mobile_number', withoutPlus)),
  },
  {
    name: 'mobile-leading-zero-refused',
    reading: 'A mobile number does not begin with 0.',
    rule: 'mobile_number/leading-zero',
    takes: 'refused',
    question: 'mobile-leading-zero',
    change: mobile({ leadingZero: false }),
  },
  {
    name: 'mobile-leading-zero-dropped',
    reading: 'The trunk prefix 0 is dropped from a mobile number.',
    rule: 'response/open-echo',
    takes: 'normalised',
    question: 'mobile-leading-zero',
    change: keptAs('mobile_number', (value) => (value.length > 1 ? value.replace(/^0/, '') : value)),
  },
  {
    name: 'mobile-eight-to-ten',
    reading: 'A mobile number has 8 to 10 digits and no others.',
    rule: 'mobile_number/other-lengths',
    takes: 'refused',
    question: 'mobile-lengths',
    change: mobile({ shortest: 8, longest: 10 }),
  },
  {
    name: 'mobile-any-length',
    reading: 'A mobile number has one digit or more.',
    rule: 'mobile_number/other-lengths',
    takes: 'accepted',
    question: 'mobile-lengths',
    change: mobile({ shortest: 1, longest: Number.POSITIVE_INFINITY }),
  },
  {
    name: 'country-plus-accepted',
    reading: 'A country code may have a plus in front, and is given back with it.',
    rule: 'mobile_country_code/plus',
    takes: 'accepted',
    question: 'country-plus',
    change: country({ plus: true }),
  },
  {
    name: 'country-plus-dropped',
    reading: 'A country code may have a plus in front, which is dropped from what is kept.',
    rule: 'response/open-echo',
    takes: 'normalised',
    question: 'country-plus',
    change: all(country({ plus: true }), keptAs('mobile_country_code', withoutPlus)),
  },
  {
    name: 'country-known-only',
    reading: 'A country code that no country has is refused.',
    rule: 'mobile_country_code/unknown',
    takes: 'refused',
    question: 'country-unknown',
    change: country({ known: (digits) => KNOWN_CODE.test(digits) }),
  },
  {
    name: 'country-long-accepted',
    reading: 'A country code can have any number of digits.',
    rule: 'mobile_country_code/long',
    takes: 'accepted',
    question: 'country-long',
    change: country({ longest: Number.POSITIVE_INFINITY }),
  },
  {
    name: 'option-other-false',
    reading: 'Any value of options.get_client_auth_token but true is taken as false.',
    rule: 'options.get_client_auth_token/other-values',
    takes: 'false',
    question: 'option',
    change: () => ({ asksForToken: (value) => value === 'true' }),
  },
  {
    name: 'option-letter-case-ignored',
    reading: 'true and false are understood in any letter case; other values are refused.',
    rule: 'options.get_client_auth_token/other-values',
    takes: 'true in another letter case',
    question: 'option',
    change: ({ asksForToken }) => ({ asksForToken: (value) => asksForToken(value?.toLowerCase()) }),
  },
  {
    name: 'option-spellings-of-true',
    reading: 'TRUE, 1, yes and on ask for the token too, with blanks around them or without; any other value does not.',
    rule: 'options.get_client_auth_token/other-values',
    takes: 'true in other spellings',
    question: 'option',
    change: () => ({ asksForToken: (value) => /^\s*(?:true|1|yes|y|on|t)\s*$/i.test(value ?? '') }),
  },
  {
    name: 'option-empty-false',
    reading: 'An empty options.get_client_auth_token is taken as false.',
    rule: 'options.get_client_auth_token/other-values',
    takes: 'empty as false',
    question: 'option-empty',
    change: ({ asksForToken }) => ({ asksForToken: (value) => (value === '' ? false : asksForToken(value)) }),
  },
  {
    name: 'email-address-required',
    reading: 'email_address has to be sent, as where the gateway behind requires it.',
    rule: 'email_address/absent',
    takes: 'refused',
    question: 'email_address-empty',
    change: ({ required }) => ({ required: [...required, 'email_address'] }),
  },
  ...EMPTY_VARIANTS,
];
