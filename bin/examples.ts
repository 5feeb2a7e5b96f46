/** Examples of what a rule calls good, bad or open, from the generators that the run itself uses. */
import type { Constraint } from '../contracts/model.js';
import { ordinary } from '../generators/fields.js';
import { conforming, openCases, violating, type Fresh, type InputArbitrary, type PartInput } from '../generators/index.js';
import { oddBodies, oddForm, spellingProbes, type Fields } from '../generators/wire.js';
import { clip, printable, quoted } from '../reports/text.js';
import { words } from './constraint-words.js';

/** Examples of each half that are shown; a run sends many more. */
const SHOWN = 3;
const VALUE_LENGTH = 60;

// In a run each value is another; here it only has to look like one.
const fresh: Fresh = (length, alphabet) => ordinary(alphabet, length);

/** Good inputs, each in a line. */
export function goodExamples(constraint: Constraint): string[] {
  if (constraint.kind === 'spelling') return probes(constraint.spelling, 'conforming');
  if (constraint.kind === 'robustness')
    return oddBodies(constraint.family, SAFE)
      .slice(0, SHOWN)
      .map(({ name }) => name);
  return linesOf(conforming(constraint));
}

/** Bad inputs, each in a line. */
export function badExamples(constraint: Constraint): string[] {
  return constraint.kind === 'spelling' ? probes(constraint.spelling, 'violating') : linesOf(violating(constraint));
}

/** The cases of an open rule that a request asks about, each in a line. */
export function openExamples(constraint: Constraint): string[] {
  if (constraint.kind === 'odd-form') return oddForm(constraint.form).map((each) => each.case);
  return openCases(constraint).map(({ case: name, input }) => {
    const [shape] = input.boundaries;
    const text = shape === undefined ? '' : inputText(input.render(shape, fresh));
    return text === '' || text === name ? name : `${name}: ${text}`;
  });
}

const SAFE: Fields = [
  ['object_reference_id', 'cust_123489'],
  ['mobile_number', '987654321'],
];

function probes(spelling: Extract<Constraint, { kind: 'spelling' }>['spelling'], half: 'conforming' | 'violating'): string[] {
  return spellingProbes(spelling)
    .filter((probe) => probe.half === half)
    .slice(0, SHOWN)
    .map(({ field, value, describe }) => `${field} = ${shortened(value)}    (${describe})`);
}

function linesOf(inputs: InputArbitrary | undefined): string[] {
  return (inputs?.boundaries ?? []).slice(0, SHOWN).map((shape) => {
    const text = inputText(inputs?.render(shape, fresh) ?? { part: 'transfer' });
    const described = printable(inputs?.describe(shape) ?? '');
    return described === '' || text.includes(described) ? text : `${text}    (${described})`;
  });
}

function inputText(input: PartInput): string {
  switch (input.part) {
    case 'field':
      return input.value === null ? `no ${input.field}` : `${input.field} = ${shortened(input.value)}`;
    case 'fields':
      return Object.entries(input.values)
        .map(([field, value]) => (value === null ? `no ${field}` : `${field} = ${shortened(value)}`))
        .join(', ');
    case 'authorization':
      return `Authorization: ${words(input.form)}`;
    case 'merchant':
      return `x-merchantid: ${words(input.form)}`;
    case 'content-type':
      return input.value === null ? 'no Content-Type' : `Content-Type: ${printable(input.value)}`;
    case 'transfer':
      return 'Transfer-Encoding: chunked';
    case 'path':
      return `POST ${printable(input.path)}`;
    default:
      return input satisfies never;
  }
}

function shortened(value: string): string {
  const whole = quoted(value);
  return whole.length <= VALUE_LENGTH ? whole : `${clip(whole, VALUE_LENGTH)}" (${String(Array.from(value).length)} characters)`;
}
