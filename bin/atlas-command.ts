/** `conform atlas`: draws what a target accepts, and prints it in short. */
import type { Command } from 'commander';
import ora from 'ora';
import { FIELDS, type FieldName } from '../contracts/model.js';
import { renderAtlasTerminal } from '../reports/atlas/terminal.js';
import { count, WIDTH } from '../reports/text.js';
import { ATLAS_REQUESTS, type AtlasProgress } from '../suites/atlas/index.js';
import { FARTHEST, LENGTH_REQUESTS } from '../suites/atlas/lengths.js';
import { executeAtlas } from './atlas.js';
import { EXIT, stackOf, suggestion, UsageError } from './errors.js';
import { hasColor, isInteractive, widthOf, type Io } from './io.js';
import { addOption, once, several } from './option-values.js';
import { OPTION_TABLE, type OptionName } from './options.js';
import { planOf, shortest, type Flags } from './run.js';

/** Options that an atlas shares with a run, and what is said of them where that is another thing. */
const SHARED: Readonly<Partial<Record<OptionName, string>>> = {
  url: '',
  apiKeyEnv: '',
  apiKeyFile: '',
  merchantId: '',
  maxRequests: `at most so many requests (default: ${count(ATLAS_REQUESTS)}, enough for every field of the reference)`,
  seed: '',
  concurrency: '',
  rate: '',
  timeout: '',
  allowProduction: '',
  out: 'where atlas.json and atlas.html go (default: conformance-report)',
};

const HELP = `
For each field: which characters it takes (every one of ASCII, and a sample of every other block of Unicode) at the
start, inside and at the end; the longest and the shortest value, by bisection in at most ${LENGTH_REQUESTS} requests and up to ${count(FARTHEST)}
characters; how it comes back when it is not sent, or empty; and which documented body a refusal has. It judges
nothing: departures from the document are for conform run to confirm.

Characters that are refused take a request each. The reference takes about 9,300 requests in all and 1,300 for a name
alone; at 10 a second that is a quarter of an hour and two minutes. Lengths and ASCII come first: with
--max-requests 3000 they are drawn, and what is left is said to be not looked at.

Exit codes: 0 the atlas was drawn, whatever it shows; 2 nothing was, or parts could not be looked at; 3 the command
cannot be used as it was given; 70 an error of conform itself; 130 interrupted (what was found is written).
`;

type AtlasFlags = Flags & { readonly field?: readonly string[] };

/** Adds the command to the program; `exit` is told the exit code. */
export function addAtlasCommand(program: Command, io: Io, exit: (code: number) => void): void {
  const atlas = program
    .command('atlas')
    .description('draw what a target accepts, character by character and length by length')
    .option('--field <name>', 'only this field; may be repeated', several)
    .addHelpText('after', HELP)
    .action(async (flags: AtlasFlags) => exit(await atlasCommand(flags, io)));
  for (const row of OPTION_TABLE) {
    const own = SHARED[row.name];
    if (own !== undefined) addOption(atlas, row, own === '' ? row.description : own);
  }
  atlas.option('--config <file>', 'the configuration file, where it is not the one of the working folder', once('--config'));
}

/** Draws and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
async function atlasCommand({ field, ...flags }: AtlasFlags, io: Io): Promise<number> {
  const fields = field === undefined ? undefined : checkFields(field, '--field');
  const plan = await planOf(flags, io);
  for (const note of plan.notes) io.stderr.write(`note: ${note}\n`);
  const most = plan.config.maxRequests ?? ATLAS_REQUESTS;
  io.stderr.write(`drawing ${plan.target?.url ?? 'the embedded reference'} · seed ${String(plan.config.seed)} · at most ${count(most)} requests\n`);
  const live = startLive(io);
  const { atlas, written, internalError } = await executeAtlas(plan, fields, { signal: io.interrupted, onProgress: live.show }, io.crash).finally(() =>
    live.stop(),
  );
  io.stdout.write(
    `\n${renderAtlasTerminal(atlas, {
      color: hasColor(io.stdout, io.environment),
      width: widthOf(io.stdout, WIDTH),
      files: (written?.files ?? []).map((file) => shortest(file, io.folder)),
    })}`,
  );
  for (const { file, reason } of written?.unwritten ?? []) io.stderr.write(`conform: ${file} could not be written: ${reason}\n`);
  if (internalError !== undefined) {
    io.stderr.write(`conform: an internal error ended the atlas; what was found until then is in it.\n${stackOf(internalError)}\n`);
    return EXIT.internal;
  }
  return atlas.exitCode === EXIT.ok && (written?.unwritten.length ?? 0) > 0 ? EXIT.internal : atlas.exitCode;
}

/** The names as fields. Throws a UsageError for the first that is none. */
export function checkFields(names: readonly string[], label: string): FieldName[] {
  return names.map((name) => {
    const field = FIELDS.find((each) => each === name);
    if (field === undefined) throw new UsageError(`${label}: there is no field ${JSON.stringify(name)}. ${suggestion(name, FIELDS, 'fields')}`);
    return field;
  });
}

/** One line that is written over on a terminal; a line for each stage elsewhere. */
function startLive(io: Io): { show(progress: AtlasProgress): void; stop(): void } {
  const spinner = isInteractive(io) ? ora({ text: 'starting', discardStdin: false, hideCursor: false }).start() : undefined;
  let last = '';
  return {
    show: ({ requestsSent, maxRequests, stage }) => {
      if (spinner !== undefined) spinner.text = `${stage} · ${count(requestsSent)} of at most ${count(maxRequests)} requests`;
      else if (stage !== last) io.stdout.write(`${stage}\n`);
      last = stage;
    },
    stop: () => spinner?.stop(),
  };
}
