/** What was measured, as a table: medians beside the limits, and whether they were kept. */

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** The median must not be above it. */
  readonly limit?: number;
}

/** The middle of the values, or the mean of the two in the middle; NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Whether the row is past its limit. A median that is no number is past any. */
export function isPast({ values, limit }: Row): boolean {
  return limit !== undefined && !(median(values) <= limit);
}

const HEADINGS = ['', 'median', 'least', 'most', 'limit', ''] as const;

/** The rows in columns, each number with its unit. */
export function renderTable(rows: readonly Row[]): string {
  const number = (value: number, unit: string): string => `${value.toFixed(value >= 100 ? 0 : 2)}${unit === '' ? '' : ` ${unit}`}`;
  const cells = rows.map((row) => [
    row.what,
    ...[median(row.values), Math.min(...row.values), Math.max(...row.values)].map((value) => number(value, row.unit)),
    row.limit === undefined ? '' : number(row.limit, row.unit),
    isPast(row) ? 'past the limit' : '',
  ]);
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const lines = [HEADINGS, ...cells].map((line) =>
    line
      .map((cell, column) => (column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
