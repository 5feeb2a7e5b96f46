/** What a CI system is to make of a finding. Each format has its own word for it; what counts as what is decided here. */
import type { Finding, Run } from '../contracts/finding.js';
import { baselineComplaints, isContradiction } from './words.js';

/**
 * `failed` fails the run, `warned` is told and does not, `blocked` is not known, `skipped` was not asked or has nothing
 * to apply to. What the document leaves open is passed with its readings, unless it contradicts a pinned one. What a baseline
 * accepts is `warned`, and a rule of which a line of it is stale or expired has `failed`.
 */
export type Outcome = 'passed' | 'failed' | 'warned' | 'blocked' | 'skipped';

/** The outcome of a finding in its run, which decides whether warnings fail, and what is accepted. */
export function outcomeOf({ failOn, baseline }: Pick<Run, 'failOn' | 'baseline'>, finding: Finding): Outcome {
  if (finding.accepted !== undefined) return 'warned';
  if (baselineComplaints({ baseline }).has(finding.ruleId)) return 'failed';
  switch (finding.verdict) {
    case 'fail':
    case 'flaky':
      return 'failed';
    case 'warn':
      return failOn === 'should' ? 'failed' : 'warned';
    case 'observed':
      return isContradiction(finding) ? 'failed' : 'passed';
    case 'blocked':
    case 'skipped':
      return finding.verdict;
    case 'pass':
      return 'passed';
  }
}
