import { expect } from 'chai';
import fc from 'fast-check';
import { median, renderPower, shortcomings, type FaultPower, type FaultTrial, type Power } from './power.js';

const trial = (more: Partial<FaultTrial> = {}): FaultTrial => ({ budget: 'standard', seed: 1, byNamed: true, caught: true, requestsUntilCaught: 12, ...more });
const fault = (name: string, trials: readonly FaultTrial[], more: Partial<FaultPower> = {}): FaultPower => ({
  name,
  defect: `The defect of ${name}.`,
  breaks: ['first_name/charset'],
  trials,
  ...more,
});
const power = (faults: readonly FaultPower[], more: Partial<Power> = {}): Power => ({
  budgets: ['smoke', 'standard'],
  seeds: 1,
  faults,
  variantRuns: 10,
  falseAlarms: [],
  ...more,
});
const both = (smoke: Partial<FaultTrial> = {}, standard: Partial<FaultTrial> = {}): FaultTrial[] => [trial({ budget: 'smoke', ...smoke }), trial(standard)];

describe('power', () => {
  it('half of the numbers are at most the median, and half of them at least', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
        const middle = median(numbers);
        expect(numbers.filter((each) => each <= middle).length).to.be.at.least(numbers.length / 2);
        expect(numbers.filter((each) => each >= middle).length).to.be.at.least(numbers.length / 2);
      }),
    );
    expect(Number.isNaN(median([])), 'of none').to.equal(true);
  });

  it('one fault of ten may be missed in the smallest budget, and none in the standard one', () => {
    const nine = Array.from({ length: 9 }, (_, index) => fault(`found-${index}`, both()));
    const missed = { byNamed: false, caught: false, requestsUntilCaught: null };
    expect(shortcomings(power([...nine, fault('late', both(missed))]))).to.deep.equal([]);
    expect(shortcomings(power([...nine, fault('late', both({}, missed))]))).to.deep.equal([
      'standard: 9 of 10 faults are caught by the rule they name with every seed (90 %); wanted 100 %',
    ]);
    expect(shortcomings(power([...nine.slice(1), fault('late', both(missed))]))).to.deep.equal([
      'smoke: 8 of 9 faults are caught by the rule they name with every seed (88.9 %); wanted 90 %',
    ]);
  });

  it('a fault that another rule catches is not caught by the rule it names', () => {
    const [shortcoming] = shortcomings(power([fault('elsewhere', both({}, { byNamed: false }))]));
    expect(shortcoming).to.match(/^standard: 0 of 1/);
    expect(renderPower(power([fault('elsewhere', both({}, { byNamed: false }))]))).to.include('standard 0 of 1 seeds, by any rule 1');
  });

  it('a fault that cannot be told from outside is not counted, and its reason is given', () => {
    const hidden = fault('hidden', both({ byNamed: false, caught: false }, { byNamed: false, caught: false }), { equivalent: 'no answer shows it' });
    expect(shortcomings(power([fault('found', both()), hidden]))).to.deep.equal([]);
    expect(renderPower(power([fault('found', both()), hidden]))).to.include('- `hidden` (first_name/charset): no answer shows it. The defect of hidden.');
  });

  it('a false alarm and a counterexample that could be smaller fall short', () => {
    const wide = fault('wide', both({}, { minimal: false }));
    expect(shortcomings(power([wide], { falseAlarms: ['the reference, smoke, seed 1: fail x'] }))).to.deep.equal([
      'false alarm: the reference, smoke, seed 1: fail x',
      'counterexamples that could be smaller: wide',
    ]);
  });

  it('a fault is to be caught by 40 requests, half of the time', () => {
    const late = (requestsUntilCaught: number): FaultPower => fault(`by-${requestsUntilCaught}`, both({ requestsUntilCaught }, { requestsUntilCaught }));
    expect(shortcomings(power([late(39), late(41), late(7)]))).to.deep.equal([]);
    expect(shortcomings(power([late(39), late(45)]))).to.deep.equal([
      'smoke: the median of requests until a fault is first caught is 42; wanted at most 40',
      'standard: the median of requests until a fault is first caught is 42; wanted at most 40',
    ]);
  });

  it('every fault has its row, with the median and the worst number of requests', () => {
    const seeds = [3, 40, 5].map((requestsUntilCaught, seed) => trial({ seed, requestsUntilCaught, minimal: true }));
    expect(renderPower(power([fault('found', seeds)], { budgets: ['standard'], seeds: 3 }))).to.include('| found | first_name/charset | yes | 5, 40 | yes |');
  });
});
