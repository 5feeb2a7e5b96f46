/** A stand-in for the process, for specs. */
import type { Io } from './io.js';

export interface Kept {
  isTTY: boolean;
  text: string;
  write(text: string): void;
}

export interface TestIo extends Io {
  readonly stdout: Kept;
  readonly stderr: Kept;
  /** What Ctrl-C does. */
  interrupt(): void;
  /** What an error that nobody handled does. */
  crashWith(error: Error): void;
}

function kept(isTTY: boolean): Kept {
  const output: Kept = {
    isTTY,
    text: '',
    write: (text) => {
      output.text += text;
    },
  };
  return output;
}

/** Keeps what is written. The environment is empty unless one is given; the folder should have no configuration file. */
export function testIo({ isTTY = false, environment = {}, folder = '/' }: { isTTY?: boolean; environment?: Io['environment']; folder?: string } = {}): TestIo {
  const interruption = new AbortController();
  let crashWith: (error: Error) => void = () => undefined;
  const crash = new Promise<never>((_resolve, reject) => (crashWith = reject));
  crash.catch(() => undefined);
  return {
    stdout: kept(isTTY),
    stderr: kept(isTTY),
    environment,
    folder,
    interrupted: interruption.signal,
    crash,
    interrupt: () => interruption.abort(),
    crashWith: (error) => crashWith(error),
  };
}
