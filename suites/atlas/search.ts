/**
 * Searches: what is asked next depends on the answers so far and on nothing else. A search yields a round of probes and is
 * given their answers, in the same order; so the same answers lead to the same requests, however fast they come.
 */
import type { Got } from '../../contracts/atlas.js';
import type { FieldName } from '../../contracts/model.js';

/** One value of one field in a request that is safe in every other part. */
export interface Probe {
  readonly field: FieldName;
  /** The value, of characters that are unique where it asks for them; `null`: not sent. */
  readonly value: (unique: (length: number) => string) => string | null;
  /** What is looked at, in words. */
  readonly note: string;
  /** What a refusal of it is a refusal of. */
  readonly about: 'missing' | 'empty' | 'character' | 'too short' | 'too long';
  /** Requests that it may take, where no answer to the first is one; 4 unless told. */
  readonly tries?: number;
}

export interface Answer {
  readonly got: Got;
  /** What was sent; `null`: the field was not. */
  readonly sent: string | null;
  readonly status?: number;
  /** The member of the field in the response to a create, as JSON; absent where there is none. */
  readonly member?: unknown;
  /** Whether a token was given. */
  readonly token?: boolean;
  /** The refusal says that there is such a customer already. */
  readonly taken?: boolean;
  /** Requests that it took. */
  readonly requests: number;
}

/** Yields rounds of probes, is given their answers, and ends with what it found. */
export type Search<T> = Generator<readonly Probe[], T, readonly Answer[]>;

/** Sends the probes of a round and gives their answers in the same order. */
export type Ask = (probes: readonly Probe[]) => Promise<readonly Answer[]>;

/**
 * Runs searches side by side, each a round at a time: their probes go out together, one of each in turn, so that where
 * the budget ends all of them are as far as each other.
 */
export async function sideBySide<T>(searches: readonly Search<T>[], ask: Ask): Promise<T[]> {
  const results: T[] = [];
  const next = new Map<number, readonly Probe[]>();
  const advance = (index: number, answers?: readonly Answer[]): void => {
    const search = searches[index];
    if (search === undefined) return;
    const step = answers === undefined ? search.next([]) : search.next(answers);
    if (step.done === true) {
      results[index] = step.value;
      next.delete(index);
    } else next.set(index, step.value);
  };
  for (const index of searches.keys()) advance(index);
  while (next.size > 0) {
    const rounds = [...next];
    const longest = Math.max(...rounds.map(([, probes]) => probes.length));
    const places = Array.from({ length: longest }, (_, place) => rounds.flatMap(([index, probes]) => (place < probes.length ? [{ index, place }] : []))).flat();
    const answers = await ask(places.map(({ index, place }) => next.get(index)?.[place]).filter((probe) => probe !== undefined));
    for (const [index, probes] of rounds) {
      const own = places.flatMap((each, at) => (each.index === index ? [{ place: each.place, answer: answers[at] }] : [])).sort((a, b) => a.place - b.place);
      advance(
        index,
        own.slice(0, probes.length).flatMap(({ answer }) => (answer === undefined ? [] : [answer])),
      );
    }
  }
  return results;
}

/** The create succeeded. */
export function isAccepted({ got }: Pick<Answer, 'got'>): boolean {
  return got === 'accepted' || got === 'changed';
}
