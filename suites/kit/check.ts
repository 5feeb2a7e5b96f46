/** A check: the requests that a rule gets, and the finding they come to. */
import type { Finding } from '../../contracts/finding.js';
import type { FieldName, Rule } from '../../contracts/model.js';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import type { Recipe } from './draft.js';
import type { Observation } from './observation.js';

/** One request, or one round of several, that is planned before the first is sent. */
export interface Item {
  /** Items are sent in the order of their ranks: what finds most has the lowest. */
  readonly rank: number;
  /** Requests that it takes, as a rule. */
  readonly cost: number;
  run(): Promise<void>;
}

export type Phase =
  | 'main'
  /** After all customers of the run. */
  | 'late'
  /** Last, and few: wrong credentials can lock an account out. */
  | 'credentials';

export interface Check {
  readonly rule: Rule;
  readonly phase: Phase;
  items(): readonly Item[];
  /** Confirms, shrinks and says what it comes to; called once, when all items are done. Never rejects. */
  settle(): Promise<Finding>;
}

export type Half = 'conforming' | 'violating';

/** A request whose answer breaks a rule, before it is confirmed. */
export interface Candidate {
  readonly half: Half;
  readonly observation: Observation;
  /** What is special about the input, in words. */
  readonly describe: string;
  readonly expected: string;
  readonly input?: InputArbitrary;
  readonly shape?: Shape;
  /** The same request with another shape of the input. */
  readonly recipe?: (shape: Shape) => Recipe;
  /** The good request beside it. */
  readonly control?: Recipe;
  /** The part under test, where it is a field. */
  readonly field?: FieldName;
}

/** Why a half could not be checked, counted by reason. */
export class Obstacles {
  readonly #reasons = new Map<string, number>();

  add(reason: string): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  get any(): boolean {
    return this.#reasons.size > 0;
  }

  toString(): string {
    return [...this.#reasons].map(([reason, times]) => (times === 1 ? reason : `${reason} (${times} times)`)).join('; ');
  }
}
