/**
 * Good inputs of all fields, and of what can be written otherwise around them, in one request: each choice of each comes up at least once (each-choice coverage; Ammann and
 * Offutt, "Introduction to Software Testing", section 6.2), in as many requests as the longest list has choices and not the sum
 * of all. Only a request that is refused has its inputs sent one by one.
 */
import type { FieldName, InputRule } from '../../contracts/model.js';
import { FIELDS } from '../../contracts/model.js';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import type { Item } from './check.js';
import type { BudgetName } from './config.js';
import type { Context } from './context.js';
import type { Controls } from './controls.js';
import { fieldOf, withInput, type Recipe } from './draft.js';
import type { Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { FIRST } from './plan.js';

/** What one choice is made for: a field, or a header that can be written in several ways. */
export type Part = FieldName | 'x-merchantid' | 'Content-Type';

const HEADERS: readonly Part[] = ['x-merchantid', 'Content-Type'];

/** A good input of one part, and the check that it is for. */
export interface GoodInput {
  readonly rule: InputRule;
  readonly part: Part;
  readonly input: InputArbitrary;
  readonly shape: Shape;
  /** Whether the answer to a request with this input and others is as it should be for this one. */
  holds(observation: Observation): boolean;
  /** It was seen to be taken as it should be. */
  note(): void;
  /** Sends it by itself, with everything else safe; resolves with whether it was taken, undefined where that is not known. */
  probe(): Promise<boolean | undefined>;
}

/** Requests of this kind in a run: enough for what finds most of every part. */
const REQUESTS: Readonly<Record<BudgetName, number>> = { smoke: 16, standard: 16, deep: 24 };
/** Where one part is found to be wrong, this many requests are sent again without it. */
const AGAIN_WITHOUT = 6;
/** Numbers of these requests among those that are put down to no rule: `controls.ts` has those below. */
const FROM = 1000;

const isField = (part: Part): part is FieldName => !HEADERS.includes(part);

/** One of each list in turn until all are through. */
export function roundRobin<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1))).flat();
}

export class EachChoice {
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #absent: readonly GoodInput[];
  readonly #byPart: ReadonlyMap<Part, readonly GoodInput[]>;
  /** Parts of which an input was refused by itself. */
  readonly #broken = new Set<Part>();
  #againWithout = 0;
  /** What is refused is looked into one after the other: the first may explain the others. */
  #turn: Promise<void> = Promise.resolve();

  /**
   * @param inputs of each check, what finds most first
   * @param absent the fields that may be left out, each by itself or with others: they are left out together
   */
  constructor(context: Context, controls: Controls, inputs: readonly (readonly GoodInput[])[], absent: readonly GoodInput[]) {
    this.#absent = absent;
    this.#context = context;
    this.#controls = controls;
    this.#byPart = new Map(
      [...FIELDS, ...HEADERS].map((part) => [part, roundRobin(inputs.filter(([first]) => first?.part === part)).slice(0, REQUESTS[context.config.budget])]),
    );
  }

  items(): readonly Item[] {
    const absent = this.#absent.length === 0 ? [] : [{ rank: FIRST.eachChoice, cost: 1, run: () => this.#run(this.#absent, FROM - 10) }];
    const most = Math.max(0, ...[...this.#byPart.values()].map(({ length }) => length));
    const together = Array.from({ length: most }, (_, index) => ({
      rank: FIRST.eachChoice,
      cost: 1,
      run: () => this.#run(this.#chosen(index), FROM + index * 10),
    }));
    return [...together, ...absent];
  }

  /** The n-th input of every field that safe requests have, a field with fewer begins again; and of every header while there is one. */
  #chosen(index: number): GoodInput[] {
    const safe = this.#controls.draft(0, 'unused');
    // Fields with the same list take it up at different places, so that no two of a request are alike.
    return [...this.#byPart].flatMap(([part, inputs], place) => {
      if (HEADERS.includes(part)) return inputs.slice(index, index + 1);
      const input = inputs[(index + place) % inputs.length];
      return input === undefined || fieldOf(safe, part) === undefined ? [] : [input];
    });
  }

  #recipe(chosen: readonly GoodInput[]): Recipe {
    return (fresh) => {
      const hasReference = chosen.some(({ part }) => part === 'object_reference_id');
      const safe = this.#controls.draft(0, hasReference ? 'unused' : fresh(20, 'word'));
      return chosen.reduce((draft, { input, shape }) => withInput(draft, input.render(shape, fresh)), safe);
    };
  }

  #send(chosen: readonly GoodInput[], n: number): Promise<Observation> {
    const note = `good values: ${chosen.map(({ part, input, shape }) => `${part} ${input.describe(shape)}`).join(', ')}`;
    return this.#context.send(this.#recipe(chosen), { ruleId: 'control', n, purpose: 'conforming', note, create: true, good: true });
  }

  async #run(chosen: readonly GoodInput[], n: number): Promise<void> {
    if (chosen.length === 0) return;
    // In the order in which they went out, however soon each is answered: the same answers lead to the same requests.
    const before = this.#turn;
    let done = (): void => undefined;
    this.#turn = new Promise((resolve) => (done = resolve));
    try {
      const observation = await this.#send(chosen, n);
      const doubtful = chosen.filter((each) => !each.holds(observation));
      for (const each of chosen) if (!doubtful.includes(each)) each.note();
      if (doubtful.length === 0) return;
      await before;
      await this.#lookInto(observation, doubtful, n);
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
    } finally {
      void before.then(done);
    }
  }

  async #lookInto(observation: Observation, doubtful: readonly GoodInput[], n: number): Promise<void> {
    const others = doubtful.filter(({ part }) => !this.#broken.has(part));
    if (others.length < doubtful.length && others.length > 0) {
      if (this.#againWithout >= AGAIN_WITHOUT || !this.#context.takeSpare()) return;
      this.#againWithout += 1;
      const rest = await this.#send(others, n + 1);
      if (others.every((each) => each.holds(rest))) return others.forEach((each) => each.note());
    }
    let found = others.length < doubtful.length;
    for (const each of others) {
      if (!this.#context.takeSpare()) return;
      const taken = await each.probe();
      if (taken === false) {
        this.#broken.add(each.part);
        this.#context.noteBreach(each.rule.id, observation.position);
      }
      // What is not known by itself may be what is wrong here as well.
      if (taken !== true) found = true;
    }
    if (!found && observation.outcome === 'refused') await this.#together(observation, others, n + 2);
  }

  /** Each is taken by itself, and all of them are not: it is put down to the first without which the others are taken. */
  async #together(observation: Observation, inputs: readonly GoodInput[], n: number): Promise<void> {
    const [first] = inputs;
    let blamed = first;
    for (const [index, each] of inputs.entries()) {
      if (!this.#context.takeSpare()) return;
      const without = await this.#send(
        inputs.filter((other) => other !== each),
        n + index,
      );
      if (without.outcome !== 'accepted') continue;
      blamed = each;
      break;
    }
    if (blamed === undefined) return;
    const { part, rule, input, shape } = blamed;
    // What is answered 401 is refused for its credential, whatever else it holds.
    this.#controls.report(observation.response?.status === 401 ? 'credentials/form' : rule.id, {
      half: 'conforming',
      observation,
      describe: `${input.describe(shape)} beside other good values`,
      expected: '200 with the customer',
      ...(isField(part) ? { field: part } : {}),
      control: this.#recipe(inputs.filter((other) => other !== blamed)),
    });
  }
}
