import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { SCHEMA_VERSION } from '../../contracts/finding.js';
import { RULES } from '../../contracts/rules/index.js';
import { runToken, Session } from './run.js';
import { BAD_ORIGIN, json, messageOf, rejection } from './sending.spec-help.js';
import { refusedUrl, wait, type Answer } from './server.spec-help.js';
import { breaking, playedRun, proceduresOf, TAKING } from './session-of.spec-help.js';
import { HOLDS, type RoundResult, type Steps } from './steps.js';
import { configOf, runOf } from './target.spec-help.js';

const [UNIQUE, RACE] = ['object_reference_id/unique', 'sequence/race'] as const;

/** Takes the first so many requests, and answers otherwise from then on. */
function taking(times: number, then: Answer): Answer {
  return (response, received, number) => (number <= times ? TAKING : then)(response, received, number);
}
const creating = async (steps: Steps): Promise<RoundResult> => (await steps.create(steps.reference(), 'a create'), HOLDS);

describe('run: a report', () => {
  it('says what was run, and how', async () => {
    const { run } = await playedRun(['object_reference_id/unique', 'sequence/r*'], {}, { seed: 42, failOn: 'should', maxRequests: 77 });
    const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { name: string; version: string };
    expect(run).to.deep.include({
      schemaVersion: SCHEMA_VERSION,
      tool: { name, version },
      seed: 42,
      failOn: 'should',
      budget: { name: 'smoke', maxRequests: 77 },
      rules: ['object_reference_id/unique', 'sequence/r*'],
      status: 'complete',
      exitCode: 0,
    });
    for (const absent of ['blockedBy', 'baseline']) expect(run).to.not.have.property(absent);
    expect(Date.parse(run.ended)).to.be.at.least(Date.parse(run.started));
  });

  it('has the number of a budget that was given none of its own', async () => {
    expect((await playedRun([UNIQUE])).run.budget).to.deep.equal({ name: 'smoke', maxRequests: 300 });
  });

  it('names its target, the key in it taken out', async () => {
    const target = { merchantId: 'of KeyOfTheSpecs42', apiKey: 'KeyOfTheSpecs42', embedded: true };
    const { run } = await playedRun([UNIQUE], {}, { target });
    expect(run.target).to.deep.equal({ url: run.target.url, embedded: true, merchantId: 'of ${API_KEY}' });
    expect((await playedRun([UNIQUE], {}, { target: { ...target, variant: 'strict' } })).run.target.variant).to.equal('strict');
  });

  it('lists what was created, in order and without keys, and how much was sent', async () => {
    const references = ['zz_KeyOfTheSpecs42', 'aa_of_the_specs_1', 'mm_of_the_specs_1'];
    const run = async (steps: Steps): Promise<RoundResult> => {
      for (const reference of references) await steps.create(reference, 'a create');
      return HOLDS;
    };
    const target = { merchantId: 'm', apiKey: 'KeyOfTheSpecs42' };
    const { run: report, received } = await playedRun([UNIQUE], { [UNIQUE]: { run } }, { target });
    const [sample, ...others] = [...report.idsCreated].sort((a, b) => Number(b.includes(report.runToken)) - Number(a.includes(report.runToken)));
    expect(sample, 'the reference of the sample').to.include(report.runToken);
    expect(others).to.deep.equal(['aa_of_the_specs_1', 'mm_of_the_specs_1', 'zz_${API_KEY}']);
    expect(report.idsCreated).to.deep.equal([...report.idsCreated].sort());
    expect([report.requestsSent, received.length]).to.deep.equal([4, 4]);
  });

  it('counts its verdicts, and says so by its exit code', async () => {
    const { run } = await playedRun([UNIQUE, RACE, 'sequence/own-request'], { [RACE]: { run: breaking } });
    expect([run.counts.pass, run.counts.fail, run.exitCode]).to.deep.equal([2, 1, 1]);
  });

  it('holds the baseline against what was found', async () => {
    const entries = [
      { rule: UNIQUE, reason: 'it was broken once' },
      { rule: RACE, reason: 'known' },
    ];
    const { run, finding, findings } = await playedRun([UNIQUE, RACE], { [RACE]: { run: breaking } }, { baseline: { entries } });
    expect(run.baseline).to.deep.equal({ stale: [{ rule: UNIQUE, reason: 'it was broken once' }], expired: [] });
    expect(finding(RACE).accepted).to.deep.equal({ reason: 'known' });
    expect(findings.find(({ ruleId }) => ruleId === RACE)?.accepted, 'as it is told of').to.deep.equal({ reason: 'known' });
  });

  it('a token that hardly another run has: a letter and four more', () => {
    const tokens = Array.from({ length: 400 }, () => runToken());
    for (const token of tokens) expect(token).to.match(/^r[0-9a-z]{4}$/);
    expect(new Set(tokens).size).to.be.above(390);
  });
});

describe('run: a target that lets nothing be learnt', () => {
  it('blocks the run: the report says why once, and no finding is told of by itself', async () => {
    const { run, events, findings, progress, session } = await playedRun([UNIQUE, RACE], {}, { answer: json(404, { of: 'ReferenceKey7Qx2L~Vt9ZbHw4P' }) });
    expect([run.status, run.exitCode, run.counts.blocked]).to.deep.equal(['blocked', 2, 2]);
    expect(run.blockedBy)
      .to.match(/there is no POST \/customers under this URL.*404/)
      .and.to.include('${API_KEY}');
    for (const { verdict, reason } of run.findings) expect([verdict, reason]).to.deep.equal(['blocked', run.blockedBy]);
    expect([events, findings]).to.deep.equal([[], []]);
    expect(progress.map(({ settled }) => settled)).to.deep.equal([1, 2]);
    expect((await session.finding(RACE)).verdict, 'a finding that somebody waits for').to.equal('blocked');
  });

  it('that does not let the address in is such a one, from the first request on', async () => {
    const { run, events, received } = await playedRun([UNIQUE], {}, { answer: BAD_ORIGIN });
    expect([run.status, run.exitCode, received.length, events]).to.deep.equal(['blocked', 2, 1, []]);
    expect(run.blockedBy).to.match(/^the target does not let this address in \(403 BAD_ORIGIN\)/);
  });

  it('that does so later blocks what comes then', async () => {
    const fakes = { [UNIQUE]: { run: creating }, [RACE]: { phase: 'late', run: creating } } as const;
    const { run, finding } = await playedRun([UNIQUE, RACE], fakes, { answer: taking(2, BAD_ORIGIN) });
    expect([run.status, finding(UNIQUE).verdict, finding(RACE).verdict]).to.deep.equal(['blocked', 'pass', 'blocked']);
    expect(run.blockedBy).to.include('BAD_ORIGIN');
  });

  it('is not what a budget is that is spent: the run is complete, and what it did not reach is blocked', async () => {
    const three = async (steps: Steps): Promise<RoundResult> => {
      for (let n = 0; n < 3; n += 1) await steps.create(steps.reference(), 'a create');
      return HOLDS;
    };
    const fakes = { [UNIQUE]: { run: creating }, [RACE]: { phase: 'late', run: three } } as const;
    const { run, finding } = await playedRun([UNIQUE, RACE], fakes, { maxRequests: 4 });
    expect([run.status, run.exitCode, finding(UNIQUE).verdict]).to.deep.equal(['complete', 2, 'pass']);
    expect(run).to.not.have.property('blockedBy');
    expect(finding(RACE)).to.deep.include({ verdict: 'blocked', reason: 'no round could be judged: the budget of 4 requests is spent' });
  });
});

describe('run: its end', () => {
  it('an interruption is said to be one, and what was not checked is blocked by it', async () => {
    const interruption = new AbortController();
    const run = (): Promise<RoundResult> => (interruption.abort(), Promise.resolve(HOLDS));
    const fakes = { [UNIQUE]: { run }, [RACE]: { phase: 'late', run: creating } } as const;
    const { run: report, finding } = await playedRun([UNIQUE, RACE], fakes, { signal: interruption.signal });
    expect([report.status, report.exitCode]).to.deep.equal(['interrupted', 130]);
    expect(finding(RACE)).to.deep.include({ verdict: 'blocked', reason: 'no round could be judged: the run was interrupted' });
  });

  it('one before it began leaves nothing to be told', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const { run, received } = await playedRun([UNIQUE], {}, { signal: interruption.signal });
    expect([run.status, run.exitCode, received.length]).to.deep.equal(['interrupted', 130, 0]);
    expect(run.findings.map(({ reason }) => reason)).to.deep.equal(['the run was interrupted']);
  });

  it('an error of our own ends it, and nobody who waits for a finding waits for ever', async () => {
    const session = new Session(
      configOf(await refusedUrl(), {
        rules: [UNIQUE],
        onExchange: () => {
          throw new TypeError('a defect of ours');
        },
      }),
      proceduresOf({}, []),
    );
    const finding = session.finding(UNIQUE);
    const error = await rejection(session.run());
    expect(error).to.be.instanceOf(TypeError);
    expect(messageOf(error)).to.equal('a defect of ours');
    expect(await finding).to.deep.include({ verdict: 'blocked', reason: 'the run ended before it was checked' });
  });

  it('an error of a procedure ends it as well', async () => {
    const run = (): Promise<RoundResult> => Promise.reject(new TypeError('a defect of ours'));
    expect(messageOf(await rejection(playedRun([UNIQUE], { [UNIQUE]: { run } })))).to.equal('a defect of ours');
  });

  it('its connections are closed with it', async () => {
    let open = 0;
    const counting: Answer = (...given) => {
      const { socket } = given[0];
      open += 1;
      socket?.once('close', () => (open -= 1));
      return TAKING(...given);
    };
    let openAtTheEnd = -1;
    const { session } = await playedRun([UNIQUE], {}, { answer: counting, atTheEnd: async () => (await wait(40), (openAtTheEnd = open)) });
    expect((await session.finding(UNIQUE)).verdict).to.equal('pass');
    expect(openAtTheEnd, 'connections').to.equal(0);
  });
});

describe('run: the checks of its rules', () => {
  const KINDS = [
    ['response/id', 'response'],
    ['error/throttling', 'open-response'],
    ['first_name/non-ascii', 'open-input'],
    ['first_name/charset', 'input'],
    ['encoding/hex-case', 'spelling'],
    ['robustness/paths', 'robustness'],
  ] as const;

  it('each kind of rule has its own', async function () {
    this.timeout(10_000);
    const rules = KINDS.map(([id]) => id);
    const { run, exchanges } = await runOf(() => ({}), { rules, maxRequests: 60 });
    const verdicts = RULES.filter(({ id }) => (rules as readonly string[]).includes(id)).map(({ id, level }) => [id, level === 'open' ? 'observed' : 'pass']);
    expect(run.findings.map(({ ruleId, verdict }) => [ruleId, verdict])).to.deep.equal(verdicts);
    const purposes = (id: string): string[] => [...new Set(exchanges.flatMap(({ ruleId, purpose }) => (ruleId === id ? [purpose] : [])))];
    expect(Object.fromEntries(KINDS.map(([id, kind]) => [kind, purposes(id)]))).to.deep.equal({
      response: [],
      'open-response': [],
      'open-input': ['open'],
      input: ['violating'],
      spelling: ['conforming', 'violating'],
      robustness: ['robustness'],
    });
  });

  it('rules over several requests are played by their procedures, open ones too', async () => {
    const { events, finding } = await playedRun(['merchant/other', UNIQUE]);
    expect(events).to.include.members(['round merchant/other', `round ${UNIQUE}`]);
    expect(finding('merchant/other').reason).to.include('nothing was asked');
  });
});
