/** `conform diff`: what changed between two runs, and whether the newer one may be released. */
import { stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunDiff } from '../contracts/run-diff.js';
import { compareRuns, type Named } from '../reports/diff/compare.js';
import { DIFF_FORMATS, type DiffFormat } from '../reports/diff/formats.js';
import { renderDiffText } from '../reports/diff/text.js';
import { WIDTH } from '../reports/text.js';
import { besides, makeFolder } from '../reports/write.js';
import { diffAtlases } from './diff-atlas.js';
import { messageOf, nearest, UsageError } from './errors.js';
import { hasColor, widthOf, type Io } from './io.js';
import { once } from './option-values.js';
import { nameOfRun, readKeptRun, type KeptRun } from './report-folder.js';

const NAMES = Object.keys(DIFF_FORMATS) as DiffFormat[];

const HELP = `
OLD and NEW are report folders of \`conform run\` (or two of \`conform client\`), or the report.json in them:
  conform diff reports/released reports/candidate

Exit codes: 0 NEW is no worse than OLD; 1 a rule is newly broken, or an open rule has another reading; 2 it cannot be said,
since NEW was blocked, interrupted, or did not check what OLD had checked, or OLD checked nothing; 3 a report cannot be used.
What is broken in both fails nothing here, and neither does what a baseline accepts. Where both folders have an atlas.json of
their target, what it accepts is compared too, and a change counts as another reading does. Two folders that have an
atlas.json and no run, or two such files, are compared by themselves: 1 where something changed, else 0.
`;

export interface DiffFlags {
  readonly format?: string;
  readonly out?: string;
}

/** Adds the command to the program. */
export function addDiffCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('diff')
    .description('compare two runs: what is newly broken, fixed, answered otherwise')
    .argument('<old>', 'the report of the earlier run')
    .argument('<new>', 'the report of the later one')
    .option('--format <names>', `how it is said, separated by commas: ${NAMES.join(', ')} (default: text)`, once('--format'))
    .option('--out <path>', 'write it to a file, or several formats into a folder; the text is still printed', once('--out'))
    .addHelpText('after', HELP)
    .action(async (older: string, newer: string, flags: DiffFlags) => exit(await diffCommand(older, newer, flags, io)));
}

/** Compares and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function diffCommand(older: string, newer: string, { format, out }: DiffFlags, io: Io): Promise<number> {
  const ofAtlases = await diffAtlases(older, newer, { ...(format === undefined ? {} : { format }), ...(out === undefined ? {} : { out }) }, io);
  if (ofAtlases !== undefined) return ofAtlases;
  const formats = formatsOf(format);
  const [only = 'text'] = formats;
  if (out === undefined && formats.length > 1) throw new UsageError(`--format: ${formats.join(', ')} go into files. Add --out FOLDER, or name one of them.`);
  const [old, now] = [await readKeptRun(older, 'OLD'), await readKeptRun(newer, 'NEW')];
  const named = async (kept: KeptRun): Promise<Named> => ({ run: kept.run, name: nameOfRun(kept), ...(await besides(kept.folder, kept.run)) });
  const diff = diffOf(await named(old), await named(now));
  const print = (): void => void io.stdout.write(renderDiffText(diff, { color: hasColor(io.stdout, io.environment), width: widthOf(io.stdout, WIDTH) }));
  if (out === undefined) {
    if (only === 'text') print();
    else io.stdout.write(DIFF_FORMATS[only].render(diff));
    return diff.exitCode;
  }
  const path = resolve(io.folder, out);
  const isFolder = formats.length > 1 || out.endsWith('/') || (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const files: string[] = [];
  for (const each of formats) {
    const file = isFolder ? join(path, DIFF_FORMATS[each].file) : path;
    try {
      await makeFolder(dirname(file));
      await writeFile(file, DIFF_FORMATS[each].render(diff));
    } catch (error) {
      throw new UsageError(`--out: ${file} cannot be written (${messageOf(error)}).`);
    }
    files.push(relative(io.folder, file) || file);
  }
  print();
  io.stdout.write(`\nreport      ${files.join(' · ')}\n`);
  return diff.exitCode;
}

/**
 * Compares two runs.
 * @throws UsageError for one of a target and one of a client
 */
export function diffOf(old: Named, now: Named): RunDiff {
  const kind = ({ run }: Named): string => (run.client === undefined ? 'target' : 'client');
  if (kind(old) !== kind(now)) throw new UsageError(`OLD is a run against a ${kind(old)}, and NEW one against a ${kind(now)}. Wanted two of a kind.`);
  return compareRuns(old, now);
}

function formatsOf(given: string | undefined): DiffFormat[] {
  const names = (given ?? 'text').split(',').map((name) => name.trim());
  return [
    ...new Set(
      names.map((name) => {
        const known = NAMES.find((each) => each === name);
        if (known !== undefined) return known;
        const near = nearest(name, NAMES)[0];
        throw new UsageError(
          `--format: got ${JSON.stringify(name)}, wanted one or more of ${NAMES.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        );
      }),
    ),
  ];
}
