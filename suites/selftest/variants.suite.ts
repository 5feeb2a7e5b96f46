/** No legal reading, alone or with others, is accused of anything. `npm run truth` does the same with many seeds. */
import { expect } from 'chai';
import { combineVariants, VARIANTS } from '../../contracts/reference/variants.js';
import { tryReference } from './trial.js';

const COMBINATIONS = 10;

describe('self-test: legal variants of the reference', function () {
  this.timeout(60_000);

  const accusationsOf = async (variants: readonly string[], seed: number): Promise<readonly string[]> => {
    const { accusations } = await tryReference({ variants }, { seed, budget: 'smoke' });
    return accusations.map(({ verdict, ruleId, reason, got }) => `${verdict} ${ruleId}: ${reason}; got ${got ?? ''}`);
  };

  for (const [index, { name, reading }] of VARIANTS.entries()) {
    it(`${name}: ${reading}`, async () => {
      expect(await accusationsOf([name], index)).to.deep.equal([]);
    });
  }

  for (let seed = 1; seed <= COMBINATIONS; seed += 1) {
    const names = combineVariants(seed);
    it(`together: ${names.join(', ')}`, async () => {
      expect(await accusationsOf(names, seed)).to.deep.equal([]);
    });
  }
});
