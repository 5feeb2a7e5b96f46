import { expect } from 'chai';
import type { Constraint, InputRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { boundariesOf, drawsOf, FIRST, FURTHER, keptByControl, rankOf } from './plan.js';

const INPUT_RULES = RULES.filter((rule): rule is InputRule => rule.kind === 'input');
const ofKind = (kind: Constraint['kind'], fits: (rule: InputRule) => boolean = () => true): InputRule => {
  const rule = INPUT_RULES.find((each) => each.constraint.kind === kind && fits(each));
  if (rule === undefined) throw new Error(`no rule of kind ${kind}`);
  return rule;
};
const [CHARSET, LENGTH, EDGES, SEPARATOR] = [
  ofKind('charset', ({ id }) => id === 'first_name/charset'),
  ofKind('length'),
  ofKind('edges'),
  ofKind('separator'),
];
const HALVES = ['conforming', 'violating'] as const;

describe('plan: how many boundaries go out', () => {
  it('all of them, but for wrong credentials in the smallest budget', () => {
    for (const rule of INPUT_RULES)
      for (const half of HALVES)
        for (const budget of ['smoke', 'standard', 'deep'] as const) {
          const few = budget === 'smoke' && half === 'violating' && ['credentials/form', 'credentials/key', 'credentials/scheme'].includes(rule.id);
          const what = `${rule.id}, ${half}, ${budget}`;
          if (few) expect(boundariesOf(budget, rule, half, 30), what).to.be.within(3, 7);
          else expect(boundariesOf(budget, rule, half, 30), what).to.equal(30);
          expect(boundariesOf(budget, rule, half, 2), what).to.equal(2);
        }
  });
});

describe('plan: how many inputs are drawn', () => {
  it('a small budget draws none, a deep one 24 times what the standard one draws', () => {
    for (const rule of INPUT_RULES) {
      for (const half of HALVES) {
        const standard = drawsOf('standard', rule, half);
        expect([drawsOf('smoke', rule, half), drawsOf('deep', rule, half)], rule.id).to.deep.equal([0, standard * 24]);
      }
    }
  });

  it('a charset has most, closed lists none, and no half that has no inputs has any', () => {
    for (const rule of [LENGTH, EDGES, SEPARATOR]) {
      for (const half of HALVES) expect(drawsOf('standard', rule, half), rule.id).to.be.within(1, drawsOf('standard', CHARSET, half) - 1);
    }
    for (const kind of ['credential', 'merchant', 'media-type', 'spelling', 'robustness'] as const)
      expect(
        HALVES.map((half) => drawsOf('standard', ofKind(kind), half)),
        kind,
      ).to.deep.equal([0, 0]);
    for (const kind of ['examples', 'forms'] as const) {
      expect(drawsOf('standard', ofKind(kind), 'violating'), kind).to.equal(0);
      expect(drawsOf('standard', ofKind(kind), 'conforming'), kind).to.be.above(0);
    }
    for (const half of HALVES) expect(drawsOf('standard', ofKind('presence'), half), half).to.be.above(0);
  });
});

describe('plan: the order of a run', () => {
  const rank = (rule: InputRule, half: (typeof HALVES)[number], index: number, boundaries = 100): number => rankOf(rule, half, index, boundaries);

  it('the first bad input of every rule comes before the second of any, and a few of those with many ways to be wrong before what takes several requests', () => {
    const others = INPUT_RULES.filter(({ constraint }) => constraint.kind !== 'credential');
    const seconds = others.flatMap((rule) => HALVES.map((half) => rank(rule, half, 1)));
    for (const rule of INPUT_RULES)
      expect(rank(rule, 'violating', 0), rule.id)
        .to.equal(FIRST.violating)
        .and.to.be.below(Math.min(...seconds));
    for (const rule of others) expect(rank(rule, 'conforming', 1), rule.id).to.be.above(FURTHER);
    for (const first of Object.values(FIRST)) expect(first).to.be.below(FURTHER);
    const early = (rule: InputRule): number =>
      Array.from({ length: 30 }, (_, index) => rank(rule, 'violating', index)).filter((each) => each < FIRST.sequence).length;
    expect(early(CHARSET)).to.be.above(early(EDGES));
    expect(early(EDGES)).to.be.above(early(SEPARATOR));
    expect(early(SEPARATOR)).to.be.above(early(LENGTH));
    expect(early(LENGTH)).to.be.above(early(ofKind('credential')));
    expect(early(CHARSET)).to.be.above(early(ofKind('charset', ({ id }) => id === 'mobile_number/digits')));
  });

  it('a good input that every safe request is already waits, one that none is comes first', () => {
    for (const rule of INPUT_RULES.filter(({ constraint }) => constraint.kind !== 'credential')) {
      expect(rank(rule, 'conforming', 0), rule.id).to.equal(keptByControl(rule) ? FURTHER : FIRST.conforming);
    }
  });

  it('good credentials come before everything, in their order', () => {
    const credential = ofKind('credential');
    expect(rank(credential, 'conforming', 3)).to.be.below(FIRST.violating);
    expect(rank(credential, 'conforming', 0)).to.be.below(rank(credential, 'conforming', 1));
    expect(rank(credential, 'violating', 1)).to.be.above(FURTHER);
  });

  it('inputs of a rule keep their order, drawn ones come when boundaries of all rules are through', () => {
    for (const rule of INPUT_RULES) {
      for (const half of HALVES) {
        const ranks = Array.from({ length: 30 }, (_, index) => rank(rule, half, index, 20));
        expect(ranks, `${rule.id} ${half}`).to.deep.equal([...ranks].sort((a, b) => a - b));
        if (rule.constraint.kind === 'credential' && half === 'conforming') continue;
        expect((ranks[20] ?? 0) - (ranks[19] ?? 0), `${rule.id} ${half}`).to.be.at.least(20);
        expect((ranks[19] ?? 0) - (ranks[18] ?? 0), `${rule.id} ${half}`).to.be.at.most(1);
      }
    }
  });

  it('the more ways to be wrong, the closer together', () => {
    const violating = [CHARSET, EDGES, LENGTH, SEPARATOR].map((rule) => rank(rule, 'violating', 10));
    expect(violating).to.deep.equal([...violating].sort((a, b) => a - b));
    expect(new Set(violating).size).to.equal(violating.length);
    for (const rule of [CHARSET, EDGES, LENGTH]) expect(rank(rule, 'violating', 10), rule.id).to.be.below(rank(rule, 'conforming', 10));
    for (const rule of [CHARSET, EDGES, LENGTH]) expect(rank(rule, 'conforming', 10), rule.id).to.be.below(rank(SEPARATOR, 'conforming', 10));
  });
});

describe('plan: what every safe request shows', () => {
  it('required fields, lengths, characters and the canonical credential; not optional fields, other spellings of the scheme or edges', () => {
    const kept = INPUT_RULES.filter(keptByControl).map(({ id }) => id);
    expect(kept).to.include.members(['object_reference_id/required', 'first_name/charset', 'first_name/length', 'credentials/key', 'merchant/header']);
    for (const id of [
      'first_name/optional',
      'credentials/scheme-case',
      'email_address/local-edges',
      'object_reference_id/forms',
      'robustness/values',
      'encoding/hex-case',
    ])
      expect(kept, id).to.not.include(id);
    expect(keptByControl(SEPARATOR)).to.equal(true);
    expect(keptByControl(ofKind('examples'))).to.equal(true);
  });
});
