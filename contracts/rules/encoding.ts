/** How the form is written: the URL Standard's application/x-www-form-urlencoded. */
import { defineRule, type OddForm, type Readings, type Rule, type Spelling } from '../model.js';

const citation = { sources: ['std'], statements: [11], note: 'URL Standard, section 5.1, application/x-www-form-urlencoded parsing' } as const;
const spelling = (name: Spelling, id: string, title: string): Rule =>
  defineRule({
    id: `encoding/${id}`,
    title,
    level: 'must',
    kind: 'input',
    citation,
    constraint: { kind: 'spelling', spelling: name },
    whenConforming: { outcome: 'accepted' },
    whenViolating: { outcome: 'refused', offence: 'invalid' },
  });
const oddForm = (form: OddForm, id: string, title: string, readings: Readings): Rule =>
  defineRule({ id: `encoding/${id}`, title, level: 'open', kind: 'open-input', citation, constraint: { kind: 'odd-form', form }, readings });
const acceptedOrRefused = [
  { id: 'accepted', means: 'a customer is created' },
  { id: 'refused', means: 'the create is refused' },
] as const;

export const encodingRules: readonly Rule[] = [
  spelling('utf-8', 'utf-8', 'values are read as UTF-8'),
  spelling('percent-once', 'percent-once', 'percent-encoding is undone once: %2541 is the text %41'),
  spelling('plus-is-blank', 'plus-is-blank', 'a + and %20 are both read as a blank'),
  spelling('escaped-plus', 'escaped-plus', '%2B is read as a plus'),
  spelling('hex-case', 'hex-case', 'hexadecimal digits of an escape are read in either case'),
  spelling('needless-escape', 'needless-escape', 'a needlessly escaped letter is read as the letter'),
  spelling('raw', 'raw', 'what needs no escape is read as it stands, such as @ # and /'),
  spelling('escaped-key', 'escaped-key', 'names of fields are decoded like values'),
  spelling('semicolon', 'semicolon', 'a ; separates nothing'),
  spelling('second-equals', 'second-equals', 'a second = belongs to the value'),
  spelling('empty-pairs', 'empty-pairs', 'empty pairs between & mean nothing'),
  spelling('field-order', 'field-order', 'the order of the fields means nothing'),
  oddForm('repeated', 'repeated', 'of a repeated field the first or the last value, both, or a refusal is taken', [
    { id: 'first', means: 'the first value is kept' },
    { id: 'last', means: 'the last value is kept' },
    { id: 'both', means: 'the values are kept together' },
    { id: 'refused', means: 'the create is refused' },
    { id: 'accepted', means: 'a customer is created, and what was kept does not show' },
  ]),
  defineRule({
    id: 'encoding/repeated-echo',
    title: "what comes back of a repeated field keeps the field's own rules",
    level: 'must',
    kind: 'response',
    citation: { sources: ['cons'], statements: [23, 28, 31] },
    on: 'created',
    check: { kind: 'repeated-echo' },
    whenConforming: { members: { first_name: 'John' } },
    whenViolating: { members: { first_name: 'Jo hn' } },
  }),
  oddForm('unknown-field', 'unknown-fields', 'a field that the page does not name is ignored or refused', acceptedOrRefused),
  oddForm('malformed-escape', 'malformed-escape', 'a malformed escape is taken as text or refused', acceptedOrRefused),
  oddForm('invalid-utf-8', 'invalid-utf-8', 'bytes that are not UTF-8 are replaced or refused', acceptedOrRefused),
  oddForm('nul', 'nul', 'an escaped NUL is accepted or refused', acceptedOrRefused),
];
