import { expect } from 'chai';
import { ECHOED_FIELDS, type FieldName } from '../../contracts/model.js';
import { HOLDS } from '../kit/steps.js';
import {
  breachOf,
  costOf,
  DUPLICATE,
  inRound,
  INVALID,
  NO_ANSWER,
  nth,
  played,
  shown,
  valueOf,
  type Options,
  type Played,
  type Way,
} from './round.spec-help.js';
import { ownRequest, race } from './simultaneous.js';

const valuesOf = ({ sent }: Pick<Played, 'sent'>, field: FieldName): (string | undefined)[] => sent.map(({ draft }) => valueOf(draft, field));

/** The creates of a round are answered so, in their order; undefined is the right answer. */
function answering(...answers: readonly ReturnType<NonNullable<Way['instead']>>[]): Way {
  const come = nth(inRound);
  return { instead: (sent) => answers[come(sent) - 1] };
}

for (const [name, procedure] of [
  ['race', race],
  ['own request', ownRequest],
] as const) {
  describe(`${name}: what goes out`, () => {
    for (const [what, options, count] of [
      ['four creates where requests are few', {}, 4],
      ['eight elsewhere', { budget: 'standard' }, 8],
      ['as many as may be under way', { budget: 'standard', concurrency: 3 }, 3],
      ['two, where no more may be', { concurrency: 2 }, 2],
    ] satisfies [string, Options, number][]) {
      it(`${what}, at the same moment, of customers that differ`, async () => {
        const play = await played(procedure, {}, options);
        expect([play.result, play.context.together, play.sent.length]).to.deep.equal([HOLDS, [count], count]);
        expect(count).to.be.at.most(costOf(procedure, 'budget' in options ? options.budget : 'smoke'));
        for (const field of ['mobile_number', 'email_address', 'first_name', 'last_name'] as const)
          expect(new Set(valuesOf(play, field)).size, field).to.equal(count);
        expect(play.sent.map(({ intent }) => [intent.create, intent.good])).to.deep.equal(Array.from({ length: count }, () => [true, true]));
        expect(play.told[0]).to.include(`one of ${count} creates`);
      });
    }

    it('nothing where one request is under way at a time: the target is not judged', async () => {
      const { result, sent } = await played(procedure, {}, { concurrency: 1 });
      expect(result).to.deep.equal({ outcome: 'skipped', reason: 'creates cannot be simultaneous with a concurrency of 1' });
      expect(sent).to.deep.equal([]);
    });

    it('other customers in other rounds, under other references', async () => {
      const [first, next] = [await played(procedure), await played(procedure, {}, { round: 1 })];
      expect(valuesOf(next, 'object_reference_id').filter((each) => valuesOf(first, 'object_reference_id').includes(each))).to.deep.equal([]);
      expect(valuesOf(next, 'email_address')[0]).to.equal(valuesOf(first, 'email_address')[1]);
    });
  });
}

describe('race: who wins it', () => {
  it('one, of creates that all have the same reference', async () => {
    const play = await played(race);
    const references = new Set(valuesOf(play, 'object_reference_id'));
    expect(references.size).to.equal(1);
    expect(play.sent.map(({ intent }) => intent.own)).to.deep.equal(play.sent.map(() => [...references]));
    expect(play.told.map((each) => each.slice(-3))).to.deep.equal(['200', '400', '400', '400']);
  });

  it('all, where nothing looks for the reference: that breaks it, and the second shows it', async () => {
    const play = await played(race, { isSame: () => false });
    const breach = breachOf(play);
    expect(breach).to.include({
      expected: 'one accepted create of 4 at the same moment with one reference',
      got: '4 were accepted',
      reason: 'a race for one object_reference_id was won more than once',
    });
    expect(breach.observation).to.equal(play.observations[1]);
  });

  it('two, of which the second is not the second that was sent', async () => {
    const play = await played(race, answering(DUPLICATE, { status: 200 }, NO_ANSWER, { status: 201 }));
    expect(breachOf(play)).to.include({ got: '2 were accepted', observation: play.observations[3] });
  });

  it('nobody: that breaks it, unless one of them got no answer and may have won', async () => {
    expect(breachOf(await played(race, answering(DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE)))).to.include({
      expected: 'one accepted create',
      got: 'all were refused',
      reason: 'a race for a free object_reference_id was won by nobody',
      at: 'one of 4 creates at the same moment: 400',
    });
    const { result } = await played(race, answering(DUPLICATE, DUPLICATE, DUPLICATE, NO_ANSWER));
    expect(result).to.deep.equal({ outcome: 'blocked', reason: 'too many of the creates got no usable answer' });
  });

  it('one that was answered, where all others were not: it holds', async () => {
    expect((await played(race, answering(NO_ANSWER, NO_ANSWER, undefined, NO_ANSWER))).result).to.equal(HOLDS);
  });
});

describe('own request: whose values come back', () => {
  const TOLD: readonly FieldName[] = ECHOED_FIELDS.filter((field) => field !== 'mobile_country_code');

  /** The last create is answered with the field of the first. */
  function mixing(field: FieldName): Way {
    const come = nth(inRound);
    return {
      instead: ({ draft, intent }, target) => {
        if (come({ draft, intent }) !== 4) return undefined;
        const first = target.kept.at(-3)?.customer;
        return shown(target.store(draft), { [field]: first?.[field] });
      },
    };
  }

  for (const field of TOLD) {
    it(`another's ${field} breaks it`, async () => {
      const play = await played(ownRequest, mixing(field));
      const [first, , , last] = valuesOf(play, field);
      const breach = breachOf(play);
      expect(breach).to.include({
        expected: `${field} = ${JSON.stringify(last)}`,
        got: `${field} = ${JSON.stringify(first)}, which another request sent`,
        reason: 'a response has a value of another request',
      });
      expect(breach.observation).to.equal(play.observations[3]);
    });
  }

  it("another's country code does not: there are few, and any may be one's own by chance", async () => {
    expect((await played(ownRequest, mixing('mobile_country_code'))).result).to.equal(HOLDS);
  });

  it('a value that nobody sent, or none, is for other rules', async () => {
    const customers: Way = {
      instead: (sent, target) => (inRound(sent) ? shown(target.store(sent.draft), { first_name: 'Nobody', last_name: undefined }) : undefined),
    };
    expect((await played(ownRequest, customers)).result).to.equal(HOLDS);
    const texts: Way = { instead: (sent) => (inRound(sent) ? { text: 'made' } : undefined) };
    expect((await played(ownRequest, texts)).result).to.equal(HOLDS);
  });

  it('each has a reference of its own, and none may be refused', async () => {
    const play = await played(ownRequest, answering(undefined, undefined, INVALID));
    expect(new Set(valuesOf(play, 'object_reference_id')).size).to.equal(4);
    expect(breachOf(play)).to.include({
      expected: '200: each of them is a customer of its own',
      reason: 'a good request was refused among simultaneous ones',
      observation: play.observations[2],
    });
  });

  it('without an accepted one nothing is judged', async () => {
    for (const answer of [INVALID, NO_ANSWER]) {
      const { result } = await played(ownRequest, answering(answer, answer, answer, answer));
      expect(result).to.deep.equal({ outcome: 'blocked', reason: 'none of the creates was accepted' });
    }
  });

  it('a create without an answer says nothing against the others', async () => {
    expect((await played(ownRequest, answering(undefined, NO_ANSWER))).result).to.equal(HOLDS);
  });
});
