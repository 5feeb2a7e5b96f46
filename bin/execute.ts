/** Carries out a plan: report folder, target, run, reports. What the command line and the library share. */
import { resolve } from 'node:path';
import type { Exchange, Finding, Run } from '../contracts/finding.js';
import { startReference, type Reference } from '../contracts/reference/server.js';
import { ReportFolder, type Written } from '../reports/write.js';
import type { Progress, RunConfig } from '../suites/kit/config.js';
import { runConformance } from '../suites/create-customer/run.js';
import { messageOf, UsageError } from './errors.js';
import type { Plan } from './resolve.js';
import { Recorder } from './salvage.js';

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
  /** An error of our own that ended the run early. */
  readonly internalError?: unknown;
}

/**
 * Runs the plan. Rejects with a UsageError where the report folder cannot be written to, before anything is sent; and
 * for nothing that the target does. `crash` rejects where the process caught an error that nobody handled.
 */
export async function execute(plan: Plan, hooks: RunHooks = {}, crash: Promise<never> = new Promise(() => undefined)): Promise<Outcome> {
  const folder = plan.out === undefined ? undefined : await openFolder(plan.out);
  const embedded = plan.target === undefined ? await startReference() : undefined;
  const recorder = new Recorder();
  const config: RunConfig = {
    ...plan.config,
    target: plan.target ?? embeddedTarget(embedded),
    ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
    ...(hooks.onProgress === undefined ? {} : { onProgress: hooks.onProgress }),
    onExchange: (exchange) => {
      recorder.exchange(exchange);
      folder?.exchange(exchange);
      hooks.onExchange?.(exchange);
    },
    onFinding: (finding) => {
      recorder.finding(finding);
      folder?.finding(finding);
      hooks.onFinding?.(finding);
    },
  };
  const outcome: Outcome = await Promise.race([runConformance(config), crash]).then(
    (run) => ({ run }),
    (error: unknown) => ({ run: recorder.salvage(config, error), internalError: error }),
  );
  await embedded?.close();
  return folder === undefined ? outcome : { ...outcome, written: await folder.finish(outcome.run, plan.formats) };
}

async function openFolder(out: string): Promise<ReportFolder> {
  return ReportFolder.open(resolve(out)).catch((error: unknown) => {
    throw new UsageError(`The report folder ${JSON.stringify(out)} cannot be written to (${messageOf(error)}). Name another one with --out.`);
  });
}

function embeddedTarget(reference: Reference | undefined): RunConfig['target'] {
  if (reference === undefined) throw new Error('the embedded reference was not started');
  const { url, apiKey, merchantId, secondMerchant } = reference;
  return { url, apiKey, merchantId, secondMerchant, embedded: true };
}
