import { expect } from 'chai';
import { judgeFieldValue } from '../kit/observation.js';
import { CUSTOMER_MEMBERS, HOLDS } from '../kit/steps.js';
import {
  answering,
  breachOf,
  costOf,
  fieldsOf,
  INVALID,
  inRound,
  isCreate,
  isRead,
  isUpdate,
  NO_ANSWER,
  nth,
  played,
  shown,
  UNKNOWN,
  valueOf,
  type Way,
} from './round.spec-help.js';
import { readById, readByReference, readDelay, readToken, readUnknown, update } from './siblings.js';

const blocked = (reason: string): object => ({ outcome: 'blocked', reason });
const skipped = (reason: string): object => ({ outcome: 'skipped', reason });
/** The n-th read of the round shows the customer with some members made otherwise. */
function reading(isHit: (number: number) => boolean, members: Readonly<Record<string, unknown>>): Way {
  const come = nth((sent) => inRound(sent) && isRead(sent));
  return {
    instead: (sent, target) => {
      const customer = isHit(come(sent)) ? target.found(sent.draft) : undefined;
      return customer === undefined ? undefined : shown(customer, members);
    },
  };
}

describe('read by id: a target that shows what it stored', () => {
  it('holds in every round, with two reads of a good customer', async () => {
    for (const round of [0, 1, 3, 4, 5, 6]) {
      const { result, sent, told, waits } = await played(readById, {}, { round, budget: 'standard' });
      expect([result, told]).to.deep.equal([HOLDS, ['the customer: 200', 'the first read: 200', 'the second read: 200']]);
      expect(sent.length).to.equal(costOf(readById));
      expect(waits, `waits of round ${round}`).to.deep.equal(round === 0 ? [1100] : []);
    }
  });

  it('is asked about values that are easily changed, all of them good', async () => {
    const seen: unknown[] = [];
    for (const round of [0, 1, 2, 3, 4, 5, 7]) {
      const [sent] = (await played(readById, {}, { round })).sent;
      const { draft } = sent ?? expect.fail('nothing was sent');
      expect(draft.fields.filter(([name, value]) => judgeFieldValue(name as 'first_name', value) === 'violating')).to.deep.equal([]);
      seen.push([valueOf(draft, 'first_name')?.length, valueOf(draft, 'last_name'), valueOf(draft, 'mobile_country_code')]);
      if (round === 2) expect(valueOf(draft, 'first_name')).to.equal('null');
      if (round === 3) expect(valueOf(draft, 'mobile_number')).to.equal('99887766');
    }
    expect(seen[0]).to.deep.include.members([64, 'O.Connor_(Sr.)-9'.repeat(4)]);
    expect(seen[1]).to.deep.include.members([undefined]);
    expect((seen[4] as unknown[])[2]).to.equal(undefined);
    expect((seen[5] as unknown[])[1]).to.equal('007');
    expect((seen[6] as unknown[])[1], 'the first values come again').to.equal('O.Connor_(Sr.)-9'.repeat(4));
  });

  it('is read twelve times more in one round, 2 s behind its create', async () => {
    const { result, told, waits } = await played(readById, {}, { round: 2 });
    expect([result, waits]).to.deep.equal([HOLDS, [2100]]);
    expect(told.slice(3)).to.deep.equal(Array.from({ length: 12 }, (_, index) => `read ${index + 1} of 12, 2 s behind the create: 200`));
  });

  it('may take 2 s to be readable', async () => {
    const come = nth((sent) => inRound(sent) && isRead(sent));
    const { result, told, waits } = await played(readById, { instead: (sent) => (come(sent) in { 1: 0, 2: 0, 3: 0 } ? UNKNOWN : undefined) }, { round: 1 });
    expect([result, told.length]).to.deep.equal([HOLDS, 6]);
    expect(waits).to.deep.equal([150, 350, 600]);
  });

  it('that refuses some values is asked with safe ones', async () => {
    const way: Way = { isBad: (draft) => valueOf(draft, 'last_name') === '007' };
    const { result, told } = await played(readById, way, { round: 5 });
    expect([result, told[1]]).to.deep.equal([HOLDS, 'a customer with safe values: 200']);
  });

  it('may show what a create did not have', async () => {
    expect(
      (
        await played(
          readById,
          reading(() => true, { note: 'more' }),
          { round: 4 },
        )
      ).result,
    ).to.equal(HOLDS);
  });
});

describe('read by id: a target that shows something else', () => {
  for (const member of CUSTOMER_MEMBERS) {
    it(`breaks where ${member} is another at the first read, or missing`, async () => {
      const another = await played(
        readById,
        reading(() => true, { [member]: 'another' }),
        { round: 3 },
      );
      expect(breachOf(another)).to.include({ at: 'the first read: 200', got: `${member} = "another"`, reason: `${member} is another at the first read` });
      expect(breachOf(another).expected).to.match(new RegExp(`^${member} = ".+", as the create response had it$`));
      const absent = breachOf(
        await played(
          readById,
          reading(() => true, { [member]: undefined }),
          { round: 3 },
        ),
      );
      expect([absent.got, absent.reason]).to.deep.equal([`${member} = absent`, `${member} is another at the first read`]);
    });
  }

  it('breaks where a second read differs from the first', async () => {
    const breach = breachOf(
      await played(
        readById,
        reading((number) => number === 2, { last_updated: 'now' }),
        { round: 1 },
      ),
    );
    expect(breach).to.include({ at: 'the second read: 200', reason: 'last_updated is another at the second read' });
    expect(breach.expected).to.match(/, as the first read had it$/);
  });

  it('breaks where a clock in whole seconds moves between reads', async () => {
    const way: Way = {
      instead: (sent, target) => {
        const customer = isRead(sent) ? target.found(sent.draft) : undefined;
        return customer === undefined
          ? undefined
          : shown(customer, { last_updated: new Date(Date.UTC(2026, 10, 22) + Math.floor(performance.now() / 1000) * 1000).toISOString() });
      },
    };
    expect(breachOf(await played(readById, way)).reason).to.equal('last_updated is another at the second read');
  });

  it('breaks where a customer is never found, or is no object', async () => {
    for (const answer of [UNKNOWN, { text: '[]' }])
      expect(breachOf(await played(readById, { instead: (sent) => (isRead(sent) ? answer : undefined) }, { round: 1 }))).to.include({
        expected: '200 with the customer that was created',
        reason: 'a customer that was created cannot be read',
      });
  });

  it('breaks where one read in twelve does not find it, or shows another', async () => {
    const come = nth((sent) => inRound(sent) && isRead(sent));
    for (const way of [
      { instead: (sent) => (come(sent) === 14 ? UNKNOWN : undefined) },
      reading((number) => number === 14, { first_name: 'another' }),
    ] satisfies Way[])
      expect(breachOf(await played(readById, way, { round: 2 }))).to.include({
        expected: '200 with the customer as it was read before',
        reason: 'a customer that was read is read otherwise',
      });
  });

  it('is not judged where a step got no usable answer, or there is no id', async () => {
    for (const [number, reason] of [
      [1, 'the create was not accepted (status 503)'],
      [2, 'the read got no usable answer'],
      [3, 'the read got no usable answer'],
      [9, 'the read got no usable answer'],
    ] as const)
      expect((await played(readById, answering({ [number]: NO_ANSWER }), { round: 2 })).result).to.deep.equal(blocked(reason));
    expect((await played(readById, answering({ 1: INVALID, 2: INVALID }))).result).to.deep.equal(blocked('the create was not accepted (status 400)'));
    expect((await played(readById, answering({ 1: { text: '{}' } }))).result).to.deep.equal(blocked('the create gave no id'));
  });
});

describe('read of an unknown id', () => {
  it('holds where it is answered 404, whatever the form of the id', async () => {
    const paths: string[] = [];
    for (const round of [0, 1, 2]) {
      const { result, sent, target } = await played(readUnknown, {}, { round });
      expect([result, sent.length]).to.deep.equal([HOLDS, costOf(readUnknown)]);
      expect(sent[1]?.intent.offence).to.equal('unknown-customer');
      paths.push((sent[1]?.draft.path ?? '').replace(target.kept.at(-1)?.customer.id ?? '', '{id}'));
    }
    expect(paths[0]).to.match(/^\/customers\/cst_[a-z0-9]{16}$/);
    expect(paths[1]).to.equal('/customers/{id}x');
    expect(paths[2]).to.match(/^\/customers\/cst_[a-z0-9]{24}$/);
  });

  it('breaks with any other status', async () => {
    for (const answer of [{ text: '{}' }, INVALID, { status: 302, text: '' }])
      expect(breachOf(await played(readUnknown, answering({ 2: answer })))).to.include({
        expected: '404',
        reason: 'an id that was never given is not answered 404',
      });
  });

  it('is not judged without a customer, or without an answer', async () => {
    expect((await played(readUnknown, answering({ 1: INVALID }))).result).to.deep.equal(blocked('the create was not accepted (status 400)'));
    expect((await played(readUnknown, answering({ 2: NO_ANSWER }))).result).to.deep.equal(blocked('the read got no usable answer'));
  });
});

describe('update', () => {
  const updating = (members: Readonly<Record<string, unknown>>): Way => ({
    instead: (sent, target) => {
      const customer = isUpdate(sent) ? target.found(sent.draft) : undefined;
      if (customer === undefined) return undefined;
      Object.assign(customer, Object.fromEntries(fieldsOf(sent.draft)), members);
      return shown(customer);
    },
  });

  it('holds where what is sent is changed, and nothing else', async () => {
    const changed: string[] = [];
    for (const round of [0, 1, 2]) {
      const { result, sent, told } = await played(update, {}, { round });
      expect([result, sent.length]).to.deep.equal([HOLDS, costOf(update, round === 0 ? 'smoke' : 'standard')]);
      expect(told.map((each) => each.slice(-3))).to.deep.equal(['200', '200', '200', '200', ...(round === 0 ? [] : ['400'])]);
      changed.push(...fieldsOf((sent[2] ?? expect.fail('none')).draft).map(([name]) => name));
    }
    expect(changed).to.deep.equal(['last_name', 'mobile_number', 'first_name', 'email_address', 'mobile_country_code']);
  });

  it('may take 2 s to be read', async () => {
    const come = nth((sent) => inRound(sent) && isRead(sent));
    const stale: Way = {
      instead: (sent, target) => {
        const customer = come(sent) === 2 ? target.found(sent.draft) : undefined;
        return customer === undefined ? undefined : shown(customer, { last_name: 'as before' });
      },
    };
    const { result, waits } = await played(update, stale);
    expect([result, waits]).to.deep.equal([HOLDS, [2100]]);
    expect(
      breachOf(
        await played(
          update,
          reading((number) => number > 1, { last_name: 'as before' }),
        ),
      ),
    ).to.include({
      at: 'the customer after: 200',
      expected: 'last_name = "Souza-Lima"',
      got: 'last_name = "as before"',
    });
  });

  it('breaks where something else changes, or nothing does', async () => {
    for (const member of ['first_name', 'email_address', 'id', 'date_created', 'mobile_country_code'] as const) {
      const breach = breachOf(await played(update, updating({ [member]: null })));
      expect([breach.reason, breach.got]).to.deep.equal([`behind an update of last_name and mobile_number, ${member} is wrong`, `${member} = null`]);
      expect(breach.at).to.equal('an update of last_name and mobile_number: 200');
    }
    const same: Way = { instead: (sent, target) => (isUpdate(sent) ? shown(target.found(sent.draft) ?? { id: '' }) : undefined) };
    expect(breachOf(await played(update, same)).expected).to.equal('mobile_number = "91919191"');
  });

  it('breaks where it is refused, or not answered with the customer', async () => {
    expect(breachOf(await played(update, answering({ 3: INVALID })))).to.include({
      expected: '200 with the customer changed',
      reason: 'an update with good values was refused',
    });
    const text: Way = { instead: (sent, target) => (isUpdate(sent) ? (target.right(sent), { text: 'done' }) : undefined) };
    expect(breachOf(await played(update, text))).to.include({ expected: 'the customer', reason: 'an update is not answered with the customer' });
  });

  it('breaks where the reference of the customer is free behind it', async () => {
    const again = nth((sent) => inRound(sent) && isCreate(sent));
    const way: Way = { instead: (sent, target) => (again(sent) === 2 ? shown({ ...target.kept.at(-1)?.customer, id: 'cst_again' }) : undefined) };
    expect(breachOf(await played(update, way, { round: 1 }))).to.include({
      at: 'a create of the same reference behind it: 200',
      expected: '400: the reference is taken',
      reason: 'behind an update the reference of the customer is free',
    });
  });

  it('is not asked of a target without it', async () => {
    for (const status of [404, 405])
      expect((await played(update, answering({ 3: { status, text: '' } }))).result).to.deep.equal(skipped('the target has no POST /customers/{id}'));
  });

  it('is not judged where a step did not come out', async () => {
    for (const [way, reason] of [
      [answering({ 1: INVALID }), 'the create was not accepted (status 400)'],
      [answering({ 2: NO_ANSWER }), 'the customer could not be read'],
      [answering({ 3: NO_ANSWER }), 'the update got no usable answer'],
    ] satisfies [Way, string][])
      expect((await played(update, way)).result).to.deep.equal(blocked(reason));
  });

  it('is not judged where the customer is not answered for behind it', async () => {
    const come = nth((sent) => inRound(sent) && isRead(sent));
    const way: Way = { instead: (sent) => (come(sent) > 1 ? NO_ANSWER : undefined) };
    expect((await played(update, way)).result).to.deep.equal(blocked('the read behind the update got no usable answer'));
  });
});

describe('open questions about reads', () => {
  it('a customer is found by its reference, or not', async () => {
    const not = await played(readByReference);
    expect([not.result, not.waits]).to.deep.equal([{ name: 'by object_reference_id', reading: 'not found', observation: not.observations[1] }, [2100]]);
    expect(not.sent).to.have.lengthOf(costOf(readByReference));
    const found = await played(readByReference, { instead: (sent, { kept }) => (isRead(sent) ? shown(kept[0]?.customer ?? { id: '' }) : undefined) });
    expect([found.result, found.waits]).to.deep.equal([{ name: 'by object_reference_id', reading: 'found', observation: found.observations[0] }, []]);
    expect((await played(readByReference, answering({ 1: NO_ANSWER }))).result).to.equal('no usable answer');
  });

  it('a token is given to a read that asks for it, or not, or such a read is refused', async () => {
    const token = JSON.stringify({ juspay: { client_auth_token: 'tkn_1' } });
    for (const [way, reading] of [
      [{}, 'no token'],
      [answering({ 2: { text: token } }), 'token'],
      [answering({ 2: INVALID }), 'refused'],
    ] satisfies [Way, string][]) {
      const { result, sent, observations } = await played(readToken, way);
      expect(result).to.deep.equal({ name: 'asked by query', reading, observation: observations[1] });
      expect([sent[1]?.draft.path.replace(/.*\?/, ''), sent.length]).to.deep.equal(['options.get_client_auth_token=true', costOf(readToken)]);
    }
    expect((await played(readToken, answering({ 2: NO_ANSWER }))).result).to.equal('no usable answer');
  });

  it('a customer is readable at once, or later', async () => {
    for (const [way, reading] of [
      [{}, 'at once'],
      [answering({ 2: UNKNOWN }), 'later'],
    ] satisfies [Way, string][]) {
      const { result, sent, observations } = await played(readDelay, way);
      expect(result).to.deep.equal({ name: 'right behind the create', reading, observation: observations[1] });
      expect(sent, 'nobody looks again').to.have.lengthOf(costOf(readDelay));
    }
    expect((await played(readDelay, answering({ 1: INVALID }))).result).to.equal('the create was not accepted');
    expect((await played(readDelay, answering({ 2: NO_ANSWER }))).result).to.equal('no usable answer');
  });

  it('nothing is asked without a customer', async () => {
    for (const procedure of [readByReference, readToken]) {
      const { result, sent } = await played(procedure, {}, { before: (_, controls) => void (controls.accepted = () => Promise.resolve(undefined)) });
      expect([result, sent.filter(isCreate)]).to.deep.equal(['no safe request was accepted', []]);
    }
  });
});
