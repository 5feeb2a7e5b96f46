/** Pact's verifier in a process of its own: its output stays there, and so would a crash of native code. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { VerifyOptions } from './pact-core.js';

/** The verifier could not do its work: the reason is in its own words. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
}

interface Answer {
  readonly number: number;
  readonly text: string;
  readonly failed?: boolean;
}

/** The options without the log level, which is ours to choose. */
export type VerifierOptions = Omit<VerifyOptions, 'logLevel'>;

export class VerifierProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  #number = 0;
  #words = '';

  constructor() {
    const source = import.meta.url.endsWith('.ts');
    const path = fileURLToPath(new URL(source ? './worker.ts' : './worker.js', import.meta.url));
    this.#child = fork(path, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      ...(source ? { execArgv: ['--import', 'tsx'] } : {}),
    });
    this.#child.stderr?.on('data', (piece: Buffer) => (this.#words = `${this.#words}${piece.toString('utf8')}`.slice(-4000)));
    this.#child.on('message', ({ number, text, failed = false }: Answer) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      // A failed verification is reported like one that succeeded, as JSON; anything else is an error.
      if (failed && !text.startsWith('{')) waiting?.reject(new VerifierError(`${text} ${this.#words}`.trim()));
      else waiting?.resolve(text);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new VerifierError(`the verifier ended (${String(code)}) ${this.#words}`.trim()));
      this.#waiting.clear();
    });
  }

  /** The JSON that the verifier comes to. Rejects with a VerifierError where it could not verify. */
  verify(options: VerifierOptions): Promise<string> {
    const number = this.#number++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#child.send({ number, options: { ...options, logLevel: 'error' } });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return resolve();
      this.#child.once('exit', () => resolve());
      this.#child.kill();
    });
  }
}
