/** The report folder: the one place that writes. Exchanges and findings stream into it, reports appear whole or not at all. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Exchange, Finding, Run } from '../contracts/finding.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';

/** The formats of a report and the file that each is written to. */
export const FORMATS = {
  json: { file: 'report.json', render: renderJson },
  junit: { file: 'junit.xml', render: renderJunit },
} as const satisfies Record<string, { readonly file: string; readonly render: (run: Run) => string }>;
export type Format = keyof typeof FORMATS;

/** Every exchange, one JSON object a line, in the order in which they ended. */
export const EXCHANGES = 'exchanges.ndjson';
/** Findings as they are settled; only there while no `report.json` of the run is. */
export const SETTLED = 'findings.ndjson';

/** A file that could not be written, with what it would have held. */
export interface Unwritten {
  readonly file: string;
  readonly reason: string;
  /** The report's text; absent for a stream, of which the part until the error is on the disk. */
  readonly content?: string;
}

export interface Written {
  /** Paths of the files that are there. */
  readonly files: readonly string[];
  readonly unwritten: readonly Unwritten[];
}

/** A folder that a run reports into. */
export class ReportFolder {
  readonly #folder: string;
  readonly #exchanges: LineStream;
  readonly #findings: LineStream;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#exchanges = new LineStream(folder, EXCHANGES);
    this.#findings = new LineStream(folder, SETTLED);
  }

  /**
   * Makes the folder where there is none, shows that it can be written to and takes away the reports of an earlier
   * run: a run that is killed must not leave another's result behind as its own. Rejects with the error of the file
   * system, before anything is taken away, where it cannot be written to.
   */
  static async open(folder: string): Promise<ReportFolder> {
    await mkdir(folder, { recursive: true });
    const names = [...Object.values(FORMATS).map(({ file }) => file), EXCHANGES, SETTLED];
    for (const name of names) {
      const known = await stat(join(folder, name)).catch(() => undefined);
      if (known?.isDirectory() === true) throw new Error(`EISDIR: ${join(folder, name)} is a folder`);
    }
    const probe = join(folder, `.probe-${String(process.pid)}`);
    await (await open(probe, 'w')).close();
    await rm(probe);
    for (const name of names) await rm(join(folder, name), { force: true });
    return new ReportFolder(folder);
  }

  /** Appends an exchange; never throws. */
  exchange(exchange: Exchange): void {
    this.#exchanges.append(exchange);
  }

  /** Appends a settled finding; never throws. */
  finding(finding: Finding): void {
    this.#findings.append(finding);
  }

  /** Flushes what streams and writes the reports, each to a temporary file that then takes its place; never rejects. */
  async finish(run: Run, formats: readonly Format[]): Promise<Written> {
    const files: string[] = [];
    const unwritten: Unwritten[] = [];
    for (const format of formats) {
      const { file, render } = FORMATS[format];
      const content = render(run);
      try {
        await replaceFile(join(this.#folder, file), content);
        files.push(join(this.#folder, file));
      } catch (error) {
        unwritten.push({ file: join(this.#folder, file), reason: reasonOf(error), content });
      }
    }
    for (const stream of [this.#exchanges, this.#findings]) {
      const failure = await stream.end();
      if (failure !== undefined) unwritten.push({ file: stream.path, reason: failure });
    }
    const streamed = files.includes(join(this.#folder, FORMATS.json.file)) ? [this.#exchanges] : [this.#exchanges, this.#findings];
    if (streamed.length === 1) await rm(this.#findings.path, { force: true }).catch(() => undefined);
    return { files: [...files, ...streamed.map(({ path }) => path)].filter((path) => unwritten.every(({ file }) => file !== path)), unwritten };
  }
}

/** A file of JSON lines. An error of the disk ends it and is told at the end: the run goes on. */
class LineStream {
  readonly path: string;
  readonly #stream: WriteStream;
  #failure: string | undefined;

  constructor(folder: string, name: string) {
    this.path = join(folder, name);
    this.#stream = createWriteStream(this.path, { flags: 'w' });
    this.#stream.on('error', (error) => (this.#failure ??= reasonOf(error)));
  }

  append(value: unknown): void {
    if (this.#failure === undefined) this.#stream.write(`${JSON.stringify(value)}\n`);
  }

  /** Resolves when everything is on the disk, with the reason where it is not. */
  async end(): Promise<string | undefined> {
    if (this.#failure !== undefined) return this.#failure;
    this.#stream.end();
    await finished(this.#stream).catch((error: unknown) => (this.#failure ??= reasonOf(error)));
    return this.#failure;
  }
}

async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
