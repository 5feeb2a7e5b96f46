/** What the parts of the terminal report share: colours, width and the shape of its lines. */
import type pc from 'picocolors';
import type { Verdict } from '../contracts/finding.js';
import { length } from './text.js';

export interface Style {
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly verbose: boolean;
  /** Columns; commands to copy may be longer. */
  readonly width: number;
}

/** Columns in front of everything below a heading. */
export const INDENT = 6;

const COLORS: Readonly<Record<Verdict, 'green' | 'red' | 'yellow' | 'cyan' | 'magenta' | 'gray'>> = {
  pass: 'green',
  fail: 'red',
  flaky: 'red',
  warn: 'yellow',
  blocked: 'magenta',
  observed: 'cyan',
  skipped: 'gray',
};

/** A verdict, padded to a column of its own, in its colour. */
export function verdictText({ colors }: Pick<Style, 'colors'>, verdict: Verdict, column = 0): string {
  const color = colors[COLORS[verdict]];
  return `${colors.bold(color(verdict))}${' '.repeat(Math.max(0, column - verdict.length))}`;
}

/** Lines behind the indent. */
export function indented(lines: readonly string[], by = INDENT): string[] {
  return lines.map((line) => `${' '.repeat(by)}${line}`);
}

/** Entries joined by middle dots on lines of at most `width`; an entry is never broken. */
export function flow(entries: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && length(last) + 3 + length(entry) <= width) lines[lines.length - 1] = `${last} · ${entry}`;
    else lines.push(entry);
  }
  return lines;
}
