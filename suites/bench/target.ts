/**
 * The reference in a process of its own: answers after a while, and remembers what came. Prints where it listens as a
 * line of JSON, writes what came to the file it was given when its input ends, and ends.
 *
 * usage: node --import tsx suites/bench/target.ts LATENCY_MS FILE
 */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Call } from '../../contracts/reference/behaviour.js';
import { behaviourOf, serve } from '../../contracts/reference/server.js';
import type { RecordedRequest } from './recorded.js';

const [latencyMs = '0', file = ''] = process.argv.slice(2);
const received: RecordedRequest[] = [];

function keep({ method, path, query, rawHeaders, body }: Call): void {
  received.push({ method, path: query === '' ? path : `${path}?${query}`, headers: [...rawHeaders], body: body.toString('base64') });
}

const behaviour = behaviourOf({ latencyMs: Number(latencyMs) });
const server = serve({
  ...behaviour,
  beforehand: (call, world, decisions) => {
    keep(call);
    return behaviour.beforehand(call, world, decisions);
  },
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` })}\n`);
});

process.stdin.resume().on('end', () => {
  if (file !== '') writeFileSync(file, JSON.stringify(received));
  server.close();
  server.closeAllConnections();
});
