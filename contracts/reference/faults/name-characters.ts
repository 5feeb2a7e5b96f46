/** Characters of names: in or out by a slip of the pattern. */
import { check, WHERE_BAD_VALUES_PASS, type Fault } from './fault.js';

const upTo64 = (value: string): boolean => value.length <= 64;

const ACCEPTING: readonly Fault[] = [
  {
    name: 'first-name-blank-inside-accepted',
    defect: 'The pattern of first_name has a blank, for second names.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value.replace(/(?<=[^ ]) (?=[^ ])/g, 'x'))),
  },
  {
    name: 'first-name-tab-accepted',
    defect: 'The pattern of first_name has \\t in it.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value.replaceAll('\t', 'x'))),
  },
  {
    name: 'last-name-apostrophe-accepted',
    defect: "The pattern of last_name has an apostrophe, for O'Brien.",
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value.replaceAll("'", 'x'))),
  },
  {
    name: 'last-name-comma-accepted',
    defect: 'The pattern of last_name has a comma, for "Smith, Jr".',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value.replaceAll(',', 'x'))),
  },
  {
    name: 'first-name-final-newline-accepted',
    defect: 'The $ of the pattern of first_name matches before a final newline.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value.replace(/(?<=.)\n$/, ''))),
  },
  {
    name: 'last-name-any-line',
    defect: 'The pattern of last_name has the flag m, so that one good line is enough.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) || (upTo64(value) && /^[A-Za-z0-9().\-_]+$/m.test(value))),
  },
  {
    name: 'first-name-end-not-anchored',
    defect: 'The pattern of first_name has no $ at its end.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) || (upTo64(value) && /^[A-Za-z0-9().\-_]+/.test(value))),
  },
  {
    name: 'last-name-start-not-anchored',
    defect: 'The pattern of last_name has no ^ at its start.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) || (upTo64(value) && /[A-Za-z0-9().\-_]+$/.test(value))),
  },
  {
    name: 'last-name-not-anchored',
    defect: 'The pattern of last_name is searched for, not matched.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) || (upTo64(value) && /[A-Za-z0-9().\-_]/.test(value))),
  },
  {
    name: 'first-name-range-of-letters-too-wide',
    defect: 'The letters of first_name are written A-z, which has six other characters between.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value.replace(/[[\\\]^`]/g, 'x'))),
  },
  {
    name: 'last-name-last-character-unchecked',
    defect: 'The loop over the characters of last_name ends one too early.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => (value.length > 1 ? right(`${value.slice(0, -1)}x`) : right(value))),
  },
  {
    name: 'first-name-first-character-only',
    defect: 'Only the first character of first_name is looked at.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => upTo64(value) && right(value.charAt(0))),
  },
  {
    name: 'first-name-trimmed-before-the-check',
    defect: 'White space at the edges of first_name is dropped before it is checked.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value.trim())),
  },
  {
    name: 'last-name-brackets-stripped',
    defect: 'Angle brackets in last_name are removed instead of refused.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value.replace(/[<>]/g, '') || value)),
  },
  {
    name: 'last-name-symbols-of-a-keyboard',
    defect: 'last_name is held to "no control characters and no letters with accents" instead of to the list.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) || (upTo64(value) && /^[!-~]+$/.test(value))),
  },
];

const REFUSING: readonly Fault[] = [
  {
    name: 'last-name-hyphen-read-as-range',
    defect: 'The pattern of last_name is written in the order of the document, [().-_], where .-_ is a range.',
    breaks: ['last_name/charset'],
    mayBreak: WHERE_BAD_VALUES_PASS,
    change: check('last_name', (value) => upTo64(value) && /^[A-Za-z0-9().-_]+$/.test(value)),
  },
  {
    name: 'first-name-digits-refused',
    defect: 'Digits are not thought to be in a first name.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && !/[0-9]/.test(value)),
  },
  {
    name: 'last-name-digit-in-front-refused',
    defect: 'last_name is held to the form of an identifier: no digit in front.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) && !/^[0-9]/.test(value)),
  },
  {
    name: 'first-name-parenthesis-in-front-refused',
    defect: 'first_name has to begin with a letter or a digit.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && /^[A-Za-z0-9]/.test(value)),
  },
  {
    name: 'last-name-dot-at-the-end-refused',
    defect: 'last_name may not end with a dot.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) && !value.endsWith('.')),
  },
  {
    name: 'first-name-underscore-refused',
    defect: 'The underscore was forgotten in the pattern of first_name.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && !value.includes('_')),
  },
  {
    name: 'last-name-edge-hyphen-refused',
    defect: 'A hyphen stands between two parts of last_name or not at all.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) && !/^-|-$/.test(value)),
  },
  {
    name: 'last-name-unbalanced-parentheses-refused',
    defect: 'A parenthesis of last_name that is opened has to be closed.',
    breaks: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) && value.split('(').length === value.split(')').length),
  },
  {
    name: 'first-name-specials-in-a-row-refused',
    defect: 'The pattern of first_name takes one special character between two letters and not more.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && !/[().\-_]{2}/.test(value)),
  },
  {
    name: 'first-name-specials-only-refused',
    defect: 'first_name needs a letter.',
    breaks: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && /[A-Za-z]/.test(value)),
  },
];

export const NAME_CHARACTER_FAULTS: readonly Fault[] = [...ACCEPTING.map((fault) => ({ ...fault, mayBreak: WHERE_BAD_VALUES_PASS })), ...REFUSING];
