/** The one order in which rules are reported, whatever the order in which they were settled. */
import { RULES } from '../contracts/rules/index.js';
import type { Finding, Verdict } from '../contracts/finding.js';

const PLACES: ReadonlyMap<string, number> = new Map(RULES.map(({ id }, index) => [id, index]));

/** Findings in the order of the rules; those of rules that this version does not have come last, by id. */
export function inRuleOrder(findings: readonly Finding[]): Finding[] {
  const place = ({ ruleId }: Finding): number => PLACES.get(ruleId) ?? PLACES.size;
  return [...findings].sort((a, b) => place(a) - place(b) || (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0));
}

const WORST_FIRST: readonly Verdict[] = ['fail', 'flaky', 'observed', 'warn', 'pass'];

/** Of findings that fail a run, the broken ones before those that break only sometimes, and both before what is a matter of configuration. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
}
