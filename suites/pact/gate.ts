/**
 * What stands between Pact's verifier and the target: the endpoint for provider states, and a way through that passes
 * every request on byte for byte, waits out 429 and keeps what was said, so that a finding can show it.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialHeader } from '../kit/credentials.js';
import { SendingEnded } from '../kit/pacing.js';
import type { WireRequest, WireResult } from '../kit/transport.js';
import type { Channel } from './channel.js';
import { isKnownState, setUp, StateError, type Parameters } from './states.js';

/** One interaction as it came by: its states, and its request with the answer. */
export interface Passage {
  readonly states: readonly string[];
  readonly stateError?: string;
  readonly request?: WireRequest;
  readonly result?: WireResult;
}

type Open = { -readonly [K in keyof Passage]: Passage[K] } & { states: string[]; ours: boolean };

/** Headers of one connection, not of the message. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection', 'upgrade', 'te', 'trailer']);

export class Gate {
  readonly #channel: Channel;
  readonly #server: Server;
  /** Only the verifier that was told it gets through: the state endpoint hands out credentials. */
  readonly #secret = randomBytes(16).toString('hex');
  readonly #passages: Open[] = [];

  private constructor(channel: Channel) {
    this.#channel = channel;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Opens a gate on 127.0.0.1. */
  static async open(channel: Channel): Promise<Gate> {
    const gate = new Gate(channel);
    await new Promise<void>((resolve, reject) => gate.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** Where the verifier sends requests. */
  get targetUrl(): string {
    return `${this.#base}/target`;
  }

  /** Where it asks for provider states. */
  get statesUrl(): string {
    return `${this.#base}/states`;
  }

  get #base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${this.#secret}`;
  }

  /** What came by so far, in its order. */
  get passages(): readonly Passage[] {
    return this.#passages;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const path = (request.url ?? '').replace(`/${this.#secret}`, '');
    try {
      if (path === request.url) end(response, 404, {});
      else if (path === '/states' || path.startsWith('/states?')) await this.#state(body, response);
      else await this.#pass(request, path.replace(/^\/target/, ''), body, response);
    } catch (error) {
      // An answer that cannot be had is none for the verifier either.
      if (error instanceof SendingEnded) response.destroy();
      else end(response, 500, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The passage that is being prepared, or a new one behind a request. */
  #preparing(): Open {
    const last = this.#passages.at(-1);
    if (last !== undefined && last.request === undefined && last.stateError === undefined) return last;
    const passage: Open = { states: [], ours: false };
    this.#passages.push(passage);
    return passage;
  }

  async #state(body: Buffer, response: ServerResponse): Promise<void> {
    const { state = '', params, action } = JSON.parse(body.toString('utf8')) as { state?: string; params?: Record<string, unknown>; action?: string };
    if (action === 'teardown') return end(response, 200, {});
    const passage = this.#preparing();
    passage.states.push(state);
    passage.ours ||= isKnownState(state);
    const parameters: Parameters = Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]));
    try {
      end(response, 200, await setUp(this.#channel, state, parameters));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      passage.stateError = error.message;
      end(response, 500, { error: error.message });
    }
  }

  async #pass(request: IncomingMessage, path: string, body: Buffer, response: ServerResponse): Promise<void> {
    const passage = this.#preparing();
    const wire: WireRequest = {
      method: request.method ?? 'GET',
      path,
      headers: this.#headers(request, passage.ours),
      body: request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined ? undefined : body,
    };
    passage.request = wire;
    const result = await this.#channel.send(wire);
    passage.result = result;
    if (result.response === undefined || !result.response.complete) {
      response.destroy();
      return;
    }
    const headers = result.response.headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && name.toLowerCase() !== 'content-length');
    response.writeHead(result.response.status, headers.flat());
    response.end(result.response.body);
  }

  /** The headers of the message. A contract that knows nothing of our states gets the real credentials here. */
  #headers({ rawHeaders }: IncomingMessage, ours: boolean): [string, string][] {
    const pairs: [string, string][] = [];
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
      const lower = name.toLowerCase();
      if (HOP_BY_HOP.has(lower) || lower === 'host' || lower === 'content-length' || lower === 'accept-encoding') continue;
      if (!ours && (lower === 'authorization' || lower === 'x-merchantid')) continue;
      pairs.push([name, value]);
    }
    const { apiKey, merchantId } = this.#channel.options;
    return ours ? pairs : [['Authorization', credentialHeader('canonical', apiKey) ?? ''], ['x-merchantid', merchantId], ...pairs];
  }
}

function end(response: ServerResponse, status: number, members: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(members));
}
