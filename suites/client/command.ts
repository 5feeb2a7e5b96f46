/** Runs the client's command: environment, output passed through, time limit, how it ended. */
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { Ended } from './run.js';

export interface CommandOptions {
  /** Variables besides those of the process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** Milliseconds; then the command and all that it started is ended. */
  readonly timeoutMs: number;
  /** Aborted: the command is ended early. */
  readonly signal?: AbortSignal;
  /** Texts that must not stand in its output. */
  readonly secrets: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** The command could not be started. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** How long a command that was asked to end (SIGTERM) may take until it is made to (SIGKILL). */
const GRACE_MS = 1000;

/**
 * Runs a command and resolves when it and its output have ended.
 * @throws CommandError where there is no such command, or it may not be run
 */
export async function runCommand(command: readonly [string, ...string[]], options: CommandOptions): Promise<Ended> {
  const [program, ...args] = command;
  const started = performance.now();
  // A group of its own: what the command starts is ended along with it.
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { ...options.environment, ...options.variables, ...withoutProxy(options.environment) },
    stdio: ['inherit', 'pipe', 'pipe'],
    detached: true,
  });
  const found = new Set<string>();
  const flush = [
    passThrough(child.stdout, options.stdout, options.secrets, () => found.add('stdout')),
    passThrough(child.stderr, options.stderr, options.secrets, () => found.add('stderr')),
  ];
  let [timedOut, interrupted] = [false, false];
  const timers: NodeJS.Timeout[] = [];
  const end = (): void => {
    kill(child.pid, 'SIGTERM');
    timers.push(setTimeout(() => kill(child.pid, 'SIGKILL'), GRACE_MS));
  };
  timers.push(
    setTimeout(() => {
      timedOut = true;
      end();
    }, options.timeoutMs),
  );
  const interrupt = (): void => {
    interrupted = true;
    end();
  };
  options.signal?.addEventListener('abort', interrupt, { once: true });
  if (options.signal?.aborted === true) interrupt();
  try {
    const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(new CommandError(reasonOf(program, options.folder, error))));
      // Children in the background may hold its output open: they end with it.
      child.once('exit', () => timers.push(setTimeout(() => kill(child.pid, 'SIGKILL'), GRACE_MS)));
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    for (const each of flush) each();
    return {
      command: [...command],
      ...(code === null ? {} : { exitCode: code }),
      ...(signal === null ? {} : { signal }),
      timedOut,
      ...(interrupted ? { interrupted: true } : {}),
      timeoutMs: options.timeoutMs,
      durationMs: Math.round(performance.now() - started),
      ...(found.size === 0 ? {} : { keyInOutput: `the API key is in ${[...found].sort().join(' and ')}` }),
    };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener('abort', interrupt);
  }
}

/** Ends the group of a process; one that is gone already needs no ending. */
function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

function reasonOf(program: string, folder: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `there is no command ${JSON.stringify(program)} (seen from ${folder})`;
  return code === 'EACCES'
    ? `${JSON.stringify(program)} may not be run: it is a folder, or not executable`
    : `${JSON.stringify(program)} cannot be run: ${message}`;
}

/** Writes what comes as text and looks for secrets in it, also where one is cut in two. Returns what writes the rest. */
function passThrough(stream: NodeJS.ReadableStream, write: (text: string) => void, secrets: readonly string[], onSecret: () => void): () => void {
  const decoder = new StringDecoder('utf8');
  const keep = Math.max(0, ...secrets.map(({ length }) => length - 1));
  let tail = '';
  const take = (text: string): void => {
    if (text === '') return;
    write(text);
    const window = tail + text;
    if (secrets.some((secret) => window.includes(secret))) onSecret();
    tail = keep === 0 ? '' : window.slice(-keep);
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('error', () => undefined);
  return () => take(decoder.end());
}

/** A proxy for the rest of the world must not come between the client and this machine. */
function withoutProxy(environment: CommandOptions['environment']): Readonly<Record<string, string>> {
  const local = '127.0.0.1,localhost';
  const given = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  const value = given === '' ? local : `${given},${local}`;
  return { NO_PROXY: value, no_proxy: value };
}
