/** A run: the control, all checks in the order of what they find, confirmed findings. */
import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { countVerdicts, SCHEMA_VERSION, type Finding, type Run } from '../../contracts/finding.js';
import type { OpenSequence, Rule, Sequence } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { baselineResult, dayOf, withAcceptance } from './baseline.js';
import type { Check, Item, Phase } from './check.js';
import { BUDGETS, type RunConfig } from './config.js';
import { Context } from './context.js';
import { Controls } from './controls.js';
import { EachChoice } from './each-choice.js';
import { exitCodeOf } from './exit-code.js';
import { makeFinding } from './findings.js';
import { InputCheck } from './input-check.js';
import { OpenInputCheck, OpenResponseCheck } from './open-check.js';
import { SendingEnded } from './pacing.js';
import { Reads } from './reads.js';
import { ResponseCheck } from './response-check.js';
import { RobustnessCheck } from './robustness-check.js';
import { matchesRule } from '../../contracts/rule-glob.js';
import { OpenSequenceCheck, SequenceCheck, type OpenProcedure, type Procedure } from './sequence-check.js';
import { SpellingCheck } from './spelling-check.js';

export type { RunConfig } from './config.js';

/** The procedures of the rules over several requests. */
export interface Procedures {
  readonly sequences: Readonly<Record<Sequence, Procedure>>;
  readonly openSequences: Readonly<Record<OpenSequence, OpenProcedure>>;
}

/** Part of the budget that confirming and shrinking may count on: in the smallest one, enough for one defect. */
const SPARE_PART = { smoke: 0.08, standard: 0.12, deep: 0.12 } as const;
/** Checks that wait (for a read to succeed, for a gathering) hold no place in the pool; so many more may be under way. */
const WAITING = 24;

/**
 * One run against one target, with a promise for the finding of every rule, so that each can be awaited by itself.
 */
export class Session {
  readonly rules: readonly Rule[];
  readonly #config: RunConfig;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #checks: readonly Check[];
  readonly #eachChoice: EachChoice;
  readonly #findings = new Map<string, { promise: Promise<Finding>; resolve: (finding: Finding) => void; finding?: Finding }>();
  readonly #started = new Date();
  #planned = 0;
  #blockedBy: string | undefined;
  #until: string | undefined;

  constructor(config: RunConfig, procedures: Procedures) {
    this.#config = config;
    this.#context = new Context(config, config.maxRequests ?? BUDGETS[config.budget], runToken());
    this.#controls = new Controls(this.#context);
    const reads = new Reads(this.#context, this.#controls);
    this.#context.reads = reads;
    this.rules = RULES.filter((rule) => config.rules.some((glob) => matchesRule(glob, rule.id)));
    this.#checks = this.rules.map((rule) => checkOf(this.#context, this.#controls, reads, rule, procedures));
    this.#eachChoice = new EachChoice(
      this.#context,
      this.#controls,
      this.#checks.map((check) => (check instanceof InputCheck ? check.goodInputs() : [])),
      this.#checks.flatMap((check) => (check instanceof InputCheck ? check.absentInputs() : [])),
    );
    for (const rule of this.rules) {
      let resolve = (_finding: Finding): void => undefined;
      const promise = new Promise<Finding>((settle) => (resolve = settle));
      this.#findings.set(rule.id, { promise, resolve });
    }
  }

  /** The finding of a rule, when it is settled. Never rejects. */
  finding(ruleId: string): Promise<Finding> {
    const entry = this.#findings.get(ruleId);
    if (entry === undefined) throw new RangeError(`the run has no rule ${ruleId}`);
    return entry.promise;
  }

  /** The place in the run of the first request that broke each broken rule. */
  get firstBreaches(): ReadonlyMap<string, number> {
    return this.#context.firstBreaches;
  }

  /**
   * Runs every check. Never rejects for anything that the target does.
   * @param until once this rule was seen broken nothing more is sent but what confirms it, and it alone is settled; the others are blocked
   */
  async run(until?: string): Promise<Run> {
    this.#until = until;
    try {
      this.#blockedBy = await this.#open();
      if (this.#blockedBy === undefined) {
        await this.#runPhase('main');
        await this.#runPhase('late');
        await this.#settle((check) => check.phase !== 'credentials' && !this.#isJudgedToTheEnd(check));
        await this.#runPhase('credentials');
        await this.#settle(({ rule }) => rule.kind !== 'response' && rule.kind !== 'open-response');
        await this.#settle(() => true);
      }
      this.#blockedBy ??= this.#context.pacing.ended?.includes('BAD_ORIGIN') === true ? this.#context.pacing.ended : undefined;
    } finally {
      for (const rule of this.rules) {
        if (this.#findings.get(rule.id)?.finding === undefined) {
          this.#conclude(
            makeFinding(this.#context, rule, 'blocked', { reason: this.#blockedBy ?? this.#context.pacing.ended ?? 'the run ended before it was checked' }),
          );
        }
      }
      this.#context.close();
    }
    return this.#report();
  }

  /** Whether wrong credentials may still show something of it: what was seen before them is confirmed before them, since they can lock the account. */
  #isJudgedToTheEnd({ rule }: Check): boolean {
    if (rule.kind === 'response' || rule.kind === 'open-response') return true;
    return rule.kind === 'input' && rule.constraint.kind === 'robustness' && this.#context.ledger.tally(rule.id)?.first === undefined;
  }

  get #isEnough(): boolean {
    return this.#until !== undefined && this.#context.firstBreaches.has(this.#until);
  }

  async #open(): Promise<string | undefined> {
    try {
      return await this.#controls.open();
    } catch (error) {
      if (error instanceof SendingEnded) return error.message;
      throw error;
    }
  }

  /** Plans a phase and runs its items, the lowest rank first. */
  async #runPhase(phase: Phase): Promise<void> {
    const items = [
      ...(phase === 'main' ? this.#eachChoice.items() : []),
      ...this.#checks.filter((check) => check.phase === phase).flatMap((check) => check.items()),
    ];
    const ordered = items.map((item, index) => ({ item, index })).sort((a, b) => a.item.rank - b.item.rank || a.index - b.index);
    const max = this.#config.maxRequests ?? BUDGETS[this.#config.budget];
    let room = this.#room(phase, max);
    const chosen: Item[] = [];
    for (const { item } of ordered) {
      if (item.cost > room) continue;
      room -= item.cost;
      this.#planned += item.cost;
      chosen.push(item);
    }
    this.#context.reserve(Math.max(0, this.#context.pacing.left - chosen.reduce((sum, item) => sum + item.cost, 0) - this.#later(phase)));
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let item = chosen[next++]; item !== undefined && !this.#isEnough; item = chosen[next++]) {
        await item.run();
        this.#progress();
      }
    };
    await Promise.all(Array.from({ length: this.#config.concurrency + WAITING }, worker));
    this.#context.reserve(Math.max(0, this.#context.pacing.left - this.#later(phase)));
  }

  /** Requests that the later phases are promised. */
  #later(phase: Phase): number {
    const cost = (of: Phase): number =>
      this.#checks
        .filter((check) => check.phase === of)
        .flatMap((check) => check.items())
        .reduce((sum, item) => sum + item.cost, 0);
    if (phase === 'main') return cost('late') + cost('credentials');
    return phase === 'late' ? cost('credentials') : 0;
  }

  #room(phase: Phase, max: number): number {
    const { left } = this.#context.pacing;
    return phase === 'main' ? left - this.#later(phase) - Math.ceil(max * SPARE_PART[this.#config.budget]) : left;
  }

  async #settle(which: (check: Check) => boolean): Promise<void> {
    const open = this.#checks.filter(
      (check) => which(check) && this.#findings.get(check.rule.id)?.finding === undefined && (!this.#isEnough || check.rule.id === this.#until),
    );
    // Other rules put failures down to those about lengths, so these come last.
    const isAboutLength = ({ rule }: Check): number => Number(rule.kind === 'input' && rule.constraint.kind === 'length');
    // One after the other, in the order of the rules: what is spare goes to the same findings in every run.
    for (const check of open.sort((a, b) => isAboutLength(a) - isAboutLength(b))) this.#conclude(await check.settle());
  }

  #conclude(settled: Finding): void {
    const entry = this.#findings.get(settled.ruleId);
    if (entry === undefined || entry.finding !== undefined) return;
    const finding = withAcceptance(settled, this.#config.baseline, dayOf(this.#started));
    entry.finding = finding;
    entry.resolve(finding);
    // Where nothing could be checked there is one thing to say, and the report says it.
    if (this.#blockedBy === undefined) this.#config.onFinding?.(finding);
    this.#progress();
  }

  #progress(): void {
    if (this.#config.onProgress === undefined) return;
    const settled = [...this.#findings.values()].flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
    this.#config.onProgress({
      requestsSent: this.#context.pacing.sent,
      requestsPlanned: Math.max(this.#planned, this.#context.pacing.sent),
      settled: settled.length,
      rules: this.rules.length,
      failing: settled.filter(({ verdict, accepted }) => (verdict === 'fail' || verdict === 'flaky') && accepted === undefined).length,
    });
  }

  #report(): Run {
    const { target, seed, budget, maxRequests, failOn, rules, signal, baseline } = this.#config;
    const findings = this.rules.flatMap((rule) => this.#findings.get(rule.id)?.finding ?? []);
    const interrupted = signal?.aborted === true;
    const run: Run = {
      schemaVersion: SCHEMA_VERSION,
      tool: TOOL,
      target: {
        url: target.url,
        embedded: target.embedded,
        merchantId: this.#context.redactor.text(target.merchantId),
        ...(target.variant === undefined ? {} : { variant: target.variant }),
      },
      seed,
      budget: { name: budget, maxRequests: maxRequests ?? BUDGETS[budget] },
      failOn,
      rules: [...rules],
      started: this.#started.toISOString(),
      ended: new Date().toISOString(),
      status: interrupted ? 'interrupted' : this.#blockedBy === undefined ? 'complete' : 'blocked',
      ...(this.#blockedBy === undefined ? {} : { blockedBy: this.#context.redactor.text(this.#blockedBy) }),
      exitCode: 0,
      counts: countVerdicts(findings),
      requestsSent: this.#context.pacing.sent,
      idsCreated: [...this.#context.created].sort().map(this.#context.redactor.text),
      ...(baseline === undefined ? {} : { baseline: baselineResult(findings, baseline, dayOf(this.#started)) }),
      runToken: this.#context.runToken,
      findings,
    };
    return { ...run, exitCode: exitCodeOf(run) };
  }
}

function checkOf(context: Context, controls: Controls, reads: Reads, rule: Rule, procedures: Procedures): Check {
  switch (rule.kind) {
    case 'response':
      return new ResponseCheck(context, controls, rule);
    case 'sequence':
      return new SequenceCheck(context, controls, reads, rule, procedures.sequences[rule.sequence]);
    case 'open-sequence':
      return new OpenSequenceCheck(context, controls, reads, rule, procedures.openSequences[rule.sequence]);
    case 'open-response':
      return new OpenResponseCheck(context, rule);
    case 'open-input':
      return new OpenInputCheck(context, controls, rule);
    case 'input':
      if (rule.constraint.kind === 'spelling') return new SpellingCheck(context, controls, rule, rule.constraint);
      if (rule.constraint.kind === 'robustness') return new RobustnessCheck(context, controls, rule, rule.constraint);
      return new InputCheck(context, controls, rule);
  }
}

/** Five characters that no other run is likely to have: lower-case letters and digits, a letter first. */
export function runToken(): string {
  const number = createHash('sha256').update(randomBytes(16)).digest().readUIntBE(0, 6);
  return `r${(number % 36 ** 4).toString(36).padStart(4, '0')}`;
}

const { name, version } = createRequire(import.meta.url)(import.meta.url.includes('/dist/') ? '../../../package.json' : '../../package.json') as {
  name: string;
  version: string;
};
const TOOL = { name, version };
