/** Procedures over the sibling calls: reading and updating a customer. */
import { isJsonObject, memberAt, type JsonObject } from '../../contracts/json.js';
import type { FieldName } from '../../contracts/model.js';
import { withField, type Draft } from '../kit/draft.js';
import type { Observation } from '../kit/observation.js';
import type { OpenProcedure, Procedure } from '../kit/sequence-check.js';
import { blocked, CUSTOMER_MEMBERS, difference, HOLDS, idOf, notAccepted, ownValues, skipped, type RoundResult, type Steps } from '../kit/steps.js';

/** Good values that are easily changed between storing and reading. */
const TELLING: readonly Readonly<Partial<Record<FieldName, string | null>>>[] = [
  // As long as names may be, and with every character that the rules allow.
  {
    first_name: 'McDonald-(Jr.)_x'.repeat(4),
    last_name: 'O.Connor_(Sr.)-9'.repeat(4),
    email_address: "O'Neil+a=b&c/d%41!#$*-x?^_.{|}~`Z@example.com",
  },
  { last_name: null },
  { first_name: 'null' },
  { mobile_number: '99887766' },
  { mobile_country_code: null },
  { last_name: '007' },
  {},
];

/** A customer may take 2 s to be readable; a little more, for clocks. */
const READABLE_WITHIN_MS = 2100;

/** What has been readable for 2 s is found at every read. */
async function readOften(steps: Steps, created: Observation, before: JsonObject): Promise<RoundResult> {
  await new Promise((resolve) => setTimeout(resolve, READABLE_WITHIN_MS));
  for (let time = 1; time <= 12; time += 1) {
    const read = await steps.read(created, `read ${time} of 12, 2 s behind the create`, { patient: false });
    if (read.outcome === 'broken') return blocked('the read got no usable answer');
    const changed = isJsonObject(read.json.value) && read.outcome === 'accepted' ? difference(before, read.json.value) : 'status';
    if (changed !== undefined)
      return {
        outcome: 'broken',
        observation: read,
        expected: '200 with the customer as it was read before',
        reason: 'a customer that was read is read otherwise',
      };
  }
  return HOLDS;
}

export const readById: Procedure = {
  rounds: { smoke: 2, standard: 10, deep: 80 },
  cost: 3,
  rank: 0.7,
  pace: 1.5,
  reads: true,
  async run(steps) {
    const safe = steps.controls.draft(await steps.base(), steps.reference());
    const values = Object.entries(TELLING[steps.round % TELLING.length] ?? {});
    const telling = values.reduce((draft, [field, value]) => withField(draft, field, value), safe);
    let created = await steps.send(telling, 'the customer', { create: true, good: true });
    // What a target refuses is for the field's own rule; whether it can be read is seen on values that it takes.
    if (created.outcome === 'refused') created = await steps.create(steps.reference(), 'a customer with safe values');
    if (created.outcome !== 'accepted' || !isJsonObject(created.json.value)) return notAccepted(created, 'the create');
    if (idOf(created) === undefined) return blocked('the create gave no id');
    let before = created.json.value;
    for (const time of ['first', 'second']) {
      const read = await steps.read(created, `the ${time} read`);
      if (read.outcome === 'broken') return blocked('the read got no usable answer');
      if (read.outcome !== 'accepted' || !isJsonObject(read.json.value)) {
        return {
          outcome: 'broken',
          observation: read,
          expected: '200 with the customer that was created',
          reason: 'a customer that was created cannot be read',
        };
      }
      const after = read.json.value;
      const missing = CUSTOMER_MEMBERS.find((member) => Object.hasOwn(before, member) && before[member] !== null && !Object.hasOwn(after, member));
      const changed = missing ?? difference(before, after);
      if (changed !== undefined) {
        return {
          outcome: 'broken',
          observation: read,
          expected: `${changed} = ${JSON.stringify(before[changed])}, as ${time === 'first' ? 'the create response' : 'the first read'} had it`,
          got: `${changed} = ${JSON.stringify(after[changed]) ?? 'absent'}`,
          reason: `${changed} is another at the ${time} read`,
        };
      }
      before = { ...before, ...after };
      if (steps.round === 2 && time === 'second') return readOften(steps, created, before);
      // Clocks that move between reads show when a second has gone by.
      if (steps.round === 0 && time === 'first') await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    return HOLDS;
  },
};

/** HEAD tells whether there is such a customer, as GET does; where it finds what never was it tells nothing. */
async function headWithoutKey(steps: Steps, created: Observation): Promise<RoundResult | undefined> {
  const draft = { method: 'HEAD', credential: steps.round === 0 ? 'absent' : 'other-key', agent: steps.context.singleUse } as const;
  const head = await steps.read(created, 'HEAD without the key', { draft, patient: false });
  if (head.outcome !== 'accepted') return undefined;
  const unknown = await steps.readPath(`/customers/cst_${steps.reference(16)}`, 'HEAD of an id that was never given', created, { draft });
  if (unknown.outcome !== 'refused') return undefined;
  return { outcome: 'broken', observation: head, expected: '401', reason: 'HEAD finds a customer without the key' };
}

/** Whether a customer is in the answer, by its id and its reference. */
function isIn({ json }: Observation, created: Observation): boolean {
  return (
    isJsonObject(json.value) && idOf(created) !== undefined && json.value['id'] === idOf(created) && json.value['object_reference_id'] === created.reference
  );
}

/** An update by somebody who may not read the customer: it is not made, and does not show the customer. */
async function updateBy(steps: Steps, created: Observation, note: string, who: Partial<Draft>): Promise<Observation | undefined> {
  const id = idOf(created);
  if (id === undefined) return undefined;
  const last_name = 'Changed-(by)_another';
  const draft: Draft = { ...steps.controls.draft(0, 'unused'), path: `/customers/${encodeURIComponent(id)}`, fields: [['last_name', last_name]], ...who };
  const answer = await steps.send({ ...draft, readingOpen: true }, note, { family: 'paths', own: [...ownValues(created), last_name] });
  if (answer.outcome !== 'accepted') return undefined;
  if (isIn(answer, created)) return answer;
  const account = created.draft.account;
  const after = await steps.readPath(draft.path, 'the customer after it', created, { account, more: { own: [...ownValues(created), last_name] } });
  return isIn(after, created) && memberAt(after.json.value, 'last_name') === last_name ? answer : undefined;
}

async function updateWithout(steps: Steps, created: Observation, credential: 'absent' | 'other-key'): Promise<RoundResult | undefined> {
  const made = await updateBy(steps, created, `an update with the credential ${credential}`, { credential, agent: steps.context.singleUse });
  if (made === undefined) return undefined;
  // A target whose create takes the credential too breaks the rule about credentials, and no other.
  const create = await steps.create(steps.reference(), `a create with the credential ${credential}`, {
    draft: { credential, agent: steps.context.singleUse },
    more: { good: false, offence: 'credential', family: 'headers' },
  });
  if (create.outcome === 'accepted') return undefined;
  return {
    outcome: 'broken',
    observation: made,
    expected: '401, and the customer as it was',
    reason: 'a customer is changed or shown by an update without the key',
  };
}

export const readCredential: Procedure = {
  phase: 'credentials',
  rounds: { smoke: 1, standard: 2, deep: 2 },
  cost: 6,
  rank: 2,
  reads: true,
  async run(steps) {
    const created = await steps.create(steps.reference(), 'the customer');
    if (created.outcome !== 'accepted') return notAccepted(created, 'the create');
    const good = await steps.read(created, 'a read with the key');
    if (good.outcome !== 'accepted') return blocked('the customer could not be read with the key');
    for (const credential of ['absent', steps.round === 0 ? 'other-key' : 'key-prefix'] as const) {
      const read = await steps.read(created, `a read with the credential ${credential}`, {
        draft: { credential, agent: steps.context.singleUse },
        patient: false,
      });
      if (read.outcome !== 'accepted') continue;
      // A target whose create takes the credential too breaks the rule about credentials, and no other.
      const agent = steps.context.singleUse;
      const create = await steps.create(steps.reference(), `a create with the credential ${credential}`, {
        draft: { credential, agent },
        more: { good: false, offence: 'credential', family: 'headers' },
      });
      if (create.outcome === 'accepted') continue;
      return { outcome: 'broken', observation: read, expected: '401, and no customer', reason: 'a customer is read without the key' };
    }
    return (await headWithoutKey(steps, created)) ?? (await updateWithout(steps, created, steps.round === 0 ? 'absent' : 'other-key')) ?? HOLDS;
  },
};

export const readSecondMerchant: Procedure = {
  rounds: { smoke: 1, standard: 3, deep: 6 },
  cost: { smoke: 8, standard: 10, deep: 10 },
  rank: 2,
  reads: true,
  secondMerchant: true,
  async run(steps) {
    const second = steps.context.config.target.secondMerchant;
    if (second === undefined) return skipped('no second merchant was given');
    for (const [owner, stranger] of [
      [steps.context.account, second],
      [second, steps.context.account],
    ] as const) {
      const created = await steps.create(steps.reference(), `a customer of ${owner.merchantId}`, { account: owner });
      if (created.outcome !== 'accepted') return notAccepted(created, 'the create');
      const own = await steps.read(created, 'its own merchant reads it', { account: owner });
      if (own.outcome !== 'accepted') return blocked('the customer could not be read by its own merchant');
      const read = await steps.read(created, 'the other merchant reads it', { account: stranger, patient: false });
      if (read.outcome === 'accepted')
        return { outcome: 'broken', observation: read, expected: '404: it is no customer of this merchant', reason: "a merchant reads the other's customer" };
      // Whatever the header names, the key is the other merchant's.
      const ways = [{ account: { ...stranger, merchantId: owner.merchantId } }, { account: stranger, merchant: 'absent' }] as const;
      for (const draft of steps.round === 0 ? ways.slice(0, owner === second ? 0 : 1) : ways) {
        const named = await steps.read(created, `the other merchant reads it, ${'merchant' in draft ? 'naming none' : 'naming the owner'}`, {
          draft,
          patient: false,
        });
        if (named.outcome === 'accepted' && isIn(named, created))
          return { outcome: 'broken', observation: named, expected: 'no customer of another merchant', reason: "a merchant reads the other's customer" };
      }
      const made = owner === second && steps.round === 0 ? undefined : await updateBy(steps, created, 'the other merchant updates it', { account: stranger });
      if (made !== undefined)
        return {
          outcome: 'broken',
          observation: made,
          expected: '404: it is no customer of this merchant',
          reason: "a merchant changes or is shown the other's customer",
        };
    }
    return HOLDS;
  },
};

export const readUnknown: Procedure = {
  rounds: { smoke: 1, standard: 3, deep: 6 },
  cost: 2,
  rank: 1.6,
  reads: true,
  async run(steps) {
    const created = await steps.create(steps.reference(), 'a customer');
    const id = idOf(created);
    if (created.outcome !== 'accepted' || id === undefined) return notAccepted(created, 'the create');
    // Never a neighbour of a real id: where ids are counted, that is somebody's.
    const unknown = [`cst_${steps.reference(16)}`, `${id}x`, `cst_${steps.reference(24)}`][steps.round % 3] ?? '';
    const read = await steps.readPath(`/customers/${encodeURIComponent(unknown)}`, 'an id that was never given', created, {
      more: { offence: 'unknown-customer' },
    });
    if (read.outcome === 'broken') return blocked('the read got no usable answer');
    return read.response?.status === 404
      ? HOLDS
      : { outcome: 'broken', observation: read, expected: '404', reason: 'an id that was never given is not answered 404' };
  },
};

/** What an update changes in each round. */
const UPDATES: readonly Readonly<Partial<Record<FieldName, string>>>[] = [
  { last_name: 'Souza-Lima', mobile_number: '91919191' },
  { first_name: 'Joana' },
  { email_address: 'new.address+1@example.com', mobile_country_code: '91' },
];

export const update: Procedure = {
  rounds: { smoke: 1, standard: 3, deep: 9 },
  cost: { smoke: 4, standard: 5, deep: 5 },
  rank: 2,
  reads: true,
  async run(steps): Promise<RoundResult> {
    const changes = UPDATES[steps.round % UPDATES.length] ?? {};
    const created = await steps.create(steps.reference(), 'the customer');
    const id = idOf(created);
    if (created.outcome !== 'accepted' || id === undefined) return notAccepted(created, 'the create');
    const before = await steps.read(created, 'the customer before');
    if (before.outcome !== 'accepted' || !isJsonObject(before.json.value)) return blocked('the customer could not be read');
    const draft: Draft = { ...steps.controls.draft(0, 'unused'), path: `/customers/${encodeURIComponent(id)}`, fields: Object.entries(changes) };
    const own = [...ownValues(created), ...Object.values(changes)];
    const answer = await steps.send(draft, `an update of ${Object.keys(changes).join(' and ')}`, { family: 'paths', own });
    const { response } = answer;
    if (response === undefined || answer.outcome === 'broken') return blocked('the update got no usable answer');
    if ([404, 405].includes(response.status)) return skipped('the target has no POST /customers/{id}');
    if (answer.outcome !== 'accepted')
      return { outcome: 'broken', observation: answer, expected: '200 with the customer changed', reason: 'an update with good values was refused' };
    const read = (): Promise<Observation> => steps.readPath(`/customers/${encodeURIComponent(id)}`, 'the customer after', created, { more: { own } });
    let after = await read();
    // A change may take as long as a customer does to be readable.
    if (Object.entries(changes).some(([member, value]) => memberAt(after.json.value, member) !== value)) {
      await new Promise((resolve) => setTimeout(resolve, READABLE_WITHIN_MS));
      after = await read();
    }
    if (after.outcome === 'broken') return blocked('the read behind the update got no usable answer');
    for (const view of [answer, after]) {
      if (!isJsonObject(view.json.value))
        return { outcome: 'broken', observation: view, expected: 'the customer', reason: 'an update is not answered with the customer' };
      // The time of the change is no change of the customer's.
      for (const member of CUSTOMER_MEMBERS.filter((each) => each !== 'last_updated')) {
        const wanted = changes[member as FieldName] ?? before.json.value[member];
        const got = view.json.value[member];
        if (JSON.stringify(wanted ?? null) === JSON.stringify(got ?? null)) continue;
        return {
          outcome: 'broken',
          observation: view,
          expected: `${member} = ${JSON.stringify(wanted)}`,
          got: `${member} = ${JSON.stringify(got)}`,
          reason: `behind an update of ${Object.keys(changes).join(' and ')}, ${member} is wrong`,
        };
      }
    }
    if (steps.round === 0 || created.reference === undefined) return HOLDS;
    const again = await steps.create(created.reference, 'a create of the same reference behind it', {
      more: { good: false, offence: 'duplicate', atFault: ['object_reference_id'], own },
    });
    return again.outcome === 'accepted'
      ? { outcome: 'broken', observation: again, expected: '400: the reference is taken', reason: 'behind an update the reference of the customer is free' }
      : HOLDS;
  },
};

export const readByReference: OpenProcedure = {
  rounds: { smoke: 1, standard: 2, deep: 2 },
  cost: 2,
  // What is not found is looked for again 2 s later: while much is left to be sent nobody waits for it.
  pace: 0.5,
  reads: true,
  async run(steps) {
    const created = await steps.controls.accepted(0);
    if (created === undefined) return 'no safe request was accepted';
    const byReference = (): Promise<Observation> =>
      steps.readPath(`/customers/${encodeURIComponent(created.reference ?? '')}`, 'by its object_reference_id', created);
    let read = await byReference();
    // A customer that is readable a little later is not to be taken for two readings.
    if (read.outcome === 'refused') {
      await new Promise((resolve) => setTimeout(resolve, READABLE_WITHIN_MS));
      read = await byReference();
    }
    return read.outcome === 'broken'
      ? 'no usable answer'
      : { name: 'by object_reference_id', reading: read.outcome === 'accepted' ? 'found' : 'not found', observation: read };
  },
};

export const readToken: OpenProcedure = {
  rounds: { smoke: 1, standard: 2, deep: 2 },
  cost: 2,
  reads: true,
  async run(steps) {
    const created = await steps.controls.accepted(0);
    const id = created === undefined ? undefined : idOf(created);
    if (created === undefined || id === undefined) return 'no safe request was accepted';
    await steps.read(created, 'by its id');
    const read = await steps.readPath(`/customers/${encodeURIComponent(id)}?options.get_client_auth_token=true`, 'with the token asked for', created);
    if (read.outcome === 'broken') return 'no usable answer';
    const reading = read.outcome !== 'accepted' ? 'refused' : typeof memberAt(read.json.value, 'juspay.client_auth_token') === 'string' ? 'token' : 'no token';
    return { name: 'asked by query', reading, observation: read };
  },
};

export const readDelay: OpenProcedure = {
  // Asked once: how long it takes may differ from customer to customer.
  rounds: { smoke: 1, standard: 1, deep: 1 },
  cost: 2,
  reads: true,
  async run(steps) {
    const created = await steps.create(steps.reference(), 'a customer');
    if (created.outcome !== 'accepted') return 'the create was not accepted';
    const first = await steps.read(created, 'right behind its create', { patient: false });
    return first.outcome === 'broken'
      ? 'no usable answer'
      : { name: 'right behind the create', reading: first.outcome === 'accepted' ? 'at once' : 'later', observation: first };
  },
};
