/** One round of a check over several requests: sends its steps, and keeps what led up to a failure. */
import { isJsonObject, memberAt, type JsonObject } from '../../contracts/json.js';
import { ECHOED_FIELDS, type Alphabet, type FieldName, type Offence } from '../../contracts/model.js';
import type { Context } from './context.js';
import type { Controls } from './controls.js';
import { fieldOf, withField, type Account, type Draft, type Recipe } from './draft.js';
import type { Intent, Observation } from './observation.js';

/** What one round came to. */
export type RoundResult =
  | { readonly outcome: 'holds' }
  | {
      readonly outcome: 'broken';
      readonly observation: Observation;
      readonly expected: string;
      readonly reason: string;
      readonly got?: string;
      /** The exchanges show it by themselves, also where it cannot be brought about again. */ readonly witnessed?: boolean;
    }
  /** The target cannot do what the rule is about. */
  | { readonly outcome: 'skipped'; readonly reason: string }
  | { readonly outcome: 'blocked'; readonly reason: string };

/** Members of a customer that every edition documents, but for what comes with a token. */
export const CUSTOMER_MEMBERS = ['id', 'object', ...ECHOED_FIELDS, 'date_created', 'last_updated'] as const;

/** A round may take so many references; rounds do not share any. */
export const REFERENCES_OF_A_ROUND = 40;

/** When a customer that is not found is looked for again, in milliseconds: one may take 2 s to be readable. */
const READ_AGAIN_AT = [150, 500, 1100, 2200];

export class Steps {
  readonly context: Context;
  readonly controls: Controls;
  readonly round: number;
  /** Number of the repetition; undefined the first time. */
  readonly attempt: number | undefined;
  readonly observations: Observation[] = [];
  readonly #ruleId: string;
  readonly #repeating: boolean;
  #references = 0;

  constructor(context: Context, controls: Controls, ruleId: string, round: number, repeating: boolean, attempt = 0) {
    this.context = context;
    this.controls = controls;
    this.#ruleId = ruleId;
    this.round = round;
    this.#repeating = repeating;
    this.attempt = repeating ? attempt : undefined;
  }

  /** A reference that nothing else in the run has. */
  reference(length = 20, alphabet: Alphabet = 'word'): string {
    const n = this.#repeating ? this.context.repetition(this.#ruleId) : this.round * REFERENCES_OF_A_ROUND + this.#references;
    this.#references += 1;
    return this.context.reference(this.#ruleId, n, length, alphabet);
  }

  /** Number of a safe request that the target accepts: the `step`-th of this round. */
  base(step = 0): Promise<number> {
    return this.controls.indexFor(this.round + step);
  }

  #intent(note: string, more: Partial<Intent>): Intent {
    const n = this.round * REFERENCES_OF_A_ROUND + this.observations.length;
    if (!this.#repeating) return { ruleId: this.#ruleId, n, purpose: 'step', note, ...more };
    return { ruleId: this.#ruleId, n, attempt: this.context.repetition(`${this.#ruleId} repetitions`), purpose: 'confirmation', note, ...more };
  }

  async send(draft: Draft, note: string, more: Partial<Intent> = {}): Promise<Observation> {
    const observation = await this.context.send(() => draft, this.#intent(note, more), repeated(draft, more));
    this.observations.push(observation);
    return observation;
  }

  async sendTogether(requests: readonly { readonly draft: Draft; readonly note: string; readonly more?: Partial<Intent> }[]): Promise<Observation[]> {
    const sent = await this.context.sendTogether(
      requests.map(({ draft, note, more = {} }, index) => ({
        recipe: () => draft,
        again: repeated(draft, more),
        intent: { ...this.#intent(note, more), n: this.round * REFERENCES_OF_A_ROUND + this.observations.length + index },
      })),
    );
    this.observations.push(...sent);
    return sent;
  }

  /** A create with safe values. */
  async create(
    reference: string,
    note: string,
    options: { readonly base?: number; readonly draft?: Partial<Draft>; readonly account?: Account; readonly more?: Partial<Intent> } = {},
  ): Promise<Observation> {
    const safe = this.controls.draft(options.base ?? (await this.base()), reference, options.account);
    return this.send({ ...safe, ...options.draft }, note, { create: true, good: true, ...options.more });
  }

  /**
   * A create of another rule that was refused for the field, absent or with a bad value, with a good reference that nothing was
   * sent under since; undefined where there is none, and in repetitions, which are to be complete by themselves.
   */
  async refusedBefore(field: FieldName, absent: boolean): Promise<(Observation & { readonly reference: string }) | undefined> {
    const found = this.#repeating ? undefined : await this.context.takeRefused(field, absent);
    if (found?.reference === undefined) return undefined;
    this.observations.push(found);
    return { ...found, reference: found.reference };
  }

  /** A create with one field that is bad. */
  async badCreate(reference: string, field: FieldName, value: string | null, note: string, more: Partial<Intent> = {}): Promise<Observation> {
    const offence: Offence = value === null || value === '' ? 'missing' : 'invalid';
    const safe = this.controls.draft(await this.base(), reference);
    return this.send(withField(safe, field, value), note, { create: true, offence, atFault: [field], ...more });
  }

  /** Reads a customer; looks again for up to 2 s when it is not found, where the target is known to have reads. */
  async read(
    created: Observation,
    note: string,
    options: { readonly draft?: Partial<Draft>; readonly patient?: boolean; readonly account?: Account } = {},
  ): Promise<Observation> {
    const id = idOf(created) ?? '';
    const get = (): Promise<Observation> => this.readPath(`/customers/${encodeURIComponent(id)}`, note, created, options);
    return options.patient === false ? get() : this.patiently(get);
  }

  /** Reads again for up to 2 s while what is read is not found. */
  async patiently(read: () => Promise<Observation>): Promise<Observation> {
    const start = performance.now();
    let answer = await read();
    for (const moment of READ_AGAIN_AT) {
      if (answer.outcome !== 'refused') break;
      // Where others took their time, this one does too: asking before is a request for nothing.
      if (moment < this.context.readableAfterMs) continue;
      await new Promise((resolve) => setTimeout(resolve, moment - (performance.now() - start)));
      answer = await read();
      if (answer.outcome === 'accepted') this.context.readableAfterMs = Math.max(this.context.readableAfterMs, moment);
    }
    return answer;
  }

  readPath(
    path: string,
    note: string,
    created: Observation,
    options: { readonly draft?: Partial<Draft>; readonly account?: Account; readonly more?: Partial<Intent> } = {},
  ): Promise<Observation> {
    const safe = this.controls.draft(0, 'unused', options.account);
    return this.send({ ...safe, method: 'GET', path, fields: [], contentType: null, readingOpen: true, ...options.draft }, note, {
      family: 'paths',
      own: ownValues(created),
      ...options.more,
    });
  }
}

/** Words of a reference this long are unique in it: what is shorter is the same in all of its form. */
const UNIQUE_WORD = 6;

/** The same create with a reference of its own, of the same form; what is to be a duplicate, or is no create, stays as it is. */
function repeated(draft: Draft, { create, offence }: Partial<Intent>): Recipe {
  const reference = fieldOf(draft, 'object_reference_id');
  const [word] = (reference?.match(/[A-Za-z0-9]+/g) ?? []).sort((a, b) => b.length - a.length);
  if (create !== true || offence === 'duplicate' || draft.body !== undefined || reference === undefined || word === undefined || word.length < UNIQUE_WORD)
    return () => draft;
  return (fresh) => {
    const unique = fresh(word.length, /^\d+$/.test(word) ? 'digits' : 'word');
    return withField(draft, 'object_reference_id', reference.replace(word, /[a-z]/.test(word) ? unique : unique.toUpperCase()));
  };
}

export function idOf(created: Observation): string | undefined {
  const id = memberAt(created.json.value, 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** What is a customer's own: every value that its create sent or got. */
export function ownValues(created: Observation): readonly string[] {
  const value = created.json.value;
  const got = isJsonObject(value) ? Object.values(value).filter((each) => typeof each === 'string') : [];
  return [...created.draft.fields.map(([, sent]) => sent), ...got];
}

/** The first documented member in which two views of one customer differ; undefined when they agree. */
export function difference(before: JsonObject, after: JsonObject, members: readonly string[] = CUSTOMER_MEMBERS): string | undefined {
  return members.find((member) => Object.hasOwn(before, member) && JSON.stringify(before[member]) !== JSON.stringify(after[member]));
}

export const HOLDS: RoundResult = { outcome: 'holds' };
export const blocked = (reason: string): RoundResult => ({ outcome: 'blocked', reason });
export const skipped = (reason: string): RoundResult => ({ outcome: 'skipped', reason });

/** A step that has to be accepted for the round to mean anything. */
export function notAccepted(observation: Observation, what: string): RoundResult {
  return blocked(`${what} was not accepted (status ${observation.response?.status ?? 'none'})`);
}
