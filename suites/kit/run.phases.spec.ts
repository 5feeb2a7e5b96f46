import { expect } from 'chai';
import { RULES } from '../../contracts/rules/index.js';
import { conforming } from '../../generators/index.js';
import { json } from './sending.spec-help.js';
import { wait, type Answer } from './server.spec-help.js';
import { breaking, playedRun, TAKING, type Fakes } from './session-of.spec-help.js';
import { HOLDS } from './steps.js';

const [EARLY, UNIQUE, RACE, LATE] = ['credentials/every-request', 'object_reference_id/unique', 'sequence/race', 'sequence/thousandth'] as const;
const roundsOf = (events: readonly string[]): string[] => events.filter((event) => event.startsWith('round')).map((event) => event.slice('round '.length));
const settledOf = (events: readonly string[]): string[] => events.filter((event) => event.startsWith('finding')).map((event) => event.slice('finding '.length));

/** The first rule of all comes last, since it could lock the account. */
const PHASES: Fakes = { [EARLY]: { phase: 'credentials' }, [LATE]: { phase: 'late' } };

describe('run: the order of its requests', () => {
  it('what opens it, the checks, those that look back, and those that can lock the account', async () => {
    const { events, received } = await playedRun([EARLY, UNIQUE, RACE, LATE], PHASES);
    expect(roundsOf(events)).to.deep.equal([UNIQUE, RACE, LATE, EARLY]);
    expect(received, 'the published sample').to.have.lengthOf(1);
  });

  it('a phase begins when the one before it has ended', async () => {
    const ended: string[] = [];
    const ending = (name: string, delay: number) => ({ run: async () => (await wait(delay), ended.push(name), HOLDS) });
    await playedRun([EARLY, UNIQUE, LATE], {
      [UNIQUE]: ending('main', 30),
      [LATE]: { ...PHASES[LATE], ...ending('late', 20) },
      [EARLY]: { ...PHASES[EARLY], ...ending('credentials', 0) },
    });
    expect(ended).to.deep.equal(['main', 'late', 'credentials']);
  });

  it('in a phase the lowest rank goes first, and of equal ones the first rule', async () => {
    const { events } = await playedRun([UNIQUE, RACE, 'customers/read', 'sequence/own-request'], {
      [UNIQUE]: { rank: 3 },
      [RACE]: { rank: 1, rounds: 2 },
      'customers/read': { rank: 3 },
    });
    expect(roundsOf(events)).to.deep.equal(['sequence/own-request', RACE, UNIQUE, 'customers/read', RACE]);
  });

  it('what waits for something holds up nothing: more may be under way than requests at a time', async () => {
    let begun = 0;
    const waiting = { rounds: 20, run: async () => ((begun += 1), await wait(15), HOLDS) };
    let mostBegun = 0;
    await playedRun([UNIQUE, RACE], { [UNIQUE]: waiting, [RACE]: { rank: 999, run: () => ((mostBegun = begun), Promise.resolve(HOLDS)) } }, { concurrency: 1 });
    expect(mostBegun, 'rounds that had begun before the last of 21').to.equal(20);
  });

  it('good values of several fields go out together among the checks, and once', async () => {
    const notes: string[] = [];
    await playedRun(['first_name/length', 'last_name/optional', LATE], PHASES, {
      onExchange: ({ note, n }) => note.startsWith('good values') && notes.push(`${n}`),
    });
    const lengths = RULES.find(({ id }) => id === 'first_name/length');
    const names = (lengths?.kind === 'input' ? conforming(lengths.constraint) : undefined)?.boundaries.length ?? expect.fail('no lengths');
    expect(notes, 'one for each length of a first name, and one without a last name').to.have.lengthOf(names + 1);
    expect(new Set(notes).size, 'numbers').to.equal(names + 1);
  });
});

describe('run: the order of its findings', () => {
  it('what was seen before the wrong credentials is settled before them', async () => {
    const { events } = await playedRun([EARLY, UNIQUE, LATE], PHASES);
    expect(events).to.deep.equal([`round ${UNIQUE}`, `round ${LATE}`, `finding ${UNIQUE}`, `finding ${LATE}`, `round ${EARLY}`, `finding ${EARLY}`]);
  });

  it('rules about responses wait for every response: they come last', async () => {
    const { events } = await playedRun(['response/id', 'error/throttling', UNIQUE, RACE], { [RACE]: { phase: 'credentials' } });
    expect(events).to.deep.equal([
      `round ${UNIQUE}`,
      `finding ${UNIQUE}`,
      `round ${RACE}`,
      `finding ${RACE}`,
      'finding response/id',
      'finding error/throttling',
    ]);
  });

  it('of failures others may be put down to lengths: these come behind the others of their time', async () => {
    const rules = [EARLY, 'object_reference_id/length', 'first_name/charset', 'first_name/length', 'last_name/optional'];
    const { events } = await playedRun(rules, PHASES, { maxRequests: 30 });
    expect(settledOf(events)).to.deep.equal(['first_name/charset', 'last_name/optional', 'object_reference_id/length', 'first_name/length', EARLY]);
  });

  const odd = 'robustness/paths';
  for (const [what, answer, order] of [
    ['that was not seen broken may yet be by wrong credentials: it is settled behind them', TAKING, [UNIQUE, EARLY, odd]],
    [
      'that was seen broken is settled before them',
      ((response, received, number) =>
        received.method === 'POST' && received.url === '/customers' ? TAKING(response, received, number) : json(500, {})(response, received, number)) as Answer,
      [UNIQUE, odd, EARLY],
    ],
  ] as const) {
    it(`a rule about odd requests ${what}`, async () => {
      const { events } = await playedRun([EARLY, UNIQUE, odd], { [EARLY]: { phase: 'credentials' } }, { answer, maxRequests: 60 });
      expect(settledOf(events)).to.deep.equal(order);
    });
  }

  it('a rule about odd requests of which none could be sent is settled behind them as well', async () => {
    const { events, finding } = await playedRun([EARLY, odd], { [EARLY]: { phase: 'credentials' } }, { maxRequests: 2 });
    expect(settledOf(events)).to.deep.equal([EARLY, odd]);
    expect(finding(odd).verdict).to.equal('blocked');
  });

  it('the report has them in the order of the rules, each once', async () => {
    const rules = ['sequence/*', 'response/id', 'first_name/length', EARLY];
    const { run, findings, session } = await playedRun(rules, PHASES, { maxRequests: 20 });
    const ids = RULES.map(({ id }) => id).filter((id) => id.startsWith('sequence/') || rules.includes(id));
    expect(run.findings.map(({ ruleId }) => ruleId)).to.deep.equal(ids);
    expect(session.rules.map(({ id }) => id)).to.deep.equal(ids);
    expect(findings.map(({ ruleId }) => ruleId))
      .to.have.members(ids)
      .and.to.have.lengthOf(ids.length);
  });

  it('each can be awaited by itself, and one that is not of the run cannot', async () => {
    const { run, session } = await playedRun([UNIQUE, 'response/id']);
    expect(await Promise.all([UNIQUE, 'response/id'].map((id) => session.finding(id)))).to.deep.equal(run.findings);
    expect(() => session.finding(RACE)).to.throw(RangeError, `the run has no rule ${RACE}`);
  });
});

describe('run: until a rule is seen broken', () => {
  it('nothing more is begun, it is confirmed, and the others are blocked', async () => {
    const { run, events, session, finding } = await playedRun(
      [EARLY, UNIQUE, RACE, LATE, 'response/object'],
      { ...PHASES, [UNIQUE]: { run: breaking }, [RACE]: { rank: 1, rounds: 60, run: async () => (await wait(30), HOLDS) } },
      { until: UNIQUE, concurrency: 1 },
    );
    expect(finding(UNIQUE)).to.deep.include({ verdict: 'fail', confirmed: { tries: 2, repeats: 2 } });
    expect(roundsOf(events)).to.not.include.members([LATE]).and.to.not.include.members([EARLY]);
    expect(roundsOf(events).filter((id) => id === RACE).length, 'rounds of the 60 of another rule').to.be.below(30);
    for (const id of [EARLY, RACE, LATE, 'response/object'])
      expect(finding(id)).to.deep.include({ verdict: 'blocked', reason: 'the run ended before it was checked' });
    expect(run.status).to.equal('complete');
    expect(session.firstBreaches.get(UNIQUE)).to.equal(2);
  });

  it('one that never is lets the run go on to its end', async () => {
    const { run, events } = await playedRun([EARLY, UNIQUE, RACE, LATE], { ...PHASES, [RACE]: { run: breaking } }, { until: UNIQUE });
    expect(roundsOf(events)).to.deep.equal([UNIQUE, RACE, LATE, EARLY]);
    expect(run.findings.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass', 'fail', 'pass']);
  });

  it('without one a rule that is broken ends nothing', async () => {
    const { run, events } = await playedRun([EARLY, UNIQUE, RACE, LATE], { ...PHASES, [UNIQUE]: { run: breaking } });
    expect(roundsOf(events)).to.deep.equal([UNIQUE, RACE, LATE, EARLY]);
    expect(run.findings.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'fail', 'pass', 'pass']);
  });
});
