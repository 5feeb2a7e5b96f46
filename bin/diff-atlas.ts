/** `conform diff` of two atlases that have no run beside them. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pc from 'picocolors';
import type { Atlas } from '../contracts/atlas.js';
import { compareAtlas } from '../reports/atlas/compare.js';
import { ATLAS_FILE, parseAtlas } from '../reports/atlas/read.js';
import { atlasLines } from '../reports/diff/text.js';
import { WIDTH } from '../reports/text.js';
import { FORMATS } from '../reports/write.js';
import { EXIT, UsageError } from './errors.js';
import { hasColor, widthOf, type Io } from './io.js';

/** The path of the atlas, where that is what is named: the file itself, or a folder that has one and no report of a run. */
async function atlasAt(path: string): Promise<string | undefined> {
  const isThere = (file: string): Promise<boolean> =>
    stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
  if (await isThere(path)) return basename(path) === ATLAS_FILE ? path : undefined;
  return (await isThere(join(path, ATLAS_FILE))) && !(await isThere(join(path, FORMATS.json.file))) ? join(path, ATLAS_FILE) : undefined;
}

async function readAtlas(file: string, label: string): Promise<Atlas> {
  const atlas = parseAtlas(await readFile(file, 'utf8'));
  if ('wrong' in atlas) throw new UsageError(`${label}: ${file} ${atlas.wrong}. Wanted the atlas.json of conform atlas.`);
  return atlas;
}

/**
 * Compares two atlases where both are named, and prints what changed; resolves with the exit code, with undefined where a run is
 * named. Rejects with a UsageError for an atlas beside a run, and for what is none.
 */
export async function diffAtlases(
  older: string,
  newer: string,
  { format = 'text', out }: { readonly format?: string; readonly out?: string },
  io: Io,
): Promise<number | undefined> {
  const [old, now] = [await atlasAt(older), await atlasAt(newer)];
  if (old === undefined && now === undefined) return undefined;
  if (old === undefined || now === undefined)
    throw new UsageError(
      `${old === undefined ? 'NEW' : 'OLD'} is an atlas, and ${old === undefined ? 'OLD' : 'NEW'} is none. Wanted two atlases, or two report folders.`,
    );
  if (format !== 'text' && format !== 'json') throw new UsageError(`--format: got ${JSON.stringify(format)}; two atlases are compared as text or json.`);
  if (out !== undefined) throw new UsageError('--out: what two atlases show otherwise is printed. Leave it out, and redirect the output.');
  const diff = compareAtlas(await readAtlas(old, 'OLD'), await readAtlas(now, 'NEW'));
  const exitCode = diff.changes.length > 0 ? EXIT.broken : EXIT.ok;
  if (format === 'json') {
    io.stdout.write(`${JSON.stringify(diff, null, 2)}\n`);
    return exitCode;
  }
  const lines = atlasLines(diff, { colors: pc.createColors(hasColor(io.stdout, io.environment)), width: widthOf(io.stdout, WIDTH) });
  io.stdout.write(
    `${[...(lines.length === 0 ? ['atlas  nothing has changed'] : lines), '', `${exitCode === EXIT.ok ? 'NEW accepts what OLD accepted.' : 'NEW accepts something else than OLD.'} (exit ${exitCode})`].join('\n')}\n`,
  );
  return exitCode;
}
