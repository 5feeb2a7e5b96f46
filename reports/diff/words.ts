/** What the parts of a comparison are called when people are told of them. */
import type { Change, ChangeKind, DiffSide, RuleChange, RunDiff } from '../../contracts/run-diff.js';
import { VERDICTS } from '../../contracts/finding.js';
import { count, plural, printable } from '../text.js';
import { groupBy } from '../words.js';

/** What each kind of change means to who reads of it. */
export const KIND_MEANS: Readonly<Record<ChangeKind, string>> = {
  'newly broken': 'broken in NEW, and not known to be in OLD',
  'reading changed': 'the documentation leaves it open, and NEW answers otherwise than OLD',
  fixed: 'broken in OLD, and held in NEW',
  'still broken': 'broken in both',
  'newly blocked': 'could not be checked by NEW',
  'no longer blocked': 'could not be checked by OLD, and held in NEW',
  'no longer checked': 'checked by OLD, and skipped by NEW',
  'checked again': 'skipped by OLD, and held in NEW',
  'warning new': 'recommendations that NEW does not follow, and OLD did',
  'warning gone': 'recommendations that OLD did not follow, and NEW does',
  'cases changed': 'open questions of which other cases came up; none has another reading',
};

/** Kinds that are told in full; the others are lists. */
export const IN_FULL: ReadonlySet<ChangeKind> = new Set<ChangeKind>(['newly broken']);

/** `pass → fail`; one verdict alone where the other run does not have the rule. */
export function verdictsText({ old, new: now }: Pick<Change, 'old' | 'new'>): string {
  return old === undefined || old === now ? (now ?? '') : `${old} → ${now ?? ''}`;
}

/** `application/json: refused → accepted`, a line for each case that differs. */
export function caseLines({ cases = [] }: Change): string[] {
  return cases.map(({ case: name, old, new: now }) => printable(`${name}: ${old ?? '(did not come up)'} → ${now ?? '(did not come up)'}`));
}

/** The run in a line: `reports/old   2026-03-17 14:13 · seed 7 · budget standard · 177 rules: 110 pass, 1 fail`. */
export function sideText({ started, seed, budget, counts, status, client, tool }: DiffSide): string {
  const total = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
  const each = VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => `${count(counts[verdict])} ${verdict}`);
  const how = client === undefined ? [`seed ${String(seed)}`, `budget ${budget.name}`] : [];
  return printable(
    [
      `${started.slice(0, 10)} ${started.slice(11, 16)} UTC`,
      ...(status === 'complete' ? [] : [status]),
      ...how,
      `version ${tool.version}`,
      `${plural(total, 'rule')}${each.length === 0 ? '' : `: ${each.join(', ')}`}`,
    ].join(' · '),
  );
}

const WHY: Readonly<Record<RuleChange['why'], (has: string, lacks: string) => string>> = {
  tool: (has, lacks) => `${has} was made by another version of conform, and ${lacks}'s does not have them`,
  selection: (_has, lacks) => `${lacks} was not asked for them (--rule)`,
  unknown: (_has, lacks) => `they are not in the report of ${lacks}`,
};

/** Rules of one run only, by why: the sentence, and the rules with their verdicts. */
export function ruleGroups(rules: readonly RuleChange[], has: 'OLD' | 'NEW'): (readonly [why: string, rules: readonly RuleChange[]])[] {
  const lacks = has === 'OLD' ? 'NEW' : 'OLD';
  return groupBy(rules, ({ why }) => why).map(([, group]) => [WHY[group[0]?.why ?? 'unknown'](has, lacks), group] as const);
}

/** The comparison in a sentence or two, with the exit code that goes with it. */
export function conclusionText({ changes, exitCode, because, added, removed, atlas }: RunDiff): string {
  const number = (kind: ChangeKind): number => changes.filter((change) => change.kind === kind).length;
  const accepted = changes.filter((change) => change.kind === 'newly broken' && change.accepted !== undefined).length;
  const parts = [
    ...(number('newly broken') === 0
      ? []
      : [`${count(number('newly broken'))} newly broken${accepted === 0 ? '' : ` (${count(accepted)} accepted by the baseline)`}`]),
    ...(['reading changed', 'fixed', 'still broken', 'newly blocked', 'no longer checked'] as const).flatMap((kind) =>
      number(kind) === 0 ? [] : [`${count(number(kind))} ${kind}`],
    ),
    ...(added.length === 0 ? [] : [`${plural(added.length, 'rule')} added`]),
    ...(removed.length === 0 ? [] : [`${plural(removed.length, 'rule')} removed`]),
    ...(atlas === undefined || atlas.changes.length === 0 ? [] : [`${plural(atlas.changes.length, 'change')} of the atlas`]),
  ];
  const what = parts.length === 0 ? 'Nothing that matters changed.' : `${parts.join(', ')}.`;
  const verdict =
    exitCode === 0
      ? 'NEW is no worse than OLD.'
      : exitCode === 1
        ? 'NEW is worse than OLD.'
        : `It cannot be said whether NEW is worse than OLD. ${because.join(' ')}`;
  return `${what} ${verdict} (exit ${String(exitCode)})`;
}
