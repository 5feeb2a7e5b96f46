/** The check of a rule over several requests: rounds of a procedure of its own. */
import type { Finding } from '../../contracts/finding.js';
import type { OpenRule, SequenceRule } from '../../contracts/model.js';
import { Obstacles, type Check, type Item, type Phase } from './check.js';
import { conclude } from './conclude.js';
import type { BudgetName } from './config.js';
import type { Context } from './context.js';
import type { Controls } from './controls.js';
import { gotOf, makeFinding } from './findings.js';
import { settleReadings } from './open-check.js';
import type { Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';
import type { Reads } from './reads.js';
import { Steps, type RoundResult } from './steps.js';

export interface Procedure {
  readonly phase?: Phase;
  /** Rounds by budget. */
  readonly rounds: Readonly<Record<'smoke' | 'standard' | 'deep', number>>;
  /** Requests that a round takes, as a rule; by budget where that matters. */
  readonly cost: number | Readonly<Record<BudgetName, number>>;
  /** Place among the first rounds of all procedures, the lowest first; and how far its own rounds stand apart. */
  readonly rank?: number;
  readonly pace?: number;
  /** Its first round finds so much that it goes before all others. */
  readonly foremost?: true;
  /** One exchange proves it: a race that is won twice need not be won twice again. */
  readonly proven?: boolean;
  /** Customers are read: the rule is skipped where the target has no reads. */
  readonly reads?: boolean;
  readonly secondMerchant?: boolean;
  run(steps: Steps): Promise<RoundResult>;
}

/** An open question over several requests: the reading of each of its cases. */
export interface OpenProcedure extends Omit<Procedure, 'run'> {
  run(steps: Steps): Promise<{ readonly name: string; readonly reading: string; readonly observation: Observation } | string>;
}

function costOf({ cost }: Pick<Procedure, 'cost'>, budget: BudgetName): number {
  return typeof cost === 'number' ? cost : cost[budget];
}

/** Why the procedure cannot be run on this target; undefined when it can. */
async function missing(context: Context, reads: Reads, procedure: Pick<Procedure, 'reads' | 'secondMerchant'>): Promise<string | undefined> {
  if (procedure.secondMerchant === true && context.config.target.secondMerchant === undefined) return 'no second merchant was given (--second-merchant)';
  if (procedure.reads === true && !(await reads.available())) return 'the target has no GET /customers/{id}: no read ever succeeded';
  return undefined;
}

export class SequenceCheck implements Check {
  readonly rule: SequenceRule;
  readonly phase: Phase;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #reads: Reads;
  readonly #procedure: Procedure;
  readonly #obstacles = new Obstacles();
  readonly #broken: { readonly round: number; readonly result: RoundResult & { readonly outcome: 'broken' }; readonly steps: Steps }[] = [];
  #held = 0;
  #skipped = '';

  constructor(context: Context, controls: Controls, reads: Reads, rule: SequenceRule, procedure: Procedure) {
    this.#context = context;
    this.#controls = controls;
    this.#reads = reads;
    this.rule = rule;
    this.#procedure = procedure;
    this.phase = procedure.phase ?? 'main';
  }

  items(): readonly Item[] {
    const { rounds, rank = 0, pace = 2 } = this.#procedure;
    return Array.from({ length: rounds[this.#context.config.budget] }, (_, round) => ({
      rank: round > 0 ? FURTHER + rank + round * pace : this.#procedure.foremost === true ? FIRST.foremost : FIRST.sequence + rank / 10,
      cost: costOf(this.#procedure, this.#context.config.budget),
      run: () => this.#play(round),
    }));
  }

  async #play(round: number): Promise<void> {
    try {
      const why = await missing(this.#context, this.#reads, this.#procedure);
      if (why !== undefined) {
        this.#skipped = why;
        return;
      }
      const steps = new Steps(this.#context, this.#controls, this.rule.id, round, false);
      const result = await this.#procedure.run(steps);
      if (result.outcome === 'holds') this.#held += 1;
      else if (result.outcome === 'skipped') this.#skipped = result.reason;
      else if (result.outcome === 'blocked') this.#obstacles.add(result.reason);
      else {
        // It takes all steps of the round to see it.
        this.#context.noteBreach(this.rule.id, Math.max(result.observation.position, ...steps.observations.map(({ position }) => position)));
        this.#broken.push({ round, result, steps });
      }
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#obstacles.add(error.message);
    }
  }

  /** The round again, with fresh references; its failing exchange when it fails again. */
  async #again(round: number, attempt: number): Promise<Observation | undefined> {
    const result = await this.#procedure.run(new Steps(this.#context, this.#controls, this.rule.id, round, true, attempt));
    return result.outcome === 'broken' ? result.observation : undefined;
  }

  async settle(): Promise<Finding> {
    const { rule } = this;
    const [first] = this.#broken.sort((a, b) => a.round - b.round);
    if (first === undefined) return this.#unbroken();
    const { result, steps, round } = first;
    const { observation } = result;
    const at = steps.observations.indexOf(observation);
    const intent = { ...observation.intent, again: (attempt: number) => this.#again(round, attempt) };
    const rounds = this.#held + this.#broken.length;
    const reason = this.#broken.length === rounds ? result.reason : `${result.reason} (${this.#broken.length} of ${rounds} rounds)`;
    return conclude(this.#context, rule, {
      candidate: { half: 'violating', observation: { ...observation, intent }, describe: observation.intent.note, expected: result.expected },
      // `again` gives an exchange only when the round failed again.
      isBroken: () => true,
      rate: { broken: this.#broken.length, of: rounds },
      reason,
      got: () => result.got ?? gotOf(observation),
      proven: this.#procedure.proven === true,
      witnessed: result.witnessed === true,
      before: steps.observations.slice(0, Math.max(0, at)),
    });
  }

  #unbroken(): Finding {
    const { rule } = this;
    if (this.#held > 0) return makeFinding(this.#context, rule, 'pass', { reason: `it held in ${this.#held} round${this.#held === 1 ? '' : 's'}` });
    if (this.#skipped !== '') return makeFinding(this.#context, rule, 'skipped', { reason: this.#skipped });
    return makeFinding(this.#context, rule, 'blocked', { reason: `no round could be judged: ${this.#obstacles.toString() || 'the budget did not reach it'}` });
  }
}

export class OpenSequenceCheck implements Check {
  readonly rule: OpenRule;
  readonly phase: Phase;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #reads: Reads;
  readonly #procedure: OpenProcedure;
  readonly #obstacles = new Obstacles();
  #skipped = '';

  constructor(context: Context, controls: Controls, reads: Reads, rule: OpenRule, procedure: OpenProcedure) {
    this.#context = context;
    this.#controls = controls;
    this.#reads = reads;
    this.rule = rule;
    this.#procedure = procedure;
    this.phase = procedure.phase ?? 'main';
  }

  items(): readonly Item[] {
    const { rounds, rank = 0, pace = 12 } = this.#procedure;
    return Array.from({ length: rounds[this.#context.config.budget] }, (_, round) => ({
      rank: round === 0 ? FIRST.open + rank / 10 : FURTHER + rank + round * pace,
      cost: costOf(this.#procedure, this.#context.config.budget),
      run: () => this.#play(round),
    }));
  }

  async #play(round: number): Promise<void> {
    try {
      const why = await missing(this.#context, this.#reads, this.#procedure);
      if (why !== undefined) {
        this.#skipped = why;
        return;
      }
      const answer = await this.#procedure.run(new Steps(this.#context, this.#controls, this.rule.id, round, false));
      if (typeof answer === 'string') this.#obstacles.add(answer);
      else this.#context.ledger.note(this.rule.id, answer.name, answer.reading, answer.observation);
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#obstacles.add(error.message);
    }
  }

  settle(): Promise<Finding> {
    const readings = this.#context.ledger.readings(this.rule.id);
    if (readings.size === 0 && this.#skipped !== '') return Promise.resolve(makeFinding(this.#context, this.rule, 'skipped', { reason: this.#skipped }));
    return Promise.resolve(settleReadings(this.#context, this.rule, readings, this.#obstacles.toString() || 'the budget did not reach it'));
  }
}
