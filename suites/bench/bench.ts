/**
 * Measures what a run costs: `npm run bench`. A standard run against the embedded reference as a whole process, and one
 * against a target in another process that answers after 50 ms, beside a bare client that sends the same requests. Ends
 * with 1 where a median is past its limit. BENCH_REPEATS says how often each is measured (5 by default).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../contracts/finding.js';
import { MERCHANT } from '../../contracts/reference/server.js';
import { measure } from './measured-process.js';
import { readRecorded, replay, type Replayed } from './recorded.js';
import { isPast, renderTable, type Row } from './table.js';

const REPEATS = Number(process.env['BENCH_REPEATS'] ?? 5);
const LATENCY_MS = 50;
const CONCURRENCY = 16;

/** A standard run against the reference, from the start of the process to its end. */
const MOST_SECONDS = 6;
const MOST_MEGABYTES = 250;
/** Of requests × latency / concurrency: what no client can be below. */
const MOST_OF_LEAST = 1.4;

/** A target in a process of its own; `close` gives the file with what it received. */
async function startTarget(latencyMs: number, file: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const program = fileURLToPath(new URL('target.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(latencyMs), file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('error', reject);
    child.once('close', () => reject(new Error('the target ended before it listened')));
  });
  const { url } = JSON.parse(line) as { readonly url: string };
  return {
    url,
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** `conform run` with these options and a report in the folder; rejects where the run did not end green. */
async function conform(folder: string, options: readonly string[]): Promise<{ readonly seconds: number; readonly peakMegabytes: number; readonly run: Run }> {
  const { exitCode, stderr, ...measured } = await measure('bin/conform.ts', ['run', '--out', folder, ...options], { BENCH_KEY: MERCHANT.apiKey });
  if (exitCode !== 0) throw new Error(`conform run ended with ${String(exitCode)}, so its time says nothing:\n${stderr}`);
  return { ...measured, run: JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Run };
}

const secondsOf = ({ started, ended }: Run): number => (Date.parse(ended) - Date.parse(started)) / 1000;

interface Beside {
  readonly run: Run;
  readonly replayed: Replayed;
}

/** A run against a target in another process, and the same requests to a new one by a bare client. */
async function besideBareClient(folder: string, latencyMs: number, seed: number): Promise<Beside> {
  const file = join(folder, 'received.json');
  const target = await startTarget(latencyMs, file);
  const options = ['--url', target.url, '--merchant-id', MERCHANT.merchantId, '--api-key-env', 'BENCH_KEY', '--concurrency', String(CONCURRENCY)];
  const { run } = await conform(folder, [...options, '--seed', String(seed)]).finally(() => target.close());
  const again = await startTarget(latencyMs, '');
  const replayed = await replay(again.url, readRecorded(file), CONCURRENCY).finally(() => again.close());
  return { run, replayed };
}

async function repeated<T>(what: string, once: (seed: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 1; time <= REPEATS; time += 1) {
    process.stderr.write(`${what}, ${String(time)} of ${String(REPEATS)}\n`);
    results.push(await once(time));
  }
  return results;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-bench-'));
  try {
    const embedded = await repeated('a standard run against the embedded reference', (seed) => conform(folder, ['--seed', String(seed)]));
    const prompt = await repeated('a target that answers at once, and a bare client', (seed) => besideBareClient(folder, 0, seed));
    const slow = await repeated(`a target that answers after ${String(LATENCY_MS)} ms, and a bare client`, (seed) =>
      besideBareClient(folder, LATENCY_MS, seed),
    );
    const least = ({ run }: Beside): number => (run.requestsSent * LATENCY_MS) / CONCURRENCY / 1000;
    const rows: Row[] = [
      { what: 'standard run, embedded reference: whole process', unit: 's', values: embedded.map(({ seconds }) => seconds), limit: MOST_SECONDS },
      { what: '  its peak memory', unit: 'MB', values: embedded.map(({ peakMegabytes }) => peakMegabytes), limit: MOST_MEGABYTES },
      { what: '  its requests', unit: '', values: embedded.map(({ run }) => run.requestsSent) },
      { what: 'target that answers at once: run', unit: 's', values: prompt.map(({ run }) => secondsOf(run)) },
      { what: '  bare undici, the same requests', unit: 's', values: prompt.map(({ replayed }) => replayed.seconds) },
      { what: '  run ÷ bare undici', unit: '', values: prompt.map(({ run, replayed }) => secondsOf(run) / replayed.seconds) },
      { what: `target that answers after ${String(LATENCY_MS)} ms: run`, unit: 's', values: slow.map(({ run }) => secondsOf(run)) },
      { what: `  requests × ${String(LATENCY_MS)} ms / ${String(CONCURRENCY)}`, unit: 's', values: slow.map(least) },
      { what: '  run ÷ that', unit: '', values: slow.map((one) => secondsOf(one.run) / least(one)), limit: MOST_OF_LEAST },
      { what: '  bare undici, the same requests', unit: 's', values: slow.map(({ replayed }) => replayed.seconds) },
      { what: '  run ÷ bare undici', unit: '', values: slow.map(({ run, replayed }) => secondsOf(run) / replayed.seconds) },
    ];
    process.stdout.write(
      `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB; ${String(REPEATS)} times each\n\n`,
    );
    process.stdout.write(renderTable(rows));
    const refused = [...prompt, ...slow].reduce((sum, { replayed }) => sum + replayed.failed, 0);
    if (refused > 0) process.stdout.write(`\n${String(refused)} requests of all that were replayed were not answered, or undici would not send them.\n`);
    process.exitCode = rows.some(isPast) ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
