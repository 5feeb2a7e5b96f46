/** Every legal variant: no must and no should of the document is broken by one, alone or combined with others. */
import { ANSWER_VARIANTS } from './variants/answers.js';
import { ERROR_VARIANTS } from './variants/errors.js';
import { REQUEST_VARIANTS } from './variants/request.js';
import { VALUE_VARIANTS } from './variants/values.js';
import type { Variant } from './variants/variant.js';
import { WIRE_VARIANTS } from './variants/wire.js';
import { WORD_VARIANTS } from './variants/words.js';

export type { Variant } from './variants/variant.js';

export const VARIANTS: readonly Variant[] = [...REQUEST_VARIANTS, ...VALUE_VARIANTS, ...WORD_VARIANTS, ...ANSWER_VARIANTS, ...ERROR_VARIANTS, ...WIRE_VARIANTS];

/**
 * Names of variants that go together, drawn at random: at most one for each question, none that lets nobody in.
 * From one up to as many as there are questions, so that both sparse and dense combinations are drawn.
 * @param seed The same seed gives the same names as long as the list is the same.
 */
export function combineVariants(seed: number): string[] {
  const random = generator(seed);
  const candidates = shuffled(
    VARIANTS.filter(({ blocks }) => blocks !== true),
    random,
  );
  const wanted = 1 + Math.floor(random() ** 2 * new Set(candidates.map(({ question }) => question)).size);
  const chosen: Variant[] = [];
  for (const variant of candidates) {
    if (chosen.length === wanted) break;
    if (chosen.every((other) => goTogether(variant, other))) chosen.push(variant);
  }
  return chosen.map(({ name }) => name);
}

/**
 * Every variant in one of as few combinations as they go together in, those that let nobody in left out.
 * @param most how many may be in a combination
 */
export function packVariants(most = Number.POSITIVE_INFINITY): readonly (readonly Variant[])[] {
  const combinations: Variant[][] = [];
  for (const variant of VARIANTS.filter(({ blocks }) => blocks !== true)) {
    const fitting = combinations.find((combination) => combination.length < most && combination.every((other) => goTogether(other, variant)));
    if (fitting === undefined) combinations.push([variant]);
    else fitting.push(variant);
  }
  return combinations;
}

/** Can both hold in one server? */
export function goTogether(one: Variant, other: Variant): boolean {
  return one.question !== other.question && !(one.conflictsWith ?? []).includes(other.question) && !(other.conflictsWith ?? []).includes(one.question);
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** mulberry32: numbers from 0 to less than 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
