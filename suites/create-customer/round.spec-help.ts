/** Rounds of procedures against a target that keeps its customers in memory, right but for what a spec changes about it. */
import { expect } from 'chai';
import type { FieldName } from '../../contracts/model.js';
import { ECHOED_FIELDS } from '../../contracts/model.js';
import { MERCHANT } from '../../contracts/reference/server.js';
import type { BudgetName } from '../kit/config.js';
import { Controls } from '../kit/controls.js';
import { FORM_TYPE, type Account, type Draft } from '../kit/draft.js';
import { judgeFieldValue, type Observation } from '../kit/observation.js';
import type { Given } from '../kit/observed.spec-help.js';
import { ScriptedContext, type Sent } from '../kit/scripted.spec-help.js';
import type { OpenProcedure, Procedure } from '../kit/sequence-check.js';
import { Steps, type RoundResult } from '../kit/steps.js';

const RULE = 'object_reference_id/unique';
export const SECOND: Account = { merchantId: 'second_merchant', apiKey: 'a_second_key_of_the_specs' };

const refusal = (status: number, text: string): Given => ({ status, text: JSON.stringify({ status: 'error', error_code: text, error_message: text }) });
export const INVALID = refusal(400, 'Invalid request params');
export const DUPLICATE = refusal(400, 'Customer already exists');
export const DENIED = refusal(401, 'access_denied');
export const UNKNOWN = refusal(404, 'not_found');
export const NO_ANSWER: Given = { status: 503, text: '' };

export type Customer = Record<string, unknown> & { readonly id: string };
interface Kept {
  readonly customer: Customer;
  readonly merchantId: string;
}

/** What a target does otherwise than a right one. */
export interface Way {
  /** What is answered in the place of the right answer; undefined leaves it. */
  readonly instead?: (sent: Sent, target: Target) => Given | 'ended' | undefined;
  /** Whether two references are one. */
  readonly isSame?: (one: string, other: string) => boolean;
  readonly isBad?: (draft: Draft) => boolean;
}

/** A form's fields as the URL Standard reads them. */
export const fieldsOf = ({ fields, body }: Draft): (readonly [string, string])[] =>
  body === undefined ? [...fields] : [...new URLSearchParams(body.toString('latin1'))];

export const valueOf = (draft: Draft, name: FieldName): string | undefined => fieldsOf(draft).find(([each]) => each === name)?.[1];

const MANDATORY: readonly FieldName[] = ['object_reference_id', 'mobile_number'];

export function isBad(draft: Draft): boolean {
  const fields = fieldsOf(draft);
  return (
    draft.contentType !== FORM_TYPE ||
    MANDATORY.some((name) => !fields.some(([each, value]) => each === name && value !== '')) ||
    fields.some(([name, value]) => judgeFieldValue(name as FieldName, value) === 'violating')
  );
}

export const isCreate = ({ draft }: Sent): boolean => draft.method === 'POST' && draft.path === '/customers';
export const isUpdate = ({ draft }: Sent): boolean => draft.method === 'POST' && draft.path !== '/customers';
export const isRead = ({ draft }: Sent): boolean => draft.method === 'GET';
export const hasKey = ({ draft }: Sent): boolean => [MERCHANT.apiKey, SECOND.apiKey].includes(draft.account.apiKey) && draft.credential === 'canonical';

export class Target {
  readonly kept: Kept[] = [];
  readonly #way: Way;

  constructor(way: Way = {}) {
    this.#way = way;
  }

  answer(sent: Sent): Given | 'ended' {
    return this.#way.instead?.(sent, this) ?? this.right(sent);
  }

  right(sent: Sent): Given {
    if (!hasKey(sent)) return DENIED;
    if (isCreate(sent)) return this.create(sent.draft);
    const customer = this.found(sent.draft);
    if (customer === undefined) return UNKNOWN;
    if (isUpdate(sent)) this.change(customer, fieldsOf(sent.draft));
    return sent.draft.method === 'HEAD' ? { text: '' } : shown(customer);
  }

  create(draft: Draft): Given {
    if ((this.#way.isBad ?? isBad)(draft)) return INVALID;
    return this.taken(draft) === undefined ? shown(this.store(draft)) : DUPLICATE;
  }

  /** The customer that has the reference already. */
  taken({ account, ...draft }: Draft): Customer | undefined {
    const reference = valueOf({ account, ...draft }, 'object_reference_id') ?? '';
    const isSame = this.#way.isSame ?? ((one, other) => one === other);
    return this.kept.find(({ merchantId, customer }) => merchantId === ownerOf(account) && isSame(String(customer['object_reference_id']), reference))
      ?.customer;
  }

  store(draft: Draft): Customer {
    const now = new Date(Date.UTC(2026, 10, 22) + performance.now()).toISOString();
    const echoed = ECHOED_FIELDS.map((field) => [field, valueOf(draft, field) ?? null] as const);
    const customer: Customer = { id: `cst_${this.kept.length + 1}`, object: 'customer', ...Object.fromEntries(echoed), date_created: now, last_updated: now };
    this.kept.push({ customer, merchantId: ownerOf(draft.account) });
    return customer;
  }

  change(customer: Customer, fields: readonly (readonly [string, string])[]): void {
    Object.assign(customer, Object.fromEntries(fields), { last_updated: new Date(Date.UTC(2026, 10, 22) + performance.now()).toISOString() });
  }

  /** The customer of whoever has the key, by the id in the path. */
  found({ path, account }: Draft, isFor = (merchantId: string): boolean => merchantId === ownerOf(account)): Customer | undefined {
    const id = decodeURIComponent(path.replace(/^\/customers\//, '').replace(/\?.*/, ''));
    return this.kept.find(({ customer, merchantId }) => customer.id === id && isFor(merchantId))?.customer;
  }
}

/** Whose the key is: the header need not name its owner. */
const ownerOf = ({ apiKey }: Account): string => (apiKey === SECOND.apiKey ? SECOND.merchantId : MERCHANT.merchantId);

export function shown(customer: Customer, members: Readonly<Record<string, unknown>> = {}): Given {
  return { text: JSON.stringify({ ...customer, ...members }) };
}

/** The n-th time that a request of some kind comes in: counted anew for each target. */
export function nth(isCounted: (sent: Sent) => boolean): (sent: Sent) => number {
  let count = 0;
  return (sent) => (isCounted(sent) ? (count += 1) : 0);
}

/** Only the requests of the round itself: those that open the run are answered rightly. */
export const inRound = ({ intent }: Sent): boolean => intent.ruleId === RULE;

/** The n-th request of the round is answered so. */
export function answering(answers: Readonly<Record<number, Given | 'ended' | undefined>>): Way {
  const come = nth(inRound);
  return { instead: (sent) => answers[come(sent)] };
}

export interface Options {
  readonly round?: number;
  readonly budget?: BudgetName;
  readonly concurrency?: number;
  readonly secondMerchant?: boolean;
  /** Number of the repetition, where it is one. */
  readonly attempt?: number;
  /** What is done behind the opening of the run. */
  readonly before?: (context: ScriptedContext, controls: Controls, target: Target) => void | Promise<void>;
}

export interface Played<Result = RoundResult> {
  readonly result: Result;
  /** What the round sent, in its order. */
  readonly sent: readonly Sent[];
  /** The same as `note: status`. */
  readonly told: readonly string[];
  readonly observations: readonly Observation[];
  readonly context: ScriptedContext;
  readonly target: Target;
  /** How long was waited each time, in milliseconds. */
  readonly waits: readonly number[];
}

const REAL = { setTimeout: globalThis.setTimeout, now: performance.now };

/** Waits that take no time: the clock is put forward instead. */
async function withoutWaiting<T>(run: (waits: number[]) => Promise<T>): Promise<T> {
  if (globalThis.setTimeout !== REAL.setTimeout) expect.fail('rounds share the clock: play one after the other');
  const waits: number[] = [];
  let now = 0;
  globalThis.setTimeout = ((callback: () => void, ms = 0) => {
    waits.push(ms);
    now += Math.max(0, ms);
    return setImmediate(callback);
  }) as unknown as typeof setTimeout;
  performance.now = () => now;
  try {
    return await run(waits);
  } finally {
    globalThis.setTimeout = REAL.setTimeout;
    performance.now = REAL.now;
  }
}

/** Plays one round of a procedure in a run that was opened. */
export function played(procedure: Pick<Procedure, 'run'>, way?: Way, options?: Options): Promise<Played>;
export function played(procedure: Pick<OpenProcedure, 'run'>, way?: Way, options?: Options): Promise<Played<Awaited<ReturnType<OpenProcedure['run']>>>>;
export function played(
  procedure: Pick<Procedure | OpenProcedure, 'run'>,
  way: Way = {},
  { round = 0, budget = 'smoke', concurrency = 16, secondMerchant = true, attempt, before }: Options = {},
): Promise<Played<unknown>> {
  return withoutWaiting(async (waits) => {
    const target = new Target(way);
    const context = new ScriptedContext((sent) => target.answer(sent), { budget, concurrency });
    if (secondMerchant) Object.assign(context.config.target, { secondMerchant: SECOND });
    const controls = new Controls(context);
    expect(await controls.open(), 'why the run does not open').to.equal(undefined);
    await before?.(context, controls, target);
    const steps = new Steps(context, controls, RULE, round, attempt !== undefined, attempt);
    const result = await procedure.run(steps);
    const sent = context.sent.filter(inRound);
    const told = steps.observations.map(({ intent, response }) => `${intent.note}: ${response?.status ?? 'none'}`);
    return { result, sent, told, observations: steps.observations, context, target, waits };
  });
}

export type Broken = RoundResult & { readonly outcome: 'broken' };

/** The breach that a round came to, and its exchange as `note: status`. */
export function breachOf({ result }: Pick<Played, 'result'>): Broken & { readonly at: string } {
  if (result.outcome !== 'broken') expect.fail(`the round is not broken, but ${JSON.stringify(result)}`);
  const { intent, response } = result.observation;
  return { ...result, at: `${intent.note}: ${response?.status ?? 'none'}` };
}

/** Requests that a round takes. */
export const costOf = ({ cost }: Pick<Procedure, 'cost'>, budget: BudgetName = 'smoke'): number => (typeof cost === 'number' ? cost : cost[budget]);
