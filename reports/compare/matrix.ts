/** The runs of several targets as one matrix of rules and targets. Pure. */
import { COMPARISON_VERSION, type ComparedCell, type ComparedRule, type ComparedTarget, type Comparison } from '../../contracts/comparison.js';
import type { Finding, Run } from '../../contracts/finding.js';
import { inRuleOrder } from '../order.js';

/** A target of the comparison, in its turn. */
export interface Turn {
  readonly name: string;
  /** Absent where it did not come to its turn. */
  readonly run?: Run;
  /** Its report folder, from that of the comparison. */
  readonly report?: string;
  readonly hasHtml: boolean;
}

/** What the targets were asked for. */
export type Asked = Pick<Comparison, 'tool' | 'seed' | 'budget' | 'rules'>;

/** The matrix of the turns, in their order; rules in theirs. */
export function matrixOf(asked: Asked, turns: readonly Turn[]): Comparison {
  const findings = new Map<string, Finding>();
  for (const { run } of turns) for (const finding of run?.findings ?? []) if (!findings.has(finding.ruleId)) findings.set(finding.ruleId, finding);
  const byRule = turns.map(({ run }) => new Map(run?.findings.map((finding) => [finding.ruleId, finding])));
  const { tool, seed, budget, rules } = asked;
  return {
    comparisonVersion: COMPARISON_VERSION,
    tool: { ...tool },
    seed,
    budget: { ...budget },
    rules: [...rules],
    exitCode: exitCodeOf(turns),
    targets: turns.map(targetOf),
    matrix: inRuleOrder([...findings.values()]).map((finding) =>
      ruleOf(
        finding,
        byRule.map((own) => own.get(finding.ruleId)),
        turns,
      ),
    ),
  };
}

/** The worst of the runs: 1 where one is broken, else 2 where one could not be checked. An interruption and an error of our own go before both. */
function exitCodeOf(turns: readonly Turn[]): number {
  const codes = turns.flatMap(({ run }) => (run === undefined ? [] : [run.exitCode]));
  if (turns.some(({ run }) => run === undefined)) codes.push(130);
  return [70, 130, 1, 2].find((code) => codes.includes(code)) ?? 0;
}

function targetOf({ name, run, report, hasHtml }: Turn): ComparedTarget {
  const where = { name, ...(report === undefined ? {} : { report }), hasHtml };
  if (run === undefined) return { ...where, status: 'not run' };
  const { status, blockedBy, target, exitCode, counts, requestsSent, started, ended } = run;
  return { ...where, status, ...(blockedBy === undefined ? {} : { blockedBy }), target, exitCode, counts, requestsSent, started, ended };
}

function ruleOf({ ruleId, level, title, citation }: Finding, findings: readonly (Finding | undefined)[], turns: readonly Turn[]): ComparedRule {
  const cells = findings.map((finding): ComparedCell | null =>
    finding === undefined
      ? null
      : { verdict: finding.verdict, reason: finding.reason, ...(finding.reading === undefined ? {} : { reading: { ...finding.reading } }) },
  );
  // What a run that ended early left out says nothing of the rule.
  const checked = cells.filter(
    (cell, index): cell is ComparedCell => cell !== null && (cell.verdict !== 'blocked' || turns[index]?.run?.status === 'complete'),
  );
  const differingCases = casesOf(checked);
  const differs = differingCases.length > 0 || new Set(checked.map(({ verdict }) => verdict)).size > 1;
  return { ruleId, level, title, citation, cells, differs, differingCases };
}

/** Cases that came up at two targets or more, with different readings. */
function casesOf(cells: readonly ComparedCell[]): string[] {
  const readings = new Map<string, Set<string>>();
  for (const { reading } of cells) {
    for (const [name, taken] of Object.entries(reading ?? {})) readings.set(name, (readings.get(name) ?? new Set()).add(taken));
  }
  return [...readings]
    .filter(([, taken]) => taken.size > 1)
    .map(([name]) => name)
    .sort();
}
