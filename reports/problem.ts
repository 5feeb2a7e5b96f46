/** One broken rule for people: what was sent, what was expected and where that is written, what came, how to see it again. */
import type { Exchange, Finding, Run } from '../contracts/finding.js';
import { offenceRows } from './client.js';
import { INDENT, indented, verdictText, type Style } from './style.js';
import { clip, length, printable, wrap, wrapCommand } from './text.js';
import { againCommand, citationLines, gotText, repeatedText, responseText, sentText } from './words.js';

const LABEL = 10;
/** Lines of a response that are shown without `verbose`: enough for a refusal, not for a page. */
const GOT_LINES = 4;
/** Characters of a value that are shown without `verbose`; the rest is in report.json. */
const VALUE_LENGTH = 60;
/** Steps that led up to the counterexample; the last ones tell most. */
const STEPS = 3;
/** Characters of a curl command; a longer one would bury the report. */
const CURL_LENGTH = 800;

/** The block of a finding that is not as it should be. */
export function renderProblem(run: Pick<Run, 'target' | 'client' | 'seed' | 'budget'>, finding: Finding, style: Style): string[] {
  const room = style.width - INDENT - LABEL;
  const { counterexample } = finding;
  const sent = sentText(finding, style.verbose ? Number.POSITIVE_INFINITY : VALUE_LENGTH);
  const got = gotText(finding);
  const repeated = finding.verdict === 'flaky' || style.verbose ? repeatedText(finding) : undefined;
  const rows: (readonly [label: string, lines: readonly string[]])[] = [
    ['after', (counterexample?.before ?? []).slice(-STEPS).flatMap((exchange) => wrap(stepText(exchange), room))],
    ['sent', sent === undefined ? [] : wrap(sent, room)],
    ['expected', expectation(finding, room)],
    ['got', got === undefined ? [] : clipped(wrap(got, room), style.verbose ? Number.POSITIVE_INFINITY : GOT_LINES, room)],
    ['response', style.verbose && counterexample?.response !== undefined ? wrap(responseText(counterexample.response), room) : []],
    ['because', finding.expected === undefined || got === undefined ? wrap(printable(finding.reason), room) : []],
    ['repeated', repeated === undefined ? [] : wrap(repeated, room)],
    ...offenceRows(finding, room, style),
    ['again', wrapCommand(againCommand(run, finding), room)],
    ['or', counterexample === undefined ? [] : curlLines(counterexample.curl, room, style.verbose)],
  ];
  return [
    ...heading(finding, style),
    ...rows.flatMap(([label, lines]) => indented(lines.map((line, row) => `${style.colors.dim((row === 0 ? label : '').padEnd(LABEL))}${line}`))),
  ];
}

/** Verdict, id and title; a title that does not fit goes on under itself, or below where the id leaves it no room. */
function heading(finding: Finding, style: Style): string[] {
  const column = Math.max(INDENT, finding.verdict.length + 1);
  const start = column + finding.ruleId.length + 3;
  const name = `${verdictText(style, finding.verdict, column)}${style.colors.bold(finding.ruleId)}`;
  const title = printable(finding.title);
  if (start + length(title) <= style.width) return [`${name}   ${title}`];
  return [name, ...indented(wrap(title, style.width - INDENT))];
}

/** What was expected and where that is written, side by side where both fit. */
function expectation(finding: Finding, room: number): string[] {
  const written = citationLines(finding.citation).map(printable);
  if (finding.expected === undefined) return written.flatMap((line) => wrap(line, room));
  const expected = printable(finding.expected);
  const [first = '', ...more] = written;
  const both = `${expected}    ${first}`;
  return [...(length(both) <= room ? [both] : [...wrap(expected, room), ...wrap(first, room)]), ...more.flatMap((line) => wrap(line, room))];
}

function stepText({ request, response, failure, note }: Exchange): string {
  const result = response === undefined ? (failure?.kind ?? 'no answer') : String(response.status);
  return printable(`${request.method} ${request.path} was answered ${result}${note === '' ? '' : `    (${note})`}`);
}

function curlLines(curl: string, room: number, verbose: boolean): string[] {
  // A command in which something had to be escaped for the screen would not send what was sent.
  const shown = curl !== '' && curl === printable(curl) && (verbose || curl.length <= CURL_LENGTH);
  return shown ? wrapCommand(curl, room) : ['the curl command in report.json'];
}

function clipped(lines: readonly string[], max: number, room: number): string[] {
  if (lines.length <= max) return [...lines];
  return [...lines.slice(0, max - 1), clip(lines.slice(max - 1).join(' '), room)];
}
