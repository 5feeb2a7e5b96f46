/**
 * The options of a run, in one table: how each is called on the command line, in the environment and in a configuration
 * file, what is right for it and what it says in the help. Values of all three pass through `normalise` and `validate`.
 */
import { Ajv, type ErrorObject } from 'ajv';
import Type, { type Static } from 'typebox';
import { DEFAULT_FORMATS, FORMATS, type Format } from '../reports/write.js';
import { nearest, suggestion, UsageError } from './errors.js';

const BUDGETS = ['smoke', 'standard', 'deep'] as const;
const FAIL_ON = ['must', 'should'] as const;
export const FORMAT_NAMES = Object.keys(FORMATS) as Format[];
/** What `--format` takes, for the help of every command that has it. */
export const FORMAT_HELP = `report formats, separated by commas: ${FORMAT_NAMES.join(', ')} (default: ${DEFAULT_FORMATS.join(',')})`;

/** The seed that a run may have: what fast-check takes, without a sign. */
export const MAX_SEED = 2 ** 31 - 1;

const text = (description: string) => Type.String({ minLength: 1, description });
const whole = (minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, description: `a whole number from ${minimum.toLocaleString('en-US')} to ${maximum.toLocaleString('en-US')}` });
const oneOf = <const T extends string[]>(names: readonly [...T]) => Type.Enum([...names], { description: `one of ${names.join(', ')}` });
/** Readings that the target has to take, by rule and case. */
const READINGS = 'readings by rule and case, such as { "content-type/json": { "application/json": "refused" } }';
const yesOrNo = Type.Boolean({ description: 'true or false' });

export const RunOptionsSchema = Type.Partial(
  Type.Object({
    url: text('a URL such as https://sandbox.juspay.in'),
    apiKeyEnv: text('the name of an environment variable'),
    apiKeyFile: text('the path of a file'),
    merchantId: text('the id of a merchant'),
    secondMerchant: text('ID:KEYENV, the id of a merchant and the name of the environment variable with its API key'),
    rule: Type.Array(text('the id of a rule, or a pattern'), { minItems: 1, description: 'ids of rules, or patterns such as first_name/*' }),
    budget: oneOf(BUDGETS),
    maxRequests: whole(1, 1_000_000),
    seed: whole(0, MAX_SEED),
    concurrency: whole(1, 256),
    rate: Type.Number({ exclusiveMinimum: 0, maximum: 100_000, description: 'requests a second, such as 10/s' }),
    timeout: whole(1, 600_000),
    failOn: oneOf(FAIL_ON),
    allowProduction: yesOrNo,
    verbose: yesOrNo,
    format: Type.Array(oneOf(FORMAT_NAMES as [Format, ...Format[]]), { minItems: 1, description: `one or more of ${FORMAT_NAMES.join(', ')}` }),
    out: text('the path of a folder'),
    pact: text('the path of a file'),
    baseline: text('the path of a file'),
    readings: Type.Record(Type.String(), Type.Record(Type.String(), Type.String({ description: READINGS }), { description: READINGS }), {
      description: READINGS,
    }),
  }),
  { additionalProperties: false },
);

/** What a run can be told, in the library, in a configuration file, and (but for `readings`) on the command line. */
export type RunOptions = Static<typeof RunOptionsSchema>;
export type OptionName = keyof RunOptions;
/** How an option is called where it was given, for messages: `--seed`, `CONFORM_SEED`, `seed in conformance.config.json`. */
export type Labels = Readonly<Partial<Record<OptionName, string>>>;

export interface OptionRow {
  readonly name: OptionName;
  /** As commander takes it. */
  readonly flag: string;
  readonly variable: string;
  readonly description: string;
  readonly repeatable?: true;
}

const row = (name: OptionName, flag: string, description: string, more: { readonly repeatable?: true } = {}): OptionRow => ({
  name,
  flag,
  variable: `CONFORM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  description,
  ...more,
});

/** Every option of `conform run`, in the order of the help. */
export const OPTION_TABLE: readonly OptionRow[] = [
  row('url', '--url <url>', 'the target; the embedded reference where none is given'),
  row('apiKeyEnv', '--api-key-env <name>', 'the environment variable with the API key (default: CONFORM_API_KEY)'),
  row('apiKeyFile', '--api-key-file <path>', 'a file with the API key, instead of a variable'),
  row('merchantId', '--merchant-id <id>', 'the merchant id, sent as x-merchantid'),
  row('secondMerchant', '--second-merchant <id:keyenv>', 'a second merchant and the variable with its key, for rules about two merchants'),
  row('rule', '--rule <glob>', 'only these rules: an id, or a pattern such as "first_name/*"; may be repeated', { repeatable: true }),
  row('budget', '--budget <name>', 'smoke (300 requests), standard (3,000, the default) or deep (50,000)'),
  row('maxRequests', '--max-requests <n>', "at most so many requests beside those answered 429, instead of the budget's number"),
  row('seed', '--seed <n>', 'the same seed gives the same requests (default: a random one, which is printed)'),
  row('concurrency', '--concurrency <n>', 'requests under way at a time (default: 16 on this machine, 4 elsewhere)'),
  row('rate', '--rate <n/s>', 'requests a second (default: no limit on this machine, 10/s elsewhere)'),
  row('timeout', '--timeout <ms>', 'how long an answer may take (default: 10000)'),
  row('failOn', '--fail-on <level>', 'exit 1 for a broken must, or for a broken should too (default: must)'),
  row('allowProduction', '--allow-production', 'send to a production host of Juspay: every good request creates a customer there'),
  row('verbose', '--verbose', 'every exchange, whole responses and every reading'),
  row('format', '--format <names>', FORMAT_HELP),
  row('out', '--out <folder>', 'where the reports go (default: conformance-report)'),
  row('baseline', '--baseline <file>', 'accepted departures, which do not fail the run: a YAML or JSON file'),
  row('pact', '--pact <file>', 'record the contract of the target: the named examples whose rules held, as a pact'),
];

/** What would give a secret away in a message if it had been put in the wrong place. */
const NEVER_SHOWN: ReadonlySet<string> = new Set<OptionName>(['apiKeyEnv', 'secondMerchant', 'url']);

/**
 * The same value in the one form that the schema knows: numbers and lists may come as text (`10/s`, `json,junit`), as
 * they do on the command line. What cannot be understood stays as it is, for `validate` to refuse.
 */
export function normalise(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, normaliseOne(name, value)]),
  );
}

function normaliseOne(name: string, value: unknown): unknown {
  switch (name) {
    case 'maxRequests':
    case 'seed':
    case 'concurrency':
    case 'timeout':
      return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    case 'rate': {
      const number = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,6})?)(?:\/s)?$/.exec(value)?.[1] : undefined;
      return number === undefined ? value : Number(number);
    }
    case 'allowProduction':
    case 'verbose':
      return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
    case 'rule':
    case 'format':
      return typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
    default:
      return value;
  }
}

const validator = new Ajv({ allErrors: false, verbose: true }).compile<RunOptions>(RunOptionsSchema);

/** The options, once they are known to be right in themselves. Throws a UsageError for the first that is not. */
export function validate(values: Readonly<Record<string, unknown>>, labels: Labels, where = 'the options'): RunOptions {
  if (validator(values)) return values;
  const [error] = validator.errors ?? [];
  throw new UsageError(error === undefined ? `${where} cannot be used.` : explain(error, values, labels, where));
}

function explain(error: ErrorObject, values: Readonly<Record<string, unknown>>, labels: Labels, where: string): string {
  const [name = '', ...inside] = error.instancePath.split('/').slice(1);
  if (error.keyword === 'additionalProperties' && name === '') {
    const unknown = String((error.params as { readonly additionalProperty: string }).additionalProperty);
    return unknownOption(unknown, where);
  }
  if (name === '') return `${where}: expected an object with options, such as { "url": "https://sandbox.juspay.in" }.`;
  const label = labels[name as OptionName] ?? name;
  const wanted: unknown = error.parentSchema?.['description'] ?? 'something else';
  const given: unknown = inside.length > 0 ? error.data : values[name];
  const shown = NEVER_SHOWN.has(name) ? '' : `got ${JSON.stringify(given) ?? String(given)}, `;
  const near = typeof given === 'string' && error.keyword === 'enum' ? nearest(given, (error.params as { allowedValues: string[] }).allowedValues) : [];
  return `${label}: ${shown}wanted ${String(wanted)}.${near[0] === undefined ? '' : ` Did you mean ${near[0]}?`}`;
}

function unknownOption(name: string, where: string): string {
  if (/key|secret|password/i.test(name) && !/env|file/i.test(name))
    return `${where}: there is no option ${JSON.stringify(name)}. The API key itself is never written down there: name its environment variable with apiKeyEnv, or its file with apiKeyFile.`;
  return `${where}: there is no option ${JSON.stringify(name)}. ${suggestion(name, Object.keys(RunOptionsSchema.properties), 'options')}`;
}
