/** A run whose target is a function: what is sent is told, what comes back is made up, and nothing goes over a wire. */
import type { Exchange } from '../../contracts/finding.js';
import { BUDGETS, type RunConfig } from './config.js';
import { Context } from './context.js';
import { FORM_TYPE, type Draft, type Recipe } from './draft.js';
import type { Intent, Observation } from './observation.js';
import { FIELDS, observed, type Given } from './observed.spec-help.js';
import { SendingEnded } from './pacing.js';
import { configOf } from './target.spec-help.js';

export interface Sent {
  readonly draft: Draft;
  readonly intent: Intent;
}

/** What comes back; `ended` where nothing may be sent any more. */
export type Script = (sent: Sent, number: number) => Given | 'ended';

const exchangeOf = ({ intent, draft, response, failure }: Observation): Exchange => ({
  id: `${intent.ruleId}#${intent.n}${intent.attempt === undefined ? '' : `.${intent.attempt}`}`,
  ruleId: intent.ruleId,
  n: intent.n,
  purpose: intent.purpose,
  note: intent.note,
  request: {
    method: draft.method,
    path: draft.path,
    headers: [],
    body: { encoding: 'utf-8', text: new URLSearchParams(draft.fields as [string, string][]).toString() },
  },
  ...(response === undefined
    ? {}
    : {
        response: { status: response.status, headers: [], body: { encoding: 'utf-8' as const, text: response.body.toString() }, complete: response.complete },
      }),
  ...(failure === undefined ? {} : { failure }),
  startedAt: '2026-11-22T10:00:00.000Z',
  durationMs: 1,
});

export class ScriptedContext extends Context {
  /** What went out, in its order. */
  readonly sent: Sent[] = [];
  /** How many went out at the same moment, each time. */
  readonly together: number[] = [];
  readonly #script: Script;

  constructor(script: Script, config: Partial<RunConfig> = {}) {
    super(configOf('http://127.0.0.1:9', config), BUDGETS.smoke, 'rtest');
    this.#script = script;
  }

  override send(recipe: Recipe, intent: Intent, again: Recipe = recipe): Promise<Observation> {
    const draft = recipe((length, alphabet) => this.reference(intent.ruleId, this.repetition(intent.ruleId), length, alphabet));
    this.sent.push({ draft, intent });
    const position = this.sent.length;
    const given = this.#script({ draft, intent }, position);
    return given === 'ended'
      ? Promise.reject(new SendingEnded('the budget is spent'))
      : Promise.resolve({ ...exchanged(draft, intent, given, again), position });
  }

  override sendTogether(requests: Parameters<Context['sendTogether']>[0]): Promise<Observation[]> {
    const batch = requests.slice(0, this.config.concurrency);
    this.together.push(batch.length);
    return Promise.all(batch.map(({ recipe, intent, again }) => this.send(recipe, intent, again)));
  }
}

/** An exchange as if it had been sent. */
export function exchanged(draft: Draft, intent: Intent, given: Given = {}, recipe: Recipe = () => draft): Observation {
  const reference = draft.fields.find(([name]) => name === 'object_reference_id')?.[1];
  const made = observed({ draft, intent, ...(reference === undefined ? {} : { reference }), ...given });
  const observation: Observation = { ...made, intent, draft, recipe, reference, exchange: () => exchangeOf(observation) };
  return observation;
}

/** A good create, with some fields of its own; `null` leaves one out. */
export function create(reference: string, fields: Readonly<Record<string, string | null>> = {}): Draft {
  const all: Readonly<Record<string, string | null>> = { object_reference_id: reference, ...FIELDS, ...fields };
  return {
    method: 'POST',
    path: '/customers',
    fields: Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
    account: { merchantId: 'merchant', apiKey: 'a_key_of_the_specs' },
    credential: 'canonical',
    merchant: 'canonical',
    contentType: FORM_TYPE,
  };
}
