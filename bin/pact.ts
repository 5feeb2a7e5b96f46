/** `conform pact …`: the commands about recorded contracts, one file each. */
import type { Command } from 'commander';
import type { Io } from './io.js';
import { pactRecordCommand, type RecordFlags } from './pact-record.js';

/** What an option of one value, and one of several, makes of what was given. */
export interface Parsers {
  readonly once: (flag: string) => (value: string, previous: string | undefined) => string;
  readonly several: (value: string, previous: readonly string[] | undefined) => string[];
}

/** Adds the commands to the program; `exit` takes the code that the process ends with. */
export function addPactCommands(program: Command, io: Io, exit: (code: number) => void, { once }: Parsers): void {
  const pact = program.command('pact').description('record the contract as a pact, verify a provider by it, publish it').helpCommand(false);

  pact
    .command('record')
    .description('test a small client by every example and write what it relies on: a pact for each call')
    .option('--out <dir>', 'the folder of the pacts (default: pacts)', once('--out'))
    .option('--consumer <name>', 'the name of the consumer (default: merchant)', once('--consumer'))
    .option('--provider <name>', 'the name of the provider (default: juspay-customers)', once('--provider'))
    .action(async (flags: RecordFlags) => exit(await pactRecordCommand(flags, io)));
}
