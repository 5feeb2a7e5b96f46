import type { Run } from '../../contracts/finding.js';

/**
 * The exit code of a run: 0 nothing is broken, 1 something is, 2 something could not be checked (or nothing was),
 * 130 interrupted.
 */
export function exitCodeOf(run: Pick<Run, 'findings' | 'status' | 'failOn' | 'counts'>): number {
  const { counts, failOn, findings, status } = run;
  if (status === 'interrupted') return 130;
  const contradicted = findings.some(({ verdict, expected }) => verdict === 'observed' && expected !== undefined);
  if (counts.fail + counts.flaky > 0 || contradicted || (failOn === 'should' && counts.warn > 0)) return 1;
  const checked = counts.pass + counts.warn + counts.observed;
  return counts.blocked > 0 || checked === 0 ? 2 : 0;
}
