/** Whole runs whose procedures are made up, against a target of a few lines. */
import type { Finding, Run } from '../../contracts/finding.js';
import type { OpenSequence, Sequence } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import type { Progress } from './config.js';
import { Session, type Procedures } from './run.js';
import { json, type SendingOptions } from './sending.spec-help.js';
import type { OpenProcedure, Procedure } from './sequence-check.js';
import { serve, type Answer, type Received } from './server.spec-help.js';
import { HOLDS, type RoundResult, type Steps } from './steps.js';
import { configOf } from './target.spec-help.js';

/** A procedure by the id of its rule; one round that takes one request of the plan, sends nothing and holds, but for what is given. */
export type Fakes = Readonly<Record<string, Partial<Omit<Procedure, 'rounds'>> & { readonly rounds?: number }>>;

export interface Played {
  readonly run: Run;
  readonly session: Session;
  /** `round ID`, `finding ID`, in their order. */
  readonly events: readonly string[];
  readonly findings: readonly Finding[];
  readonly progress: readonly Progress[];
  readonly received: readonly Received[];
  finding(ruleId: string): Finding;
}

export interface PlayOptions extends Omit<SendingOptions, 'rules' | 'isJudged'> {
  readonly answer?: Answer;
  readonly until?: string;
  /** While the target is still there. */
  readonly atTheEnd?: () => Promise<unknown>;
}

/** Takes whatever it is sent. */
export const TAKING: Answer = json(200, { id: 'cst_1', object: 'customer' });

export function proceduresOf(fakes: Fakes, events: string[]): Procedures {
  const one = <Result>(ruleId: string, result: Result): Omit<Procedure, 'run'> & { run(steps: Steps): Promise<Result | RoundResult> } => {
    const { rounds = 1, run = () => Promise.resolve(result), ...more } = fakes[ruleId] ?? {};
    return {
      cost: 1,
      ...more,
      rounds: { smoke: rounds, standard: rounds, deep: rounds },
      run: (steps) => {
        events.push(`${steps.attempt === undefined ? 'round' : 'again'} ${ruleId}`);
        return run(steps);
      },
    };
  };
  return {
    sequences: Object.fromEntries(RULES.flatMap((rule) => (rule.kind === 'sequence' ? [[rule.sequence, one(rule.id, HOLDS)]] : []))) as Record<
      Sequence,
      Procedure
    >,
    openSequences: Object.fromEntries(
      RULES.flatMap((rule) => (rule.kind === 'open-sequence' ? [[rule.sequence, one(rule.id, 'nothing was asked')]] : [])),
    ) as Record<OpenSequence, OpenProcedure>,
  };
}

/** Plays a run of some rules. */
export async function playedRun(
  rules: readonly string[],
  fakes: Fakes = {},
  { answer = TAKING, until, atTheEnd, target, ...more }: PlayOptions = {},
): Promise<Played> {
  const server = await serve(answer);
  const events: string[] = [];
  const findings: Finding[] = [];
  const progress: Progress[] = [];
  const plain = configOf(server.url, { timeoutMs: 1_000, ...more });
  const session = new Session(
    {
      ...plain,
      target: { ...plain.target, ...target },
      rules,
      onFinding: (finding) => {
        findings.push(finding);
        events.push(`finding ${finding.ruleId}`);
      },
      onProgress: (each) => progress.push(each),
    },
    proceduresOf(fakes, events),
  );
  try {
    const run = await session.run(until);
    await atTheEnd?.();
    return {
      run,
      session,
      events,
      findings,
      progress,
      received: server.received,
      finding: (ruleId) => {
        const finding = run.findings.find((each) => each.ruleId === ruleId);
        if (finding === undefined) throw new Error(`the run has no finding of ${ruleId}`);
        return finding;
      },
    };
  } finally {
    await server.close();
  }
}

/** A round that fails, with the create that shows it. */
export const breaking = async (steps: Steps): Promise<RoundResult> => ({
  outcome: 'broken',
  observation: await steps.create(steps.reference(), 'the one that shows it'),
  expected: 'something else',
  reason: 'it did not hold',
});

/** Takes all requests that are to spare, and says how many these were; where nothing was set aside there is no end of them. */
export function drain({ context }: Steps): number {
  let taken = 0;
  while (taken < 1000 && context.takeSpare()) taken += 1;
  return taken;
}
