/** What became of broken findings that were sent again, for a terminal. */
import pc from 'picocolors';
import type { Finding, Run } from '../contracts/finding.js';
import { REPLAY_OUTCOMES, type Replay, type Replayed, type ReplayOutcome, type ReplayWay } from '../contracts/replay.js';
import { INDENT, indented, type Style } from './style.js';
import { count, length, plural, printable, WIDTH, wrap, wrapCommand } from './text.js';
import { againCommand, citationLines, sentText, subjectOf } from './words.js';

const LABEL = 10;
/** Characters of a value, and lines of an answer, that are shown; all of it is in the JSON and the report. */
const [VALUE_LENGTH, GOT_LINES] = [60, 4];

const WAYS: Readonly<Record<ReplayWay, string>> = {
  counterexample: 'the kept request, with a fresh object_reference_id',
  steps: 'the same steps, with fresh references',
  check: "the rule's own check, with the seed of the run: one request does not show it",
  run: 'all that the run sent, with its seed: fewer requests do not show it',
};

export interface ReplayTextOptions {
  readonly color?: boolean;
  /** Columns; 100 by default. Commands to copy may be longer. */
  readonly width?: number;
}

/** One finding, as it is settled: `still broken  last_name/charset`, with what was sent, expected and got. */
export function renderReplayed(replayed: Replayed, run: Run, replay: Pick<Replay, 'target'>, { color = false, width = WIDTH }: ReplayTextOptions = {}): string {
  const style: Style = { colors: pc.createColors(color), verbose: false, width };
  const finding = run.findings.find(({ ruleId }) => ruleId === replayed.ruleId);
  const room = width - INDENT - LABEL;
  const { outcome, ruleId, title, reason, got, expected, way } = replayed;
  const isBroken = outcome === 'still broken' || outcome === 'flaky';
  const sent = finding === undefined ? undefined : sentText(finding, VALUE_LENGTH);
  const rows: (readonly [label: string, lines: readonly string[]])[] = [
    ['sent', sent === undefined ? [] : wrap(sent, room)],
    ['expected', isBroken && finding !== undefined ? expectationLines(expected ?? finding.expected, finding, room) : []],
    ['got', got === undefined ? [] : wrap(printable(got), room).slice(0, GOT_LINES)],
    ['because', wrap(printable(reason), room)],
    // Where nothing was sent there is no way in which it was.
    ['sent as', outcome === 'blocked' && (replayed.tries ?? 0) === 0 && way !== 'check' && way !== 'run' ? [] : wrap(WAYS[way], room)],
    ['again', isBroken && finding !== undefined ? wrapCommand(againCommand({ ...run, target: replay.target }, finding), room) : []],
  ];
  return [
    ...heading(outcome, ruleId, title, style),
    ...rows.flatMap(([label, lines]) => indented(lines.map((line, row) => `${style.colors.dim((row === 0 ? label : '').padEnd(LABEL))}${line}`))),
  ].join('\n');
}

function heading(outcome: ReplayOutcome, ruleId: string, title: string, { colors, width }: Style): string[] {
  const color = { 'still broken': colors.red, flaky: colors.red, blocked: colors.magenta, fixed: colors.green }[outcome];
  const line = `${outcome}  ${ruleId}   ${printable(title)}`;
  const head = `${colors.bold(color(outcome))}  ${colors.bold(ruleId)}`;
  return length(line) <= width ? [`${head}   ${printable(title)}`] : [head, ...indented(wrap(printable(title), width - INDENT))];
}

function expectationLines(expected: string | undefined, finding: Finding, room: number): string[] {
  return [...(expected === undefined ? [] : [expected]), ...citationLines(finding.citation)].flatMap((line) => wrap(printable(line), room));
}

/** What was sent again and where, before the first finding. */
export function renderReplayHead(run: Run, target: Replay['target'], findings: number, { color = false, width = WIDTH }: ReplayTextOptions = {}): string {
  const colors = pc.createColors(color);
  const elsewhere = target.url === run.target.url || (target.embedded && run.target.embedded) ? '' : `, which were found on ${printable(run.target.url)}`;
  return wrap(`${subjectOf({ ...run, target })}: ${plural(findings, 'finding')} of ${run.ended.slice(0, 10)} sent again${elsewhere}`, width)
    .map((line) => colors.bold(line))
    .join('\n');
}

/** The last lines: how many came to what, and the exit code. */
export function renderReplayFoot(replay: Replay, { color = false, width = WIDTH }: ReplayTextOptions = {}): string {
  const colors = pc.createColors(color);
  const counts = REPLAY_OUTCOMES.flatMap((outcome) => {
    const number = replay.replayed.filter((each) => each.outcome === outcome).length;
    return number === 0 ? [] : [`${count(number)} ${outcome}`];
  });
  const created = replay.target.embedded || replay.idsCreated.length === 0 ? '' : ` ${plural(replay.idsCreated.length, 'customer')} created.`;
  return [
    ...wrap(`${counts.join(', ')}. (exit ${String(replay.exitCode)})`, width).map((line) => colors.bold(line)),
    ...wrap(`${plural(replay.requestsSent, 'request')} sent.${created}`, width),
  ].join('\n');
}
