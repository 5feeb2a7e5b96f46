/**
 * One request over supertest: the exact bytes that were asked for go out, and whatever comes back is kept, complete or
 * not. Never rejects.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import supertest from 'supertest';

/** A request as it goes onto the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, in front of which the target's own path stands. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
  readonly chunked?: boolean;
  /** A connection of its own, or one that several requests share; the pool's where absent. */
  readonly agent?: http.Agent;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** False when the connection ended, or the time ran out, within the body. */
  readonly complete: boolean;
}

export type FailureKind = 'timeout' | 'dropped' | 'unreachable' | 'tls' | 'malformed';
export interface WireFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

export interface WireResult {
  readonly response?: WireResponse;
  readonly failure?: WireFailure;
  /** The connection had carried a request before. */
  readonly reusedConnection: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/**
 * Idle connections are given up after this time. Servers close idle ones after a second or more, and a request that
 * meets the closing would look like a dropped connection.
 */
const IDLE_MS = 400;

/** Long enough for the first chunk to be read by itself. */
const BETWEEN_CHUNKS_MS = 20;

/** Connections that have carried a request. Node's `reusedSocket` does not tell where the request had waited for its turn. */
const used = new WeakSet<Socket>();

/** Whether the connection of a request had carried one before; from now on it has. */
function isOnReusedConnection(request: supertest.Test): boolean {
  // superagent has Node's request behind `req`, which its types do not tell.
  const socket = (request as unknown as { readonly req?: http.ClientRequest }).req?.socket;
  if (socket === null || socket === undefined) return false;
  const isReused = used.has(socket);
  used.add(socket);
  return isReused;
}

/** A pool of connections to the target. */
export function createAgent(url: string, maxSockets: number, keepAlive = true): http.Agent {
  // Node reuses the connections of an agent that has a limit, whatever it says of keeping them alive.
  const options = keepAlive ? { keepAlive, maxSockets, timeout: IDLE_MS } : { keepAlive };
  return url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const isTlsError = (code: string): boolean => code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code === 'EPROTO';

function failureOf(error: Error & { code?: string; timeout?: number }): WireFailure {
  // supertest makes an error of its own when it cannot connect, with the code at the head of its message.
  const code = error.code ?? /^E[A-Z]+(?=: )/.exec(error.message)?.[0] ?? '';
  if (error.timeout !== undefined || code === 'ECONNABORTED') return { kind: 'timeout', message: `no complete answer within ${error.timeout ?? 0} ms` };
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', message: error.message };
  if (isTlsError(code)) return { kind: 'tls', message: error.message };
  if (code.startsWith('HPE_')) return { kind: 'malformed', message: `the answer is not HTTP (${error.message})` };
  if (code.startsWith('Z_')) return { kind: 'malformed', message: `the answer is not in its Content-Encoding (${error.message})` };
  return { kind: 'dropped', message: `the connection was closed without a complete answer (${code === '' ? error.message : code})` };
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  const result: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return result;
}

/** Values of headers by their names, as the first of a name is written: a name that is set again would take the place of the first. */
function byName(headers: WireRequest['headers']): (readonly [name: string, values: string])[] {
  const values = new Map<string, { readonly name: string; readonly all: string[] }>();
  for (const [name, value] of headers) {
    const known = values.get(name.toLowerCase());
    if (known === undefined) values.set(name.toLowerCase(), { name, all: [value] });
    else known.all.push(value);
  }
  // Node sends a list as a line for each; superagent's types know only one text.
  return [...values.values()].map(({ name, all }) => [name, (all.length === 1 ? all[0] : all) as string]);
}

/**
 * Sends one request and waits for the whole answer.
 * @param url the target's base URL, without a slash at its end
 * @param timeoutMs for the whole exchange
 */
export function exchange(url: string, wire: WireRequest, agent: http.Agent, timeoutMs: number): Promise<WireResult> {
  const startedAt = new Date();
  const start = performance.now();
  return new Promise((resolve) => {
    let head: http.IncomingMessage | undefined;
    const chunks: Buffer[] = [];
    const finish = (error: (Error & { code?: string; timeout?: number }) | null): void => {
      const failure = error === null ? undefined : failureOf(error);
      // superagent does not wait for the end of an answer to HEAD, since none of it is to come.
      const complete = failure === undefined && (wire.method === 'HEAD' || head?.complete === true);
      const response =
        head === undefined ? undefined : { status: head.statusCode ?? 0, headers: pairs(head.rawHeaders), body: Buffer.concat(chunks), complete };
      resolve({
        ...(response === undefined ? {} : { response }),
        ...(failure === undefined ? {} : { failure }),
        reusedConnection: isOnReusedConnection(request),
        startedAt,
        durationMs: performance.now() - start,
      });
    };
    // supertest has a method for each HTTP method, and its types know the common ones.
    const client = supertest(url) as unknown as Record<string, ((path: string) => supertest.Test) | undefined>;
    const open = client[wire.method.toLowerCase()];
    if (open === undefined) throw new RangeError(`supertest cannot send ${wire.method}`);
    const request = open(wire.path)
      // Not request.agent(): that keeps cookies, and a request must not depend on an earlier one.
      .agent(wire.agent ?? agent)
      .redirects(0)
      .ok(() => true)
      // Without this a Buffer under the form type goes out as 0=97&1=98…
      .serialize((body: unknown) => body as string)
      .timeout({ deadline: timeoutMs })
      .set('Accept-Encoding', 'identity')
      // Parsed by ourselves: superagent would reject invalid JSON, and lose what was invalid.
      .buffer(true)
      .parse((response, done) => {
        // superagent types it as its own Response; it is Node's message.
        const message = response as unknown as http.IncomingMessage;
        head = message;
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('end', () => done(null, Buffer.alloc(0)));
      });
    for (const [name, values] of byName(wire.headers)) request.set(name, values);
    const end = (): void => {
      request.end((error: (Error & { code?: string; timeout?: number }) | null, response: unknown) => {
        // An answer that can have no body (to HEAD, 204) is never parsed, so its head is only found here.
        head ??= (response as { res?: http.IncomingMessage } | undefined)?.res;
        finish(error);
      });
    };
    if (wire.body === undefined) return end();
    if (wire.chunked !== true) {
      request.send(wire.body as unknown as string);
      return end();
    }
    // A request that is written to as a stream has no Content-Length, so Node sends it in chunks. Two of them, apart, since
    // a target that takes the first for the whole would be right about a single one.
    const half = Math.ceil(wire.body.length / 2);
    let failed = false;
    // A connection that fails between the chunks fails before anybody asked superagent for the end.
    request.once('error', (error: Error) => {
      failed = true;
      finish(error);
    });
    request.write(wire.body.subarray(0, half));
    setTimeout(() => {
      if (failed) return;
      request.write(wire.body?.subarray(half) as unknown as string);
      end();
    }, BETWEEN_CHUNKS_MS);
  });
}
