/** Inputs for rules about characters that are good inside a local part and bad as its first or last character. */
import fc from 'fast-check';
import type { EdgesConstraint } from '../contracts/model.js';
import { arrangements, describeAround, offences, plainest, renderAround, type Frame, type Position, type Spot } from './around.js';
import { characters, DIGITS, LOWER, quoted, UPPER } from './characters.js';
import { foreignShape, isShape, ShrinkingArbitrary, type AroundShape, type InputArbitrary, type Shape } from './input.js';

/** What of a local part is longer than 64 characters is left open. */
const FRAME: Frame = { place: 'local-part', fill: LOWER + DIGITS + UPPER, length: [1, 64], positions: ['inside', 'end', 'start', 'alone'] };

function spots(constraint: EdgesConstraint, positions: readonly Position[]): Spot[] {
  const [first = 'inside', ...others] = positions;
  // Alternating, so that the first few have every character and more than one position.
  return characters(constraint.characters)
    .flatMap((offender, i) => {
      const order = i % 2 === 0 ? positions : [...others.slice(0, 1), first, ...others.slice(1)];
      return order.map((position, round) => ({ round, spot: { frame: FRAME, position, offender } }));
    })
    .sort((a, b) => a.round - b.round)
    .map(({ spot }) => spot);
}

const severalTimes = (before: string, offender: string, after: string): AroundShape => ({ kind: 'around', place: 'local-part', before, offender, after });

/** Each character inside: with one letter around it, several times, and in longer surroundings. */
export function conformingEdges(constraint: EdgesConstraint): InputArbitrary | undefined {
  const inside = spots(constraint, ['inside']);
  if (inside.length === 0) return undefined;
  const around = (shape: Shape): AroundShape => {
    if (shape.kind !== 'around') throw foreignShape(shape);
    return shape;
  };
  const longer = inside.map((spot): AroundShape => ({ kind: 'around', place: 'local-part', before: 'first', offender: spot.offender, after: 'last' }));
  // A target that takes the character once may not take it twice, and one that takes it twice not three times.
  const twice = inside.map(({ offender }) => severalTimes(`a${offender}b`, offender, 'c'));
  const thrice = inside.map(({ offender }) => severalTimes(`a${offender}b`, offender, `c${offender}d`));
  const several = [...twice, ...thrice];
  const isSeveral = (value: unknown): value is Shape => isShape(value) && several.some((each) => JSON.stringify(each) === JSON.stringify(value));
  const once = ({ offender }: AroundShape): AroundShape => ({ kind: 'around', place: 'local-part', before: 'a', offender, after: 'b' });
  const severalArbitrary = new ShrinkingArbitrary(fc.constantFrom<Shape>(...several), isSeveral, (shape) => {
    const { offender, after } = around(shape);
    return after.length > 1 ? [once(around(shape)), severalTimes(`a${offender}b`, offender, 'c')] : [once(around(shape))];
  });
  return {
    boundaries: [...thrice.slice(0, 1), ...inside.map(plainest), ...thrice.slice(1), ...longer],
    arbitrary: fc.oneof(arrangements(inside), severalArbitrary),
    render: (shape, fresh) => ({ part: 'field', field: constraint.field, value: renderAround(constraint.field, around(shape), around(shape).offender, fresh) }),
    describe: (shape) => {
      const { before, offender, after } = around(shape);
      return `${describeAround(around(shape))}: ${quoted(before + offender + after)}`;
    },
  };
}

/** Each character as the first, the last, and the only one of the local part. */
export function violatingEdges(constraint: EdgesConstraint): InputArbitrary | undefined {
  return offences(constraint.field, spots(constraint, ['end', 'start', 'alone']), () => 'm');
}
