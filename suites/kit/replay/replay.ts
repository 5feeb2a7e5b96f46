/** Sends what was found broken again, and says what became of it: judged by the rule itself, as when it was confirmed. */
import type { Counterexample, Finding, Run, SentAs, SentRequest } from '../../../contracts/finding.js';
import type { FieldName, InputRule, ResponseRule, Rule, SequenceRule } from '../../../contracts/model.js';
import { exitCodeOfReplay, REPLAY_VERSION, type Replay, type Replayed, type ReplayOutcome, type ReplayWay } from '../../../contracts/replay.js';
import { spellingProbes } from '../../../generators/wire.js';
import type { Half } from '../check.js';
import type { RunConfig } from '../config.js';
import { Context } from '../context.js';
import { Controls } from '../controls.js';
import type { Recipe } from '../draft.js';
import { gotOf } from '../findings.js';
import { breaks, expectation } from '../input-check.js';
import { isBroken, type Intent, type Observation } from '../observation.js';
import { SendingEnded } from '../pacing.js';
import { Reads } from '../reads.js';
import { runToken, Session, type Procedures } from '../run.js';
import { isWrong } from '../spelling-check.js';
import { REFERENCES_OF_A_ROUND, Steps } from '../steps.js';
import { restored } from './restore.js';
import { wayOf } from './way.js';

/** Times that a finding is sent again: as often as one that is confirmed, the first time included. */
const TRIES = 3;
/** So often more where the answers differ. */
const FURTHER = 6;

/** What one try came to. */
type Try =
  | { readonly kind: 'broken'; readonly got: string; readonly expected?: string; readonly isTimeout?: boolean }
  | { readonly kind: 'holds'; readonly got: string }
  | { readonly kind: 'blocked'; readonly reason: string };

type Settled = Omit<Replayed, 'ruleId' | 'title' | 'was' | 'way'>;

const BROKEN: ReadonlySet<Finding['verdict']> = new Set<Finding['verdict']>(['fail', 'flaky', 'warn']);

/** Sends the broken findings of one run again, one after the other. */
export class Replayer {
  readonly #config: RunConfig;
  readonly #kept: Run;
  readonly #procedures: Procedures;
  readonly #context: Context;
  readonly #controls: Controls;
  #requests = 0;
  readonly #created: string[] = [];

  /**
   * @param config the target and the pace; its rules, seed and budget are those of the run for what is checked as a whole
   * @param kept the run that the findings are of
   */
  constructor(config: RunConfig, kept: Run, procedures: Procedures) {
    this.#config = config;
    this.#kept = kept;
    this.#procedures = procedures;
    this.#context = new Context(config, Number.MAX_SAFE_INTEGER, runToken());
    this.#controls = new Controls(this.#context);
    this.#context.reads = new Reads(this.#context, this.#controls);
  }

  /** Never rejects for anything that the target does. */
  async replay(findings: readonly Finding[], onReplayed: (replayed: Replayed) => void = () => undefined): Promise<Replay> {
    const replayed: Replayed[] = [];
    let blockedBy: string | undefined;
    try {
      blockedBy = await this.#controls.open().catch(ended);
      for (const finding of findings) {
        const one = blockedBy === undefined ? await this.#one(finding) : said(finding, 'counterexample', { outcome: 'blocked', reason: blockedBy });
        replayed.push(one);
        onReplayed(one);
      }
    } finally {
      this.#context.close();
    }
    const { url, embedded } = this.#config.target;
    const redact = this.#context.redactor.text;
    return {
      schemaVersion: REPLAY_VERSION,
      target: { url, embedded, merchantId: redact(this.#config.target.merchantId) },
      of: { url: this.#kept.target.url, seed: this.#kept.seed, ended: this.#kept.ended },
      ...(blockedBy === undefined ? {} : { blockedBy: redact(blockedBy) }),
      replayed: replayed.map((each) => ({ ...each, reason: redact(each.reason) })),
      requestsSent: this.#requests + this.#context.pacing.sent,
      idsCreated: [...this.#created, ...this.#context.created].sort().map(redact),
      exitCode: exitCodeOfReplay(replayed),
    };
  }

  async #one(finding: Finding): Promise<Replayed> {
    const rule = this.#context.rule(finding.ruleId);
    if (rule === undefined) return said(finding, 'counterexample', { outcome: 'blocked', reason: 'this version of conform does not have the rule' });
    const way = wayOf(rule, finding);
    try {
      switch (way) {
        case 'counterexample':
          return said(finding, way, await this.#counterexample(rule, finding));
        case 'steps':
          return said(finding, way, await this.#steps(rule as SequenceRule, finding));
        case 'check':
        case 'run':
          return await this.#checked(rule, finding, way);
      }
    } catch (error) {
      return said(finding, way, { outcome: 'blocked', reason: ended(error) });
    }
  }

  /** The kept request, with its good neighbour before and behind it: what is refused by then may be anything. */
  async #counterexample(rule: Rule, finding: Finding): Promise<Settled> {
    const { counterexample } = finding;
    if (counterexample === undefined) return { outcome: 'blocked', reason: 'the report has no counterexample of it' };
    const before = await this.#control(counterexample);
    if (before !== undefined) return { outcome: 'blocked', reason: before };
    const as = counterexample.sentAs ?? assumed(rule, counterexample);
    const settled = await this.#tries(rule, async () => {
      const observation = await this.#send(counterexample.request, as, counterexample.part);
      return typeof observation === 'string' ? { kind: 'blocked', reason: observation } : this.#judge(rule, counterexample, observation);
    });
    const behind = settled.outcome === 'blocked' || isAboutAnswering(rule) ? undefined : await this.#control(counterexample);
    return behind === undefined ? settled : { ...settled, outcome: 'blocked', reason: `${behind}: ${settled.reason}` };
  }

  /** Sends the good request beside it, as it was kept, else a published sample; says why it proves nothing where it is not accepted. */
  async #control({ control }: Counterexample): Promise<string | undefined> {
    const good: SentAs = { ruleId: 'control', n: 0, create: true, good: true };
    const observation =
      control === undefined
        ? await this.#context.send(this.#controls.recipe(0), this.#intent(good, 'a published sample'))
        : await this.#send(control.request, good, 'the good request beside it');
    if (typeof observation === 'string') return observation;
    return observation.outcome === 'accepted' ? undefined : `the good request beside it is not accepted (${gotOf(observation)})`;
  }

  async #send(request: SentRequest, as: SentAs, note: string): Promise<Observation | string> {
    const { merchantId } = this.#kept.target;
    const { secondMerchant } = this.#config.target;
    const sentMerchant = request.headers.find(([name]) => name.toLowerCase() === 'x-merchantid')?.[1];
    const account = secondMerchant !== undefined && sentMerchant === secondMerchant.merchantId ? secondMerchant : this.#context.account;
    const restoring = { then: { merchantId, runToken: this.#kept.runToken }, account, runToken: this.#context.runToken };
    const draft = restored(request, { ...restoring, ...(as.readingOpen === undefined ? {} : { readingOpen: as.readingOpen }) });
    if (typeof draft === 'string') return draft;
    const alone = this.#context.rule(as.ruleId);
    const agent = alone?.kind === 'input' && alone.constraint.kind === 'credential' ? { agent: this.#context.singleUse } : {};
    const recipe: Recipe = () => ({ ...draft, ...agent });
    return this.#context.send(recipe, this.#intent(as, note));
  }

  #intent(as: SentAs, note: string): Intent {
    const { ruleId, n, create, good, family, offence, atFault } = as;
    return {
      ruleId,
      n,
      attempt: this.#context.repetition(ruleId),
      purpose: 'confirmation',
      note,
      ...(create === undefined ? {} : { create }),
      ...(good === undefined ? {} : { good }),
      ...(family === undefined ? {} : { family }),
      ...(offence === undefined ? {} : { offence }),
      ...(atFault === undefined ? {} : { atFault }),
    };
  }

  #judge(rule: Rule, { path }: Counterexample, observation: Observation): Try {
    const got = gotOf(observation);
    switch (rule.kind) {
      case 'input':
        return judgeInput(rule, path, observation, got, this.#controls.echoed);
      case 'response':
        return this.#judgeResponse(rule, observation, got);
      default:
        return { kind: 'blocked', reason: 'one request does not show it' };
    }
  }

  #judgeResponse(rule: ResponseRule, observation: Observation, got: string): Try {
    const breach = this.#context.ledger.judge(rule, observation);
    if (breach === 'holds') return { kind: 'holds', got };
    if (breach === 'not-applicable') return { kind: 'blocked', reason: `what came back is no answer that the rule is about (${got})` };
    return { kind: 'broken', got: breach.got, expected: breach.expected };
  }

  /** The same steps, with fresh references, as when it was confirmed. */
  async #steps(rule: SequenceRule, { counterexample }: Finding): Promise<Settled> {
    const procedure = this.#procedures.sequences[rule.sequence];
    if (procedure.secondMerchant === true && this.#config.target.secondMerchant === undefined)
      return { outcome: 'blocked', reason: 'it is about two merchants: give the second one with --second-merchant' };
    if (procedure.reads === true && !(await this.#context.reads.available()))
      return { outcome: 'blocked', reason: 'no read of a customer succeeds, and it is about reads' };
    const round = Math.floor(Number(counterexample?.path.split('/')[1] ?? 0) / REFERENCES_OF_A_ROUND);
    return this.#tries(rule, async () => {
      const result = await procedure.run(new Steps(this.#context, this.#controls, rule.id, round, true));
      switch (result.outcome) {
        case 'broken':
          return { kind: 'broken', got: result.got ?? gotOf(result.observation), expected: result.expected };
        case 'holds':
          return { kind: 'holds', got: 'every step was answered as documented' };
        default:
          return { kind: 'blocked', reason: result.reason };
      }
    });
  }

  async #tries(rule: Rule, once: () => Promise<Try>): Promise<Settled> {
    const tries: Exclude<Try, { kind: 'blocked' }>[] = [];
    let stopped: string | undefined;
    const broken = (): number => tries.filter(({ kind }) => kind === 'broken').length;
    for (let wanted = TRIES; tries.length < wanted && stopped === undefined;) {
      const each = await once().catch((error: unknown): Try => ({ kind: 'blocked', reason: ended(error) }));
      if (each.kind === 'blocked') stopped = each.reason;
      else tries.push(each);
      if (broken() > 0 && broken() < tries.length) wanted = TRIES + FURTHER;
    }
    const shown = tries.findLast(({ kind }) => kind === 'broken') ?? tries.at(-1);
    const counted = {
      tries: tries.length,
      broken: broken(),
      ...(shown === undefined ? {} : { got: shown.got }),
      ...(shown?.kind === 'broken' && shown.expected !== undefined ? { expected: shown.expected } : {}),
    };
    const times = `broken in ${String(broken())} of ${String(tries.length)} tries`;
    if (broken() === 0)
      return stopped === undefined
        ? { outcome: 'fixed', reason: `it held in ${String(tries.length)} of ${String(tries.length)} tries`, ...counted }
        : { outcome: 'blocked', reason: stopped, ...counted };
    // A good request that timed out once may have met a slow moment; that alone accuses nobody.
    const slow = shown?.kind === 'broken' && shown.isTimeout === true && rule.id === 'robustness/good-requests';
    if (broken() < tries.length)
      return slow
        ? { outcome: 'blocked', reason: `a timeout that does not repeat proves nothing: ${times}`, ...counted }
        : { outcome: 'flaky', reason: times, ...counted };
    return { outcome: 'still broken', reason: times, ...counted };
  }

  /** The rule's own check, as the run did it; for what only a whole run shows, all of the run. */
  async #checked(rule: Rule, finding: Finding, way: 'check' | 'run'): Promise<Replayed> {
    const sender = finding.counterexample?.sentAs?.ruleId;
    const rules = way === 'run' ? this.#kept.rules : [...new Set([rule.id, ...(sender === undefined || sender === 'control' ? [] : [sender])])];
    const { name, maxRequests } = this.#kept.budget;
    const pinned = pinnedReading(finding);
    const session = new Session(
      {
        ...this.#config,
        rules,
        seed: this.#kept.seed,
        budget: name,
        maxRequests,
        ...(pinned === undefined ? {} : { readings: { [rule.id]: pinned } }),
      },
      this.#procedures,
    );
    const run = await session.run();
    this.#requests += run.requestsSent;
    this.#created.push(...run.idsCreated);
    const now = run.findings.find(({ ruleId }) => ruleId === rule.id);
    const settled = now === undefined ? ({ outcome: 'blocked', reason: 'the run does not have the rule' } as const) : settledBy(now);
    // What one rule's requests do not show, all requests of the run may: what breaks sometimes may do so under their load.
    if (way === 'check' && settled.outcome !== 'still broken' && settled.outcome !== 'flaky' && (finding.verdict === 'flaky' || needsWholeRun(rule)))
      return this.#checked(rule, finding, 'run');
    return said(finding, way, settled);
  }
}

function said({ ruleId, title, verdict }: Finding, way: ReplayWay, settled: Settled): Replayed {
  return { ruleId, title, was: verdict, way, ...settled };
}

/** Why nothing may be sent any more; any other error is one of our own. */
function ended(error: unknown): string {
  if (error instanceof SendingEnded) return error.message;
  throw error;
}

/** What an older report does not say of a request, by the half that it was of. */
function assumed(rule: Rule, { path }: Counterexample): SentAs {
  return { ruleId: rule.id, n: 0, create: true, good: halfOf(path) === 'conforming' };
}

function halfOf(path: string): Half {
  return path.startsWith('violating/') ? 'violating' : 'conforming';
}

/** Whether a request was answered at all is seen without its neighbour. */
function isAboutAnswering(rule: Rule): boolean {
  return rule.kind === 'input' && rule.constraint.kind === 'robustness';
}

function judgeInput(rule: InputRule, path: string, observation: Observation, got: string, echoed: ReadonlySet<FieldName>): Try {
  if (rule.constraint.kind === 'robustness')
    return isBroken(observation)
      ? { kind: 'broken', got, expected: 'a complete answer below 500', isTimeout: observation.failure?.kind === 'timeout' }
      : { kind: 'holds', got };
  if (observation.outcome === 'broken') return { kind: 'blocked', reason: `no usable answer (${got})` };
  const half = halfOf(path);
  if (half === 'conforming' && observation.response?.status === 401 && rule.constraint.kind !== 'credential')
    return { kind: 'blocked', reason: `the API key is not accepted with it (${got})` };
  const broken = ((): boolean => {
    if (rule.constraint.kind !== 'spelling') return breaks(rule, half, observation, echoed);
    const probe = spellingProbes(rule.constraint.spelling)[Number(path.split('/')[1])];
    return probe !== undefined && isWrong(observation, probe);
  })();
  return broken ? { kind: 'broken', got, expected: expectation(rule, half) } : { kind: 'holds', got };
}

/** The choice of the configuration that the target contradicted, out of what the finding says of it (`case: reading`). */
function pinnedReading({ verdict, expected }: Finding): Readonly<Record<string, string>> | undefined {
  const at = expected?.lastIndexOf(': ') ?? -1;
  return verdict !== 'observed' || expected === undefined || at < 0 ? undefined : { [expected.slice(0, at)]: expected.slice(at + 2) };
}

/** Rules that all requests of a run are judged by: what they are about may show only among many. */
function needsWholeRun(rule: Rule): boolean {
  return rule.kind === 'response' || rule.kind === 'open-response' || (rule.kind === 'input' && rule.constraint.kind === 'robustness');
}

function settledBy(now: Finding): Settled {
  const { verdict, reason, expected, got } = now;
  const more = { reason, ...(expected === undefined ? {} : { expected }), ...(got === undefined ? {} : { got }) };
  const contradicts = verdict === 'observed' && expected !== undefined;
  const outcome: ReplayOutcome =
    verdict === 'flaky' ? 'flaky' : BROKEN.has(verdict) || contradicts ? 'still broken' : verdict === 'blocked' || verdict === 'skipped' ? 'blocked' : 'fixed';
  return { outcome, ...more };
}
