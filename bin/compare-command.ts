/** `conform compare`: the same requests to several targets, and one matrix of what came of them. */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { renderComparisonText } from '../reports/compare/text.js';
import { WIDTH } from '../reports/text.js';
import { executeCompare } from './compare.js';
import { EXIT, stackOf, UsageError } from './errors.js';
import { hasColor, widthOf, type Io } from './io.js';
import { addOption, once } from './option-values.js';
import { MAX_SEED, normalise, OPTION_TABLE, validate, type OptionName, type RunOptions } from './options.js';
import { DEFAULT_OUT } from './resolve.js';
import { shortest, type Flags } from './run.js';
import { planTargets, readTargets } from './targets.js';

/** Options that are the same for every target. */
export const COMPARED_OPTIONS = [
  'rule',
  'budget',
  'maxRequests',
  'seed',
  'concurrency',
  'rate',
  'timeout',
  'failOn',
  'out',
] as const satisfies readonly OptionName[];

const HELP = `
The file, in JSON or YAML, lists the targets; API keys are named by their environment variables:

  targets:
    - { name: sandbox, url: 'https://sandbox.juspay.in', merchantId: acme, apiKeyEnv: SANDBOX_KEY }
    - { name: candidate, url: 'http://127.0.0.1:8080', merchantId: acme, apiKeyEnv: LOCAL_KEY, secondMerchant: 'other:OTHER_KEY' }
    - { name: reference, embedded: true }              # the reference, also with variant: [NAMES] or fault: NAME

Each target gets the same requests (but for the token in the references), one target after the other, and a report folder of
its own below that of the comparison. A target that cannot be reached is a blocked column, and the others still run.

Exit codes, the worst of the runs: 1 a rule is broken on one of them; 2 something could not be checked; 0 neither.
3 the file or an option cannot be used (nothing was sent); 70 an error of conform itself; 130 interrupted (what was
found is written).
`;

type CompareFlags = Flags & { readonly targets?: string };

/** Adds the command to the program; `exit` is told the exit code. */
export function addCompareCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const compare = program
    .command('compare')
    .description('check several targets with the same seed, and put them beside each other')
    .option('--targets <file>', 'the targets, as JSON or YAML', once('--targets'))
    .addHelpText('after', HELP)
    .action(async (flags: CompareFlags) => exit(await compareCommand(flags, io)));
  for (const row of OPTION_TABLE) if ((COMPARED_OPTIONS as readonly string[]).includes(row.name)) addOption(compare, row);
}

/** Runs and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
async function compareCommand({ targets: file, ...flags }: CompareFlags, io: Io): Promise<number> {
  if (file === undefined) throw new UsageError('--targets is missing. Wanted a file that lists the targets; `conform compare --help` shows one.');
  const targets = await readTargets(resolve(io.folder, file), '--targets');
  const labels = Object.fromEntries(OPTION_TABLE.map(({ name, flag }) => [name, flag.split(' ', 1)[0] ?? flag]));
  const options = sharedOptions(validate(normalise(flags), labels));
  const out = resolve(io.folder, options.out ?? DEFAULT_OUT);
  const plans = await planTargets(targets, { ...options, out }, { environment: io.environment, where: file });
  for (const { name, plan } of plans) for (const note of plan.notes) io.stderr.write(`note: ${name}: ${note}\n`);
  io.stderr.write(`comparing ${plans.map(({ name }) => name).join(', ')} · seed ${String(options.seed)} · budget ${options.budget ?? 'standard'}\n`);
  const { comparison, written, internalError } = await executeCompare(
    plans,
    out,
    {
      signal: io.interrupted,
      onTurn: (name, { run }) => {
        const { fail, flaky, blocked } = run.counts;
        const came =
          run.status === 'complete' ? `${fail + flaky} broken, ${blocked} blocked` : `${run.status}${run.blockedBy === undefined ? '' : `: ${run.blockedBy}`}`;
        io.stderr.write(`${name}: ${came} (exit ${run.exitCode})\n`);
      },
    },
    io.crash,
  );
  const text = renderComparisonText(comparison, {
    color: hasColor(io.stdout, io.environment),
    width: widthOf(io.stdout, WIDTH),
    files: (written?.files ?? []).map((each) => shortest(each, io.folder)),
  });
  io.stdout.write(`\n${text}`);
  for (const { file: missing, reason } of written?.unwritten ?? []) io.stderr.write(`conform: ${missing} could not be written: ${reason}\n`);
  if (internalError !== undefined) {
    io.stderr.write(`conform: an internal error ended the comparison; what was found until then is in it.\n${stackOf(internalError)}\n`);
    return EXIT.internal;
  }
  return comparison.exitCode === EXIT.ok && (written?.unwritten.length ?? 0) > 0 ? EXIT.internal : comparison.exitCode;
}

/** The options of every target: one seed for all. */
export function sharedOptions(options: RunOptions): RunOptions {
  return { ...options, seed: options.seed ?? randomInt(MAX_SEED) };
}
