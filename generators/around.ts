/**
 * Values of the form (before, offender, after): one character matters, and what surrounds it is good, drawn in lengths that
 * shrink to nothing (or to the shortest that keeps the value otherwise good) while its letters stay.
 */
import fc from 'fast-check';
import type { FieldName } from '../contracts/model.js';
import { characterName, characters, cycle, quoted } from './characters.js';
import { SHORTEST_SAFE_REFERENCE } from './fields.js';
import { foreignShape, isShape, ShrinkingArbitrary, type AroundShape, type Fresh, type InputArbitrary, type Place, type Shape } from './input.js';

/** The plainest of so many spots go out before any other shape. */
const FIRST = 3;

/** Where in its place the offender stands. */
export type Position = 'inside' | 'end' | 'start' | 'alone';

/** One place that offenders stand in, and what may surround them there. */
export interface Frame {
  readonly place: Place;
  /** Characters of which any text whatever is good around the offender; the first ones are the plainest. */
  readonly fill: string;
  /** How many characters the place holds in all, the offender among them. */
  readonly length: readonly [min: number, max: number];
  readonly positions: readonly Position[];
}

/** One offender in one position of one place. */
export interface Spot {
  readonly frame: Frame;
  readonly position: Position;
  readonly offender: string;
}

/**
 * How many characters surround an offender at least. Where there is room the surroundings are long enough by themselves: a target
 * that silently drops the offender must not be saved by refusing the rest for its length.
 */
function leastAround({ frame, position }: Spot): number {
  if (position === 'alone') return 0;
  const [min, max] = frame.length;
  return Math.max(position === 'inside' ? 2 : 1, min < max ? min : min - 1);
}

/** How many characters have to surround an offender for the value to be good but for it: what shrinking leaves. */
function shortestAround({ frame, offender }: Spot): number {
  return Math.max(0, frame.length[0] - characters(offender).length);
}

/** The least of what stands in front of the offender and behind it. */
function least(spot: Spot): readonly [before: number, after: number] {
  const around = leastAround(spot);
  switch (spot.position) {
    case 'alone':
    case 'start':
      return [0, around];
    case 'end':
      return [around, 0];
    case 'inside':
      return [Math.floor(around / 2), Math.ceil(around / 2)];
  }
}

/** Whether the place has room for the offender in that position. */
export function fits(frame: Frame, position: Position): boolean {
  const [min, max] = frame.length;
  if (!frame.positions.includes(position)) return false;
  if (position === 'alone') return min <= 1;
  return max >= (position === 'inside' ? 3 : 2);
}

/** The plainest shape of a spot: the fewest and plainest characters around the offender. */
export function plainest(spot: Spot): AroundShape {
  const [before, after] = least(spot);
  const text = cycle(spot.frame.fill, before + after);
  return { kind: 'around', place: spot.frame.place, before: text.slice(0, before), offender: spot.offender, after: text.slice(before) };
}

/** The longest shape of a spot: as many characters as the place holds, the offender behind so many of them. */
export function longest({ frame, offender }: Spot, before: number): AroundShape {
  const text = cycle(frame.fill, frame.length[1] - 1);
  return { kind: 'around', place: frame.place, before: text.slice(0, before), offender, after: text.slice(before) };
}

/** A text that a number stands for; drawing a number and not each character keeps drawing fast. The same number gives the same text. */
export function textOf(seed: number, fill: string, length: number): string {
  // Small seeds are drawn often and lie close together; the finaliser of MurmurHash3 parts them.
  let state = Math.imul(seed ^ (seed >>> 16) ^ 0x9e3779b9, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  let text = '';
  for (let i = 0; i < length; i += 1) {
    // The generator of Numerical Recipes (Press et al.), of which the upper bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += fill[Math.floor((state / 2 ** 32) * fill.length)];
  }
  return text;
}

/** Draws shapes of these spots: any of them, with up to as much around the offender as the place holds. */
export function arrangements(spots: readonly Spot[]): fc.Arbitrary<Shape> {
  const longest = Math.max(...spots.map((spot) => spot.frame.length[1]));
  const draw = fc
    .tuple(fc.constantFrom(...spots), fc.nat({ max: longest }), fc.nat({ max: longest }), fc.nat())
    .map(([spot, extraBefore, extraAfter, seed]): Shape => {
      const { frame, position, offender } = spot;
      const [leastBefore, leastAfter] = least(spot);
      const room = frame.length[1] - 1 - leastBefore - leastAfter;
      const before = leastBefore + (position === 'inside' || position === 'end' ? extraBefore % (room + 1) : 0);
      const left = room - (before - leastBefore);
      const after = leastAfter + (position === 'inside' || position === 'start' ? extraAfter % (left + 1) : 0);
      const text = textOf(seed, frame.fill, before + after);
      return { kind: 'around', place: frame.place, before: text.slice(0, before), offender, after: text.slice(before) };
    });
  const spotOf = (shape: AroundShape): Spot | undefined =>
    spots.find((spot) => spot.offender === shape.offender && spot.frame.place === shape.place && spot.position === positionOf(shape));
  const isOne = (value: unknown): value is Shape => {
    if (!isShape(value) || value.kind !== 'around') return false;
    const spot = spotOf(value);
    if (!spot) return false;
    const around = value.before.length + value.after.length;
    return (
      around >= shortestAround(spot) &&
      around < spot.frame.length[1] &&
      characters(value.before + value.after).every((character) => spot.frame.fill.includes(character))
    );
  };
  return new ShrinkingArbitrary(draw, isOne, (shape) => {
    const spot = shape.kind === 'around' ? spotOf(shape) : undefined;
    return spot && shape.kind === 'around' ? smaller(shape, spot).filter((each) => spotOf(each) !== undefined) : [];
  });
}

/** Where the offender of a shape stands. */
export function positionOf(shape: AroundShape): Position {
  if (shape.before === '') return shape.after === '' ? 'alone' : 'start';
  return shape.after === '' ? 'end' : 'inside';
}

/**
 * Shorter surroundings: none, as short as they are sent at first, one side alone, halves, one character less. A failure that was seen
 * may lose more than is left out when it is looked for: whether it is still the same one is seen at once.
 */
function smaller(shape: AroundShape, spot: Spot): AroundShape[] {
  const [before, after] = [shape.before.length, shape.after.length];
  const [leastBefore, leastAfter] = least(spot);
  const half = (length: number): number => Math.floor(length / 2);
  const lengths: readonly (readonly [number, number])[] = [
    [0, 0],
    [Math.min(before, leastBefore), Math.min(after, leastAfter)],
    [0, after],
    [before, 0],
    [half(before), after],
    [before, half(after)],
    [before - 1, after],
    [before, after - 1],
  ];
  const fine = lengths.filter(([b, a]) => b >= 0 && a >= 0 && b + a >= shortestAround(spot) && b + a < before + after);
  const distinct = new Map(fine.map(([b, a]) => [`${b}/${a}`, { ...shape, before: shape.before.slice(0, b), after: shape.after.slice(0, a) }]));
  return [...distinct.values()];
}

/** The domain of an address whose last character stands for the offender behind the address: no such top-level domain exists. */
const DOMAIN_END = ['a.exampl', 'e'] as const;
/** The local part in front of a domain that matters: as short as it may be. */
const LOCAL_PART = 'a';

/** The whole value: the shape in its place, with what is good around it. `object_reference_id` gets unique surroundings. */
export function renderAround(field: FieldName, shape: AroundShape, offender: string, fresh: Fresh): string {
  const { before, after } = shape;
  switch (shape.place) {
    case 'value': {
      if (field !== 'object_reference_id') return before + offender + after;
      const length = Math.max(SHORTEST_SAFE_REFERENCE, before.length + after.length);
      const unique = fresh(length, 'word');
      const front = after === '' ? length : before.length;
      return unique.slice(0, front) + offender + unique.slice(front);
    }
    case 'local-part':
      return `${before}${offender}${after}@example.com`;
    case 'domain':
      return `${LOCAL_PART}@${before}${offender}${after}.example.com`;
    case 'domain-end':
      return `${LOCAL_PART}@${DOMAIN_END[0]}${offender}`;
  }
}

const IN_PLACE: Readonly<Record<Place, string>> = { value: '', 'local-part': ' of the local part', domain: ' of a label of the domain', 'domain-end': '' };

/** So many characters around an offender are many: a target may look at the first of them only. */
const MANY = 30;

/** "blank inside", "TAB at the end of the local part", "! behind 63 others". */
export function describeAround(shape: AroundShape): string {
  if (shape.before.length + shape.after.length >= MANY) return `${describedIn(shape)}, ${shape.before.length} characters in front of it`;
  return describedIn(shape);
}

function describedIn(shape: AroundShape): string {
  const name = characters(shape.offender).length === 1 ? characterName(shape.offender) : quoted(shape.offender);
  if (shape.place === 'domain-end') return `${name} at the end of the address`;
  switch (positionOf(shape)) {
    case 'alone':
      return shape.place === 'value' ? `${name} alone` : `${name} alone as the local part`;
    case 'inside':
      return shape.place === 'value' ? `${name} inside` : `${name} inside ${shape.place === 'local-part' ? 'the local part' : 'a label of the domain'}`;
    case 'start':
      return `${name} at the start${IN_PLACE[shape.place]}`;
    case 'end':
      return `${name} at the end${IN_PLACE[shape.place]}`;
  }
}

/**
 * Bad inputs of this form. In the control of each the offender is replaced by an ordinary character.
 * @param further shapes of these spots to send beside the plainest, behind the first few
 */
export function offences(
  field: FieldName,
  spots: readonly Spot[],
  replacement: (shape: AroundShape) => string,
  further: readonly AroundShape[] = [],
): InputArbitrary | undefined {
  if (spots.length === 0) return undefined;
  const around = (shape: Shape): AroundShape => {
    if (shape.kind !== 'around') throw foreignShape(shape);
    return shape;
  };
  return {
    boundaries: [...spots.slice(0, FIRST).map(plainest), ...further, ...spots.slice(FIRST).map(plainest)],
    arbitrary: arrangements(spots),
    render: (shape, fresh) => ({ part: 'field', field, value: renderAround(field, around(shape), around(shape).offender, fresh) }),
    describe: (shape) => describeAround(around(shape)),
    control: (shape, fresh) => ({ part: 'field', field, value: controlValue(field, around(shape), replacement(around(shape)), fresh) }),
  };
}

function controlValue(field: FieldName, shape: AroundShape, replacement: string, fresh: Fresh): string {
  // Which country codes exist is left open, so a code with its offender replaced may be unknown: the control is one that is documented.
  if (field === 'mobile_country_code') return '55';
  return renderAround(field, shape, shape.place === 'domain-end' ? DOMAIN_END[1] : replacement, fresh);
}
