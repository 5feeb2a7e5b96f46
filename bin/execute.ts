/** Carries out a plan: report folder, target, run, reports. What the command line and the library share. */
import { resolve } from 'node:path';
import type { Exchange, Finding, Run } from '../contracts/finding.js';
import { startReference, type Reference, type ReferenceOptions } from '../contracts/reference/server.js';
import { ReportFolder, type Written } from '../reports/write.js';
import type { Progress, RunConfig } from '../suites/kit/config.js';
import { createRedactor } from '../suites/kit/redact.js';
import { runConformance } from '../suites/create-customer/run.js';
import { asError, EXIT, messageOf, stackOf, UsageError } from './errors.js';
import type { Plan } from './resolve.js';
import { checkPactFile, withPact, type PactWritten } from './run-pact.js';
import { Recorder } from './salvage.js';

/** How long requests under way may take to end once a run is interrupted. */
const GRACE_MS = 2000;

/** What is told while a run goes on. */
export interface RunHooks {
  /** Aborted: the run ends early, with a report that says so. */
  readonly signal?: AbortSignal;
  /** Each exchange as it ends, the API key taken out. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Each finding as it is settled. */
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Outcome {
  readonly run: Run;
  /** Absent where nothing was to be written. */
  readonly written?: Written;
  /** An error of our own that ended the run early, and what to print of it. */
  readonly internalError?: { readonly error: Error; readonly text: string };
  /** The contract that was recorded, where one was asked for. */
  readonly pact?: PactWritten;
}

/**
 * Runs the plan. Rejects with a UsageError where the report folder cannot be written to, before anything is sent; and
 * for nothing that the target does. `crash` rejects where the process caught an error that nobody handled.
 */
export async function execute(plan: Plan, hooks: RunHooks = {}, crash: Promise<never> = new Promise(() => undefined)): Promise<Outcome> {
  if (plan.pact !== undefined) await checkPactFile(plan.pact);
  const folder = plan.out === undefined ? undefined : await openFolder(plan.out);
  const embedded = plan.target === undefined ? await startReference(plan.reference) : undefined;
  const recorder = new Recorder();
  // Where the engine is left behind, it sends nothing more and is not listened to.
  const left = new AbortController();
  const heard = <T>(listener: (value: T) => void): ((value: T) => void) => {
    return (value) => {
      if (!left.signal.aborted) listener(value);
    };
  };
  const config: RunConfig = {
    ...plan.config,
    target: plan.target ?? embeddedTarget(embedded, plan.reference),
    signal: hooks.signal === undefined ? left.signal : AbortSignal.any([hooks.signal, left.signal]),
    ...(hooks.onProgress === undefined ? {} : { onProgress: heard(hooks.onProgress) }),
    onExchange: heard((exchange) => {
      recorder.exchange(exchange);
      folder?.exchange(exchange);
      hooks.onExchange?.(exchange);
    }),
    onFinding: heard((finding) => {
      recorder.finding(finding);
      folder?.finding(finding);
      hooks.onFinding?.(finding);
    }),
  };
  const grace = graceAfter(hooks.signal);
  const outcome: Outcome = await Promise.race([runConformance(config), crash, grace.over]).then(
    (run) => ({ run: run ?? recorder.salvage(config, 'the run was interrupted', EXIT.interrupted) }),
    (thrown: unknown) => {
      // An error's text may quote what was sent.
      const redact = createRedactor([config.target.apiKey, ...(config.target.secondMerchant === undefined ? [] : [config.target.secondMerchant.apiKey])]).text;
      const run = recorder.salvage(config, `an internal error ended the run: ${redact(messageOf(thrown))}`, EXIT.internal);
      return { run, internalError: { error: asError(thrown), text: redact(stackOf(thrown)) } };
    },
  );
  left.abort();
  grace.cancel();
  const recorded = plan.pact === undefined ? outcome : await withPact(outcome, plan.pact, config, hooks.signal);
  await embedded?.close();
  return folder === undefined ? recorded : { ...recorded, written: await folder.finish(recorded.run, plan.formats) };
}

/** Resolves a while after the signal: requests that a target never answers would hold a report up until they time out. */
export function graceAfter(signal: AbortSignal | undefined): { readonly over: Promise<undefined>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  let start = (): void => undefined;
  const over = new Promise<undefined>((resolve) => {
    start = () => {
      timer = setTimeout(() => resolve(undefined), GRACE_MS);
    };
  });
  if (signal?.aborted === true) start();
  else signal?.addEventListener('abort', start, { once: true });
  return {
    over,
    cancel: () => {
      signal?.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}

/** Turns an error of the file system into what to do about it. */
export function asUnwritable(out: string): (error: unknown) => never {
  return (error) => {
    throw new UsageError(`The report folder ${JSON.stringify(out)} cannot be written to (${messageOf(error)}). Name another one with --out.`);
  };
}

async function openFolder(out: string): Promise<ReportFolder> {
  return ReportFolder.open(resolve(out)).catch(asUnwritable(out));
}

/** The embedded reference as a target, with what was changed about it as its variant. */
export function embeddedTarget(reference: Reference | undefined, { variants = [], fault }: ReferenceOptions = {}): RunConfig['target'] {
  if (reference === undefined) throw new Error('the embedded reference was not started');
  const { url, apiKey, merchantId, secondMerchant } = reference;
  const changes = [...variants, ...(fault === undefined ? [] : [`fault ${fault}`])];
  return { url, apiKey, merchantId, secondMerchant, embedded: true, ...(changes.length === 0 ? {} : { variant: changes.join(', ') }) };
}
