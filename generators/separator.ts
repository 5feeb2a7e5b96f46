/** Inputs for "an address has an @ with something on each side". */
import fc from 'fast-check';
import type { SeparatorConstraint } from '../contracts/model.js';
import { textOf } from './around.js';
import { cycle, DIGITS, LETTERS, LOWER, quoted } from './characters.js';
import { foreignShape, isShape, ShrinkingArbitrary, type InputArbitrary, type Shape, type TextShape } from './input.js';

const text = (value: string): TextShape => ({ kind: 'text', text: value });

/** The lengths of a local part and of an address beyond which nothing is promised. */
const [LONGEST_LOCAL_PART, LONGEST] = [64, 128] as const;

/** An address of that many characters, so many of them in front of the separator; labels of letters alone: what else a domain may hold is open. */
function long(local: number, length: number): string {
  const domain = length - local - 1 - '.example.com'.length;
  const labels = cycle('mail.department.regionofthenorth.', domain - 1);
  return `${cycle(`${LOWER}${DIGITS}`, local)}@${labels.replace(/\.$/, 'x')}x.example.com`;
}

/** The plainest address first, then the longest, then other reserved domains (RFC 2606) and other lengths of either side. */
const GOOD = [
  'user@example.com',
  long(LONGEST_LOCAL_PART, LONGEST),
  'user1@host.sub.domain.example',
  long(33, 61),
  'x@a.invalid',
  'A1b2C3@example.org',
  long(32, 100),
  'user1@mail.example.com',
  'a@example.com',
  'x@a.example',
  long(63, LONGEST - 1),
] as const;
/** Without a separator, with nothing in front of it, nothing behind it, and nothing at all. */
const BAD = ['userexample.com', '@example.com', 'user@', 'user', '@', 'user.example.com', 'example.com'] as const;

const WORD = LOWER + LETTERS + DIGITS;
// With `.example.com` behind them these are the longest address.
const LEFT = LONGEST_LOCAL_PART;
const RIGHT = LONGEST - LEFT - '@.example.com'.length;

function texts(
  boundaries: readonly string[],
  drawn: fc.Arbitrary<string>,
  isOne: (value: string) => boolean,
  smaller: (value: string) => string[],
): InputArbitrary {
  const listed = [...new Set(boundaries)].map(text);
  const valueOf = (shape: Shape): string => {
    if (shape.kind !== 'text') throw foreignShape(shape);
    return shape.text;
  };
  const belongs = (shape: unknown): shape is Shape => isShape(shape) && shape.kind === 'text' && isOne(shape.text);
  return {
    boundaries: listed,
    arbitrary: new ShrinkingArbitrary(drawn.map(text), belongs, (shape) => smaller(valueOf(shape)).map(text)),
    render: (shape) => ({ part: 'field', field: 'email_address', value: valueOf(shape) }),
    describe: (shape) => (valueOf(shape).includes('@') ? `the address ${quoted(valueOf(shape))}` : `no separator: ${quoted(valueOf(shape))}`),
  };
}

/** Addresses with one separator and plain sides; a drawn one shrinks on its left side. */
export function conformingSeparator(constraint: SeparatorConstraint): InputArbitrary {
  const { separator } = constraint;
  const drawn = fc
    .tuple(fc.integer({ min: 1, max: LEFT }), fc.integer({ min: 1, max: RIGHT }), fc.nat())
    .map(([left, right, seed]) => `${textOf(seed, WORD, left)}${separator}${textOf(seed, LOWER, right)}.example.com`);
  const isOne = (value: string): boolean => /^[A-Za-z0-9]{1,64}@[a-z]+(?:\.[a-z]+)+$/.test(value) && value.length <= LONGEST;
  return texts(GOOD, drawn, isOne, (value) => {
    const [left = '', right = ''] = value.split(separator);
    const shorter = [left.slice(0, 1), left.slice(0, Math.ceil(left.length / 2))].filter((part) => part.length < left.length);
    return [...new Set(shorter)].map((part) => `${part}${separator}${right}`);
  });
}

/** Values without a separator, or with nothing on one of its sides; a drawn one shrinks to a single letter on what side there is. */
export function violatingSeparator(constraint: SeparatorConstraint): InputArbitrary {
  const { separator } = constraint;
  const drawn = fc.tuple(fc.constantFrom('none', 'left', 'right'), fc.integer({ min: 1, max: LEFT }), fc.nat()).map(([missing, length, seed]) => {
    const word = textOf(seed, WORD, length);
    if (missing === 'none') return word;
    return missing === 'left' ? `${separator}${word.toLowerCase()}.example.com` : `${word}${separator}`;
  });
  const isOne = (value: string): boolean => /^(?:[A-Za-z0-9.]+@?|@(?:[a-z0-9.]+)?)$/.test(value);
  return texts(BAD, drawn, isOne, (value) => {
    const front = value.startsWith(separator);
    const back = !front && value.endsWith(separator);
    const word = value.replace(separator, '').replace(/\.example\.com$/, '');
    const shorter = [word.slice(0, 1), word.slice(0, Math.ceil(word.length / 2))].filter(
      (part) => part.length > 0 && part.length < word.length && !part.includes('.'),
    );
    return [...new Set(shorter)].map((part) =>
      front ? `${separator}${part}${value.endsWith('.example.com') ? '.example.com' : ''}` : back ? `${part}${separator}` : part,
    );
  });
}
