/** The check of an open rule: which reading the target takes, case by case, and whether it keeps to it. */
import type { Finding } from '../../contracts/finding.js';
import type { OpenResponse, OpenRule } from '../../contracts/model.js';
import { openCases } from '../../generators/index.js';
import { oddForm } from '../../generators/wire.js';
import { memberAt } from '../../contracts/json.js';
import { Obstacles, type Check, type Item, type Phase } from './check.js';
import { HANGS_OF_A_RULE, type Context } from './context.js';
import type { Controls } from './controls.js';
import { REFERENCE_LENGTH } from './controls.js';
import type { Recipe } from './draft.js';
import { gotOf, makeCounterexample, makeFinding } from './findings.js';
import type { Readings } from './ledger.js';
import type { Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';

interface OpenCaseRecipe {
  readonly name: string;
  readonly recipe: (base: number) => Recipe;
}

/** Each case is asked this often: once to learn the reading, once more to see whether it stays. */
const ASKED = 2;
/** The first case of a rule is asked more often: machines behind one address may differ. */
const FIRST_CASE_ASKED = 4;
/** The second time comes when everything that is certain has been sent. */
const SECOND_TIME_RANK = 9;
/** Which value of a repeated field counts is open, so only one of the two orders may be accepted, and shown in a response. */
const OTHER_ORDER = 'first_name: bad then good';

export class OpenInputCheck implements Check {
  readonly rule: OpenRule & { readonly kind: 'open-input' };
  readonly phase: Phase;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #obstacles = new Obstacles();

  constructor(context: Context, controls: Controls, rule: OpenRule & { readonly kind: 'open-input' }) {
    this.#context = context;
    this.#controls = controls;
    this.rule = rule;
    this.phase = rule.constraint.kind === 'credential' ? 'credentials' : 'main';
  }

  items(): readonly Item[] {
    const cases = this.#cases();
    // Wrong credentials are to be few.
    return Array.from({ length: this.phase === 'credentials' ? 1 : FIRST_CASE_ASKED }, (_, time) =>
      cases.slice(0, time < ASKED ? cases.length : 1).map((each, index): Item => ({
        rank: time === 0 && (index === 0 || each.name === OTHER_ORDER) ? FIRST.open : FURTHER + 1 + index * 1.5 + time * SECOND_TIME_RANK,
        cost: 1,
        run: () => this.#ask(each, index * FIRST_CASE_ASKED + time),
      })),
    ).flat();
  }

  #cases(): readonly OpenCaseRecipe[] {
    const { constraint } = this.rule;
    if (constraint.kind === 'odd-form') {
      return oddForm(constraint.form).map((each) => ({
        name: each.case,
        recipe: (base) => (fresh) => {
          const draft = this.#controls.draft(base, fresh(REFERENCE_LENGTH, 'word'));
          const body = each.build(draft.fields);
          const again = each.field === undefined ? [] : draft.fields.filter(([name]) => name === each.field);
          // A field that stands there twice is known as such; what else is odd is read by the target as it likes.
          return {
            ...draft,
            body,
            fields: constraint.form === 'repeated' ? [...draft.fields, ...again] : draft.fields,
            ...(constraint.form === 'repeated' ? {} : { readingOpen: true }),
          };
        },
      }));
    }
    return openCases(constraint).map((each) => ({
      name: each.case,
      recipe: (base) => {
        const [shape] = each.input.boundaries;
        if (shape === undefined) throw new Error(`the open case ${each.case} of ${this.rule.id} has no input`);
        return this.#controls.withInput(base, each.input, shape);
      },
    }));
  }

  async #ask(each: OpenCaseRecipe, n: number): Promise<void> {
    if (this.#context.spent(this.rule.id).hangs >= HANGS_OF_A_RULE) return this.#obstacles.add('not sent after several requests hung');
    try {
      // The same request both times, but for its reference: only then two answers contradict each other.
      const base = await this.#controls.indexFor(0);
      const recipe: Recipe = this.phase === 'credentials' ? (fresh) => ({ ...each.recipe(base)(fresh), agent: this.#context.singleUse }) : each.recipe(base);
      const observation = await this.#context.send(recipe, {
        ruleId: this.rule.id,
        n,
        purpose: 'open',
        note: each.name,
        create: true,
        family: this.rule.constraint.kind === 'open-values' ? 'values' : this.rule.constraint.kind === 'odd-form' ? 'bodies' : 'headers',
        question: { ruleId: this.rule.id, case: each.name },
      });
      const reading = this.#readingOf(observation);
      if (reading === undefined) return this.#obstacles.add(`no usable answer (${gotOf(observation).slice(0, 80)})`);
      this.#context.ledger.note(this.rule.id, each.name, reading, observation);
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#obstacles.add(error.message);
    }
  }

  #readingOf(observation: Observation): string | undefined {
    const { outcome, json, draft } = observation;
    if (outcome === 'refused') return 'refused';
    if (outcome !== 'accepted') return undefined;
    const { constraint } = this.rule;
    if (constraint.kind === 'open-values' && constraint.field === 'options.get_client_auth_token') {
      return typeof memberAt(json.value, 'juspay.client_auth_token') === 'string' ? 'accepted, token' : 'accepted, no token';
    }
    if (constraint.kind === 'odd-form' && constraint.form === 'repeated') return repeatedReading(observation);
    return draft.method === 'POST' ? 'accepted' : undefined;
  }

  settle(): Promise<Finding> {
    return Promise.resolve(
      settleReadings(this.#context, this.rule, this.#context.ledger.readings(this.rule.id), this.#obstacles.toString() || 'the budget did not reach it'),
    );
  }
}

/** Which of the values of a repeated field came back. */
function repeatedReading({ draft, json }: Observation): string {
  const text = draft.body?.toString('latin1') ?? '';
  const name = draft.fields.find(([each], index) => draft.fields.findIndex(([other]) => other === each) !== index)?.[0];
  const values = name === undefined ? [] : new URLSearchParams(text).getAll(name);
  const got = name === undefined ? undefined : memberAt(json.value, name);
  const [first, last] = [values[0], values.at(-1)];
  if (typeof got !== 'string' || first === last) return 'accepted';
  if (got === first) return 'first';
  if (got === last) return 'last';
  return 'both';
}

/** A case is one of certain values; reports show the cases by what they have in common: the rule of a refusal, the fields of a create. */
function inCommon(name: string): string {
  return name.slice(0, name.indexOf(': '));
}

/** The finding of an open rule from the readings of its cases: one reading a case is observed, two are a failure. */
export function settleReadings(
  context: Context,
  rule: OpenRule,
  readings: Readings,
  obstacles: string,
  shownAs: (name: string) => string = (name) => name,
): Finding {
  // Not an object: a case can have the name of anything, `constructor` too.
  const shownReadings = new Map<string, Set<string>>();
  const pinned = context.config.readings?.[rule.id] ?? {};
  let judged = 0;
  for (const [name, ofCase] of readings) {
    judged += ofCase.size;
    const shown = shownAs(name);
    shownReadings.set(shown, new Set([...(shownReadings.get(shown) ?? []), ...ofCase.keys()]));
  }
  const reading = Object.fromEntries([...shownReadings].map(([name, each]) => [name, [...each].sort().join(' / ')]));
  for (const [name, ofCase] of [...readings].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (ofCase.size < 2) continue;
    const [[first, one], [second, other]] = [...ofCase].sort(([, a], [, b]) => a.intent.n - b.intent.n) as [[string, Observation], [string, Observation]];
    return makeFinding(context, rule, 'fail', {
      reason: `the same case was answered in two ways: ${name}`,
      expected: `${name}: ${first}, as before`,
      got: `${name}: ${second}. ${gotOf(other)}`,
      reading,
      judged,
      counterexample: makeCounterexample(context, other, {
        part: name,
        value: second,
        controlValue: first,
        control: one,
        path: `open/${other.intent.n}`,
        shrunk: false,
      }),
    });
  }
  if (readings.size === 0) {
    return obstacles === ''
      ? makeFinding(context, rule, 'skipped', { reason: 'nothing that it is about came up' })
      : makeFinding(context, rule, 'blocked', { reason: `no case could be asked: ${obstacles}` });
  }
  const contradicted = Object.entries(pinned).find(([name, wanted]) => Object.hasOwn(reading, name) && reading[name] !== wanted);
  const cases = `${readings.size} case${readings.size === 1 ? '' : 's'}, one reading each`;
  if (contradicted !== undefined) {
    const [name, wanted] = contradicted;
    return makeFinding(context, rule, 'observed', {
      reason: `${cases}; the configuration pins another reading of ${name}`,
      expected: `${name}: ${wanted}`,
      got: `${name}: ${reading[name] ?? ''}`,
      reading,
      judged,
    });
  }
  return makeFinding(context, rule, 'observed', { reason: cases, reading, judged });
}

/** Questions of which each set of values is a case of its own. */
const BY_VALUES: ReadonlySet<OpenResponse> = new Set<OpenResponse>([
  'undocumented-members',
  'error-form',
  'error-texts',
  'missing-body',
  'invalid-body',
  'duplicate-body',
  'credential-body',
  'unknown-customer-body',
]);

/** An open rule that no request is sent for: what the other exchanges showed of it. */
export class OpenResponseCheck implements Check {
  readonly rule: OpenRule & { readonly kind: 'open-response' };
  readonly phase = 'main';
  readonly #context: Context;

  constructor(context: Context, rule: OpenRule & { readonly kind: 'open-response' }) {
    this.#context = context;
    this.rule = rule;
  }

  items(): readonly Item[] {
    return [];
  }

  settle(): Promise<Finding> {
    const { rule } = this;
    const context = this.#context;
    if (rule.observes === 'throttling') {
      const reading = { '429': context.throttled ? 'seen' : 'not seen' };
      return Promise.resolve(
        makeFinding(context, rule, 'observed', { reason: context.throttled ? 'the target asked the run to wait' : 'no request was answered 429', reading }),
      );
    }
    if (rule.observes === 'address-refused') {
      const blocked = context.pacing.ended?.includes('BAD_ORIGIN') === true;
      return Promise.resolve(
        makeFinding(context, rule, 'observed', {
          reason: blocked ? '403 BAD_ORIGIN' : 'no request was answered 403 BAD_ORIGIN',
          reading: { address: blocked ? 'refused' : 'let in' },
        }),
      );
    }
    return Promise.resolve(settleReadings(context, rule, context.ledger.readings(rule.id), '', BY_VALUES.has(rule.observes) ? inCommon : undefined));
  }
}
