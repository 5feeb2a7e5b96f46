import { expect } from 'chai';
import { encodeForm } from '../../generators/wire.js';
import type { Sent } from '../kit/scripted.spec-help.js';
import { HOLDS } from '../kit/steps.js';
import { equalRequests } from './equal-requests.js';
import {
  breachOf,
  costOf,
  fieldsOf,
  INVALID,
  inRound,
  NO_ANSWER,
  nth,
  played,
  shown,
  UNKNOWN,
  type Played,
  type Target,
  valueOf,
  type Way,
} from './round.spec-help.js';

const ROUNDS = Array.from({ length: equalRequests.rounds.standard }, (_, round) => round);

/** A target that reads bodies in a way of its own. */
function reading(read: (body: string) => string): Way {
  return {
    instead: ({ draft, intent }, target) =>
      draft.body === undefined ? undefined : target.right({ draft: { ...draft, body: Buffer.from(read(draft.body.toString('latin1')), 'latin1') }, intent }),
  };
}

/** The n-th request of the round is answered so. */
function answering(number: number, answer: (sent: Sent, target: Target) => ReturnType<Target['answer']>): Way {
  const come = nth(inRound);
  return { instead: (sent, target) => (come(sent) === number ? answer(sent, target) : undefined) };
}

describe('equal requests: a target that reads every spelling', () => {
  it('holds in every round, with two requests that have the same values but for the reference', async () => {
    for (const round of ROUNDS) {
      const { result, sent } = await played(equalRequests, {}, { round, budget: 'standard' });
      expect(result, `round ${round}`).to.equal(HOLDS);
      expect(sent).to.have.lengthOf(costOf(equalRequests));
      const [plain, spelled] = sent.map(({ draft }) => draft);
      expect([plain?.body, spelled?.readingOpen]).to.deep.equal([undefined, true]);
      const others = sent.map(({ draft }) =>
        fieldsOf(draft)
          .filter(([name]) => name !== 'object_reference_id')
          .sort(),
      );
      expect(others[0], `values of round ${round}`).to.deep.equal(others[1]);
      const references = sent.map(({ draft }) => valueOf(draft, 'object_reference_id') ?? '');
      expect(new Set(references).size, `references of round ${round}`).to.equal(2);
      const form = references.map((each) => each.replace(/[a-z0-9]+/g, 'x'));
      expect(form[0], `form of the references of round ${round}`).to.equal(form[1]);
      expect(String(spelled?.body), `body of round ${round}`).to.not.equal(String(encodeForm(spelled?.fields ?? [])));
    }
  });

  it('is asked in other rounds about what it accepts and what it refuses', async () => {
    const statuses = new Set<string>();
    for (const round of ROUNDS) (await played(equalRequests, {}, { round })).told.forEach((each) => statuses.add(each.slice(-3)));
    expect([...statuses].sort()).to.deep.equal(['200', '400']);
  });

  it('begins anew behind the last pair', async () => {
    const notes = async (round: number): Promise<readonly string[]> => (await played(equalRequests, {}, { round })).told;
    expect(await notes(ROUNDS.length + 1)).to.deep.equal(await notes(1));
    expect((await notes(1))[1]).to.equal('the same in the spelling hex-case: 200');
  });
});

describe('equal requests: a target that misreads a spelling', () => {
  const DEFECTS: readonly (readonly [what: string, round: number, spelling: string, read: (body: string) => string])[] = [
    ['keeps a plus', 0, 'plus-is-blank', (body) => body.replaceAll('+', '%2B')],
    ['drops a plus', 9, 'plus-is-blank', (body) => body.replaceAll('+', '')],
    ['does not decode lower-case hex', 1, 'hex-case', (body) => body.replace(/%(?=[0-9]?[a-f])/g, '%25')],
    ['does not decode lower-case hex', 8, 'hex-case', (body) => body.replace(/%(?=[0-9]?[a-f])/g, '%25')],
    ['does not decode lower-case hex', 12, 'hex-case', (body) => body.replace(/%(?=[0-9]?[a-f])/g, '%25')],
    ['does not decode letters', 2, 'needless-escape', (body) => body.replace(/%(?=[4-7])/g, '%25')],
    ['does not decode letters', 10, 'needless-escape', (body) => body.replace(/%(?=[4-7])/g, '%25')],
    ['leaves out the fifth field', 3, 'field-order', (body) => body.split('&').toSpliced(4, 1).join('&')],
    ['leaves out the fifth field', 13, 'field-order', (body) => body.split('&').toSpliced(4, 1).join('&')],
    ['ends at an empty pair', 4, 'empty-pairs', (body) => body.replace(/^&/, '').replace(/&&.*/, '')],
    ['separates at a semicolon', 5, 'semicolon', (body) => body.replaceAll(';', '&')],
    ['separates at a semicolon', 11, 'semicolon', (body) => body.replaceAll(';', '&')],
    ['ends a value at a second equals sign', 6, 'second-equals', (body) => body.replace(/(=[^&=]*)=[^&]*/g, '$1')],
    ['does not decode names', 7, 'escaped-key', (body) => body.replace(/%(?=[^&=]*=)/g, '%25')],
  ];
  for (const [what, round, spelling, read] of DEFECTS) {
    it(`breaks round ${round} when it ${what}`, async () => {
      const breach = breachOf(await played(equalRequests, reading(read), { round }));
      expect(breach.reason).to.equal(`the same request in the spelling ${spelling} is answered otherwise`);
      expect(breach.at).to.include(`the same in the spelling ${spelling}: `);
      expect(breach.expected).to.match(/^the answer of the plain spelling: (?:200|400) /);
      expect(`the answer of the plain spelling: ${breach.got ?? ''}`).to.not.equal(breach.expected);
    });
  }
});

describe('equal requests: what two answers have to share', () => {
  const NAME = 2;
  const askedBy = (answer: Parameters<typeof answering>[1]): Promise<Played> => played(equalRequests, answering(2, answer), { round: NAME });

  it('the status, of accepted ones and of refused ones', async () => {
    const accepted = breachOf(await askedBy(({ draft }, target) => ({ ...shown(target.store(draft)), status: 201 })));
    expect([accepted.expected.slice(0, 40), accepted.got?.slice(0, 4)]).to.deep.equal(['the answer of the plain spelling: 200 ["', '201 ']);
    const refused = breachOf(
      await played(
        equalRequests,
        answering(2, () => ({ ...INVALID, status: 422 })),
        { round: 9 },
      ),
    );
    expect([refused.expected, refused.got]).to.deep.equal(['the answer of the plain spelling: 400 "Invalid request params"', '422 "Invalid request params"']);
  });

  it('the code of the error, where there is one', async () => {
    const refused = breachOf(
      await played(
        equalRequests,
        answering(2, () => ({ ...UNKNOWN, status: 400 })),
        { round: 9 },
      ),
    );
    expect(refused.got).to.equal('400 "not_found"');
    const none = { status: 400, text: '' };
    expect(
      breachOf(
        await played(
          equalRequests,
          answering(2, () => none),
          { round: 9 },
        ),
      ).got,
    ).to.equal('400 null');
    const silent: Way = { instead: (sent) => (inRound(sent) ? none : undefined) };
    expect((await played(equalRequests, silent, { round: 9 })).result).to.equal(HOLDS);
  });

  it('each value that comes back as it was sent', async () => {
    const breach = breachOf(await askedBy(({ draft }, target) => shown(target.store(draft), { first_name: 'Maria' })));
    expect(breach.got).to.match(/^200 \[("as sent",)*"Maria"(,"as sent")*\]$/);
  });

  it('what becomes of the reference, though not which it is', async () => {
    const cut = breachOf(await askedBy(({ draft }, target) => shown(target.store(draft), { object_reference_id: 'cut' })));
    expect(cut.got).to.include('"changed"');
    const both: Way = {
      instead: (sent, target) =>
        inRound(sent) ? shown(target.store(sent.draft), { object_reference_id: (valueOf(sent.draft, 'object_reference_id') ?? '').slice(4) }) : undefined,
    };
    expect((await played(equalRequests, both, { round: NAME })).result).to.equal(HOLDS);
  });

  it('not the id, nor the moment', async () => {
    expect((await askedBy(({ draft }, target) => shown(target.store(draft), { id: 'another', date_created: 'later' }))).result).to.equal(HOLDS);
  });

  it('whatever both are made into', async () => {
    const capital: Way = { instead: (sent, target) => (inRound(sent) ? shown(target.store(sent.draft), { first_name: 'MARIA-JOSE' }) : undefined) };
    expect((await played(equalRequests, capital, { round: NAME })).result).to.equal(HOLDS);
    const texts: Way = { instead: (sent) => (inRound(sent) ? { text: 'made' } : undefined) };
    expect((await played(equalRequests, texts, { round: NAME })).result).to.equal(HOLDS);
  });

  it('nothing, where one of them got no usable answer', async () => {
    for (const number of [1, 2])
      expect(
        (
          await played(
            equalRequests,
            answering(number, () => NO_ANSWER),
          )
        ).result,
      ).to.deep.equal({
        outcome: 'blocked',
        reason: 'a request got no usable answer',
      });
  });
});
