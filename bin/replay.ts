/** `conform replay`: sends the broken findings of a run again. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Finding, Run } from '../contracts/finding.js';
import type { Replay, Replayed } from '../contracts/replay.js';
import { startReference } from '../contracts/reference/server.js';
import { matchesRule } from '../contracts/rule-glob.js';
import { inRuleOrder } from '../reports/order.js';
import { renderReplayed, renderReplayFoot, renderReplayHead } from '../reports/replay.js';
import { renderReplayScript } from '../reports/replay-script.js';
import { plural, WIDTH } from '../reports/text.js';
import { isDeparture } from '../suites/kit/baseline.js';
import type { RunConfig } from '../suites/kit/config.js';
import { replayFindings } from '../suites/create-customer/replay.js';
import { EXIT, messageOf, suggestion, UsageError } from './errors.js';
import { embeddedTarget } from './execute.js';
import { hasColor, widthOf, type Io } from './io.js';
import { addOption, once } from './option-values.js';
import { normalise, OPTION_TABLE, validate, type OptionName, type RunOptions } from './options.js';
import { readKeptRun } from './report-folder.js';
import { resolvePlan, type Source } from './resolve.js';

/** Options of a run that a replay has too. Rules, seed and budget are those of the run. */
const OPTIONS = [
  'url',
  'merchantId',
  'apiKeyEnv',
  'apiKeyFile',
  'secondMerchant',
  'concurrency',
  'rate',
  'timeout',
  'allowProduction',
] as const satisfies readonly OptionName[];
/** What says where it goes is never taken from the environment: without it, it goes where the run went. */
const NOT_FROM_ENVIRONMENT: ReadonlySet<OptionName> = new Set<OptionName>(['url', 'merchantId']);

const HELP = `
Without RULE everything that failed the run is sent again but what a baseline accepts; RULE is an id or a pattern. Each
request goes out as it was kept, with a fresh object_reference_id, three times (nine where the answers differ), and its good
neighbour before and behind it. The rule judges the answers, so an answer that is wrong in another way is still broken.
What one request cannot show (sometimes, among many, two readings) is seen by the rule's own check, with the run's seed.

The API key is read from CONFORM_API_KEY, or what --api-key-env or --api-key-file name. A run against the embedded reference
is replayed against it. --export writes a script of curl commands instead, and sends nothing:
  API_KEY=… sh replay.sh

Exit codes: 0 fixed; 1 still broken, or flaky; 2 blocked: it could not be seen; 3 the command cannot be used as it was given.
`;

export interface ReplayFlags extends Readonly<Record<string, unknown>> {
  readonly json?: true;
  readonly export?: string;
}

/** Adds the command to the program. */
export function addReplayCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const command = program
    .command('replay')
    .description('send the counterexamples of a run again: fixed, or still broken')
    .argument('<run>', 'its report folder, or the report.json in it')
    .argument('[rule]', 'only these: the id of a rule, or a pattern');
  const descriptions: Partial<Record<OptionName, string>> = {
    url: 'another target; the one of the run where none is given',
    merchantId: 'the merchant id there (default: the one of the run)',
  };
  for (const name of OPTIONS) {
    const row = OPTION_TABLE.find((each) => each.name === name);
    if (row !== undefined) addOption(command, row, descriptions[name]);
  }
  command
    .option('--json', 'what became of each, as JSON')
    .option('--export <file>', 'write a shell script of curl commands instead of sending', once('--export'))
    .addHelpText('after', HELP)
    .action(async (path: string, rule: string | undefined, flags: ReplayFlags) => exit(await replayCommand(path, rule, flags, io)));
}

/** Replays and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function replayCommand(path: string, pattern: string | undefined, flags: ReplayFlags, io: Io): Promise<number> {
  const { run } = await readKeptRun(path, 'RUN');
  const { findings, left } = chosen(run, pattern);
  if (left > 0) io.stderr.write(`note: ${plural(left, 'departure')} that the run was not to fail on left out; name them to send them again\n`);
  if (flags.export !== undefined) return exported(run, findings, flags.export, io);
  if (findings.length === 0) {
    io.stdout.write(flags.json === true ? '[]\n' : 'Nothing that failed the run is there to be sent again.\n');
    return EXIT.ok;
  }
  const { options, labels } = optionsOf(flags, io);
  const how = { color: hasColor(io.stdout, io.environment), width: widthOf(io.stdout, WIDTH) };
  const { config, target, notes, close } = await prepared(run, options, { labels, environment: io.environment });
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
  try {
    const shown = { url: target.url, embedded: target.embedded, merchantId: target.merchantId };
    const asText = flags.json !== true;
    if (asText) io.stdout.write(`${renderReplayHead(run, shown, findings.length, how)}\n`);
    const tell = (replayed: Replayed): void => void io.stdout.write(`\n${renderReplayed(replayed, run, { target: shown }, how)}\n`);
    const replay = await replayFindings({ ...config, target, signal: io.interrupted }, run, findings, asText ? tell : undefined);
    io.stdout.write(asText ? `\n${renderReplayFoot(replay, how)}\n` : `${JSON.stringify(replay, null, 2)}\n`);
    return io.interrupted.aborted ? EXIT.interrupted : replay.exitCode;
  } finally {
    await close();
  }
}

async function exported(run: Run, findings: readonly Finding[], file: string, io: Io): Promise<number> {
  const { text, left } = renderReplayScript(run, findings);
  for (const { ruleId, reason } of left) io.stderr.write(`note: ${ruleId} is not in the script: ${reason}\n`);
  if (findings.length === left.length) {
    io.stdout.write('There is no request to make a script of, so none was written.\n');
    return findings.length === 0 ? EXIT.ok : EXIT.blocked;
  }
  await writeFile(resolve(io.folder, file), text, { mode: 0o755 }).catch((error: unknown) => {
    throw new UsageError(`--export: ${file} cannot be written (${messageOf(error)}).`);
  });
  io.stdout.write(`${file}: ${plural(findings.length - left.length, 'finding')}. Run it with API_KEY=… sh ${file}\n`);
  return EXIT.ok;
}

/** What is sent again: what the pattern names, else what failed the run. */
function chosen(run: Run, pattern: string | undefined): { readonly findings: readonly Finding[]; readonly left: number } {
  if (run.client !== undefined)
    throw new UsageError('RUN: it judged a client, and what a client sends nobody else can send. Run the client again: conform client -- COMMAND.');
  const broken = inRuleOrder(run.findings).filter(isDeparture);
  if (pattern === undefined) {
    const failing = broken.filter(({ verdict, accepted }) => accepted === undefined && (verdict !== 'warn' || run.failOn === 'should'));
    return { findings: failing, left: broken.length - failing.length };
  }
  const findings = broken.filter(({ ruleId }) => matchesRule(pattern, ruleId));
  if (findings.length > 0) return { findings, left: 0 };
  const named = run.findings.find(({ ruleId }) => ruleId === pattern);
  if (named !== undefined) throw new UsageError(`RULE: ${pattern} is not broken in the run (${named.verdict}), so there is nothing to send again.`);
  const ids = broken.map(({ ruleId }) => ruleId);
  throw new UsageError(`RULE: no broken finding of the run matches ${JSON.stringify(pattern)}. ${suggestion(pattern, ids, 'broken rules')}`);
}

function optionsOf(flags: ReplayFlags, io: Io): { readonly options: RunOptions; readonly labels: Source['labels'] } {
  const values: Record<string, unknown> = {};
  const labels: Partial<Record<OptionName, string>> = {};
  for (const { name, flag, variable } of OPTION_TABLE) {
    if (!(OPTIONS as readonly OptionName[]).includes(name)) continue;
    const fromEnvironment = NOT_FROM_ENVIRONMENT.has(name) ? undefined : io.environment[variable];
    if (flags[name] !== undefined) [values[name], labels[name]] = [flags[name], flag.split(' ', 1)[0] ?? flag];
    else if (fromEnvironment !== undefined && fromEnvironment !== '') [values[name], labels[name]] = [fromEnvironment, variable];
  }
  return { options: validate(normalise(values), labels), labels };
}

/** The target of the options, else that of the run, and the pace that goes with it. */
async function prepared(
  run: Run,
  options: RunOptions,
  source: Source,
): Promise<{ readonly config: Omit<RunConfig, 'target'>; readonly target: RunConfig['target']; readonly notes: readonly string[]; close(): Promise<void> }> {
  const { url = run.target.embedded ? undefined : run.target.url, merchantId = url === undefined ? undefined : run.target.merchantId } = options;
  const plan = await resolvePlan(
    {
      ...options,
      ...(url === undefined ? {} : { url }),
      ...(merchantId === undefined ? {} : { merchantId }),
      rule: run.rules,
      seed: run.seed,
      budget: run.budget.name,
      maxRequests: run.budget.maxRequests,
      failOn: run.failOn,
    },
    { ...source, labels: { url: 'the target of RUN', merchantId: 'the merchant id of RUN', rule: 'the rules of RUN', ...source.labels } },
  );
  const embedded = plan.target === undefined ? await startReference() : undefined;
  return { config: plan.config, target: plan.target ?? embeddedTarget(embedded), notes: plan.notes, close: async () => embedded?.close() };
}

/** What a replay can be told by a program. */
export interface ReplayOptions extends Pick<RunOptions, (typeof OPTIONS)[number] & Exclude<keyof RunOptions, 'secondMerchant'>> {
  /** The id of a rule, or a pattern; everything that failed the run where absent. */
  readonly rule?: string;
  readonly apiKey?: string;
  readonly secondMerchant?: string | { readonly merchantId: string; readonly apiKey: string };
  readonly signal?: AbortSignal;
  readonly onReplayed?: (replayed: Replayed) => void;
}

/** Replays findings of a run that was read. Rejects with a UsageError for what cannot be used. */
export async function replayOf(run: Run, { rule, apiKey, secondMerchant, signal, onReplayed, ...rest }: ReplayOptions): Promise<Replay> {
  const { findings } = chosen(run, rule);
  const options = validate(normalise({ ...rest, ...(typeof secondMerchant === 'string' ? { secondMerchant } : {}) }), {});
  const { config, target, close } = await prepared(run, options, {
    labels: {},
    environment: process.env,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(typeof secondMerchant === 'object' ? { secondMerchant } : {}),
  });
  try {
    return await replayFindings({ ...config, target, ...(signal === undefined ? {} : { signal }) }, run, findings, onReplayed);
  } finally {
    await close();
  }
}
