/** Two runs, finding by finding. Pure: what is said of the comparison is made from what this gives. */
import {
  CHANGES,
  DIFF_VERSION,
  type CaseChange,
  type Change,
  type ChangeKind,
  type DiffSide,
  type RuleChange,
  type RunDiff,
} from '../../contracts/run-diff.js';
import type { Finding, Run, Verdict } from '../../contracts/finding.js';
import { matchesRule } from '../../contracts/rule-glob.js';
import type { Atlas, AtlasDiff } from '../../contracts/atlas.js';
import { compareAtlas } from '../atlas/compare.js';
import { inRuleOrder } from '../order.js';
import { plural } from '../text.js';
import { againCommand, isContradiction } from '../words.js';
import { differencesOf } from './differences.js';

/** A run and what it is called. */
export interface Named {
  readonly run: Run;
  /** Its report folder, as it was named. */
  readonly name: string;
  /** The atlas of its target, where the folder has one. */
  readonly atlas?: Atlas;
}

const CHECKED: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'fail', 'warn', 'observed', 'flaky']);

/** Compares two runs of a target, or two of a client. */
export function compareRuns(older: Named, newer: Named): RunDiff {
  const [oldRun, newRun] = [older.run, newer.run];
  const oldFindings = new Map(oldRun.findings.map((finding) => [finding.ruleId, finding]));
  const newFindings = new Map(newRun.findings.map((finding) => [finding.ruleId, finding]));
  const changes = inRuleOrder(newRun.findings).flatMap((finding) => changeOf(newRun, oldFindings.get(finding.ruleId), finding) ?? []);
  const sorted = CHANGES.flatMap((kind) => changes.filter((change) => change.kind === kind));
  const added = inRuleOrder(newRun.findings.filter(({ ruleId }) => !oldFindings.has(ruleId))).map((finding) => ruleChange(finding, newRun, oldRun));
  const removed = inRuleOrder(oldRun.findings.filter(({ ruleId }) => !newFindings.has(ruleId))).map((finding) => ruleChange(finding, oldRun, newRun));
  const atlas = older.atlas === undefined || newer.atlas === undefined ? undefined : compareAtlas(older.atlas, newer.atlas);
  const verdict = exitOf(oldRun, newRun, sorted, removed, atlas);
  return {
    schemaVersion: DIFF_VERSION,
    old: sideOf(older),
    new: sideOf(newer),
    differences: differencesOf(oldRun, newRun),
    changes: sorted,
    added,
    removed,
    ...(atlas === undefined ? {} : { atlas }),
    unchanged: newRun.findings.filter(({ ruleId }) => oldFindings.has(ruleId) && !changes.some((change) => change.ruleId === ruleId)).length,
    ...verdict,
  };
}

function sideOf({ run, name }: Named): DiffSide {
  const { tool, target, seed, budget, failOn, rules, started, ended, status, blockedBy, exitCode, counts, requestsSent, client } = run;
  return {
    name,
    tool,
    target,
    seed,
    budget,
    failOn,
    rules,
    started,
    ended,
    status,
    ...(blockedBy === undefined ? {} : { blockedBy }),
    exitCode,
    counts,
    requestsSent,
    ...(client === undefined ? {} : { client }),
  };
}

/** By what NEW was to fail on: a run before may have been let through with warnings. */
function isBroken(finding: Finding, { failOn }: Run): boolean {
  const { verdict } = finding;
  return verdict === 'fail' || verdict === 'flaky' || isContradiction(finding) || (verdict === 'warn' && failOn === 'should');
}

function changeOf(newRun: Run, old: Finding | undefined, now: Finding): Change | undefined {
  const cases = old === undefined || !CHECKED.has(old.verdict) || !CHECKED.has(now.verdict) ? [] : casesOf(old, now);
  const kind = kindOf(newRun, old, now, cases);
  if (kind === undefined) return undefined;
  const broken = isBroken(now, newRun);
  const note = noteOf(kind, old, now);
  return {
    ruleId: now.ruleId,
    kind,
    level: now.level,
    title: now.title,
    ...(old === undefined ? {} : { old: old.verdict }),
    new: now.verdict,
    ...(note === undefined ? {} : { note }),
    reason: now.reason,
    ...(old === undefined ? {} : { oldReason: old.reason }),
    ...(cases.length === 0 ? {} : { cases }),
    ...(now.accepted === undefined ? {} : { accepted: now.accepted }),
    ...(broken || now.verdict === 'warn' ? { finding: now, again: againCommand(newRun, now) } : {}),
  };
}

function kindOf(newRun: Run, old: Finding | undefined, now: Finding, cases: readonly CaseChange[]): ChangeKind | undefined {
  const broken = isBroken(now, newRun);
  if (old === undefined) return broken ? 'newly broken' : undefined;
  const wasBroken = isBroken(old, newRun);
  const [wasChecked, checked] = [CHECKED.has(old.verdict), CHECKED.has(now.verdict)];
  if (broken) return wasBroken ? 'still broken' : 'newly broken';
  if (now.verdict === 'blocked') return old.verdict === 'blocked' ? undefined : 'newly blocked';
  if (now.verdict === 'skipped') return wasChecked ? 'no longer checked' : undefined;
  if (wasBroken) return 'fixed';
  if (cases.some(({ old: before, new: after }) => before !== undefined && after !== undefined)) return 'reading changed';
  if (old.verdict === 'blocked') return 'no longer blocked';
  if (checked && !wasChecked) return 'checked again';
  if (now.verdict === 'warn') return old.verdict === 'warn' ? undefined : 'warning new';
  if (old.verdict === 'warn') return 'warning gone';
  return cases.length > 0 ? 'cases changed' : undefined;
}

/** The cases of an open rule that have another reading, or are in one of the runs only. */
function casesOf({ reading: before = {} }: Finding, { reading: after = {} }: Finding): CaseChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): CaseChange[] => {
    const [was, is] = [Object.hasOwn(before, name) ? before[name] : undefined, Object.hasOwn(after, name) ? after[name] : undefined];
    if (was === is) return [];
    return [{ case: name, ...(was === undefined ? {} : { old: was }), ...(is === undefined ? {} : { new: is }) }];
  });
}

function noteOf(kind: ChangeKind, old: Finding | undefined, now: Finding): string | undefined {
  if (kind === 'newly broken') {
    if (old === undefined) return 'OLD does not have the rule: it may have been broken before';
    if (old.verdict === 'blocked') return 'OLD could not check it: it may have been broken before';
    if (old.verdict === 'skipped') return 'OLD skipped it: it may have been broken before';
    if (old.verdict === 'observed' && isContradiction(now) && JSON.stringify(old.reading) === JSON.stringify(now.reading))
      return 'the target does what it did: it is the configuration that pins another reading now';
  }
  if (kind === 'fixed' && old !== undefined && isContradiction(old) && JSON.stringify(old.reading) === JSON.stringify(now.reading))
    return 'the target does what it did: the configuration does not pin another reading any more';
  if (kind === 'fixed' && old?.verdict === 'flaky') return 'it broke only sometimes before, so it may only have been lucky';
  if (kind === 'still broken' && old?.verdict !== now.verdict) return now.verdict === 'flaky' ? 'now only sometimes' : 'now each time';
  if (kind === 'still broken' && old?.accepted !== undefined && now.accepted === undefined) return 'it was accepted by a baseline before';
  if (kind === 'newly blocked' || kind === 'no longer checked') {
    if (old?.verdict === 'fail' || old?.verdict === 'flaky') return 'it was broken, and is not known to be fixed';
  }
  return undefined;
}

function ruleChange({ ruleId, verdict }: Finding, has: Run, lacks: Run): RuleChange {
  const selected = lacks.rules.some((pattern) => matchesRule(pattern, ruleId));
  const why = !selected ? 'selection' : has.tool.version !== lacks.tool.version ? 'tool' : 'unknown';
  return { ruleId, verdict, why };
}

/** 1 where NEW is worse, 2 where it cannot be said whether it is; a comparison that looked at nothing is never 0. */
function exitOf(
  oldRun: Run,
  newRun: Run,
  changes: readonly Change[],
  removed: readonly RuleChange[],
  atlas: AtlasDiff | undefined,
): Pick<RunDiff, 'exitCode' | 'because'> {
  const of = (kind: ChangeKind): Change[] => changes.filter((change) => change.kind === kind);
  const broken = of('newly broken').filter(({ accepted }) => accepted === undefined).length;
  const changed = of('reading changed').length;
  const failed = newRun.client !== undefined && newRun.exitCode === 1 && oldRun.exitCode === 0 && broken === 0;
  const worse = [
    ...(broken === 0 ? [] : [`${plural(broken, 'rule is', 'rules are')} newly broken.`]),
    ...(changed === 0 ? [] : [`${plural(changed, 'open rule')} ${changed === 1 ? 'has' : 'have'} another reading.`]),
    ...(atlas === undefined || atlas.changes.length === 0 ? [] : [`What the target accepts has changed in ${plural(atlas.changes.length, 'way')}.`]),
    ...(failed ? ['The command of NEW failed, and that of OLD did not.'] : []),
  ];
  if (worse.length > 0) return { exitCode: 1, because: worse };
  const isChecked = ({ findings }: Run): boolean => findings.some(({ verdict }) => CHECKED.has(verdict));
  const blocked = of('newly blocked').length;
  // What an open rule is about may not have come up; nothing that a target has to keep is lost with it.
  const unchecked = of('no longer checked').filter(({ level }) => level !== 'open').length;
  const unselected = removed.filter(({ why, verdict }) => why !== 'tool' && CHECKED.has(verdict)).length;
  const unknown = [
    ...(newRun.status === 'blocked' ? ['NEW could not check anything.'] : []),
    ...(newRun.status === 'interrupted' ? ['NEW was interrupted.'] : []),
    ...(newRun.status === 'complete' && !isChecked(newRun) ? ['NEW checked nothing.'] : []),
    ...(isChecked(oldRun) ? [] : ['OLD checked nothing, so there is nothing to compare with.']),
    ...(blocked > 0 && newRun.status === 'complete' ? [`${plural(blocked, 'rule is', 'rules are')} newly blocked.`] : []),
    ...(unchecked === 0 ? [] : [`${plural(unchecked, 'rule')} that OLD had checked ${unchecked === 1 ? 'was' : 'were'} skipped by NEW.`]),
    ...(unselected === 0 ? [] : [`${plural(unselected, 'rule')} that OLD had checked ${unselected === 1 ? 'is' : 'are'} not in NEW.`]),
  ];
  return { exitCode: unknown.length > 0 ? 2 : 0, because: unknown };
}
