/** The reference with eyes: it keeps every request, and answers some of them as a script or a reserved reference says. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Behaviour, Call, Reply } from '../../contracts/reference/behaviour.js';
import { behaviourOf, MERCHANT, serve } from '../../contracts/reference/server.js';
import { answerReserved, PARAMETERS, type Answer, type Parameters } from './answers.js';
import { fieldOf, isAccepted, pairsOf, readBody, type Captured } from './captured.js';
import type { Matchable, Plan, PlannedStep } from './script.js';

export interface ListenOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The server's key and certificate in PEM: then it speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Names of legal variants of the reference. */
  readonly variants?: readonly string[];
}

/** What came over the wire and was no request. */
export interface Unreadable {
  readonly kind: 'tls' | 'http';
  readonly message: string;
}

export interface Listening {
  readonly url: string;
  readonly apiKey: string;
  readonly merchantId: string;
  /** In the order in which they were complete. */
  readonly captured: readonly Captured[];
  readonly unreadable: readonly Unreadable[];
  /** Takes a script, in place of the one before. */
  script(plan: Plan): void;
  /** Steps that no request has matched yet. */
  unmatched(): readonly PlannedStep[];
  /** Steps that some request was answered by. */
  matched(): readonly PlannedStep[];
  /** Resolves when no answer is under way any more, or after so many milliseconds. */
  settle(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/** The port cannot be listened on. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

interface Chosen {
  readonly answer: Answer;
  readonly parameters: Parameters;
}

/**
 * Starts listening on 127.0.0.1.
 * @throws PortError for a port that is in use or not allowed, Error for a variant that there is none of
 */
export async function listen({ port = 0, tls, variants = [] }: ListenOptions = {}): Promise<Listening> {
  const captured: Captured[] = [];
  const unreadable: Unreadable[] = [];
  let steps: StepState[] = [];
  const started = new WeakMap<Call, { readonly at: number; readonly chosen: Chosen | undefined; readonly read: ReturnType<typeof readBody> }>();

  const choose = (call: Call, read: ReturnType<typeof readBody>): Chosen | undefined => {
    const request = { method: call.method, kind: kindOf(call), path: call.path, fields: read.fields };
    let chosen: Chosen | undefined;
    // Every step counts every request that it matches, also where another one answers it.
    for (const state of steps) if (state.takes(request)) chosen ??= state.use();
    if (chosen !== undefined) return chosen;
    const reference = call.route.kind === 'create' ? fieldOf(read, 'object_reference_id') : undefined;
    const reserved = reference === undefined ? undefined : answerReserved(reference);
    return reserved === undefined ? undefined : { answer: reserved, parameters: PARAMETERS };
  };

  const base = behaviourOf({ variants });
  const behaviour: Behaviour = {
    ...base,
    beforehand: (call, world, whole) => {
      const read = readBody(call);
      const chosen = choose(call, read);
      started.set(call, { at: Date.now(), chosen, read });
      const how = chosen?.answer.how;
      if (chosen !== undefined && how?.kind === 'instead') return how.reply(chosen.parameters);
      if (how?.kind === 'reset' && how.when === 'before') return NOTHING;
      return base.beforehand(call, world, whole);
    },
    finished: (reply, call) => {
      const how = started.get(call)?.chosen?.answer.how;
      const finished = base.finished(reply, call);
      return how?.kind === 'honest' && how.members !== undefined && isAccepted({ reply }) ? withMembers(finished, how.members) : finished;
    },
    send: (response, reply, call) => {
      const state = started.get(call);
      const exchange = capture(call, reply, captured.length + 1, state);
      captured.push(exchange);
      response.once('close', () => {
        exchange.endedAt = Date.now();
        if (exchange.delivery === 'under way') exchange.delivery = response.writableFinished ? 'whole' : 'abandoned';
      });
      deliver(response, exchange, state?.chosen, () => base.send(response, reply, call));
    },
  };

  const server = serve(behaviour, tls === undefined ? {} : { tls });
  // Node would answer these by itself, and what was sent would not be seen.
  Object.assign(server, { requireHostHeader: false });
  server.prependListener('request', ({ headers, httpVersion }: IncomingMessage) => {
    if (headers.host === undefined && httpVersion === '1.1') unreadable.push({ kind: 'http', message: 'HTTP/1.1 with no Host header' });
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    unreadable.push({ kind: 'http', message: `Expect: ${request.headers.expect ?? ''}, where a client can only expect 100-continue` });
    response.writeHead(417, { Connection: 'close' }).end();
  });
  server.on('clientError', (error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }) => {
    // With TLS 1.3 a client says only after the handshake that it does not trust the certificate.
    if (error.code?.startsWith('ERR_SSL_') === true) unreadable.push({ kind: 'tls', message: tlsReason(error) });
    // A client that goes away between two requests breaks nothing.
    else if (error.rawPacket?.[0] === TLS_HANDSHAKE) unreadable.push({ kind: 'tls', message: 'a TLS handshake to an http URL' });
    else if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') unreadable.push({ kind: 'http', message: error.message });
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => unreadable.push({ kind: 'tls', message: tlsReason(error) }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new PortError(portReason(port, error))));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;

  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(actual)}`,
    apiKey: MERCHANT.apiKey,
    merchantId: MERCHANT.merchantId,
    captured,
    unreadable,
    script: (plan) => (steps = plan.steps.map((step) => new StepState(step))),
    unmatched: () => steps.filter(({ used }) => !used).map(({ step }) => step),
    matched: () => steps.filter(({ used }) => used).map(({ step }) => step),
    settle: async (withinMs) => {
      const until = Date.now() + withinMs;
      while (captured.some(({ delivery }) => delivery === 'under way') && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `tlsv1 alert unknown ca` of OpenSSL's long message. */
function tlsReason(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  return error.reason ?? error.message;
}

/** The first byte of a client that speaks TLS. */
const TLS_HANDSHAKE = 0x16;

/** What stands for the answer that never comes. */
const NOTHING: Reply = { status: 0, headers: {}, body: '' };

/** A step and how often a request has matched it. */
class StepState {
  used = false;
  #seen = 0;
  readonly step: PlannedStep;

  constructor(step: PlannedStep) {
    this.step = step;
  }

  takes(request: Matchable): boolean {
    if (!this.step.matches(request)) return false;
    this.#seen += 1;
    return this.step.nth?.includes(this.#seen) ?? true;
  }

  use(): Chosen {
    this.used = true;
    return this.step;
  }
}

function portReason(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `port ${String(port)} of 127.0.0.1 is in use`;
  return code === 'EACCES' ? `port ${String(port)} of 127.0.0.1 is not allowed to this user` : message;
}

function withMembers(reply: Reply, change: (members: Record<string, unknown>) => Record<string, unknown>): Reply {
  const members: unknown = JSON.parse(reply.body.toString());
  return typeof members === 'object' && members !== null ? { ...reply, body: JSON.stringify(change({ ...members })) } : reply;
}

function kindOf({ route: { kind } }: Call): Captured['kind'] {
  return kind === 'create' || kind === 'read' || kind === 'update' ? kind : 'elsewhere';
}

function capture(
  call: Call,
  reply: Reply,
  number: number,
  state: { readonly at: number; readonly chosen: Chosen | undefined; readonly read: ReturnType<typeof readBody> } | undefined,
): Captured {
  const now = Date.now();
  return {
    number,
    method: call.method,
    target: call.query === '' ? call.path : `${call.path}?${call.query}`,
    path: call.path,
    kind: kindOf(call),
    headers: pairsOf(call.rawHeaders),
    body: call.body,
    ...(state?.read ?? readBody(call)),
    ...(state?.chosen === undefined ? {} : { scripted: state.chosen.answer.name }),
    reply,
    delivery: 'under way',
    startedAt: state?.at ?? now,
    endedAt: now,
  };
}

function deliver(response: ServerResponse<IncomingMessage>, exchange: Captured, chosen: Chosen | undefined, honest: () => void): void {
  const { kind } = chosen?.answer.how ?? { kind: 'honest' };
  switch (kind) {
    case 'honest':
    case 'instead':
      return honest();
    case 'slow':
      setTimeout(honest, chosen?.parameters.afterMs ?? PARAMETERS.afterMs).unref();
      return;
    case 'cut-off':
      exchange.delivery = 'cut off';
      return cutOff(response, exchange.reply);
    case 'reset':
      exchange.delivery = 'reset';
      reset(response.socket);
  }
}

function reset(socket: ServerResponse['socket']): void {
  socket?.on('error', () => undefined);
  // Below TLS there is no way to send RST; an end without close_notify is an error to the client all the same.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Headers and half of the body, and then the end of the connection. */
function cutOff(response: ServerResponse, { status, headers, body }: Reply): void {
  const whole = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': whole.length });
  response.write(whole.subarray(0, whole.length >> 1), () => response.socket?.end());
}
