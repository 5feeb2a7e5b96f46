/** The check of a rule about responses: it was judged on every exchange of the run that it applies to. */
import type { Finding } from '../../contracts/finding.js';
import type { FieldName, ResponseRule } from '../../contracts/model.js';
import type { Check, Item, Phase } from './check.js';
import { conclude } from './conclude.js';
import type { Context } from './context.js';
import type { Controls } from './controls.js';
import { makeFinding } from './findings.js';
import type { Breach } from './ledger.js';
import { SendingEnded } from './pacing.js';
import type { Observation } from './observation.js';
import { shorterValue } from './shorter-value.js';

export class ResponseCheck implements Check {
  readonly #controls: Controls;
  readonly rule: ResponseRule;
  readonly phase: Phase = 'main';
  readonly #context: Context;

  constructor(context: Context, controls: Controls, rule: ResponseRule) {
    this.#context = context;
    this.#controls = controls;
    this.rule = rule;
  }

  /** Many a target locks an account after a few wrong keys, and then answers as it likes. */
  async #isLockedOut(): Promise<boolean> {
    if (!this.#context.takeSpare()) return false;
    const good = await this.#context
      .send(this.#controls.recipe(0), {
        ruleId: this.rule.id,
        n: this.#context.repetition(this.rule.id),
        purpose: 'confirmation',
        note: 'a safe request behind the wrong credentials',
        good: true,
        create: true,
      })
      .catch((error: unknown) => {
        if (!(error instanceof SendingEnded)) throw error;
        return undefined;
      });
    return good?.outcome === 'refused';
  }

  /** Nothing is sent only to look at a response. */
  items(): readonly Item[] {
    return [];
  }

  async settle(): Promise<Finding> {
    const { rule } = this;
    const context = this.#context;
    const tally = context.ledger.tally(rule.id);
    if (tally === undefined) {
      const { ended } = context.pacing;
      return ended === undefined
        ? makeFinding(context, rule, 'skipped', { reason: 'no response that it applies to came up', judged: 0 })
        : makeFinding(context, rule, 'blocked', { reason: `no response that it applies to came up before ${ended}`, judged: 0 });
    }
    const { judged, broken, first } = tally;
    if (first === undefined) return makeFinding(context, rule, 'pass', { reason: `it held on ${judged} response${judged === 1 ? '' : 's'}`, judged });
    const { observation } = first;
    // A target that accepts the bad value by itself breaks the field's own rule, and no other.
    if (rule.check.kind === 'repeated-echo' && repeatedFields(observation).every((field) => context.acceptedBad.has(field as FieldName))) {
      return makeFinding(context, rule, 'pass', { reason: 'it came back as the target takes it anyway', judged });
    }
    if (rule.on === 'credential' && (await this.#isLockedOut())) {
      return makeFinding(context, rule, 'blocked', { reason: 'good requests are refused behind wrong credentials: the account may be locked', judged });
    }
    const isBroken = (each: Observation): boolean => typeof context.ledger.judge(rule, each) === 'object';
    const breachIn = (each: Observation): Breach => {
      const breach = context.ledger.judge(rule, each);
      return typeof breach === 'object' ? breach : first;
    };
    const field = rule.check.kind === 'echo' ? rule.check.field : observation.intent.atFault?.[0];
    const smaller = observation.intent.shrinkable ?? (field === undefined ? undefined : shorterValue(observation, field));
    return conclude(context, rule, {
      candidate: {
        half: 'conforming',
        observation,
        describe: observation.intent.note,
        expected: first.expected,
        ...(field === undefined ? {} : { field }),
        ...(smaller === undefined ? {} : smaller),
      },
      isBroken,
      expected: (each) => breachIn(each).expected,
      got: (each) => breachIn(each).got,
      rate: { broken, of: judged },
      reason: `it did not hold on ${broken} of ${judged} responses`,
      judged,
      // An id or token that was given twice was given twice; sending again cannot undo it. A leaked key or value neither.
      proven: ['distinct', 'no-credential', 'no-other-customer'].includes(rule.check.kind),
      // The request asked for the token, and has to go on asking.
      keep: rule.on === 'created-with-token' || rule.check.kind === 'token-iff-asked' ? ['options.get_client_auth_token'] : [],
    });
  }
}

function repeatedFields({ draft }: Observation): readonly string[] {
  const names = draft.fields.map(([name]) => name);
  return names.filter((name, index) => names.indexOf(name) !== index);
}
