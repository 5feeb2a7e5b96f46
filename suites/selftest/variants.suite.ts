/** No legal reading, alone or with others, is accused of anything. `npm run truth` does the same with many seeds. */
import { expect } from 'chai';
import PQueue from 'p-queue';
import { combineVariants, VARIANTS } from '../../contracts/reference/variants.js';
import { tryReference } from './trial.js';

const COMBINATIONS = 10;

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
    ...VARIANTS.map(({ name, reading }, seed) => ({ title: `${name}: ${reading}`, names: [name], seed })),
    ...Array.from({ length: COMBINATIONS }, (_, seed) => combineVariants(seed)).map((names, seed) => ({ title: `together: ${names.join(', ')}`, names, seed })),
  ];

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
