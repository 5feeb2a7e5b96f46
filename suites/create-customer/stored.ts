/** Procedures about what a create stores, and what a refused one must not. */
import type { Observation } from '../kit/observation.js';
import { isJsonObject } from '../../contracts/json.js';
import type { FieldName } from '../../contracts/model.js';
import type { Procedure } from '../kit/sequence-check.js';
import { withField, type Draft } from '../kit/draft.js';
import { blocked, difference, HOLDS, idOf, notAccepted, ownValues, type RoundResult, type Steps } from '../kit/steps.js';
import { duplicate } from './uniqueness.js';

/**
 * Ways to be refused that go together under one reference: whichever of them stores it, the good create behind them shows it. Those
 * that a target may accept come first, since an accepted one takes the reference, and the next begin anew.
 */
interface Kind {
  readonly what: string;
  readonly change: (draft: Draft) => Draft;
}
const bad = (field: FieldName, value: string | null): Kind => ({
  what: `${field} ${value === null ? 'missing' : `= ${JSON.stringify(value)}`}`,
  change: (draft) => withField(draft, field, value),
});
const typed = (contentType: string | null): Kind => ({
  what: contentType === null ? 'no Content-Type' : `Content-Type ${contentType}`,
  change: (draft) => ({ ...draft, contentType, readingOpen: true }),
});
const TOGETHER: readonly Kind[] = [
  bad('options.get_client_auth_token', 'maybe'),
  typed('text/plain'),
  bad('mobile_country_code', '5a'),
  bad('email_address', '.a@example.com'),
  bad('first_name', 'a b'),
  bad('mobile_number', null),
];
const FURTHER_TOGETHER: readonly Kind[] = [
  bad('first_name', ''),
  bad('last_name', ''),
  bad('email_address', ''),
  bad('mobile_country_code', ''),
  bad('options.get_client_auth_token', ''),
  bad('mobile_country_code', '+99999'),
  typed(null),
  typed('application/xml'),
  bad('mobile_number', ''),
  bad('last_name', 'a;b'),
  bad('email_address', 'a b@example.com'),
];

/** Creates that are refused in several ways under one reference, and then a good one; and which of them it is that stores, where one does. */
async function refusedTogether(steps: Steps, kinds: readonly Kind[]): Promise<RoundResult> {
  const base = await steps.base();
  const send = (reference: string, { what, change }: Kind): Promise<Observation> =>
    steps.send(change(steps.controls.draft(base, reference)), `a create with ${what}`, { create: true, family: 'values' });
  let reference = steps.reference();
  let refused: Kind[] = [];
  for (const kind of kinds) {
    const answer = await send(reference, kind);
    if (answer.outcome === 'refused') refused.push(kind);
    else {
      reference = steps.reference();
      refused = [];
    }
  }
  if (refused.length === 0) return blocked('no bad create was refused');
  const again = await steps.create(reference, 'the same reference in a good request', { base });
  if (again.outcome === 'accepted') return HOLDS;
  if (again.outcome !== 'refused') return blocked('the good request got no usable answer');
  for (const kind of refused) {
    const own = steps.reference();
    if ((await send(own, kind)).outcome !== 'refused') continue;
    const good = await steps.create(own, `the same reference in a good request, behind ${kind.what}`, { base });
    if (good.outcome !== 'refused') continue;
    const fresh = await steps.create(steps.reference(), 'another reference in the same good request', { base });
    if (fresh.outcome !== 'accepted') return notAccepted(fresh, 'a good request');
    return {
      outcome: 'broken',
      observation: good,
      expected: '200: nothing was stored under this reference',
      reason: `a create that was refused for ${kind.what} took its reference`,
    };
  }
  return blocked('the refusal of the good request did not come again');
}

/** One way to be refused for each field and kind of offence; what a target does not refuse is for the field's own rule. */
const OFFENCES: readonly (readonly [FieldName, string | null])[] = [
  ['first_name', 'a b'],
  ['mobile_number', null],
  ['email_address', 'a b@example.com'],
  ['last_name', 'a;b'],
  ['mobile_number', ''],
  ['email_address', '.a@example.com'],
  ['mobile_number', '98765x321'],
  ['first_name', 'a\n'],
  ['mobile_country_code', '5a'],
  ['last_name', '<b>'],
];

export const refusedStoresNothing: Procedure = {
  rounds: { smoke: 4, standard: OFFENCES.length, deep: OFFENCES.length * 8 },
  cost: { smoke: TOGETHER.length + 1, standard: 3, deep: 3 },
  rank: 0.6,
  pace: 1.2,
  async run(steps) {
    if (steps.round === 0) return refusedTogether(steps, TOGETHER);
    if (steps.round === 1) return refusedTogether(steps, FURTHER_TOGETHER);
    // A target that accepts the bad value of this round is asked with the next one.
    let refused: Observation | undefined;
    let field: FieldName = 'first_name';
    let reference = '';
    for (let turn = 0; turn < 4 && refused?.outcome !== 'refused'; turn += 1) {
      const [next, value] = OFFENCES[(steps.round + turn) % OFFENCES.length] ?? ['first_name', 'a b'];
      field = next;
      // A bad request that another rule sent does as well.
      const known = await steps.refusedBefore(field, value === null);
      reference = known?.reference ?? steps.reference();
      refused = known ?? (await steps.badCreate(reference, field, value, `a create with ${field} = ${JSON.stringify(value)}`));
    }
    if (refused?.outcome !== 'refused') return blocked('no bad create was refused');
    const again = await steps.create(reference, 'the same reference in a good request');
    if (again.outcome === 'accepted') return HOLDS;
    if (again.outcome !== 'refused') return blocked('the good request got no usable answer');
    const fresh = await steps.create(steps.reference(), 'another reference in the same good request');
    if (fresh.outcome !== 'accepted') return notAccepted(fresh, 'a good request');
    return {
      outcome: 'broken',
      observation: again,
      expected: '200: nothing was stored under this reference',
      reason: `a create that was refused for its ${field} took its reference`,
    };
  },
};

export const duplicateChangesNothing: Procedure = {
  rounds: { smoke: 1, standard: 4, deep: 24 },
  cost: 5,
  rank: 1,
  reads: true,
  async run(steps) {
    const reference = steps.reference();
    const base = await steps.base();
    const created = await steps.create(reference, 'the customer', { base });
    if (created.outcome !== 'accepted') return notAccepted(created, 'the first create');
    const before = await steps.read(created, 'the customer before');
    if (before.outcome !== 'accepted' || !isJsonObject(before.json.value)) return blocked('the customer could not be read');
    // Dates are often cut to seconds, so a last_updated that moves within one does not show.
    if (steps.round === 0) await new Promise((resolve) => setTimeout(resolve, 1100));
    // The duplicate leaves an optional field out, in every second round all of them: what it does not have is kept as well as what it has.
    const other = steps.controls.draft(await steps.base(1), reference);
    const isKept = (name: string): boolean =>
      steps.round % 2 === 0 ? name !== 'mobile_country_code' : ['object_reference_id', 'mobile_number', 'email_address'].includes(name);
    const kept = other.fields.filter(([name]) => isKept(name));
    const second = await steps.send({ ...other, fields: kept }, 'a duplicate with other values', {
      create: true,
      offence: 'duplicate',
      atFault: ['object_reference_id'],
    });
    if (second.outcome !== 'refused') return blocked('the duplicate was not refused');
    const after = await steps.read(created, 'the customer after');
    if (after.outcome === 'broken') return blocked('the read behind the duplicate got no usable answer');
    if (after.outcome !== 'accepted' || !isJsonObject(after.json.value)) {
      return { outcome: 'broken', observation: after, expected: 'the customer as it was', reason: 'the customer cannot be read behind a refused duplicate' };
    }
    const changed = difference(before.json.value, after.json.value);
    if (changed === undefined) return HOLDS;
    return {
      outcome: 'broken',
      observation: after,
      expected: `${changed} = ${JSON.stringify(before.json.value[changed])}, as before the duplicate`,
      got: `${changed} = ${JSON.stringify(after.json.value[changed])}`,
      reason: `a refused duplicate changed ${changed}`,
    };
  },
};

/** Shorter values occur in other text by chance. */
const TELLING_LENGTH = 5;

export const duplicateShowsNothing: Procedure = {
  rounds: { smoke: 1, standard: 4, deep: 24 },
  cost: 2,
  rank: 0.8,
  async run(steps) {
    const reference = steps.reference();
    // Values of the run's own: those of published samples may stand in any text.
    const created = await steps.create(reference, 'the customer', { base: await steps.base(1) });
    if (created.outcome !== 'accepted') return notAccepted(created, 'the first create');
    const other = steps.controls.draft(await steps.base(2), reference);
    const second = await steps.send(other, 'a duplicate with other values', {
      create: true,
      offence: 'duplicate',
      atFault: ['object_reference_id'],
      own: ownValues(created),
    });
    if (second.outcome !== 'refused' || second.response === undefined) return blocked('the duplicate was not refused');
    const sent = other.fields.map(([, value]) => value).join('\n');
    const stored = [idOf(created) ?? '', ...created.draft.fields.map(([, value]) => value)];
    const telling = stored.filter((value) => value.length >= TELLING_LENGTH && !sent.includes(value) && !/^(true|false)$/.test(value));
    const text = `${second.response.headers.map(([, value]) => value).join('\n')}\n${second.json.text}`;
    const shown = telling.find((value) => text.includes(value));
    if (shown === undefined) return HOLDS;
    return {
      outcome: 'broken',
      observation: second,
      expected: 'a refusal without values of the stored customer',
      got: `the refusal shows ${JSON.stringify(shown)}`,
      reason: 'a refused duplicate shows the stored customer',
    };
  },
};

/** What was answered at the start of the run is answered alike behind all its customers. */
export const thousandth: Procedure = {
  phase: 'late',
  rounds: { smoke: 1, standard: 1, deep: 4 },
  cost: { smoke: 4, standard: 8, deep: 8 },
  rank: 0,
  async run(steps) {
    const { context, controls } = steps;
    const first = await controls.accepted(0);
    if (first === undefined) return blocked('no safe request was accepted at the start');
    const customers = context.created.length;
    const again = await steps.create(steps.reference(), 'the first safe request again', { base: 0 });
    const behind = `behind ${customers} customers`;
    if (again.outcome === 'refused' || again.outcome === 'other') {
      return { outcome: 'broken', observation: again, expected: '200, as at the start', reason: `the safe request that opened the run is refused ${behind}` };
    }
    if (again.outcome !== 'accepted') return blocked('the safe request got no usable answer');
    const isSmall = context.config.budget === 'smoke';
    // What was asked for was stored anew where it had been forgotten, so a repetition asks for other customers of the start.
    const asked = steps.attempt === undefined ? (isSmall ? [0] : [0, 1, 2]) : [(isSmall ? 1 : 3) + (steps.attempt % (controls.count - (isSmall ? 1 : 3)))];
    for (const index of asked) {
      const known = await controls.accepted(index);
      if (known?.reference === undefined) continue;
      const second = await duplicate(steps, known.reference, known, index, `the reference of the customer number ${index + 1} ${behind}`);
      if (second.outcome === 'accepted')
        return {
          outcome: 'broken',
          observation: second,
          expected: 'a refusal, since the reference is taken',
          reason: `a reference of the start of the run is free ${behind}`,
          witnessed: true,
        };
    }
    const last = again.reference ?? '';
    const second = await duplicate(steps, last, again, await steps.base(1), `the reference of the last customer ${behind}`);
    if (second.outcome === 'accepted')
      return { outcome: 'broken', observation: second, expected: 'a refusal, since the reference is taken', reason: `a duplicate is accepted ${behind}` };
    for (const [field, value] of OFFENCES.filter((_, index) => (isSmall ? [0] : [0, 2, 5]).includes(index))) {
      const early = await steps.badCreate(steps.reference(), field, value, `${field} = ${JSON.stringify(value)} ${behind}`);
      if (early.outcome !== 'accepted') continue;
      // A target that accepts such values all along breaks the field's own rule, and no other.
      if (context.acceptedBad.has(field)) continue;
      return { outcome: 'broken', observation: early, expected: '400, as at the start', reason: `a bad ${field} is accepted ${behind}` };
    }
    return HOLDS;
  },
};
