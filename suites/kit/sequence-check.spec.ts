import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import type { OpenRule, SequenceRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { Controls } from './controls.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';
import { Reads } from './reads.js';
import { ScriptedContext, type Script } from './scripted.spec-help.js';
import { OpenSequenceCheck, SequenceCheck, type OpenProcedure, type Procedure } from './sequence-check.js';
import { blocked, HOLDS, skipped, type RoundResult, type Steps } from './steps.js';

const ROUNDS = { smoke: 3, standard: 5, deep: 9 };

interface SetUp {
  readonly context: ScriptedContext;
  readonly check: SequenceCheck;
}

function setUp(procedure: Partial<Procedure>, { script = () => ({}), level = 'must' }: { script?: Script; level?: 'must' | 'should' } = {}): SetUp {
  const rule = RULES.find(({ kind, level: each }) => kind === 'sequence' && each === level) as SequenceRule;
  const context = new ScriptedContext(script);
  const controls = new Controls(context);
  const run = (): Promise<RoundResult> => Promise.resolve(HOLDS);
  return { context, check: new SequenceCheck(context, controls, new Reads(context, controls), rule, { rounds: ROUNDS, cost: 2, run, ...procedure }) };
}

async function played({ check }: SetUp): Promise<Finding> {
  for (const item of check.items()) await item.run();
  return check.settle();
}

/** A round that sends two requests, and breaks at the second. */
async function breaks(steps: Steps): Promise<RoundResult> {
  await steps.create(steps.reference(), 'the first');
  const observation = await steps.create(steps.reference(), 'the second');
  return { outcome: 'broken', observation, expected: 'a refusal', reason: 'the second was accepted' };
}

describe('sequence check: rounds', () => {
  it('as many as the budget has, each with its cost, the first before anything is sent a second time', () => {
    const { check } = setUp({ rank: 3, pace: 1.5, cost: { smoke: 4, standard: 8, deep: 8 } });
    expect(check.items().map(({ rank, cost }) => [rank, cost])).to.deep.equal([
      [FIRST.sequence + 0.3, 4],
      [FURTHER + 3 + 1.5, 4],
      [FURTHER + 3 + 3, 4],
    ]);
    expect(check.phase).to.equal('main');
  });

  it('without a rank and a pace of its own, and with what goes before all others', () => {
    expect(
      setUp({})
        .check.items()
        .map(({ rank, cost }) => [rank, cost]),
    ).to.deep.equal([
      [FIRST.sequence, 2],
      [FURTHER + 2, 2],
      [FURTHER + 4, 2],
    ]);
    const foremost = setUp({ foremost: true, rank: 3 }).check.items();
    expect(foremost.map(({ rank }) => rank)).to.deep.equal([FIRST.foremost, FURTHER + 5, FURTHER + 7]);
    expect(setUp({ phase: 'late' }).check.phase).to.equal('late');
  });

  it('that hold pass, with how many there were', async () => {
    const rounds: number[] = [];
    const finding = await played(setUp({ run: (steps) => (rounds.push(steps.round), Promise.resolve(HOLDS)) }));
    expect(rounds).to.deep.equal([0, 1, 2]);
    expect([finding.verdict, finding.reason]).to.deep.equal(['pass', 'it held in 3 rounds']);
    const one = await played(setUp({ run: ({ round }) => Promise.resolve(round === 1 ? HOLDS : blocked('no answer')) }));
    expect([one.verdict, one.reason]).to.deep.equal(['pass', 'it held in 1 round']);
  });

  it('of which none could be judged are blocked, with the reasons', async () => {
    const finding = await played(setUp({ run: ({ round }) => Promise.resolve(blocked(round === 0 ? 'no answer' : 'not accepted')) }));
    expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'no round could be judged: no answer; not accepted (2 times)']);
    const ended = await played(setUp({ run: () => Promise.reject(new SendingEnded('the budget is spent')) }));
    expect([ended.verdict, ended.reason]).to.deep.equal(['blocked', 'no round could be judged: the budget is spent (3 times)']);
    const unreached = await setUp({}).check.settle();
    expect([unreached.verdict, unreached.reason]).to.deep.equal(['blocked', 'no round could be judged: the budget did not reach it']);
  });

  it('that a target cannot be asked for are skipped', async () => {
    const own = await played(setUp({ run: () => Promise.resolve(skipped('one at a time')) }));
    expect([own.verdict, own.reason]).to.deep.equal(['skipped', 'one at a time']);
    const merchant = await played(setUp({ secondMerchant: true }));
    expect([merchant.verdict, merchant.reason]).to.deep.equal(['skipped', 'no second merchant was given (--second-merchant)']);
    const readless = await played(setUp({ reads: true }, { script: ({ draft }) => (draft.method === 'GET' ? { status: 405, text: '' } : {}) }));
    expect([readless.verdict, readless.reason]).to.deep.equal(['skipped', 'the target has no GET /customers/{id}: no read ever succeeded']);
    expect((await played(setUp({ reads: true }))).verdict, 'a target with reads').to.equal('pass');
  }).timeout(10_000);

  it('an error of our own is none of the target', async () => {
    let thrown: unknown;
    await played(setUp({ run: () => Promise.reject(new TypeError('a defect of ours')) })).catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe('sequence check: a broken round', () => {
  it('is played again, and told with what led up to it', async () => {
    const set = setUp({ run: breaks });
    const finding = await played(set);
    expect([finding.verdict, finding.reason, finding.confirmed]).to.deep.equal(['fail', 'the second was accepted', { tries: 2, repeats: 2 }]);
    expect(finding.counterexample?.before.map(({ note }) => note)).to.deep.equal(['the first']);
    expect([finding.counterexample?.part, finding.expected, finding.counterexample?.path]).to.deep.equal(['the second', 'a refusal', 'violating/1']);
    expect(finding.got).to.match(/^200 /);
    expect(set.context.sent.filter(({ intent }) => intent.purpose === 'confirmation')).to.have.lengthOf(4);
    expect(set.context.firstBreaches.has(finding.ruleId)).to.equal(true);
  });

  it('says of how many, where others held, and what came in its own words', async () => {
    const finding = await played(
      setUp({ run: async (steps) => (steps.round === 0 ? HOLDS : { ...((await breaks(steps)) as RoundResult & { outcome: 'broken' }), got: 'two of them' }) }),
    );
    expect([finding.reason, finding.got]).to.deep.equal(['the second was accepted (2 of 3 rounds)', 'two of them']);
    expect(finding.counterexample?.path, 'the first that broke').to.equal('violating/41');
  });

  it('that holds when it is played again is flaky', async () => {
    let plays = 0;
    const finding = await played(setUp({ run: (steps) => ((plays += 1), plays === 1 || plays === 5 ? breaks(steps) : Promise.resolve(HOLDS)) }));
    expect([finding.verdict, finding.rate]).to.deep.equal(['flaky', { broken: 2, of: 11 }]);
  });

  it('that proves it by itself is not played again', async () => {
    const set = setUp({ run: breaks, proven: true });
    const finding = await played(set);
    expect([finding.verdict, finding.confirmed]).to.deep.equal(['fail', { tries: 0, repeats: 0 }]);
    expect(set.context.sent.filter(({ intent }) => intent.purpose === 'confirmation')).to.deep.equal([]);
  });

  it('of a should is a warning', async () => {
    expect((await played(setUp({ run: breaks }, { level: 'should' }))).verdict).to.equal('warn');
  });
});

describe('open sequence check', () => {
  const RULE = RULES.find(({ kind }) => kind === 'open-sequence') as OpenRule;

  async function asked(
    procedure: Partial<OpenProcedure>,
    config: ConstructorParameters<typeof ScriptedContext>[1] = {},
  ): Promise<{ finding: Finding; check: OpenSequenceCheck }> {
    const context = new ScriptedContext(() => ({}), config);
    const controls = new Controls(context);
    const run: OpenProcedure['run'] = async (steps) => ({
      name: 'upper case',
      reading: 'two customers',
      observation: await steps.create(steps.reference(), 'one'),
    });
    const check = new OpenSequenceCheck(context, controls, new Reads(context, controls), RULE, { rounds: ROUNDS, cost: 3, run, ...procedure });
    for (const item of check.items()) await item.run();
    return { finding: await check.settle(), check };
  }

  it('notes the reading of each round', async () => {
    const { finding, check } = await asked({ rank: 2 });
    expect([finding.verdict, finding.reading]).to.deep.equal(['observed', { 'upper case': 'two customers' }]);
    expect(check.items().map(({ rank, cost }) => [rank, cost])).to.deep.equal([
      [FIRST.open + 0.2, 3],
      [FURTHER + 2 + 12, 3],
      [FURTHER + 2 + 24, 3],
    ]);
    expect([check.phase, (await asked({ phase: 'late' })).check.phase]).to.deep.equal(['main', 'late']);
  });

  it('two readings of one case are a failure', async () => {
    const { finding } = await asked({
      run: async (steps) => ({
        name: 'upper case',
        reading: steps.round === 1 ? 'one customer' : 'two customers',
        observation: await steps.create(steps.reference(), 'one'),
      }),
    });
    expect([finding.verdict, finding.reason]).to.deep.equal(['fail', 'the same case was answered in two ways: upper case']);
  });

  it('what cannot be asked is skipped, what was not answered blocked', async () => {
    const merchant = (await asked({ secondMerchant: true })).finding;
    expect([merchant.verdict, merchant.reason]).to.deep.equal(['skipped', 'no second merchant was given (--second-merchant)']);
    const silent = (await asked({ run: () => Promise.resolve('no usable answer') })).finding;
    expect([silent.verdict, silent.reason]).to.deep.equal(['blocked', 'no case could be asked: no usable answer (3 times)']);
    const ended = (await asked({ run: () => Promise.reject(new SendingEnded('the budget is spent')) })).finding;
    expect([ended.verdict, ended.reason]).to.deep.equal(['blocked', 'no case could be asked: the budget is spent (3 times)']);
    const unreached = (await asked({ rounds: { smoke: 0, standard: 0, deep: 0 } })).finding;
    expect(unreached.reason).to.equal('no case could be asked: the budget did not reach it');
    let thrown: unknown;
    await asked({ run: () => Promise.reject(new TypeError('a defect of ours')) }).catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
