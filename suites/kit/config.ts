import type { Exchange, Finding } from '../../contracts/finding.js';
import type { Baseline } from './baseline.js';

export type BudgetName = 'smoke' | 'standard' | 'deep';

/** Most requests that a run sends, by the name of its budget. */
export const BUDGETS: Readonly<Record<BudgetName, number>> = { smoke: 300, standard: 3000, deep: 50_000 };

export interface Target {
  /** Base URL; `/customers` comes behind it. */
  readonly url: string;
  readonly apiKey: string;
  readonly merchantId: string;
  /** A second merchant of the same target; without one the rules about merchants are skipped. */
  readonly secondMerchant?: { readonly merchantId: string; readonly apiKey: string };
  readonly embedded: boolean;
  readonly variant?: string;
}

export interface Progress {
  readonly requestsSent: number;
  readonly requestsPlanned: number;
  readonly settled: number;
  readonly rules: number;
  readonly failing: number;
}

export interface RunConfig {
  readonly target: Target;
  /** Globs over rule ids; `*` for all. */
  readonly rules: readonly string[];
  readonly budget: BudgetName;
  /** Overrides the budget's own number. */
  readonly maxRequests?: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly ratePerSecond?: number;
  readonly timeoutMs: number;
  readonly failOn: 'must' | 'should';
  /** Pinned readings of open rules: rule id → case → reading. */
  readonly readings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Departures that do not fail the run. */
  readonly baseline?: Baseline;
  /** Aborted: the run ends early, and says so. */
  readonly signal?: AbortSignal;
  /** Each exchange as it ends, redacted. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Each finding as it is settled. */
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Most requests that shrinking one counterexample may take; 60 unless told. */
  readonly shrinkRequests?: number;
}
