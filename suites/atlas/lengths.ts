/** The longest and the shortest value that a field takes, by bisection within a number of requests. */
import type { Documented, Lengths, Limit } from '../../contracts/atlas.js';
import type { FieldName } from '../../contracts/model.js';
import { addressWithLocalPart, valueOfCharacter, valueOfLength } from '../../generators/atlas.js';
import { fieldOf, type Draft } from '../kit/draft.js';
import { documentedOf } from './documented.js';
import { isAccepted, type Answer, type Probe, type Search } from './search.js';

/** The farthest length that is tried, in code points: a power of two more would cost a request more, and no column of text is nearer to it. */
export const FARTHEST = 65_536;
/** Requests that the lengths of one field may take, all of them together. */
export const LENGTH_REQUESTS = 20;

/**
 * Lengths at which people put a limit, and the next ones: tried before halves while there are requests to spare. The first two
 * part what is usual from what is not, so that most limits take few requests.
 */
const LIKELY: readonly number[] = [
  256, 1025, 65, 64, 129, 128, 255, 257, 11, 10, 16, 15, 5, 4, 33, 32, 51, 50, 101, 100, 254, 37, 36, 41, 40, 21, 20, 3, 13, 12, 501, 500, 513, 512, 1001, 1000,
  1024, 2049, 2048, 4097, 4096, 65_535,
];

/** What was found about one end: the last length that was accepted, and the first beyond that was not. */
interface Bounds {
  /** Was accepted. */
  accepted: number;
  /** Was not, or was not tried because nothing lies beyond. */
  beyond: number;
  got?: Answer['got'];
  requests: number;
}

/**
 * Between a length that is accepted and one that is not (or `FARTHEST` + 1, which counts as such): asks for lengths until the
 * two are neighbours or the requests are spent. Yields a length, is given whether it was accepted and how many requests that
 * took. Works downwards as well. A likely length is tried only where the halves that remain can be told apart all the same.
 */
export function* bisect(
  from: { readonly accepted: number; readonly beyond: number },
  budget: number,
  likely: readonly number[],
): Generator<number, Bounds, { readonly got: Answer['got']; readonly requests: number }> {
  const found: Bounds = { ...from, requests: 0 };
  const untried = new Set(likely);
  const needed = (apart: number): number => Math.ceil(Math.log2(Math.max(1, apart)));
  while (Math.abs(found.beyond - found.accepted) > 1 && found.requests < budget) {
    const left = budget - found.requests - 1;
    const isBetween = (length: number): boolean => length > Math.min(found.accepted, found.beyond) && length < Math.max(found.accepted, found.beyond);
    const apart = (length: number): number => Math.max(Math.abs(found.beyond - length), Math.abs(length - found.accepted));
    const guess = [...untried].find((length) => isBetween(length) && needed(apart(length)) <= left);
    if (guess !== undefined) untried.delete(guess);
    const length = guess ?? Math.trunc((found.accepted + found.beyond) / 2);
    const { got, requests } = yield length;
    found.requests += requests;
    if (isAccepted({ got })) found.accepted = length;
    else if (got === 'not looked at') break;
    else {
      found.beyond = length;
      found.got = got;
    }
  }
  return found;
}

function limitOf({ accepted, beyond, got }: Bounds, documented: (length: number) => Documented, upTo: number): Limit {
  return { accepted, upTo, ...(got === undefined ? {} : { beyond, got, documented: documented(beyond) }) };
}

function* ask(
  field: FieldName,
  from: { readonly accepted: number; readonly beyond: number },
  budget: number,
  likely: readonly number[],
  value: Probe['value'] | ((length: number, unique: (length: number) => string) => string),
): Search<Bounds> {
  const search = bisect(from, budget, likely);
  const about = from.beyond > from.accepted ? 'too long' : 'too short';
  let spent = 0;
  let step = search.next();
  while (step.done !== true) {
    const length = step.value;
    const make = value as (length: number, unique: (length: number) => string) => string;
    const probe: Probe = { field, about, note: `${length} characters`, tries: budget - spent, value: (unique) => make(length, unique) };
    let [answer] = yield [probe];
    // A short reference may be one that another run has made.
    if (answer?.taken === true && spent + answer.requests < budget) {
      const before = answer.requests;
      [answer] = yield [probe];
      if (answer !== undefined) answer = { ...answer, requests: answer.requests + before };
    }
    const got = answer === undefined ? 'not looked at' : answer.taken === true ? 'varies' : answer.got;
    const requests = answer?.requests ?? 0;
    spent += requests;
    step = search.next({ got, requests });
  }
  return step.value;
}

const plain = (length: number): string => 'abcdefghij'.repeat(Math.ceil(length / 10)).slice(0, length);

/** The lengths of a field, of which `known` is accepted: the control has a value of that length. */
export function* lengthSearch(field: FieldName, known: number): Search<Lengths> {
  const documented = (length: number): Documented => documentedOf(field, valueOfLength(field, length, plain));
  const value = (length: number, unique: (length: number) => string): string => valueOfLength(field, length, unique);
  const longest = yield* ask(field, { accepted: known, beyond: FARTHEST + 1 }, LENGTH_REQUESTS - 2, LIKELY, value);
  const left = (): number => LENGTH_REQUESTS - longest.requests;
  const shortest = yield* ask(field, { accepted: known, beyond: 0 }, left(), [1, 8, 7], value);
  const requests = longest.requests + shortest.requests;
  const common = {
    longest: limitOf(longest, documented, FARTHEST),
    shortest: limitOf(shortest, documented, 1),
  };
  if (field !== 'email_address' || requests >= LENGTH_REQUESTS) return { ...common, requests };
  const most = longest.accepted - '@example.com'.length;
  const localPart = yield* ask(field, { accepted: 4, beyond: most + 1 }, LENGTH_REQUESTS - requests, [65, 64], (length: number) =>
    addressWithLocalPart(length),
  );
  return {
    ...common,
    longestLocalPart: limitOf(localPart, (length) => documentedOf(field, addressWithLocalPart(length)), most),
    requests: requests + localPart.requests,
  };
}

/** A character of the Basic Multilingual Plane beyond ASCII, and one beyond the plane, that the field was seen to accept inside. */
export interface Wide {
  readonly inPlane?: number;
  readonly beyondPlane?: number;
}

/**
 * What the longest value is counted in, where that is not plain from ASCII: as many characters of two or more bytes are accepted
 * or not, and as many of two UTF-16 units.
 */
export function* unitSearch(field: 'object_reference_id' | 'first_name' | 'last_name', lengths: Lengths, { inPlane, beyondPlane }: Wide): Search<Lengths> {
  const { accepted, beyond } = lengths.longest;
  const without = (because: string): Lengths => ({ ...lengths, unit: { is: 'unclear', because } });
  if (accepted === undefined || beyond === undefined) return lengths;
  if (beyond !== accepted + 1) return without('the limit is not known exactly');
  if (inPlane === undefined && beyondPlane === undefined) return without('no character beyond ASCII was seen accepted');
  if (lengths.requests >= LENGTH_REQUESTS - 1) return without(`the ${LENGTH_REQUESTS} requests of the field were spent`);
  const probe = (codePoint: number): Probe => ({
    field,
    about: 'too long',
    tries: 1,
    note: `${accepted} characters, most of them U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`,
    value: (unique) => valueOfCharacter(field, codePoint, accepted, unique),
  });
  const codePoints = [inPlane, beyondPlane].filter((each) => each !== undefined);
  const answers = yield codePoints.map(probe);
  const requests = lengths.requests + answers.reduce((sum, answer) => sum + answer.requests, 0);
  const of = (codePoint: number | undefined): Answer['got'] | undefined => answers[codePoint === undefined ? -1 : codePoints.indexOf(codePoint)]?.got;
  return { ...lengths, requests, unit: unitOf(of(inPlane), of(beyondPlane), accepted) };
}

type Verdict = NonNullable<Lengths['unit']>;

function unitOf(inPlane: Answer['got'] | undefined, beyondPlane: Answer['got'] | undefined, length: number): Verdict {
  const isTaken = (got: Answer['got'] | undefined): boolean => got !== undefined && isAccepted({ got });
  if (isTaken(beyondPlane)) return { is: 'code points', because: `${length} characters of four bytes are accepted` };
  if (isTaken(inPlane) && beyondPlane === 'refused')
    return { is: 'UTF-16 units', because: `${length} characters of the basic plane are accepted, and as many of two units are not` };
  if (isTaken(inPlane)) return { is: 'code points or UTF-16 units', because: `${length} characters of several bytes are accepted` };
  if (inPlane === 'refused') return { is: 'bytes', because: `${length} ASCII characters are accepted, and as many of several bytes are not` };
  return { is: 'unclear', because: 'no answer told it' };
}

/** The length of the field's value in a request that was accepted, in code points; undefined where its length is no matter, or it was not sent. */
export function fieldLengthOf(draft: Draft, field: FieldName): number | undefined {
  const value = fieldOf(draft, field);
  // One of two words.
  return value === undefined || field === 'options.get_client_auth_token' ? undefined : [...value].length;
}
