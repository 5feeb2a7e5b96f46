/** Characters of references, mobile numbers, country codes, and the values of the token option. */
import { check, WHERE_BAD_VALUES_PASS, type Fault } from './fault.js';

const digits = (name: string, defect: string, accepted: (value: string) => boolean): Fault => ({
  name,
  defect,
  breaks: ['mobile_number/digits'],
  mayBreak: WHERE_BAD_VALUES_PASS,
  change: check('mobile_number', (value, right) => right(value) || accepted(value)),
});
const country = (name: string, defect: string, accepted: (value: string) => boolean): Fault => ({
  name,
  defect,
  breaks: ['mobile_country_code/digits'],
  mayBreak: WHERE_BAD_VALUES_PASS,
  change: check('mobile_country_code', (value, right) => right(value) || accepted(value)),
});

export const VALUE_CHARACTER_FAULTS: readonly Fault[] = [
  {
    name: 'reference-at-refused',
    defect: 'object_reference_id is held to letters, digits and _ - . +.',
    breaks: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && !value.includes('@')),
  },
  {
    name: 'reference-digits-only-refused',
    defect: 'object_reference_id has to have a letter.',
    breaks: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && !/^[0-9]+$/.test(value)),
  },
  {
    name: 'reference-short-number-refused',
    defect: 'An object_reference_id of digits is taken for a mobile number, and has to have ten.',
    breaks: ['object_reference_id/forms'],
    mayBreak: ['object_reference_id/length'],
    change: check('object_reference_id', (value, right) => right(value) && !/^[0-9]{1,9}$/.test(value)),
  },
  {
    name: 'reference-underscore-refused',
    defect: 'object_reference_id is held to letters, digits and what addresses need, without the underscore.',
    breaks: ['object_reference_id/forms'],
    mayBreak: ['object_reference_id/length'],
    change: check('object_reference_id', (value, right) => right(value) && !value.includes('_')),
  },
  {
    name: 'reference-plus-refused',
    defect: 'An address in object_reference_id is held to the pattern of plain addresses, without tags.',
    breaks: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && !(value.includes('+') && value.includes('@'))),
  },
  {
    name: 'reference-digit-in-front-refused',
    defect: 'An object_reference_id with letters in it has to begin with one, as names of variables do.',
    breaks: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && !(/^[0-9]/.test(value) && /[a-z]/i.test(value))),
  },
  {
    name: 'reference-dot-refused',
    defect: 'A dot in object_reference_id is taken for a file extension.',
    breaks: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && !value.includes('.')),
  },
  digits('mobile-letters-accepted', 'The mobile number is held to \\w.', (value) => /^\w{6,15}$/.test(value)),
  digits('mobile-separators-accepted', 'Blanks, hyphens and parentheses are removed from the mobile number before the check.', (value) =>
    /^[0-9]{6,15}$/.test(value.replace(/[ ()-]/g, '')),
  ),
  digits('mobile-final-newline-accepted', 'The $ of the pattern of mobile_number matches before a final newline.', (value) => /^[0-9]{6,15}\n$/.test(value)),
  digits('mobile-digits-of-other-scripts-accepted', 'The \\d of the pattern of mobile_number is that of Unicode.', (value) => /^\p{Nd}{6,15}$/u.test(value)),
  digits(
    'mobile-any-number-accepted',
    'The mobile number has to be a number, as the language understands it.',
    (value) => value.length > 5 && Number.isFinite(Number(value)) && value.trim() !== '',
  ),
  digits('mobile-number-in-front-accepted', 'The mobile number is parsed as far as it goes.', (value) => Number.parseInt(value, 10) >= 10_000),
  digits('mobile-trimmed-before-the-check', 'White space around the mobile number is dropped before it is checked.', (value) =>
    /^[0-9]{6,15}$/.test(value.trim()),
  ),
  country('country-letters-accepted', 'The country code may be that of ISO, in letters.', (value) => /^[A-Za-z]{2,3}$/.test(value)),
  country('country-blanks-accepted', 'Blanks in the country code are not minded.', (value) => /^[0-9]{1,4}$/.test(value.replaceAll(' ', ''))),
  country('country-hyphen-accepted', 'The country code may have an area code behind a hyphen.', (value) => /^[0-9-]{1,7}$/.test(value)),
  country('country-any-word-accepted', 'The country code is held to \\w.', (value) => /^\w{1,4}$/.test(value)),
  {
    name: 'country-65-unknown',
    defect: 'Singapore is missing in the list of country codes.',
    breaks: ['mobile_country_code/values'],
    change: check('mobile_country_code', (value, right) => right(value) && value !== '65'),
  },
  {
    name: 'country-three-digits-needed',
    defect: 'Country codes are compared with their leading zeros, as three digits.',
    breaks: ['mobile_country_code/values'],
    change: check('mobile_country_code', (value, right) => right(value) && (value.length >= 3 || value === '91')),
  },
  {
    name: 'option-true-refused',
    defect: 'options.get_client_auth_token asks with 1; true is no number, and refused.',
    breaks: ['options.get_client_auth_token/true'],
    mayBreak: ['token/iff-asked', 'options.get_client_auth_token/other-values'],
    change: ({ asksForToken }) => ({ asksForToken: (value) => (value === '1' ? true : value === 'true' ? undefined : asksForToken(value)) }),
  },
  {
    name: 'option-false-refused',
    defect: 'options.get_client_auth_token can only be true or left out.',
    breaks: ['options.get_client_auth_token/false'],
    change: ({ asksForToken }) => ({ asksForToken: (value) => (value === 'false' ? undefined : asksForToken(value)) }),
  },
];
