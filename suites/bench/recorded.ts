/** Requests as a target received them, sent again by a bare client: the least time that sending them can take. */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  /** In base64. */
  readonly body: string;
}

/** What the client writes by itself, or does not let anybody write. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect', 'upgrade']);

export function readRecorded(file: string): RecordedRequest[] {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedRequest[];
}

function withoutConnection(headers: readonly string[]): string[] {
  return headers.flatMap((name, index) => (index % 2 === 0 && !OF_THE_CONNECTION.has(name.toLowerCase()) ? [name, headers[index + 1] ?? ''] : []));
}

export interface Replayed {
  readonly seconds: number;
  readonly answered: number;
  /** Requests that the client would not send, or that got no answer. */
  readonly failed: number;
}

/** Sends them all, so many at a time, reads every answer to its end, and does nothing else. */
export async function replay(url: string, requests: readonly RecordedRequest[], concurrency: number): Promise<Replayed> {
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
  let [next, answered, failed] = [0, 0, 0];
  const worker = async (): Promise<void> => {
    for (let one = requests[next++]; one !== undefined; one = requests[next++]) {
      const { method, path, headers, body } = one;
      try {
        const answer = await pool.request({
          method: method,
          path,
          headers: withoutConnection(headers),
          body: body === '' ? null : Buffer.from(body, 'base64'),
        });
        await answer.body.arrayBuffer();
        answered += 1;
      } catch {
        failed += 1;
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  return { seconds, answered, failed };
}
