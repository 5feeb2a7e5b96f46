/** What all checks of one run share: the target, the pace, the ledger, and the one way to send a request. */
import type http from 'node:http';
import type { Body, Exchange } from '../../contracts/finding.js';
import { memberAt } from '../../contracts/json.js';
import type { Alphabet, FieldName, Rule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import type { Fresh } from '../../generators/input.js';
import { referenceId } from '../../generators/request.js';
import type { RunConfig } from './config.js';
import { fieldOf, write, type Account, type Draft, type Recipe } from './draft.js';
import { Ledger } from './ledger.js';
import { isBadOrigin, outcomeOf, parseBody, type Intent, type Observation } from './observation.js';
import { Pacing, retryDelay, SendingEnded } from './pacing.js';
import { createRedactor, type Redactor } from './redact.js';
import { createAgent, exchange, type WireResult } from './transport.js';

/** First number of the fresh references that repetitions use; the numbers below are for the first attempts. */
const REPETITIONS_FROM = 5000;
/** 429 is waited out this many times for one request while no other is let through. */
const RETRIES = 5;
const BAD_ORIGIN = 'the target does not let this address in (403 BAD_ORIGIN): ask for it to be allowed';
/** The rule that asks again, at the end, what was asked at the start. */
const LATE = 'sequence/thousandth';
/** A request that never met a server tells nothing; so many in a row, and the target is gone. */
const UNREACHABLE_IN_A_ROW = 5;
/** Of the time that is waited for an answer: one within a fifth came soon, and one past the half shows that target or machine was slow. */
const [SOON, SLOW] = [1 / 5, 1 / 2];
/** Checks of one family stop sending after so many hangs: each costs a whole timeout. */
export const HANGS_OF_A_RULE = 3;

function bodyOf(bytes: Buffer, redact: (text: string) => string): Body {
  const text = bytes.toString('utf8');
  if (!text.includes('\u0000') && Buffer.from(text, 'utf8').equals(bytes)) return { encoding: 'utf-8', text: redact(text) };
  // Bytes that are no text are kept exactly, unless a key is in them.
  const latin1 = bytes.toString('latin1');
  const redacted = redact(latin1);
  return { encoding: 'base64', text: (redacted === latin1 ? bytes : Buffer.from(redacted, 'latin1')).toString('base64') };
}

/** A request as it went out, and what came of it. */
interface Transfer {
  readonly position: number;
  readonly written: ReturnType<typeof write>;
  readonly result: WireResult;
}

export class Context {
  readonly config: RunConfig;
  readonly pacing: Pacing;
  readonly ledger: Ledger;
  readonly redactor: Redactor;
  readonly runToken: string;
  readonly account: Account;
  readonly url: string;
  /** Accepted references, in the order of their acceptance. */
  readonly created: string[] = [];
  /** Creates with one bad field and a good reference that have gone out, by the field and whether it was absent. */
  readonly #badCreates = new Map<string, Promise<Observation | undefined>>();
  /** Fields of which the target accepted a bad value. */
  readonly acceptedBad = new Set<FieldName>();
  /** Connections that carry one request each. */
  readonly singleUse: http.Agent;
  #agent: http.Agent;
  readonly #order: ReadonlyMap<string, number>;
  readonly #repetitions = new Map<string, number>();
  readonly #sentFor = new Map<string, { requests: number; durationMs: number; hangs: number }>();
  #unreachable = 0;
  /** Requests that were not asked to wait. */
  #letThrough = 0;
  /** How many had been let through when a request ran out of waits: the others need not wait as long to see it, until one is let through. */
  #gaveUpAt: number | undefined;
  /** When each request that was answered had been sent, in milliseconds since 1970, and how long its answer took. */
  readonly #answered: { readonly sentAt: number; readonly durationMs: number }[] = [];
  /** Requests that confirming and shrinking may use: what the checks have not been promised. */
  #spare = Number.POSITIVE_INFINITY;
  throttled = false;
  /** The place in the run of the first request that broke a rule, by rule. */
  readonly firstBreaches = new Map<string, number>();
  /** How long customers took at most until they could be read, in milliseconds. */
  readableAfterMs = 0;
  /** Set by the run: whether customers can be read. */
  reads: { available(): Promise<boolean> } = { available: () => Promise.resolve(false) };

  /** False: exchanges are kept and counted, and judged by no rule. */
  readonly #isJudged: boolean;

  constructor(config: RunConfig, maxRequests: number, runToken: string, { isJudged = true }: { readonly isJudged?: boolean } = {}) {
    this.config = config;
    this.#isJudged = isJudged;
    this.runToken = runToken;
    this.url = config.target.url.replace(/\/+$/, '');
    this.account = { merchantId: config.target.merchantId, apiKey: config.target.apiKey };
    this.pacing = new Pacing({
      concurrency: config.concurrency,
      ...(config.ratePerSecond === undefined ? {} : { ratePerSecond: config.ratePerSecond }),
      ...(config.signal === undefined ? {} : { signal: config.signal }),
      maxRequests,
    });
    const keys = [config.target.apiKey, ...(config.target.secondMerchant === undefined ? [] : [config.target.secondMerchant.apiKey])];
    this.redactor = createRedactor(keys, VOCABULARY);
    this.#order = new Map(RULES.map((rule, index) => [rule.id, index]));
    this.ledger = new Ledger(RULES, this.#order, this.redactor.secrets, runToken, (ruleId, position) => this.noteBreach(ruleId, position));
    this.#agent = createAgent(this.url, config.concurrency);
    this.singleUse = createAgent(this.url, config.concurrency, false);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** A connection that several requests share one after the other, or that one has to itself. */
  ownConnection(keepAlive: boolean): http.Agent {
    return createAgent(this.url, 1, keepAlive);
  }

  rule(id: string): Rule | undefined {
    return RULES[this.#order.get(id) ?? -1];
  }

  /** A rule was broken by the request that went out in this place: noted before it is confirmed. */
  noteBreach(ruleId: string, position: number): void {
    this.firstBreaches.set(ruleId, Math.min(position, this.firstBreaches.get(ruleId) ?? position));
  }

  /** Requests, time and hangs of a rule so far. */
  spent(ruleId: string): { readonly requests: number; readonly durationMs: number; readonly hangs: number } {
    return this.#sentFor.get(ruleId) ?? { requests: 0, durationMs: 0, hangs: 0 };
  }

  /** Nobody was there to take the last request. */
  get unreachable(): boolean {
    return this.#unreachable > 0;
  }

  reserve(spare: number): void {
    this.#spare = spare;
  }

  /** Takes one request of the spare ones; false when there is none. */
  takeSpare(): boolean {
    if (this.#spare <= 0 || this.pacing.left <= 0) return false;
    this.#spare -= 1;
    return true;
  }

  /** An object_reference_id of the n-th request of a rule: the same in every run but for the run token. */
  reference(ruleId: string, n: number, length = 20, alphabet: Alphabet = 'word'): string {
    return referenceId({ token: this.runToken, scope: Math.max(0, this.#order.get(ruleId) ?? 255), n, length, alphabet });
  }

  /** Tells of a create with one bad field that is on its way: the first of its kind is kept for `takeRefused`. */
  noteBadCreate(field: FieldName, absent: boolean, answer: Promise<Observation | undefined>): void {
    const key = `${field}/${String(absent)}`;
    if (!this.#badCreates.has(key)) this.#badCreates.set(key, answer);
  }

  /**
   * The create that was refused for the field, where one went out; given once, since something will be sent under its reference. It
   * is waited for: which one it is must not depend on how soon it was answered.
   */
  async takeRefused(field: FieldName, absent: boolean): Promise<Observation | undefined> {
    const key = `${field}/${String(absent)}`;
    const answer = this.#badCreates.get(key);
    this.#badCreates.set(key, Promise.resolve(undefined));
    const observation = await answer;
    return observation?.outcome === 'refused' ? observation : undefined;
  }

  /** The next number for a repetition of the rule's requests. */
  repetition(ruleId: string): number {
    const next = this.#repetitions.get(ruleId) ?? REPETITIONS_FROM;
    this.#repetitions.set(ruleId, next + 1);
    return next;
  }

  #fresh(intent: Intent): Fresh {
    let first = intent.attempt === undefined;
    return (length, alphabet) => {
      const n = first ? intent.n : this.repetition(intent.ruleId);
      first = false;
      return this.reference(intent.ruleId, n, length, alphabet);
    };
  }

  #drafted(recipe: Recipe, intent: Intent): Draft {
    const draft = recipe(this.#fresh(intent));
    const reference = fieldOf(draft, 'object_reference_id');
    if (reference !== undefined) this.ledger.expect(reference);
    return draft;
  }

  /**
   * Sends a request in its turn, waits out 429, judges the answer and keeps the exchange.
   * @param again how the same is made when it is repeated; as it was made unless told
   * @throws SendingEnded when nothing may be sent any more, or the target asks to wait for too long
   */
  async send(recipe: Recipe, intent: Intent, again: Recipe = recipe): Promise<Observation> {
    const draft = this.#drafted(recipe, intent);
    let letThrough = this.#letThrough;
    for (let [attempt, waits] = [0, 0]; ; attempt += 1) {
      const soon = attempt > 0 || intent.purpose === 'step' || intent.purpose === 'confirmation';
      const transfer = await this.pacing.turn(() => this.#transfer(draft), soon);
      const observation = this.#observe(again, draft, intent, transfer);
      if (isKeptOut(observation)) throw new SendingEnded(this.pacing.ended ?? BAD_ORIGIN);
      if (observation.outcome !== 'throttled' || isBadOrigin(observation)) return observation;
      // A request can meet the limit again and again while others get through.
      if (letThrough !== this.#letThrough) [letThrough, waits] = [this.#letThrough, 0];
      if (waits === RETRIES || this.#letThrough === this.#gaveUpAt) {
        this.#gaveUpAt = this.#letThrough;
        throw new SendingEnded(`the target kept answering 429 after ${RETRIES} waits`);
      }
      this.pacing.pause(retryDelay(headerOf(observation, 'retry-after'), waits, headerOf(observation, 'date')));
      waits += 1;
    }
  }

  /**
   * Sends several requests at the same moment; fewer where the concurrency is smaller. Where all of them are asked to wait nothing has
   * happened yet, and they go out together once more.
   */
  async sendTogether(requests: readonly { readonly recipe: Recipe; readonly intent: Intent; readonly again?: Recipe }[]): Promise<Observation[]> {
    const drafted = requests.map(({ recipe, intent, again = recipe }) => ({ intent, again, draft: this.#drafted(recipe, intent) }));
    for (let waits = 0; ; waits += 1) {
      const answers = await this.pacing.together(
        drafted.map(
          ({ intent, again, draft }) =>
            async () =>
              this.#observe(again, draft, intent, await this.#transfer(draft)),
        ),
      );
      const [first] = answers;
      const isHeldUp = answers.every((answer) => answer.outcome === 'throttled' && !isBadOrigin(answer));
      if (first === undefined || !isHeldUp || waits === RETRIES) return answers;
      this.pacing.pause(retryDelay(headerOf(first, 'retry-after'), waits, headerOf(first, 'date')));
    }
  }

  /**
   * A server may close an idle connection at any time (RFC 9112, section 9.5), and a request that meets the closing is lost
   * without anybody's fault. So the first one that is lost on a used connection is sent again on a fresh one, and from then
   * on every request gets a connection of its own: what is still dropped is dropped by the target.
   */
  async #transfer(draft: Draft): Promise<Transfer> {
    const position = this.pacing.sent;
    const written = write(draft);
    const send = (agent: http.Agent): Promise<WireResult> => exchange(this.url, { ...written.wire, agent }, agent, this.config.timeoutMs);
    const result = await send(draft.agent ?? this.#agent);
    if (result.failure?.kind !== 'dropped' || result.response !== undefined || !result.reusedConnection) return { position, written, result };
    this.#agent = this.singleUse;
    return { position, written, result: await send(this.singleUse) };
  }

  #observe(recipe: Recipe, draft: Draft, intent: Intent, { position, written, result }: Transfer): Observation {
    const { response, failure } = result;
    const reference = fieldOf(draft, 'object_reference_id');
    let shown: Exchange | undefined;
    const json = parseBody(response);
    const observation: Observation = {
      intent,
      position,
      recipe,
      draft,
      reference,
      outcome: outcomeOf(response, failure, json),
      ...(response === undefined ? {} : { response }),
      ...(failure === undefined ? {} : { failure }),
      json,
      ...(failure?.kind === 'timeout' ? { meanwhile: this.#answeredSoonSince(result.startedAt.getTime()) } : {}),
      exchange: () => (shown ??= this.#show(observation, written, result)),
    };
    this.#account(observation, result);
    if (this.#isJudged) this.ledger.record(observation);
    this.config.onExchange?.(observation.exchange());
    // An odd request can be a create too; under which reference, the answer says.
    const created =
      intent.create === true ? reference : intent.purpose === 'robustness' && draft.method === 'POST' ? memberAt(json.value, 'object_reference_id') : undefined;
    if (observation.outcome === 'accepted' && typeof created === 'string') this.created.push(created);
    if (observation.outcome === 'accepted' && intent.offence === 'invalid' && intent.ruleId !== LATE)
      intent.atFault?.forEach((field) => this.acceptedBad.add(field));
    return observation;
  }

  /** How many requests were sent, and answered soon, since then; none where anything was slow at the time. */
  #answeredSoonSince(start: number): number {
    const { timeoutMs } = this.config;
    const since = this.#answered.filter(({ sentAt, durationMs }) => sentAt + durationMs >= start);
    if (since.some(({ durationMs }) => durationMs > timeoutMs * SLOW)) return 0;
    return since.filter(({ sentAt, durationMs }) => sentAt >= start && durationMs <= timeoutMs * SOON).length;
  }

  #account(observation: Observation, result: WireResult): void {
    const { ruleId } = observation.intent;
    const spent = this.#sentFor.get(ruleId) ?? { requests: 0, durationMs: 0, hangs: 0 };
    this.#sentFor.set(ruleId, {
      requests: spent.requests + 1,
      durationMs: spent.durationMs + result.durationMs,
      hangs: spent.hangs + (result.failure?.kind === 'timeout' ? 1 : 0),
    });
    if (observation.outcome === 'throttled' && !isBadOrigin(observation)) {
      this.throttled = true;
      this.pacing.giveBack();
    } else this.#letThrough += 1;
    if (result.failure === undefined) this.#answered.push({ sentAt: result.startedAt.getTime(), durationMs: result.durationMs });
    this.#unreachable = result.failure?.kind === 'unreachable' ? this.#unreachable + 1 : 0;
    if (this.#unreachable >= UNREACHABLE_IN_A_ROW) this.pacing.end(`the target cannot be reached any more (${result.failure?.message ?? ''})`);
    if (isKeptOut(observation)) this.pacing.end(BAD_ORIGIN);
  }

  #show({ intent, draft }: Observation, written: ReturnType<typeof write>, result: WireResult): Exchange {
    const redact = this.redactor.text;
    const { response, failure } = result;
    return {
      id: `${intent.ruleId}#${intent.n}${intent.attempt === undefined ? '' : `.${intent.attempt}`}`,
      ruleId: intent.ruleId,
      n: intent.n,
      purpose: intent.purpose,
      note: intent.note,
      request: {
        method: draft.method,
        path: draft.path,
        headers: written.shownHeaders.map(([name, value]) => [name, name === 'Authorization' ? value : redact(value)]),
        body: bodyOf(written.wire.body ?? Buffer.alloc(0), redact),
      },
      ...(response === undefined
        ? {}
        : {
            response: {
              status: response.status,
              headers: response.headers.map(([name, value]) => [redact(name), redact(value)]),
              body: bodyOf(response.body, redact),
              complete: response.complete,
            },
          }),
      ...(failure === undefined ? {} : { failure: { kind: failure.kind, message: redact(failure.message) } }),
      startedAt: result.startedAt.toISOString(),
      durationMs: Math.round(result.durationMs * 10) / 10,
    };
  }
}

export function headerOf(observation: Observation, name: string): string | undefined {
  return observation.response?.headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** The address is not let in; what is said of an address that an odd header names is about that header. */
function isKeptOut(observation: Observation): boolean {
  return isBadOrigin(observation) && observation.intent.purpose !== 'robustness';
}

/** Words that responses hold anyway: a key that is one of them cannot be looked for. */
const VOCABULARY: readonly string[] = [
  ...RULES.map((rule) => rule.id),
  'application/json; charset=utf-8 keep-alive content-length content-type connection',
  'error_message error_code error_info user_message developer_message category client_auth_token_expiry date_created last_updated customer',
  'Invalid request params. Please verify your input. Invalid Request INVALID_INPUT USER_ERROR invalid_request_error nullable missing_authentication access_denied',
];
