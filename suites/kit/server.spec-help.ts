/** Real servers on 127.0.0.1 for specs: one that speaks HTTP and remembers what came, and one that writes bytes. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  /** Names and values as they came, in their letter case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The same for requests that came over one connection. */
  readonly port: number;
}

export interface TestServer {
  readonly url: string;
  /** In the order in which they were complete. */
  readonly received: Received[];
  /** Most requests that were under way at one time. */
  readonly busiest: () => number;
  close(): Promise<void>;
}

export type Answer = (response: http.ServerResponse, received: Received, number: number) => void | Promise<void>;

/** An HTTP server that answers each complete request; `number` counts them from 1. */
export async function serve(answer: Answer = (response) => void response.end()): Promise<TestServer> {
  const received: Received[] = [];
  let underWay = 0;
  let busiest = 0;
  const server = http.createServer((request, response) => {
    underWay += 1;
    busiest = Math.max(busiest, underWay);
    response.once('close', () => (underWay -= 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { rawHeaders, method = '', url = '', socket } = request;
      const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
      const one: Received = { method, url, headers, body: Buffer.concat(chunks), port: socket.remotePort ?? 0 };
      received.push(one);
      void answer(response, one, received.length);
    });
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    received,
    busiest: () => busiest,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A server that is given each connection, when its first bytes have come. */
export async function serveBytes(answer: (socket: net.Socket) => void): Promise<Omit<TestServer, 'received' | 'busiest'>> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => answer(socket));
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listening(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}

/** A port of 127.0.0.1 at which nobody listens. */
export async function refusedUrl(): Promise<string> {
  const server = net.createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${String(port)}`;
}

/** The values of a header of a request, whatever the letter case of its name. */
export function headersOf({ headers }: Received, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The milliseconds that something takes, and what it comes to. */
export async function timed<T>(promise: Promise<T>): Promise<readonly [milliseconds: number, result: T]> {
  const start = performance.now();
  const result = await promise;
  return [performance.now() - start, result];
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
