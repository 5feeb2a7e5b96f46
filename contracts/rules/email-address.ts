import { defineRule, type Rule } from '../model.js';
import { ALPHANUMERIC, forbiddenBeside, LOCAL_PART_SPECIALS } from './characters.js';

const accepted = { outcome: 'accepted' } as const;
const refused = { outcome: 'refused', offence: 'invalid' } as const;
const field = 'email_address';
const acceptedOrRefused = [
  { id: 'accepted', means: 'a customer is created' },
  { id: 'refused', means: 'the create is refused' },
] as const;
const open = (id: string, title: string, statements: readonly number[], cases: Readonly<Record<string, string | null>>): Rule =>
  defineRule({
    id: `email_address/${id}`,
    title: `${title} is accepted or refused`,
    level: 'open',
    kind: 'open-input',
    citation: { sources: ['doc'], statements },
    constraint: { kind: 'open-values', field, cases },
    readings: acceptedOrRefused,
  });

export const emailAddressRules: readonly Rule[] = [
  defineRule({
    id: 'email_address/charset',
    title: 'an email_address with the documented characters is accepted, with any other of ASCII refused',
    level: 'must',
    kind: 'input',
    citation: { sources: ['doc'], statements: [23] },
    constraint: {
      kind: 'charset',
      field,
      scope: 'local-part',
      allowed: ALPHANUMERIC + LOCAL_PART_SPECIALS,
      forbidden: forbiddenBeside(`${ALPHANUMERIC}${LOCAL_PART_SPECIALS}@`),
      notAtEdges: '_.',
      // What is longer than an old server took is left open.
      length: [1, 64],
      alphabet: 'letters',
    },
    whenConforming: accepted,
    whenViolating: refused,
  }),
  defineRule({
    id: 'email_address/local-edges',
    title: '_ and . are refused at the edges of the part before the @ and accepted inside',
    level: 'must',
    kind: 'input',
    citation: { sources: ['doc'], statements: [24] },
    constraint: { kind: 'edges', field, scope: 'local-part', characters: '_.' },
    whenConforming: accepted,
    whenViolating: refused,
  }),
  defineRule({
    id: 'email_address/separator',
    title: 'an email_address without an @ between two parts is refused',
    level: 'should',
    kind: 'input',
    citation: { sources: ['cons', 'doc'], statements: [21] },
    constraint: { kind: 'separator', field, separator: '@' },
    whenConforming: accepted,
    whenViolating: refused,
  }),
  open('domain-edges', '_ or . at an edge of the domain', [25], {
    '_ at the start': '{fill}@_example.com',
    '. at the start': '{fill}@.example.com',
    '_ at the end': '{fill}@example.com_',
    '. at the end': '{fill}@example.com.',
  }),
  open('several-at', 'an e-mail address with several @', [23], { 'two in a row': '{fill}@@example.com', 'two apart': '{fill}@{fill}@example.com' }),
  open('two-dots', 'an e-mail address with two dots in a row', [24], {
    'in the local part': '{fill}..{fill}@example.com',
    'in the domain': '{fill}@example..com',
  }),
  open('domain-specials', 'a domain with special characters', [23], {
    '! inside': '{fill}@exa!mple.com',
    '_ inside': '{fill}@exa_mple.com',
    '+ inside': '{fill}@exa+mple.com',
    'upper case': '{fill}@EXAMPLE.com',
    'digits alone': '{fill}@123.example',
  }),
  open('domain-without-dot', 'a domain without a dot', [23], { 'one label': '{fill}@localhost' }),
  open('label-hyphens', 'a domain with a hyphen at the edge of a label', [23], { 'at the start': '{fill}@-example.com', 'at the end': '{fill}@example-.com' }),
  open('non-ascii', 'an e-mail address with letters outside ASCII', [23], {
    'U+00E9 (é) in the local part': '{fill}é{fill}@example.com',
    'U+00E9 (é) in the domain': '{fill}@éxample.com',
    'U+4E2D (中) in the local part': '中{fill}@example.com',
    'U+0660 (Arabic-Indic digit) in the local part': '{fill}٠@example.com',
  }),
  open('control', 'an e-mail address with control characters', [23], {
    'NUL inside': '{fill}\u0000{fill}@example.com',
    'U+0007 inside': '{fill}\u0007{fill}@example.com',
    'CR at the end': '{fill}@example.com\r',
    'DEL inside': '{fill}\u007f{fill}@example.com',
  }),
  open('max-length', 'an e-mail address of more than 64 characters before the @, or more than 128 in all,', [21], {
    '65 before the @': '{fill:65}@example.com',
    '129 in all': `{fill:30}@${'a'.repeat(60)}.${'b'.repeat(25)}.example.com`,
    '400 in all': '{fill:388}@example.com',
  }),
  open('empty', 'an empty email_address', [22], { empty: '' }),
  open('absent', 'a create without email_address', [22], { absent: null }),
];
