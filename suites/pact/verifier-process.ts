/** Pact's verifier in a process of its own: its output stays there, and so would a crash of native code. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { VerifyOptions } from './pact-core.js';

/** The verifier could not do its work: the reason is in its own words. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
}

/** How much of what the verifier says is kept, in characters: an error is at its end. */
const KEPT_WORDS = 20_000;

interface Answer {
  readonly number: number;
  readonly text: string;
  readonly failed?: boolean;
}

/** The options without the log level, which is ours to choose. */
export type VerifierOptions = Omit<VerifyOptions, 'logLevel'>;

/** The core adds the broker of these variables to whatever it is told: a verification of files would become one of its pacts too. */
function withoutBroker(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('PACT_BROKER_')));
}

export class VerifierProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  #number = 0;
  #words = '';

  constructor() {
    const source = import.meta.url.endsWith('.ts');
    const path = fileURLToPath(new URL(source ? './worker.ts' : './worker.js', import.meta.url));
    this.#child = fork(path, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: withoutBroker({ ...process.env, PACT_DO_NOT_TRACK: 'true' }),
      ...(source ? { execArgv: ['--import', 'tsx'] } : {}),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (piece: Buffer) => (this.#words = `${this.#words}${piece.toString('utf8')}`.slice(-KEPT_WORDS)));
    this.#child.on('message', ({ number, text, failed = false }: Answer) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      // A failed verification is reported like one that succeeded, as JSON; anything else is an error.
      if (failed && !text.startsWith('{')) waiting?.reject(new VerifierError(text));
      else waiting?.resolve(text);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new VerifierError(`it ended (${String(code)}) ${this.#words.slice(-1000)}`.trim()));
      this.#waiting.clear();
    });
  }

  /** Why results were not published, where the verifier tried: it says so in its log only. */
  get publishingFailed(): string | undefined {
    return /Publishing of verification results failed[^\n]*/.exec(this.#words)?.[0];
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
