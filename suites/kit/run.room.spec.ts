import { expect } from 'chai';
import { breaking, drain, playedRun, type Fakes } from './session-of.spec-help.js';
import { HOLDS, type RoundResult, type Steps } from './steps.js';

const [UNIQUE, RACE, OWN, LATE, LAST] = [
  'object_reference_id/unique',
  'sequence/race',
  'sequence/own-request',
  'sequence/thousandth',
  'credentials/every-request',
] as const;
const roundsOf = (events: readonly string[], id: string): number => events.filter((event) => event === `round ${id}`).length;

/** A phase later they are promised 5 and 4 requests. */
const PROMISED: Fakes = { [LATE]: { phase: 'late', cost: 5 }, [LAST]: { phase: 'credentials', cost: 4 } };

/** Notes what is to spare in a round, and takes it. */
function draining(taken: number[]): (steps: Steps) => Promise<RoundResult> {
  return (steps) => {
    taken.push(drain(steps));
    return Promise.resolve(HOLDS);
  };
}

describe('run: what is planned', () => {
  // Of 30 requests one opens the run, 9 are promised to later phases, and a twelfth or so (3) is to spare: 17 are left.
  it('what fits in beside what later phases are promised, and a part to spare', async () => {
    const fakes = { ...PROMISED, [UNIQUE]: { cost: 17, rounds: 2 } };
    const { events, run } = await playedRun([UNIQUE, LATE, LAST], fakes, { maxRequests: 30 });
    expect([UNIQUE, LATE, LAST].map((id) => roundsOf(events, id))).to.deep.equal([1, 1, 1]);
    expect(run.requestsSent).to.equal(1);
    const wide = await playedRun([UNIQUE, LATE, LAST], { ...fakes, [UNIQUE]: { cost: 18 } }, { maxRequests: 30 });
    expect(
      [UNIQUE, LATE, LAST].map((id) => roundsOf(wide.events, id)),
      'with one request too many',
    ).to.deep.equal([0, 1, 1]);
    expect(wide.finding(UNIQUE)).to.deep.include({ verdict: 'blocked', reason: 'no round could be judged: the budget did not reach it' });
  });

  it('what is too much is passed over, and what is behind it has the room', async () => {
    const fakes = { ...PROMISED, [UNIQUE]: { cost: 10, rank: 0 }, [RACE]: { cost: 8, rank: 1 }, [OWN]: { cost: 7, rank: 2 } };
    const { events } = await playedRun([UNIQUE, RACE, OWN, LATE, LAST], fakes, { maxRequests: 30 });
    expect([UNIQUE, RACE, OWN].map((id) => roundsOf(events, id))).to.deep.equal([1, 0, 1]);
  });

  it('a budget without a number of its own is that of its name', async () => {
    for (const [budget, fits] of [
      ['smoke', 275],
      ['standard', 2639],
    ] as const) {
      const rounds = async (cost: number): Promise<number> => roundsOf((await playedRun([UNIQUE], { [UNIQUE]: { cost } }, { budget })).events, UNIQUE);
      expect([await rounds(fits), await rounds(fits + 1)], budget).to.deep.equal([1, 0]);
    }
  });

  it('a later phase has all that is left', async () => {
    const fits = async (cost: number): Promise<number> =>
      roundsOf((await playedRun([LATE], { [LATE]: { phase: 'late', cost } }, { maxRequests: 30 })).events, LATE);
    expect([await fits(29), await fits(30)]).to.deep.equal([1, 0]);
  });
});

describe('run: what confirming may take', () => {
  it('while a phase is under way what neither it nor a later one is promised', async () => {
    const [main, late, last] = [[], [], []] as number[][];
    const fakes = {
      [UNIQUE]: { cost: 10, run: draining(main ?? []) },
      [LATE]: { ...PROMISED[LATE], run: draining(late ?? []) },
      [LAST]: { ...PROMISED[LAST], run: draining(last ?? []) },
    };
    await playedRun([UNIQUE, LATE, LAST], fakes, { maxRequests: 30 });
    expect({ main, late, last }).to.deep.equal({ main: [30 - 1 - 10 - 9], late: [30 - 1 - 5 - 4], last: [30 - 1 - 4] });
  });

  it('when findings are settled all but what later phases are promised', async () => {
    const taken: Record<string, number[]> = { main: [], last: [] };
    const noting =
      (name: string) =>
      async (steps: Steps): Promise<RoundResult> => {
        if (steps.attempt !== undefined) taken[name]?.push(drain(steps));
        return breaking(steps);
      };
    const fakes = { [UNIQUE]: { cost: 10, run: noting('main') }, [LAST]: { ...PROMISED[LAST], run: noting('last') } };
    const { run } = await playedRun([UNIQUE, LAST], fakes, { maxRequests: 30 });
    // Two requests were sent by then, and one that was to spare is the repetition itself.
    expect(taken['main']).to.deep.equal([30 - 2 - 4 - 1]);
    // Two more were sent: the repetition of the first, and the round.
    expect(taken['last']).to.deep.equal([30 - 4 - 1]);
    expect(run.findings.map(({ verdict, confirmed }) => [verdict, confirmed])).to.deep.equal([
      ['fail', { tries: 1, repeats: 1 }],
      ['fail', { tries: 1, repeats: 1 }],
    ]);
  });
});

describe('run: what it says on the way', () => {
  it('requests that were sent and planned, findings that are settled and those that fail', async () => {
    const fakes = { [UNIQUE]: { cost: 4, run: breaking }, [LATE]: { phase: 'late', cost: 3 } } as const;
    const { progress, run } = await playedRun([UNIQUE, RACE, LATE], fakes);
    expect(progress[0]).to.deep.include({ requestsPlanned: 5, settled: 0, rules: 3, failing: 0 });
    expect(progress.map(({ settled }) => settled)).to.deep.equal([0, 0, 0, 1, 2, 3]);
    expect(progress.map(({ failing }) => failing)).to.deep.equal([0, 0, 0, 1, 1, 1]);
    expect(progress[2], 'with what the second phase plans').to.deep.include({ requestsPlanned: 8, requestsSent: 2 });
    expect(progress.at(-1)).to.deep.equal({ requestsSent: run.requestsSent, requestsPlanned: 8, settled: 3, rules: 3, failing: 1 });
  });

  it('never fewer planned than sent', async () => {
    const { progress } = await playedRun([UNIQUE], { [UNIQUE]: { run: breaking } });
    const last = progress.at(-1);
    expect(last?.requestsSent, 'the sample, the round and two repetitions').to.equal(4);
    expect(last?.requestsPlanned).to.equal(4);
  });

  it('what breaks only sometimes fails too, and what is accepted does not', async () => {
    let round = 0;
    const sometimes = (steps: Steps): Promise<RoundResult> => ((round += 1) % 2 === 1 ? breaking(steps) : Promise.resolve(HOLDS));
    const flaky = await playedRun([UNIQUE], { [UNIQUE]: { run: sometimes } });
    expect([flaky.finding(UNIQUE).verdict, flaky.progress.at(-1)?.failing]).to.deep.equal(['flaky', 1]);
    const baseline = { entries: [{ rule: UNIQUE, reason: 'known' }] };
    const accepted = await playedRun([UNIQUE], { [UNIQUE]: { run: breaking } }, { baseline });
    expect([accepted.finding(UNIQUE).accepted?.reason, accepted.progress.at(-1)?.failing]).to.deep.equal(['known', 0]);
  });
});
