/** Sends what searches ask: each probe as a safe request with one part replaced, in the pace of a run, and says what came. */
import type { Got } from '../../contracts/atlas.js';
import { memberAt } from '../../contracts/json.js';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { referenceId } from '../../generators/request.js';
import type { Context } from '../kit/context.js';
import type { Controls } from '../kit/controls.js';
import { withField, type Draft } from '../kit/draft.js';
import type { Intent, Observation } from '../kit/observation.js';
import { SendingEnded } from '../kit/pacing.js';
import { Refusals } from './refusals.js';
import type { Answer, Probe } from './search.js';

/** References of the atlas: a scope for the first attempts of each field and one for its repetitions; rules have the lower ones. */
const FIRST_SCOPE = 230;
const REPEATED_SCOPE = 240;
/** Numbers that a scope has. */
const NUMBERS = 10_000;
/** What gets no answer is sent so many times in all: one lost connection tells nothing of a character. */
const TRIES = 4;
/** Silence costs a whole timeout, so it is believed sooner. */
const TRIES_IN_SILENCE = 2;
/** A field of which so many requests were met with silence is left alone. */
const MOST_SILENCES = 8;

const NOT_ASKED: Answer = { got: 'not looked at', sent: null, requests: 0 };

export class Questioner {
  readonly refusals = new Refusals();
  readonly #context: Context;
  readonly #controls: Controls;
  readonly #maxRequests: number;
  readonly #abandoned: Promise<void>;
  readonly #asked = new Map<FieldName, number>();
  readonly #repeated = new Map<FieldName, number>();
  readonly #silences = new Map<FieldName, number>();
  #ended: string | undefined;

  constructor(context: Context, controls: Controls, maxRequests: number, abandon: AbortSignal | undefined) {
    this.#context = context;
    this.#controls = controls;
    this.#maxRequests = maxRequests;
    this.#abandoned = new Promise((resolve) => {
      if (abandon?.aborted === true) resolve();
      else abandon?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Why something was not looked at. */
  get ended(): string | undefined {
    return this.#ended;
  }

  requestsOf(field: FieldName): number {
    return this.#context.spent(`atlas/${field}`).requests;
  }

  /** Sends the probes at the pace of the run, as many as the budget has room for: the first of them. */
  async ask(probes: readonly Probe[]): Promise<readonly Answer[]> {
    const room = this.#maxRequests - this.#context.pacing.sent;
    if (probes.length > room) this.#ended ??= `the budget of ${this.#maxRequests} requests is spent`;
    // Numbers are given before anything is sent, so that they do not depend on which answer comes first.
    const numbered = probes.map((probe, index) => ({ probe, n: index < room ? this.#number(probe.field, this.#asked) : NUMBERS }));
    return Promise.all(numbered.map(({ probe, n }) => (n >= NUMBERS ? Promise.resolve(NOT_ASKED) : this.#answer(probe, n))));
  }

  #number(field: FieldName, counts: Map<FieldName, number>): number {
    const n = counts.get(field) ?? 0;
    counts.set(field, n + 1);
    return n;
  }

  async #answer(probe: Probe, n: number): Promise<Answer> {
    let requests = 0;
    for (let attempt = 0; ; attempt += 1) {
      if ((this.#silences.get(probe.field) ?? 0) >= MOST_SILENCES) {
        this.#ended ??= `${probe.field} was met with silence ${MOST_SILENCES} times, and then left alone`;
        return { ...NOT_ASKED, requests };
      }
      const observation = await this.#send(probe, n, attempt);
      if (observation === undefined) return { ...NOT_ASKED, requests };
      requests += 1;
      const got = gotOf(observation, probe.field);
      if (got === 'silent') this.#silences.set(probe.field, (this.#silences.get(probe.field) ?? 0) + 1);
      const tries = Math.min(probe.tries ?? TRIES, got === 'silent' ? TRIES_IN_SILENCE : TRIES);
      const isAnswer = got === 'accepted' || got === 'changed' || got === 'refused' || got === 'other';
      if (!isAnswer && requests < tries) continue;
      return this.#answerOf(probe, observation, got, requests);
    }
  }

  #answerOf(probe: Probe, observation: Observation, got: Got, requests: number): Answer {
    const { json, response, draft } = observation;
    const isTaken = got === 'refused' && (response?.status === 409 || memberAt(json.value, 'error_code') === 'unique');
    if (got === 'refused' && !isTaken) this.refusals.add({ kind: probe.about, field: probe.field }, observation);
    const member = memberAt(json.value, probe.field);
    const isOption = probe.field === 'options.get_client_auth_token';
    return {
      got,
      sent: draft.fields.find(([name]) => name === probe.field)?.[1] ?? null,
      ...(response === undefined ? {} : { status: response.status }),
      ...(isOption ? { token: memberAt(json.value, 'juspay.client_auth_token') !== undefined } : {}),
      ...(isOption || member === undefined ? {} : { member }),
      ...(isTaken ? { taken: true } : {}),
      requests,
    };
  }

  /** One request; undefined where nothing may be sent any more, or the answer is not waited for. */
  async #send(probe: Probe, n: number, attempt: number): Promise<Observation | undefined> {
    const { field, note } = probe;
    const number = attempt === 0 ? n : this.#number(field, this.#repeated);
    const scope = (attempt === 0 ? FIRST_SCOPE : REPEATED_SCOPE) + FIELDS.indexOf(field);
    const unique = (length: number): string => referenceId({ token: this.#context.runToken, scope, n: number, length });
    const recipe = (): Draft => {
      const safe = this.#controls.draft(0, unique(20));
      return withField(safe, field, probe.value(unique));
    };
    return this.#sent(recipe, { ruleId: `atlas/${field}`, n, ...(attempt === 0 ? {} : { attempt }), purpose: 'open', note, create: true });
  }

  async #sent(recipe: () => Draft, intent: Intent): Promise<Observation | undefined> {
    try {
      return await Promise.race([this.#context.send(recipe, intent), this.#abandoned.then(() => undefined)]);
    } catch (error) {
      if (!(error instanceof SendingEnded)) throw error;
      this.#ended ??= error.message;
      return undefined;
    }
  }

  /** Creates a customer and sends its reference again. */
  async duplicate(): Promise<void> {
    const reference = referenceId({ token: this.#context.runToken, scope: REPEATED_SCOPE + FIELDS.length, n: 0, length: 20 });
    const recipe = (): Draft => this.#controls.draft(0, reference);
    const intent = (n: number, note: string): Intent => ({ ruleId: 'atlas/duplicate', n, purpose: 'step', note, create: true });
    const first = await this.#sent(recipe, intent(0, 'a customer'));
    if (first?.outcome !== 'accepted') return;
    const second = await this.#sent(recipe, intent(1, 'its reference again'));
    if (second?.outcome === 'refused') this.refusals.add({ kind: 'duplicate', field: 'object_reference_id' }, second);
  }

  /** One request with another key, the last of all: a target may lock a merchant out for several. */
  async wrongKey(): Promise<void> {
    const reference = referenceId({ token: this.#context.runToken, scope: REPEATED_SCOPE + FIELDS.length, n: 1, length: 20 });
    const recipe = (): Draft => ({ ...this.#controls.draft(0, reference), credential: 'other-key' });
    const refused = await this.#sent(recipe, { ruleId: 'atlas/credential', n: 0, purpose: 'violating', note: 'another key', create: true });
    if (refused?.outcome === 'refused') this.refusals.add({ kind: 'credential' }, refused);
  }
}

function gotOf({ outcome, response, failure, draft, json }: Observation, field: FieldName): Got {
  switch (outcome) {
    case 'accepted': {
      if (field === 'options.get_client_auth_token') return 'accepted';
      const sent = draft.fields.find(([name]) => name === field)?.[1];
      return sent === undefined || memberAt(json.value, field) === sent ? 'accepted' : 'changed';
    }
    case 'refused':
      return 'refused';
    case 'broken':
      return response !== undefined ? 'error' : failure?.kind === 'timeout' ? 'silent' : 'dropped';
    case 'throttled':
    case 'other':
      return 'other';
  }
}
