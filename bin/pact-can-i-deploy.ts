/** `conform pact can-i-deploy`: asks a broker, with the exit codes of the Pact CLI: 0 yes, 1 no, not yet known, or no answer. */
import type { Deployable } from '../suites/pact/broker.js';
import { EXIT, UsageError } from './errors.js';
import { commitOf } from './git.js';
import type { Io } from './io.js';
import { brokerFailure, requiredBroker } from './pact-broker.js';
import { CONSUMER } from '../suites/pact/recorder.js';

export interface CanIDeployFlags {
  readonly brokerUrl?: string;
  readonly pacticipant?: string;
  readonly version?: string;
  readonly toEnvironment?: string;
  readonly retryWhileUnknown?: string;
  readonly retryInterval?: string;
}

/** Resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function pactCanIDeployCommand(flags: CanIDeployFlags, io: Io): Promise<number> {
  const client = requiredBroker(flags.brokerUrl, io);
  const environment = flags.toEnvironment;
  if (environment === undefined || environment.trim() === '') throw new UsageError('--to-environment: wanted the name of an environment of the broker.');
  const pacticipant = flags.pacticipant ?? CONSUMER;
  const version = flags.version ?? (await commitOf(io.folder));
  if (version === undefined) throw new UsageError('--version: the folder is no git checkout with a commit, so the version has to be given.');
  const times = whole('--retry-while-unknown', flags.retryWhileUnknown, 0);
  const interval = whole('--retry-interval', flags.retryInterval, 10);
  try {
    let answer: Deployable;
    for (let attempt = 0; ; attempt += 1) {
      answer = await client.canIDeploy(pacticipant, version, environment);
      if (answer.deployable !== null || attempt >= times || io.interrupted.aborted) break;
      io.stderr.write(`note: not known yet: ${answer.reason}; asking again in ${interval} s\n`);
      await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    }
    io.stdout.write(`${answer.deployable === true ? 'Computer says yes' : 'Computer says no'}: ${pacticipant} ${version} → ${environment}\n${answer.reason}\n`);
    return answer.deployable === true ? EXIT.ok : EXIT.broken;
  } catch (error) {
    brokerFailure(error, io);
    return EXIT.broken;
  }
}

function whole(flag: string, given: string | undefined, standard: number): number {
  if (given === undefined) return standard;
  if (!/^\d{1,6}$/.test(given)) throw new UsageError(`${flag}: got ${JSON.stringify(given)}, wanted a whole number.`);
  return Number(given);
}
