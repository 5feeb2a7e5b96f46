import { expect } from 'chai';
import { fieldOf } from '../kit/draft.js';
import type { Sent } from '../kit/scripted.spec-help.js';
import { HOLDS } from '../kit/steps.js';
import { distinctReferences } from './distinct.js';
import { breachOf, costOf, inRound, INVALID, isBad, NO_ANSWER, nth, played, valueOf, type Way } from './round.spec-help.js';

const ROUNDS = Array.from({ length: distinctReferences.rounds.standard }, (_, round) => round);
const referencesOf = (sent: readonly Sent[]): string[] => sent.map(({ draft }) => fieldOf(draft, 'object_reference_id') ?? '');

/** Two references are one where this makes the same of them. */
const comparing = (made: (reference: string) => unknown): Way => ({ isSame: (one, other) => made(one) === made(other) });
/** A pattern as SQL's LIKE has it. */
const isLike = (text: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replaceAll('_', '.').replaceAll('%', '.*')}$`).test(text);
const refusing = (pattern: RegExp): Way => ({ isBad: (draft) => pattern.test(valueOf(draft, 'object_reference_id') ?? '') });

describe('distinct references: a target that tells them apart', () => {
  it('holds in every round, with good requests of which only the reference differs, and none of another round', async () => {
    const all: string[] = [];
    for (const round of ROUNDS) {
      const { result, sent } = await played(distinctReferences, {}, { round, budget: 'standard' });
      expect(result, `round ${round}`).to.equal(HOLDS);
      const references = referencesOf(sent);
      all.push(...references);
      expect(sent.filter(({ draft }) => isBad(draft)).map(({ intent }) => intent.note)).to.deep.equal([]);
      expect(new Set(sent.map(({ draft }) => JSON.stringify(draft.fields.slice(1)))).size, `other fields in round ${round}`).to.equal(1);
      for (const { intent } of sent.slice(1)) expect(intent.own, `what may show in round ${round}`).to.have.members(references);
      if (round > 0) expect(sent.length, `requests of round ${round}`).to.be.within(2, costOf(distinctReferences, 'standard'));
    }
    expect(new Set(all).size, 'references').to.equal(all.length);
  });

  it('is asked with nine references at once where requests are few, the first of them as long as any may be', async () => {
    const { sent } = await played(distinctReferences);
    expect(sent).to.have.lengthOf(costOf(distinctReferences));
    expect(referencesOf(sent)[0]).to.match(/^a\..{111}\+t1@example\.com$/);
    expect(referencesOf(sent)[0]).to.have.lengthOf(128);
  });

  it('is asked with other references in a repetition', async () => {
    const first = referencesOf((await played(distinctReferences, {}, { round: 4 })).sent);
    const again = referencesOf((await played(distinctReferences, {}, { round: 4, attempt: 0 })).sent);
    expect(again.map((each) => each.length)).to.deep.equal(first.map((each) => each.length));
    expect(again.filter((each) => first.includes(each))).to.deep.equal([]);
  });

  it('is asked with every kind of pair before one comes again', async () => {
    const kinds = ROUNDS.length - 2;
    const turns: string[][] = [[], []];
    for (const [turn, told] of turns.entries())
      for (const round of ROUNDS.slice(2)) told.push(String((await played(distinctReferences, {}, { round: round + turn * kinds })).told));
    expect(new Set(turns[0]).size).to.equal(kinds);
    expect(turns[1]).to.have.members(turns[0] ?? []);
  });
});

describe('distinct references: a target that takes two for one', () => {
  const DEFECTS: readonly (readonly [what: string, round: number, way: Way, note: string])[] = [
    ['compares 127 characters', 0, comparing((each) => each.slice(0, 127)), 'it differs in the last character, 127 are the same'],
    ['leaves out a tag', 0, comparing((each) => each.replace(/\+.*@/, '@')), 'it differs in the tag before the @'],
    ['leaves out what is behind the @', 0, comparing((each) => each.replace(/@.*/, '')), 'it differs in the last character, 127 are the same'],
    ['compares the local part and the top domain', 0, comparing((each) => each.replace(/@.*\./, '@')), 'it differs behind the @'],
    ['takes the new reference for a pattern', 0, { isSame: isLike }, 'it has an underscore for a dot'],
    [
      'takes the stored reference for a pattern',
      0,
      { isSame: (stored, reference) => isLike(reference, stored) },
      'it has a letter for a dot, and behind an underscore',
    ],
    ['leaves out the first character', 0, comparing((each) => each.slice(1)), 'it differs in the first character'],
    ['compares sums of characters', 0, comparing((each) => [...each].sort().join('')), 'it has two characters swapped'],
    ['finds any that begins so', 0, { isSame: (stored, reference) => stored.startsWith(reference) }, 'it is the other without its last character'],
    ['reads digits as a double', 1, comparing((each) => (/^\d+$/.test(each) ? Number(each) : each)), 'it differs in the last of 19 digits'],
    ['leaves out zeros in front', 1, comparing((each) => each.replace(/^0+/, '')), 'it has one zero less in front'],
    ['leaves out what is behind the @', 12, comparing((each) => each.replace(/@.*/, '')), 'it differs behind the @'],
    ['leaves out a final digit', 13, comparing((each) => each.replace(/\d$/, '')), 'it differs in a final digit'],
    ['leaves out zeros in front', 14, comparing((each) => each.replace(/^0+/, '')), 'it has one zero less in front'],
    ['reads digits as a double', 15, comparing((each) => (/^\d+$/.test(each) ? Number(each) : each)), 'it differs in the last of 19 digits'],
    ['takes the stored reference for a pattern', 16, { isSame: (stored, reference) => isLike(reference, stored) }, 'it has a letter for an underscore'],
    ['takes the new reference for a pattern', 17, { isSame: isLike }, 'it has an underscore for a letter'],
    ['takes the stored reference for a pattern', 18, { isSame: (stored, reference) => isLike(reference, stored) }, 'it has letters for a percent sign'],
    ['takes the new reference for a pattern', 19, { isSame: isLike }, 'it has a percent sign for letters'],
    ['leaves out a tag', 20, comparing((each) => each.replace(/\+.*@/, '@')), 'it has a tag before the @'],
    ['leaves out a tag', 21, comparing((each) => each.replace(/\+.*@/, '@')), 'it has no tag before the @'],
    ['leaves out dots', 22, comparing((each) => each.replaceAll('.', '')), 'it has one dot less before the @'],
    ['finds any that begins so', 23, { isSame: (stored, reference) => stored.startsWith(reference) }, 'it is the beginning of the other'],
    ['finds any that ends so', 24, { isSame: (stored, reference) => stored.endsWith(reference) }, 'it is the end of the other'],
    ['finds any that has it', 25, { isSame: (stored, reference) => stored.includes(reference) }, 'it is the middle of the other'],
    ['finds any that is in it', 26, { isSame: (stored, reference) => reference.includes(stored) }, 'the other is in its middle'],
  ];
  for (const [what, round, way, note] of DEFECTS) {
    it(`breaks round ${round} when it ${what}`, async () => {
      const play = await played(distinctReferences, way, { round });
      const breach = breachOf(play);
      expect([breach.reason, breach.at]).to.deep.equal([`a free reference was refused: ${note}`, `${note}: 400`]);
      const [first] = referencesOf(play.sent);
      expect(breach.expected).to.equal(`200: "${breach.observation.reference}" is another customer than "${first}"`);
    });
  }

  for (const [index, shared] of [19, 8, 64, 12, 100, 16, 31, 39, 24, 10].entries()) {
    it(`breaks when ${shared} characters are all that it compares, from the first on or up to the last`, async () => {
      const round = index + 2;
      const front = await played(
        distinctReferences,
        comparing((each) => each.slice(0, shared)),
        { round },
      );
      expect(breachOf(front).reason).to.equal(`a free reference was refused: it differs in the last character, ${shared} are the same`);
      const back = await played(
        distinctReferences,
        comparing((each) => each.slice(-shared)),
        { round },
      );
      expect(breachOf(back).reason).to.equal('a free reference was refused: it differs in the first character');
      const more = await played(
        distinctReferences,
        comparing((each) => each.slice(0, shared + 1)),
        { round },
      );
      // One character more than a reference of 40 would no longer be a safe one.
      if (shared >= 39) expect(more.result).to.equal(HOLDS);
      else expect(breachOf(more).reason).to.equal('a free reference was refused: it has one character more');
    });
  }
});

describe('distinct references: what is not put down to a likeness', () => {
  it('a target that takes letters and digits alone is asked with those', async () => {
    const { result, sent, told } = await played(distinctReferences, refusing(/[^a-z0-9]/));
    expect(result).to.equal(HOLDS);
    expect(told).to.deep.equal([
      'a reference: 400',
      'a reference of letters and digits: 200',
      'it differs in the last character, 39 are the same: 200',
      'it differs in the first character: 200',
    ]);
    for (const reference of referencesOf(sent).slice(1)) expect(reference).to.match(/^[a-z0-9]{40}$/);
  });

  it('and breaks where it takes two of them for one', async () => {
    const way = { ...refusing(/[^a-z0-9]/), ...comparing((each) => each.slice(0, 39)) };
    expect(breachOf(await played(distinctReferences, way)).reason).to.match(/^a free reference was refused: it differs in the last character, 39 are/);
  });

  it('a form that is refused by itself too: the others are still asked', async () => {
    const { result, sent, told } = await played(distinctReferences, refusing(/_/));
    expect(result).to.equal(HOLDS);
    expect(told.slice(4, 7)).to.deep.equal([
      'it has an underscore for a dot: 400',
      'one of the same form, with nothing near it: 400',
      'it has a letter for a dot, and behind an underscore: 200',
    ]);
    expect(sent).to.have.lengthOf(costOf(distinctReferences) + 1);
    const [, , , , form, alone] = referencesOf(sent);
    expect(alone?.replace(/[a-z0-9]/g, 'x'), 'the same form').to.equal(form?.replace(/[a-z0-9]/g, 'x'));
    expect(alone?.slice(2, 100), 'other characters').to.not.equal(form?.slice(2, 100));
    expect(alone?.replace(/.*@/, ''), 'the same domain').to.equal('example.com');
  });

  for (const [round, what, form] of [
    [1, 'digits', /^\d{19}$/],
    [20, 'a tag and a domain', /^[a-z0-9]{14}\+[a-z0-9]{3}@example\.com$/],
  ] as const) {
    it(`what stands alone instead of ${what} has that form too`, async () => {
      const come = nth(inRound);
      const { sent } = await played(distinctReferences, { instead: (each) => (come(each) === 2 ? INVALID : undefined) }, { round });
      const [, , alone] = referencesOf(sent);
      expect(sent[2]?.intent.note).to.equal('one of the same form, with nothing near it');
      expect(alone).to.match(form);
      expect(alone?.slice(0, 8)).to.not.equal(referencesOf(sent)[1]?.slice(0, 8));
    });
  }

  it('a target that refuses any reference as the first is not judged', async () => {
    const { result, sent } = await played(distinctReferences, { instead: (each) => (inRound(each) ? INVALID : undefined) });
    expect(result).to.deep.equal({ outcome: 'blocked', reason: 'the first create was not accepted (status 400)' });
    expect(sent).to.have.lengthOf(2);
  });

  it('a create without a usable answer is not judged', async () => {
    for (const [number, reason] of [
      [1, 'the first create was not accepted (status 503)'],
      [3, 'a create got no usable answer'],
    ] as const) {
      const come = nth(inRound);
      const { result, sent } = await played(distinctReferences, { instead: (each) => (come(each) === number ? NO_ANSWER : undefined) });
      expect(result).to.deep.equal({ outcome: 'blocked', reason });
      expect(sent, 'nothing is sent behind it').to.have.lengthOf(number);
    }
  });

  it('a refusal whose counterpart got no answer accuses nobody', async () => {
    const come = nth(inRound);
    const instead: Way['instead'] = (each) => [undefined, undefined, INVALID, NO_ANSWER][come(each)];
    expect((await played(distinctReferences, { instead })).result).to.equal(HOLDS);
  });
});
