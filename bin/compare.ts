/** Runs several targets one after the other, and puts them beside each other: what the command line and the library share. */
import { join, relative, resolve } from 'node:path';
import type { Comparison } from '../contracts/comparison.js';
import { renderComparisonJson } from '../reports/compare/json.js';
import { renderComparisonMarkdown } from '../reports/compare/markdown.js';
import { matrixOf, type Turn } from '../reports/compare/matrix.js';
import { renderComparisonHtml } from '../reports/html/compare.js';
import { TextFolder, type Unwritten, type Written } from '../reports/write.js';
import { BUDGETS } from '../suites/kit/config.js';
import { asUnwritable, execute, type Outcome, type RunHooks } from './execute.js';
import { TOOL } from './package.js';
import type { TargetPlan } from './targets.js';

/** The files of a comparison. */
export const COMPARE_FILES = { html: 'compare.html', markdown: 'compare.md', json: 'compare.json' } as const;

export interface CompareHooks extends Pick<RunHooks, 'signal'> {
  /** What is heard of a target while it has its turn. */
  readonly hooksOf?: (name: string) => Omit<RunHooks, 'signal'>;
  /** A target has had its turn. */
  readonly onTurn?: (name: string, outcome: Outcome) => void;
}

export interface CompareOutcome {
  readonly comparison: Comparison;
  /** Absent where nothing was to be written. */
  readonly written?: Written;
  /** The first error of our own that ended a run early. */
  readonly internalError?: Error;
}

/**
 * Runs the plans in their order, each by itself, so that no host gets two at once. Rejects with a UsageError where the folder cannot
 * be written to, before anything is sent; and for nothing that a target does. A run that was interrupted ends the comparison:
 * what was found until then is in it.
 */
export async function executeCompare(
  plans: readonly TargetPlan[],
  out: string | undefined,
  hooks: CompareHooks = {},
  crash?: Promise<never>,
): Promise<CompareOutcome> {
  const folder = out === undefined ? undefined : await TextFolder.open(resolve(out), Object.values(COMPARE_FILES)).catch(asUnwritable(out));
  const turns: Turn[] = [];
  const unwritten: Unwritten[] = [];
  let internalError: Error | undefined;
  for (const { name, plan } of plans) {
    const report = out === undefined || plan.out === undefined ? undefined : relative(resolve(out), plan.out);
    if (hooks.signal?.aborted === true || internalError !== undefined) {
      turns.push({ name, hasHtml: false });
      continue;
    }
    const runHooks: RunHooks = { ...hooks.hooksOf?.(name), ...(hooks.signal === undefined ? {} : { signal: hooks.signal }) };
    const outcome = await execute(plan, runHooks, crash);
    internalError = outcome.internalError?.error;
    unwritten.push(...(outcome.written?.unwritten ?? []));
    const hasHtml = outcome.written?.files.some((file) => file === join(plan.out ?? '', 'report.html')) ?? false;
    turns.push({ name, run: outcome.run, hasHtml, ...(report === undefined ? {} : { report }) });
    hooks.onTurn?.(name, outcome);
  }
  const { seed = 0, budget = 'standard', maxRequests, rules = ['*'] } = plans[0]?.plan.config ?? {};
  const comparison = matrixOf({ tool: TOOL, seed, rules: [...rules], budget: { name: budget, maxRequests: maxRequests ?? BUDGETS[budget] } }, turns);
  const written = await folder?.finish({
    [COMPARE_FILES.html]: () => renderComparisonHtml(comparison),
    [COMPARE_FILES.markdown]: () => renderComparisonMarkdown(comparison),
    [COMPARE_FILES.json]: () => renderComparisonJson(comparison),
  });
  return {
    comparison,
    ...(written === undefined ? {} : { written: { files: written.files, unwritten: [...unwritten, ...written.unwritten] } }),
    ...(internalError === undefined ? {} : { internalError }),
  };
}
