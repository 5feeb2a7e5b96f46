/** Inputs for rules about which characters a value may consist of. */
import fc from 'fast-check';
import type { CharsetConstraint } from '../contracts/model.js';
import { arrangements, describeAround, fits, longest, offences, plainest, renderAround, textOf, type Frame, type Position, type Spot } from './around.js';
import { characters, cycle, DIGITS, LETTERS, LOWER, NON_ZERO_DIGITS, quoted, without } from './characters.js';
import { DOMAIN } from './fields.js';
import { foreignShape, isShape, ShrinkingArbitrary, type AroundShape, type Fresh, type InputArbitrary, type Shape, type TextShape } from './input.js';
import { goodTexts } from './words.js';

/** `@` parts an address whatever is allowed in its local part. */
const allowedInScope = (constraint: CharsetConstraint): string => (constraint.scope === 'local-part' ? without(constraint.allowed, '@') : constraint.allowed);

const isNumber = (constraint: CharsetConstraint): boolean => constraint.alphabet === 'digits';

/** Letters or digits first, then the specials that are good anywhere. */
function fillOf(constraint: CharsetConstraint): string {
  // Which codes exist is left open but for a few; one that is documented stays behind when a target drops the offender.
  if (constraint.field === 'mobile_country_code') return '5';
  const anywhere = without(allowedInScope(constraint), constraint.notAtEdges ?? '');
  const plain = isNumber(constraint) ? NON_ZERO_DIGITS : LETTERS + DIGITS;
  const kept = characters(plain).filter((character) => anywhere.includes(character));
  return [...kept.sort((a, b) => plainness(a) - plainness(b)), ...(isNumber(constraint) ? [] : characters(without(anywhere, plain)))].join('');
}

/** Lower-case letters read best in a report, so they come first. */
function plainness(character: string): number {
  return LOWER.includes(character) ? 0 : 1;
}

function frames(constraint: CharsetConstraint): readonly Frame[] {
  const inScope: Frame = {
    place: constraint.scope,
    fill: fillOf(constraint),
    length: constraint.length,
    positions: ['inside', 'end', 'start', 'alone'],
  };
  if (constraint.scope === 'value') return [inScope];
  return [
    inScope,
    // A label holds 63 characters at most (RFC 1035, 2.3.4); 12 keep the whole address within 60.
    { place: 'domain', fill: LOWER, length: [3, 12], positions: ['inside'] },
    { place: 'domain-end', fill: LOWER, length: [1, 1], positions: ['alone'] },
  ];
}

/**
 * Which offenders find most, best first: blanks that a target may trim, the end of line that `$` of many regular
 * expression dialects overlooks, what people have in numbers and names, then one character of each script, then what ranges
 * such as `.-_`, `A-z` and `(-.` let in, other blanks, markup, the ASCII neighbours of 0-9, A-Z, a-z (an inclusive range that is
 * off by one), what number parsers take (`1e5`, thousands), then the rest.
 */
const TELLING = " \n-'a/[,\t<(\\.:@`{eE_+AzZ)";

function byPower(forbidden: string): string[] {
  const all = [...new Set(characters(forbidden))];
  const rest = all.filter((character) => !TELLING.includes(character));
  // Scripts lie in blocks of 16 code points or more; the first character met of each block stands for it.
  const blocks = new Set<number>();
  const firstOfBlock = rest.filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80 || blocks.has(code >> 4)) return false;
    blocks.add(code >> 4);
    return true;
  });
  const told = characters(TELLING).filter((character) => all.includes(character));
  return [...new Set([...told.slice(0, 4), ...firstOfBlock, ...told.slice(4), ...rest])];
}

/** The order in which a character takes its positions, by its rank: inside first mostly, and every beginning has all of them. */
const ROUNDS: readonly (readonly Position[])[] = [
  ['inside', 'end', 'start', 'alone'],
  ['end', 'inside', 'start', 'alone'],
  ['inside', 'start', 'end', 'alone'],
  ['start', 'inside', 'end', 'alone'],
  ['inside', 'end', 'alone', 'start'],
  ['end', 'inside', 'alone', 'start'],
  ['inside', 'start', 'alone', 'end'],
  ['alone', 'inside', 'end', 'start'],
];

/** Every spot of every offender, round by round: each offender once before any comes a second time. */
function interleaved(offenders: readonly string[], places: readonly Frame[], keep: (offender: string, position: Position) => boolean): Spot[] {
  const queues = offenders.map((offender, rank): Spot[] => {
    const order = ROUNDS[rank % ROUNDS.length] ?? [];
    const perFrame = places.map((frame) =>
      order.filter((position) => fits(frame, position) && keep(offender, position)).map((position): Spot => ({ frame, position, offender })),
    );
    const [own = [], ...others] = perFrame;
    const elsewhere = others.flat();
    // What is bad anywhere is often looked for in the scope only, so two of three show themselves elsewhere first: one in
    // the first such place and one, the final LF among them, in the last.
    const [first, second] = rank % 3 === 1 ? elsewhere.toReversed() : elsewhere;
    const outside = [first, second].filter((spot) => spot !== undefined);
    return rank % 3 === 0
      ? [...own.slice(0, 2), ...outside, ...own.slice(2)]
      : [...outside.slice(0, 1), ...own.slice(0, 2), ...outside.slice(1), ...own.slice(2)];
  });
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, round) => queues.flatMap((queue) => queue.slice(round, round + 1))).flat();
}

/** Each forbidden character alone, at either end and inside; in addresses also inside a label of the domain and behind it. */
export function violatingCharset(constraint: CharsetConstraint): InputArbitrary | undefined {
  const inFront = constraint.openInFront ?? '';
  const keep = (offender: string, position: Position): boolean => !(inFront.includes(offender) && (position === 'start' || position === 'alone'));
  const spots = interleaved(byPower(constraint.forbidden), frames(constraint), keep);
  const [frame] = frames(constraint);
  // A target that takes countries by their letters need not take a number with a letter in it.
  const words =
    constraint.field === 'mobile_country_code' && frame !== undefined ? ['BR', 'BRA'].map((offender): Spot => ({ frame, position: 'alone', offender })) : [];
  const all = [...spots.slice(0, 3), ...words, ...spots.slice(3)];
  return offences(constraint.field, all, () => (isNumber(constraint) ? '5' : 'm'), frame === undefined ? [] : farBehind(constraint, frame));
}

/** A value of the longest length, bad in its last character, and one bad behind its first half: a target may look at no more than the first few. */
function farBehind({ forbidden }: CharsetConstraint, frame: Frame): AroundShape[] {
  const [, max] = frame.length;
  const places = [
    { offender: '/', position: 'end', before: max - 1 },
    { offender: '<', position: 'inside', before: Math.ceil(max / 2) },
  ] as const;
  return max < LONG ? [] : places.filter(({ offender }) => forbidden.includes(offender)).map((spot) => longest({ ...spot, frame }, spot.before));
}

/** So long a value is more than a target may look at. */
const LONG = 32;

/** Each allowed special alone, at either end and inside (as far as its edges are good), words that types are taken for, and drawn texts. */
export function conformingCharset(constraint: CharsetConstraint): InputArbitrary {
  const allowed = allowedInScope(constraint);
  const inside = constraint.notAtEdges ?? '';
  const specials = characters(without(allowed, LETTERS + DIGITS));
  const [frame] = frames(constraint);
  const spots = frame ? interleaved(specials, [frame], (special, position) => position === 'inside' || !inside.includes(special)) : [];
  const good = (all: readonly string[]): TextShape[] => all.filter((text) => isGood(constraint, text)).map(asText);
  const dense = good([...crowdedTexts(constraint, specials), ...denseTexts(constraint, specials)]);
  const texts = good(goodTexts(constraint));
  const special = spots.map(plainest);
  // Which country codes exist is left open, so none is drawn beyond those that are documented.
  const drawn = constraint.field === 'mobile_country_code' ? listedTexts(texts) : drawnTexts(constraint, allowed);
  return {
    boundaries: [...alternating(dense, texts.slice(0, dense.length)), ...zipped(special, texts.slice(dense.length))],
    arbitrary: spots.length > 0 ? fc.oneof(drawn, arrangements(spots)) : drawn,
    render: (shape, fresh) => ({ part: 'field', field: constraint.field, value: valueOf(constraint, shape, fresh) }),
    describe: (shape) => (shape.kind === 'text' ? quoted(shape.text) : describeAround(around(shape))),
  };
}

function around(shape: Shape): AroundShape {
  if (shape.kind !== 'around') throw foreignShape(shape);
  return shape;
}

function valueOf(constraint: CharsetConstraint, shape: Shape, fresh: Fresh): string {
  if (shape.kind !== 'text') return renderAround(constraint.field, around(shape), around(shape).offender, fresh);
  return constraint.scope === 'local-part' ? `${shape.text}@${DOMAIN}` : shape.text;
}

/** How many texts with everything in them there are at most: each begins and ends with other specials. */
const DENSE = 5;

/**
 * Texts with every allowed special, capitals and digits in them, and other specials at their ends: what is wrongly refused, or does
 * not come back as it was sent, shows in the first of them, and shrinking finds what it was. One is of specials alone.
 */
function denseTexts(constraint: CharsetConstraint, specials: readonly string[]): string[] {
  // What is good inside only has a rule of its own.
  const edges = specials.filter((special) => constraint.notAtEdges?.includes(special) !== true);
  const at = (index: number): string => edges[index % edges.length] ?? '';
  const around = (index: number, inside: string): string => {
    const [first, last] = [at(index), at(index + 1)];
    return first + inside + last;
  };
  const count = Math.min(DENSE, edges.length);
  return Array.from({ length: count }, (_, index) => {
    const turned = [...edges.slice(index), ...edges.slice(0, index)].join('');
    return index === 2 ? around(index, turned) : around(index, `a${turned}Z${String(index)}b`);
  });
}

/**
 * The longest texts: in one each special comes twice in a row, in the other a single letter stands between every two of them, and
 * what room is left has letters and digits. Doubled marks are escapes to some programs, and marks around a letter markup to others.
 */
function crowdedTexts(constraint: CharsetConstraint, specials: readonly string[]): string[] {
  const [, max] = constraint.length;
  if (specials.length === 0) return [];
  // Two dots in a row are left open in addresses.
  const twice = specials.map((special) => (special === '.' && constraint.scope === 'local-part' ? special : special + special));
  const around = specials.map((special, i) => (special === '.' ? 'a.b' : `${special}${LOWER[i % LOWER.length] ?? 'a'}${special}`));
  return [`a${twice.join('')}`, `b${around.join('')}`].map((text) => filledUp(text, max));
}

/** The text with letters and digits behind it, or without what is too much, in the longest length and with no special at its end. */
function filledUp(text: string, length: number): string {
  return `${characters(text)
    .slice(0, length - 2)
    .join('')}${cycle(`Z${DIGITS}${LOWER}`, Math.max(2, length - characters(text).length))}`;
}

/** One of the first, one of the second, and so on. */
function alternating<T>(first: readonly T[], second: readonly T[]): T[] {
  return first.flatMap((each, i) => [each, ...second.slice(i, i + 1)]);
}

/** Two of the first, one of the second, and so on: any beginning has both. */
function zipped(first: readonly Shape[], second: readonly Shape[]): Shape[] {
  const both: Shape[] = [];
  for (let i = 0; i * 2 < first.length || i < second.length; i += 1) both.push(...first.slice(i * 2, i * 2 + 2), ...second.slice(i, i + 1));
  return both;
}

/** Whether a text keeps the constraint and is clear of everything that is left open about its field. */
function isGood(constraint: CharsetConstraint, text: string): boolean {
  const [min, max] = constraint.length;
  const all = characters(text);
  const edges = constraint.notAtEdges ?? '';
  const allowed = allowedInScope(constraint);
  if (all.length < min || all.length > max || !all.every((character) => allowed.includes(character))) return false;
  if (all.some((character, i) => (i === 0 || i === all.length - 1) && edges.includes(character))) return false;
  if (constraint.scope === 'local-part' && text.includes('..')) return false;
  return !(isNumber(constraint) && text.startsWith('0'));
}

/** Makes a good text of any text of allowed characters of a good length, by replacing what is in the wrong place. */
function tidied(constraint: CharsetConstraint, text: string): string {
  const edges = constraint.notAtEdges ?? '';
  const plain = isNumber(constraint) ? '1' : 'a';
  const all = characters(text);
  return all
    .map((character, i) => {
      const atEdge = i === 0 || i === all.length - 1;
      if (atEdge && edges.includes(character)) return plain;
      if (i === 0 && character === '0' && isNumber(constraint)) return plain;
      return constraint.scope === 'local-part' && character === '.' && all[i - 1] === '.' ? plain : character;
    })
    .join('');
}

function drawnTexts(constraint: CharsetConstraint, allowed: string): fc.Arbitrary<Shape> {
  const [min, max] = constraint.length;
  const draw = fc.tuple(fc.integer({ min, max }), fc.nat()).map(([length, seed]): Shape => asText(tidied(constraint, textOf(seed, allowed, length))));
  const isOne = (value: unknown): value is Shape => isShape(value) && value.kind === 'text' && isGood(constraint, value.text);
  return new ShrinkingArbitrary(draw, isOne, (shape) =>
    (shape.kind === 'text' ? parts(shape.text).filter((text) => isGood(constraint, text)) : []).map(asText),
  );
}

const asText = (text: string): TextShape => ({ kind: 'text', text });

function listedTexts(texts: readonly TextShape[]): fc.Arbitrary<Shape> {
  const isOne = (value: unknown): value is Shape => isShape(value) && value.kind === 'text' && texts.some(({ text }) => text === value.text);
  return new ShrinkingArbitrary(fc.constantFrom(...texts), isOne, () => []);
}

/** Parts of a text, the smallest first: its distinct specials alone (a few), its halves, all but an end. */
function parts(text: string): string[] {
  const all = characters(text);
  const middle = Math.ceil(all.length / 2);
  const specials = [...new Set(all.filter((character) => !(LETTERS + DIGITS).includes(character)))].slice(0, 3);
  const candidates = [...specials, all.slice(0, middle).join(''), all.slice(middle).join(''), all.slice(0, -1).join(''), all.slice(1).join('')];
  return [...new Set(candidates)].filter((part) => part.length < text.length);
}
