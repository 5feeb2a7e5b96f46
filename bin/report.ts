/** `conform report`: an earlier run in other formats, without sending anything. */
import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { besides, EXCHANGES, FORMATS, makeFolder, writeReports, type Format } from '../reports/write.js';
import { EXIT, messageOf, UsageError } from './errors.js';
import type { Io } from './io.js';
import { once } from './option-values.js';
import { FORMAT_NAMES, normalise, validate } from './options.js';
import { keptExchanges, readKeptRun, type KeptRun } from './report-folder.js';

/** Flags as they were given. */
export interface ReportFlags {
  readonly from?: string;
  readonly format?: string;
  readonly out?: string;
}

const HELP = `
RUN is a report folder, or the report.json in it. What RUN holds is left as it is.
  conform report --from conformance-report --format sarif,markdown

Exit codes: 0 the reports are written; 3 RUN, a format or the folder cannot be used.
`;

/** What a run is read from; every other format is made from it. */
const READ: Format = 'json';

/** Adds the command to the program. */
export function addReportCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('report')
    .description('write an earlier run in other formats')
    .option('--from <run>', 'the run: its report folder, or its report.json', once('--from'))
    .option('--format <names>', `report formats, separated by commas: ${FORMAT_NAMES.join(', ')} (default: all but ${READ})`, once('--format'))
    .option('--out <folder>', 'where the reports go (default: the folder of the run)', once('--out'))
    .addHelpText('after', HELP)
    .action(async (flags: ReportFlags) => exit(await reportCommand(flags, io)));
}

/** Writes and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function reportCommand(flags: ReportFlags, io: Io): Promise<number> {
  const { format } = validate(normalise({ format: flags.format }), { format: '--format' });
  if (flags.from === undefined) throw new UsageError('--from: which run? Wanted a report folder, or the report.json in it, such as --from conformance-report.');
  const formats = [...new Set(format ?? FORMAT_NAMES.filter((name) => name !== READ))];
  const kept = await readKeptRun(resolve(io.folder, flags.from), '--from');
  const out = resolve(io.folder, flags.out ?? kept.folder);
  await makeFolder(out).catch((error: unknown) => {
    throw new UsageError(`--out: the folder ${JSON.stringify(out)} cannot be made (${messageOf(error)}). Name another one.`);
  });
  await refuseToReplace(kept, out, formats);
  await noteWithoutExchanges(kept, formats, io);
  const { files, unwritten } = await writeReports(out, kept.run, formats, keptExchanges(kept.folder), await besides(kept.folder, kept.run));
  for (const file of files) io.stdout.write(`${relative(io.folder, file) || file}\n`);
  for (const { file, reason } of unwritten) io.stderr.write(`conform: ${file} could not be written: ${reason}\n`);
  return unwritten.length > 0 ? EXIT.usage : EXIT.ok;
}

/** The report that is read is evidence: nothing is written in its place, not even the same again. */
async function refuseToReplace({ file }: KeptRun, out: string, formats: readonly Format[]): Promise<void> {
  const source = await realpath(file);
  for (const name of formats) {
    const target = join(out, FORMATS[name].file);
    if ((await realpath(target).catch(() => undefined)) === source)
      throw new UsageError(
        `--format: ${name} would take the place of ${target}, which the run is read from. Leave ${name} out, or name another folder with --out.`,
      );
  }
}

async function noteWithoutExchanges({ folder }: KeptRun, formats: readonly Format[], io: Io): Promise<void> {
  const wanting = formats.filter((name) => 'exchanges' in FORMATS[name] || 'renderFrom' in FORMATS[name]);
  const isThere = await stat(join(folder, EXCHANGES)).then(
    () => true,
    () => false,
  );
  if (wanting.length > 0 && !isThere) io.stderr.write(`note: ${folder} has no ${EXCHANGES}, so there are no exchanges in ${wanting.join(' and ')}\n`);
}
