/** What the commands share that speak to a Pact Broker: its address and credential, and how its errors read. */
import { BrokerClient, BrokerError, type BrokerOptions } from '../suites/pact/broker.js';
import { UsageError } from './errors.js';
import type { Io } from './io.js';

/** Names as the Pact CLI has them, so that what is set for it serves here. */
const VARIABLES = { url: 'PACT_BROKER_BASE_URL', username: 'PACT_BROKER_USERNAME', password: 'PACT_BROKER_PASSWORD', token: 'PACT_BROKER_TOKEN' } as const;

export const CREDENTIALS_HELP =
  'The credential of the broker is read from PACT_BROKER_TOKEN, or from PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, and is never an argument.';

/** The broker of the flag, or of the environment; undefined where neither names one. Throws a UsageError for what cannot be used. */
export function brokerOptions(flag: string | undefined, { environment }: Pick<Io, 'environment'>): BrokerOptions | undefined {
  const given = flag ?? value(environment, VARIABLES.url);
  if (given === undefined) return undefined;
  const label = flag === undefined ? VARIABLES.url : '--broker-url';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UsageError(`${label}: wanted the URL of a Pact Broker, such as http://127.0.0.1:9292.`);
  if (url.username !== '' || url.password !== '') throw new UsageError(`${label}: it has credentials in it. ${CREDENTIALS_HELP}`);
  return { url: url.href.replace(/\/$/, ''), ...credentialOf(environment) };
}

function credentialOf(environment: Io['environment']): Pick<BrokerOptions, 'credential'> {
  const [token, username, password] = [value(environment, VARIABLES.token), value(environment, VARIABLES.username), value(environment, VARIABLES.password)];
  if (token !== undefined && username !== undefined)
    throw new UsageError(`${VARIABLES.token} and ${VARIABLES.username} are both set. Wanted one credential for the broker.`);
  if (token !== undefined) return { credential: { token } };
  if (username !== undefined) return { credential: { username, password: password ?? '' } };
  if (password !== undefined) throw new UsageError(`${VARIABLES.password} is set and ${VARIABLES.username} is not.`);
  return {};
}

function value(environment: Io['environment'], name: string): string | undefined {
  const found = environment[name];
  return found === undefined || found === '' ? undefined : found;
}

/** The broker that has to be there. Throws a UsageError where none is named. */
export function requiredBroker(flag: string | undefined, io: Io): BrokerClient {
  const options = brokerOptions(flag, io);
  if (options === undefined) throw new UsageError(`A broker is needed: give --broker-url, or set ${VARIABLES.url}.`);
  return clientOf(options, io);
}

/** A client that says what it waits for. */
export function clientOf(options: BrokerOptions, io: Io): BrokerClient {
  return new BrokerClient({
    ...options,
    signal: io.interrupted,
    ...backoff(io.environment),
    onRetry: (reason, waitMs) => io.stderr.write(`note: the broker: ${reason}; trying again in ${waitMs} ms\n`),
  });
}

/** For specs and impatient people: the first wait between two tries. */
function backoff(environment: Io['environment']): Pick<BrokerOptions, 'backoffMs'> {
  const given = Number(environment['CONFORM_BROKER_BACKOFF_MS'] ?? '');
  return Number.isInteger(given) && given > 0 ? { backoffMs: given } : {};
}

const ADVICE: Readonly<Record<BrokerError['kind'], string>> = {
  unreachable: 'Check the address, and that the broker runs.',
  credential: CREDENTIALS_HELP,
  'no-broker': 'Check the address: it is that of the start page of the broker.',
  conflict: 'A version has one contract: publish the changed one under another --version (the commit, by default).',
  invalid: '',
};

/** A line on the error and what to do about it. Throws what is no error of the broker. */
export function brokerFailure(error: unknown, io: Io): void {
  if (!(error instanceof BrokerError)) throw error;
  io.stderr.write(`conform: ${error.message.replace(/\.?$/, '.')}${ADVICE[error.kind] === '' ? '' : ` ${ADVICE[error.kind]}`}\n`);
}
