/** Where a command reads and writes: the process, or a spec's stand-in for it. */

/** A stream that is written to: stdout, stderr. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder: configuration files are looked for here. */
  readonly folder: string;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Rejects where the process caught an error that nobody handled. */
  readonly crash: Promise<never>;
}

/** Whether a stream gets colours: a terminal does, unless NO_COLOR or TERM=dumb says otherwise; FORCE_COLOR forces them. */
export function hasColor(output: Output, environment: Io['environment']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return output.isTTY === true && TERM !== 'dumb';
}

/** Whether a line can be written over and over. CI systems may show a terminal, and keep every state of such a line. */
export function isInteractive({ stdout, stderr, environment }: Pick<Io, 'stdout' | 'stderr' | 'environment'>): boolean {
  return stdout.isTTY === true && stderr.isTTY === true && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === '';
}

/** Columns to fill: the terminal's, up to what reads well, and that where there is no terminal. */
export function widthOf({ isTTY, columns }: Output, most: number): number {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.max(60, Math.min(columns, most)) : most;
}
