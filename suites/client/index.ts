/** Verifying a client as a library: serve the API to it, and hear what it did wrong. */
import type { Run } from '../../contracts/finding.js';
import type { Expectation } from './answers.js';
import { makeCertificate, trustVariables } from './certificate.js';
import { listen } from './listen.js';
import { messageOf } from './message.js';
import { runOf } from './run.js';
import { planOf, type Script } from './script.js';

export { ANSWERS, reservedReference, type Answer } from './answers.js';
export { PortError } from './listen.js';
export { ScriptError, type Script, type Step } from './script.js';

/** A request of the client, as far as a test may want to look at it. */
export interface ClientRequest {
  readonly method: string;
  /** As on the wire, with its query. */
  readonly target: string;
  /** Names and values in their order, as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The fields of the body, decoded; undefined where it cannot be. */
  readonly fields: readonly (readonly [name: string, value: string])[] | undefined;
  /** The status that it was answered; 0 where the connection was reset instead. */
  readonly status: number;
  /** The name of the answer, where it was not the honest one. */
  readonly answer?: string;
}

export interface ServeClientOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Speak TLS with a certificate made for this; false by default. */
  readonly tls?: boolean;
  /** Legal variants of the reference, by name: `colon-less-credential` accepts a credential without the colon. */
  readonly variants?: readonly string[];
  /** Answers other than the honest ones, from the start. */
  readonly script?: Script;
  /** What makes `verdict()` reject: a broken must (the default), or a warning too. */
  readonly failOn?: 'must' | 'should';
  /** Name and version of the tool, for the run; the package's own unless given. */
  readonly tool?: Run['tool'];
}

export interface ClientApi {
  /** The base URL for the client. */
  readonly url: string;
  readonly apiKey: string;
  readonly merchantId: string;
  /** The variables that `conform client` sets for COMMAND. */
  readonly variables: Readonly<Record<string, string>>;
  /** With `tls`: the authority to trust, in PEM. */
  readonly ca?: string;
  /** Every request so far. */
  readonly requests: readonly ClientRequest[];
  /** Gives requests from now on other answers; replaces the script before it. Throws a ScriptError. */
  script(script: Script): void;
  /** Ends it and resolves with the run, whatever is in it. Called again, the same run. */
  report(): Promise<Run>;
  /** Ends it and resolves with the run; rejects with a ClientError where a rule is broken, nothing was sent or the script was not used. */
  verdict(): Promise<Run>;
  /** Ends it without a word. */
  close(): Promise<void>;
}

/** What the client did wrong, request by request; the whole run is in `run`. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(readonly run: Run) {
    super(messageOf(run));
  }
}

/** What each option may be, in words and as a test: who writes JavaScript has no types. */
const OPTIONS: Readonly<Record<keyof ServeClientOptions, readonly [wanted: string, isRight: (value: unknown) => boolean]>> = {
  port: ['a whole number from 0 (a free port) to 65535', (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535],
  tls: ['true or false', (value) => typeof value === 'boolean'],
  variants: ['a list of names of variants', (value) => Array.isArray(value) && value.every((name) => typeof name === 'string')],
  // What is in a script is for `planOf`.
  script: ['a script', (value) => typeof value === 'object' && value !== null],
  failOn: ['must or should', (value) => value === 'must' || value === 'should'],
  tool: ['an object with name and version', (value) => typeof value === 'object' && value !== null],
};

function checkOptions(options: ServeClientOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name))
      throw new TypeError(`serveClient: there is no option ${JSON.stringify(name)}. There are ${Object.keys(OPTIONS).join(', ')}.`);
    const [wanted, isRight] = OPTIONS[name as keyof ServeClientOptions];
    if (value !== undefined && !isRight(value)) throw new TypeError(`serveClient: ${name}: got ${JSON.stringify(value)}, wanted ${wanted}.`);
  }
}

/** How long answers may still be under way when the verdict is asked for. */
const SETTLE_MS = 5000;

/**
 * Serves the API on 127.0.0.1 to a client under test, in any test runner.
 * @throws TypeError for an option that is not right, ScriptError for a script that cannot be used, PortError for a port that cannot be listened on
 */
export async function serveClient(options: ServeClientOptions = {}): Promise<ClientApi> {
  checkOptions(options);
  const { port, tls = false, variants = [], failOn = 'must', tool = { name: 'juspay-customer-conformance', version: '' } } = options;
  let plan = options.script === undefined ? undefined : planOf(options.script);
  const certificate = tls ? await makeCertificate() : undefined;
  const startedAt = Date.now();
  const listening = await listen({ variants, ...(port === undefined ? {} : { port }), ...(certificate === undefined ? {} : { tls: certificate }) }).catch(
    async (error: unknown) => {
      await certificate?.dispose();
      throw error;
    },
  );
  if (plan !== undefined) listening.script(plan);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= listening.close().then(() => certificate?.dispose()));
  let reported: Promise<Run> | undefined;
  const report = async (): Promise<Run> => {
    await listening.settle(SETTLE_MS);
    await close();
    const expects: Expectation = plan?.expects ?? 'ok';
    return runOf({ tool, listening, variants, expects, unmatched: listening.unmatched(), failOn, startedAt, interrupted: false }).run;
  };
  const { url, apiKey, merchantId, captured } = listening;
  const api: ClientApi = {
    url,
    apiKey,
    merchantId,
    variables: variablesOf(listening, certificate === undefined ? {} : trustVariables(certificate)),
    ...(certificate === undefined ? {} : { ca: certificate.ca }),
    get requests() {
      return captured.map(({ method, target, headers, fields, reply, scripted }) => ({
        method,
        target,
        headers,
        fields,
        status: reply.status,
        ...(scripted === undefined ? {} : { answer: scripted }),
      }));
    },
    script: (script) => {
      plan = planOf(script);
      listening.script(plan);
    },
    report: () => (reported ??= report()),
    verdict: async () => {
      const run = await api.report();
      if (run.exitCode !== 0) throw new ClientError(run);
      return run;
    },
    close,
  };
  return api;
}

/** The variables that a client is told of the API by. */
export function variablesOf(
  { url, apiKey, merchantId }: Pick<ClientApi, 'url' | 'apiKey' | 'merchantId'>,
  trust: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { CONFORM_URL: url, CONFORM_API_KEY: apiKey, CONFORM_MERCHANT_ID: merchantId, ...trust };
}
