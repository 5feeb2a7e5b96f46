/** The way to a target while its contract is verified: one pace for all requests, 429 waited out, what was created remembered. */
import type http from 'node:http';
import { Pacing, retryDelay } from '../kit/pacing.js';
import { createAgent, exchange, type WireRequest, type WireResult } from '../kit/transport.js';

export interface TargetOptions {
  /** Base URL; `/customers` comes behind it. */
  readonly url: string;
  readonly apiKey: string;
  readonly merchantId: string;
  /** Requests a second; no limit where absent. */
  readonly ratePerSecond?: number;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** False: a connection for each request. */
  readonly keepAlive?: boolean;
}

/** 429 is waited out this many times for one request. */
const RETRIES = 5;
/** A contract is verified one interaction after the other; more would only be asked for by states. */
const CONCURRENCY = 4;

export class Channel {
  readonly options: TargetOptions;
  /** Every `object_reference_id` that the target accepted. */
  readonly created: string[] = [];
  /** How long a customer that was created may take to be readable, in milliseconds; not waited for where absent. */
  awaitReadable: number | undefined;
  readonly #pacing: Pacing;
  readonly #agent: http.Agent;

  constructor(options: TargetOptions) {
    this.options = { ...options, url: options.url.replace(/\/+$/, '') };
    const { ratePerSecond, signal } = options;
    this.#pacing = new Pacing({
      concurrency: CONCURRENCY,
      maxRequests: Number.POSITIVE_INFINITY,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      ...(signal === undefined ? {} : { signal }),
    });
    this.#agent = createAgent(this.options.url, CONCURRENCY, options.keepAlive ?? true);
  }

  get sent(): number {
    return this.#pacing.sent;
  }

  /** Sends the request as it is. Rejects with SendingEnded where the run was interrupted. */
  async send(wire: WireRequest): Promise<WireResult> {
    for (let attempt = 0; ; attempt += 1) {
      const result = await this.#pacing.turn(() => exchange(this.options.url, wire, this.#agent, this.options.timeoutMs));
      const { response } = result;
      if (response?.status !== 429 || attempt === RETRIES) {
        this.#note(wire, response?.status);
        return result;
      }
      const header = (wanted: string): string | undefined => response.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
      this.#pacing.pause(retryDelay(header('retry-after'), attempt, header('date')));
    }
  }

  #note({ method, path, body }: WireRequest, status: number | undefined): void {
    if (method !== 'POST' || !path.endsWith('/customers') || status === undefined || status < 200 || status > 299) return;
    const reference = new URLSearchParams(body?.toString('utf8') ?? '').get('object_reference_id');
    if (reference !== null) this.created.push(reference);
  }

  close(): void {
    this.#agent.destroy();
  }
}
