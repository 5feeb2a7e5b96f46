/** `conform client`: serves the API to a client under test and says what it did wrong. */
import { writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { renderTerminal } from '../reports/terminal.js';
import { WIDTH } from '../reports/text.js';
import { makeFolder, ReportFolder } from '../reports/write.js';
import type { Explored, Finding } from '../contracts/finding.js';
import { ANSWERS, reservedReference } from '../suites/client/answers.js';
import type { Captured } from '../suites/client/captured.js';
import type { Certificate } from '../suites/client/certificate.js';
import { explorations, judgeTrial, notApplicable, skippedRow, unfit } from '../suites/client/explore.js';
import { pactOf } from '../suites/client/pact.js';
import { runOf, type Facts, type Judgement } from '../suites/client/run.js';
import type { PlannedStep } from '../suites/client/script.js';
import { certificateOf, clientVariables, runOnce, startListening } from './client-command.js';
import { clientPlanOf, DEFAULT_CLIENT_OUT, type ClientFlags, type ClientPlan } from './client-plan.js';
import { EXIT, messageOf, UsageError } from './errors.js';
import { printReport, tellGitHub } from './github.js';
import { hasColor, widthOf, type Io } from './io.js';
import { once, several } from './option-values.js';
import { FORMAT_HELP } from './options.js';
import { TOOL } from './package.js';

const HELP = `
COMMAND gets CONFORM_URL, CONFORM_API_KEY and CONFORM_MERCHANT_ID in its environment, and with --tls the certificate's
authority in CONFORM_CA_FILE, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and DENO_CERT:
  conform client --env JUSPAY_URL={url} -- npm test
Without COMMAND it serves until Ctrl-C, and then reports.

Exit codes: 0 every request keeps what the page asks; 1 a rule is broken, or COMMAND failed; 2 nothing was sent, or proved;
3 the command line or the script cannot be used, or a step of the script was never matched; 130 interrupted.
`;

/** Adds the command to the program. */
export function addClientCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command('client')
    .description('run a client against the reference, and report what its requests do wrong')
    .usage('[options] -- COMMAND …')
    .argument('[command...]', 'what runs the client; everything behind -- is its own')
    .option('--port <n>', 'where to listen on 127.0.0.1 (default: a free port)', once('--port'))
    .option('--tls', 'speak TLS, with a certificate made for the run')
    .option('--env <name=value>', 'a variable for COMMAND; {url}, {host}, {port}, {api_key} and {merchant_id} are filled in; may be repeated', several)
    .option('--timeout <ms>', 'how long COMMAND may take (default: 600000, with --explore 30000 each time)', once('--timeout'))
    .option('--script <file>', 'which requests get which answers, in YAML or JSON', once('--script'))
    .option('--answers', 'list the answers, and the object_reference_id that each is given to without a script')
    .option('--explore', 'run COMMAND with one answer after the other, and say what it makes of each')
    .option('--pact <file>', 'write the contract of the client: what it sent and was answered', once('--pact'))
    .option('--consumer <name>', "the client's name in the pact (default: that of package.json, or of the folder)", once('--consumer'))
    .option('--provider <name>', "the API's name in the pact (default: juspay-customers)", once('--provider'))
    .option('--variant <name>', 'the reference with another legal reading; may be repeated', several)
    .option('--fail-on <level>', 'exit 1 for a broken must, or for a warning too: must (the default) or should', once('--fail-on'))
    .option('--verbose', 'every request at fault, whole')
    .option('--format <names>', FORMAT_HELP, once('--format'))
    .option('--out <folder>', `where the reports go (default: ${DEFAULT_CLIENT_OUT})`, once('--out'))
    .addHelpText('after', HELP)
    .action(async (command: string[], flags: ClientFlags) => exit(await clientCommand(command, flags, io)));
}

/** Runs and prints; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function clientCommand(command: readonly string[], flags: ClientFlags, io: Io): Promise<number> {
  if (flags.answers === true) {
    io.stdout.write(answersText());
    return EXIT.ok;
  }
  const plan = await clientPlanOf(command, flags, io);
  const folder = await ReportFolder.open(plan.out).catch((error: unknown) => {
    throw new UsageError(`The report folder ${JSON.stringify(plan.out)} cannot be written to (${messageOf(error)}). Name another one with --out.`);
  });
  const certificate = await certificateOf(plan);
  try {
    const startedAt = Date.now();
    const facts = await (plan.command === undefined ? served(plan, certificate, io) : ran(plan, plan.command, certificate, io));
    const judgement = runOf({ tool: TOOL, variants: plan.variants, failOn: plan.failOn, options: plan.options, startedAt, ...facts });
    return await conclude(plan, judgement, facts.listening.captured, folder, io);
  } finally {
    await certificate?.dispose();
  }
}

type OwnFacts = Omit<Facts, 'tool' | 'variants' | 'failOn' | 'options' | 'startedAt'>;

async function ran(plan: ClientPlan, command: readonly [string, ...string[]], certificate: Certificate | undefined, io: Io): Promise<OwnFacts> {
  if (plan.explore) return explored(plan, command, certificate, io);
  const { listening, ended } = await runOnce(plan, command, certificate, plan.script, io);
  const expects = plan.script?.expects ?? (listening.matched().some((step) => step.expects === 'error') ? 'error' : 'ok');
  return { listening, ended, expects, unmatched: listening.unmatched(), interrupted: io.interrupted.aborted };
}

async function served(plan: ClientPlan, certificate: Certificate | undefined, io: Io): Promise<OwnFacts> {
  const listening = await startListening(plan, certificate, plan.script);
  const variables = Object.entries(clientVariables(plan, listening, certificate)).map(([name, value]) => `${name}=${value}`);
  io.stdout.write([...variables, '', 'Ctrl-C ends it, and reports what came.', ''].join('\n'));
  const ended = new Promise<void>((resolve) => {
    if (io.interrupted.aborted) resolve();
    else io.interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([ended, io.crash]).finally(() => listening.close());
  // Ending is what Ctrl-C is for here.
  return { listening, expects: 'ok', unmatched: listening.unmatched(), interrupted: false };
}

async function explored(plan: ClientPlan, command: readonly [string, ...string[]], certificate: Certificate | undefined, io: Io): Promise<OwnFacts> {
  const control = await runOnce(plan, command, certificate, undefined, io);
  const { listening, ended } = control;
  const why = unfit(control);
  const rows: Explored[] = [];
  const more: Finding[] = [];
  const others: (readonly Captured[])[] = [];
  const unmatched: PlannedStep[] = [];
  for (const exploration of explorations(ANSWERS, plan.script, plan.timeoutMs)) {
    if (io.interrupted.aborted) break;
    const skipped = why ?? notApplicable(exploration.answer, control);
    let result = skipped === undefined ? undefined : skippedRow(exploration, skipped);
    if (result === undefined) {
      io.stderr.write(`exploring ${exploration.answer.name}\n`);
      const trial = await runOnce(plan, command, certificate, exploration.plan, io, exploration.withinMs);
      others.push(trial.listening.captured);
      // A step that was declared has to be used; one of our own stands for "every create", and its absence is told in the row.
      unmatched.push(...trial.listening.unmatched().filter((step) => plan.script?.steps.includes(step) === true));
      result = judgeTrial(exploration, trial, control);
    }
    rows.push(result.row);
    more.push(result.finding);
  }
  return {
    listening,
    ended,
    expects: 'ok',
    unmatched,
    interrupted: io.interrupted.aborted,
    explored: rows,
    others,
    more,
    ...(why === undefined ? {} : { unexplored: why }),
  };
}

async function conclude(plan: ClientPlan, { run, exchanges, broken }: Judgement, captured: readonly Captured[], folder: ReportFolder, io: Io): Promise<number> {
  for (const exchange of exchanges) folder.exchange(exchange);
  for (const finding of run.findings) folder.finding(finding);
  const { files, unwritten } = await folder.finish(run, plan.formats);
  const pact = plan.pact === undefined ? undefined : await writePact(plan.pact, captured, broken, io);
  const shown = [...files, ...(pact?.file === undefined ? [] : [pact.file])].map((file) => relative(io.folder, file) || file);
  const options = { color: hasColor(io.stdout, io.environment), verbose: plan.verbose, width: widthOf(io.stdout, WIDTH), files: shown };
  printReport(`\n${renderTerminal(run, options)}`, io);
  await tellGitHub(run, io);
  for (const { file, reason } of unwritten) io.stderr.write(`conform: ${file} could not be written: ${reason}\n`);
  // A green run whose report is missing must not look green to what reads the report.
  return run.exitCode === EXIT.ok && (unwritten.length > 0 || pact?.failed === true) ? EXIT.internal : run.exitCode;
}

async function writePact(
  { file, consumer, provider }: NonNullable<ClientPlan['pact']>,
  captured: readonly Captured[],
  broken: ReadonlySet<number>,
  io: Io,
): Promise<{ readonly file?: string; readonly failed: boolean }> {
  const { text, interactions, left } = pactOf(captured, broken, { consumer, provider });
  for (const { number, why } of left) io.stderr.write(`note: request ${String(number)} is no part of the pact: ${why}\n`);
  if (interactions === 0) {
    io.stderr.write('conform: there is no request to make a pact of, so none was written\n');
    return { failed: true };
  }
  try {
    await makeFolder(dirname(file));
    await writeFile(file, text);
    return { file, failed: false };
  } catch (error) {
    io.stderr.write(`conform: ${file} could not be written: ${messageOf(error)}\n`);
    return { failed: true };
  }
}

/** Every answer with its reserved reference. */
function answersText(): string {
  const column = Math.max(...ANSWERS.map(({ name }) => name.length)) + 2;
  const reserved = Math.max(...ANSWERS.map((answer) => reservedReference(answer).length)) + 2;
  const line = (name: string, reference: string, means: string): string => `${name.padEnd(column)}${reference.padEnd(reserved)}${means}\n`;
  return [
    line('answer', 'object_reference_id', 'what it is'),
    ...ANSWERS.map((answer) => line(answer.name, reservedReference(answer), answer.means)),
    '\nBehind a reserved object_reference_id and two underscores anything may follow: conform_duplicate__42.\n',
  ].join('');
}
