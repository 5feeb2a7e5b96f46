/** What an earlier run left: its report, and the exchanges that were kept. OLD, NEW and RUN of the command line. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { RunSchema, SCHEMA_VERSION, type Exchange, type Run } from '../contracts/finding.js';
import { EXCHANGES, exchangesIn, FORMATS } from '../reports/write.js';
import { messageOf, UsageError } from './errors.js';

/** A report that was read. */
export interface KeptRun {
  readonly run: Run;
  /** The path of its report.json. */
  readonly file: string;
  /** The folder that it is in: exchanges and other files of the run are looked for there. */
  readonly folder: string;
}

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isRun = ajv.compile<Run>(RunSchema);

/**
 * Reads a report: `path` is a report folder or its report.json, `label` what it is called on the command line (`OLD`).
 * Rejects with a UsageError where there is none, or what is there is no report of this version.
 */
export async function readKeptRun(path: string, label: string): Promise<KeptRun> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, FORMATS.json.file) : path;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${label}: ${file} cannot be read (${messageOf(error)}). Wanted a report folder, or the report.json in it.`);
  });
  return { run: parseRun(text, `${label}: ${file}`), file, folder: isFolder ? path : dirname(path) };
}

function parseRun(text: string, where: string): Run {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON (${messageOf(error)}). Wanted the report.json of a run.`);
  }
  const version = typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (version !== undefined && version !== SCHEMA_VERSION)
    throw new UsageError(`${where} has the schemaVersion ${JSON.stringify(version)}, and this version of conform reads ${SCHEMA_VERSION}.`);
  if (isRun(value)) return value;
  const [error] = isRun.errors ?? [];
  throw new UsageError(
    `${where} is no report: ${error?.instancePath === '' ? 'it' : (error?.instancePath ?? 'it')} ${error?.message ?? 'does not fit the schema'}.`,
  );
}

/** The exchanges that a run kept, in the order in which they ended; none where the folder has none. A last line that was cut off is left out. */
export async function* keptExchanges(folder: string): AsyncGenerator<Exchange> {
  const path = join(folder, EXCHANGES);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) yield* exchangesIn(path);
}

/** How a folder or file of a run is called in what is said of it: its last part. */
export function nameOfRun({ folder, file }: KeptRun): string {
  return basename(file) === FORMATS.json.file ? folder : file;
}
