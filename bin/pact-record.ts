/** `conform pact record`: the contract, recorded. */
import { relative, resolve } from 'node:path';
import { makeFolder } from '../reports/write.js';
import { CONSUMER, PROVIDER, record } from '../suites/pact/recorder.js';
import { messageOf, UsageError } from './errors.js';
import type { Io } from './io.js';

export interface RecordFlags {
  readonly out?: string;
  readonly consumer?: string;
  readonly provider?: string;
}

/** Records and says what was written; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function pactRecordCommand({ out = 'pacts', consumer = CONSUMER, provider = PROVIDER }: RecordFlags, io: Io): Promise<number> {
  const folder = resolve(io.folder, out);
  const names = { consumer: nameOf('--consumer', consumer), provider: nameOf('--provider', provider) };
  const recorded = await makeFolder(folder)
    .then(() => record({ out: folder, ...names }))
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && 'syscall' in error)
        throw new UsageError(`--out: ${JSON.stringify(out)} cannot be written to (${messageOf(error)}). Name another folder.`);
      throw error;
    });
  for (const { file, interactions } of recorded) io.stdout.write(`${relative(io.folder, file)}  ${interactions} interactions\n`);
  return 0;
}

/** A name that a file and a broker's address can have. */
export function nameOf(flag: string, given: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/.test(given))
    throw new UsageError(`${flag}: got ${JSON.stringify(given)}, wanted a name of letters, digits, blanks, dots, hyphens and underscores.`);
  return given;
}
