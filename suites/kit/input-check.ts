/** The check of a rule about requests: good and bad inputs, boundaries first, then drawn ones. */
import fc from 'fast-check';
import type { Finding } from '../../contracts/finding.js';
import { memberAt } from '../../contracts/json.js';
import type { FieldName, InputRule, Offence } from '../../contracts/model.js';
import { conforming, violating } from '../../generators/index.js';
import type { Fresh, InputArbitrary, Shape } from '../../generators/input.js';
import { Obstacles, type Candidate, type Check, type Half, type Item, type Phase } from './check.js';
import { conclude } from './conclude.js';
import { repeat } from './confirm.js';
import { HANGS_OF_A_RULE, type Context } from './context.js';
import { isUnset, type Controls } from './controls.js';
import { fieldOf, withField, type Recipe } from './draft.js';
import type { GoodInput, Part } from './each-choice.js';
import { gotOf, makeFinding } from './findings.js';
import type { Intent, Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { shorterValue } from './shorter-value.js';
import { boundariesOf, drawsOf, isInEachChoice, keptByControl, rankOf } from './plan.js';

/** The fields that a constraint is about, for the rules about errors. */
function fieldsOf(rule: InputRule): readonly FieldName[] {
  const { constraint } = rule;
  if ('field' in constraint) return [constraint.field];
  return 'fields' in constraint ? constraint.fields : [];
}

/** The part of a request that its inputs are put into, where it is one alone. */
function partOf(rule: InputRule): Part | undefined {
  const { kind } = rule.constraint;
  if (kind === 'merchant') return 'x-merchantid';
  return kind === 'media-type' ? 'Content-Type' : fieldsOf(rule)[0];
}

export class InputCheck implements Check {
  readonly rule: InputRule;
  readonly phase: Phase;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #obstacles: Record<Half, Obstacles> = { conforming: new Obstacles(), violating: new Obstacles() };
  readonly #decided: Record<Half, number> = { conforming: 0, violating: 0 };
  readonly #candidates: Candidate[] = [];
  readonly #planned: Record<Half, number> = { conforming: 0, violating: 0 };
  /** Inputs that went out by themselves, by half and number: each does so once. */
  readonly #sent = new Set<string>();

  constructor(context: Context, controls: Controls, rule: InputRule) {
    this.#context = context;
    this.#controls = controls;
    this.rule = rule;
    this.phase = rule.constraint.kind === 'credential' ? 'credentials' : 'main';
  }

  /** Its good inputs that go into requests with those of other fields. */
  goodInputs(): readonly GoodInput[] {
    return isInEachChoice(this.rule) ? this.#goodInputs() : [];
  }

  /** The input that leaves its field out, where that is good. */
  absentInputs(): readonly GoodInput[] {
    const { constraint } = this.rule;
    return constraint.kind === 'presence' && constraint.presence === 'optional' ? this.#goodInputs().slice(0, 1) : [];
  }

  #goodInputs(): readonly GoodInput[] {
    const part = partOf(this.rule);
    const input = this.#inputOf('conforming');
    if (part === undefined || input === undefined) return [];
    this.#planned.conforming = input.boundaries.length;
    return input.boundaries.map((shape, index) => ({
      rule: this.rule,
      part,
      input,
      shape,
      holds: (observation) => observation.outcome === 'accepted' && !breaks(this.rule, 'conforming', observation, this.#controls.echoed),
      note: () => (this.#decided.conforming += 1),
      probe: async () => {
        const before = this.#candidates.length;
        const decided = this.#decided.conforming;
        await this.#probe('conforming', input, shape, index);
        return this.#decided.conforming === decided ? undefined : this.#candidates.length === before;
      },
    }));
  }

  items(): readonly Item[] {
    return (['conforming', 'violating'] as const).flatMap((half) => {
      const input = this.#inputOf(half);
      if (input === undefined) return [];
      // The smallest budget sees good values together only.
      if (half === 'conforming' && this.#context.config.budget === 'smoke' && isInEachChoice(this.rule)) return [];
      const drawn = fc.sample(input.arbitrary, { numRuns: drawsOf(this.#context.config.budget, this.rule, half), seed: this.#seedOf(half) });
      // That the documented credential opens the API is what every safe request shows.
      const boundaries = input.boundaries
        .filter((shape) => !(shape.kind === 'choice' && shape.name === 'canonical'))
        .slice(0, boundariesOf(this.#context.config.budget, this.rule, half, input.boundaries.length));
      const shapes = [...boundaries, ...drawn];
      this.#planned[half] = shapes.length;
      return shapes.map((shape, index) => ({
        rank: rankOf(this.rule, half, index, input.boundaries.length),
        cost: 1,
        run: () => this.#probe(half, input, shape, index),
      }));
    });
  }

  #inputOf(half: Half): InputArbitrary | undefined {
    if (half === 'conforming') return conforming(this.rule.constraint);
    return this.rule.whenViolating.outcome === 'refused' ? violating(this.rule.constraint) : undefined;
  }

  /** Draws depend on the seed and the rule alone. */
  #seedOf(half: Half): number {
    return [...`${this.rule.id}/${half}`].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, this.#context.config.seed);
  }

  async #probe(half: Half, input: InputArbitrary, shape: Shape, index: number): Promise<void> {
    if (this.#context.spent(this.rule.id).hangs >= HANGS_OF_A_RULE) return this.#obstacles[half].add('not sent after several requests hung');
    const key = `${half}/${index}`;
    if (this.#sent.has(key)) return;
    this.#sent.add(key);
    const answer = this.#send(half, input, shape, index);
    const [field, ...others] = fieldsOf(this.rule);
    if (half === 'violating' && index === 0 && field !== undefined && field !== 'object_reference_id' && others.length === 0)
      this.#context.noteBadCreate(field, this.rule.constraint.kind === 'presence', answer);
    await answer;
  }

  /** Never rejects; undefined where it could not be sent. */
  async #send(half: Half, input: InputArbitrary, shape: Shape, index: number): Promise<Observation | undefined> {
    try {
      const base = await this.#controls.indexFor(index);
      const recipe = (each: Shape): ReturnType<Controls['withInput']> => this.#alone(this.#controls.withInput(base, input, each));
      const { rule } = this;
      const atFault = fieldsOf(rule);
      const { whenViolating } = rule;
      // An empty field is there, so its refusal is that of a wrong value ([sea]).
      const offenceOf = (named: Offence): Offence => (named === 'missing' && shape.kind === 'choice' && shape.name === 'empty' ? 'invalid' : named);
      const offence = half === 'violating' && whenViolating.outcome === 'refused' ? { offence: offenceOf(whenViolating.offence), atFault } : {};
      const intent: Intent = {
        ruleId: rule.id,
        n: index * 2 + (half === 'violating' ? 1 : 0),
        purpose: half,
        note: input.describe(shape),
        create: true,
        good: half === 'conforming',
        family: rule.constraint.kind === 'credential' ? 'headers' : 'values',
        ...offence,
        shrinkable: { input, shape, recipe },
      };
      const observation = await this.#context.send(recipe(shape), intent);
      this.#judge(half, observation, { input, shape, recipe, control: this.#controls.recipe(base) });
      return observation;
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#obstacles[half].add(error.message);
      return undefined;
    }
  }

  /** A credential is judged on a connection of its own: what a connection carried before is for another rule. */
  #alone(recipe: Recipe): Recipe {
    return this.phase === 'credentials' ? (fresh) => ({ ...recipe(fresh), agent: this.#context.singleUse }) : recipe;
  }

  #judge(half: Half, observation: Observation, details: Pick<Required<Candidate>, 'input' | 'shape' | 'recipe' | 'control'>): void {
    const { outcome, intent } = observation;
    if (outcome === 'broken') return this.#obstacles[half].add(`no usable answer (${gotOf(observation).slice(0, 80)})`);
    this.#decided[half] += 1;
    if (!breaks(this.rule, half, observation, this.#controls.echoed)) return;
    const field = fieldsOf(this.rule);
    const candidate: Candidate = {
      half,
      observation,
      describe: intent.note,
      expected: expectation(this.rule, half),
      ...details,
      ...(field.length === 1 && field[0] !== undefined ? { field: field[0] } : {}),
    };
    // A good request with the right key that is answered 401 is refused for its credential, whatever else it holds.
    if (half === 'conforming' && observation.response?.status === 401 && this.phase !== 'credentials') {
      this.#controls.report('credentials/form', candidate);
      return;
    }
    this.#context.noteBreach(this.rule.id, observation.position);
    this.#candidates.push(candidate);
  }

  /**
   * The candidates that are this rule's own: a good value that is refused for its length alone, with ordinary characters
   * too, is put down to the rule about the length.
   */
  async #own(): Promise<readonly Candidate[]> {
    const { rule } = this;
    const field = fieldsOf(rule)[0];
    const length = field === undefined ? undefined : this.#context.rule(`${field}/length`);
    if (field === undefined || length?.kind !== 'input' || length.constraint.kind !== 'length' || length === rule) return this.#candidates;
    const { alphabet } = length.constraint;
    const own: Candidate[] = [];
    const refused = new Map<number, boolean>();
    for (const candidate of this.#candidates) {
      const value = fieldOf(candidate.observation.draft, field);
      if (candidate.half === 'violating' || value === undefined) {
        own.push(candidate);
        continue;
      }
      const characters = [...value].length;
      if (!refused.has(characters)) {
        if (!this.#context.takeSpare()) return this.#candidates;
        const ordinary = (fresh: Fresh): string =>
          field === 'object_reference_id' ? fresh(characters, alphabet) : (alphabet === 'digits' ? '9' : 'a').repeat(characters);
        const twin = await repeat(this.#context, candidate.observation, 'confirmation', (fresh) =>
          withField(candidate.observation.recipe(fresh), field, ordinary(fresh)),
        );
        refused.set(characters, twin.outcome === 'refused');
      }
      if (refused.get(characters) === true) this.#controls.report(length.id, { ...candidate, describe: `${characters} characters` });
      else own.push(candidate);
    }
    return own;
  }

  async settle(): Promise<Finding> {
    const { rule } = this;
    const own = await this.#own().catch((error: unknown) => {
      if (!(error instanceof SendingEnded)) throw error;
      return this.#candidates;
    });
    const candidates = [...own, ...this.#controls.evidence(rule.id)].sort((a, b) => a.observation.intent.n - b.observation.intent.n);
    const [candidate] = candidates;
    if (candidate !== undefined) {
      const { half } = candidate;
      const broken = candidates.filter((each) => each.half === half);
      const judged = Math.max(this.#decided[half], broken.length);
      const more = broken.length === 1 ? '' : `; ${broken.length} of ${judged} inputs of this half`;
      // What came up elsewhere was not made by this rule's generators, so it shrinks by itself.
      const shrinkable = candidate.input === undefined && candidate.field !== undefined ? shorterValue(candidate.observation, candidate.field) : undefined;
      return conclude(this.#context, rule, {
        candidate: { ...candidate, ...shrinkable },
        isBroken: (observation) => breaks(rule, half, observation, this.#controls.echoed),
        rate: { broken: broken.length, of: judged },
        reason: `${half === 'violating' ? 'a bad request was not refused' : candidate.observation.outcome === 'accepted' ? 'a good request was answered otherwise' : 'a good request was not accepted'} (${candidate.describe}${more})`,
      });
    }
    return this.#unbroken();
  }

  #unbroken(): Finding {
    const { rule } = this;
    const good = this.#decided.conforming === 0 ? 'the safe requests' : `${this.#decided.conforming} good`;
    const counts = `${good} and ${this.#decided.violating} bad inputs`;
    for (const half of ['conforming', 'violating'] as const) {
      if (this.#planned[half] === 0 || this.#decided[half] > 0) continue;
      if (half === 'conforming' && keptByControl(rule)) continue;
      return makeFinding(this.#context, rule, 'blocked', {
        reason: `no ${half === 'conforming' ? 'good' : 'bad'} input could be judged: ${this.#obstacles[half].toString() || 'the budget did not reach it'}`,
      });
    }
    const { whenViolating } = rule;
    const other = whenViolating.outcome === 'left-open' ? `; what is not good is left open (${whenViolating.rule})` : '';
    return makeFinding(this.#context, rule, 'pass', { reason: `${counts} were answered as documented${other}` });
  }
}

/** Whether the option was answered as its rules say: `true` gives the token, `false` and absence do not. */
function tokenIsWrong({ json, draft }: Observation): boolean {
  const asked = fieldOf(draft, TOKEN_OPTION) === 'true';
  return json.error === undefined && (typeof memberAt(json.value, 'juspay.client_auth_token') === 'string') !== asked;
}

/** A body that was accepted and read in part: a field that was sent, and comes back of other bodies, does not come back of this one. */
function isReadInPart({ json, draft }: Observation, echoed: ReadonlySet<FieldName>): boolean {
  return [...echoed].some((field) => fieldOf(draft, field) !== undefined && isUnset(memberAt(json.value, field)));
}

const TOKEN_OPTION = 'options.get_client_auth_token';

/**
 * Whether the answer to an input of one half breaks the rule; an answer that cannot be used does not.
 * @param echoed fields that come back of safe requests
 */
export function breaks(rule: InputRule, half: Half, observation: Observation, echoed: ReadonlySet<FieldName>): boolean {
  const { outcome } = observation;
  if (outcome === 'broken' || outcome === 'throttled') return false;
  if (half === 'violating') return outcome !== 'refused';
  if (outcome !== 'accepted') return true;
  if (fieldsOf(rule)[0] === TOKEN_OPTION) return tokenIsWrong(observation);
  return (rule.constraint.kind === 'transfer' || rule.constraint.kind === 'media-type') && isReadInPart(observation, echoed);
}

export function expectation(rule: InputRule, half: Half): string {
  if (half === 'conforming') return '200 with the customer';
  const { whenViolating } = rule;
  if (whenViolating.outcome !== 'refused') return 'a refusal';
  return whenViolating.offence === 'credential' ? '401, and no customer' : '400 with an error body';
}
