/**
 * No legal reading is accused of anything. Here each is in one run of the smallest budget, with a few others beside it; `npm run power`
 * has each by itself, and `npm run truth` many seeds of the standard budget.
 */
import { expect } from 'chai';
import PQueue from 'p-queue';
import { combineVariants, packVariants, VARIANTS } from '../../contracts/reference/variants.js';
import { tryReference } from './trial.js';

const COMBINATIONS = 10;
/** So many readings in a run: a false alarm is soon put down to one of them. */
const TOGETHER = 6;

/** Trials wait more than they work, so a few go on at a time. */
const trials = new PQueue({ concurrency: 4 });

describe('self-test: legal variants of the reference', function () {
  // All trials share the time of the suite.
  this.timeout(240_000);
  const results = new Map<string, Promise<readonly string[]>>();

  const accusationsOf = async (variants: readonly string[], seed: number): Promise<readonly string[]> => {
    const { accusations } = await tryReference({ variants }, { seed, budget: 'smoke' });
    return accusations.map(({ verdict, ruleId, reason, got }) => `${verdict} ${ruleId}: ${reason}; got ${got ?? ''}`);
  };

  const cases = [
    [],
    ...VARIANTS.filter(({ blocks }) => blocks === true).map(({ name }) => [name]),
    ...packVariants(TOGETHER).map((variants) => variants.map(({ name }) => name)),
    ...Array.from({ length: COMBINATIONS }, (_, seed) => combineVariants(seed)),
  ].map((names, seed) => ({ title: names.length === 0 ? 'the reference as it is' : names.join(', '), names, seed }));

  it('are all in some run', () => {
    const run = new Set(cases.flatMap(({ names }) => names));
    expect(VARIANTS.map(({ name }) => name).filter((name) => !run.has(name))).to.deep.equal([]);
  });

  before(() => {
    for (const { title, names, seed } of cases) {
      const result = trials.add(() => accusationsOf(names, seed));
      // Awaited by its own test; until then a failure is nobody's.
      result.catch(() => undefined);
      results.set(title, result);
    }
  });

  for (const { title, names, seed } of cases) {
    it(title, async () => {
      expect(await (results.get(title) ?? accusationsOf(names, seed))).to.deep.equal([]);
    });
  }
});
