/** What a fault is: the reference with one defect, as a developer makes it. */
import type { Behaviour, Change, FormField, Members, Refusal } from '../behaviour.js';

/** What a target, or a check, has to have for the defect to show. */
export type Need = 'get' | 'update' | 'second-merchant' | 'concurrency';

export interface Fault {
  readonly name: string;
  /** The developer's mistake, in a sentence. */
  readonly defect: string;
  /** The rules that it breaks, whatever a check sends; the first is the one that has to catch it. */
  readonly breaks: readonly [string, ...string[]];
  /** Rules that it breaks too, on some of the requests that a check may send for them, or as a symptom. */
  readonly mayBreak?: readonly string[];
  readonly needs?: readonly Need[];
  /** The defect shows in one of so many cases. */
  readonly oneIn?: number;
  readonly intermittent?: true;
  /** Some requests are never answered. */
  readonly hangs?: true;
  /** The defect shows from this number of customers on. */
  readonly after?: number;
  /** Why it can't be told from outside. */
  readonly equivalent?: string;
  readonly change: Change;
}

/** One field's check, written otherwise. `right` is the reference's own. */
export function check(field: FormField, written: (value: string, right: (value: string) => boolean) => boolean): Change {
  return ({ checks }) => ({
    checks: { ...checks, [field]: (value: string, behaviour: Behaviour) => written(value, (other) => checks[field](other, behaviour)) },
  });
}

/** The answer of a create, written otherwise. */
export function created(written: (members: Members) => object): Change {
  return ({ members }) => ({
    members: (given, customer, call) => (call.route.kind === 'create' ? written(given) : members(given, customer, call)),
  });
}

/** The body of a kind of refusal, written otherwise. */
export function body(kind: Refusal, written: Behaviour['bodies'][Refusal]): Change {
  return ({ bodies }) => ({ bodies: { ...bodies, [kind]: written } });
}

/** Resolves after so many milliseconds. */
export function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
