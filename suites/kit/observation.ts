/** One exchange with all that is known of it: what was meant, what was sent, what came back, and what it counts as. */
import type { Exchange } from '../../contracts/finding.js';
import { memberAt, parseJson, type ParsedJson } from '../../contracts/json.js';
import { judgeField } from '../../contracts/judge.js';
import type { JudgedResponse, SentValue } from '../../contracts/judge-response.js';
import { FIELDS, type FieldName, type InputRule, type Judgement, type Occasion, type Offence, type RobustnessFamily } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import type { Draft, Recipe } from './draft.js';
import type { WireFailure, WireResponse } from './transport.js';

/** Controls below this number are published samples, those from it on safe requests with values of the run's own. */
export const SAFE_FROM = 20;

export type Purpose = 'control' | 'conforming' | 'violating' | 'open' | 'step' | 'robustness' | 'confirmation' | 'shrink';

/** What the request is about; decides which rules its response is judged by. */
export interface Intent {
  readonly ruleId: string;
  /** The n-th request of its rule; with `attempt` the k-th repetition of it. */
  readonly n: number;
  readonly attempt?: number;
  readonly purpose: Purpose;
  /** What is special about it, in words. */
  readonly note: string;
  /** Good in every part that no reading leaves open: a 5xx is a matter of reliability. */
  readonly good?: boolean;
  /** Which robustness rule a 5xx, silence or dropped connection breaks, where the request is not a good one. */
  readonly family?: RobustnessFamily;
  /** What a refusal of it is for. */
  readonly offence?: Offence;
  readonly atFault?: readonly FieldName[];
  /** The call is a create; reads and updates are judged by their own sequences. */
  readonly create?: boolean;
  /** The open question that it asks, and the case of it. */
  readonly question?: { readonly ruleId: string; readonly case: string };
  /** References, ids and addresses that the response may show beside those that were sent. */
  readonly own?: readonly string[];
  /** What of the input can be made smaller. */
  readonly shrinkable?: { readonly input: InputArbitrary; readonly shape: Shape; readonly recipe: (shape: Shape) => Recipe };
  /** Does the same again, with fresh references, where the request alone would not (a duplicate needs its first). */
  readonly again?: (attempt: number) => Promise<Observation | undefined>;
}

/** `throttled` is any answer that nothing is learnt from: 429, or an address that is not let in. `other` is a redirect, or an answer to a question that was not asked. */
export type Outcome = 'accepted' | 'refused' | 'throttled' | 'broken' | 'other';

export interface Observation {
  readonly intent: Intent;
  /** So many requests of the run had gone out with it. */
  readonly position: number;
  readonly recipe: Recipe;
  readonly draft: Draft;
  readonly reference: string | undefined;
  readonly outcome: Outcome;
  readonly response?: WireResponse;
  readonly failure?: WireFailure;
  readonly json: ParsedJson;
  /** Of a request that timed out: how many others were sent, and answered soon, while it waited; 0 where some were slow. */
  readonly meanwhile?: number;
  /** Redacted; made when somebody looks at it. */
  readonly exchange: () => Exchange;
}

export function outcomeOf(response: WireResponse | undefined, failure: WireFailure | undefined, json: ParsedJson): Outcome {
  // An answer whose body never ended has a status all the same: what is wrong with its body is for other rules.
  if (response === undefined) return 'broken';
  if (response.status >= 500) return 'broken';
  if (response.status === 429 || isBadOrigin({ response, json })) return 'throttled';
  if (response.status >= 400) return 'refused';
  if (response.status >= 200 && response.status < 300) return 'accepted';
  return failure === undefined ? 'other' : 'broken';
}

/** 403 with the code for addresses that are not let in ([sea]). */
export function isBadOrigin({ response, json }: { readonly response?: WireResponse; readonly json: ParsedJson }): boolean {
  return response?.status === 403 && memberAt(json.value, 'error_info.code') === 'BAD_ORIGIN';
}

/** Silence, a dropped connection, or an answer that is not HTTP; what breaks off within a body counts too. */
export function isBroken(observation: Observation): boolean {
  return observation.outcome === 'broken' || observation.failure !== undefined;
}

const NO_BODY = new Uint8Array();
const NO_JSON: ParsedJson = { text: '', error: 'there is no response', repeated: [] };
export const parseBody = (response: WireResponse | undefined): ParsedJson => (response === undefined ? NO_JSON : parseJson(response.body));

const FIELD_RULES = new Map<FieldName, readonly InputRule[]>(
  FIELDS.map((field) => [
    field,
    RULES.filter((rule): rule is InputRule => rule.kind === 'input' && 'field' in rule.constraint && rule.constraint.field === field),
  ]),
);

/** By all must and should rules of the field: whether a value of it is good. */
export function judgeFieldValue(field: FieldName, value: string): Judgement {
  return judgeField(field, value, FIELD_RULES.get(field) ?? []);
}

const SPELLINGS_OF_TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1']);

function tokenAsked(value: string | undefined): JudgedResponse['tokenAsked'] {
  if (value === 'true') return 'yes';
  // The document leaves open whether another spelling of true counts; nothing else can be taken for it.
  return value !== undefined && SPELLINGS_OF_TRUE.has(value.trim().toLowerCase()) ? 'open' : 'no';
}

const isField = (name: string): name is FieldName => (FIELDS as readonly string[]).includes(name);

/** The observation as the predicates of responses see it. */
export function judged(observation: Observation, secrets: readonly string[]): JudgedResponse {
  const { draft, response, json, intent } = observation;
  const sent: Partial<Record<FieldName, SentValue>> = {};
  const repeated: { field: FieldName; values: readonly string[] }[] = [];
  for (const [name, value] of draft.fields) {
    if (!isField(name)) continue;
    if (sent[name] !== undefined) repeated.push({ field: name, values: new URLSearchParams(draft.body?.toString('latin1') ?? '').getAll(name) });
    sent[name] = { value, judgement: judgeFieldValue(name, value) };
  }
  const open = draft.readingOpen === true || repeated.length > 0;
  return {
    status: response?.status ?? 0,
    headers: response?.headers ?? [],
    body: response?.body ?? NO_BODY,
    complete: response?.complete ?? false,
    json,
    sent: open ? undefined : sent,
    repeated,
    judgeField: judgeFieldValue,
    tokenAsked: open ? 'open' : tokenAsked(sent['options.get_client_auth_token']?.value),
    atFault: intent.atFault ?? [],
    secrets,
  };
}

/** What kind of response it is; rules about responses apply by it. */
export function occasionOf(observation: Observation): Exclude<Occasion, 'any' | 'missing-or-invalid' | 'refused'> | 'other' {
  const { intent, outcome, draft } = observation;
  if (outcome === 'accepted' && intent.create === true) {
    // How a body under another type is read is open, so only whether it was accepted is judged.
    if (draft.readingOpen === true && intent.question?.ruleId === 'content-type/json') return 'other';
    return draft.fields.some(([name, value]) => name === 'options.get_client_auth_token' && value === 'true') && draft.readingOpen !== true
      ? 'created-with-token'
      : 'created';
  }
  if (outcome !== 'refused' || intent.offence === undefined) return 'other';
  // 404 is also how a server without the siblings answers; their sequences say when it stands for an unknown customer.
  if (intent.offence === 'unknown-customer') return observation.response?.status === 404 ? 'unknown-customer' : 'other';
  return intent.offence;
}
