/** Rules as they are named on the command line. */
import type { Rule } from '../contracts/model.js';
import { RULES } from '../contracts/rules/index.js';
import { matchesRule } from '../contracts/rule-glob.js';
import { suggestion, UsageError } from './errors.js';

/** Throws a UsageError for a pattern that no rule matches; `label` is how the option was called. */
export function checkPatterns(patterns: readonly string[], label: string): void {
  for (const pattern of patterns) if (!RULES.some(({ id }) => matchesRule(pattern, id))) throw new UsageError(noSuchRule(pattern, label));
}

/** The rule with the id. Throws a UsageError, with near ids, where there is none. */
export function ruleOf(id: string, label: string): Rule {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new UsageError(noSuchRule(id, label));
  return rule;
}

function noSuchRule(given: string, label: string): string {
  const ids = RULES.map(({ id }) => id);
  const topics = [...new Set(ids.map((id) => `${id.split('/', 1)[0] ?? ''}/*`))];
  const isTopic = topics.includes(`${given}/*`);
  const help = isTopic ? `Did you mean ${given}/*?` : `${suggestion(given, given.includes('*') ? topics : ids, 'rules')} \`conform rules\` lists them.`;
  return `${label}: there is no rule ${JSON.stringify(given)}. ${help}`;
}
