import type { Run } from '../../contracts/finding.js';
import { isDeparture } from './baseline.js';

/**
 * The exit code of a run: 0 nothing is broken but what the baseline accepts, 1 something is, or a line of the baseline is
 * stale or expired, 2 something could not be checked (or nothing was), 130 interrupted.
 */
export function exitCodeOf(run: Pick<Run, 'findings' | 'status' | 'failOn' | 'counts' | 'baseline'>): number {
  const { counts, failOn, findings, status, baseline } = run;
  if (status === 'interrupted') return 130;
  const broken = findings.some((finding) => finding.accepted === undefined && isDeparture(finding) && (finding.verdict !== 'warn' || failOn === 'should'));
  if (broken || (baseline !== undefined && baseline.stale.length + baseline.expired.length > 0)) return 1;
  const checked = counts.pass + counts.warn + counts.observed + counts.fail + counts.flaky;
  return counts.blocked > 0 || checked === 0 ? 2 : 0;
}
