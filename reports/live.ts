/** What is said of a run while it goes on, a line each. */
import pc from 'picocolors';
import type { Exchange, Finding } from '../contracts/finding.js';
import { verdictText } from './style.js';
import { clip, count, duration, length, plural, printable, WIDTH } from './text.js';
import { shortCitation } from './words.js';

export interface LineOptions {
  /** Colours; false by default. */
  readonly color?: boolean;
  /** Columns; 100 by default. */
  readonly width?: number;
}

/** One finding, as it is settled: `pass  first_name/charset  a name with …  (statement 28)`. */
export function renderLine(finding: Finding, { color = false, width = WIDTH }: LineOptions = {}): string {
  const colors = pc.createColors(color);
  const end = `(${clip(shortCitation(finding.citation), 30)})`;
  const id = finding.ruleId.padEnd(30);
  const room = width - 9 - id.length - 2 - 2 - length(end);
  return `${verdictText({ colors }, finding.verdict, 9)}${id}  ${clip(printable(finding.title), Math.max(8, room))}  ${colors.dim(end)}`;
}

/** One exchange, as it ends: `→ POST /customers 200 in 3 ms  first_name/charset#3 violating: blank inside`, and the bodies below it. */
export function renderExchange(
  { id, purpose, note, request, response, failure, durationMs }: Exchange,
  { color = false, width = WIDTH }: LineOptions = {},
): string {
  const colors = pc.createColors(color);
  const result = response === undefined ? (failure?.kind ?? 'no answer') : String(response.status);
  const what = `${id} ${purpose}${note === '' ? '' : `: ${note}`}`;
  const bodies = [
    ['sent', request.body.text],
    ['got', response?.body.text ?? failure?.message ?? ''],
  ] as const;
  return [
    clip(printable(`→ ${request.method} ${request.path} ${result} in ${duration(durationMs)}  ${what}`), width),
    ...bodies.filter(([, text]) => text !== '').map(([label, text]) => `  ${colors.dim(label.padEnd(5))}${clip(printable(text), width - 7)}`),
  ].join('\n');
}

/** How far a run is, for a line that is written over and over. */
export function renderProgress(progress: {
  readonly requestsSent: number;
  readonly requestsPlanned: number;
  readonly settled: number;
  readonly rules: number;
  readonly failing: number;
}): string {
  const planned = Math.max(progress.requestsPlanned, progress.requestsSent);
  const failing = progress.failing > 0 ? ` · ${count(progress.failing)} failing` : '';
  return `${count(progress.requestsSent)} of ${plural(planned, 'request')} · ${count(progress.settled)} of ${plural(progress.rules, 'rule')} settled${failing}`;
}
