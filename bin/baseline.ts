/** `conform baseline`: writes the departures of a run down, to be accepted by the next. */
import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { BaselineEntry } from '../contracts/baseline.js';
import type { Run } from '../contracts/finding.js';
import { RULES } from '../contracts/rules/index.js';
import { baselineEntries, renderBaselineJson, renderBaselineYaml, type BaselineOptions } from '../reports/baseline.js';
import { plural } from '../reports/text.js';
import { baselineFrom, BaselineError, dayOf } from '../suites/kit/baseline.js';
import { EXIT, messageOf, UsageError } from './errors.js';
import type { Io } from './io.js';
import { once } from './option-values.js';
import { readKeptRun } from './report-folder.js';

export const DEFAULT_BASELINE = 'conformance.baseline.yaml';

const HELP = `
Each line names a rule and why its departure is accepted. A run with --baseline FILE does not fail for it; it does fail
where the rule of a line holds again, or the day of --expires is over:
  - rule: last_name/charset
    reason: names of partners have an apostrophe
    link: https://tickets.example.com/17
    expires: 2027-03-31

Exit codes: 0 the file was written, or the run has no departure; 3 the run or the file cannot be used.
`;

export interface BaselineFlags {
  readonly out?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly force?: true;
}

/** Adds the command to the program. */
export function addBaselineCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('baseline')
    .description('write a baseline from a run: what fails it, to be accepted by later runs')
    .argument('<run>', 'its report folder, or the report.json in it')
    .option('--out <file>', `where it goes, YAML or (.json) JSON (default: ${DEFAULT_BASELINE})`, once('--out'))
    .option('--reason <text>', 'why all of them are accepted (default: each quotes what was found)', once('--reason'))
    .option('--expires <date>', 'the last day on which they are accepted, such as 2027-03-31', once('--expires'))
    .option('--force', 'replace the file where there is one')
    .addHelpText('after', HELP)
    .action(async (run: string, flags: BaselineFlags) => exit(await baselineCommand(run, flags, io)));
}

/** Writes the file and says what is in it; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function baselineCommand(path: string, { out = DEFAULT_BASELINE, reason, expires, force }: BaselineFlags, io: Io): Promise<number> {
  if (!['.yaml', '.yml', '.json'].includes(extname(out)))
    throw new UsageError(`--out: ${JSON.stringify(out)} is no name for a baseline. Wanted one that ends in .yaml or .json.`);
  const { run } = await readKeptRun(path, 'RUN');
  const entries = entriesOf(run, { ...(reason === undefined ? {} : { reason }), ...(expires === undefined ? {} : { expires }) }, '--');
  if (run.status !== 'complete') io.stderr.write(`note: the run was ${run.status}: it does not show every departure\n`);
  const unknown = run.findings.length > 0 ? baselineEntries(run).length - entries.length : 0;
  if (unknown > 0) io.stderr.write(`note: ${plural(unknown, 'finding')} of other contracts left out: a baseline lists rules\n`);
  if (entries.length === 0) {
    io.stdout.write('The run has no departure that fails it, so no baseline was written.\n');
    return EXIT.ok;
  }
  const text = extname(out) === '.json' ? renderBaselineJson(entries) : renderBaselineYaml(run, entries);
  await writeFile(resolve(io.folder, out), text, { flag: force === true ? 'w' : 'wx' }).catch((error: unknown) => {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(
      exists
        ? `--out: ${out} exists, and the reasons in it may have been written by hand. Name another file, or say --force.`
        : `--out: ${out} cannot be written (${messageOf(error)}).`,
    );
  });
  io.stdout.write(`${out}: ${plural(entries.length, 'departure')}\n`);
  for (const { rule, reason: why } of entries) io.stdout.write(`  ${rule}: ${why}\n`);
  if (reason === undefined) io.stdout.write('Say of each why it is accepted, and run with --baseline.\n');
  return EXIT.ok;
}

/**
 * What fails a run, as lines of a baseline; `prefix` stands in front of the names of the options in messages.
 * @throws UsageError for a run that judged a client, and for a reason or a date that cannot be used
 */
export function entriesOf(run: Run, { reason, expires }: BaselineOptions, prefix = ''): BaselineEntry[] {
  if (run.client !== undefined) throw new UsageError('RUN: it judged a client, and a baseline is about a target. Wanted the report of `conform run`.');
  if (reason?.trim() === '') throw new UsageError(`${prefix}reason: it is empty. Wanted a sentence that says why the departures are accepted.`);
  if (expires !== undefined && expires < dayOf(new Date()) && /^\d{4}-/.test(expires))
    throw new UsageError(`${prefix}expires: ${expires} is over, and such lines would fail every run. Wanted a day to come.`);
  const entries = baselineEntries(run, { ...(reason === undefined ? {} : { reason }), ...(expires === undefined ? {} : { expires }) }).filter(({ rule }) =>
    RULES.some(({ id }) => id === rule),
  );
  try {
    baselineFrom(entries);
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    throw new UsageError(`${prefix}expires: got ${JSON.stringify(expires)}, wanted a date such as 2027-03-31.`);
  }
  return entries;
}
