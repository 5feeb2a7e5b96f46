/** A comparison of made-up runs: one as in the fixture, one that reads and fails otherwise, one that could not be checked, one that was not run. */
import type { Comparison } from '../../contracts/comparison.js';
import { countVerdicts, type Run } from '../../contracts/finding.js';
import { fixtureRun } from '../fixture.js';
import { matrixOf, type Turn } from './matrix.js';

function other(): Run {
  const findings = fixtureRun().findings.map((finding) => {
    if (finding.ruleId === 'first_name/charset') return { ...finding, verdict: 'pass' as const, reason: 'both halves held' };
    if (finding.ruleId === 'mobile_number/plus') return { ...finding, reading: { 'plus and 9 digits': 'accepted', 'country code without plus': 'accepted' } };
    return finding;
  });
  return fixtureRun({
    findings,
    counts: countVerdicts(findings),
    target: { url: 'http://127.0.0.1:10', embedded: true, merchantId: 'acme', variant: 'mobile-plus' },
  });
}

function blocked(): Run {
  const reason = 'the target cannot be reached: ECONNREFUSED';
  const findings = fixtureRun().findings.map(({ ruleId, level, title, citation }) => ({
    ...{ ruleId, level, title, citation, reason },
    verdict: 'blocked' as const,
    requests: 0,
    judged: 0,
    durationMs: 0,
  }));
  return fixtureRun({ findings, counts: countVerdicts(findings), status: 'blocked', blockedBy: reason, exitCode: 2, requestsSent: 3, idsCreated: [] });
}

export function fixtureTurns(): Turn[] {
  return [
    { name: 'sandbox', run: fixtureRun(), report: 'sandbox', hasHtml: true },
    { name: 'candidate', run: other(), report: 'candidate', hasHtml: true },
    { name: 'gone', run: blocked(), report: 'gone', hasHtml: false },
  ];
}

export function fixtureComparison(turns: readonly Turn[] = fixtureTurns()): Comparison {
  const { tool, seed, budget, rules } = fixtureRun();
  return matrixOf({ tool, seed, budget, rules }, turns);
}
