/** Inputs for rules about how many characters a value has. */
import fc from 'fast-check';
import type { LengthConstraint } from '../contracts/model.js';
import { characters } from './characters.js';
import { ordinary } from './fields.js';
import { foreignShape, isShape, ShrinkingArbitrary, type BytesEach, type Fresh, type InputArbitrary, type RunShape, type Shape } from './input.js';

const run = (length: number, bytesEach: BytesEach = 1): RunShape => ({ kind: 'run', length, bytesEach });

/** Where the letters of 2, 3 and 4 bytes begin that stand for ASCII ones: Cyrillic, CJK ideographs, mathematical letters. */
const FIRST_OF: Readonly<Record<Exclude<BytesEach, 1>, number>> = { 2: 0x0430, 3: 0x4e00, 4: 0x1d400 };

/** Replaces each character by one of so many bytes, different ones by different ones: what was unique stays unique. */
function widened(text: string, bytesEach: BytesEach): string {
  if (bytesEach === 1) return text;
  // 48 is the code of `0`, the lowest of the characters that are ever widened.
  return characters(text)
    .map((character) => String.fromCodePoint(FIRST_OF[bytesEach] + (character.codePointAt(0) ?? 48) - 48))
    .join('');
}

function runs(constraint: LengthConstraint, boundaries: readonly RunShape[], arbitrary: fc.Arbitrary<Shape>): InputArbitrary {
  const value = (shape: Shape, fresh: Fresh): string => {
    if (shape.kind !== 'run') throw foreignShape(shape);
    const { field, alphabet } = constraint;
    return widened(field === 'object_reference_id' ? fresh(shape.length, alphabet) : ordinary(alphabet, shape.length), shape.bytesEach);
  };
  return {
    boundaries,
    arbitrary,
    render: (shape, fresh) => ({ part: 'field', field: constraint.field, value: value(shape, fresh) }),
    describe: (shape) => {
      if (shape.kind !== 'run') throw foreignShape(shape);
      const counted = shape.length === 1 ? '1 character' : `${shape.length} characters`;
      return shape.bytesEach === 1 ? counted : `${counted} of ${shape.bytesEach} bytes each`;
    },
  };
}

const unique = (lengths: readonly number[]): number[] => [...new Set(lengths)];

/** Where columns and checks of servers usually end; values of the length, and one character longer. */
const USUAL_LIMITS = [64, 100];

/**
 * Lengths that are good: the shortest, the longest, their neighbours, the middle and those at usual limits: of a handful of lengths
 * all. A drawn one shrinks to the shortest.
 */
export function conformingLength(constraint: LengthConstraint): InputArbitrary {
  const { min, max } = constraint;
  const usual = USUAL_LIMITS.flatMap((limit) => [limit + 1, limit]);
  const lengths = unique([min, max, min + 1, max - 1, Math.floor((min + max) / 2), ...usual]).filter((length) => length >= min && length <= max);
  const drawn = fc.integer({ min, max }).map(
    (length): Shape => run(length),
    (shape) => {
      if (!isShape(shape) || shape.kind !== 'run' || shape.bytesEach !== 1) throw new Error('not a run of one-byte characters');
      return shape.length;
    },
  );
  return runs(
    constraint,
    lengths.map((length) => run(length)),
    drawn,
  );
}

/** How far past a longest length drawn values go: far enough for any limit kept in a byte or a usual database column. */
const FAR_PAST = 4096;

/**
 * Lengths that are bad. Too short: one short first, then characters of 2 and 3 bytes of which the bytes would be enough
 * (no reading counts bytes; UTF-16 units and graphemes may count, so characters outside the BMP stay few enough for
 * both), one character, and every length between. Too long: one past, two past, twice, far past. Drawn ones shrink to the limit.
 */
export function violatingLength(constraint: LengthConstraint): InputArbitrary | undefined {
  const { min, max } = constraint;
  const branches: fc.Arbitrary<Shape>[] = [];
  const boundaries: RunShape[] = [];
  if (constraint.below === 'violating' && min > 1) {
    const wide = constraint.alphabet === 'digits' ? [] : [run(Math.ceil(min / 2), 2), run(min - 1, 2), run(min - 1, 3)];
    const astral = constraint.alphabet === 'digits' ? [] : [run(Math.ceil(min / 2) - 1, 4)].filter((shape) => shape.length > 0);
    const between = Array.from({ length: min - 2 }, (_, i) => run(min - 2 - i));
    boundaries.push(run(min - 1), ...wide.slice(0, 1), ...between.slice(-1), ...wide.slice(1), ...astral, ...between.slice(0, -1));
    branches.push(nearLimit(min - 2, (past) => min - 1 - past));
  }
  if (constraint.above === 'violating') {
    boundaries.push(...unique([max + 1, FAR_PAST + max, max + 2, 2 * max]).map((length) => run(length)));
    branches.push(nearLimit(FAR_PAST, (past) => max + 1 + past));
  }
  const [first, ...others] = branches;
  if (!first) return undefined;
  const wide = boundaries.filter((shape) => shape.bytesEach !== 1);
  return runs(constraint, distinct(boundaries), wide.length === 0 ? fc.oneof(first, ...others) : fc.oneof(first, ...others, oneOf(wide)));
}

/** One of the runs of wide characters; none is simpler than another. */
function oneOf(wide: readonly RunShape[]): fc.Arbitrary<Shape> {
  const isOne = (value: unknown): value is Shape =>
    isShape(value) && value.kind === 'run' && wide.some((shape) => shape.length === value.length && shape.bytesEach === value.bytesEach);
  return new ShrinkingArbitrary(fc.constantFrom(...wide), isOne, () => []);
}

/** A length by how far it is past the limit: shrinks to the first one past, in about as many steps as the distance has bits. */
function nearLimit(furthest: number, lengthAt: (past: number) => number): fc.Arbitrary<Shape> {
  return fc.integer({ min: 0, max: furthest }).map(
    (past): Shape => run(lengthAt(past)),
    (shape) => {
      if (!isShape(shape) || shape.kind !== 'run' || shape.bytesEach !== 1) throw new Error('not a run of one-byte characters');
      const past = Math.abs(shape.length - lengthAt(0));
      if (lengthAt(past) !== shape.length) throw new Error('a run on the other side of the limit');
      return past;
    },
  );
}

function distinct(shapes: readonly RunShape[]): RunShape[] {
  return [...new Map(shapes.map((shape) => [`${shape.length}/${shape.bytesEach}`, shape])).values()];
}
