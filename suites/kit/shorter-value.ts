/** Shrinks a value that no generator of a rule made: by leaving characters out, as long as it stays as good or as bad as it was. */
import fc from 'fast-check';
import type { FieldName } from '../../contracts/model.js';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import { fieldOf, withField, type Recipe } from './draft.js';
import { judgeFieldValue, type Observation } from './observation.js';

/** What makes the field's value of a request shorter; undefined where it has none, or one that has to be unique. */
export function shorterValue(
  observation: Observation,
  field: FieldName,
): { input: InputArbitrary; shape: Shape; recipe: (shape: Shape) => Recipe } | undefined {
  const value = fieldOf(observation.draft, field);
  if (value === undefined || field === 'object_reference_id' || observation.draft.body !== undefined) return undefined;
  const shape: Shape = { kind: 'text', text: value };
  // The domain of an address stays the reserved one that it is: no message may reach anyone.
  const at = field === 'email_address' && value.includes('@') ? value.lastIndexOf('@') : value.length;
  const [characters, rest] = [[...value.slice(0, at)], value.slice(at)];
  if (characters.length === 0) return undefined;
  const judgement = judgeFieldValue(field, value);
  const all = characters.map((_, index) => index);
  const toShape = (indexes: readonly number[]): Shape => ({ kind: 'text', text: indexes.map((index) => characters[index] ?? '').join('') + rest });
  const fromShape = (given: unknown): number[] => {
    const text = (given as Shape & { readonly kind: 'text' }).text;
    if (text === value) return all;
    throw new Error('only the whole value is known as a list of indexes');
  };
  const input: InputArbitrary = {
    boundaries: [shape],
    arbitrary: fc
      .subarray(all, { minLength: 1 })
      .map(toShape, fromShape)
      .filter((each) => each.kind === 'text' && judgeFieldValue(field, each.text) === judgement),
    render: (each) => ({ part: 'field', field, value: each.kind === 'text' ? each.text : value }),
    describe: () => 'a shorter value',
  };
  return { input, shape, recipe: (each) => (fresh) => withField(observation.recipe(fresh), field, each.kind === 'text' ? each.text : value) };
}
