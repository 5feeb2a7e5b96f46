/** Characters and edges of e-mail addresses. */
import { check, WHERE_BAD_VALUES_PASS, WHERE_ECHOES_SHOW, type Fault } from './fault.js';

/** The value with its local part written otherwise. */
function local(value: string, written: (part: string) => string): string {
  const at = value.indexOf('@');
  return at < 1 ? value : `${written(value.slice(0, at))}${value.slice(at)}`;
}

const ACCEPTING: readonly Fault[] = [
  {
    name: 'address-trimmed-before-the-check',
    defect: 'White space at the edges of email_address is dropped before it is checked.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(value.trim())),
  },
  {
    name: 'address-final-newline-accepted',
    defect: 'The $ of the pattern of email_address matches before a final newline.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(value.replace(/\n$/, ''))),
  },
  {
    name: 'address-comma-in-a-range',
    defect: 'The hyphen in the pattern of email_address stands between + and /, where it makes a range.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(local(value, (part) => part.replaceAll(',', 'x')))),
  },
  {
    name: 'address-backslash-accepted',
    defect: 'A character of the pattern of email_address is escaped once too often.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(local(value, (part) => part.replaceAll('\\', 'x')))),
  },
  {
    name: 'address-parentheses-accepted',
    defect: 'The characters of names are allowed in email_address too.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(local(value, (part) => part.replace(/[()]/g, 'x')))),
  },
  {
    name: 'address-blank-inside-accepted',
    defect: 'Blanks are removed from email_address before it is checked.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(value.replaceAll(' ', ''))),
  },
  {
    name: 'address-domain-unchecked',
    defect: 'What stands behind the @ of email_address is not looked at.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(value) || right(value.replace(/@[^@]+$/, '@example.com'))),
  },
  {
    name: 'address-local-part-unchecked',
    defect: 'What stands before the @ of email_address is looked at only at its edges.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(local(value, (part) => part.replace(/[^A-Za-z0-9._]/g, 'x')))),
  },
  {
    name: 'address-start-not-anchored',
    defect: 'The pattern of email_address has no ^ at its start.',
    breaks: ['email_address/charset', 'email_address/local-edges'],
    change: check('email_address', (value, right) => right(value) || right(local(value, (part) => /[A-Za-z0-9!#$%&'*+\-/=?^`{|}~]*$/.exec(part)?.[0] || part))),
  },
  {
    name: 'address-end-not-anchored',
    defect: 'The pattern of email_address has no $ at its end.',
    breaks: ['email_address/charset'],
    change: check('email_address', (value, right) => right(value) || right(/^[^@]+@[a-z0-9.-]*[a-z0-9]/.exec(value)?.[0] ?? value)),
  },
  {
    name: 'address-dot-in-front-accepted',
    defect: 'The start of the local part is held against _ and not against a dot.',
    breaks: ['email_address/local-edges'],
    change: check('email_address', (value, right) => right(value.replace(/^\.(?=[^@])/, 'x'))),
  },
  {
    name: 'address-underscore-in-front-accepted',
    defect: 'The start of the local part is held against a dot and not against _.',
    breaks: ['email_address/local-edges'],
    change: check('email_address', (value, right) => right(value.replace(/^_(?=[^@])/, 'x'))),
  },
  {
    name: 'address-dot-at-the-end-accepted',
    defect: 'Only the start of the local part is held against a dot.',
    breaks: ['email_address/local-edges'],
    change: check('email_address', (value, right) => right(value.replace(/(?<=[^@])\.(?=@)/, 'x'))),
  },
  {
    name: 'address-underscore-at-the-end-accepted',
    defect: 'Only the start of the local part is held against _.',
    breaks: ['email_address/local-edges'],
    change: check('email_address', (value, right) => right(value.replace(/(?<=[^@])_(?=@)/, 'x'))),
  },
  {
    name: 'address-edges-of-the-whole',
    defect: 'The edges that may not be _ or a dot are taken to be those of the whole address.',
    breaks: ['email_address/local-edges'],
    change: check('email_address', (value, right) => right(value.replace(/(?<=[^@])[._](?=@)/, 'x'))),
  },
  {
    name: 'address-without-at-accepted',
    defect: 'email_address is held to its characters only.',
    breaks: ['email_address/separator'],
    change: check('email_address', (value, right) => right(value.includes('@') ? value : `${value}@example.com`)),
  },
  {
    name: 'address-without-local-part-accepted',
    defect: 'The part before the @ of email_address may be empty.',
    breaks: ['email_address/separator'],
    change: check('email_address', (value, right) => right(value.replace(/^@/, 'x@'))),
  },
  {
    name: 'address-without-domain-accepted',
    defect: 'The part behind the @ of email_address may be empty.',
    breaks: ['email_address/separator'],
    change: check('email_address', (value, right) => right(value.replace(/@$/, '@example.com'))),
  },
];

const refusing = (name: string, defect: string, bad: (part: string) => boolean, breaks: Fault['breaks'], mayBreak: readonly string[] = []): Fault => ({
  name,
  defect,
  breaks,
  // Addresses that are drawn for another rule have these characters too.
  mayBreak: [...mayBreak, 'email_address/charset', 'email_address/local-edges', ...WHERE_ECHOES_SHOW].filter((rule) => !breaks.includes(rule)),
  change: check('email_address', (value, right) => right(value) && !bad(value.slice(0, value.indexOf('@')))),
});

const REFUSING: readonly Fault[] = [
  refusing('address-plus-refused', 'The plus was forgotten in the pattern of email_address.', (part) => part.includes('+'), ['email_address/charset']),
  refusing('address-apostrophe-refused', 'An apostrophe in email_address is taken for an attack.', (part) => part.includes("'"), ['email_address/charset']),
  refusing('address-braces-refused', 'The pattern of email_address ends its specials before {|}~.', (part) => /[{|}~]/.test(part), ['email_address/charset']),
  refusing('address-slash-refused', 'A slash in email_address is taken for part of a path.', (part) => part.includes('/'), ['email_address/charset']),
  refusing('address-percent-refused', 'A percent sign in email_address is taken for a broken escape.', (part) => part.includes('%'), ['email_address/charset']),
  refusing('address-special-in-front-refused', 'The local part has to begin with a letter or digit.', (part) => !/^[A-Za-z0-9]/.test(part), [
    'email_address/charset',
  ]),
  refusing('address-special-at-the-end-refused', 'The local part has to end with a letter or digit.', (part) => !/[A-Za-z0-9]$/.test(part), [
    'email_address/charset',
  ]),
  refusing('address-capitals-refused', 'The pattern of email_address has small letters only.', (part) => /[A-Z]/.test(part), ['email_address/charset']),
  refusing('address-digits-only-refused', 'A local part of digits alone is taken for a mobile number.', (part) => /^[0-9]+$/.test(part), [
    'email_address/charset',
  ]),
  refusing('address-single-character-refused', 'The local part has to have two characters.', (part) => part.length === 1, ['email_address/charset']),
  refusing(
    'address-underscore-refused',
    'The underscore is refused everywhere in the local part.',
    (part) => part.includes('_'),
    ['email_address/local-edges'],
    ['email_address/charset'],
  ),
  refusing(
    'address-dot-inside-refused',
    'The dot is refused everywhere in the local part.',
    (part) => part.includes('.'),
    ['email_address/local-edges'],
    ['email_address/charset'],
  ),
  refusing(
    'address-second-dot-refused',
    'The local part may have one dot.',
    (part) => part.split('.').length > 2,
    ['email_address/local-edges'],
    ['email_address/charset'],
  ),
];

export const ADDRESS_CHARACTER_FAULTS: readonly Fault[] = [...ACCEPTING.map((fault) => ({ ...fault, mayBreak: WHERE_BAD_VALUES_PASS })), ...REFUSING];
