/** Echoes that are not what was sent: folded, cut, converted, swapped, stale. */
import type { CustomerField } from '../behaviour.js';
import { WHERE_ECHOES_SHOW, both, echoed, echoedUnsent, shown, type Fault } from './fault.js';

type Written = Parameters<typeof echoed>[1];

const echo = (field: CustomerField, name: string, defect: string, written: Written, mayBreak: readonly string[] = []): Fault => ({
  name,
  defect,
  breaks: [`response/echo-${field}`],
  mayBreak: ['customers/update', ...WHERE_ECHOES_SHOW, ...mayBreak],
  change: echoed(field, written),
});
const unsent = (field: CustomerField, name: string, defect: string, written: Parameters<typeof echoedUnsent>[1], mayBreak: readonly string[] = []): Fault => ({
  name,
  defect,
  breaks: [`response/echo-${field}`],
  mayBreak: ['response/unsent', ...mayBreak],
  change: echoedUnsent(field, written),
});

const htmlEscaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll("'", '&#39;');
/** What a template language makes of a value that looks like JSON: a number, true, null. */
function asLiteral(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
const isNumeric = (value: string): boolean => /^[0-9]+$/.test(value);

export const ECHO_FAULTS: readonly Fault[] = [
  echo('object_reference_id', 'reference-lower-cased', 'object_reference_id is given back in small letters.', (value) => value.toLowerCase()),
  echo('object_reference_id', 'reference-cut-at-32', 'object_reference_id is given back from a column of 32 characters.', (value) => value.slice(0, 32)),
  echo('object_reference_id', 'reference-cut-at-100', 'object_reference_id is given back from a column of 100 characters.', (value) => value.slice(0, 100)),
  echo('object_reference_id', 'reference-of-digits-as-number', 'An object_reference_id of digits is given back as a number.', (value) =>
    isNumeric(value) ? Number(value) : value,
  ),
  echo('object_reference_id', 'reference-leading-zeros-dropped', 'An object_reference_id of digits has lost its leading zeros.', (value) =>
    isNumeric(value) ? value.replace(/^0+(?=.)/, '') : value,
  ),
  echo(
    'object_reference_id',
    'reference-astral-characters-replaced',
    'The column of object_reference_id holds three bytes a character; others become a question mark.',
    (value) => value.replace(/[\u{10000}-\u{10ffff}]/gu, '?'),
    ['encoding/utf-8'],
  ),
  echo('object_reference_id', 'reference-backslashes-doubled', 'object_reference_id is escaped for SQL, and given back so.', (value) =>
    value.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
  ),
  echo('mobile_number', 'mobile-as-number', 'mobile_number is given back as a JSON number.', (value) => Number(value)),
  echo(
    'mobile_number',
    'mobile-with-country-code',
    'mobile_number is given back with the country code in front.',
    (value, { mobile_country_code: code = '' }) => `${code}${value}`,
  ),
  echo('mobile_number', 'mobile-masked', 'mobile_number is masked as in the logs.', (value) => value.replace(/.(?=.{4})/g, '*')),
  echo('mobile_number', 'mobile-last-nine-digits', 'mobile_number is given back from a column of nine characters.', (value) => value.slice(-9)),
  echo('mobile_country_code', 'country-with-plus', 'A plus is put before the country code.', (value) => (value.startsWith('+') ? value : `+${value}`)),
  echo('mobile_country_code', 'country-as-number', 'mobile_country_code is given back as a JSON number.', (value) => Number(value)),
  echo('mobile_country_code', 'country-always-the-default', 'The default country code is given back, whatever was sent.', () => '91'),
  echo('mobile_country_code', 'country-with-leading-zeros', 'mobile_country_code is filled up to three digits.', (value) => value.padStart(3, '0')),
  unsent('mobile_country_code', 'country-unsent-as-text', 'A country code that was not sent is given back as the text "null".', () => 'null'),
  echo('email_address', 'address-lower-cased', 'email_address is given back in small letters.', (value) => value.toLowerCase()),
  echo('email_address', 'address-html-escaped', 'email_address is given back escaped for HTML.', htmlEscaped),
  echo('email_address', 'address-dots-dropped', 'The dots of the local part are dropped, as one large provider has it.', (value) =>
    value.replace(/\.(?=[^@]*@)/g, ''),
  ),
  echo('email_address', 'address-tag-dropped', 'What stands behind a plus in the local part is dropped.', (value) => value.replace(/\+[^@]*(?=@)/, '')),
  echo('email_address', 'address-cut-at-40', 'email_address is given back from a column of 40 characters.', (value) => value.slice(0, 40)),
  echo('email_address', 'address-masked', 'email_address is masked as in the logs.', (value) => value.replace(/(?<=.).(?=[^@]*@)/g, '*')),
  echo('email_address', 'address-percent-encoded', 'email_address is given back percent-encoded where it has characters that URLs reserve.', (value) =>
    value.replace(/[#?&=]/g, (character) => encodeURIComponent(character)),
  ),
  unsent(
    'email_address',
    'address-unsent-is-the-reference',
    'An address that was not sent is taken from object_reference_id.',
    (values) => values.object_reference_id,
  ),
  echo('first_name', 'first-name-capitalised', 'The first letter of first_name is made a capital.', (value) =>
    value.replace(/^[a-z]/, (letter) => letter.toUpperCase()),
  ),
  echo('first_name', 'first-name-hyphens-to-blanks', 'Hyphens of first_name are given back as blanks.', (value) => value.replaceAll('-', ' ')),
  echo('first_name', 'first-name-read-as-json', 'first_name is given back as what JSON reads in it: null, true, a number.', asLiteral),
  echo('first_name', 'first-name-cut-at-32', 'first_name is given back from a column of 32 characters.', (value) => value.slice(0, 32)),
  echo('first_name', 'first-name-in-a-list', 'first_name is given back as a list of names.', (value) => [value]),
  unsent('first_name', 'first-name-unsent-as-text', 'A first name that was not sent is given back as the text "null".', () => 'null'),
  echo('last_name', 'last-name-upper-cased', 'last_name is given back in capitals.', (value) => value.toUpperCase()),
  echo('last_name', 'last-name-parentheses-stripped', 'Parentheses of last_name are not given back.', (value) => value.replace(/[()]/g, '')),
  echo('last_name', 'last-name-of-digits-as-number', 'A last_name of digits is given back as a number.', (value) => (isNumeric(value) ? Number(value) : value)),
  echo('last_name', 'last-name-cut-at-30', 'last_name is given back from a column of 30 characters.', (value) => value.slice(0, 30)),
  echo(
    'last_name',
    'last-name-dots-at-the-edges-stripped',
    'Dots at the edges of last_name are not given back.',
    (value) => value.replace(/^\.+|\.+$/g, '') || value,
  ),
  unsent('last_name', 'last-name-unsent-as-text', 'A last name that was not sent is given back as the text "undefined".', () => 'undefined'),
  unsent('last_name', 'last-name-unsent-is-the-first', 'A last name that was not sent is given back as the first name.', (values) => values.first_name ?? null),
  {
    name: 'names-swapped',
    defect: 'first_name and last_name are given back the wrong way round.',
    breaks: ['response/echo-first_name', 'response/echo-last_name'],
    mayBreak: ['customers/update', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: shown((members) => ({ ...members, first_name: members['last_name'], last_name: members['first_name'] })),
  },
  {
    name: 'names-joined',
    defect: 'Both names are given back in first_name.',
    breaks: ['response/echo-first_name', 'response/echo-last_name'],
    mayBreak: ['customers/update', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: both(
      echoed('first_name', (value, { last_name: last }) => (last === undefined ? value : `${value} ${last}`)),
      echoed('last_name', (value, { first_name: first }) => (first === undefined ? value : '')),
    ),
  },
  {
    name: 'address-left-out',
    defect: 'The member email_address is called email.',
    breaks: ['response/echo-email_address'],
    mayBreak: ['customers/update', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: shown(({ email_address, ...members }) => ({ ...members, email: email_address })),
  },
  {
    name: 'last-name-left-out-with-token',
    defect: 'The answer that has the token is made by another function, which forgets last_name.',
    breaks: ['response/echo-last_name'],
    mayBreak: ['customers/read', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: shown((members) => {
      if (members['juspay'] === undefined) return members;
      const { last_name: _, ...rest } = members;
      return rest;
    }),
  },
  {
    name: 'first-name-of-the-previous-customer',
    defect: 'The first name is kept in a variable of the module, and read before it is written.',
    breaks: ['response/echo-first_name'],
    mayBreak: ['privacy/other-customers', 'customers/read', 'customers/update', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: ({ members }) => {
      let previous: unknown = null;
      return {
        members: (given, customer, call) => {
          const stale = { ...members(given, customer, call), ...(call.route.kind === 'create' && { first_name: previous }) };
          previous = customer.values.first_name ?? null;
          return stale;
        },
      };
    },
  },
  {
    name: 'unsent-address-of-the-previous-customer',
    defect: 'The row that customers are read into is used again, so that an address that was not sent is that of the customer before.',
    breaks: ['response/echo-email_address'],
    mayBreak: ['privacy/other-customers', 'customers/read', 'response/unsent', ...WHERE_ECHOES_SHOW],
    change: ({ echo: before }) => {
      let previous: string | undefined;
      return {
        echo: (field, value, customer, call) => {
          if (field !== 'email_address' || call.route.kind !== 'create') return before(field, value, customer, call);
          previous = value ?? previous;
          return before(field, previous, customer, call);
        },
      };
    },
  },
];
