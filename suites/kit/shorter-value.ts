/** Shrinks a value that no generator of a rule made: by leaving characters out, as long as it stays as good or as bad as it was. */
import fc from 'fast-check';
import type { FieldName } from '../../contracts/model.js';
import { ShrinkingArbitrary, type InputArbitrary, type Shape } from '../../generators/input.js';
import { fieldOf, withField, type Recipe } from './draft.js';
import { judgeFieldValue, type Observation } from './observation.js';

/**
 * The characters without a run of them: without either half, then without each quarter, and so on down to each by itself (delta
 * debugging; Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
 */
function* withoutRuns(characters: readonly string[]): Generator<readonly string[]> {
  for (let run = Math.ceil(characters.length / 2); ; run = Math.ceil(run / 2)) {
    for (let from = 0; from < characters.length; from += run) yield characters.toSpliced(from, run);
    if (run === 1) return;
  }
}

/** What makes the field's value of a request shorter; undefined where it has none, or one that has to be unique. */
export function shorterValue(
  observation: Observation,
  field: FieldName,
): { input: InputArbitrary; shape: Shape; recipe: (shape: Shape) => Recipe } | undefined {
  const value = fieldOf(observation.draft, field);
  if (value === undefined || field === 'object_reference_id' || observation.draft.body !== undefined) return undefined;
  // The domain of an address stays the reserved one that it is: no message may reach anyone.
  const at = field === 'email_address' && value.includes('@') ? value.lastIndexOf('@') : value.length;
  const rest = value.slice(at);
  if (value === rest) return undefined;
  const judgement = judgeFieldValue(field, value);
  const textOf = (shape: Shape): string => (shape.kind === 'text' ? shape.text : value);
  const smaller = (shape: Shape): Shape[] => {
    const characters = [...textOf(shape).slice(0, textOf(shape).length - rest.length)];
    const texts = [...withoutRuns(characters)].filter((left) => left.length > 0).map((left) => left.join('') + rest);
    return [...new Set(texts)].filter((text) => judgeFieldValue(field, text) === judgement).map((text) => ({ kind: 'text', text }));
  };
  const shape: Shape = { kind: 'text', text: value };
  const input: InputArbitrary = {
    boundaries: [shape],
    arbitrary: new ShrinkingArbitrary(fc.constant(shape), (given): given is Shape => given === shape, smaller),
    render: (each) => ({ part: 'field', field, value: textOf(each) }),
    describe: () => 'a shorter value',
  };
  return { input, shape, recipe: (each) => (fresh) => withField(observation.recipe(fresh), field, textOf(each)) };
}
