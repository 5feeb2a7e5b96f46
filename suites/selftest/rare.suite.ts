/** Defects that show one time in many are found at the standard budget, and reported as what they are: flaky, with their rate. */
import { expect } from 'chai';
import PQueue from 'p-queue';
import { FAULTS } from '../../contracts/reference/faults.js';
import { ruleById } from '../../contracts/rules/index.js';
import { tryFault, type FaultTrial } from './trial.js';

const SEED = 1;
/** As rare as a defect may be that is sure to be found. */
const RARE = 50;
/** A rate from some hundreds of requests may be off by this factor; several times that and it would mislead. */
const OFF_BY = 2.5;

const faults = FAULTS.filter(({ oneIn, breaks }) => oneIn !== undefined && oneIn >= 40 && oneIn <= RARE && ruleById(breaks[0])?.level === 'must');

describe('self-test: defects that show one time in 50', function () {
  this.timeout(120_000);
  const trials = new PQueue({ concurrency: 4 });
  const results = new Map<string, Promise<FaultTrial>>();

  before(() => {
    for (const fault of faults) {
      const result = trials.add(() => tryFault(fault, { seed: SEED, budget: 'standard' }));
      result.catch(() => undefined);
      results.set(fault.name, result);
    }
  });

  it('there are some', () => {
    expect(faults).to.have.length.above(2);
  });

  for (const { name, breaks, oneIn = RARE } of faults) {
    it(`${name} makes ${breaks[0]} flaky, with its rate`, async () => {
      const trial = await results.get(name);
      const finding = trial?.run.findings.find(({ ruleId }) => ruleId === breaks[0]);
      expect(finding?.verdict, finding?.reason).to.equal('flaky');
      const { broken = 0, of = 1 } = finding?.rate ?? {};
      expect(broken / of, `broken in ${broken} of ${of} tries`).to.be.within(1 / oneIn / OFF_BY, OFF_BY / oneIn);
      expect(trial?.run.exitCode).to.equal(1);
    });
  }
});
