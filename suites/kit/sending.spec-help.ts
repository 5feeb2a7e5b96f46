/** Contexts that really send: to a server on 127.0.0.1 that lives as long as one test. */
import type { Exchange } from '../../contracts/finding.js';
import type { RunConfig, Target } from './config.js';
import { Context } from './context.js';
import type { Draft, Recipe } from './draft.js';
import type { Intent } from './observation.js';
import { create } from './scripted.spec-help.js';
import { serve, type Answer, type TestServer } from './server.spec-help.js';
import { configOf } from './target.spec-help.js';

export interface Sending {
  readonly context: Context;
  readonly server: TestServer;
  /** What the run was told of, in its order. */
  readonly exchanges: readonly Exchange[];
}

/** Overrides of the configuration, and of what a context is given beside it. */
export type SendingOptions = Partial<Omit<RunConfig, 'target'>> & { readonly target?: Partial<Target>; readonly isJudged?: boolean };

/** Lets a context send to a server, and ends both. */
export async function sending<T>(answer: Answer, use: (sending: Sending) => Promise<T>, { isJudged, target, ...more }: SendingOptions = {}): Promise<T> {
  const server = await serve(answer);
  const exchanges: Exchange[] = [];
  const plain = configOf(server.url, { timeoutMs: 1_000, onExchange: (exchange) => exchanges.push(exchange), ...more });
  const config = { ...plain, target: { ...plain.target, ...target } };
  const context = new Context(config, config.maxRequests ?? 300, 'rtest', isJudged === undefined ? {} : { isJudged });
  try {
    return await use({ context, server, exchanges });
  } finally {
    context.close();
    await server.close();
  }
}

/** Answers with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const BAD_ORIGIN = json(403, { error: true, error_info: { code: 'BAD_ORIGIN' } });

/** A good create with a fresh reference, but for what is given. */
export function creating(more: Partial<Draft> = {}): Recipe {
  return (fresh) => ({ ...create(fresh(20, 'word')), ...more });
}

/** A read: no fields, and no body. */
export const READING: Recipe = () => ({ ...create('unused'), method: 'GET', path: '/customers/cst_1', fields: [], contentType: null });

export function intentOf(more: Partial<Intent> = {}): Intent {
  return { ruleId: 'first_name/charset', n: 3, purpose: 'conforming', note: 'a request', ...more };
}

/** What a promise is rejected with; undefined where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The words of an error; undefined where there is none. */
export function messageOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
