/** The check of a rule about robustness: whatever a complete request holds, it is answered, and below 500. */
import type { Finding } from '../../contracts/finding.js';
import type { InputRule, RobustnessConstraint } from '../../contracts/model.js';
import { oddBodies, oddTogether, type OddRequest } from '../../generators/wire.js';
import type { Check, Item, Phase } from './check.js';
import { conclude } from './conclude.js';
import { HANGS_OF_A_RULE, type Context } from './context.js';
import { REFERENCE_LENGTH, type Controls } from './controls.js';
import type { Draft, Recipe } from './draft.js';
import { makeFinding } from './findings.js';
import type { Tally } from './ledger.js';
import { isBroken, type Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';

/** So many of each family go out before any rule's further requests: each is odd in another way. */
const EARLY = 5;

/** So many answers while a request waits show that the target was not slow altogether: more than go out at a time. */
const MANY = 20;

/** Number of the request with many odd parts: behind all others, so that the finding is about one of them where it can be. */
const TOGETHER = 4000;

export class RobustnessCheck implements Check {
  readonly rule: InputRule;
  readonly phase: Phase = 'main';
  readonly #constraint: RobustnessConstraint;
  readonly #context: Context;
  readonly #controls: Controls;
  /** Numbers of the requests that went out. */
  readonly #sent = new Set<number>();
  #notSent = '';

  constructor(context: Context, controls: Controls, rule: InputRule, constraint: RobustnessConstraint) {
    this.#context = context;
    this.#controls = controls;
    this.rule = rule;
    this.#constraint = constraint;
  }

  items(): readonly Item[] {
    const safe = this.#controls.draft(0, 'x'.repeat(REFERENCE_LENGTH)).fields;
    // The list does not depend on the reference, so it can be made before there is one.
    const odd = oddBodies(this.#constraint.family, safe);
    const single = odd.map((each, index) => ({
      rank: index === 0 ? FIRST.robustness : index < EARLY ? FURTHER - (EARLY - index) * 0.05 : FURTHER + index * 0.9,
      cost: 1,
      run: async () => void (await this.#send(each, index)),
    }));
    const together = oddTogether(this.#constraint.family, safe);
    return together === undefined ? single : [{ rank: FIRST.oddTogether, cost: 1, run: () => this.#sendTogether(together, odd) }, ...single];
  }

  #recipe(name: string): Recipe {
    return (fresh): Draft => {
      const safe = this.#controls.draft(0, fresh(REFERENCE_LENGTH, 'word'));
      const together = oddTogether(this.#constraint.family, safe.fields);
      const odd = together?.name === name ? together : oddBodies(this.#constraint.family, safe.fields).find((each) => each.name === name);
      if (odd === undefined) throw new Error(`no odd request is called ${name}`);
      return {
        ...safe,
        method: odd.method ?? 'POST',
        path: odd.path ?? '/customers',
        contentType: odd.contentType === undefined ? safe.contentType : odd.contentType,
        body: odd.body,
        readingOpen: true,
        ...(odd.headers === undefined ? {} : { headers: odd.headers }),
      };
    };
  }

  /** Many odd parts in one request; where it is not answered, each of them by itself. */
  async #sendTogether(together: OddRequest, single: readonly OddRequest[]): Promise<void> {
    const answer = await this.#send(together, TOGETHER);
    if (answer === undefined || !isBroken(answer)) return;
    for (const [n, each] of single.entries()) {
      if (!this.#context.takeSpare()) return;
      const alone = await this.#send(each, n);
      if (alone !== undefined && isBroken(alone)) return;
    }
  }

  async #send(odd: OddRequest, n: number): Promise<Observation | undefined> {
    if (this.#sent.has(n)) return undefined;
    this.#sent.add(n);
    if (this.#context.spent(this.rule.id).hangs >= HANGS_OF_A_RULE) return undefined;
    try {
      return await this.#context.send(this.#recipe(odd.name), {
        ruleId: this.rule.id,
        n,
        purpose: 'robustness',
        note: odd.name,
        family: this.#constraint.family,
      });
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#notSent = error.message;
      return undefined;
    }
  }

  /**
   * A request that timed out may have met a slow moment; that alone accuses nobody. It was none where several requests waited for
   * an answer while many others got theirs.
   */
  #isSlowMoment({ failure }: Observation, { broken, meanwhile }: Tally, repeats = 0): boolean {
    if (failure?.kind !== 'timeout' || (repeats > 0 && this.#constraint.family !== 'good-requests')) return false;
    return broken < 2 || meanwhile < MANY;
  }

  async settle(): Promise<Finding> {
    const { rule } = this;
    const tally = this.#context.ledger.tally(rule.id);
    if (tally === undefined)
      return makeFinding(this.#context, rule, 'blocked', { reason: `no such request could be sent: ${this.#notSent || 'the budget did not reach it'}` });
    const { first, judged, broken } = tally;
    if (first === undefined) return makeFinding(this.#context, rule, 'pass', { reason: `${judged} such requests were answered`, judged });
    const { observation } = first;
    const finding = await conclude(this.#context, rule, {
      candidate: {
        half: 'conforming',
        observation,
        describe: observation.intent.note,
        expected: first.expected,
        ...(observation.intent.shrinkable === undefined ? {} : observation.intent.shrinkable),
      },
      isBroken,
      rate: { broken, of: judged },
      reason: `a request was not answered: ${observation.intent.note}`,
      judged,
    });
    if (finding.verdict === 'flaky' && this.#isSlowMoment(observation, tally, finding.confirmed?.repeats)) {
      return { ...finding, verdict: 'blocked', reason: `${finding.reason}: a timeout that does not repeat proves nothing` };
    }
    return finding;
  }
}
