/** What a fault is: the reference with one defect, as a developer makes it. */
import type { Behaviour, Call, Change, Customer, CustomerField, CustomerValues, Detail, FormField, Members, Refusal, Reply } from '../behaviour.js';

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

/** Spellings are known by what comes back, or by what is refused: a defect of a value shows in them as well. */
export const WHERE_ECHOES_SHOW: readonly string[] = [
  ...[
    'utf-8',
    'percent-once',
    'plus-is-blank',
    'escaped-plus',
    'hex-case',
    'needless-escape',
    'raw',
    'escaped-key',
    'semicolon',
    'second-equals',
    'empty-pairs',
  ].map((aspect) => `encoding/${aspect}`),
  'encoding/field-order',
  'encoding/repeated-echo',
  'sequence/equal-requests',
  'sequence/own-request',
  'sequence/any-order',
];

/** A target that takes bad values of a field shows them where good and bad values are mixed, and in other spellings. */
export const WHERE_BAD_VALUES_PASS: readonly string[] = [
  'encoding/repeated-echo',
  'encoding/plus-is-blank',
  'encoding/escaped-plus',
  'encoding/percent-once',
  'encoding/semicolon',
  'encoding/second-equals',
];

/** Where states are checked in any order, a defect of one of them shows too. */
export function inAnyOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.map((fault) =>
    fault.breaks.includes('sequence/any-order') ? fault : { ...fault, mayBreak: [...(fault.mayBreak ?? []), 'sequence/any-order'] },
  );
}

/** One field's check, written otherwise. `right` is the reference's own. */
export function check(field: FormField, written: (value: string, right: (value: string) => boolean) => boolean): Change {
  return ({ checks }) => ({
    checks: { ...checks, [field]: (value: string, behaviour: Behaviour) => written(value, (other) => checks[field](other, behaviour)) },
  });
}

/** What answers give back of a field that was sent, written otherwise; the same in creates and reads. */
export function echoed(field: CustomerField, written: (value: string, values: CustomerValues) => unknown): Change {
  return ({ echo }) => ({
    echo: (member, value, customer, call) => (member === field && value !== undefined ? written(value, customer.values) : echo(member, value, customer, call)),
  });
}

/** What answers give back of a field that was not sent, written otherwise. */
export function echoedUnsent(field: CustomerField, written: (values: CustomerValues) => unknown): Change {
  return ({ echo }) => ({
    echo: (member, value, customer, call) => (member === field && value === undefined ? written(customer.values) : echo(member, value, customer, call)),
  });
}

/** The customer as every answer gives it, written otherwise. */
export function shown(written: (members: Members, customer: Customer, call: Call) => object): Change {
  return ({ members }) => ({ members: (given, customer, call) => written({ ...members(given, customer, call) }, customer, call) });
}

/** The body of a kind of refusal, written otherwise. `given` is the reference's own. */
export function refused(kind: Refusal, written: (given: Members, detail: Detail) => object): Change {
  return ({ bodies }) => ({ bodies: { ...bodies, [kind]: (detail: Detail) => written({ ...bodies[kind](detail) }, detail) } });
}

/** The status of a kind of refusal, written otherwise. */
export function refusedWith(kind: Refusal, status: number): Change {
  return ({ statuses }) => ({ statuses: { ...statuses, [kind]: status } });
}

/** The replies to some calls, written otherwise. */
export function replied(to: (reply: Reply, call: Call) => boolean, written: (reply: Reply, call: Call) => Reply): Change {
  return ({ finished }) => ({
    finished: (given, call) => {
      const reply = finished(given, call);
      return to(reply, call) ? written(reply, call) : reply;
    },
  });
}

export const isCreated = (reply: Reply, call: Call): boolean => call.route.kind === 'create' && reply.status === 200;

/** True at every n-th time it is asked. */
export function everyNth(n: number): () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    return asked % n === 0;
  };
}

/** A change that takes effect once so many customers are stored. */
export function afterCustomers(number: number, change: (reached: () => boolean) => Change): Change {
  return (behaviour) => {
    let stored = 0;
    const counted: Behaviour = {
      ...behaviour,
      makeId: (values, serial) => {
        stored = serial;
        return behaviour.makeId(values, serial);
      },
    };
    return { makeId: counted.makeId, ...change(() => stored >= number)(counted) };
  };
}

/** The members of what may be an object. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Resolves after so many milliseconds; a process that has nothing else to do does not wait for it. */
export function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** Several changes as one. */
export function both(...changes: readonly Change[]): Change {
  return (behaviour) => changes.reduce<Partial<Behaviour>>((done, change) => ({ ...done, ...change({ ...behaviour, ...done }) }), {});
}
