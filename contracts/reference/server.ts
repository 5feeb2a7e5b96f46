/** The reference as a server: requests in, replies out. What it decides is in `reference.ts`. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Behaviour, Call, Change, Merchant, Reply, World } from './behaviour.js';
import { refuse } from './answers.js';
import { create } from './create.js';
import { CustomerStore, type StoreLimits } from './customers.js';
import { FAULTS } from './faults.js';
import { nearest } from './nearest.js';
import { REFERENCE } from './reference.js';
import { read, update } from './siblings.js';
import { VARIANTS } from './variants.js';

export interface ReferenceOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Names of legal variants, combined in this order. */
  variants?: readonly string[];
  /** The name of a fault. */
  fault?: string;
  /** How long to wait before every answer; 0 by default. */
  latencyMs?: number;
  /** A key and a certificate in PEM: then it speaks TLS. */
  tls?: { key: string; cert: string };
}

export interface Reference {
  /** `http://127.0.0.1:PORT`, or `https:` with TLS. */
  url: string;
  apiKey: string;
  merchantId: string;
  secondMerchant: { merchantId: string; apiKey: string };
  /** Ends it, connections included. */
  close(): Promise<void>;
}

/**
 * Credentials of the reference: made up, of both letter cases, and worth nothing anywhere else. The `~` gives the base64
 * a character in which the alphabet for URLs differs, and the length makes it end in ==, as that of the page does.
 */
export const MERCHANT: Merchant = { merchantId: 'reference_merchant', apiKey: 'ReferenceKey7Qx2L~Vt9ZbHw4P' };
const SECOND_MERCHANT: Merchant = { merchantId: 'second_merchant', apiKey: 'SecondKeyOf3Rk8NpYc5TgJd6Uf' };

/** Header lines beyond this are answered 431; ample for whatever a proxy adds. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Starts the reference on 127.0.0.1.
 * @throws Error for a variant or fault that does not exist (with the names nearest to it), and for a port in use.
 */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const { port = 0, tls } = options;
  const server = serve(behaviourOf(options), { ...(tls && { tls }) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} of 127.0.0.1 is in use`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${actual}`,
    ...MERCHANT,
    secondMerchant: { ...SECOND_MERCHANT },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The reference's behaviour with the variants and the fault of the options applied. */
export function behaviourOf({ variants = [], fault, latencyMs = 0 }: ReferenceOptions): Behaviour {
  const changes: Change[] = variants.map((name) => named('variant', name, VARIANTS).change);
  if (fault !== undefined) changes.push(named('fault', fault, FAULTS).change);
  if (latencyMs > 0) changes.push((behaviour) => ({ pause: (call) => after(latencyMs, behaviour.pause(call)) }));
  return changes.reduce<Behaviour>((behaviour, change) => ({ ...behaviour, ...change(behaviour) }), REFERENCE);
}

function named<T extends { readonly name: string }>(what: string, name: string, list: readonly T[]): T {
  const found = list.find((item) => item.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    list.map((item) => item.name),
  );
  throw new Error(`there is no ${what} "${name}"; near it: ${near.join(', ')}`);
}

async function after(milliseconds: number, other: Promise<void> | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await other;
}

/** An HTTP server that behaves so; not listening yet. */
export function serve(behaviour: Behaviour, { tls, limits }: { tls?: { key: string; cert: string }; limits?: StoreLimits } = {}): Server {
  const world: World = { merchants: [MERCHANT, SECOND_MERCHANT], store: new CustomerStore(limits) };
  let count = 0;
  let underWay = 0;
  const listener: RequestListener = (request, response) => {
    count += 1;
    underWay += 1;
    response.once('close', () => (underWay -= 1));
    const number = count;
    receive(request, behaviour, (body) => {
      const call = callOf(request, body, number, () => underWay, behaviour);
      void reply(call, body === undefined, behaviour, world).then((answer) => behaviour.send(response, behaviour.finished(answer, call), call));
    });
  };
  const settings = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: behaviour.keepAliveTimeoutMs };
  const server = tls ? createTlsServer({ ...settings, ...tls }, listener) : createServer(settings, listener);
  server.on('clientError', refuseUnreadable);
  // Without a listener Node drops the connection of a CONNECT.
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => refuseOnSocket(socket, '405 Method Not Allowed', 'Allow: POST\r\n'));
  return server;
}

/** Calls back with the whole body; with undefined where it is too large. What is too large is read all the same: an answer to a client that is still writing could be lost. */
function receive(request: IncomingMessage, behaviour: Behaviour, done: (body: Buffer | undefined) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= behaviour.maxBodyBytes) pieces.push(piece);
    else pieces.length = 0;
  });
  request.on('end', () => done(length > behaviour.maxBodyBytes ? undefined : behaviour.joined(pieces)));
}

function callOf(request: IncomingMessage, body: Buffer | undefined, number: number, underWay: () => number, behaviour: Behaviour): Call {
  const { method = 'GET', headers, rawHeaders, socket } = request;
  // A client that takes us for a proxy sends the whole URL.
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const route = behaviour.route(method, path);
  return { number, method, path, query, headers, rawHeaders, body: body ?? Buffer.alloc(0), route, connection: socket, underWay };
}

async function reply(call: Call, tooLarge: boolean, behaviour: Behaviour, world: World): Promise<Reply> {
  const wait = behaviour.pause(call);
  if (wait !== undefined) await wait;
  const early = behaviour.beforehand(call, world, behaviour);
  if (early !== undefined) return early;
  if (tooLarge) return refuse('too-large', behaviour, call);
  const { route } = call;
  switch (route.kind) {
    case 'create':
      return create(behaviour, call, world);
    case 'read':
      return behaviour.reads ? read(behaviour, call, route.id, world) : refuse('no-such-path', behaviour, call);
    case 'update':
      return behaviour.updates ? update(behaviour, call, route.id, world) : refuse('no-such-path', behaviour, call);
    case 'not-allowed':
      return refuse('method', behaviour, call, {}, { Allow: route.allow });
    case 'not-found':
      return refuse('no-such-path', behaviour, call);
  }
}

/** HTTP that could not be read is answered too, where the connection still stands. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else if (error.code === 'HPE_HEADER_OVERFLOW') refuseOnSocket(socket, '431 Request Header Fields Too Large');
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseOnSocket(socket, '408 Request Timeout');
  else refuseOnSocket(socket, '400 Bad Request');
}

function refuseOnSocket(socket: Duplex, status: string, headers = ''): void {
  socket.on('error', () => socket.destroy());
  // Read on: closing with unread bytes would reset the connection before the answer is read.
  socket.resume();
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
