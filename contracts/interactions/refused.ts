/** Creates that are refused: for a field that is missing or wrong, for the credential, as a duplicate; and what a refusal leaves behind. */
import type { CredentialForm, FieldName } from '../model.js';
import { RULES } from '../rules/index.js';
import { constraintOf, nameOf } from './accepted.js';
import type { Example, FreshParameters, ProviderState } from './model.js';
import { create, fieldsOf, FRESH, noCustomer, REFUSED, stateFields } from './parts.js';

const refused = (
  id: string,
  description: string,
  rule: string,
  field: FieldName,
  value: string | null,
  { offence = 'invalid', fresh }: { readonly offence?: 'missing' | 'invalid'; readonly fresh?: FreshParameters } = {},
): Example =>
  create({
    id: `refused-${id}`,
    description: `a create ${description} is refused`,
    rules: [rule],
    changes: { [field]: value },
    answer: offence,
    ...(fresh === undefined ? {} : { states: [noCustomer(fresh)] as const }),
  });

const missing: readonly Example[] = (['object_reference_id', 'mobile_number'] as const).flatMap((field) => [
  refused(`without-${field}`, `without ${field}`, `${field}/required`, field, null, { offence: 'missing' }),
  refused(`empty-${field}`, `with an empty ${field}`, `${field}/required`, field, '', { offence: 'missing' }),
]);

/** New each time: what a target wrongly took once would be refused as a duplicate from then on. */
const references: readonly Example[] = [
  refused('reference-of-7', 'with an object_reference_id of 7 characters', 'object_reference_id/length', 'object_reference_id', '{fresh}', {
    fresh: { fresh_length: '7', fresh_alphabet: 'word' },
  }),
  refused(
    'reference-of-4-in-8-bytes',
    'with an object_reference_id of 4 characters in 8 bytes',
    'object_reference_id/length',
    'object_reference_id',
    '{fresh}',
    {
      fresh: { fresh_length: '4', fresh_alphabet: 'two-byte' },
    },
  ),
];

const WORDS: Readonly<Record<string, string>> = { ' ': 'a blank', '\t': 'a TAB', '\n': 'a line feed', '"': 'a quotation mark', '\\': 'a backslash' };
const shown = (character: string): string => WORDS[character] ?? character;

/** Where a bad character stands; each character takes the next place, blanks and line feeds all of them. */
const PLACES = ['inside', 'at the end', 'at the start'] as const;
const put = (character: string, place: (typeof PLACES)[number], before: string, behind: string): string =>
  place === 'inside' ? `${before}${character}${behind}` : place === 'at the end' ? `${before}${behind}${character}` : `${character}${before}${behind}`;

function characters(field: FieldName, rule: string, before: string, behind: string, tail: string, forbidden: string): Example[] {
  return [...forbidden].flatMap((character, index) => {
    const places = character === ' ' || character === '\n' ? PLACES : [PLACES[index % PLACES.length] ?? 'inside'];
    return places.map((place) =>
      refused(
        `${field}-${nameOf(character)}-${place.split(' ').at(-1) ?? ''}`,
        `with ${shown(character)} ${place} of ${field}`,
        rule,
        field,
        `${put(character, place, before, behind)}${tail}`,
      ),
    );
  });
}

const names: readonly Example[] = (['first_name', 'last_name'] as const).flatMap((field) =>
  characters(field, `${field}/charset`, 'Jo', 'hn', '', constraintOf(`${field}/charset`, 'charset').forbidden),
);

const email = constraintOf('email_address/charset', 'charset');
const addresses: readonly Example[] = [
  ...characters('email_address', 'email_address/charset', 'john', 'smith', '@example.com', email.forbidden),
  // A final line feed is behind the domain, where an anchored pattern may still let it pass.
  refused('email-final-line-feed', 'with a line feed behind email_address', 'email_address/charset', 'email_address', 'john@example.com\n'),
  refused('email-domain-blank', 'with a blank in the domain of email_address', 'email_address/charset', 'email_address', 'john@exam ple.com'),
  ...[...constraintOf('email_address/local-edges', 'edges').characters].flatMap((character) => [
    refused(
      `email-first-${nameOf(character)}`,
      `with ${character} in front of email_address`,
      'email_address/local-edges',
      'email_address',
      `${character}john@example.com`,
    ),
    refused(
      `email-last-${nameOf(character)}`,
      `with ${character} before the @ of email_address`,
      'email_address/local-edges',
      'email_address',
      `john${character}@example.com`,
    ),
  ]),
  refused('email-without-at', 'with an email_address without @', 'email_address/separator', 'email_address', 'john.example.com'),
  refused('email-without-local-part', 'with an email_address that begins with @', 'email_address/separator', 'email_address', '@example.com'),
  refused('email-without-domain', 'with an email_address that ends with @', 'email_address/separator', 'email_address', 'john@'),
];

/** One character of each kind that numbers may not have: letters, separators, blanks, other scripts, a final line feed. */
const KINDS = ['a', '-', ' ', '\n', '.', '٣'] as const;
const numbers: readonly Example[] = (
  [
    ['mobile_number', 'mobile_number/digits', '9988', '76655'],
    ['mobile_country_code', 'mobile_country_code/digits', '5', '5'],
  ] as const
).flatMap(([field, rule, before, behind]) =>
  KINDS.filter((character) => constraintOf(rule, 'charset').forbidden.includes(character)).map((character) =>
    refused(
      `${field}-${nameOf(character)}`,
      `with ${shown(character)} ${character === '\n' ? 'at the end' : 'inside'} of ${field}`,
      rule,
      field,
      put(character, character === '\n' ? 'at the end' : 'inside', before, behind),
    ),
  ),
);
const lettersOnly = refused('mobile_country_code-letters', 'with letters for mobile_country_code', 'mobile_country_code/digits', 'mobile_country_code', 'BR');

/** What every other example has. */
const UNRECORDED: ReadonlySet<CredentialForm> = new Set<CredentialForm>(['canonical']);
const credentials: readonly Example[] = RULES.flatMap((rule) => {
  if (rule.kind !== 'input' || rule.constraint.kind !== 'credential') return [];
  const { conforming, violating } = rule.constraint;
  const of = (form: CredentialForm, good: boolean): Example =>
    create({
      id: `${good ? '' : 'refused-'}credential-${form}`,
      description: `a create with the credential in the form ${form}${good ? '' : ' is refused'}`,
      rules: [rule.id],
      credential: form,
      ...(good ? {} : { answer: REFUSED }),
    });
  const bad = rule.whenViolating.outcome === 'refused' ? violating : [];
  return [...conforming.map((form) => of(form, true)), ...bad.map((form) => of(form, false))].filter(({ request }) => !UNRECORDED.has(request.credential));
});

/** Another customer's values, so that an answer that mixes two customers up would show. */
export const OTHER_VALUES = {
  mobile_number: '987654321',
  email_address: 'mary.miller@example.com',
  first_name: 'Mary',
  last_name: 'Miller',
  mobile_country_code: '91',
} as const;
const exists = (id: string, reference?: string, fresh = FRESH): ProviderState => ({
  name: 'a customer exists',
  params: { ...fresh, ...stateFields(fieldsOf(id, { ...OTHER_VALUES, ...(reference === undefined ? {} : { object_reference_id: reference }) })) },
});
const wasRefused = (id: string, changes: Parameters<typeof fieldsOf>[1], form: CredentialForm): ProviderState => ({
  name: 'a create was refused',
  params: { ...FRESH, form, ...stateFields(fieldsOf(id, changes)) },
});

const DIGITS: FreshParameters = { fresh_length: '12', fresh_alphabet: 'digits' };
const LONG = 'x'.repeat(27);
/** References that are nearly the same, in the ways in which software that compares them goes wrong. */
const PAIRS: readonly (readonly [id: string, what: string, taken: string, reference: string, fresh?: FreshParameters])[] = [
  ['last-character', 'in its last character', 'cust_{fresh}_a', 'cust_{fresh}_b'],
  ['longer', 'in being longer', 'cust_{fresh}', 'cust_{fresh}_more'],
  ['fortieth', 'in its fortieth character', `{fresh}${LONG}a`, `{fresh}${LONG}b`],
  ['last-digit', 'in its last digit', `cust_{fresh}${LONG.slice(0, 10)}1`, `cust_{fresh}${LONG.slice(0, 10)}2`],
  ['separator', 'in its separator', 'cust_{fresh}', 'custX{fresh}'],
  ['number', 'in the last digit of a long number', '{fresh}00000001', '{fresh}00000002', DIGITS],
  ['zeros', 'in zeros at its start', '{fresh}', '00{fresh}', DIGITS],
  ['domain', 'in the domain of an address', '{fresh}@example.com', '{fresh}@example.org'],
  ['local-part', 'in the local part of an address', '{fresh}.a@example.com', '{fresh}.b@example.com'],
];

const sequences: readonly Example[] = [
  create({
    id: 'refused-duplicate',
    description: 'a create with an object_reference_id that is taken is refused',
    rules: ['object_reference_id/unique'],
    states: [exists('refused-duplicate')],
    answer: REFUSED,
  }),
  create({
    id: 'refused-duplicate-of-equal-values',
    description: 'the same create a second time is refused',
    rules: ['object_reference_id/unique'],
    states: [{ name: 'a customer exists', params: { ...FRESH, ...stateFields(fieldsOf('refused-duplicate-of-equal-values')) } }],
    answer: REFUSED,
  }),
  create({
    id: 'refused-duplicate-of-an-address',
    description: 'a create with an e-mail address for object_reference_id that is taken is refused',
    rules: ['object_reference_id/unique'],
    states: [exists('refused-duplicate-of-an-address', '{fresh}@example.com')],
    changes: { object_reference_id: '{fresh}@example.com' },
    answer: REFUSED,
  }),
  ...PAIRS.map(([id, what, taken, reference, fresh = FRESH]) =>
    create({
      id: `distinct-${id}`,
      description: `a create whose object_reference_id differs ${what} from one that is taken`,
      rules: ['sequence/distinct-references'],
      states: [exists(`distinct-${id}`, taken, fresh)],
      changes: { object_reference_id: reference },
    }),
  ),
  ...(
    [
      ['first_name', 'Jo hn'],
      ['last_name', 'Sm"ith'],
      ['email_address', 'john@exam ple.com'],
    ] as const
  ).map(([field, value]) =>
    create({
      id: `after-refused-${field}`,
      description: `a create with the object_reference_id of one that was refused for its ${field}`,
      rules: ['sequence/refused-stores-nothing'],
      states: [wasRefused(`after-refused-${field}`, { [field]: value }, 'canonical')],
    }),
  ),
  create({
    id: 'after-refused-credential',
    description: 'a create with the object_reference_id of one that was refused for its credential',
    rules: ['credentials/stores-nothing'],
    states: [wasRefused('after-refused-credential', {}, 'other-key')],
  }),
];

export const REFUSED_CREATES: readonly Example[] = [...missing, ...references, ...numbers, lettersOnly, ...addresses, ...names];
export const CREDENTIALS: readonly Example[] = credentials;
export const SEQUENCES: readonly Example[] = sequences;
