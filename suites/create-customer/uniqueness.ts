/** Procedures about references: unique, and what is left open about them. */
import { memberAt } from '../../contracts/json.js';
import type { FieldName, Spelling } from '../../contracts/model.js';
import { spell } from '../../generators/wire.js';
import type { Draft } from '../kit/draft.js';
import type { Observation } from '../kit/observation.js';
import type { OpenProcedure, Procedure } from '../kit/sequence-check.js';
import { blocked, HOLDS, notAccepted, ownValues, type RoundResult, type Steps } from '../kit/steps.js';

const DUPLICATE = { good: false, offence: 'duplicate', atFault: ['object_reference_id'] } as const;

/** A second create with a reference that is taken; `own` may show in the answer. */
export async function duplicate(
  steps: Steps,
  reference: string,
  first: Observation,
  base: number,
  note: string,
  draft: Partial<Draft> = {},
): Promise<Observation> {
  return steps.create(reference, note, { base, draft, more: { ...DUPLICATE, own: [reference, ...ownValues(first).filter((value) => value === reference)] } });
}

/** The customer came back under the reference: how the body was read is beyond doubt. */
const isUnder = ({ json }: Observation, reference: string): boolean => memberAt(json.value, 'object_reference_id') === reference;

function acceptedTwice(second: Observation, reference: string): RoundResult {
  return {
    outcome: 'broken',
    witnessed: isUnder(second, reference),
    observation: second,
    expected: 'a refusal, since the reference is taken',
    reason: 'a second create with the same object_reference_id was accepted',
  };
}

/** References of several forms and lengths, all of them safe or documented as typical. */
const FORMS: readonly ((steps: Steps) => string)[] = [
  (steps) => `${steps.reference(14).toUpperCase()}@example.com`,
  (steps) => steps.reference(8),
  (steps) => steps.reference(20),
  (steps) => steps.reference(128),
  (steps) => steps.reference(20).toUpperCase(),
  (steps) => steps.reference(14, 'digits'),
  (steps) => `cust_${steps.reference(12, 'digits')}`,
  (steps) => steps.reference(12),
];

/** Optional fields that are left out of the first two creates: an index may leave out customers without one of them. */
const LEFT_OUT: readonly (readonly FieldName[])[] = [
  ['options.get_client_auth_token', 'mobile_country_code', 'first_name', 'last_name', 'email_address'],
  [],
  ['last_name'],
  ['email_address'],
  ['first_name'],
  ['mobile_country_code'],
  [],
];
/** Spellings in which the third create is sent. */
const SPELLINGS: readonly Spelling[] = ['needless-escape', 'hex-case', 'escaped-key', 'field-order'];

export const unique: Procedure = {
  rounds: { smoke: 2, standard: 12, deep: 120 },
  cost: 3,
  rank: 0.1,
  foremost: true,
  async run(steps) {
    const reference = FORMS[steps.round % FORMS.length]?.(steps) ?? steps.reference();
    const base = await steps.base();
    const left = LEFT_OUT[steps.round % LEFT_OUT.length] ?? [];
    const fieldsOf = (index: number, out: readonly FieldName[]): Partial<Draft> => ({
      fields: steps.controls.draft(index, reference).fields.filter(([name]) => !out.includes(name as FieldName)),
    });
    // A target may require an e-mail address, or any other of them.
    let out = left;
    let first = await steps.create(reference, 'the first create', { base, draft: fieldsOf(base, out) });
    for (const fewer of [left.filter((field) => field !== 'email_address'), []]) {
      if (first.outcome !== 'refused' || fewer.length === out.length) continue;
      out = fewer;
      first = await steps.create(reference, 'the first create, with more fields', { base, draft: fieldsOf(base, out) });
    }
    if (first.outcome !== 'accepted') return notAccepted(first, 'the first create');
    // What is remembered for a second only shows when one has gone by.
    if (steps.round === 3) await new Promise((resolve) => setTimeout(resolve, 1200));
    // The very same request in even rounds, one that shares the reference alone in odd ones.
    const other = steps.round % 2 === 0 ? base : await steps.base(1);
    const second = await duplicate(
      steps,
      reference,
      first,
      other,
      steps.round % 2 === 0 ? 'the same request again' : 'another customer under the same reference',
      fieldsOf(other, out),
    );
    if (second.outcome === 'accepted') return acceptedTwice(second, reference);
    if (second.outcome !== 'refused') return blocked('the second create got no usable answer');
    const spelling = SPELLINGS[steps.round % SPELLINGS.length] ?? 'needless-escape';
    const last = await steps.base(2);
    const third = await duplicate(steps, reference, first, last, `a third create under the same reference, in the spelling ${spelling}`, {
      body: spell(spelling, steps.controls.draft(last, reference).fields),
      readingOpen: true,
    });
    // A spelling that is misread gives another reference, and is for the rules about spellings.
    return third.outcome === 'accepted' && isUnder(third, reference) ? acceptedTwice(third, reference) : HOLDS;
  },
};

export const uniquePerMerchant: Procedure = {
  rounds: { smoke: 1, standard: 3, deep: 12 },
  cost: 3,
  rank: 2,
  secondMerchant: true,
  async run(steps) {
    const reference = steps.reference();
    const first = await steps.create(reference, 'the first merchant creates it');
    if (first.outcome !== 'accepted') return notAccepted(first, 'the first create');
    const account = steps.context.config.target.secondMerchant;
    const alone = await steps.create(steps.reference(), 'the second merchant creates a customer of its own', { ...(account && { account }) });
    if (alone.outcome !== 'accepted') return blocked("the second merchant's credentials are not accepted");
    const second = await steps.create(reference, 'the second merchant creates it', { ...(account && { account }), more: { good: false } });
    if (second.outcome === 'accepted') return HOLDS;
    if (second.outcome !== 'refused') return blocked("the second merchant's create got no usable answer");
    return {
      outcome: 'broken',
      observation: second,
      expected: '200: the reference is free for this merchant',
      reason: "the reference of another merchant's customer was refused",
    };
  },
};

/** Two references that may or may not be one: whether the second is accepted beside the first. */
function oneOrTwo(name: string, first: (reference: string) => string, second: (reference: string) => string): OpenProcedure {
  return {
    rounds: { smoke: 1, standard: 2, deep: 4 },
    cost: 3,
    async run(steps) {
      const reference = steps.reference();
      const alone = await steps.create(second(steps.reference()), `${name}, alone`, { more: { good: false } });
      if (alone.outcome === 'broken') return 'no usable answer';
      if (alone.outcome === 'refused') return { name, reading: 'not accepted', observation: alone };
      const created = await steps.create(first(reference), 'the first', { more: { good: false } });
      if (created.outcome === 'broken') return 'no usable answer';
      if (created.outcome !== 'accepted') return { name, reading: 'not accepted', observation: created };
      const next = await steps.create(second(reference), name, { more: { good: false, own: [reference, first(reference), second(reference)] } });
      if (next.outcome === 'broken') return 'no usable answer';
      return { name, reading: next.outcome === 'accepted' ? 'two customers' : 'one customer', observation: next };
    },
  };
}

export const letterCase = oneOrTwo(
  'upper case beside lower case',
  (reference) => reference,
  (reference) => reference.toUpperCase(),
);
export const edgeBlanks = oneOrTwo(
  'a blank in front beside none',
  (reference) => reference,
  (reference) => ` ${reference}`,
);
export const normalForm = oneOrTwo(
  'U+0065 U+0301 beside U+00E9',
  (reference) => `${reference}\u00e9`,
  (reference) => `${reference}e\u0301`,
);

export const otherMerchantHeader: OpenProcedure = {
  rounds: { smoke: 1, standard: 2, deep: 4 },
  cost: 2,
  async run(steps) {
    const reference = steps.reference();
    const name = "another merchant's id";
    const other = await steps.create(reference, name, { draft: { merchant: 'other' }, more: { good: false } });
    if (other.outcome === 'refused') return { name, reading: 'refused', observation: other };
    if (other.outcome !== 'accepted') return 'no usable answer';
    const own = await steps.create(reference, 'the same reference under the real merchant', { more: { good: false } });
    if (own.outcome === 'broken') return 'no usable answer';
    return { name, reading: own.outcome === 'accepted' ? 'separate' : 'ignored', observation: own };
  },
};
