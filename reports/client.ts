/** What is only told of clients under test: requests at fault, answers explored, what the page leaves open. */
import type { Client, Explored, Finding, Run } from '../contracts/finding.js';
import { INDENT, indented, verdictText, type Style } from './style.js';
import { clip, duration, length, plural, printable, wrap } from './text.js';

/** Requests at fault that are shown of each finding without `verbose`; all of them are in report.json. */
const REQUESTS = 3;
/** Characters of what a request holds that are shown without `verbose`. */
const NOTE_LENGTH = 160;

/** Every request that departs from the rule, decoded, and the lines of the page that the rule rests on. */
export function offenceRows(finding: Finding, room: number, style: Style): readonly (readonly [label: string, lines: readonly string[]])[] {
  const { offences = [], citation } = finding;
  if (offences.length === 0) return [];
  const most = style.verbose ? offences.length : REQUESTS;
  const rows = offences.slice(0, most).flatMap(({ exchange, got, expected }) => {
    const what = expected === finding.expected && got === finding.got ? '' : `: ${got}; expected ${expected}`;
    const note = printable(exchange.note);
    return wrap(
      printable(`${String(exchange.n)}  ${exchange.request.method} ${exchange.request.path}  `) +
        (style.verbose ? note : clip(note, NOTE_LENGTH)) +
        printable(what),
      room,
    );
  });
  const more = offences.length - most;
  const lines = [...new Set(citation.lines.map(([from, to]) => (from === to ? String(from) : `${String(from)}-${String(to)}`)))];
  return [
    ['line', lines.length === 0 ? [] : [`${lines.join(', ')} of the page`]],
    ['requests', [...rows, ...(more > 0 ? [`and ${String(more)} more, in report.json`] : [])]],
  ];
}

/** The sections of a client's report behind its problems. */
export function clientSections(run: Run, client: Client, style: Style): string[][] {
  const observed = run.findings.filter(({ verdict }) => verdict === 'observed');
  return [
    observed.length === 0
      ? []
      : [
          `${verdictText(style, 'observed')}  what the page leaves open, and another server may answer otherwise`,
          ...observed.flatMap((finding) => openLines(finding, style)),
        ],
    client.explored === undefined ? [] : exploredTable(client.explored, style),
    client.notes.flatMap((note) => wrap(printable(note), style.width)),
  ];
}

function openLines({ ruleId, reading = {} }: Finding, { width }: Style): string[] {
  return Object.entries(reading)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, times]) => indented(wrap(`${ruleId}   ${printable(name)} (${printable(times)})`, width - INDENT)));
}

/** Answers × what the client did, a line each; what does not fit goes on below its column. */
export function exploredTable(explored: readonly Explored[], style: Style): string[] {
  const rows = explored.map(({ answer, expects, verdict, ended, creates, durationMs, did }) => ({
    verdict,
    cells: [answer, expects, printable(ended), verdict === 'skipped' ? '' : String(creates), verdict === 'skipped' ? '' : duration(durationMs)] as const,
    did: printable(did),
  }));
  const head = ['answer', 'expects', 'ended', 'creates', 'time'] as const;
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(({ cells }) => length(cells[column] ?? ''))));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const verdicts = Math.max(...rows.map(({ verdict }) => verdict.length), 'verdict'.length);
  const left = widths.reduce((sum, width) => sum + width + 2, 0) + verdicts + 2;
  const room = Math.max(24, style.width - left);
  return [
    style.colors.bold('answers × what the client did'),
    style.colors.dim(`${'verdict'.padEnd(verdicts)}  ${line(head)}  what it did`),
    ...rows.flatMap(({ verdict, cells, did }) => {
      const [first = '', ...more] = wrap(did, room);
      return [`${verdictText(style, verdict, verdicts)}  ${line(cells)}  ${first}`, ...more.map((text) => `${' '.repeat(left)}${text}`)];
    }),
  ];
}

/** The run of a client in a sentence. */
export function clientConclusion({ status, counts, exitCode, client, blockedBy, failOn }: Run): string {
  if (status === 'interrupted') return 'Interrupted: what came until then is in the report.';
  if (exitCode === 1) {
    const wrong = counts.fail + (failOn === 'should' ? counts.warn : 0);
    return `The client departs from what is asked of it in ${plural(wrong, 'point')}.`;
  }
  if (status === 'blocked') return `Nothing could be judged: ${printable(blockedBy ?? '')}`;
  if (exitCode === 2) return `With ${plural(counts.blocked, 'answer')} nothing is proved: what is blocked says why.`;
  if (exitCode !== 0) return 'The script was not used as it is written: nothing is proved by it.';
  if (client?.accepted === 0 && client.explored === undefined)
    return 'No request departs from the page, and none of them was accepted: nothing was created, read or changed.';
  const warned = counts.warn > 0 ? `, but for ${plural(counts.warn, 'recommendation')}` : '';
  return client?.explored === undefined ? `Every request keeps what the page asks${warned}.` : `The client goes on as it should with every answer${warned}.`;
}
