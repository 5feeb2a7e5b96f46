/** What became of the broken findings of a run when they were sent again. The JSON of `conform replay` is this. */
import type { Finding, Run } from './finding.js';

export const REPLAY_VERSION = 1;

export const REPLAY_OUTCOMES = ['still broken', 'flaky', 'blocked', 'fixed'] as const;
/** `flaky`: broken in some of the tries. `blocked`: it could not be seen whether it is. */
export type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number];

/**
 * How it was sent again: the kept request, byte for byte but for a fresh reference; the same steps one after the other; the
 * rule's own check with the seed of the run, where one request does not show it; or all that the run sent.
 */
export type ReplayWay = 'counterexample' | 'steps' | 'check' | 'run';

export interface Replayed {
  readonly ruleId: string;
  readonly title: string;
  /** What the run had said. */
  readonly was: Finding['verdict'];
  readonly outcome: ReplayOutcome;
  readonly way: ReplayWay;
  /** Times that it was sent, or played, and how many of them were broken; absent for a check, which counts by itself. */
  readonly tries?: number;
  readonly broken?: number;
  /** Why the outcome is what it is, in a sentence. */
  readonly reason: string;
  readonly expected?: string;
  /** What came back the last time that it was broken, else the last time. */
  readonly got?: string;
}

export interface Replay {
  readonly schemaVersion: typeof REPLAY_VERSION;
  readonly target: Run['target'];
  /** The run that the findings are of. */
  readonly of: { readonly url: string; readonly seed: number; readonly ended: string };
  /** Why nothing could be sent again. */
  readonly blockedBy?: string;
  readonly replayed: readonly Replayed[];
  readonly requestsSent: number;
  readonly idsCreated: readonly string[];
  /** 1 where something is still broken or flaky, else 2 where something could not be seen, else 0. */
  readonly exitCode: 0 | 1 | 2;
}

/** The exit code of a replay. */
export function exitCodeOfReplay(replayed: readonly Pick<Replayed, 'outcome'>[]): Replay['exitCode'] {
  const has = (outcome: ReplayOutcome): boolean => replayed.some((each) => each.outcome === outcome);
  return has('still broken') || has('flaky') ? 1 : has('blocked') ? 2 : 0;
}
