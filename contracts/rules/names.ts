/** `first_name` and `last_name`: the page says the same of both. */
import { defineRule, type Rule } from '../model.js';
import { ALPHANUMERIC, forbiddenBeside, NAME_SPECIALS } from './characters.js';

const accepted = { outcome: 'accepted' } as const;
const acceptedOrRefused = [
  { id: 'accepted', means: 'a customer is created' },
  { id: 'refused', means: 'the create is refused' },
] as const;

function rulesOf(field: 'first_name' | 'last_name', name: number, characters: number): readonly Rule[] {
  const open = (id: string, title: string, cases: Readonly<Record<string, string | null>>): Rule =>
    defineRule({
      id: `${field}/${id}`,
      title: `a ${field} ${title} is accepted or refused`,
      level: 'open',
      kind: 'open-input',
      citation: { sources: ['doc'], statements: [characters] },
      constraint: { kind: 'open-values', field, cases },
      readings: acceptedOrRefused,
    });
  return [
    defineRule({
      id: `${field}/charset`,
      title: `a ${field} of letters, digits and ( ) . - _ is accepted, with any other character of ASCII refused`,
      level: 'must',
      kind: 'input',
      citation: { sources: ['doc'], statements: [characters] },
      constraint: {
        kind: 'charset',
        field,
        scope: 'value',
        allowed: ALPHANUMERIC + NAME_SPECIALS,
        forbidden: forbiddenBeside(ALPHANUMERIC + NAME_SPECIALS),
        length: [1, 64],
        alphabet: 'letters',
      },
      whenConforming: accepted,
      whenViolating: { outcome: 'refused', offence: 'invalid' },
    }),
    defineRule({
      id: `${field}/length`,
      title: `a ${field} of 1 to 64 characters is accepted`,
      level: 'must',
      kind: 'input',
      citation: { sources: ['doc'], statements: [name, characters] },
      constraint: { kind: 'length', field, min: 1, max: 64, below: 'open', above: 'open', alphabet: 'letters' },
      whenConforming: accepted,
      whenViolating: { outcome: 'left-open', rule: `${field}/max-length` },
    }),
    defineRule({
      id: `${field}/optional`,
      title: `${field} may be left out`,
      level: 'must',
      kind: 'input',
      citation: { sources: ['br', 'sdk'], statements: [name], note: 'object_reference_id and mobile_number alone are ever marked as required' },
      constraint: { kind: 'presence', fields: [field], presence: 'optional' },
      whenConforming: accepted,
      whenViolating: { outcome: 'no-such-input', because: 'what may be left out may also be sent' },
    }),
    open('non-ascii', 'with letters or digits outside ASCII', {
      'U+00E9 (é), Latin letter': 'Jos{fill}é',
      'U+0416 (Ж), Cyrillic letter': 'Ж{fill}',
      'U+4E2D (中), Han letter': '{fill}中{fill}',
      'U+0301, combining mark': '{fill}e\u0301{fill}',
      'U+0663, Arabic-Indic digit': '{fill}٣',
      'U+2160 (Ⅰ), letter number': '{fill}Ⅰ',
      'U+00AD, soft hyphen': '{fill}\u00ad{fill}',
      'U+1F600, emoji': '{fill}😀{fill}',
      'U+00A0, no-break space': '{fill}\u00a0{fill}',
    }),
    open('control', 'with control characters', {
      'NUL inside': '{fill}\u0000{fill}',
      'CR at the end': '{fill}\r',
      'U+0001 inside': '{fill}\u0001{fill}',
      'DEL inside': '{fill}\u007f{fill}',
    }),
    open('empty', 'that is empty', { empty: '' }),
    open('max-length', 'of more than 64 characters', {
      '65 characters': '{fill:65}',
      '128 characters': '{fill:128}',
      '256 characters': '{fill:256}',
      '1024 characters': '{fill:1024}',
    }),
  ];
}

export const nameRules: readonly Rule[] = [
  ...rulesOf('first_name', 26, 28),
  ...rulesOf('last_name', 29, 31),
  defineRule({
    id: 'names/optional-together',
    title: 'both names may be left out together',
    level: 'must',
    kind: 'input',
    citation: { sources: ['br', 'sdk'], statements: [26, 29] },
    constraint: { kind: 'presence', fields: ['first_name', 'last_name'], presence: 'optional' },
    whenConforming: accepted,
    whenViolating: { outcome: 'no-such-input', because: 'what may be left out may also be sent' },
  }),
];
