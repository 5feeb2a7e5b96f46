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
  #decided = { conforming: 0, violating: 0 };

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

  #recipe(base: number, probe: SpellingProbe, spelled: boolean): Recipe {
    return (fresh) => {
      const isReference = probe.field === 'object_reference_id';
      const value = isReference ? uniqueLike(probe.value, fresh) : probe.value;
      const draft = withField(this.#controls.draft(base, isReference ? 'unused' : fresh(REFERENCE_LENGTH, 'word')), probe.field, value);
      // What is wrong with the reading of a spelling belongs to this rule alone, so no other judges the echo of it.
      return spelled ? { ...draft, body: spell(this.#constraint.spelling, draft.fields), readingOpen: true } : draft;
    };
  }

  async #probe(probe: SpellingProbe, n: number): Promise<void> {
    try {
      const base = await this.#controls.indexFor(n);
      if (base === undefined) return this.#obstacles.add('no safe request is accepted to compare with');
      const recipe = this.#recipe(base, probe, true);
      const offence = probe.half === 'violating' ? { offence: 'invalid' as const, atFault: [probe.field] } : {};
      const observation = await this.#context.send(recipe, {
        ruleId: this.rule.id,
        n,
        purpose: probe.half,
        note: probe.describe,
        create: true,
        good: probe.half === 'conforming',
        ...offence,
      });
      if (observation.outcome === 'broken') return this.#obstacles.add(`no usable answer (${gotOf(observation).slice(0, 80)})`);
      this.#decided[probe.half] += 1;
      if (!(await this.#isMisread(observation, probe, base))) return;
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
  async #isMisread(observation: Observation, probe: SpellingProbe, base: number): Promise<boolean> {
    if (!isWrong(observation, probe)) return false;
    const spelled = spell(this.#constraint.spelling, observation.draft.fields);
    if (spelled.equals(encodeForm(observation.draft.fields))) {
      // There is no plainer spelling. What came back tells a misreading from a target that is lax about the value.
      if (probe.half === 'violating') return echoDiffers(observation, probe);
      return true;
    }
    const plain = await this.#context.send(this.#recipe(base, probe, false), {
      ruleId: this.rule.id,
      n: this.#context.repetition(this.rule.id),
      purpose: 'confirmation',
      note: `the same, plainly written: ${probe.describe}`,
      create: true,
    });
    return !isWrong(plain, probe);
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

/** The member of the response, or the token where the option is the field. */
function echoDiffers({ json, draft }: Observation, probe: SpellingProbe): boolean {
  if (probe.field === 'options.get_client_auth_token')
    return (typeof memberAt(json.value, 'juspay.client_auth_token') === 'string') !== (probe.value === 'true');
  const sent = draft.fields.find(([name]) => name === probe.field)?.[1];
  const got = memberAt(json.value, probe.field);
  return json.value !== undefined && got !== sent;
}

function isWrong(observation: Observation, probe: SpellingProbe): boolean {
  if (observation.outcome === 'broken' || observation.outcome === 'throttled') return false;
  if (probe.half === 'violating') return observation.outcome !== 'refused';
  return observation.outcome !== 'accepted' || echoDiffers(observation, probe);
}

/** A reference of the same number of characters, each of the same number of bytes, that no other attempt has. */
function uniqueLike(value: string, fresh: Fresh): string {
  const unique = [...fresh(12, 'word')].filter((_, index) => index % 3 !== 1);
  return [...value]
    .map((character, index) => {
      if ((character.codePointAt(0) ?? 0) < 0x80) return character;
      const digit = Number.parseInt(unique[index % unique.length] ?? '0', 36);
      // Letters of two bytes from U+0100, of three from U+4E00.
      return String.fromCodePoint((Buffer.byteLength(character) === 2 ? 0x100 : 0x4e00) + (Number.isNaN(digit) ? 36 : digit));
    })
    .join('');
}
