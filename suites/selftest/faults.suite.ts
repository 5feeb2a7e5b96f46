/**
 * Every fault of the reference is found by the rule that it names first, and no must rule that it does not name accuses
 * it. The small budget is tried first; what it cannot reach, the standard one does.
 */
import { expect } from 'chai';
import { RULES } from '../../contracts/rules/index.js';
import { FAULTS } from '../../contracts/reference/faults.js';
import { tryFault, type FaultTrial } from './trial.js';

const SEED = 1;

function said({ accusations }: FaultTrial): string {
  return accusations.length === 0 ? 'nothing' : accusations.map(({ verdict, ruleId, reason }) => `\n    ${verdict} ${ruleId}: ${reason}`).join('');
}

describe('self-test: faults of the reference', function () {
  this.timeout(60_000);

  it('every must rule is the first that some fault names', () => {
    const named = new Set<string>(FAULTS.map(({ breaks }) => breaks[0]));
    expect(RULES.filter(({ id, level }) => level === 'must' && !named.has(id)).map(({ id }) => id)).to.deep.equal([]);
  });

  for (const fault of FAULTS.filter(({ equivalent }) => equivalent === undefined)) {
    it(`${fault.name} breaks ${fault.breaks[0]}`, async () => {
      const smoke = await tryFault(fault, { seed: SEED, budget: 'smoke' });
      const trial = smoke.byNamed ? smoke : await tryFault(fault, { seed: SEED, budget: 'standard' });
      expect(trial.byNamed, `${fault.breaks[0]} has to accuse it; what was said: ${said(trial)}`).to.equal(true);
      expect(trial.beside, `no other must rule may accuse it; what was said: ${said(trial)}`).to.deep.equal([]);
    });
  }
});
