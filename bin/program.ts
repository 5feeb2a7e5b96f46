/** The command line: commands, options and help. What each command does is in its own file. */
import { Command, CommanderError } from 'commander';
import { FAULTS } from '../contracts/reference/faults.js';
import { VARIANTS } from '../contracts/reference/variants.js';
import { WIDTH, wrap } from '../reports/text.js';
import { addBaselineCommand } from './baseline.js';
import { addAtlasCommand } from './atlas-command.js';
import { addClientCommand } from './client.js';
import { addCompareCommand } from './compare-command.js';
import { addDiffCommand } from './diff.js';
import { EXIT, stackOf, UsageError } from './errors.js';
import { explainCommand } from './explain.js';
import type { Io } from './io.js';
import { addOption, once, several } from './option-values.js';
import { OPTION_TABLE } from './options.js';
import { TOOL } from './package.js';
import { addPactCommands } from './pact.js';
import { addReportCommand } from './report.js';
import { addReplayCommand } from './replay.js';
import { rulesCommand, type RulesFlags } from './rules.js';
import { runCommand, type Flags } from './run.js';
import { serveCommand, type ServeFlags } from './serve.js';

const RUN_HELP = `
Every option can also be given in the environment (CONFORM_ and its name in capitals: CONFORM_URL,
CONFORM_MERCHANT_ID, CONFORM_MAX_REQUESTS) and, under the library's name (url, merchantId, maxRequests), in
conformance.config.json, .yaml or .ts in the working folder. A flag goes before the environment, the environment
before the file, the file before the default. The file may also pin readings of open rules:
  { "readings": { "content-type/json": { "application/json": "refused" } } }

The API key is read from an environment variable or a file, and is never an argument.

Exit codes: 0 every rule that was checked holds; 1 a rule is broken; 2 something could not be checked;
3 the command cannot be used as it was given; 70 an error of conform itself; 130 interrupted (with a report).
`;

/** Runs a command line (without node and program) and resolves with the exit code; what is wrong is said on stderr. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = programOf(io, (code) => (exitCode = code));
  try {
    if (args.length === 0) {
      io.stderr.write(program.helpInformation());
      return EXIT.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    // A command of commands without one.
    if (error instanceof CommanderError && error.code === 'commander.help') {
      io.stderr.write(program.commands.find((command) => command.name() === args[0])?.helpInformation() ?? program.helpInformation());
      return EXIT.usage;
    }
    if (error instanceof UsageError || error instanceof CommanderError) {
      io.stderr.write(`conform: ${error instanceof CommanderError ? plainMessage(error) : error.message}\n`);
      return EXIT.usage;
    }
    io.stderr.write(`conform: internal error: ${stackOf(error)}\n`);
    return EXIT.internal;
  }
}

function programOf(io: Io, exit: (code: number) => void): Command {
  const program = new Command('conform')
    .description("Checks a Create Customer API against every documented rule of Juspay's.")
    .version(TOOL.version, '--version')
    .helpOption('-h, --help')
    // A version of ours is asked for in front of a command only: behind `pact publish` it is that of a consumer.
    .enablePositionalOptions()
    .configureHelp({ helpWidth: WIDTH })
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined });

  const run = program
    .command('run')
    .description('check a target (without --url: the embedded reference) and report what holds')
    .addHelpText('after', RUN_HELP)
    .action(async (flags: Flags) => exit(await runCommand(flags, io)));
  for (const row of OPTION_TABLE) addOption(run, row);
  run.option('--config <file>', 'the configuration file, where it is not the one of the working folder', once('--config'));

  program
    .command('serve')
    .description('run the reference as a mock until Ctrl-C')
    .option('--port <n>', 'where it listens on 127.0.0.1 (default: a free port)', once('--port'))
    .option('--fault <name>', 'with one defect', once('--fault'))
    .option('--variant <name>', 'with another legal reading; may be repeated', several)
    .addHelpText('after', () => `\n${namesHelp('Variants', VARIANTS)}\n\n${namesHelp('Faults', FAULTS)}\n`)
    .action(async (flags: ServeFlags) => exit(await serveCommand(flags, io)));

  addAtlasCommand(program, io, exit);
  addCompareCommand(program, io, exit);

  addClientCommand(program, io, exit);
  addBaselineCommand(program, io, exit);
  addDiffCommand(program, io, exit);
  addReplayCommand(program, io, exit);

  program
    .command('rules')
    .description('list every rule with its level and where it is written')
    .option('--json', 'as JSON')
    .option('--document <file>', 'instead, say whether a saved copy of the page still is what the rules were made from')
    .action(async (flags: RulesFlags) => exit(await rulesCommand(flags, io)));

  program
    .command('explain')
    .description('tell of one rule what it rests on, what it asks, and an example of either half')
    .argument('<rule>', 'its id, as `conform rules` lists it')
    .action((id: string) => exit(explainCommand(id, io)));

  addReportCommand(program, io, exit);

  addPactCommands(program, io, exit);

  return program;
}

function namesHelp(title: string, list: readonly { readonly name: string }[]): string {
  return [`${title}:`, ...wrap(list.map(({ name }) => name).join(', '), WIDTH - 2).map((line) => `  ${line}`)].join('\n');
}

/** Commander's message without what may be a secret: the value behind an = of an option that there is none of. */
function plainMessage({ message }: CommanderError): string {
  const text = message.replace(/^error: /, '').replace(/^(unknown option '[^'=]*)=[^]*?'(?=\n|$)/, "$1'");
  const isKey = /^unknown option '--?(?:api-?)?(?:key|token|secret|password)/i.test(text);
  const help = isKey
    ? 'The API key is never an argument: put it into an environment variable (--api-key-env) or a file (--api-key-file).'
    : '`conform --help` and `conform COMMAND --help` list what there is.';
  return `${text.replaceAll('\n', ' ')}. ${help}`;
}
