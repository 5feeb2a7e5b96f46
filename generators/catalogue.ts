/**
 * What is sent, written out: every input of every rule that is sent always, a few that are drawn, and what each is made
 * smaller to; the safe values and references; the spellings and the odd requests. It is checked in as `catalogue.txt`, so
 * that a change of what targets get shows as a difference and is never an accident.
 */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { Constraint, OddForm, RobustnessFamily, Spelling } from '../contracts/model.js';
import { RULES } from '../contracts/rules/index.js';
import { conforming, openCases, violating, type Fresh, type InputArbitrary, type PartInput, type Shape } from './index.js';
import { referenceId, safeValues } from './request.js';
import { encodeForm, oddBodies, oddForm, oddTogether, spell, spellingProbes, type Fields } from './wire.js';

const SEED = 7;
/** Drawn inputs of each half: enough to show what is drawn, few enough to be read. */
const DRAWN = 4;
/** The longest text that is written out. */
const LONGEST = 90;

const SAFE: Fields = [
  ['object_reference_id', 'cust_123489012345'],
  ['mobile_number', '987654321'],
  ['email_address', 'user@example.com'],
  ['first_name', 'Maria'],
  ['last_name', 'Silva'],
];

/** A text on one line: what cannot be seen by its escape, the middle of a long one by its length and digest. */
function shown(text: string): string {
  const visible = JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (visible.length <= LONGEST) return visible;
  return `${visible.slice(0, 40)}… (${text.length} units, SHA-256 ${createHash('sha256').update(text).digest('hex').slice(0, 12)})`;
}

/** Numbers as a run gives them, from the first on for every rule. */
function numbered(): Fresh {
  let n = 0;
  return (length, alphabet) => referenceId({ token: 'k7m2qz', scope: 7, n: n++, length, alphabet });
}

function partOf(input: PartInput): string {
  switch (input.part) {
    case 'field':
      return input.value === null ? `${input.field} not sent` : `${input.field} = ${shown(input.value)}`;
    case 'fields':
      return Object.entries(input.values)
        .map(([name, value]) => (value === null ? `${name} not sent` : `${name} = ${shown(value)}`))
        .join(', ');
    case 'authorization':
    case 'merchant':
      return `${input.part}: ${input.form}`;
    case 'content-type':
      return `content-type: ${input.value === null ? 'none' : shown(input.value)}, body ${input.body}`;
    case 'transfer':
      return 'body in chunks';
    case 'path':
      return `path ${shown(input.path)}`;
  }
}

function inputLine(inputs: InputArbitrary, shape: Shape, fresh: Fresh): string {
  const control = inputs.control === undefined ? '' : `; beside it ${partOf(inputs.control(shape, fresh))}`;
  return `    ${inputs.describe(shape)}: ${partOf(inputs.render(shape, fresh))}${control}`;
}

/** A drawn shape and what it is made smaller to; nothing where it is one of a list that stands above it. */
function drawnLines(inputs: InputArbitrary, shape: Shape, fresh: Fresh): string[] {
  const smaller = [...inputs.arbitrary.shrink(shape, undefined)].map(({ value }) => value);
  if (shape.kind === 'choice' && smaller.length === 0) return [];
  const line = (each: Shape): string => partOf(inputs.render(each, fresh)).replace(/^\S+ = /, '');
  return [`    drawn ${line(shape)}${smaller.length === 0 ? '' : `, smaller ${smaller.map(line).join(' ')}`}`];
}

function halfOf(name: string, inputs: InputArbitrary | undefined): string[] {
  if (inputs === undefined) return [];
  const fresh = numbered();
  return [
    `  ${name}`,
    ...inputs.boundaries.map((shape) => inputLine(inputs, shape, fresh)),
    ...fc.sample(inputs.arbitrary, { numRuns: DRAWN, seed: SEED }).flatMap((shape) => drawnLines(inputs, shape, fresh)),
  ];
}

function constraintLines(constraint: Constraint): string[] {
  const fresh = numbered();
  return [
    ...halfOf('conforming', conforming(constraint)),
    ...halfOf('violating', violating(constraint)),
    ...openCases(constraint).flatMap(({ case: name, input }) => input.boundaries.map((shape) => `  open ${name}: ${partOf(input.render(shape, fresh))}`)),
  ];
}

const SPELLINGS: readonly Spelling[] = [
  'utf-8',
  'percent-once',
  'plus-is-blank',
  'escaped-plus',
  'hex-case',
  'needless-escape',
  'escaped-key',
  'semicolon',
  'second-equals',
  'empty-pairs',
  'field-order',
];

function spellingLines(spelling: Spelling): string[] {
  return spellingProbes(spelling).map(({ field, value, half, describe }, variation) => {
    const sent: Fields = [
      ['object_reference_id', 'cust_1234'],
      [field, value],
    ];
    return `  ${half} ${describe}: ${field} = ${shown(value)}: ${shown(spell(spelling, sent, variation).toString('latin1'))}`;
  });
}

const FORMS: readonly OddForm[] = ['repeated', 'unknown-field', 'malformed-escape', 'invalid-utf-8', 'nul'];
const FAMILIES: readonly RobustnessFamily[] = ['values', 'bodies', 'sizes', 'methods', 'paths', 'headers', 'good-requests'];

function oddLines(family: RobustnessFamily): string[] {
  // The same in every odd request but for what is odd.
  const plain = encodeForm(SAFE).toString('latin1');
  const together = oddTogether(family, SAFE);
  return [...oddBodies(family, SAFE), ...(together === undefined ? [] : [together])].map(
    ({ name, method = 'POST', path = '/customers', contentType, headers = [], body }) => {
      const type = contentType === undefined ? [] : [contentType === null ? 'no Content-Type' : `Content-Type ${shown(contentType)}`];
      const odd = headers.length > 3 ? [`${headers.length} headers`] : headers.map(([header, value]) => `${header}: ${shown(value)}`);
      const written = body.toString('latin1').replace(plain, '…');
      return `  ${name}: ${[`${method} ${shown(path)}`, ...type, ...odd, shown(written)].join(', ')}`;
    },
  );
}

function referenceLines(): string[] {
  return (['word', 'letters', 'digits'] as const).flatMap((alphabet) =>
    [1, 7, 8, 9, 10, 11, 12, 13, 16, 20, 40].map((length) => {
      const ids = [0, 1, 9_999].map((n) => referenceId({ token: 'k7m2qz', scope: 3, n, length, alphabet }));
      return `  ${alphabet}, ${length}: ${ids.join(' ')}`;
    }),
  );
}

/** The whole catalogue, as the file has it. */
export function catalogue(): string {
  const rules = RULES.flatMap((rule) => ('constraint' in rule ? [{ id: rule.id, lines: constraintLines(rule.constraint) }] : []));
  const sections: readonly { readonly id: string; readonly lines: readonly string[] }[] = [
    { id: 'safe values', lines: Array.from({ length: 6 }, (_, index) => `  ${JSON.stringify(safeValues(SEED, index))}`) },
    { id: 'references', lines: referenceLines() },
    ...rules.filter(({ lines }) => lines.length > 0),
    ...SPELLINGS.map((spelling) => ({ id: `spelling ${spelling}`, lines: spellingLines(spelling) })),
    ...FORMS.map((form) => ({
      id: `odd form ${form}`,
      lines: oddForm(form).map((odd) => `  ${odd.case}: ${shown(odd.build(SAFE).toString('latin1'))}`),
    })),
    ...FAMILIES.map((family) => ({ id: `robustness ${family}`, lines: oddLines(family) })),
  ];
  return sections.map(({ id, lines }) => `${id}\n${lines.join('\n')}\n`).join('\n');
}
