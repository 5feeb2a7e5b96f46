/** Draws an atlas of a target: what the command line and the library share. */
import { resolve } from 'node:path';
import type { Atlas } from '../contracts/atlas.js';
import type { Exchange } from '../contracts/finding.js';
import type { FieldName } from '../contracts/model.js';
import { startReference } from '../contracts/reference/server.js';
import { renderAtlasJson } from '../reports/atlas/json.js';
import { ATLAS_FILE } from '../reports/atlas/read.js';
import { renderAtlasHtml } from '../reports/html/atlas.js';
import { TextFolder, type Written } from '../reports/write.js';
import { drawAtlas, type AtlasProgress } from '../suites/atlas/index.js';
import { asUnwritable, embeddedTarget, graceAfter } from './execute.js';
import { asError } from './errors.js';
import { TOOL } from './package.js';
import type { Plan } from './resolve.js';

/** The files of an atlas. */
export const ATLAS_FILES = { json: ATLAS_FILE, html: 'atlas.html', exchanges: 'atlas-exchanges.ndjson' } as const;

/** What is told while an atlas is drawn. */
export interface AtlasHooks {
  /** Aborted: the atlas ends early, and says so. */
  readonly signal?: AbortSignal;
  /** Each exchange as it ends, the API key taken out. */
  readonly onExchange?: (exchange: Exchange) => void;
  readonly onProgress?: (progress: AtlasProgress) => void;
}

export interface AtlasOutcome {
  readonly atlas: Atlas;
  /** Absent where nothing was to be written. */
  readonly written?: Written;
  /** An error of our own that ended it early. */
  readonly internalError?: Error;
}

/**
 * Draws the atlas of the plan's target and writes it where the plan says. Rejects with a UsageError where the folder cannot be
 * written to, before anything is sent; and for nothing that the target does. `crash` rejects where the process caught an error
 * that nobody handled.
 */
export async function executeAtlas(
  plan: Plan,
  fields: readonly FieldName[] | undefined,
  hooks: AtlasHooks = {},
  crash: Promise<never> = new Promise(() => undefined),
): Promise<AtlasOutcome> {
  const folder =
    plan.out === undefined
      ? undefined
      : await TextFolder.open(resolve(plan.out), [ATLAS_FILES.json, ATLAS_FILES.html], ATLAS_FILES.exchanges).catch(asUnwritable(plan.out));
  const embedded = plan.target === undefined ? await startReference() : undefined;
  const { concurrency, ratePerSecond, seed, timeoutMs, maxRequests } = plan.config;
  const [ended, left] = [new AbortController(), new AbortController()];
  let internalError: Error | undefined;
  crash.catch((error: unknown) => {
    internalError = asError(error);
    ended.abort();
    left.abort();
  });
  const grace = graceAfter(hooks.signal);
  void grace.over.then(() => left.abort());
  const atlas = await drawAtlas({
    tool: TOOL,
    target: plan.target ?? embeddedTarget(embedded),
    seed,
    concurrency,
    timeoutMs,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(fields === undefined ? {} : { fields }),
    signal: hooks.signal === undefined ? ended.signal : AbortSignal.any([hooks.signal, ended.signal]),
    abandon: left.signal,
    onExchange: (exchange) => {
      if (left.signal.aborted) return;
      folder?.exchange(exchange);
      hooks.onExchange?.(exchange);
    },
    ...(hooks.onProgress === undefined ? {} : { onProgress: hooks.onProgress }),
  });
  left.abort();
  grace.cancel();
  await embedded?.close();
  const written = await folder?.finish({ [ATLAS_FILES.json]: () => renderAtlasJson(atlas), [ATLAS_FILES.html]: () => renderAtlasHtml(atlas) });
  return { atlas, ...(written === undefined ? {} : { written }), ...(internalError === undefined ? {} : { internalError }) };
}
