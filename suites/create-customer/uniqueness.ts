/** Procedures about references: unique, distinct, raced for. */
import { memberAt } from '../../contracts/json.js';
import { ECHOED_FIELDS, type FieldName, type Spelling } from '../../contracts/model.js';
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
    return {
      outcome: 'broken',
      observation: second,
      expected: '200: the reference is free for this merchant',
      reason: "the reference of another merchant's customer was refused",
    };
  },
};

/** Lengths of what two references share; all of them are good, and the longest of letters and digits alone is a safe one. */
const LONGEST_SHARED = 39;
const SHARED = [19, 8, 64, 12, 100, 16, 31, LONGEST_SHARED, 24, 10];

function otherCharacter(character: string | undefined): string {
  return character === 'q' ? 'k' : 'q';
}

function neighboursOf(reference: string, shared: number): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [`${reference.slice(0, -1)}${otherCharacter(reference.at(-1))}`, `it differs in the last character, ${shared} are the same`],
    [`${otherCharacter(reference[0])}${reference.slice(1)}`, 'it differs in the first character'],
    ...(reference.length < 40 ? [[`${reference}z`, 'it has one character more'] as const] : []),
  ];
}

/** The longest reference that is good, of which the parts that a target may leave out of a comparison are there together. */
const MIXED_PART = 113;
const mixed = (steps: Steps): string => `a.${steps.reference(MIXED_PART)}1@example.com`;

/** The last two neighbours of the local part that differ, swapped. */
function swappedAtEnd(reference: string): string {
  return reference.replace(/([a-z0-9])(?!\1)([a-z0-9])(?=[a-z0-9]*@)/, '$2$1');
}

function neighboursOfMixed(reference: string): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [reference.replace(/m$/, 'n'), 'it differs in the last character, 127 are the same'],
    [reference.replace('1@', '2@'), 'it differs in the digit before the @'],
    [reference.replace('@e', '@o'), 'it differs behind the @'],
    // Each of the two may be the pattern of a comparison with wildcards: the dot came second before, and comes first here.
    [reference.replace('.', '_'), 'it has an underscore for a dot'],
    [reference.replace('.', 'x'), 'it has a letter for a dot, and behind an underscore'],
    [reference.replace(/^a/, 'q'), 'it differs in the first character'],
    [swappedAtEnd(reference), 'it has two characters swapped'],
    [reference.slice(0, -1), 'it is the other without its last character'],
  ];
}

const DIGITS_PART = 14;
/** As a number it has more digits than a double keeps, and zeros in front that none has. */
const digits = (steps: Steps): string => `00${steps.reference(DIGITS_PART, 'digits')}991`;

function neighboursOfDigits(reference: string): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [reference.replace(/1$/, '2'), 'it differs in the last of 19 digits'],
    [reference.slice(1), 'it has one zero less in front'],
  ];
}

/** Pairs that a target takes for one when it compares something other than the characters. */
interface SpecialPair {
  readonly first: (steps: Steps) => string;
  readonly second: (reference: string) => string;
  readonly note: string;
}
const SPECIAL_PAIRS: readonly [SpecialPair, ...SpecialPair[]] = [
  {
    first: (steps) => `${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('@example.com', '@example.org'),
    note: 'it differs behind the @',
  },
  { first: (steps) => `${steps.reference(25)}1`, second: (reference) => `${reference.slice(0, -1)}2`, note: 'it differs in a final digit' },
  { first: (steps) => `000${steps.reference(12, 'digits')}`, second: (reference) => reference.slice(1), note: 'it has one zero less in front' },
  { first: (steps) => `9${steps.reference(17, 'digits')}1`, second: (reference) => `${reference.slice(0, -1)}2`, note: 'it differs in the last of 19 digits' },
  { first: (steps) => `a_${steps.reference(14)}`, second: (reference) => reference.replace('_', 'x'), note: 'it has a letter for an underscore' },
  { first: (steps) => `ax${steps.reference(14)}`, second: (reference) => reference.replace('x', '_'), note: 'it has an underscore for a letter' },
  { first: (steps) => `a%${steps.reference(14)}@example.com`, second: (reference) => reference.replace('%', 'xyz'), note: 'it has letters for a percent sign' },
  {
    first: (steps) => `axyz${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('xyz', '%'),
    note: 'it has a percent sign for letters',
  },
  { first: (steps) => `${steps.reference(14)}@example.com`, second: (reference) => reference.replace('@', '+tag@'), note: 'it has a tag before the @' },
  { first: (steps) => `${steps.reference(14)}+tag@example.com`, second: (reference) => reference.replace('+tag', ''), note: 'it has no tag before the @' },
  {
    first: (steps) => `a.b.${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('a.b.', 'ab.'),
    note: 'it has one dot less before the @',
  },
  { first: (steps) => steps.reference(24), second: (reference) => reference.slice(0, 12), note: 'it is the beginning of the other' },
  { first: (steps) => steps.reference(24), second: (reference) => reference.slice(-12), note: 'it is the end of the other' },
  { first: (steps) => steps.reference(28), second: (reference) => reference.slice(6, 22), note: 'it is the middle of the other' },
  { first: (steps) => steps.reference(14), second: (reference) => `z${reference}z`, note: 'the other is in its middle' },
];

interface Pairs {
  readonly reference: string;
  readonly neighbours: readonly (readonly [neighbour: string, note: string])[];
}

/** Several differences at once first, then one kind after the other. */
function pairsOf(steps: Steps): Pairs {
  const { round } = steps;
  if (round === 0) {
    const reference = mixed(steps);
    return { reference, neighbours: neighboursOfMixed(reference) };
  }
  if (round === 1) {
    const reference = digits(steps);
    return { reference, neighbours: neighboursOfDigits(reference) };
  }
  const shared = SHARED[(round - 2) % (SHARED.length + SPECIAL_PAIRS.length)];
  if (shared !== undefined) {
    const reference = steps.reference(shared + 1);
    return { reference, neighbours: neighboursOf(reference, shared) };
  }
  const special = SPECIAL_PAIRS[(round - 2 - SHARED.length) % SPECIAL_PAIRS.length] ?? SPECIAL_PAIRS[0];
  const reference = special.first(steps);
  return { reference, neighbours: [[special.second(reference), special.note]] };
}

/** A reference of the same length, with the same characters beside letters and digits in the same places. */
function likeness(reference: string, fresh: string): string {
  let next = 0;
  const kept = reference.replace(/(?:@.*|\+tag)$/, '');
  return `${kept.replace(/[a-z0-9]/gi, (character) => (/[0-9]/.test(character) && /^[0-9]+$/.test(reference) ? String((Number(character) + (next += 1)) % 10) : (fresh[(next += 1) % fresh.length] ?? 'q')))}${reference.slice(kept.length)}`;
}

export const distinctReferences: Procedure = {
  rounds: { smoke: 2, standard: 2 + SHARED.length + SPECIAL_PAIRS.length, deep: 112 },
  cost: { smoke: 9, standard: 4, deep: 4 },
  rank: 0.3,
  pace: 0.4,
  async run(steps) {
    let { reference, neighbours } = pairsOf(steps);
    const base = await steps.base();
    let first = await steps.create(reference, 'a reference', { base });
    if (first.outcome === 'refused') {
      // A target need not take every character that is in it; letters and digits it does.
      reference = steps.reference(LONGEST_SHARED + 1);
      neighbours = neighboursOf(reference, LONGEST_SHARED);
      first = await steps.create(reference, 'a reference of letters and digits', { base });
    }
    if (first.outcome !== 'accepted') return notAccepted(first, 'the first create');
    for (const [neighbour, note] of neighbours) {
      // Everything but the reference is the same: only the reference makes a customer another.
      const next = await steps.create(neighbour, note, { base, more: { own: [reference, ...neighbours.map(([each]) => each)] } });
      if (next.outcome === 'refused') {
        // Its characters may be what is refused: then one like it is refused as well where nothing is near it.
        const fresh = steps.reference();
        const alone = await steps.create(likeness(neighbour, fresh), 'one of the same form, with nothing near it', { base });
        if (alone.outcome !== 'accepted') continue;
        return {
          outcome: 'broken',
          observation: next,
          expected: `200: ${JSON.stringify(neighbour)} is another customer than ${JSON.stringify(reference)}`,
          reason: `a free reference was refused: ${note}`,
        };
      }
      if (next.outcome !== 'accepted') return blocked('a create got no usable answer');
    }
    return HOLDS;
  },
};

/** Creates that go out at the same moment: as many as the pace allows, fewer where every request counts. */
function simultaneous({ context }: Steps): number {
  return Math.min(context.config.budget === 'smoke' ? 4 : 8, context.pacing.concurrency);
}

export const race: Procedure = {
  rounds: { smoke: 2, standard: 8, deep: 64 },
  cost: { smoke: 4, standard: 8, deep: 8 },
  rank: 1.5,
  pace: 3,
  proven: true,
  async run(steps) {
    const count = simultaneous(steps);
    if (count < 2) return { outcome: 'skipped', reason: 'creates cannot be simultaneous with a concurrency of 1' };
    const reference = steps.reference();
    const bases = await Promise.all(Array.from({ length: count }, (_, index) => steps.base(index)));
    const answers = await steps.sendTogether(
      bases.map((base) => ({
        draft: steps.controls.draft(base, reference),
        note: `one of ${count} creates at the same moment`,
        more: { create: true, good: true, own: [reference] },
      })),
    );
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted');
    const second = accepted[1];
    if (second !== undefined) {
      return {
        outcome: 'broken',
        observation: second,
        expected: `one accepted create of ${count} at the same moment with one reference`,
        got: `${accepted.length} were accepted`,
        reason: 'a race for one object_reference_id was won more than once',
      };
    }
    const none = answers[0];
    if (accepted.length === 0 && none !== undefined && answers.every(({ outcome }) => outcome === 'refused')) {
      return {
        outcome: 'broken',
        observation: none,
        expected: 'one accepted create',
        got: 'all were refused',
        reason: 'a race for a free object_reference_id was won by nobody',
      };
    }
    return accepted.length === 1 ? HOLDS : blocked('too many of the creates got no usable answer');
  },
};

export const ownRequest: Procedure = {
  rounds: { smoke: 1, standard: 6, deep: 40 },
  cost: { smoke: 4, standard: 8, deep: 8 },
  rank: 1.2,
  pace: 3,
  proven: true,
  async run(steps) {
    const count = simultaneous(steps);
    if (count < 2) return { outcome: 'skipped', reason: 'creates cannot be simultaneous with a concurrency of 1' };
    const bases = await Promise.all(Array.from({ length: count }, (_, index) => steps.base(index)));
    const answers = await steps.sendTogether(
      bases.map((base) => ({
        draft: steps.controls.draft(base, steps.reference()),
        note: `one of ${count} creates of different customers at the same moment`,
        more: { create: true, good: true },
      })),
    );
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted');
    for (const answer of accepted) {
      // Country codes are so few that any may be another's.
      for (const field of ECHOED_FIELDS.filter((each) => each !== 'mobile_country_code')) {
        const sent = answer.draft.fields.find(([name]) => name === field)?.[1];
        const got = memberAt(answer.json.value, field);
        const whose = answers.find(
          (other) => other !== answer && other.draft.fields.some(([name, value]) => name === field && value === got && value !== sent),
        );
        if (whose !== undefined && typeof got === 'string') {
          return {
            outcome: 'broken',
            observation: answer,
            expected: `${field} = ${JSON.stringify(sent)}`,
            got: `${field} = ${JSON.stringify(got)}, which another request sent`,
            reason: 'a response has a value of another request',
          };
        }
      }
    }
    const refused = answers.find(({ outcome }) => outcome === 'refused');
    if (refused !== undefined && accepted.length > 0) {
      return {
        outcome: 'broken',
        observation: refused,
        expected: '200: each of them is a customer of its own',
        reason: 'a good request was refused among simultaneous ones',
      };
    }
    return accepted.length > 0 ? HOLDS : blocked('none of the creates was accepted');
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
    return { name, reading: own.outcome === 'accepted' ? 'separate' : 'ignored', observation: own };
  },
};
