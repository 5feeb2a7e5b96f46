/** One run of all checks against a variant of the reference, and how it did. */
import type { Finding, Run } from '../../contracts/finding.js';
import type { Fault } from '../../contracts/reference/faults.js';
import { startReference, type ReferenceOptions } from '../../contracts/reference/server.js';
import { createSession } from '../create-customer/run.js';
import type { BudgetName } from '../kit/config.js';

export interface Trial {
  readonly run: Run;
  /** Findings that accuse the target: fail, flaky and warn. */
  readonly accusations: readonly Finding[];
  /** The place in the run of the first request that broke each broken rule. */
  readonly firstBreaches: ReadonlyMap<string, number>;
}

/** Long for a server in the same process, also on a busy machine. */
const TIMEOUT_MS = 10_000;
/** Faults that never answer are waited for this long. */
const HANG_TIMEOUT_MS = 700;

export interface TrialOptions {
  readonly seed: number;
  readonly budget: BudgetName;
  readonly hangs?: boolean;
  /** Ends the run when this rule was seen broken. */
  readonly until?: string;
}

export async function tryReference(options: ReferenceOptions, { seed, budget, hangs = false, until }: TrialOptions): Promise<Trial> {
  const { url, apiKey, merchantId, secondMerchant, close } = await startReference(options);
  try {
    const session = createSession({
      target: { url, apiKey, merchantId, secondMerchant, embedded: true },
      rules: ['*'],
      budget,
      seed,
      concurrency: 16,
      timeoutMs: hangs ? HANG_TIMEOUT_MS : TIMEOUT_MS,
      failOn: 'must',
    });
    const run = await session.run(until);
    return { run, accusations: run.findings.filter(({ verdict }) => ['fail', 'flaky', 'warn'].includes(verdict)), firstBreaches: session.firstBreaches };
  } finally {
    await close();
  }
}

export interface FaultTrial extends Trial {
  /** The first-named rule accuses the target. */
  readonly byNamed: boolean;
  /** Some rule does. */
  readonly caught: boolean;
  /** Must rules that accuse it and that the fault does not name. */
  readonly beside: readonly string[];
  /** The place in the run of the first request that broke a rule; undefined when none did. */
  readonly firstBreach: number | undefined;
}

/**
 * What a broken rule shows in as well, by the meaning of the rules: a target that takes a duplicate takes it in a race too.
 */
const SHOWS_IN: Readonly<Record<string, readonly string[]>> = {
  'object_reference_id/unique': ['sequence/race', 'sequence/any-order', 'sequence/thousandth', 'privacy/other-customers', 'sequence/duplicate-changes-nothing'],
  'sequence/race': ['sequence/any-order'],
  'sequence/refused-stores-nothing': ['sequence/any-order'],
  'sequence/duplicate-changes-nothing': ['sequence/any-order', 'customers/read', 'privacy/other-customers'],
  'customers/read': ['sequence/any-order', 'sequence/duplicate-changes-nothing'],
  'response/id-unique': [
    'privacy/other-customers',
    'customers/read',
    'customers/read-second-merchant',
    'sequence/duplicate-changes-nothing',
    'sequence/any-order',
  ],
};

/** A defect that comes and goes, or comes with the number of customers, meets whatever is sent at the time. */
function meetsAnything({ intermittent, after, breaks }: Fault): boolean {
  return (
    intermittent === true ||
    after !== undefined ||
    breaks[0].startsWith('robustness/') ||
    breaks[0] === 'sequence/own-request' ||
    breaks[0] === 'sequence/thousandth'
  );
}

export async function tryFault(fault: Fault, options: Omit<TrialOptions, 'hangs'>): Promise<FaultTrial> {
  const trial = await tryReference({ fault: fault.name }, { ...options, hangs: fault.hangs === true });
  const accused = new Set(trial.accusations.map(({ ruleId }) => ruleId));
  const named = new Set<string>([...fault.breaks, ...(fault.mayBreak ?? []), ...fault.breaks.flatMap((rule) => SHOWS_IN[rule] ?? [])]);
  const beside = trial.accusations.filter(({ ruleId, level }) => level === 'must' && !named.has(ruleId) && !meetsAnything(fault)).map(({ ruleId }) => ruleId);
  const seen = [...trial.firstBreaches].filter(([ruleId]) => accused.has(ruleId)).map(([, requests]) => requests);
  return { ...trial, byNamed: accused.has(fault.breaks[0]), caught: accused.size > 0, beside, firstBreach: seen.length === 0 ? undefined : Math.min(...seen) };
}
