/** Safe requests: the ones that open a run, and the good neighbours of every bad request. */
import { memberAt } from '../../contracts/json.js';
import { ECHOED_FIELDS, FIELDS, type FieldName } from '../../contracts/model.js';
import type { Fresh, InputArbitrary, Shape } from '../../generators/input.js';
import { safeValues } from '../../generators/request.js';
import type { Candidate } from './check.js';
import type { Context } from './context.js';
import { fieldOf, FORM_TYPE, withField, withInput, type Account, type Draft, type Recipe } from './draft.js';
import { gotOf } from './findings.js';
import { SAFE_FROM, type Observation } from './observation.js';

/** Safe requests whose values differ in everything; a mix-up between two customers shows. */
const BASES: Readonly<Record<string, number>> = { smoke: 4, standard: 12, deep: 24 };

/** A length within the safe 12 to 40. */
export const REFERENCE_LENGTH = 20;

const FULL = new Set<FieldName>(FIELDS);

/** A request as published samples have it. */
interface Sample {
  readonly fields: ReadonlySet<FieldName>;
  readonly values: Readonly<Record<Exclude<FieldName, 'object_reference_id'>, string>>;
}

/**
 * The forms and values of published samples: everything, everything but the option, and little but an e-mail address.
 * They differ in every value, so that a target that is wrong about one of them is still let into the run.
 */
const SAMPLES: readonly Sample[] = [
  {
    fields: FULL,
    values: {
      mobile_number: '99887766',
      email_address: 'customer@example.com',
      first_name: 'John',
      last_name: 'Smith',
      mobile_country_code: '65',
      'options.get_client_auth_token': 'true',
    },
  },
  {
    fields: new Set(FIELDS.filter((field) => field !== 'options.get_client_auth_token')),
    values: {
      mobile_number: '9988776655',
      email_address: 'maria.silva@example.org',
      first_name: 'Maria',
      last_name: 'Silva',
      mobile_country_code: '91',
      'options.get_client_auth_token': 'false',
    },
  },
  {
    fields: new Set<FieldName>(['object_reference_id', 'mobile_number', 'email_address', 'mobile_country_code']),
    values: {
      mobile_number: '987654321',
      email_address: 'user@example.net',
      first_name: 'Joao',
      last_name: 'Souza',
      mobile_country_code: '55',
      'options.get_client_auth_token': 'false',
    },
  },
];

/** Whether a member of a customer is as it is where nothing was sent for it. */
export function isUnset(member: unknown): boolean {
  return member === undefined || member === null || member === '';
}

/** The rule that says of good values of a field that they are accepted. */
export function ruleOfGoodField(field: FieldName, value: string | undefined): string {
  switch (field) {
    case 'object_reference_id':
    case 'mobile_number':
      return `${field}/length`;
    case 'mobile_country_code':
      return `${field}/values`;
    case 'options.get_client_auth_token':
      return value === 'true' ? `${field}/true` : `${field}/false`;
    default:
      return `${field}/charset`;
  }
}

/** Numbers of requests, and so of references: safe requests, parts of samples, parts of safe requests. No two share one. */
const [RESTORED_FROM, ALONE_FROM] = [60, 100] as const;

export class Controls {
  readonly #context: Context;
  readonly #sent = new Map<number, Promise<Observation | undefined>>();
  readonly #evidence = new Map<string, Candidate[]>();
  #usable: ReadonlySet<FieldName> = FULL;
  #sample: Sample = SAMPLES[0] as Sample;
  #echoed: ReadonlySet<FieldName> = new Set();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Fields that came back of the sample that opened the run. */
  get echoed(): ReadonlySet<FieldName> {
    return this.#echoed;
  }

  /** Failures that came up outside of the rule's own requests. */
  evidence(ruleId: string): readonly Candidate[] {
    return this.#evidence.get(ruleId) ?? [];
  }

  /** Puts a failure down to a rule that did not send it. */
  report(ruleId: string, candidate: Candidate): void {
    this.#context.noteBreach(ruleId, candidate.observation.position);
    const known = this.#evidence.get(ruleId);
    if (known === undefined) this.#evidence.set(ruleId, [candidate]);
    else known.push(candidate);
  }

  /** How many safe requests with values of their own there are. */
  get count(): number {
    return BASES[this.#context.config.budget] ?? 4;
  }

  /** The safe request of that number: 0 is the accepted sample, the others differ from it and each other in every value. */
  draft(index: number, reference: string, account: Account = this.#context.account): Draft {
    if (index === 0) return this.#drafted(this.#sample.values, this.#usable, reference, account);
    const option = { 'options.get_client_auth_token': index % 2 === 0 ? 'true' : 'false' };
    return this.#drafted({ ...safeValues(this.#context.config.seed, index), ...option }, this.#usable, reference, account);
  }

  #drafted(values: Sample['values'], fields: ReadonlySet<FieldName>, reference: string, account: Account = this.#context.account): Draft {
    const all: Record<FieldName, string> = { object_reference_id: reference, ...values };
    return {
      method: 'POST',
      path: '/customers',
      fields: FIELDS.filter((field) => fields.has(field)).map((field) => [field, all[field]] as const),
      account,
      credential: 'canonical',
      merchant: 'canonical',
      contentType: FORM_TYPE,
    };
  }

  /** A safe request. */
  recipe(index: number): Recipe {
    return (fresh) => this.draft(index, fresh(REFERENCE_LENGTH, 'word'));
  }

  /** A safe request with one part replaced. */
  withInput(index: number, input: InputArbitrary, shape: Shape): Recipe {
    return (fresh: Fresh) => {
      const part = input.render(shape, fresh);
      // The reference under test has unique characters of its own; an id that is not sent would use up a number.
      const isReference = part.part === 'field' && part.field === 'object_reference_id';
      return withInput(this.draft(index, isReference ? 'unused' : fresh(REFERENCE_LENGTH, 'word')), part);
    };
  }

  /**
   * Sends the samples until one is accepted.
   * @returns why nothing can be judged; undefined when the run can go on
   */
  async open(): Promise<string | undefined> {
    const refused: { readonly sample: Sample; readonly observation: Observation }[] = [];
    for (const [n, sample] of SAMPLES.entries()) {
      const observation = await this.#sendGood(
        (fresh) => this.#drafted(sample.values, sample.fields, fresh(REFERENCE_LENGTH, 'word')),
        n,
        'control',
        'a published sample',
      );
      if (observation.outcome !== 'accepted') {
        refused.push({ sample, observation });
        continue;
      }
      this.#sample = sample;
      this.#usable = sample.fields;
      this.#sent.set(0, Promise.resolve(observation));
      this.#echoed = new Set(ECHOED_FIELDS.filter((field) => sample.fields.has(field) && !isUnset(memberAt(observation.json.value, field))));
      for (const [index, each] of refused.entries()) await this.#restore(each.sample, observation, RESTORED_FROM + index * 10);
      return undefined;
    }
    return reasonOf(refused.map(({ observation }) => observation));
  }

  #sendGood(recipe: Recipe, n: number, purpose: 'control' | 'conforming', note: string): Promise<Observation> {
    return this.#context.send(recipe, { ruleId: 'control', n, purpose, note, good: true, create: true });
  }

  /** Puts the parts of a refused sample into the accepted one, one at a time: what is refused then is what the target is wrong about. */
  async #restore(sample: Sample, accepted: Observation, n: number): Promise<void> {
    const usable = new Set(this.#usable);
    // What is learnt on the way does not change what a repetition sends.
    const base = new Set(this.#usable);
    const { values: safe } = this.#sample;
    for (const [index, field] of FIELDS.entries()) {
      if (field === 'object_reference_id' || !sample.fields.has(field)) continue;
      const value = sample.values[field];
      const observation = await this.#sendGood(
        (fresh) => withField(this.#drafted(safe, base, fresh(REFERENCE_LENGTH, 'word')), field, value),
        n + index,
        'conforming',
        `${field} of another published sample`,
      );
      if (observation.outcome === 'accepted') usable.add(field);
      else if (observation.outcome === 'refused') this.report(ruleOfGoodField(field, value), this.#candidate(observation, accepted.recipe, field));
    }
    // What is taken in one value is a part of every safe request.
    this.#usable = usable;
  }

  #candidate(observation: Observation, control: Recipe, field: FieldName): Candidate {
    return { half: 'conforming', observation, describe: `a safe ${field}`, expected: 'accepted', control, field };
  }

  /** The safe request number `index`, sent once in a run; undefined when it is not accepted. */
  accepted(index: number): Promise<Observation | undefined> {
    let sent = this.#sent.get(index);
    if (sent === undefined) this.#sent.set(index, (sent = this.#send(index)));
    return sent;
  }

  async #send(index: number): Promise<Observation | undefined> {
    const observation = await this.#context.send(this.recipe(index), {
      ruleId: 'control',
      n: SAFE_FROM + index,
      purpose: 'control',
      note: 'a safe request',
      good: true,
      create: true,
    });
    if (observation.outcome === 'accepted') return observation;
    if (observation.outcome !== 'refused') return undefined;
    // Which part is it? Each is put into the accepted request by itself.
    for (const field of FIELDS) {
      const value = fieldOf(observation.draft, field);
      if (field === 'object_reference_id' || value === undefined) continue;
      const alone = await this.#context.send((fresh) => withField(this.draft(0, fresh(REFERENCE_LENGTH, 'word')), field, value), {
        ruleId: 'control',
        n: ALONE_FROM + index * FIELDS.length + FIELDS.indexOf(field),
        purpose: 'conforming',
        note: `another safe ${field}`,
        good: true,
        create: true,
      });
      if (alone.outcome === 'refused') this.report(ruleOfGoodField(field, value), this.#candidate(alone, this.recipe(0), field));
    }
    return undefined;
  }

  /** The number of the safe request for the n-th input of a rule; of the one that opened the run where the target does not accept it. */
  async indexFor(n: number): Promise<number> {
    const index = n % this.count;
    return (await this.accepted(index)) === undefined ? 0 : index;
  }
}

/** Why no sample was accepted, in a sentence, with what to do about it. */
function reasonOf(refused: readonly Observation[]): string {
  const last = refused.find(({ response }) => response !== undefined) ?? refused[0];
  if (last === undefined) return 'no request was sent';
  const { failure, response } = last;
  if (response === undefined) {
    const message = failure?.message ?? '';
    if (failure?.kind === 'unreachable') return `the target cannot be reached: ${message}`;
    if (failure?.kind === 'tls') return `TLS with the target failed: ${message}`;
    return `the target gave no answer: ${message}`;
  }
  const { status } = response;
  const hint: Readonly<Record<number, string>> = {
    401: 'the API key or merchant id is not accepted',
    403: 'the API key or merchant id is not accepted',
    404: 'there is no POST /customers under this URL',
  };
  return `no published sample was accepted, so nothing can be learnt (${hint[status] ?? 'the target refuses them all'}): ${gotOf(last)}`;
}
