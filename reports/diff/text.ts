/** The comparison of two runs for a terminal: what is newly broken first, each with how to see it again. */
import pc from 'picocolors';
import type { AtlasDiff } from '../../contracts/atlas.js';
import type { Change, RunDiff } from '../../contracts/run-diff.js';
import { CHANGES } from '../../contracts/run-diff.js';
import { atlasChangeText } from '../atlas/compare.js';
import { renderProblem } from '../problem.js';
import { flow, INDENT, indented, type Style } from '../style.js';
import { count, plural, printable, WIDTH, wrap } from '../text.js';
import { acceptedText, groupBy, subjectOf } from '../words.js';
import { caseLines, conclusionText, IN_FULL, KIND_MEANS, ruleGroups, sideText, verdictsText } from './words.js';

export interface DiffTextOptions {
  /** Colours and bold; false by default. */
  readonly color?: boolean;
  /** Columns; 100 by default. Commands to copy may be longer. */
  readonly width?: number;
}

/** The whole comparison as text that ends in a newline. */
export function renderDiffText(diff: RunDiff, { color = false, width = WIDTH }: DiffTextOptions = {}): string {
  const style: Style = { colors: pc.createColors(color), verbose: false, width };
  const sections = [
    header(diff, style),
    ...CHANGES.map((kind) => section(diff, kind, style)),
    ...(['added', 'removed'] as const).map((which) => rules(diff, which, style)),
    atlasLines(diff.atlas, style),
    wrap(conclusionText(diff), width).map((line) => style.colors.bold(line)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header({ old, new: now, differences }: RunDiff, { colors, width }: Style): string[] {
  const side = (label: string, { name }: RunDiff['old'], text: string): string[] => [
    `${label}   ${printable(name)}`,
    ...indented(wrap(text, width - INDENT).map((line) => colors.dim(line))),
  ];
  return [
    ...wrap(subjectOf(now), width).map((line) => colors.bold(line)),
    ...side('OLD', old, sideText(old)),
    ...side('NEW', now, sideText(now)),
    ...differences.flatMap(({ what, old: was, new: is, means }) => [
      '',
      ...wrap(`note  ${what}: ${printable(was)} → ${printable(is)}`, width),
      ...indented(wrap(means, width - INDENT)),
    ]),
  ];
}

function section({ changes, new: now }: RunDiff, kind: Change['kind'], style: Style): string[] {
  const { colors } = style;
  const of = changes.filter((change) => change.kind === kind);
  if (of.length === 0) return [];
  const heading = `${colors.bold(COLORED[kind](colors, kind))}  ${plural(of.length, 'rule')}: ${KIND_MEANS[kind]}`;
  const [full, listed] = [of.filter((change) => isInFull(change)), of.filter((change) => !isInFull(change))];
  return [
    heading,
    ...full.flatMap((change) => [
      '',
      ...(change.finding === undefined ? [] : renderProblem(now, change.finding, style)),
      ...indented(beforeLines(change, style)),
    ]),
    ...(full.length > 0 && listed.length > 0 ? [''] : []),
    ...(BY_REASON.has(kind) ? byReason(listed, style) : listed.flatMap((change) => listedLines(change, style))),
  ];
}

/** What was not looked at mostly has one cause, which is told once. */
const BY_REASON: ReadonlySet<Change['kind']> = new Set<Change['kind']>(['newly blocked', 'no longer checked']);

function byReason(changes: readonly Change[], { colors, width }: Style): string[] {
  return groupBy(changes, ({ reason }) => reason).flatMap(([reason, group]) => [
    ...indented(wrap(printable(reason), width - INDENT)),
    ...indented(
      flow(some(group.map((change) => `${change.ruleId} ${verdictsText(change)}`)), width - INDENT - 2).map((line) => colors.dim(line)),
      INDENT + 2,
    ),
    ...indented(
      group.flatMap(({ ruleId, note }) => (note === undefined ? [] : wrap(`${ruleId}: ${note}`, width - INDENT - 2))),
      INDENT + 2,
    ),
  ]);
}

function some(entries: readonly string[]): string[] {
  return entries.length <= MOST_RULES ? [...entries] : [...entries.slice(0, MOST_RULES), `and ${count(entries.length - MOST_RULES)} more`];
}

const isInFull = ({ kind, accepted, finding }: Change): boolean => IN_FULL.has(kind) && accepted === undefined && finding !== undefined;

/** The last row of a problem: what OLD said of the rule. */
function beforeLines({ old, oldReason, note }: Change, { colors, width }: Style): string[] {
  const text = [...(old === undefined ? [] : [`${old}: ${printable(oldReason ?? '')}`]), ...(note === undefined ? [] : [note])];
  return text.flatMap((each, index) =>
    wrap(each, width - INDENT - LABEL).map((line, row) => `${colors.dim((index === 0 && row === 0 ? 'before' : '').padEnd(LABEL))}${line}`),
  );
}

/** As wide as the labels of a problem. */
const LABEL = 10;

function listedLines(change: Change, { colors, width }: Style): string[] {
  const { ruleId, kind, note, cases, reason, finding } = change;
  const accepted = acceptedText(change);
  // Cases tell an open rule better than its verdict, which is the same in both.
  const verdicts = change.old === change.new && kind !== 'still broken' ? '' : `   ${verdictsText(change)}`;
  const shown =
    kind === 'fixed' || cases !== undefined ? [] : finding === undefined ? [reason] : [finding.got === undefined ? reason : `${reason}; got ${finding.got}`];
  const details = [
    ...cut(caseLines(change)),
    ...shown.map((text) => printable(text)),
    ...(accepted === undefined ? [] : [accepted]),
    ...(note === undefined ? [] : [note]),
  ];
  return [
    ...indented([`${ruleId}${verdicts}`]),
    ...indented(
      details.flatMap((text) => wrap(text, width - INDENT - 2).slice(0, MOST_LINES)).map((line) => colors.dim(line)),
      INDENT + 2,
    ),
  ];
}

/** Rules of one run only, and cases of one rule, that are shown; all of them are in the JSON. */
const [MOST_RULES, MOST_CASES] = [24, 8];
/** Lines of a reason in a list: what a target answered can be long, and is in the report of NEW. */
const MOST_LINES = 3;

function cut(lines: readonly string[]): string[] {
  return lines.length <= MOST_CASES ? [...lines] : [...lines.slice(0, MOST_CASES - 1), `and ${count(lines.length - MOST_CASES + 1)} more cases`];
}

type Colors = Style['colors'];
const COLORED: Readonly<Record<Change['kind'], (colors: Colors, text: string) => string>> = {
  'newly broken': (colors, text) => colors.red(text),
  'reading changed': (colors, text) => colors.red(text),
  fixed: (colors, text) => colors.green(text),
  'still broken': (colors, text) => colors.yellow(text),
  'newly blocked': (colors, text) => colors.magenta(text),
  'no longer blocked': (colors, text) => colors.green(text),
  'no longer checked': (colors, text) => colors.magenta(text),
  'checked again': (colors, text) => colors.green(text),
  'warning new': (colors, text) => colors.yellow(text),
  'warning gone': (colors, text) => colors.green(text),
  'cases changed': (colors, text) => colors.cyan(text),
};

function rules({ added, removed }: RunDiff, which: 'added' | 'removed', { colors, width }: Style): string[] {
  const [of, has] = which === 'added' ? ([added, 'NEW'] as const) : ([removed, 'OLD'] as const);
  if (of.length === 0) return [];
  return [
    `${colors.bold(`rules ${which}`)}  ${plural(of.length, 'rule')} that only ${has} has`,
    ...ruleGroups(of, has).flatMap(([why, group]) => [
      ...indented(wrap(why, width - INDENT)),
      ...indented(
        flow(some(group.map(({ ruleId, verdict }) => `${ruleId} ${verdict}`)), width - INDENT - 2).map((line) => colors.dim(line)),
        INDENT + 2,
      ),
    ]),
  ];
}

/** What two atlases show otherwise; nothing where there are not two, or nothing changed. */
export function atlasLines(atlas: AtlasDiff | undefined, { colors, width }: Pick<Style, 'colors' | 'width'>): string[] {
  if (atlas === undefined || (atlas.changes.length === 0 && atlas.notCompared === 0)) return [];
  const { changes, notCompared } = atlas;
  return [
    `${colors.bold('atlas')}  ${changes.length === 0 ? 'nothing that both looked at has changed' : `what the target accepts has changed in ${plural(changes.length, 'way')}`}`,
    ...changes
      .map(atlasChangeText)
      .flatMap(({ about, change }) => [...indented(wrap(about, width - INDENT)), ...indented(wrap(change, width - INDENT - 2), INDENT + 2)]),
    ...(notCompared === 0
      ? []
      : indented([`${plural(notCompared, 'place')} of characters ${notCompared === 1 ? 'was' : 'were'} looked at by one of the two only`])),
  ];
}
