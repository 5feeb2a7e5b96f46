/** Inputs for rules that give good values as a list. */
import type { ExamplesConstraint } from '../contracts/model.js';
import { choices, type InputArbitrary } from './input.js';
import { quoted } from './characters.js';

/** Each of the values. What is not on the list is left open, so there is nothing that breaks the rule. */
export function conformingExamples(constraint: ExamplesConstraint): InputArbitrary | undefined {
  return choices(constraint.values.map((value) => ({ name: quoted(value), input: () => ({ part: 'field', field: constraint.field, value }) })));
}
