import { expect } from 'chai';
import fc from 'fast-check';
import { oracle } from './oracle.spec-help.js';
import { FLAWS, scripts, type Script } from './sequences.js';

/** The model once more, as sets: what a target holds after each step. */
function assertValid(script: Script): void {
  const exists = new Set<number>();
  const refused = new Set<number>();
  let spokenOf = 0;
  const isNew = (customer: number): boolean => customer === spokenOf;
  for (const { command, expected } of script) {
    const { kind, customer } = command;
    const context = `${kind} of customer ${customer} in ${JSON.stringify(script)}`;
    if (kind === 'create') {
      expect(isNew(customer), context).to.equal(true);
      expect(expected, context).to.equal('accepted');
      exists.add(customer);
    } else if (kind === 'refused-create') {
      expect(isNew(customer), context).to.equal(true);
      expect(expected, context).to.equal('refused');
      refused.add(customer);
    } else if (kind === 'create-after-refusal') {
      expect(refused.has(customer) && !exists.has(customer), context).to.equal(true);
      expect(expected, context).to.equal('accepted');
      refused.delete(customer);
      exists.add(customer);
    } else {
      expect(exists.has(customer), context).to.equal(true);
      expect(expected, context).to.equal(kind === 'read' ? 'as-created' : 'refused-as-duplicate');
    }
    spokenOf = Math.max(spokenOf, customer + 1);
  }
}

describe('sequences: scripts', () => {
  it('every drawn script is valid for its model and has 3 to 8 steps', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        expect(script.length).to.be.within(3, 8);
        assertValid(script);
      }),
      { numRuns: 5_000 },
    );
  });

  it('every shrunk script is valid too', () => {
    const shrunk: Script[] = [];
    // A property that fails whenever a customer is read behind a refusal: the shrinker offers scripts until none is smaller.
    const details = fc.check(
      fc.property(scripts, (script) => {
        shrunk.push(script);
        return !(script.some(({ expected }) => expected === 'refused') && script.some(({ expected }) => expected === 'as-created'));
      }),
      { seed: 7 },
    );
    expect(details.failed).to.equal(true);
    for (const script of shrunk) assertValid(script);
    expect(details.counterexample?.[0]).to.have.length.of.at.most(4);
  });

  it('scripts of one seed are the same every time', () => {
    const draw = (): Script[] => fc.sample(scripts, { numRuns: 100, seed: 7 });
    expect(draw()).to.deep.equal(draw());
  });

  it('all commands come up, and most scripts have three kinds or more', () => {
    const drawn = fc.sample(scripts, { numRuns: 500, seed: 7 });
    const kinds = drawn.map((script) => new Set(script.map(({ command }) => command.kind)));
    expect(new Set(kinds.flatMap((each) => [...each])).size).to.equal(5);
    expect(kinds.filter((each) => each.size >= 3).length).to.be.above(250);
  });

  it('every flaw breaks exactly one rule', () => {
    for (const { field, value } of FLAWS) expect(oracle(field, value).broken, value).to.have.lengthOf(1);
  });
});
