/** From options to a run: everything that can be wrong is found here, before anything is sent or written. */
import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import type { ReferenceOptions } from '../contracts/reference/server.js';
import type { BaselineEntry } from '../contracts/baseline.js';
import { baselineFrom, BaselineError, parseBaseline, type Baseline } from '../suites/kit/baseline.js';
import type { RunConfig, Target } from '../suites/kit/config.js';
import { DEFAULT_FORMATS, type Format } from '../reports/write.js';
import { messageOf, nearest, UsageError } from './errors.js';
import { MAX_SEED, type Labels, type OptionName, type RunOptions } from './options.js';
import { checkPatterns, ruleOf } from './select.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything a run needs but the target that is not there yet: the embedded reference. */
export interface Plan {
  /** Absent: the embedded reference. */
  readonly target?: Target;
  /** How the embedded reference is started; as it is by itself where absent. */
  readonly reference?: ReferenceOptions;
  readonly config: Omit<RunConfig, 'target'>;
  readonly verbose: boolean;
  readonly formats: readonly Format[];
  /** Absent: nothing is written. */
  readonly out?: string;
  /** The file that the contract of the target is written to. */
  readonly pact?: string;
  /** What the user should know before anything is sent. */
  readonly notes: readonly string[];
}

export interface Source {
  readonly labels: Labels;
  readonly environment: Environment;
  /** Keys that are given as they are; only the library has them. */
  readonly apiKey?: string;
  readonly secondMerchant?: { readonly merchantId: string; readonly apiKey: string };
  /** Accepted departures that are given as they are; only the library has them. */
  readonly baseline?: readonly BaselineEntry[];
}

export const DEFAULT_KEY_VARIABLE = 'CONFORM_API_KEY';
export const DEFAULT_OUT = 'conformance-report';

const TIMEOUT_MS = 10_000;
const LOOPBACK = { concurrency: 16 } as const;
/** Somebody else's machine, which others use too. */
const ELSEWHERE = { concurrency: 4, ratePerSecond: 10 } as const;
/** Hosts on which a good request makes a real customer. */
const PRODUCTION_HOSTS: ReadonlySet<string> = new Set(['api.juspay.in', 'api.juspay.io']);

/** Rejects with a UsageError for the first thing that is not right. Options are as `validate` gives them. */
export async function resolvePlan(options: RunOptions, source: Source): Promise<Plan> {
  const label = (name: OptionName): string => source.labels[name] ?? name;
  const rules = options.rule ?? ['*'];
  checkPatterns(rules, label('rule'));
  if (options.readings !== undefined) checkReadings(options.readings, label('readings'));
  const baseline = await readBaseline(options.baseline, source);
  const url = options.url === undefined ? undefined : checkUrl(options.url, options.allowProduction ?? false, label('url'));
  if (url === undefined) checkNothingForTarget(source);
  const target = url === undefined ? undefined : await resolveTarget(url, options, source);
  const pace = url === undefined || isLoopback(url) ? LOOPBACK : ELSEWHERE;
  const ratePerSecond = options.rate ?? ('ratePerSecond' in pace ? pace.ratePerSecond : undefined);
  return {
    ...(target === undefined ? {} : { target }),
    config: {
      rules,
      budget: options.budget ?? 'standard',
      ...(options.maxRequests === undefined ? {} : { maxRequests: options.maxRequests }),
      seed: options.seed ?? randomInt(MAX_SEED),
      concurrency: options.concurrency ?? pace.concurrency,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      timeoutMs: options.timeout ?? TIMEOUT_MS,
      failOn: options.failOn ?? 'must',
      ...(options.readings === undefined ? {} : { readings: options.readings }),
      ...(baseline === undefined ? {} : { baseline }),
    },
    verbose: options.verbose ?? false,
    formats: [...new Set(options.format ?? DEFAULT_FORMATS)],
    ...(options.out === undefined ? {} : { out: options.out }),
    ...(options.pact === undefined ? {} : { pact: options.pact }),
    notes: url === undefined ? [] : notesOn(url),
  };
}

async function readBaseline(file: string | undefined, { labels, baseline }: Source): Promise<Baseline | undefined> {
  const label = labels.baseline ?? 'baseline';
  if (baseline === undefined && file === undefined) return undefined;
  try {
    if (baseline !== undefined) return baselineFrom(baseline);
    const text = await readFile(file ?? '', 'utf8').catch((error: unknown) => {
      throw new UsageError(`${label}: the baseline cannot be read (${messageOf(error)}). \`conform baseline\` writes one from a run.`);
    });
    return parseBaseline(text, file ?? '');
  } catch (error) {
    if (error instanceof BaselineError) throw new UsageError(`${label}: ${error.message}`);
    throw error;
  }
}

/** The URL, if requests may go there. */
function checkUrl(given: string, allowProduction: boolean, label: string): URL {
  const shown = withoutCredentials(given);
  const example = 'Wanted a URL such as https://sandbox.juspay.in.';
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new UsageError(`${label}: ${JSON.stringify(shown)} is no URL. ${example}`);
  }
  const wrong = (what: string): UsageError => new UsageError(`${label}: ${JSON.stringify(shown)} ${what}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(`is neither http nor https. ${example}`);
  if (url.username !== '' || url.password !== '')
    throw wrong('has credentials in it. The API key comes from an environment variable (--api-key-env) or a file (--api-key-file).');
  if (url.search !== '' || given.includes('?')) throw wrong('has a query. Wanted only what comes before /customers.');
  if (url.hash !== '' || given.includes('#')) throw wrong('has a fragment. Wanted only what comes before /customers.');
  if (PRODUCTION_HOSTS.has(url.hostname.replace(/\.$/, '')) && !allowProduction)
    throw wrong('is production: every good request would create a customer there that cannot be deleted. Use a sandbox, or say --allow-production.');
  return url;
}

function notesOn(url: URL): string[] {
  return [
    ...(url.protocol === 'http:' && !isLoopback(url) ? [`${url.host} is spoken to without TLS: the API key goes over the network as it is.`] : []),
    ...(/\/customers\/?$/.test(url.pathname)
      ? [`Requests go to ${url.pathname.replace(/\/$/, '')}/customers: the URL should be what comes before /customers.`]
      : []),
  ];
}

/** The text with whatever stands before an @ taken out: it may be a key. */
function withoutCredentials(text: string): string {
  return text.replace(/[^/]*@/g, '…@');
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

async function resolveTarget(url: URL, options: RunOptions, source: Source): Promise<Target> {
  const label = (name: OptionName): string => source.labels[name] ?? name;
  if (options.merchantId === undefined) throw new UsageError(`A target needs a merchant id: give --merchant-id, or set CONFORM_MERCHANT_ID.`);
  const merchantId = checkMerchantId(options.merchantId, label('merchantId'));
  const apiKey = source.apiKey === undefined ? await readKey(options, source) : checkKey(source.apiKey, 'apiKey');
  const second = source.secondMerchant ?? (options.secondMerchant === undefined ? undefined : readSecond(options.secondMerchant, source));
  if (second?.merchantId === merchantId)
    throw new UsageError(`${label('secondMerchant')}: it is the first merchant again. Wanted another one, with a key of its own.`);
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    apiKey,
    merchantId,
    ...(second === undefined ? {} : { secondMerchant: second }),
    embedded: false,
  };
}

/** Options that only mean something with a URL: without one they are probably a slip. Left alone where a file or the environment has them for other runs. */
function checkNothingForTarget({ labels, apiKey, secondMerchant }: Source): void {
  for (const name of ['merchantId', 'apiKeyEnv', 'apiKeyFile', 'secondMerchant'] as const) {
    if (labels[name]?.startsWith('--') === true)
      throw new UsageError(`${labels[name]}: it goes with a target, and no URL was given. Add --url URL, or leave it out to check the embedded reference.`);
  }
  if (apiKey !== undefined || secondMerchant !== undefined) throw new UsageError('apiKey: it goes with a target, and no url was given.');
}

/** What a key is called of which no option says where it is. */
const THE_KEY = 'the API key';

async function readKey({ apiKeyEnv, apiKeyFile }: RunOptions, { labels, environment }: Source): Promise<string> {
  if (apiKeyFile !== undefined) {
    if (apiKeyEnv !== undefined)
      throw new UsageError(`${labels.apiKeyFile ?? 'apiKeyFile'} and ${labels.apiKeyEnv ?? 'apiKeyEnv'} were both given. Wanted one of them.`);
    const label = labels.apiKeyFile ?? 'apiKeyFile';
    const text = await readFile(apiKeyFile, 'utf8').catch((error: unknown) => {
      throw new UsageError(`${label}: the file with the API key cannot be read (${messageOf(error)}).`);
    });
    return checkKey(text.replace(/\r?\n$/, ''), `${label} ${apiKeyFile}`);
  }
  return keyFromVariable(apiKeyEnv ?? DEFAULT_KEY_VARIABLE, labels.apiKeyEnv ?? THE_KEY, environment);
}

function keyFromVariable(variable: string, label: string, environment: Environment): string {
  const shown = nameOfVariable(variable);
  const key = environment[variable];
  if (key === undefined || key === '') {
    // Where a file or another option names the variable, that is the place to name another one.
    const isOptions = label === THE_KEY || label.startsWith('--api-key');
    const another = isOptions ? ', name another one with --api-key-env, or a file with --api-key-file' : ', or name another one there';
    throw new UsageError(`${label}: ${shown} is ${key === undefined ? 'not set' : 'empty'}. Put the API key into it${another}.`);
  }
  return checkKey(key, `${label} (${shown})`);
}

/** What looks like the name of a variable is shown; anything else could be the key itself, put in the wrong place. */
function nameOfVariable(variable: string): string {
  return /^[A-Z]+(?:_[A-Z0-9]{1,12})+$/.test(variable)
    ? `the environment variable ${variable}`
    : 'the environment variable that was named (not shown, in case it is the key)';
}

function checkKey(key: string, label: string): string {
  const wrong = (what: string): UsageError => new UsageError(`${label}: the API key ${what}`);
  if (key === '') throw wrong('is empty.');
  if (key.includes(':')) throw wrong('has a colon in it, which no user name of Basic credentials can have. Wanted the key alone: the colon is added.');
  if (!/^[\x21-\x7e]+$/.test(key)) throw wrong('has blanks, control characters or letters outside ASCII in it. Wanted the key alone.');
  return key;
}

function checkMerchantId(id: string, label: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(id))
    throw new UsageError(`${label}: ${JSON.stringify(id)} cannot be sent in a header. Wanted ASCII without blanks around it.`);
  return id;
}

function readSecond(given: string, { labels, environment }: Source): { merchantId: string; apiKey: string } {
  const label = labels.secondMerchant ?? 'secondMerchant';
  const colon = given.lastIndexOf(':');
  if (colon < 1 || colon === given.length - 1)
    throw new UsageError(`${label}: wanted ID:KEYENV, the id of a merchant and the name of the environment variable with its API key.`);
  return { merchantId: checkMerchantId(given.slice(0, colon), label), apiKey: keyFromVariable(given.slice(colon + 1), label, environment) };
}

function checkReadings(readings: NonNullable<RunOptions['readings']>, label: string): void {
  for (const [id, cases] of Object.entries(readings)) {
    const rule = ruleOf(id, label);
    if (rule.level !== 'open') throw new UsageError(`${label}: ${id} is no open rule, so it has one reading only. Wanted a rule of level open.`);
    // What a response shows by itself may be a list or a text of the target's.
    if (rule.kind === 'open-response') continue;
    const known = rule.readings.map((reading) => reading.id);
    for (const [name, reading] of Object.entries(cases)) {
      if (known.includes(reading)) continue;
      const near = nearest(reading, known)[0];
      throw new UsageError(
        `${label}: ${id}, ${JSON.stringify(name)}: got ${JSON.stringify(reading)}, wanted one of ${known.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      );
    }
  }
}
