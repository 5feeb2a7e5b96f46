/** The check of a rule about robustness: whatever a complete request holds, it is answered, and below 500. */
import type { Finding } from '../../contracts/finding.js';
import type { InputRule, RobustnessConstraint } from '../../contracts/model.js';
import { oddBodies, type OddRequest } from '../../generators/wire.js';
import type { Check, Item, Phase } from './check.js';
import { conclude } from './conclude.js';
import { HANGS_OF_A_RULE, type Context } from './context.js';
import { REFERENCE_LENGTH, type Controls } from './controls.js';
import type { Draft, Recipe } from './draft.js';
import { makeFinding } from './findings.js';
import { isBroken } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';

export class RobustnessCheck implements Check {
  readonly rule: InputRule;
  readonly phase: Phase = 'main';
  readonly #constraint: RobustnessConstraint;
  readonly #context: Context;
  readonly #controls: Controls;
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
    return oddBodies(this.#constraint.family, safe).map((odd, index) => ({
      rank: index === 0 ? FIRST.robustness : FURTHER + index * 0.9,
      cost: 1,
      run: () => this.#send(odd, index),
    }));
  }

  #recipe(name: string): Recipe {
    return (fresh): Draft => {
      const safe = this.#controls.draft(0, fresh(REFERENCE_LENGTH, 'word'));
      const odd = oddBodies(this.#constraint.family, safe.fields).find((each) => each.name === name);
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

  async #send(odd: OddRequest, n: number): Promise<void> {
    if (this.#context.spent(this.rule.id).hangs >= HANGS_OF_A_RULE) return;
    try {
      await this.#context.send(this.#recipe(odd.name), { ruleId: this.rule.id, n, purpose: 'robustness', note: odd.name, family: this.#constraint.family });
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#notSent = error.message;
    }
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
    // A good request that timed out once may have met a slow moment; that alone accuses nobody.
    if (finding.verdict === 'flaky' && observation.failure?.kind === 'timeout' && this.#constraint.family === 'good-requests') {
      return makeFinding(this.#context, rule, 'blocked', { ...finding, reason: `${finding.reason}: a timeout that does not repeat proves nothing` });
    }
    return finding;
  }
}
