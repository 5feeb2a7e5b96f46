/** The check of a rule about the form's encoding: the same fields in another spelling are read as the same. */
import type { Finding } from '../../contracts/finding.js';
import { memberAt } from '../../contracts/json.js';
import type { InputRule, SpellingConstraint } from '../../contracts/model.js';
import { encodeForm, spell, spellingProbes, type SpellingProbe } from '../../generators/wire.js';
import { Obstacles, type Candidate, type Check, type Item } from './check.js';
import { conclude } from './conclude.js';
import type { Context } from './context.js';
import { REFERENCE_LENGTH, type Controls } from './controls.js';
import { withField, type Recipe } from './draft.js';
import { gotOf, makeFinding } from './findings.js';
import type { Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST, FURTHER } from './plan.js';
import type { Fresh } from '../../generators/input.js';

export class SpellingCheck implements Check {
  readonly rule: InputRule;
  readonly phase = 'main';
  readonly #constraint: SpellingConstraint;
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #obstacles = new Obstacles();
  readonly #candidates: Candidate[] = [];
  readonly #decided = { conforming: 0, violating: 0 };

  constructor(context: Context, controls: Controls, rule: InputRule, constraint: SpellingConstraint) {
    this.#context = context;
    this.#controls = controls;
    this.rule = rule;
    this.#constraint = constraint;
  }

  items(): readonly Item[] {
    const probes = spellingProbes(this.#constraint.spelling);
    const isFirst = (probe: SpellingProbe): boolean => probes.find(({ half }) => half === probe.half) === probe;
    return probes.map((probe, index) => ({ rank: isFirst(probe) ? FIRST.spelling : FURTHER + index * 1.2, cost: 1, run: () => this.#probe(probe, index) }));
  }

  #recipe(base: number, probe: SpellingProbe, n: number, spelled: boolean): Recipe {
    return (fresh) => {
      const isReference = probe.field === 'object_reference_id';
      const value = isReference ? uniqueLike(probe.value, fresh) : probe.value;
      const draft = withField(this.#controls.draft(base, isReference ? 'unused' : fresh(REFERENCE_LENGTH, 'word')), probe.field, value);
      // What is wrong with the reading of a spelling belongs to this rule alone, so no other judges the echo of it.
      return spelled ? { ...draft, spelled: (fields) => spell(this.#constraint.spelling, fields, n), readingOpen: true } : draft;
    };
  }

  async #probe(probe: SpellingProbe, n: number): Promise<void> {
    try {
      const base = await this.#controls.indexFor(n);
      const recipe = this.#recipe(base, probe, n, true);
      // Nothing is said of the refusal: a target that misreads the spelling may well name another field.
      const observation = await this.#context.send(recipe, {
        ruleId: this.rule.id,
        n,
        purpose: probe.half,
        note: probe.describe,
        create: true,
        good: probe.half === 'conforming',
      });
      if (observation.outcome === 'broken') return this.#obstacles.add(`no usable answer (${gotOf(observation).slice(0, 80)})`);
      this.#decided[probe.half] += 1;
      if (!(await this.#isMisread(observation, probe, base, n))) return;
      this.#context.noteBreach(this.rule.id, observation.position);
      this.#candidates.push({
        half: probe.half,
        observation,
        describe: probe.describe,
        expected:
          probe.half === 'conforming'
            ? `200 with ${probe.field} = ${JSON.stringify(probe.value)}`
            : `a refusal, as ${probe.field} = ${JSON.stringify(probe.value)} gets in any spelling`,
        control: this.#controls.recipe(base),
        field: probe.field,
      });
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#obstacles.add(error.message);
    }
  }

  /** A wrong answer is a matter of the spelling only where the plain body gets the right one. */
  async #isMisread(observation: Observation, probe: SpellingProbe, base: number, n: number): Promise<boolean> {
    if (!isWrong(observation, probe)) return false;
    const spelled = spell(this.#constraint.spelling, observation.draft.fields);
    const isPlain = spelled.equals(encodeForm(observation.draft.fields));
    // There is no plainer spelling of it: what came back tells a misreading from a target that is lax about the value,
    // and an ordinary value, one that is wrong about the field anyway.
    if (isPlain && probe.half === 'violating' && !echoDiffers(observation, probe)) return false;
    const twin = isPlain ? this.#controls.recipe(base) : this.#recipe(base, probe, n, false);
    const plain = await this.#context.send(twin, {
      ruleId: this.rule.id,
      n: this.#context.repetition(this.rule.id),
      purpose: 'confirmation',
      note: isPlain ? 'the same with an ordinary value' : `the same, plainly written: ${probe.describe}`,
      create: true,
    });
    if (isPlain && probe.half === 'conforming' && observation.outcome === 'refused' && (await this.#isReadInReference(probe, base))) return false;
    if (isPlain) return plain.outcome === 'accepted' && !echoDiffers(plain, { ...probe, half: 'conforming' });
    // What the plain body gets is not known where it got no answer.
    return plain.outcome !== 'broken' && !isWrong(plain, probe);
  }

  /**
   * Whether the same characters come back unchanged in the reference, where a target often takes any: then they are
   * read as they should be, and it is their own field that refuses them.
   */
  async #isReadInReference(probe: SpellingProbe, base: number): Promise<boolean> {
    const observation = await this.#context.send((fresh) => this.#controls.draft(base, `${fresh(REFERENCE_LENGTH, 'word')}${probe.value}`), {
      ruleId: this.rule.id,
      n: this.#context.repetition(this.rule.id),
      purpose: 'confirmation',
      note: 'the same characters in object_reference_id',
      create: true,
    });
    return observation.outcome === 'accepted' && memberAt(observation.json.value, 'object_reference_id') === observation.reference;
  }

  async settle(): Promise<Finding> {
    const { rule } = this;
    const [candidate] = this.#candidates.sort((a, b) => a.observation.intent.n - b.observation.intent.n);
    if (candidate !== undefined) {
      const probe = spellingProbes(this.#constraint.spelling)[candidate.observation.intent.n];
      return conclude(this.#context, rule, {
        candidate,
        isBroken: (observation) => probe !== undefined && isWrong(observation, probe),
        rate: { broken: this.#candidates.length, of: this.#decided[candidate.half] },
        reason: `the spelling was read otherwise: ${candidate.describe}`,
      });
    }
    const { conforming, violating } = this.#decided;
    if (conforming === 0 || violating === 0) {
      return makeFinding(this.#context, rule, 'blocked', {
        reason: `no ${conforming === 0 ? 'good' : 'bad'} input could be judged: ${this.#obstacles.toString() || 'the budget did not reach it'}`,
      });
    }
    return makeFinding(this.#context, rule, 'pass', { reason: `${conforming} good and ${violating} bad inputs were read as in the plain spelling` });
  }
}

/** Whether a field that was sent came back otherwise, the token included where the option was sent. */
function echoDiffers({ json, draft }: Observation, probe: SpellingProbe): boolean {
  if (json.value === undefined) return false;
  return draft.fields.some(([name, value]) => {
    if (name === 'options.get_client_auth_token') return (typeof memberAt(json.value, 'juspay.client_auth_token') === 'string') !== (value === 'true');
    // A bad value is looked at where it was accepted; the others of the request are good.
    return probe.half === 'violating' && name !== probe.field ? false : memberAt(json.value, name) !== value;
  });
}

/** Whether the answer is not that which the plainly written body gets. */
export function isWrong(observation: Observation, probe: SpellingProbe): boolean {
  if (observation.outcome === 'broken' || observation.outcome === 'throttled') return false;
  if (probe.half === 'violating') return observation.outcome !== 'refused';
  return observation.outcome !== 'accepted' || echoDiffers(observation, probe);
}

/**
 * A reference of the same number of characters, each of the same number of bytes, that no other attempt has. Each byte
 * is a printable character of Latin-1, so that a target that reads it as such has no other reason to refuse it.
 */
function uniqueLike(value: string, fresh: Fresh): string {
  const unique = [...fresh(12, 'word')].filter((_, index) => index % 3 !== 1);
  return [...value]
    .map((character, index) => {
      if ((character.codePointAt(0) ?? 0) < 0x80) return character;
      const digit = Number.parseInt(unique[index % unique.length] ?? '0', 36) % 32;
      // U+00E0 to U+00FF are C3 A0 to C3 BF; U+1820 to U+183F are E1 A0 A0 to E1 A0 BF.
      return String.fromCodePoint((Buffer.byteLength(character) === 2 ? 0xe0 : 0x1820) + digit);
    })
    .join('');
}
