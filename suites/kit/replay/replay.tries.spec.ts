/** What a replay makes of the answers that it gets: findings and steps are made up, the target is a few lines. */
import { expect } from 'chai';
import type { Counterexample, Exchange, Finding, Run } from '../../../contracts/finding.js';
import { MERCHANT } from '../../../contracts/reference/server.js';
import type { Replay, Replayed } from '../../../contracts/replay.js';
import { RULES } from '../../../contracts/rules/index.js';
import type { RunConfig } from '../config.js';
import { SendingEnded } from '../pacing.js';
import { json } from '../sending.spec-help.js';
import { serve, type Answer, type Received } from '../server.spec-help.js';
import { breaking, playedRun, proceduresOf, TAKING, type Fakes } from '../session-of.spec-help.js';
import { HOLDS } from '../steps.js';
import { configOf } from '../target.spec-help.js';
import { Replayer } from './replay.js';

const UNIQUE = 'object_reference_id/unique';
const REFUSAL = { status: 'Bad Request', error_code: 'Invalid Request', error_message: 'Wrong value in first_name' };
const REFUSE = json(400, REFUSAL);
const FAIL = json(500, {});
const HANG: Answer = () => undefined;

/** A create with this first name, as a report has it. */
const sent = (firstName: string): Counterexample['request'] => ({
  method: 'POST',
  path: '/customers',
  headers: [
    ['Authorization', 'Basic ${base64:${API_KEY}:}'],
    ['x-merchantid', MERCHANT.merchantId],
    ['Content-Type', 'application/x-www-form-urlencoded'],
  ],
  body: { encoding: 'utf-8', text: `object_reference_id=keptr7abc0001&mobile_number=99887766&first_name=${firstName}` },
});
const exchanged = (firstName: string): Exchange => ({
  id: 'control#3',
  ruleId: 'control',
  n: 3,
  purpose: 'control',
  note: 'the good request beside it',
  request: sent(firstName),
  startedAt: '2026-11-22T10:00:00.000Z',
  durationMs: 1,
});

/** A finding that was seen each time, with a bad first name and the good one beside it. */
function findingOf(ruleId: string, counterexample: Partial<Counterexample> = {}, more: Partial<Finding> = {}): Finding {
  const { level, title } = RULES.find(({ id }) => id === ruleId) ?? expect.fail(`no rule ${ruleId}`);
  return {
    ruleId,
    level,
    title,
    verdict: 'fail',
    citation: { source: [], statement: [], lines: [] },
    reason: 'because',
    requests: 3,
    judged: 3,
    durationMs: 1,
    confirmed: { tries: 2, repeats: 2 },
    counterexample: {
      part: 'first_name',
      value: 'bad',
      controlValue: 'good',
      request: sent('bad'),
      control: exchanged('good'),
      before: [],
      curl: '',
      seed: 7,
      path: 'violating/3',
      shrunk: true,
      sentAs: { ruleId, n: 3, create: true, good: false, offence: 'invalid' },
      ...counterexample,
    },
    ...more,
  };
}

interface Played {
  readonly replay: Replay;
  /** What it came to for the first finding. */
  readonly one: Replayed;
  /** First names in the order in which they came, those of published samples left out. */
  readonly names: readonly string[];
  readonly received: readonly Received[];
  /** Rounds of made-up steps. */
  readonly events: readonly string[];
}

let kept: Run;

/** Replays against a target that answers bad names one after the other, the last answer for ever, and good ones likewise. */
async function played(
  findings: readonly Finding[],
  bad: readonly Answer[] = [TAKING],
  { good = [TAKING], fakes = {}, config = {} }: { good?: readonly Answer[]; fakes?: Fakes; config?: Partial<RunConfig> } = {},
): Promise<Played> {
  const names: string[] = [];
  const server = await serve((response, received, number) => {
    const name = new URLSearchParams(received.body.toString()).get('first_name');
    const answers = name === 'bad' ? bad : name === 'good' ? good : [TAKING];
    const before = names.filter((each) => each === name).length;
    if (name === 'bad' || name === 'good') names.push(name);
    return (answers[before] ?? answers.at(-1) ?? TAKING)(response, received, number);
  });
  const events: string[] = [];
  try {
    const replay = await new Replayer(
      { ...configOf(server.url, { timeoutMs: 5_000, ...config }), target: { ...configOf(server.url).target, ...config.target, url: server.url } },
      kept,
      proceduresOf(fakes, events),
    ).replay(findings);
    return { replay, one: replay.replayed[0] ?? expect.fail('nothing was replayed'), names, received: server.received, events };
  } finally {
    await server.close();
  }
}

before(async () => ({ run: kept } = await playedRun([UNIQUE], { [UNIQUE]: { run: breaking } })));

describe('replay: a bad value', () => {
  const CHARSET = 'first_name/charset';

  it('that is accepted each time is still broken, in three tries between two good ones', async () => {
    const { replay, one, names, received } = await played([findingOf(CHARSET)]);
    expect(one).to.deep.include({ ruleId: CHARSET, was: 'fail', way: 'counterexample', outcome: 'still broken', tries: 3, broken: 3 });
    expect(one).to.deep.include({ reason: 'broken in 3 of 3 tries', got: '200 {"id":"cst_1","object":"customer"}' });
    expect(one.expected).to.match(/\S/);
    expect(names).to.deep.equal(['good', 'bad', 'bad', 'bad', 'good']);
    expect(replay).to.include({ exitCode: 1, requestsSent: received.length });
    const references = received.flatMap(({ body }) => new URLSearchParams(body.toString()).getAll('object_reference_id'));
    expect(new Set(references).size, 'references, each its own').to.equal(received.length);
    expect(references).to.not.include('keptr7abc0001');
    expect(new Set(replay.idsCreated).size).to.equal(replay.idsCreated.length);
  });

  it('that is refused each time is fixed', async () => {
    const { replay, one } = await played([findingOf(CHARSET)], [REFUSE]);
    expect(one).to.deep.include({ outcome: 'fixed', reason: 'it held in 3 of 3 tries', tries: 3, broken: 0 });
    expect(one.got).to.match(/^400 /);
    expect(one).to.not.have.any.keys('expected');
    expect(replay.exitCode).to.equal(0);
  });

  for (const [answers, broken] of [
    [[TAKING, REFUSE], 1],
    [[REFUSE, REFUSE, TAKING, REFUSE], 1],
    [[REFUSE, TAKING], 8],
  ] as const)
    it(`that is accepted ${String(broken)} of 9 times is flaky`, async () => {
      const { replay, one, names } = await played([findingOf(CHARSET)], answers);
      expect(one).to.deep.include({ outcome: 'flaky', reason: `broken in ${String(broken)} of 9 tries`, tries: 9, broken });
      expect(one.got, 'what came back when it was broken').to.match(/^200 /);
      expect(names.filter((name) => name === 'bad')).to.have.length(9);
      expect(replay.exitCode).to.equal(1);
    });

  it('that gets no usable answer is blocked, unless it was broken before', async () => {
    const silent = await played([findingOf(CHARSET)], [FAIL]);
    expect(silent.one).to.deep.include({ outcome: 'blocked', reason: 'no usable answer (500 {})', tries: 0, broken: 0 });
    expect(silent.names, 'and nothing is asked behind it').to.deep.equal(['good', 'bad']);
    expect(silent.replay.exitCode).to.equal(2);
    expect((await played([findingOf(CHARSET)], [TAKING, FAIL])).one).to.deep.include({ outcome: 'still broken', reason: 'broken in 1 of 1 tries' });
    expect((await played([findingOf(CHARSET)], [REFUSE, FAIL])).one).to.deep.include({ outcome: 'blocked', reason: 'no usable answer (500 {})', tries: 1 });
  });

  it('proves nothing where the good one beside it is refused, before or behind', async () => {
    const early = await played([findingOf(CHARSET)], [REFUSE], { good: [REFUSE] });
    expect(early.one).to.include({ outcome: 'blocked', reason: `the good request beside it is not accepted (400 ${JSON.stringify(REFUSAL)})` });
    expect(early.names).to.deep.equal(['good']);
    const late = await played([findingOf(CHARSET)], [REFUSE], { good: [TAKING, REFUSE] });
    expect(late.one).to.include({
      outcome: 'blocked',
      reason: `the good request beside it is not accepted (400 ${JSON.stringify(REFUSAL)}): it held in 3 of 3 tries`,
      tries: 3,
    });
  });

  it('has a published sample beside it where the report has none', async () => {
    const { control: _, ...alone } = findingOf(CHARSET).counterexample ?? expect.fail();
    const { one, names, received } = await played([{ ...findingOf(CHARSET), counterexample: alone }]);
    expect(one.outcome).to.equal('still broken');
    expect(names).to.deep.equal(['bad', 'bad', 'bad']);
    const [first, last] = [received.findIndex(({ body }) => body.includes('first_name=bad')), received.length - 1];
    expect(received[first - 1]?.body.toString(), 'before').to.not.include('bad');
    expect(received[last]?.body.toString(), 'behind').to.not.include('bad');
  });

  it('of an older report, which does not say what was meant, is judged by its half', async () => {
    const { sentAs: _, ...older } = findingOf(CHARSET).counterexample ?? expect.fail();
    for (const [path, bad, outcome] of [
      ['violating/3', TAKING, 'still broken'],
      ['violating/3', REFUSE, 'fixed'],
      ['conforming/3', REFUSE, 'still broken'],
    ] as const)
      expect((await played([{ ...findingOf(CHARSET), counterexample: { ...older, path } }], [bad])).one, path).to.include({ outcome });
  });
});

describe('replay: a good value', () => {
  const good = { path: 'conforming/3', sentAs: { ruleId: 'first_name/charset', n: 3, create: true, good: true } } as const;

  it('that is refused is still broken; that is refused with 401 says nothing, but for a credential', async () => {
    expect((await played([findingOf('first_name/charset', good)], [REFUSE])).one).to.include({ outcome: 'still broken' });
    const unauthorized = json(401, { status: 'error', error_code: 'access_denied', error_message: '' });
    const { one } = await played([findingOf('first_name/charset', good)], [unauthorized]);
    expect(one.outcome).to.equal('blocked');
    expect(one.reason).to.match(/^the API key is not accepted with it \(401 /);
    const credential = { ...good, sentAs: { ...good.sentAs, ruleId: 'credentials/scheme-case' } };
    expect((await played([findingOf('credentials/scheme-case', credential)], [unauthorized])).one).to.include({ outcome: 'still broken' });
  });

  it('about its credential goes over a connection of its own', async () => {
    const credential = { ...good, sentAs: { ...good.sentAs, ruleId: 'credentials/scheme-case' } };
    const { received } = await played([findingOf('credentials/scheme-case', credential)]);
    const ports = received.filter(({ body }) => body.includes('first_name=bad')).map(({ port }) => port);
    expect(new Set(ports).size).to.equal(3);
  });
});

describe('replay: whether a request is answered', () => {
  const odd = (ruleId: string): Finding => findingOf(ruleId, { sentAs: { ruleId, n: 3, create: true, good: true, family: 'values' } });

  it('is seen without its neighbour behind it', async () => {
    const { one, names } = await played([odd('robustness/values')], [FAIL]);
    expect(one).to.deep.include({ outcome: 'still broken', got: '500 {}', expected: 'a complete answer below 500' });
    expect(names).to.deep.equal(['good', 'bad', 'bad', 'bad']);
    expect((await played([odd('robustness/values')], [REFUSE])).one).to.include({ outcome: 'fixed' });
  });

  it('a good one that timed out once proves nothing, an odd one that did is flaky', async () => {
    const short = { config: { timeoutMs: 1_000 } };
    expect((await played([odd('robustness/good-requests')], [HANG, TAKING], short)).one).to.deep.include({
      outcome: 'blocked',
      reason: 'a timeout that does not repeat proves nothing: broken in 1 of 9 tries',
    });
    expect((await played([odd('robustness/good-requests')], [FAIL, TAKING])).one).to.include({ outcome: 'flaky' });
    expect((await played([odd('robustness/values')], [HANG, TAKING], short)).one).to.include({ outcome: 'flaky' });
  });
});

describe('replay: an answer', () => {
  const OBJECT = 'response/object-member';
  const answered = findingOf(OBJECT, { path: 'response/3', sentAs: { ruleId: 'control', n: 3, create: true, good: true } });

  it('is judged by the rule that it broke', async () => {
    const { one } = await played([answered], [json(200, { id: 'cst_1', object: 'client' })]);
    expect(one).to.include({ way: 'counterexample', outcome: 'still broken' });
    expect([one.expected, one.got]).to.not.include(undefined);
    expect((await played([answered])).one).to.include({ outcome: 'fixed', got: '200 {"id":"cst_1","object":"customer"}' });
  });

  it('of another kind says nothing about it', async () => {
    const { one } = await played([answered], [REFUSE]);
    expect(one.outcome).to.equal('blocked');
    expect(one.reason).to.match(/^what came back is no answer that the rule is about \(400 /);
  });
});

describe('replay: steps', () => {
  const steps = findingOf(UNIQUE, { path: 'sequence/0' });

  it('are played three times, with what came of them', async () => {
    const { one, events } = await played([steps], [], { fakes: { [UNIQUE]: { run: breaking } } });
    expect(one).to.deep.include({ way: 'steps', outcome: 'still broken', reason: 'broken in 3 of 3 tries', expected: 'something else' });
    expect(one.got).to.match(/^200 /);
    expect(events).to.deep.equal([`again ${UNIQUE}`, `again ${UNIQUE}`, `again ${UNIQUE}`]);
    expect((await played([steps])).one).to.include({ outcome: 'fixed', got: 'every step was answered as documented' });
  });

  it('say what they got in their own words where they have some', async () => {
    const run: Fakes[string]['run'] = async (each) => ({ ...(await breaking(each)), got: 'two customers' });
    expect((await played([steps], [], { fakes: { [UNIQUE]: { run } } })).one.got).to.equal('two customers');
  });

  it('that cannot be played are blocked', async () => {
    const blocked = { [UNIQUE]: { run: () => Promise.resolve({ outcome: 'blocked' as const, reason: 'the first create was refused' }) } };
    expect((await played([steps], [], { fakes: blocked })).one).to.include({ outcome: 'blocked', reason: 'the first create was refused' });
    const ended = { [UNIQUE]: { run: () => Promise.reject(new SendingEnded('the budget is spent')) } };
    expect((await played([steps], [], { fakes: ended })).one).to.include({ outcome: 'blocked', reason: 'the budget is spent' });
  });

  it('of two merchants need the second', async () => {
    const fakes: Fakes = { [UNIQUE]: { secondMerchant: true } };
    expect((await played([steps], [], { fakes })).one).to.include({
      outcome: 'blocked',
      reason: 'it is about two merchants: give the second one with --second-merchant',
    });
    const target = { url: '', ...MERCHANT, embedded: false, secondMerchant: { merchantId: 'two', apiKey: 'AnotherKey12345' } };
    expect((await played([steps], [], { fakes, config: { target } })).one).to.include({ outcome: 'fixed' });
  });

  it('an error of our own is not the target’s', async () => {
    const fakes: Fakes = { [UNIQUE]: { run: () => Promise.reject(new RangeError('a defect')) } };
    const error: unknown = await played([steps], [], { fakes }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RangeError);
  });
});

describe('replay: the rule’s own check', () => {
  const flaky = findingOf(UNIQUE, { path: 'sequence/0' }, { verdict: 'flaky' });

  it('is run as it was, with the seed of the run', async () => {
    const { one, events, replay, received } = await played([flaky], [], { fakes: { [UNIQUE]: { run: breaking } } });
    expect(one).to.deep.include({ way: 'check', was: 'flaky', outcome: 'still broken', expected: 'something else' });
    expect(events[0]).to.equal(`round ${UNIQUE}`);
    expect(replay.requestsSent).to.equal(received.length);
    expect(replay.idsCreated.length).to.be.above(0);
  });

  it('is part of the whole run where it no longer shows what was flaky', async () => {
    const { one, events } = await played([flaky]);
    expect(one).to.include({ way: 'run', outcome: 'fixed' });
    expect(events.filter((event) => event === `round ${UNIQUE}`)).to.have.length(2);
  });

  it('is enough where what was not flaky holds', async () => {
    const { confirmed: _, ...unconfirmed } = findingOf(UNIQUE, { path: 'sequence/0' });
    const { one, events } = await played([unconfirmed]);
    expect(one).to.include({ way: 'check', outcome: 'fixed' });
    expect(events).to.deep.equal([`round ${UNIQUE}`]);
  });

  it('that is blocked blocks', async () => {
    const blocked = { [UNIQUE]: { run: () => Promise.resolve({ outcome: 'blocked' as const, reason: 'the first create was refused' }) } };
    const { one } = await played([flaky], [], { fakes: blocked });
    expect(one.outcome).to.equal('blocked');
    expect(one.reason).to.include('the first create was refused');
  });
});

describe('replay: as it is written', () => {
  it('says of which run it is, where it went, and each outcome as soon as it is there', async () => {
    const server = await serve(TAKING);
    const said: string[] = [];
    const findings = [findingOf('first_name/charset'), findingOf(UNIQUE, { path: 'sequence/0' }, { title: 'two' })];
    const replay = await new Replayer(configOf(server.url), kept, proceduresOf({ [UNIQUE]: { run: () => Promise.resolve(HOLDS) } }, [])).replay(
      findings,
      (each) => said.push(`${each.ruleId} ${each.outcome}`),
    );
    await server.close();
    expect(replay).to.deep.include({
      schemaVersion: 1,
      target: { url: server.url, embedded: false, merchantId: MERCHANT.merchantId },
      of: { url: kept.target.url, seed: kept.seed, ended: kept.ended },
    });
    expect(replay).to.not.have.any.keys('blockedBy');
    expect(said).to.deep.equal(['first_name/charset still broken', `${UNIQUE} fixed`]);
    expect(replay.replayed[1]?.title).to.equal('two');
  });
});
