/** Safe requests: values that no reading refuses, different in every request of a run, and references that are never given twice. */
import fc from 'fast-check';
import type { Alphabet } from '../contracts/model.js';
import { characters, DIGITS, LOWER } from './characters.js';

/** The safe value of every echoed field but the reference, which is given when the request is made. */
export interface SafeValues {
  readonly mobile_number: string;
  readonly mobile_country_code: string;
  readonly email_address: string;
  readonly first_name: string;
  readonly last_name: string;
}

const steps = new Map<bigint, bigint>();

/** A step of the golden section, without a divisor in common with the size: it spreads any beginning of the sequence evenly (three-distance theorem). */
function stepOf(size: bigint): bigint {
  let step = steps.get(size);
  if (step === undefined) {
    step = (size * 618_033_988_749_894n) / 1_000_000_000_000_000n;
    while (greatestCommonDivisor(step, size) !== 1n) step += 1n;
    steps.set(size, step);
  }
  return step;
}

/** Scatters whole numbers over `[0, size)`, one to one: neighbours end far apart and differ from the first digit on. */
function scattered(number: bigint, size: bigint): bigint {
  return (number * stepOf(size)) % size;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** A number written in the digits of an alphabet, with leading "zeros". */
function written(number: bigint, alphabet: string, length: number): string {
  const base = BigInt(alphabet.length);
  let rest = number;
  let text = '';
  for (let i = 0; i < length; i += 1) {
    text = `${alphabet[Number(rest % base)]}${text}`;
    rest /= base;
  }
  return text;
}

/** Spreads a text over 64 bits (FNV-1a). */
function hashed(text: string): bigint {
  return characters(text).reduce((hash, character) => BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n), 0xcbf29ce484222325n);
}

/** Letter `i` of a name is a capital where the bit of the pattern says so: a target that changes case is seen. */
function mixedCase(text: string, pattern: bigint): string {
  return characters(text)
    .map((letter, i) => ((pattern >> BigInt(i % 16)) & 1n ? letter.toUpperCase() : letter))
    .join('');
}

const CODES = ['55', '65', '91'] as const;
const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;
const SHORTEST_NAME = 5;

/**
 * The safe values of the `index`-th request. Deterministic; for one seed every value but the country code (three are safe)
 * differs from that of every other index below 10 million, and no two values of one request are alike.
 */
export function safeValues(seed: number, index: number): SafeValues {
  const number = BigInt(index);
  const salt = hashed(`safe values ${seed}`);
  const name = (which: bigint): string => {
    // Names of 5 to 12 letters: long enough that one is not met by chance in other text.
    const length = SHORTEST_NAME + Number((number + which * 3n + salt) % 8n);
    const size = 26n ** BigInt(length);
    return mixedCase(written(scattered(number + (salt >> which), size), LOWER, length), (salt >> (8n * which)) ^ (number * 0x9e37n) ^ 1n);
  };
  const digits = 8 + Number((number + salt) % 3n);
  const size = 9n * 10n ** BigInt(digits - 1);
  const mobile = 10n ** BigInt(digits - 1) + scattered(number + (salt >> 5n), size);
  const local = written(scattered(number + (salt >> 7n), 26n ** 6n), LOWER, 6);
  return {
    mobile_number: String(mobile),
    mobile_country_code: CODES[Number((number + (salt >> 9n)) % 3n)] ?? CODES[0],
    email_address: `${local}${index}@${DOMAINS[Number((number + (salt >> 11n)) % 3n)] ?? DOMAINS[0]}`,
    first_name: name(1n),
    last_name: name(2n),
  };
}

/** Any safe values. They do not shrink: none are simpler than others. */
export const safeValuesArbitrary: fc.Arbitrary<SafeValues> = fc.noShrink(
  fc.tuple(fc.nat(), fc.nat({ max: 999_999 })).map(([seed, index]) => safeValues(seed, index)),
);

/** What an `object_reference_id` is made of. */
export interface ReferenceParts {
  /** The same in every reference of a run: lower-case letters and digits, 4 or more. */
  readonly token: string;
  /** Who asks, 0 to 255. */
  readonly scope: number;
  /** Which of those it asks for, 0 to 9,999. */
  readonly n: number;
  /** In characters; 20 by default. */
  readonly length?: number;
  /** `word` (lower-case letters and digits) by default. */
  readonly alphabet?: Alphabet;
}

/** Numbers of one scope. */
const NUMBERS = 10_000n;
/** Characters in front of the token: enough for 256 scopes of 10,000 by themselves, so that no two references begin alike. */
const FRONT = 5;
/** Unique characters that a reference has at least; a longer token is cut. 26 to the sixth is more than 256 × 10,000. */
const LEAST_UNIQUE = 6;
const SHORT_TOKEN = 4;

/**
 * A reference that no other (scope, n) gets: the run's token in the middle, scattered characters on both sides, so that references
 * share neither a beginning nor an end. Only lower case, so that no two are alike but for it.
 *
 * From 12 characters on (`digits`: from 10), different for every scope below 256 and n below 10,000. With 8 to 11 characters the
 * token is cut to four, which leaves room for 121 scopes (`letters`: 45; `digits`: 90). Under 8, where a reference is bad
 * anyway, there is no token, and different ones as far as the length allows. A length below 1 gives an empty text.
 *
 * Number-like references begin with a digit other than 0, carry the token as digits, and are scattered by it too, since so
 * few of their digits are left to tell runs apart.
 */
export function referenceId({ token, scope, n, length = 20, alphabet = 'word' }: ReferenceParts): string {
  if (length < 1) return '';
  const number = BigInt(scope) * NUMBERS + BigInt(n);
  if (alphabet === 'digits') return numberLike(token, number, length);
  const letters = alphabet === 'word' ? LOWER + DIGITS : LOWER;
  const base = BigInt(letters.length);
  if (length < 8) return written(scattered(number + hashed(token), base ** BigInt(length)), letters, length);
  const own = alphabet === 'word' ? token : lettersOf(token);
  const middle = own.slice(0, length < 12 ? SHORT_TOKEN : length - LEAST_UNIQUE);
  const unique = length - middle.length;
  const front = unique >= 2 * FRONT ? FRONT : Math.ceil(unique / 2);
  // Where each side is long enough to be unique by itself it is scattered by itself; else both are one number cut in two.
  if (front === FRONT) return leadingSide(number, base, front, letters) + middle + side(number + 1n, base, unique - front, letters);
  const whole = leadingSide(number, base, unique, letters);
  return whole.slice(0, front) + middle + whole.slice(front);
}

function side(number: bigint, base: bigint, length: number, letters: string): string {
  return written(scattered(number, base ** BigInt(length)), letters, length);
}

/** As `side`, with a letter first: a reference that begins with a digit is a matter of its own, and tried as such. */
function leadingSide(number: bigint, base: bigint, length: number, letters: string): string {
  const rest = base ** BigInt(length - 1);
  const scatter = scattered(number, BigInt(LOWER.length) * rest);
  return `${LOWER[Number(scatter / rest)] ?? ''}${length === 1 ? '' : written(scatter % rest, letters, length - 1)}`;
}

/** A token of letters only: each digit as one of the last ten letters. */
function lettersOf(token: string): string {
  return token.replaceAll(/\d/g, (digit) => LOWER[16 + Number(digit)] ?? 'q');
}

function numberLike(token: string, number: bigint, length: number): string {
  const own = hashed(token);
  const tokenDigits = length >= 12 ? 4 : length >= 10 ? 3 : length >= 8 ? 2 : 0;
  const unique = length - tokenDigits;
  const first = 10n ** BigInt(unique - 1);
  const whole = String(first + scattered(number + (own >> 8n), 9n * first));
  const front = Math.ceil(unique / 2);
  return (
    whole.slice(0, front) +
    String(own % 10n ** BigInt(tokenDigits))
      .padStart(tokenDigits, '0')
      .slice(0, tokenDigits) +
    whole.slice(front)
  );
}
