/** The options of `conform pact verify`. */
import type { Selector } from '../suites/pact/broker.js';
import { UsageError } from './errors.js';
import type { Io } from './io.js';
import { normalise, OPTION_TABLE, validate, type OptionName } from './options.js';
import { resolvePlan, type Plan } from './resolve.js';

export interface VerifyFlags extends Readonly<Partial<Record<OptionName, unknown>>> {
  readonly pact?: readonly string[];
  readonly brokerUrl?: string;
  readonly provider?: string;
  readonly selector?: readonly string[];
  readonly pending?: boolean;
  readonly wipSince?: string;
  readonly providerVersion?: string;
  readonly providerBranch?: string;
  readonly publishResults?: boolean;
  readonly buildUrl?: string;
}

/** The options of a run that a verification has too. */
export const VERIFY_OPTIONS: readonly OptionName[] = [
  'url',
  'apiKeyEnv',
  'apiKeyFile',
  'merchantId',
  'rate',
  'timeout',
  'failOn',
  'allowProduction',
  'verbose',
  'format',
  'out',
];

/** The plan of the flags and the environment. Rejects with a UsageError. */
export async function verifyPlanOf(flags: VerifyFlags, io: Io): Promise<Plan> {
  const values: Record<string, unknown> = {};
  const labels: Partial<Record<OptionName, string>> = {};
  for (const { name, flag, variable } of OPTION_TABLE.filter((row) => VERIFY_OPTIONS.includes(row.name))) {
    const fromEnvironment = io.environment[variable];
    if (flags[name] !== undefined) [values[name], labels[name]] = [flags[name], flag.split(' ', 1)[0] ?? flag];
    else if (fromEnvironment !== undefined && fromEnvironment !== '') [values[name], labels[name]] = [fromEnvironment, variable];
  }
  return resolvePlan(validate(normalise(values), labels), { labels, environment: io.environment });
}

/** Options that only mean something with a broker are a slip without one. */
export function refuseWithoutBroker(flags: VerifyFlags): void {
  const given = (
    [
      ['--selector', flags.selector],
      ['--pending', flags.pending],
      ['--wip-since', flags.wipSince],
      ['--publish-results', flags.publishResults],
      ['--provider', flags.provider],
      ['--provider-version', flags.providerVersion],
      ['--provider-branch', flags.providerBranch],
      ['--build-url', flags.buildUrl],
    ] as const
  ).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new UsageError(`${given[0]}: it goes with a broker, and none was named. Add --broker-url.`);
}

const SELECTORS = ['mainBranch', 'matchingBranch', 'deployedOrReleased', 'deployed', 'released', 'latest'] as const;
const NAMED = ['branch', 'fallbackBranch', 'tag', 'fallbackTag', 'environment', 'consumer'] as const;

/** `branch=main,consumer=shop` as the broker takes it. Throws a UsageError for a word that it does not know. */
export function selectorOf(given: string): Selector {
  const selector: Record<string, string | boolean> = {};
  for (const part of given.split(',').map((each) => each.trim())) {
    const [name = '', ...rest] = part.split('=');
    const value = rest.join('=');
    if ((SELECTORS as readonly string[]).includes(name) && (rest.length === 0 || value === 'true')) selector[name] = true;
    else if ((NAMED as readonly string[]).includes(name) && value !== '') selector[name] = value;
    else
      throw new UsageError(
        `--selector: ${JSON.stringify(part)} is none. Wanted ${SELECTORS.join(', ')}, or a name as in branch=main (${NAMED.join(', ')}), several of them separated by commas.`,
      );
  }
  return selector;
}
