/** The targets of `conform compare`: read from a file, checked whole, and made into plans before anything is sent. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import Type, { type Static } from 'typebox';
import { parse as parseYaml } from 'yaml';
import { FAULTS } from '../contracts/reference/faults.js';
import type { ReferenceOptions } from '../contracts/reference/server.js';
import { VARIANTS } from '../contracts/reference/variants.js';
import { messageOf, suggestion, UsageError } from './errors.js';
import type { RunOptions } from './options.js';
import { resolvePlan, type Environment, type Plan } from './resolve.js';

const text = (description: string) => Type.String({ minLength: 1, description });
const EXAMPLE = '{ "targets": [{ "name": "sandbox", "url": "https://sandbox.juspay.in", "merchantId": "acme", "apiKeyEnv": "SANDBOX_KEY" }] }';

export const TargetSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: 'a name of letters, digits and . _ - that a folder can have, such as sandbox',
    }),
    url: Type.Optional(text('a URL such as https://sandbox.juspay.in')),
    merchantId: Type.Optional(text('the id of a merchant')),
    apiKeyEnv: Type.Optional(text('the name of an environment variable')),
    apiKeyFile: Type.Optional(text('the path of a file')),
    secondMerchant: Type.Optional(text('ID:KEYENV, the id of a merchant and the name of the environment variable with its API key')),
    allowProduction: Type.Optional(Type.Boolean({ description: 'true or false' })),
    embedded: Type.Optional(Type.Literal(true, { description: 'true, for the embedded reference' })),
    variant: Type.Optional(Type.Array(Type.String(), { description: 'names of variants, as conform serve --help lists them' })),
    fault: Type.Optional(text('the name of a fault, as conform serve --help lists them')),
  },
  { additionalProperties: false },
);
/** One target: a URL with its credentials by the names of variables, or the embedded reference. */
export type ComparedTargetOptions = Static<typeof TargetSchema>;

const TargetsSchema = Type.Object(
  { targets: Type.Array(TargetSchema, { minItems: 1, description: 'a list of one target or more' }) },
  { additionalProperties: false },
);

const isTargets = new Ajv({ verbose: true }).compile<Static<typeof TargetsSchema>>(TargetsSchema);
/** What the message of a wrong value must not repeat: it could be a key that was put in the wrong place. */
const NEVER_SHOWN = new Set(['apiKeyEnv', 'secondMerchant', 'url']);

/** A target that is ready to be run. */
export interface TargetPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** Rejects with a UsageError where the file cannot be read, or holds what no targets are. */
export async function readTargets(file: string, label: string): Promise<readonly ComparedTargetOptions[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${label}: ${file} cannot be read (${messageOf(error)}). Wanted a file such as ${EXAMPLE}`);
  });
  let value: unknown;
  try {
    // JSON is YAML, and members that occur twice are noticed in both.
    value = parseYaml(content);
  } catch (error) {
    throw new UsageError(`${label}: ${file} is neither JSON nor YAML: ${messageOf(error).split('\n', 1)[0] ?? ''}`);
  }
  return checkTargets(value, file);
}

/** The targets, once they are known to be right in themselves. Throws a UsageError for the first that is not. */
export function checkTargets(value: unknown, where: string): readonly ComparedTargetOptions[] {
  if (!isTargets(value)) throw new UsageError(`${where}: ${explain(isTargets.errors?.[0], value)}`);
  const names = new Map<string, string>();
  for (const { name } of value.targets) {
    // Folders of some systems do not tell letter case apart.
    const known = names.get(name.toLowerCase());
    if (known !== undefined)
      throw new UsageError(
        `${where}: two targets are called ${known === name ? JSON.stringify(name) : `${JSON.stringify(known)} and ${JSON.stringify(name)}, which one folder can be`}. Wanted a name of its own for each.`,
      );
    names.set(name.toLowerCase(), name);
  }
  for (const target of value.targets) checkKind(target, where);
  return value.targets;
}

function explain(error: ErrorObject | undefined, value: unknown): string {
  if (error === undefined) return `expected targets, such as ${EXAMPLE}`;
  const [, list, index, ...inside] = error.instancePath.split('/');
  const given = (value as { readonly targets?: readonly unknown[] } | null)?.targets?.[Number(index)];
  const name = (given as { readonly name?: unknown } | undefined)?.name;
  const which = index === undefined ? '' : `target ${typeof name === 'string' ? JSON.stringify(name) : `number ${Number(index) + 1}`}: `;
  if (error.keyword === 'additionalProperties') {
    const unknown = String((error.params as { readonly additionalProperty: string }).additionalProperty);
    if (/key|secret|password|token/i.test(unknown))
      return `${which}there is no member ${JSON.stringify(unknown)}. The API key itself is never written down here: name its environment variable with apiKeyEnv.`;
    const members = Object.keys((list === undefined || index === undefined ? TargetsSchema : TargetSchema).properties);
    return `${which}there is no member ${JSON.stringify(unknown)}. ${suggestion(unknown, members, 'members')}`;
  }
  if (error.keyword === 'required') {
    const missing = (error.params as { readonly missingProperty: string }).missingProperty;
    return `${which}${missing} is missing. Wanted, for example, ${EXAMPLE}`;
  }
  const member = inside[0] ?? list ?? '';
  const wanted: unknown = error.parentSchema?.['description'] ?? `an object such as ${EXAMPLE}`;
  const shown = NEVER_SHOWN.has(member) || member === '' ? '' : `got ${JSON.stringify(error.data) ?? String(error.data)}, `;
  return `${which}${member === '' ? 'expected' : `${member}: ${shown}wanted`} ${String(wanted)}.`;
}

/** A URL or the embedded reference, with what goes with either. */
function checkKind(target: ComparedTargetOptions, where: string): void {
  const wrong = (what: string): UsageError => new UsageError(`${where}: target ${JSON.stringify(target.name)}: ${what}`);
  const { url, embedded, variant, fault } = target;
  if (url === undefined && embedded === undefined)
    throw wrong('it has neither a url nor embedded. Wanted "url", or "embedded": true for the reference that comes with conform.');
  if (url !== undefined && embedded !== undefined) throw wrong('it has both a url and embedded. Wanted one of them.');
  const foreign = (
    url === undefined ? (['merchantId', 'apiKeyEnv', 'apiKeyFile', 'secondMerchant', 'allowProduction'] as const) : (['variant', 'fault'] as const)
  ).find((member) => target[member] !== undefined);
  if (foreign !== undefined) throw wrong(`${foreign} goes with ${url === undefined ? 'a url' : 'the embedded reference'} only.`);
  if (url !== undefined && target.merchantId === undefined) throw wrong('merchantId is missing. Wanted the id of the merchant, which is sent as x-merchantid.');
  for (const name of variant ?? [])
    if (!VARIANTS.some((known) => known.name === name))
      throw wrong(
        `there is no variant ${JSON.stringify(name)}. ${suggestion(
          name,
          VARIANTS.map((each) => each.name),
          'variants',
        )}`,
      );
  if (fault !== undefined && !FAULTS.some((known) => known.name === fault))
    throw wrong(
      `there is no fault ${JSON.stringify(fault)}. ${suggestion(
        fault,
        FAULTS.map((each) => each.name),
        'faults',
      )}`,
    );
}

/** A plan for each target, all with the same seed and options, each with a report folder of its own below `out`. Rejects with a UsageError for the first that cannot be run. */
export async function planTargets(
  targets: readonly ComparedTargetOptions[],
  options: RunOptions,
  { environment, where }: { readonly environment: Environment; readonly where: string },
): Promise<TargetPlan[]> {
  const { out, ...shared } = options;
  const plans: TargetPlan[] = [];
  for (const target of targets) {
    const { name, embedded: _embedded, variant, fault, ...own } = target;
    const label = (member: string): string => `${where}, target ${JSON.stringify(name)}: ${member}`;
    const plan = await resolvePlan(
      { ...shared, ...own, ...(out === undefined ? {} : { out: join(resolve(out), name) }) },
      {
        environment,
        labels: Object.fromEntries(['url', 'merchantId', 'apiKeyEnv', 'apiKeyFile', 'secondMerchant'].map((member) => [member, label(member)])),
      },
    ).catch((error: unknown) => {
      if (error instanceof UsageError && !error.message.includes(where)) throw new UsageError(`${where}, target ${JSON.stringify(name)}: ${error.message}`);
      throw error;
    });
    const reference: ReferenceOptions | undefined =
      target.url === undefined ? { ...(variant === undefined ? {} : { variants: variant }), ...(fault === undefined ? {} : { fault }) } : undefined;
    plans.push({ name, plan: { ...plan, ...(reference === undefined ? {} : { reference }) } });
  }
  return plans;
}
