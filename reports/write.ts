/** The report folder: the one place that writes. Exchanges and findings stream into it, reports appear whole or not at all. */
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Atlas } from '../contracts/atlas.js';
import type { Exchange, Finding, Run } from '../contracts/finding.js';
import { ATLAS_FILE, isOfTarget, parseAtlas } from './atlas/read.js';
import { renderCtrf } from './ctrf.js';
import { renderHar } from './har.js';
import { renderHtmlFrom } from './html/report.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSarif } from './sarif.js';
import { renderTap } from './tap.js';

/** A format of a report: the file that it is written to, and how that is made. */
export interface FormatRow {
  readonly file: string;
  /** The file's text. `exchanges` are those that the run kept, in the order in which they ended; empty unless the row asks for them. */
  readonly render: (run: Run, exchanges: readonly Exchange[]) => string;
  /** It needs the exchanges: they are read back from the disk for it, and for no other. */
  readonly exchanges?: true;
}

/** A format that goes through the exchanges once, as they are read back from the disk: none has to stay in memory for it. */
export interface StreamingFormatRow {
  readonly file: string;
  readonly renderFrom: (run: Run, exchanges: AsyncIterable<Exchange> | Iterable<Exchange>, beside: { readonly atlas?: Atlas }) => Promise<string>;
}

/** The formats of a report by the name that `--format` has for them. */
export const FORMATS = {
  json: { file: 'report.json', render: renderJson },
  junit: { file: 'junit.xml', render: renderJunit },
  html: { file: 'report.html', renderFrom: renderHtmlFrom },
  markdown: { file: 'report.md', render: (run) => renderMarkdown(run) },
  sarif: { file: 'report.sarif', render: renderSarif },
  har: { file: 'exchanges.har', render: renderHar, exchanges: true },
  ctrf: { file: 'ctrf-report.json', render: renderCtrf },
  tap: { file: 'report.tap', render: renderTap },
} as const satisfies Readonly<Record<string, FormatRow | StreamingFormatRow>>;
export type Format = keyof typeof FORMATS;

/** What a run writes unless it is told otherwise. */
export const DEFAULT_FORMATS: readonly Format[] = ['json', 'junit', 'html'];

/** Every exchange, one JSON object a line, in the order in which they ended. */
export const EXCHANGES = 'exchanges.ndjson';
/** Findings as they are settled; only there while no `report.json` of the run is. */
export const SETTLED = 'findings.ndjson';

/** A file that could not be written, with what it would have held. */
export interface Unwritten {
  readonly file: string;
  readonly reason: string;
  /** The report's text; absent where it could not be made, and for a stream, of which the part until the error is on the disk. */
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
    await makeRoom(folder, [...Object.values(FORMATS).map(({ file }) => file), EXCHANGES, SETTLED]);
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
    const cut: Unwritten[] = [];
    for (const stream of [this.#exchanges, this.#findings]) {
      const failure = await stream.end();
      if (failure !== undefined) cut.push({ file: stream.path, reason: failure });
    }
    const reports = await writeReports(this.#folder, run, formats, exchangesIn(this.#exchanges.path), await besides(this.#folder, run));
    const streamed = reports.files.includes(join(this.#folder, FORMATS.json.file)) ? [this.#exchanges] : [this.#exchanges, this.#findings];
    if (streamed.length === 1) await rm(this.#findings.path, { force: true }).catch(() => undefined);
    const whole = streamed.map(({ path }) => path).filter((path) => cut.every(({ file }) => file !== path));
    return { files: [...reports.files, ...whole], unwritten: [...reports.unwritten, ...cut] };
  }
}

/** As `mkdir` with `recursive`, which never ends where no folder can be made at all (/proc). Rejects where there can be none. */
export async function makeFolder(folder: string): Promise<void> {
  const isThere = async (): Promise<boolean> => (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  if (await isThere()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Another process may have made it in the meantime.
    if (!(await isThere())) throw error;
  });
}

/** Makes the folder, shows that it can be written to, and then takes the files away. */
async function makeRoom(folder: string, names: readonly string[]): Promise<void> {
  await makeFolder(folder);
  for (const name of names) {
    const known = await stat(join(folder, name)).catch(() => undefined);
    if (known?.isDirectory() === true) throw new Error(`EISDIR: ${join(folder, name)} is a folder`);
  }
  const probe = join(folder, `.probe-${String(process.pid)}`);
  await (await open(probe, 'w')).close();
  await rm(probe);
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** What a report folder has beside a run and what is told with it: the atlas, where it is one of the same target that can be read. */
export async function besides(folder: string, run: Run): Promise<{ readonly atlas?: Atlas }> {
  const text = await readFile(join(folder, ATLAS_FILE), 'utf8').catch(() => undefined);
  const atlas = text === undefined ? undefined : parseAtlas(text);
  return atlas === undefined || 'wrong' in atlas || !isOfTarget(atlas, run) ? {} : { atlas };
}

/** Files made of one thing, by their names: the text is made when it is written. */
export type Texts = Readonly<Record<string, () => string>>;

/** A folder for files that are no reports of a run, beside which it may have one; with a stream of exchanges where it is given a name. */
export class TextFolder {
  readonly #folder: string;
  readonly #exchanges: LineStream | undefined;

  private constructor(folder: string, exchanges: string | undefined) {
    this.#folder = folder;
    this.#exchanges = exchanges === undefined ? undefined : new LineStream(folder, exchanges);
  }

  /** As that of a report folder: takes away what an earlier run of the same command left under these names, and nothing else. */
  static async open(folder: string, names: readonly string[], exchanges?: string): Promise<TextFolder> {
    await makeRoom(folder, exchanges === undefined ? names : [...names, exchanges]);
    return new TextFolder(folder, exchanges);
  }

  /** Appends an exchange; never throws. */
  exchange(exchange: Exchange): void {
    this.#exchanges?.append(exchange);
  }

  /** Flushes the exchanges and writes the files, each to a temporary one that then takes its place; never rejects. */
  async finish(texts: Texts): Promise<Written> {
    const files: string[] = [];
    const unwritten: Unwritten[] = [];
    for (const [name, render] of Object.entries(texts)) {
      const file = join(this.#folder, name);
      try {
        await replaceFile(file, render());
        files.push(file);
      } catch (error) {
        unwritten.push({ file, reason: reasonOf(error) });
      }
    }
    const failure = await this.#exchanges?.end();
    if (this.#exchanges === undefined) return { files, unwritten };
    const { path } = this.#exchanges;
    return failure === undefined ? { files: [...files, path], unwritten } : { files, unwritten: [...unwritten, { file: path, reason: failure }] };
  }
}

/**
 * Writes the reports of a run into a folder that is there, each to a temporary file that then takes its place; what
 * else is in the folder stays as it is. The exchanges are read once, and only where one of the formats needs them.
 * Never rejects.
 */
export async function writeReports(
  folder: string,
  run: Run,
  formats: readonly Format[],
  exchanges: AsyncIterable<Exchange>,
  { atlas }: { readonly atlas?: Atlas } = {},
): Promise<Written> {
  const files: string[] = [];
  const unwritten: Unwritten[] = [];
  const rows: readonly (FormatRow | StreamingFormatRow)[] = formats.map((format) => FORMATS[format]);
  // What is read can be gone through once: with a format that keeps the exchanges, or with two that go through them, they are kept for all.
  const isKept = rows.some((row) => 'exchanges' in row) || rows.filter((row) => 'renderFrom' in row).length > 1;
  let kept: Promise<Exchange[]> | undefined;
  for (const row of rows) {
    const file = join(folder, row.file);
    let content: string | undefined;
    try {
      content =
        'renderFrom' in row
          ? await row.renderFrom(run, isKept ? await (kept ??= collect(exchanges)) : exchanges, atlas === undefined ? {} : { atlas })
          : row.render(run, row.exchanges === true ? await (kept ??= collect(exchanges)) : []);
      await replaceFile(file, content);
      files.push(file);
    } catch (error) {
      unwritten.push({ file, reason: reasonOf(error), ...(content === undefined ? {} : { content }) });
    }
  }
  return { files, unwritten };
}

/**
 * Appends to a file that takes `limit` bytes and no more, such as a summary that several commands write to. `render` is told
 * how much room there is, and gives empty text where that is too little: then nothing is appended, and false comes back.
 * Rejects with the error of the file system.
 */
export async function appendWithin(path: string, limit: number, render: (room: number) => string): Promise<boolean> {
  const used = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  // A blank line keeps it apart from what somebody else wrote.
  const apart = used === 0 ? '' : '\n\n';
  const text = render(limit - used - apart.length);
  if (text === '') return false;
  await appendFile(path, `${apart}${text}`);
  return true;
}

/** The exchanges of an `exchanges.ndjson`, in its order; a line that was cut off (by a kill, or a full disk) is left out. */
export async function* exchangesIn(path: string): AsyncGenerator<Exchange> {
  for await (const line of linesIn(path)) {
    try {
      yield JSON.parse(line) as Exchange;
    } catch {
      continue;
    }
  }
}

/** Lines that end in a newline, and in nothing else: readline of later Node versions also breaks them at U+2028, which JSON may hold as it is. */
async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function collect(exchanges: AsyncIterable<Exchange>): Promise<Exchange[]> {
  const all: Exchange[] = [];
  for await (const exchange of exchanges) all.push(exchange);
  return all;
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
