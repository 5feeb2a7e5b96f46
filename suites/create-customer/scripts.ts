/** Plays scripts that were drawn from the model of what a target has to hold. */
import fc from 'fast-check';
import { isJsonObject } from '../../contracts/json.js';
import { scripts, type Command, type Script, type Step } from '../../generators/sequences.js';
import { withField } from '../kit/draft.js';
import type { Observation } from '../kit/observation.js';
import type { Procedure } from '../kit/sequence-check.js';
import { blocked, difference, HOLDS, type RoundResult, type Steps } from '../kit/steps.js';
import { duplicate } from './uniqueness.js';

/** What each command's step says when it is answered otherwise. */
const BROKEN: Readonly<Record<Command['kind'], string>> = {
  create: 'a good create with a free reference was refused',
  duplicate: 'a duplicate was accepted',
  'refused-create': 'a bad create was accepted',
  'create-after-refusal': 'a reference that was refused before is taken',
  read: 'a read differs from the create',
};

class Player {
  readonly #steps: Steps;
  readonly #customers = new Map<number, { readonly reference: string; created?: Observation; readonly base: number }>();

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  async #customer(number: number): Promise<{ readonly reference: string; created?: Observation; readonly base: number }> {
    let customer = this.#customers.get(number);
    if (customer === undefined) this.#customers.set(number, (customer = { reference: this.#steps.reference(), base: await this.#steps.base(number) }));
    return customer;
  }

  /** Undefined when the step was answered as expected. */
  async play({ command }: Step): Promise<RoundResult | undefined> {
    const customer = await this.#customer(command.customer);
    const observation = await this.#send(command, customer);
    if (observation === undefined) return undefined;
    if (observation.outcome === 'broken') return blocked('a step got no usable answer');
    const broken = (expected: string, got?: string): RoundResult => ({
      outcome: 'broken',
      observation,
      expected,
      reason: BROKEN[command.kind],
      ...(got === undefined ? {} : { got }),
    });
    switch (command.kind) {
      case 'create':
      case 'create-after-refusal':
        if (observation.outcome !== 'accepted') return broken('200 with the customer');
        customer.created = observation;
        return undefined;
      case 'duplicate':
        return observation.outcome === 'accepted' ? broken('a refusal, since the reference is taken') : undefined;
      case 'refused-create':
        // Whether the bad value is refused is for the field's own rule.
        return observation.outcome === 'accepted' ? blocked('a bad create was accepted') : undefined;
      case 'read': {
        const before = customer.created?.json.value;
        if (observation.outcome !== 'accepted' || !isJsonObject(before) || !isJsonObject(observation.json.value)) return broken('200 with the customer');
        const changed = difference(before, observation.json.value);
        return changed === undefined
          ? undefined
          : broken(`${changed} = ${JSON.stringify(before[changed])}`, `${changed} = ${JSON.stringify(observation.json.value[changed])}`);
      }
    }
  }

  async #send(
    command: Command,
    { reference, created, base }: { readonly reference: string; readonly created?: Observation; readonly base: number },
  ): Promise<Observation | undefined> {
    const steps = this.#steps;
    switch (command.kind) {
      case 'create':
        return steps.create(reference, 'a create', { base });
      case 'create-after-refusal':
        return steps.create(reference, 'a create behind a refusal', { base });
      case 'duplicate':
        return created === undefined ? undefined : duplicate(steps, reference, created, await steps.base(command.customer + 1), 'a duplicate');
      case 'refused-create': {
        const { field, value } = command.flaw;
        return steps.send(withField(steps.controls.draft(base, reference), field, value), `a create with ${field} = ${JSON.stringify(value)}`, {
          create: true,
          offence: 'invalid',
          atFault: [field],
        });
      }
      case 'read':
        return created === undefined || !(await steps.context.reads.available()) ? undefined : steps.read(created, 'a read');
    }
  }
}

/** The script of a round: drawn from the run's seed. */
function scriptOf(seed: number, round: number): Script {
  return fc.sample(scripts, { seed: seed + round, numRuns: 1 })[0] ?? [];
}

export const modelScripts: Procedure = {
  rounds: { smoke: 2, standard: 16, deep: 200 },
  cost: { smoke: 5, standard: 6, deep: 6 },
  rank: 4,
  pace: 1.5,
  async run(steps) {
    const player = new Player(steps);
    for (const step of scriptOf(steps.context.config.seed, steps.round)) {
      const result = await player.play(step);
      if (result !== undefined) return result;
    }
    return HOLDS;
  },
};
