/** How many inputs a rule gets, and in which order all of them go out. */
import type { Constraint, InputRule } from '../../contracts/model.js';
import type { Half } from './check.js';
import type { BudgetName } from './config.js';

/** Drawn inputs for each half of a rule, beside its boundaries. A charset has the most ways to be wrong. */
const STANDARD_DRAWS: Readonly<Partial<Record<Constraint['kind'], Readonly<Record<Half, number>>>>> = {
  charset: { conforming: 70, violating: 40 },
  length: { conforming: 20, violating: 12 },
  edges: { conforming: 30, violating: 20 },
  separator: { conforming: 12, violating: 12 },
  forms: { conforming: 60, violating: 0 },
  presence: { conforming: 8, violating: 6 },
  examples: { conforming: 12, violating: 0 },
};
/** The deep budget is 50,000 requests where the standard one is 3,000. */
const DEEP_FACTOR = 24;

export function drawsOf(budget: BudgetName, rule: InputRule, half: Half): number {
  const standard = STANDARD_DRAWS[rule.constraint.kind]?.[half] ?? 0;
  return { smoke: 0, standard, deep: standard * DEEP_FACTOR }[budget];
}

/**
 * How far apart two inputs of a rule stand in the order of the run: a rule with many ways to be wrong has its inputs
 * close together, so that a small budget still sends many of them.
 */
const PACE: Readonly<Partial<Record<Constraint['kind'], Readonly<Record<Half, number>>>>> = {
  charset: { conforming: 0.5, violating: 0.16 },
  length: { conforming: 0.6, violating: 0.4 },
  edges: { conforming: 0.8, violating: 0.3 },
  presence: { conforming: 1, violating: 0.5 },
};

/** The first bad inputs of a rule with many ways to be wrong, which go out before what takes several requests; and how far apart. */
const EARLY: Readonly<Partial<Record<Constraint['kind'], number>>> = { charset: 9, edges: 4, separator: 3, length: 2, presence: 2 };
/** What is no digit comes in fewer kinds than what is no letter of a name. */
const EARLY_OF_DIGITS = 5;
const EARLY_PACE = 0.05;

function earlyOf({ constraint }: InputRule): number {
  return constraint.kind === 'charset' && constraint.alphabet === 'digits' ? EARLY_OF_DIGITS : (EARLY[constraint.kind] ?? 1);
}

/** Wrong credentials that the smallest budget sends for a rule, the first of its list: they are few, for the sake of lock-outs. */
const SMOKE_CREDENTIALS: Readonly<Record<string, number>> = { 'credentials/form': 3, 'credentials/key': 7, 'credentials/scheme': 3 };

/** How many of a rule's boundaries go out. */
export function boundariesOf(budget: BudgetName, rule: InputRule, half: Half, all: number): number {
  return budget === 'smoke' && half === 'violating' ? Math.min(all, SMOKE_CREDENTIALS[rule.id] ?? all) : all;
}

/** Behind every boundary: what is drawn is sent when all that is certain has been. */
const DRAWN_FROM = 20;

/** Places at the head of a run, in the order of what finds most: every rule gets a first request in any budget. */
export const FIRST = {
  eachChoice: -1,
  oddTogether: -0.6,
  foremost: -0.5,
  violating: 0,
  conforming: 0.2,
  sequence: 0.5,
  spelling: 0.7,
  robustness: 0.8,
  open: 1,
} as const;
/** Behind the first requests of all rules. */
export const FURTHER = 1.5;

/** Kinds of which every safe request keeps the rule by itself: nothing has to be sent to see a good input accepted. */
const KEPT_BY_CONTROL: ReadonlySet<Constraint['kind']> = new Set<Constraint['kind']>(['length', 'charset', 'separator', 'examples', 'merchant']);

/** Kinds of which the good inputs go together into one request with those of other fields and headers: each is of one of these. */
const IN_EACH_CHOICE: ReadonlySet<Constraint['kind']> = new Set<Constraint['kind']>([
  ...(['length', 'charset', 'edges', 'separator', 'examples', 'forms'] as const),
  ...(['merchant', 'media-type'] as const),
]);

export function isInEachChoice({ constraint }: InputRule): boolean {
  return IN_EACH_CHOICE.has(constraint.kind);
}

/** Whether an accepted safe request is a good input of the rule. */
export function keptByControl({ constraint }: InputRule): boolean {
  if (constraint.kind === 'presence') return constraint.presence === 'required';
  if (constraint.kind === 'credential') return constraint.conforming.includes('canonical');
  return KEPT_BY_CONTROL.has(constraint.kind);
}

/** The place of an input in the order of the run: the lowest goes first. */
export function rankOf(rule: InputRule, half: Half, index: number, boundaries: number): number {
  const pace = PACE[rule.constraint.kind]?.[half] ?? 1;
  // Before any wrong one: these can lock the account out.
  if (rule.constraint.kind === 'credential' && half === 'conforming') return index - 10;
  if (half === 'violating' && index < earlyOf(rule)) return FIRST.violating + index * EARLY_PACE;
  if (index === 0 && !keptByControl(rule)) return FIRST[half];
  return FURTHER + index * pace + (index >= boundaries ? DRAWN_FROM : 0);
}
