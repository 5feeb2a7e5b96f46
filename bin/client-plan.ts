/** The options of `conform client`, checked before anything is started. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { VARIANTS } from '../contracts/reference/variants.js';
import { DEFAULT_FORMATS, type Format } from '../reports/write.js';
import { parseScript, ScriptError, type Plan as ScriptPlan } from '../suites/client/script.js';
import { checkPactFile } from './run-pact.js';
import { messageOf, nearest, suggestion, UsageError } from './errors.js';
import type { Io } from './io.js';
import { normalise, validate } from './options.js';

/** Flags as they were given. */
export interface ClientFlags {
  readonly port?: string;
  readonly tls?: boolean;
  readonly env?: readonly string[];
  readonly timeout?: string;
  readonly script?: string;
  readonly answers?: boolean;
  readonly explore?: boolean;
  readonly pact?: string;
  readonly consumer?: string;
  readonly provider?: string;
  readonly variant?: readonly string[];
  readonly failOn?: string;
  readonly format?: string;
  readonly out?: string;
  readonly verbose?: boolean;
}

/** What COMMAND gets of the server: its parts by the name that `--env` writes between braces. */
export type Parts = Readonly<Record<'url' | 'host' | 'port' | 'api_key' | 'merchant_id', string>>;

const PARTS: readonly string[] = ['url', 'host', 'port', 'api_key', 'merchant_id'] satisfies readonly (keyof Parts)[];

export interface ClientPlan {
  /** The command and its arguments; undefined to serve until Ctrl-C. */
  readonly command: readonly [string, ...string[]] | undefined;
  readonly port: number;
  readonly tls: boolean;
  readonly variables: (parts: Parts) => Readonly<Record<string, string>>;
  /** Milliseconds that the command may take. */
  readonly timeoutMs: number;
  readonly script: ScriptPlan | undefined;
  /** What changes the run, as it was given: whoever runs it again needs it. */
  readonly options: readonly string[];
  readonly explore: boolean;
  readonly pact: { readonly file: string; readonly consumer: string; readonly provider: string } | undefined;
  readonly variants: readonly string[];
  readonly failOn: 'must' | 'should';
  readonly formats: readonly Format[];
  readonly out: string;
  readonly verbose: boolean;
}

/** A folder of its own: the report of a run against a target stays beside it. */
export const DEFAULT_CLIENT_OUT = 'conformance-report/client';
/** A test suite of a merchant may take its time; one command that makes a create may not. */
const TIMEOUT_MS = { run: 600_000, explore: 30_000 } as const;
const DEFAULT_PROVIDER = 'juspay-customers';

/** Resolves with the plan of the flags. Rejects with a UsageError for what cannot be used. */
export async function clientPlanOf(command: readonly string[], flags: ClientFlags, io: Io): Promise<ClientPlan> {
  const { format, out, failOn, timeout } = flags;
  const options = validate(normalise({ format, out, failOn, timeout }), { format: '--format', out: '--out', failOn: '--fail-on', timeout: '--timeout' });
  const explore = flags.explore ?? false;
  const [program, ...args] = command;
  if (explore && program === undefined)
    throw new UsageError('--explore runs COMMAND again and again: give one, such as conform client --explore -- npm run create.');
  if (program === '') throw new UsageError('COMMAND is empty.');
  if (flags.consumer !== undefined && flags.pact === undefined) throw new UsageError('--consumer names the client in a pact: give its file with --pact.');
  if (flags.provider !== undefined && flags.pact === undefined) throw new UsageError('--provider names the API in a pact: give its file with --pact.');
  if (flags.pact !== undefined) await checkPactFile(resolve(io.folder, flags.pact));
  const script = flags.script === undefined ? undefined : await scriptOf(resolve(io.folder, flags.script));
  const twice = script?.steps.find(({ answer }, index) => script.steps.findIndex((step) => step.answer === answer) < index);
  if (explore && twice !== undefined)
    throw new UsageError(`--explore takes one step of the script for each answer: there are several of ${twice.answer.name}.`);
  const variants = flags.variant ?? [];
  const names = VARIANTS.map(({ name }) => name);
  for (const name of variants) {
    if (!names.includes(name)) throw new UsageError(`--variant: there is no variant ${JSON.stringify(name)}. ${suggestion(name, names, 'variants')}`);
  }
  return {
    command: program === undefined ? undefined : [program, ...args],
    port: portOf(flags.port),
    tls: flags.tls ?? false,
    variables: variablesFrom(flags.env ?? []),
    timeoutMs: options.timeout ?? TIMEOUT_MS[explore ? 'explore' : 'run'],
    script,
    options: optionsOf(flags),
    explore,
    pact:
      flags.pact === undefined
        ? undefined
        : { file: resolve(io.folder, flags.pact), consumer: flags.consumer ?? (await nameOf(io.folder)), provider: flags.provider ?? DEFAULT_PROVIDER },
    variants,
    failOn: options.failOn ?? 'must',
    formats: [...new Set(options.format ?? DEFAULT_FORMATS)],
    out: resolve(io.folder, options.out ?? DEFAULT_CLIENT_OUT),
    verbose: flags.verbose ?? false,
  };
}

function optionsOf({ port, tls, env = [], timeout, script, explore, variant = [], failOn }: ClientFlags): string[] {
  const given = Object.entries({ '--port': port, '--timeout': timeout, '--script': script, '--fail-on': failOn });
  return [
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(tls === true ? ['--tls'] : []),
    ...(explore === true ? ['--explore'] : []),
    ...env.flatMap((value) => ['--env', value]),
    ...variant.flatMap((name) => ['--variant', name]),
  ];
}

function portOf(given: string | undefined): number {
  const port = given === undefined ? 0 : /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port: got ${JSON.stringify(given)}, wanted a whole number from 0 (a free port) to 65535.`);
  return port;
}

function variablesFrom(given: readonly string[]): ClientPlan['variables'] {
  const pairs = given.map((text) => {
    const [, name, template] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || template === undefined) {
      throw new UsageError(
        `--env: got ${JSON.stringify(text)}, wanted NAME=VALUE, such as JUSPAY_URL={url}; {url}, {host}, {port}, {api_key} and {merchant_id} are filled in.`,
      );
    }
    const part = [...template.matchAll(/\{(\w+)\}/g)].map(([, each = '']) => each).find((each) => !PARTS.includes(each) && nearest(each, PARTS).length > 0);
    if (part !== undefined)
      throw new UsageError(`--env: got ${JSON.stringify(text)}, and there is no {${part}}. Did you mean {${nearest(part, PARTS)[0] ?? ''}}?`);
    return [name, template] as const;
  });
  return (parts) =>
    Object.fromEntries(
      pairs.map(([name, template]) => [name, template.replace(/\{(url|host|port|api_key|merchant_id)\}/g, (_, part: keyof Parts) => parts[part])]),
    );
}

async function scriptOf(file: string): Promise<ScriptPlan> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--script: ${file} cannot be read (${messageOf(error)}).`);
  });
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof ScriptError) throw new UsageError(`--script ${file}: ${error.message}`);
    throw error;
  }
}

/** What a client is called in a pact unless it is told: the name in package.json, else that of the folder. */
async function nameOf(folder: string): Promise<string> {
  try {
    const parsed: unknown = JSON.parse(await readFile(resolve(folder, 'package.json'), 'utf8'));
    const name: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'name') : undefined;
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // A client need not be written in JavaScript.
  }
  return basename(folder) || 'client';
}
