import { expect } from 'chai';
import { fieldOf } from '../kit/draft.js';
import { HOLDS } from '../kit/steps.js';
import { answering, breachOf, costOf, INVALID, inRound, isBad, isCreate, NO_ANSWER, nth, played, shown, type Options, type Way } from './round.spec-help.js';
import { thousandth } from './stored.js';

const BUDGETS = ['smoke', 'standard'] as const;
const blocked = (reason: string): object => ({ outcome: 'blocked', reason });
/** Behind a run that has stored so many customers. */
const behind = (count: number): Options => ({ before: ({ created }) => void created.push(...Array.from({ length: count }, (_, index) => `cst_${index}`)) });

describe('thousandth: what was answered at the start', () => {
  it('is asked for again: the first request, references of the start, the last one, and what is bad', async () => {
    const all = {
      smoke: [
        'the first safe request again: 200',
        'the reference of the customer number 1 behind 7 customers: 400',
        'the reference of the last customer behind 7 customers: 400',
        'first_name = "a b" behind 7 customers: 400',
      ],
      standard: [
        'the first safe request again: 200',
        'the reference of the customer number 1 behind 7 customers: 400',
        'the reference of the customer number 2 behind 7 customers: 400',
        'the reference of the customer number 3 behind 7 customers: 400',
        'the reference of the last customer behind 7 customers: 400',
        'first_name = "a b" behind 7 customers: 400',
        'email_address = "a b@example.com" behind 7 customers: 400',
        'email_address = ".a@example.com" behind 7 customers: 400',
      ],
    };
    for (const budget of BUDGETS) {
      const { result, told, sent } = await played(thousandth, {}, { budget, ...behind(7) });
      expect([result, told]).to.deep.equal([HOLDS, all[budget]]);
      expect(sent).to.have.lengthOf(costOf(thousandth, budget));
    }
  });

  it('is asked for with the references that the first customers have, and with new ones elsewhere', async () => {
    const { sent, context } = await played(thousandth, {}, { budget: 'standard' });
    const reference = ({ draft }: (typeof sent)[number]): string | undefined => fieldOf(draft, 'object_reference_id');
    const first = context.sent.filter((each) => !inRound(each)).map(reference);
    const [again, ...others] = sent.map(reference);
    expect(first).to.not.include(again);
    expect(others.slice(0, 3)).to.deep.equal(first.slice(0, 3));
    expect(others[3]).to.equal(again);
    expect(new Set([again, ...others.slice(4)]).size).to.equal(4);
    expect(sent.slice(1, 5).map(({ intent }) => [intent.offence, intent.good])).to.deep.equal(Array.from({ length: 4 }, () => ['duplicate', false]));
    expect(sent.slice(5).map(({ draft }) => isBad(draft))).to.deep.equal([true, true, true]);
  });

  it('is asked for in a repetition with other customers of the start', async () => {
    const asked = async (options: Options): Promise<string[]> =>
      (await played(thousandth, {}, options)).told.flatMap((each) => /number \d+/.exec(each)?.[0] ?? []);
    const turns = async (budget: (typeof BUDGETS)[number], attempts: readonly number[]): Promise<string[]> => {
      const all: string[] = [];
      for (const attempt of attempts) all.push(...(await asked({ budget, attempt })));
      return all;
    };
    expect(await turns('smoke', [0, 1, 2, 3])).to.deep.equal(['number 2', 'number 3', 'number 4', 'number 2']);
    expect(await turns('standard', [0, 1, 8, 9])).to.deep.equal(['number 4', 'number 5', 'number 12', 'number 4']);
  });
});

describe('thousandth: a target that changes on the way', () => {
  const late = (isHit: (number: number) => boolean, answer: Way['instead']): Way => {
    const come = nth(inRound);
    return { instead: (sent, target) => (isHit(come(sent)) ? answer?.(sent, target) : undefined) };
  };
  const store: Way['instead'] = (sent, target) => shown(target.store(sent.draft));

  it('breaks where it takes no more customers', async () => {
    for (const status of [402, 302])
      expect(breachOf(await played(thousandth, answering({ 1: { status, text: '' } }), behind(999)))).to.include({
        at: `the first safe request again: ${status}`,
        expected: '200, as at the start',
        reason: 'the safe request that opened the run is refused behind 999 customers',
      });
  });

  it('breaks where it has forgotten one of the first customers, and that is seen at once', async () => {
    for (const [place, request] of [
      [1, 2],
      [2, 3],
      [3, 4],
    ] as const)
      expect(
        breachOf(
          await played(
            thousandth,
            late((number) => number === request, store),
            { budget: 'standard', ...behind(99) },
          ),
        ),
      ).to.include({
        at: `the reference of the customer number ${place} behind 99 customers: 200`,
        expected: 'a refusal, since the reference is taken',
        reason: 'a reference of the start of the run is free behind 99 customers',
        witnessed: true,
      });
  });

  it('breaks where it no longer looks for duplicates', async () => {
    const breach = breachOf(
      await played(
        thousandth,
        late((number) => number === 3, store),
        behind(99),
      ),
    );
    expect(breach).to.include({
      at: 'the reference of the last customer behind 99 customers: 200',
      expected: 'a refusal, since the reference is taken',
      reason: 'a duplicate is accepted behind 99 customers',
    });
    expect(breach.witnessed).to.equal(undefined);
  });

  for (const [request, field] of [
    [6, 'first_name'],
    [7, 'email_address'],
    [8, 'email_address'],
  ] as const) {
    it(`breaks where it no longer looks at what request ${request} is about, unless it never did`, async () => {
      const way = late((number) => number === request, store);
      expect(breachOf(await played(thousandth, way, { budget: 'standard', ...behind(99) }))).to.include({
        expected: '400, as at the start',
        reason: `a bad ${field} is accepted behind 99 customers`,
      });
      const known = await played(
        thousandth,
        late((number) => number === request, store),
        { budget: 'standard', before: ({ acceptedBad }) => void acceptedBad.add(field) },
      );
      expect([known.result, known.sent.length]).to.deep.equal([HOLDS, costOf(thousandth, 'standard')]);
    });
  }
});

describe('thousandth: what is not judged', () => {
  it('a run of which nothing is known, and a first request without a usable answer', async () => {
    const nothing: Options = { before: (_, controls) => void (controls.accepted = () => Promise.resolve(undefined)) };
    const { result, sent } = await played(thousandth, {}, nothing);
    expect([result, sent]).to.deep.equal([blocked('no safe request was accepted at the start'), []]);
    expect((await played(thousandth, answering({ 1: NO_ANSWER }))).result).to.deep.equal(blocked('the safe request got no usable answer'));
  });

  it('a customer of the start that was never accepted is left out', async () => {
    const come = nth((sent) => !inRound(sent) && isCreate(sent));
    const { result, told } = await played(thousandth, { instead: (sent) => (come(sent) > 1 ? INVALID : undefined) }, { budget: 'standard' });
    expect([result, told.filter((each) => each.includes('number')).length]).to.deep.equal([HOLDS, 1]);
  });

  it('requests without a usable answer behind the first one', async () => {
    expect((await played(thousandth, answering({ 2: NO_ANSWER, 3: NO_ANSWER, 4: NO_ANSWER }))).result).to.equal(HOLDS);
  });
});
