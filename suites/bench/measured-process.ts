/** Runs a program of the checkout in a process of its own, and measures it from its start to its end. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

export interface Measured {
  readonly exitCode: number | null;
  /** From before it was started until it had ended. */
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly stderr: string;
}

/**
 * @param program relative to the checkout; run from source, as `npm start` does
 * @param environment added to that of this process
 */
export function measure(program: string, parameters: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['--import', 'tsx', '--import', './suites/bench/peak-memory.ts', program, ...parameters], {
      cwd: CHECKOUT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let [stderr, kilobytes] = ['', ''];
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // The fourth entry of stdio is a pipe that is written by the child alone.
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (kilobytes += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, seconds: (performance.now() - start) / 1000, peakMegabytes: Number(kilobytes) / 1024, stderr });
    });
  });
}
