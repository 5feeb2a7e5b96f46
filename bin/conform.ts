#!/usr/bin/env node
/** The program: gives the process's streams and signals to `main` and ends with its exit code. */
import { EXIT, stackOf } from './errors.js';
import { main } from './program.js';

const interruption = new AbortController();
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(EXIT.interrupted);
  process.stderr.write('\nending the run; Ctrl-C again ends it at once, without a report\n');
  interruption.abort();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

// Whoever reads us may stop reading (`conform rules | head`): the run and its report files go on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

let ended = false;
let crashed: (error: unknown) => void = () => undefined;
const crash = new Promise<never>((_resolve, reject) => (crashed = reject));
// A command that takes its time listens to it; the others have nothing to save.
crash.catch(() => undefined);
process.on('uncaughtException', (error) => {
  crashed(error);
  if (!ended) return;
  process.stderr.write(`conform: internal error: ${stackOf(error)}\n`);
  process.exit(EXIT.internal);
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  interrupted: interruption.signal,
  crash,
});
process.off('SIGINT', interrupt);
process.off('SIGTERM', interrupt);
ended = true;
// Requests that were left behind must not hold the process up; what was written is flushed by then.
setTimeout(() => process.exit(), 200).unref();
