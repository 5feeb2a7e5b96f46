/** Verifies a provider: every interaction of its pacts is sent through the gate, and what Pact's verifier found is told by interaction. */
import { fieldsOf } from '../../contracts/interactions/parts.js';
import type { Call } from '../../contracts/interactions.js';
import { FORM_TYPE, write, type Draft } from '../kit/draft.js';
import { SendingEnded } from '../kit/pacing.js';
import { Channel, type TargetOptions } from './channel.js';
import { Gate, type Passage } from './gate.js';
import { callOf, type LoadedPact, type PactInteraction } from './pact-file.js';
import { create, idOf, makeFresh, StateError } from './states.js';
import { VerifierError, VerifierProcess, type VerifierOptions } from './verifier-process.js';

export interface Mismatch {
  /** `StatusMismatch`, `HeaderMismatch`, `BodyMismatch`, `BodyTypeMismatch`. */
  readonly type: string;
  /** The member (`$.id`) of a body, the name of a header. */
  readonly at?: string;
  readonly text: string;
  readonly expected?: string;
  readonly actual?: string;
}

export interface VerifiedInteraction extends PactInteraction {
  readonly consumer: string;
  readonly provider: string;
  readonly outcome: 'passed' | 'failed' | 'blocked';
  readonly mismatches: readonly Mismatch[];
  /** Blocked: why nothing could be verified. */
  readonly error?: string;
  /** What went over the wire for it, where that is certain. */
  readonly passage?: Passage;
}

export interface SkippedPact {
  readonly pact: LoadedPact;
  readonly reason: string;
}

export interface Verification {
  readonly interactions: readonly VerifiedInteraction[];
  readonly skipped: readonly SkippedPact[];
  /** What a broker has to say about the pacts: why one is pending, for example. */
  readonly notices: readonly string[];
  /** Why nothing was verified: nobody is let in, or nothing answers. */
  readonly blockedBy?: string;
  /** Why the results are not at the broker, where they should be. */
  readonly publishingFailed?: string;
  readonly requestsSent: number;
  readonly idsCreated: readonly string[];
  readonly durationMs: number;
}

export interface VerifyOptions {
  readonly target: TargetOptions;
  /** The pacts to verify, as they were read from `sources`. */
  readonly pacts: readonly LoadedPact[];
  /** Where the verifier finds them: files, or a broker with its selectors. */
  readonly source: Pick<VerifierOptions, 'pactUrls'> | BrokerSource;
  /** A verifier that is running already; one of its own where absent. */
  readonly verifier?: VerifierProcess;
}

export type BrokerSource = Omit<VerifierOptions, 'providerBaseUrl' | 'pactUrls' | 'provider'> & { readonly provider: string; readonly pactBrokerUrl: string };

/** How long a fresh customer may be unreadable, and a little more. */
const READABLE_WITHIN_MS = 2500;

/** Verifies the pacts. Rejects with a VerifierError where the verifier could not do its work, and for nothing that the target does. */
export async function verify({ target, pacts, source, verifier }: VerifyOptions): Promise<Verification> {
  const started = Date.now();
  const channel = new Channel(target);
  const gate = await Gate.open(channel);
  const control = await sendControl(channel);
  if ('blockedBy' in control) {
    await gate.close();
    channel.close();
    return blocked(pacts, control.blockedBy, channel, started);
  }
  const running = verifier ?? new VerifierProcess();
  try {
    const lacking = await callsLacking(channel, pacts, control.id);
    const skipped = pacts.flatMap((pact): SkippedPact[] => {
      const call = callOf(pact);
      return call !== undefined && lacking.has(call) ? [{ pact, reason: `the target has no call to ${call} a customer` }] : [];
    });
    const wanted = pacts.filter((pact) => !skipped.some((each) => each.pact === pact));
    const result = wanted.length === 0 ? NOTHING : parseResult(await running.verify(optionsOf(gate, source, wanted, skipped, target)));
    return {
      interactions: join(wanted, result, gate.passages),
      skipped,
      notices: result.notices,
      ...(running.publishingFailed === undefined ? {} : { publishingFailed: running.publishingFailed }),
      requestsSent: channel.sent,
      idsCreated: [...channel.created],
      durationMs: Date.now() - started,
    };
  } finally {
    if (verifier === undefined) await running.close();
    await gate.close();
    channel.close();
  }
}

function optionsOf(
  gate: Gate,
  source: VerifyOptions['source'],
  wanted: readonly LoadedPact[],
  skipped: readonly SkippedPact[],
  target: TargetOptions,
): VerifierOptions {
  const shared = {
    providerBaseUrl: gate.targetUrl,
    providerStatesSetupUrl: gate.statesUrl,
    // 429 may have to be waited out before an answer goes back.
    timeout: target.timeoutMs + 120_000,
  };
  if ('pactBrokerUrl' in source)
    return { ...shared, ...source, ...(skipped.length === 0 ? {} : { consumerFilters: [...new Set(wanted.map(({ consumer }) => consumer))] }) };
  return { ...shared, provider: wanted[0]?.provider ?? '', pactUrls: wanted.map((pact) => pact.source) };
}

/** Statuses of a target that does not let us in, that is not there, or that has had enough: no rule is to blame. */
const SHUT: Readonly<Record<number, string>> = {
  401: 'refuses the API key',
  403: 'does not let this address or key in',
  404: 'has nothing under /customers',
  429: 'wants no more requests',
};

/** A good create in front of everything. Where it meets no target that can be verified the reason, else the id of its customer. */
async function sendControl(channel: Channel): Promise<{ readonly blockedBy: string } | { readonly id: string | undefined }> {
  const parameters = Object.fromEntries(fieldsOf('control').map(({ name, value }) => [name, value]));
  try {
    const response = await create(channel, parameters, makeFresh({}), 'canonical');
    const shut = SHUT[response.status];
    return shut === undefined ? { id: idOf(response) } : { blockedBy: `the target ${shut} (${response.status})` };
  } catch (error) {
    if (error instanceof StateError || error instanceof SendingEnded) return { blockedBy: error.message };
    throw error;
  }
}

function blocked(pacts: readonly LoadedPact[], blockedBy: string, channel: Channel, started: number): Verification {
  const interactions = pacts.flatMap(({ consumer, provider, interactions: own }) =>
    own.map((interaction): VerifiedInteraction => ({ ...interaction, consumer, provider, outcome: 'blocked', mismatches: [], error: blockedBy })),
  );
  return { interactions, skipped: [], notices: [], blockedBy, requestsSent: channel.sent, idsCreated: [], durationMs: Date.now() - started };
}

/** The sibling calls that the target does not have, of those that a pact is about, asked of the control's customer. */
async function callsLacking(channel: Channel, pacts: readonly LoadedPact[], id: string | undefined): Promise<ReadonlySet<Call>> {
  const asked = new Set(pacts.map(callOf).filter((call) => call === 'read' || call === 'update'));
  const lacking = new Set<Call>();
  // Nobody can be created: the contracts themselves will say so.
  if (asked.size === 0 || id === undefined) return lacking;
  const { apiKey, merchantId } = channel.options;
  const path = `/customers/${encodeURIComponent(id)}`;
  const ask = async (draft: Pick<Draft, 'method' | 'fields'>): Promise<boolean> => {
    const { wire } = write({ ...draft, path, account: { apiKey, merchantId }, credential: 'canonical', merchant: 'canonical', contentType: FORM_TYPE });
    const { response } = await channel.send(wire);
    return response !== undefined && response.status >= 200 && response.status <= 299;
  };
  const until = Date.now() + READABLE_WITHIN_MS;
  let reads = await ask({ method: 'GET', fields: [] });
  while (!reads && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    reads = await ask({ method: 'GET', fields: [] });
  }
  if (reads) channel.awaitReadable = READABLE_WITHIN_MS;
  if (!reads) lacking.add('read');
  if (asked.has('update') && !(await ask({ method: 'POST', fields: [['first_name', 'Johnny']] }))) lacking.add('update');
  return lacking;
}

interface RawError {
  readonly interaction: string;
  readonly mismatch: {
    readonly type: string;
    readonly message?: string;
    readonly mismatches?: readonly { type: string; path?: string; key?: string; mismatch?: string; expected?: unknown; actual?: unknown }[];
  };
}

interface RawResult {
  readonly errors: readonly RawError[];
  readonly pendingErrors: readonly RawError[];
  readonly interactionResults: readonly { readonly description: string; readonly result: string }[];
  readonly notices: readonly string[];
}

const NOTHING: RawResult = { errors: [], pendingErrors: [], interactionResults: [], notices: [] };

function parseResult(json: string): RawResult {
  let raw: Partial<Record<keyof RawResult, unknown>>;
  try {
    raw = JSON.parse(json) as Partial<Record<keyof RawResult, unknown>>;
  } catch {
    throw new VerifierError(`the verifier answered something that is no JSON: ${json.slice(0, 200)}`);
  }
  const list = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : []);
  return {
    errors: list(raw.errors),
    pendingErrors: list(raw.pendingErrors),
    interactionResults: list(raw.interactionResults),
    notices: list<{ readonly text?: string } | string>(raw.notices).map((notice) => (typeof notice === 'string' ? notice : (notice.text ?? ''))),
  };
}

/** Each interaction with what the verifier and the gate know of it. */
function join(pacts: readonly LoadedPact[], { errors, pendingErrors, interactionResults }: RawResult, passages: readonly Passage[]): VerifiedInteraction[] {
  // The verifier lists what it did in the order in which it did it, as the gate does.
  const inOrder = passages.length === interactionResults.length;
  const used = new Set<number>();
  const place = (description: string): number => {
    const index = interactionResults.findIndex((result, at) => !used.has(at) && result.description === description);
    used.add(index);
    return index;
  };
  const all = [...errors, ...pendingErrors];
  return pacts.flatMap(({ consumer, provider, interactions }) =>
    interactions.map((interaction): VerifiedInteraction => {
      const at = place(interaction.description);
      const verified = interactionResults[at];
      const error = all.find((each) => isAbout(each, consumer, provider, interaction));
      const passage = inOrder && at >= 0 ? passages[at] : undefined;
      const shared = { ...interaction, consumer, provider, ...(passage === undefined ? {} : { passage }) };
      if (verified === undefined && error === undefined) return { ...shared, outcome: 'blocked', mismatches: [], error: 'it was not verified' };
      if (error === undefined && verified?.result === 'OK') return { ...shared, outcome: 'passed', mismatches: [] };
      const mismatches = (error?.mismatch.mismatches ?? []).map(mismatchOf);
      if (mismatches.length > 0) return { ...shared, outcome: 'failed', mismatches };
      if (passage?.stateError !== undefined) return { ...shared, outcome: 'blocked', mismatches, error: passage.stateError };
      const failure = passage?.result?.failure;
      // A request that was sent and not answered is the target's failure; anything else kept us from asking.
      if (failure !== undefined || passage?.result?.response?.complete === false)
        return { ...shared, outcome: 'failed', mismatches: [{ type: 'NoAnswer', text: failure?.message ?? 'the answer was not complete' }] };
      return { ...shared, outcome: 'blocked', mismatches, error: error?.mismatch.message ?? 'it could not be verified' };
    }),
  );
}

/** The verifier names an interaction by a sentence: who, given which states, and the description at its end. */
function isAbout({ interaction: sentence }: RawError, consumer: string, provider: string, { description }: PactInteraction): boolean {
  const beginning = `Verifying a pact between ${consumer} and ${provider}`;
  return (sentence === `${beginning} - ${description}` || sentence.startsWith(`${beginning} `)) && sentence.endsWith(` - ${description}`);
}

function mismatchOf(raw: NonNullable<RawError['mismatch']['mismatches']>[number]): Mismatch {
  const at = raw.path ?? raw.key;
  const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    type: raw.type,
    ...(at === undefined ? {} : { at }),
    text: raw.mismatch ?? (raw.type === 'StatusMismatch' ? `expected the status ${shown(raw.expected)}, got ${shown(raw.actual)}` : raw.type),
    ...(raw.expected === undefined ? {} : { expected: shown(raw.expected) }),
    ...(raw.actual === undefined ? {} : { actual: shown(raw.actual) }),
  };
}
