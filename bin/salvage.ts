/** A report of a run that the engine did not end itself: what was found until then is not lost. */
import { linesOf } from '../contracts/document.js';
import { countVerdicts, SCHEMA_VERSION, type Exchange, type Finding, type Run } from '../contracts/finding.js';
import type { Rule } from '../contracts/model.js';
import { RULES } from '../contracts/rules/index.js';
import { baselineResult, dayOf } from '../suites/kit/baseline.js';
import { BUDGETS, type RunConfig } from '../suites/kit/config.js';
import { matchesRule } from '../contracts/rule-glob.js';
import { TOOL } from './package.js';

/** Notes what a run shows on its way. */
export class Recorder {
  readonly #started = new Date();
  readonly #findings = new Map<string, Finding>();
  readonly #created: string[] = [];
  #requests = 0;

  exchange({ request, response }: Exchange): void {
    this.#requests += 1;
    if (response === undefined || response.status < 200 || response.status > 299 || request.method !== 'POST') return;
    const reference = new URLSearchParams(request.body.encoding === 'utf-8' ? request.body.text : '').get('object_reference_id');
    if (reference !== null) this.#created.push(reference);
  }

  finding(finding: Finding): void {
    this.#findings.set(finding.ruleId, finding);
  }

  /** The run as far as it came; rules that were not settled are blocked for the reason. */
  salvage(config: RunConfig, reason: string, exitCode: number): Run {
    const findings = RULES.filter(({ id }) => config.rules.some((pattern) => matchesRule(pattern, id))).map(
      (rule) => this.#findings.get(rule.id) ?? unsettled(rule, reason),
    );
    const { url, embedded, merchantId, variant } = config.target;
    return {
      schemaVersion: SCHEMA_VERSION,
      tool: { ...TOOL },
      target: { url, embedded, merchantId, ...(variant === undefined ? {} : { variant }) },
      seed: config.seed,
      budget: { name: config.budget, maxRequests: config.maxRequests ?? BUDGETS[config.budget] },
      failOn: config.failOn,
      rules: [...config.rules],
      started: this.#started.toISOString(),
      ended: new Date().toISOString(),
      status: 'interrupted',
      exitCode,
      counts: countVerdicts(findings),
      requestsSent: this.#requests,
      idsCreated: [...new Set(this.#created)],
      ...(config.baseline === undefined ? {} : { baseline: baselineResult(findings, config.baseline, dayOf(this.#started)) }),
      // Only the engine knows it; every id that was created is listed.
      runToken: '',
      findings,
    };
  }
}

function unsettled(rule: Rule, reason: string): Finding {
  const { sources, statements, note } = rule.citation;
  return {
    ruleId: rule.id,
    level: rule.level,
    verdict: 'blocked',
    title: rule.title,
    citation: { source: [...sources], statement: [...statements], lines: linesOf(statements), ...(note === undefined ? {} : { note }) },
    reason,
    requests: 0,
    judged: 0,
    durationMs: 0,
  };
}
