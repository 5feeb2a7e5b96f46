/** `conform run`: checks a target and says what holds. */
import { relative } from 'node:path';
import { WIDTH } from '../reports/text.js';
import { renderTerminal } from '../reports/terminal.js';
import { loadConfigFile } from './config-file.js';
import { EXIT } from './errors.js';
import { execute, type Outcome } from './execute.js';
import { printReport, tellGitHub } from './github.js';
import { hasColor, widthOf, type Io } from './io.js';
import { startLive } from './live.js';
import { normalise, OPTION_TABLE, validate, type OptionName } from './options.js';
import { DEFAULT_OUT, resolvePlan, type Plan } from './resolve.js';

/** Flags as they were given: text, `true`, or a list for what may be repeated. */
export type Flags = Readonly<Record<string, unknown>> & { readonly config?: string };

/** Runs and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function runCommand(flags: Flags, io: Io): Promise<number> {
  const plan = await planOf(flags, io);
  for (const note of plan.notes) io.stderr.write(`note: ${note}\n`);
  const { seed, budget } = plan.config;
  io.stderr.write(`checking ${plan.target?.url ?? 'the embedded reference'} · seed ${String(seed)} · budget ${budget}\n`);
  const live = startLive(io, plan.verbose);
  const outcome = await execute(plan, { signal: io.interrupted, ...live }, io.crash).finally(() => live.stop());
  return conclude(outcome, plan, io);
}

/** The plan of the flags, the environment and the configuration file, the first of them that says something. */
export async function planOf(flags: Flags, io: Io): Promise<Plan> {
  const file = await loadConfigFile(io.folder, flags.config ?? nonEmpty(io.environment['CONFORM_CONFIG']));
  const values: Record<string, unknown> = {};
  const labels: Partial<Record<OptionName, string>> = {};
  for (const { name, flag, variable } of OPTION_TABLE) {
    const fromEnvironment = nonEmpty(io.environment[variable]);
    if (flags[name] !== undefined) [values[name], labels[name]] = [flags[name], flag.split(' ', 1)[0] ?? flag];
    else if (fromEnvironment !== undefined) [values[name], labels[name]] = [fromEnvironment, variable];
  }
  const given = validate(normalise(values), labels);
  for (const name of Object.keys(file?.options ?? {}) as OptionName[]) labels[name] ??= `${name} in ${file?.name ?? 'the configuration file'}`;
  return resolvePlan(withDefaults({ ...file?.options, ...given }, labels), { labels, environment: io.environment });
}

/** The two ways to give the key exclude each other only where both come from the same place. */
function withDefaults<T extends ReturnType<typeof validate>>(options: T, labels: Partial<Record<OptionName, string>>): T {
  const rank = (name: OptionName): number => (labels[name]?.startsWith('--') === true ? 0 : labels[name]?.startsWith('CONFORM_') === true ? 1 : 2);
  const merged = { ...options, out: options.out ?? DEFAULT_OUT };
  if (merged.apiKeyEnv !== undefined && merged.apiKeyFile !== undefined && rank('apiKeyEnv') !== rank('apiKeyFile'))
    delete merged[rank('apiKeyEnv') < rank('apiKeyFile') ? 'apiKeyFile' : 'apiKeyEnv'];
  return merged;
}

async function conclude({ run, written, internalError, pact }: Outcome, plan: Plan, io: Io): Promise<number> {
  const text = renderTerminal(run, {
    color: hasColor(io.stdout, io.environment),
    verbose: plan.verbose,
    width: widthOf(io.stdout, WIDTH),
    files: (written?.files ?? []).map((file) => shortest(file, io.folder)),
  });
  printReport(`\n${text}`, io);
  await tellGitHub(run, io);
  for (const { file, reason, content } of written?.unwritten ?? []) {
    io.stderr.write(`conform: ${file} could not be written: ${reason}\n`);
    if (content !== undefined) printReport(`\n${file}, which could not be written:\n${content}`, io);
  }
  if (pact !== undefined) {
    if (pact.unwritten === undefined) io.stdout.write(`pact        ${pact.file}: ${pact.interactions} interactions\n`);
    else io.stderr.write(`conform: ${pact.file} was not written: ${pact.unwritten}\n`);
    if (plan.verbose) for (const { id, reason } of pact.leftOut) io.stdout.write(`  left out  ${id}: ${reason}\n`);
  }
  if (internalError !== undefined) {
    io.stderr.write(`conform: an internal error ended the run; what was found until then is in the report.\n${internalError.text}\n`);
    return EXIT.internal;
  }
  // A green run whose report or contract is missing must not look green to what reads them.
  const missing = (written?.unwritten.length ?? 0) > 0 || pact?.unwritten !== undefined;
  return run.exitCode === EXIT.ok && missing ? EXIT.internal : run.exitCode;
}

/** A path as seen from the working folder, where that is shorter. */
export function shortest(path: string, folder: string): string {
  const seen = relative(folder, path);
  return seen.length < path.length ? seen : path;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
