/** `conform run --pact FILE`: the contract of the target, behind the run. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../reports/write.js';
import type { RunConfig } from '../suites/kit/config.js';
import { recordRun, type LeftOut } from '../suites/pact/from-run.js';
import { writeWhole } from '../suites/pact/recorder.js';
import type { Outcome } from './execute.js';
import { messageOf, UsageError } from './errors.js';

export interface PactWritten {
  readonly file: string;
  readonly interactions: number;
  readonly leftOut: readonly LeftOut[];
  /** Why there is no file; what was there before stays. */
  readonly unwritten?: string;
}

/** Rejects with a UsageError where the file cannot be written: before anything is sent. */
export async function checkPactFile(file: string): Promise<void> {
  const path = resolve(file);
  try {
    await makeFolder(dirname(path));
    await access(dirname(path), constants.W_OK);
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) throw new Error('it is a folder');
  } catch (error) {
    throw new UsageError(`--pact: ${JSON.stringify(file)} cannot be written (${messageOf(error)}). Name another file.`);
  }
}

/** The outcome with the contract written, what that took counted. Rejects for nothing that the target does; a run that did not end by itself records none. */
export async function withPact(
  outcome: Outcome,
  file: string,
  { target, ratePerSecond, timeoutMs }: RunConfig,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { run } = outcome;
  const nothing = (unwritten: string): Outcome => ({ ...outcome, pact: { file, interactions: 0, leftOut: [], unwritten } });
  if (run.status !== 'complete' || outcome.internalError !== undefined) return nothing(`the run is ${run.status}`);
  const { url, apiKey, merchantId } = target;
  const recording = await recordRun(run, {
    url,
    apiKey,
    merchantId,
    timeoutMs,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(signal === undefined ? {} : { signal }),
  });
  const counted = {
    ...outcome,
    run: {
      ...run,
      ended: new Date().toISOString(),
      requestsSent: run.requestsSent + recording.requestsSent,
      idsCreated: [...new Set([...run.idsCreated, ...recording.idsCreated])].sort(),
    },
  };
  const { text, interactions, leftOut } = recording;
  if (signal?.aborted === true) return { ...counted, pact: { file, interactions: 0, leftOut, unwritten: 'the run was interrupted' } };
  if (text === undefined) return { ...counted, pact: { file, interactions, leftOut, unwritten: 'no rule that it could hold was kept' } };
  const unwritten = await writeWhole(resolve(file), text).then(() => undefined, messageOf);
  return { ...counted, pact: { file, interactions, leftOut, ...(unwritten === undefined ? {} : { unwritten }) } };
}
