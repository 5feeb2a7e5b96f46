/** The library: everything that the command line does. */
import type { BaselineEntry } from '../contracts/baseline.js';
import type { Exchange, Run } from '../contracts/finding.js';
import type { Replay } from '../contracts/replay.js';
import type { RunDiff } from '../contracts/run-diff.js';
import type { BaselineOptions } from '../reports/baseline.js';
import type { Named } from '../reports/diff/compare.js';
import { entriesOf } from './baseline.js';
import { diffOf } from './diff.js';
import type { Atlas } from '../contracts/atlas.js';
import type { Comparison } from '../contracts/comparison.js';
import type { FieldName } from '../contracts/model.js';
import { besides, FORMATS, type Format, type FormatRow, type StreamingFormatRow, type Unwritten } from '../reports/write.js';
import { serveClient as serve, type ClientApi, type ServeClientOptions } from '../suites/client/index.js';
import { checkFields } from './atlas-command.js';
import { executeAtlas, type AtlasHooks } from './atlas.js';
import { sharedOptions } from './compare-command.js';
import { executeCompare, type CompareHooks } from './compare.js';
import { execute, type RunHooks } from './execute.js';
import { suggestion, UsageError } from './errors.js';
import { FORMAT_NAMES, normalise, validate, type RunOptions } from './options.js';
import { TOOL } from './package.js';
import { nameOfRun, readKeptRun } from './report-folder.js';
import { replayOf, type ReplayOptions } from './replay.js';
import { resolvePlan } from './resolve.js';
import { checkTargets, planTargets, type ComparedTargetOptions } from './targets.js';

export type { BaselineEntry } from '../contracts/baseline.js';
export type { Atlas, AtlasCharacter, AtlasError, AtlasField, Limit } from '../contracts/atlas.js';
export type { Citation, FieldName, Level, Rule } from '../contracts/model.js';
export type { Counterexample, Counts, Exchange, Finding, Run, Verdict } from '../contracts/finding.js';
export type { Replay, Replayed, ReplayOutcome, ReplayWay } from '../contracts/replay.js';
export type { Change, ChangeKind, RunDiff } from '../contracts/run-diff.js';
export { RULES, ruleById } from '../contracts/rules/index.js';
export { startReference, type Reference, type ReferenceOptions } from '../contracts/reference/server.js';
export {
  ANSWERS,
  ClientError,
  PortError,
  reservedReference,
  ScriptError,
  type Answer,
  type ClientApi,
  type ClientRequest,
  type Script,
  type ServeClientOptions,
  type Step,
} from '../suites/client/index.js';
export type { Format } from '../reports/write.js';
export { UsageError } from './errors.js';
export type { ComparedCell, ComparedRule, ComparedTarget, Comparison } from '../contracts/comparison.js';
export type { AtlasHooks } from './atlas.js';
export type { CompareHooks } from './compare.js';
export type { ComparedTargetOptions } from './targets.js';
export type { RunHooks } from './execute.js';
export type { RunOptions } from './options.js';
export type { ReplayOptions } from './replay.js';

interface Credentials {
  readonly merchantId: string;
  readonly apiKey: string;
}

/** The options of the command line under the same names, and what only a program can give. */
export interface LibraryOptions extends Omit<RunOptions, 'secondMerchant' | 'baseline'>, RunHooks {
  /** The API key itself, instead of the variable or file that has it. */
  readonly apiKey?: string;
  /** `ID:KEYENV` as on the command line, or the credentials themselves. */
  readonly secondMerchant?: string | Credentials;
  /** The path of a file as on the command line, or the accepted departures themselves. */
  readonly baseline?: string | readonly BaselineEntry[];
}

/** The run ended, and its reports could not all be written: here are both. */
export class ReportError extends Error {
  override readonly name = 'ReportError';

  constructor(
    readonly run: Run,
    readonly unwritten: readonly Unwritten[],
  ) {
    super(unwritten.map(({ file, reason }) => `${file} could not be written: ${reason}`).join('; '));
  }
}

/**
 * Checks a target, or the embedded reference where no `url` is given, and resolves with the run. Nothing is printed, and
 * nothing is written unless `out` is given. Rejects with a UsageError for options that cannot be used, with a
 * ReportError where the run ended and a report could not be written, with the error itself for one of our own; and for
 * nothing that the target does.
 */
export async function run(options: LibraryOptions = {}): Promise<Run> {
  const { signal: _signal, onExchange: _onExchange, onFinding: _onFinding, onProgress: _onProgress, apiKey, secondMerchant, baseline, ...rest } = options;
  const given = {
    ...rest,
    ...(typeof secondMerchant === 'string' ? { secondMerchant } : {}),
    ...(typeof baseline === 'string' ? { baseline } : {}),
  };
  const plan = await resolvePlan(validate(normalise(given), {}), {
    labels: {},
    environment: process.env,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(typeof secondMerchant === 'object' ? { secondMerchant } : {}),
    ...(typeof baseline === 'object' ? { baseline } : {}),
  });
  const { run: result, written, internalError } = await execute(plan, options);
  if (internalError !== undefined) throw internalError.error;
  if (written !== undefined && written.unwritten.length > 0) throw new ReportError(result, written.unwritten);
  return result;
}

/** Options of `atlas`: those of a run that have a meaning for it, and the fields. */
export interface AtlasOptions
  extends
    Pick<
      RunOptions,
      'url' | 'apiKeyEnv' | 'apiKeyFile' | 'merchantId' | 'maxRequests' | 'seed' | 'concurrency' | 'rate' | 'timeout' | 'allowProduction' | 'out'
    >,
    AtlasHooks {
  readonly apiKey?: string;
  /** All of them where absent. */
  readonly field?: readonly FieldName[];
}

/** The atlas was drawn, and its files could not all be written: here are both. */
export class AtlasFileError extends Error {
  override readonly name = 'AtlasFileError';

  constructor(
    readonly atlas: Atlas,
    readonly unwritten: readonly Unwritten[],
  ) {
    super(unwritten.map(({ file, reason }) => `${file} could not be written: ${reason}`).join('; '));
  }
}

/**
 * Draws what a target accepts, or the embedded reference where no `url` is given: characters, lengths, empty values, the bodies
 * of refusals. Nothing is printed, and nothing is written unless `out` is given. Rejects with a UsageError for options that
 * cannot be used, with an AtlasFileError where a file could not be written; and for nothing that the target does.
 */
export async function atlas(options: AtlasOptions = {}): Promise<Atlas> {
  const { signal, onExchange, onProgress, apiKey, field, ...rest } = options;
  const fields = field === undefined ? undefined : checkFields(field, 'field');
  const plan = await resolvePlan(validate(normalise(rest), {}), { labels: {}, environment: process.env, ...(apiKey === undefined ? {} : { apiKey }) });
  const hooks: AtlasHooks = {
    ...(signal === undefined ? {} : { signal }),
    ...(onExchange === undefined ? {} : { onExchange }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const { atlas: drawn, written, internalError } = await executeAtlas(plan, fields, hooks);
  if (internalError !== undefined) throw internalError;
  if (written !== undefined && written.unwritten.length > 0) throw new AtlasFileError(drawn, written.unwritten);
  return drawn;
}

/** The targets of `compare`, and the options that are the same for all of them. */
export interface CompareOptions
  extends Pick<RunOptions, 'rule' | 'budget' | 'maxRequests' | 'seed' | 'concurrency' | 'rate' | 'timeout' | 'failOn' | 'format' | 'out'>, CompareHooks {
  /** As the file of `conform compare` has them. */
  readonly targets: readonly ComparedTargetOptions[];
}

/** The comparison ended, and its files could not all be written: here are both. */
export class ComparisonFileError extends Error {
  override readonly name = 'ComparisonFileError';

  constructor(
    readonly comparison: Comparison,
    readonly unwritten: readonly Unwritten[],
  ) {
    super(unwritten.map(({ file, reason }) => `${file} could not be written: ${reason}`).join('; '));
  }
}

/**
 * Checks several targets with the same seed, one after the other, and resolves with the matrix of rules and targets. Nothing is
 * printed, and nothing is written unless `out` is given. Rejects with a UsageError for targets and options that cannot be used,
 * with a ComparisonFileError where a file could not be written, with the error itself for one of our own.
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { targets, signal, hooksOf, onTurn, ...rest } = options;
  const shared = sharedOptions(validate(normalise(rest), {}));
  const plans = await planTargets(checkTargets({ targets }, 'targets'), shared, { environment: process.env, where: 'targets' });
  const { comparison, written, internalError } = await executeCompare(plans, shared.out, {
    ...(signal === undefined ? {} : { signal }),
    ...(hooksOf === undefined ? {} : { hooksOf }),
    ...(onTurn === undefined ? {} : { onTurn }),
  });
  if (internalError !== undefined) throw internalError;
  if (written !== undefined && written.unwritten.length > 0) throw new ComparisonFileError(comparison, written.unwritten);
  return comparison;
}

/**
 * A run as the text of a report: what `--format` writes under the same name. `exchanges` are those that the run kept, in
 * their order (`onExchange` gives them), for the formats that show them. Rejects with a UsageError for a format that there is none of.
 */
export async function render(run: Run, format: Format, exchanges: readonly Exchange[] = []): Promise<string> {
  const row: FormatRow | StreamingFormatRow | undefined = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (row === undefined) throw new UsageError(`format: there is none called ${JSON.stringify(format)}. ${suggestion(format, FORMAT_NAMES, 'formats')}`);
  return 'renderFrom' in row ? row.renderFrom(run, exchanges, {}) : row.render(run, exchanges);
}

/**
 * Serves the API on 127.0.0.1 to a client under test, in any test runner: give the client `url`, `apiKey` and
 * `merchantId`, let it work, and `await api.verdict()`, which rejects with a ClientError that says what was wrong.
 * Rejects with a ScriptError for a script that cannot be used, with a PortError for a port that cannot be listened on.
 */
export function serveClient(options: ServeClientOptions = {}): Promise<ClientApi> {
  return serve({ tool: TOOL, ...options });
}

/**
 * Compares two runs of a target, or two of a client: report folders (or a report.json), or the runs themselves. Nothing is
 * printed. `exitCode` of what it resolves with is that of the command line. Rejects with a UsageError for a folder without
 * a report, and for a run of each kind.
 */
export async function diff(older: string | Run, newer: string | Run): Promise<RunDiff> {
  const [old, now] = [await runAt(older, 'OLD'), await runAt(newer, 'NEW')];
  return diffOf(old, now);
}

/**
 * What fails a run, as the lines of a baseline: `run({ baseline: await baselineOf('conformance-report') })`. Rejects with a
 * UsageError for a folder without a report, a run that judged a client, and a reason or date that cannot be used.
 */
export async function baselineOf(report: string | Run, options: BaselineOptions = {}): Promise<BaselineEntry[]> {
  return entriesOf((await runAt(report, 'RUN')).run, options);
}

/**
 * Sends the broken findings of a run again: those that failed it, or the one of `rule`. Nothing is printed. Goes to the target
 * of the run unless `url` names another, with the key of `apiKey` or the environment. Rejects with a UsageError for options
 * or a report that cannot be used, and for nothing that the target does.
 */
export async function replay(report: string | Run, options: ReplayOptions = {}): Promise<Replay> {
  return replayOf((await runAt(report, 'RUN')).run, options);
}

async function runAt(report: string | Run, name: string): Promise<Named> {
  if (typeof report !== 'string') return { run: report, name };
  const kept = await readKeptRun(report, name);
  return { run: kept.run, name: nameOfRun(kept), ...(await besides(kept.folder, kept.run)) };
}
