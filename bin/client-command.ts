/** Runs a command against a server of its own, once. */
import { makeCertificate, trustVariables, type Certificate } from '../suites/client/certificate.js';
import { CommandError, runCommand } from '../suites/client/command.js';
import { variablesOf } from '../suites/client/index.js';
import { listen, PortError, type Listening } from '../suites/client/listen.js';
import type { Ended } from '../suites/client/run.js';
import type { Plan as ScriptPlan } from '../suites/client/script.js';
import { createRedactor } from '../suites/kit/redact.js';
import type { ClientPlan } from './client-plan.js';
import { UsageError } from './errors.js';
import type { Io } from './io.js';

/** How long answers may still be under way when the command has ended. */
const SETTLE_MS = 2000;

export interface CommandRun {
  readonly listening: Listening;
  readonly ended: Ended;
}

/** Starts the server. Rejects with a UsageError for a port that cannot be listened on. */
export async function startListening(plan: ClientPlan, certificate: Certificate | undefined, script: ScriptPlan | undefined): Promise<Listening> {
  try {
    const listening = await listen({ port: plan.port, variants: plan.variants, ...(certificate === undefined ? {} : { tls: certificate }) });
    if (script !== undefined) listening.script(script);
    return listening;
  } catch (error) {
    if (error instanceof PortError) throw new UsageError(`--port ${String(plan.port)}: ${error.message}. Name another port, or none for a free one.`);
    throw error;
  }
}

/** What the client is told of the API by. */
export function clientVariables(plan: ClientPlan, listening: Listening, certificate: Certificate | undefined): Readonly<Record<string, string>> {
  const { url, apiKey, merchantId } = listening;
  const { hostname, port } = new URL(url);
  const shown = port === '' ? (plan.tls ? '443' : '80') : port;
  return {
    ...variablesOf(listening, certificate === undefined ? {} : trustVariables(certificate)),
    ...plan.variables({ url, host: hostname, port: shown, api_key: apiKey, merchant_id: merchantId }),
  };
}

/** A certificate where the plan wants TLS. */
export function certificateOf(plan: ClientPlan): Promise<Certificate | undefined> {
  return plan.tls ? makeCertificate() : Promise.resolve(undefined);
}

/** Runs the command once against a server of its own; `timeoutMs` is the plan's unless given. Rejects with a UsageError where it cannot be started. */
export async function runOnce(
  plan: ClientPlan,
  command: readonly [string, ...string[]],
  certificate: Certificate | undefined,
  script: ScriptPlan | undefined,
  io: Io,
  timeoutMs = plan.timeoutMs,
): Promise<CommandRun> {
  const listening = await startListening(plan, certificate, script);
  try {
    const running = runCommand(command, {
      variables: clientVariables(plan, listening, certificate),
      environment: io.environment,
      folder: io.folder,
      timeoutMs,
      signal: io.interrupted,
      secrets: createRedactor([listening.apiKey]).secrets,
      stdout: (text) => void io.stdout.write(text),
      stderr: (text) => void io.stderr.write(text),
    });
    const ended = await Promise.race([running, io.crash]);
    await listening.settle(SETTLE_MS);
    return { listening, ended };
  } catch (error) {
    if (error instanceof CommandError) throw new UsageError(`COMMAND: ${error.message}.`);
    throw error;
  } finally {
    await listening.close();
  }
}
