/**
 * Scripts of several requests, drawn from a small model of what the target has to hold: which customers exist. Data only; who
 * runs a script sends its commands in their order and holds each answer to what the step expects.
 */
import fc from 'fast-check';
import type { FieldName } from '../contracts/model.js';

/** What is wrong with a create that is to be refused: one field, beyond doubt. */
export interface Flaw {
  readonly field: FieldName;
  readonly value: string;
}

/** Customers are counted from 0 in the order in which a script first speaks of them; each has one reference of its own. */
export type Command =
  /** A good create with a reference that was never sent. */
  | { readonly kind: 'create'; readonly customer: number }
  /** A good create, with other values, under the reference of a customer that exists. */
  | { readonly kind: 'duplicate'; readonly customer: number }
  /** A create with a flaw, under a reference that was never sent. */
  | { readonly kind: 'refused-create'; readonly customer: number; readonly flaw: Flaw }
  /** A good create under the reference of refused ones. */
  | { readonly kind: 'create-after-refusal'; readonly customer: number }
  /** A read of a customer that exists. */
  | { readonly kind: 'read'; readonly customer: number };

export type Expected =
  | 'accepted'
  /** And for the flawed field. */
  | 'refused'
  | 'refused-as-duplicate'
  /** Every member as the create's own response had it. */
  | 'as-created';

export interface Step {
  readonly command: Command;
  readonly expected: Expected;
}
export type Script = readonly Step[];

/** Flaws that musts refuse, of different rules and fields. */
export const FLAWS: readonly [Flaw, ...Flaw[]] = [
  { field: 'first_name', value: 'a b' },
  { field: 'email_address', value: '.a@example.com' },
  { field: 'last_name', value: 'a;b' },
  { field: 'email_address', value: 'a b@example.com' },
  { field: 'first_name', value: 'a\n' },
];

/** What a draw asks for; the model makes the nearest command of it that makes sense at that point. */
interface Wish {
  readonly kind: Command['kind'];
  readonly which: number;
  readonly flaw: Flaw;
}

const EXPECTED: Readonly<Record<Command['kind'], Expected>> = {
  create: 'accepted',
  duplicate: 'refused-as-duplicate',
  'refused-create': 'refused',
  'create-after-refusal': 'accepted',
  read: 'as-created',
};

function scriptOf(wishes: readonly Wish[]): Script {
  const customers: ('refused' | 'exists')[] = [];
  return wishes.map(({ kind, which, flaw }): Step => {
    const command = nearest(kind, which, flaw, customers);
    customers[command.customer] = command.kind === 'refused-create' ? 'refused' : 'exists';
    return { command, expected: EXPECTED[command.kind] };
  });
}

function nearest(kind: Command['kind'], which: number, flaw: Flaw, customers: readonly ('refused' | 'exists')[]): Command {
  const next = customers.length;
  const pick = (state: 'refused' | 'exists'): number | undefined => {
    const those = [...customers.keys()].filter((customer) => customers[customer] === state);
    return those[which % Math.max(1, those.length)];
  };
  switch (kind) {
    case 'create':
      return { kind, customer: next };
    case 'refused-create':
      return { kind, customer: next, flaw };
    case 'create-after-refusal': {
      const customer = pick('refused');
      // Without a refusal there is nothing to come after: make one.
      return customer === undefined ? { kind: 'refused-create', customer: next, flaw } : { kind, customer };
    }
    case 'duplicate':
    case 'read': {
      const customer = pick('exists');
      return customer === undefined ? { kind: 'create', customer: next } : { kind, customer };
    }
  }
}

/** Steps of the shortest and the longest script: enough for create, refusal and what comes after, few enough for a live target. */
const STEPS = { minLength: 3, maxLength: 8 } as const;

/**
 * Scripts of 3 to 8 steps, each valid for its model. They shrink by leaving steps out; the rest is fitted to the model again, so
 * that every shrunk script is valid too.
 */
export const scripts: fc.Arbitrary<Script> = fc
  .array(
    fc.record<Wish>({
      kind: fc.constantFrom('create', 'duplicate', 'read', 'refused-create', 'create-after-refusal'),
      which: fc.noShrink(fc.nat({ max: 7 })),
      flaw: fc.noShrink(fc.constantFrom(...FLAWS)),
    }),
    STEPS,
  )
  .map(scriptOf);
