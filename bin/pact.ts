/** `conform pact …`: the commands about recorded contracts, one file each. */
import type { Command } from 'commander';
import type { Io } from './io.js';
import { addOption, once, several } from './option-values.js';
import { OPTION_TABLE } from './options.js';
import { CREDENTIALS_HELP } from './pact-broker.js';
import { pactCanIDeployCommand, type CanIDeployFlags } from './pact-can-i-deploy.js';
import { pactPublishCommand, type PublishFlags } from './pact-publish.js';
import { pactRecordCommand, type RecordFlags } from './pact-record.js';
import { VERIFY_OPTIONS, type VerifyFlags } from './pact-verify-plan.js';
import { pactVerifyCommand } from './pact-verify.js';

/** Adds the commands to the program; `exit` takes the code that the process ends with. */
export function addPactCommands(program: Command, io: Io, exit: (code: number) => void): void {
  const pact = program.command('pact').description('record the contract as a pact, verify a provider by it, publish it').helpCommand(false);

  pact
    .command('record')
    .description('test a small client by every example and write what it relies on: a pact for each call')
    .option('--out <dir>', 'the folder of the pacts (default: pacts)', once('--out'))
    .option('--consumer <name>', 'the name of the consumer (default: merchant)', once('--consumer'))
    .option('--provider <name>', 'the name of the provider (default: juspay-customers)', once('--provider'))
    .action(async (flags: RecordFlags) => exit(await pactRecordCommand(flags, io)));

  const verify = pact
    .command('verify')
    .description('verify a provider (without --url: the embedded reference) by the contracts of files or of a broker')
    .addHelpText('after', VERIFY_HELP);
  for (const row of OPTION_TABLE) if (VERIFY_OPTIONS.includes(row.name)) addOption(verify, row);
  verify
    .option('--pact <file>', 'a pact, or a folder of pacts; may be repeated (default: the recorded ones of this package)', several)
    .option('--broker-url <url>', 'the broker that has the pacts (default: PACT_BROKER_BASE_URL)', once('--broker-url'))
    .option('--provider <name>', 'the name of the provider at the broker (default: juspay-customers)', once('--provider'))
    .option('--selector <words>', 'which pacts: mainBranch, deployedOrReleased, branch=NAME, consumer=NAME,latest …; may be repeated', several)
    .option('--pending', 'let pacts that were never verified fail without failing the provider')
    .option('--wip-since <date>', 'pacts of branches that were published since, as pending ones', once('--wip-since'))
    .option('--provider-version <v>', 'the version that results are published for (default: the commit)', once('--provider-version'))
    .option('--provider-branch <name>', 'its branch (default: the one that is checked out)', once('--provider-branch'))
    .option('--publish-results', 'publish the results to the broker')
    .option('--build-url <url>', 'the build that results are published with', once('--build-url'))
    .action(async (flags: VerifyFlags) => exit(await pactVerifyCommand(flags, io)));

  pact
    .command('publish')
    .description('publish recorded pacts to a broker')
    .addHelpText('after', `\n${CREDENTIALS_HELP}\n`)
    .option('--broker-url <url>', 'the broker (default: PACT_BROKER_BASE_URL)', once('--broker-url'))
    .option('--pact <file>', 'a pact, or a folder of pacts; may be repeated (default: the recorded ones of this package)', several)
    .option('--version <v>', 'the version of the consumer (default: the commit)', once('--version'))
    .option('--branch <name>', 'its branch (default: the one that is checked out)', once('--branch'))
    .option('--tag <name>', 'a tag for the version; may be repeated', several)
    .option('--build-url <url>', 'the build that it comes from', once('--build-url'))
    .action(async (flags: PublishFlags) => exit(await pactPublishCommand(flags, io)));

  pact
    .command('can-i-deploy')
    .description('ask a broker whether a version can go to an environment: exit code 0 for yes, 1 for no')
    .addHelpText('after', `\n${CREDENTIALS_HELP}\n`)
    .option('--broker-url <url>', 'the broker (default: PACT_BROKER_BASE_URL)', once('--broker-url'))
    .option('--pacticipant <name>', 'which application (default: merchant)', once('--pacticipant'))
    .option('--version <v>', 'its version (default: the commit)', once('--version'))
    .option('--to-environment <name>', 'where it is to go', once('--to-environment'))
    .option('--retry-while-unknown <n>', 'ask so many times more while results are missing (default: 0)', once('--retry-while-unknown'))
    .option('--retry-interval <s>', 'seconds between two times (default: 10)', once('--retry-interval'))
    .action(async (flags: CanIDeployFlags) => exit(await pactCanIDeployCommand(flags, io)));
}

const VERIFY_HELP = `
Without --pact and --broker-url the contracts of this package are verified. A contract to read or to update customers is
left out where the target has no such call.

${CREDENTIALS_HELP}
The API key is read from an environment variable or a file, and is never an argument.

Exit codes: 0 the contracts are kept; 1 a must of one is broken; 2 something could not be verified, or there was nothing
to verify; 3 the command cannot be used as it was given.
`;
