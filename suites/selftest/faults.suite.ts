/**
 * Faults of the reference are found by the rule that they name first, and no must rule that they do not name accuses
 * them: here one fault for every rule that any names first, `npm run power` measures all of them with several seeds. The
 * small budget is tried first; what it cannot reach, the standard one does. Most runs end with the named rule.
 */
import { expect } from 'chai';
import { RULES } from '../../contracts/rules/index.js';
import PQueue from 'p-queue';
import { FAULTS, type Fault } from '../../contracts/reference/faults.js';
import { tryFault, type FaultTrial } from './trial.js';

const SEED = 1;

/** The first fault of every rule that is named first. */
const ONE_FOR_EACH_RULE = [
  ...new Map(
    FAULTS.filter(({ equivalent }) => equivalent === undefined)
      .toReversed()
      .map((fault) => [fault.breaks[0], fault]),
  ).values(),
];

function said({ accusations }: FaultTrial): string {
  return accusations.length === 0 ? 'nothing' : accusations.map(({ verdict, ruleId, reason }) => `\n    ${verdict} ${ruleId}: ${reason}`).join('');
}

/** Trials wait more than they work (for a second to go by, for a read to succeed), so a few go on at a time. */
const trials = new PQueue({ concurrency: 4 });

/** The run of the small budget is made whole for one fault in so many: what else would be accused may come after the named rule. */
const ONE_WHOLE_IN = 3;

async function tryBoth(fault: Fault, index: number): Promise<FaultTrial> {
  const until = fault.breaks[0];
  const smoke = await tryFault(fault, { seed: SEED, budget: 'smoke', ...(index % ONE_WHOLE_IN === 0 ? {} : { until }) });
  if (smoke.byNamed) return smoke;
  const early = await tryFault(fault, { seed: SEED, budget: 'standard', until });
  return early.byNamed ? early : tryFault(fault, { seed: SEED, budget: 'standard' });
}

describe('self-test: faults of the reference', function () {
  // All trials share the time of the suite.
  this.timeout(240_000);
  const results = new Map<string, Promise<FaultTrial>>();

  before(() => {
    for (const [index, fault] of ONE_FOR_EACH_RULE.entries()) {
      const result = trials.add(() => tryBoth(fault, index));
      // Awaited by its own test; until then a failure is nobody's.
      result.catch(() => undefined);
      results.set(fault.name, result);
    }
  });

  it('every must rule is the first that some fault names', () => {
    const named = new Set<string>(FAULTS.map(({ breaks }) => breaks[0]));
    expect(RULES.filter(({ id, level }) => level === 'must' && !named.has(id)).map(({ id }) => id)).to.deep.equal([]);
  });

  for (const fault of ONE_FOR_EACH_RULE) {
    it(`${fault.name} breaks ${fault.breaks[0]}`, async () => {
      const trial = await (results.get(fault.name) ?? expect.fail('it was not tried'));
      expect(trial.byNamed, `${fault.breaks[0]} has to accuse it; what was said: ${said(trial)}`).to.equal(true);
      expect(trial.beside, `no other must rule may accuse it; what was said: ${said(trial)}`).to.deep.equal([]);
    });
  }
});
