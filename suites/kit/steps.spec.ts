import { expect } from 'chai';
import { BUDGETS } from './config.js';
import { Context } from './context.js';
import { Controls } from './controls.js';
import { fieldOf } from './draft.js';
import type { Exchange } from '../../contracts/finding.js';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { MERCHANT } from '../../contracts/reference/server.js';
import { CUSTOMER_MEMBERS, difference, idOf, notAccepted, ownValues, REFERENCES_OF_A_ROUND, Steps } from './steps.js';
import { observed } from './observed.spec-help.js';
import { changed, configOf } from './target.spec-help.js';

const RULE = 'object_reference_id/unique';

interface Opened {
  readonly context: Context;
  readonly exchanges: readonly Exchange[];
  steps(round: number, repeating?: boolean): Steps;
}

/** A run that was opened against the reference with a change, for rounds to be played in. */
async function opened(change: (behaviour: Behaviour) => Partial<Behaviour>, use: (run: Opened) => Promise<void>): Promise<void> {
  const target = await changed(change);
  const exchanges: Exchange[] = [];
  const config = configOf(target.url, { onExchange: (exchange) => exchanges.push(exchange) });
  const context = new Context(config, BUDGETS.smoke, 'rtest');
  const controls = new Controls(context);
  try {
    expect(await controls.open()).to.equal(undefined);
    await use({ context, exchanges, steps: (round, repeating = false) => new Steps(context, controls, RULE, round, repeating) });
  } finally {
    context.close();
    await target.close();
  }
}

const asIs = (): Partial<Behaviour> => ({});
/** A customer is there for reads from the `from`-th read on. */
function readableFrom(from: number): () => Partial<Behaviour> {
  let reads = 0;
  return () => ({ readable: () => (reads += 1) >= from });
}

describe('steps: a round', () => {
  it('has references that no other round has, of the length and alphabet that were asked for', async () => {
    await opened(asIs, async ({ steps }) => {
      const [first, second, repeated, again] = [steps(0), steps(1), steps(0, true), steps(0, true)];
      const all = [first, second, repeated, again].flatMap((each) => Array.from({ length: REFERENCES_OF_A_ROUND }, () => each.reference()));
      expect(new Set(all).size).to.equal(all.length);
      expect(first.reference(14, 'digits')).to.match(/^\d{14}$/);
      expect(first.reference()).to.match(/^[a-z0-9]{20}$/);
      await Promise.resolve();
    });
  });

  it('gives a round the same references whenever it is played, but for a repetition', async () => {
    await opened(asIs, async ({ steps }) => {
      expect(steps(3).reference()).to.equal(steps(3).reference());
      expect(steps(3, true).reference()).to.not.equal(steps(3).reference());
      await Promise.resolve();
    });
  });

  it('numbers its requests within the round; those of a repetition are repetitions', async () => {
    await opened(asIs, async ({ steps }) => {
      const played = steps(2);
      await played.create(played.reference(), 'the first');
      await played.create(played.reference(), 'the second');
      const repeated = steps(2, true);
      await repeated.create(repeated.reference(), 'the first again');
      const [one, two, again] = [...played.observations, ...repeated.observations].map(({ intent }) => intent);
      expect([one?.n, one?.attempt, one?.purpose, one?.note]).to.deep.equal([2 * REFERENCES_OF_A_ROUND, undefined, 'step', 'the first']);
      expect([two?.n, two?.attempt, two?.purpose]).to.deep.equal([2 * REFERENCES_OF_A_ROUND + 1, undefined, 'step']);
      expect([again?.n, again?.purpose, again?.ruleId]).to.deep.equal([2 * REFERENCES_OF_A_ROUND, 'confirmation', RULE]);
      expect(again?.attempt).to.be.a('number');
    });
  });

  it('that sends several at once numbers them one after the other, and keeps them', async () => {
    await opened(asIs, async ({ steps }) => {
      const played = steps(1);
      await played.create(played.reference(), 'before');
      const drafts = [0, 1, 2].map(() => played.controls.draft(0, played.reference()));
      const sent = await played.sendTogether(drafts.map((draft) => ({ draft, note: 'together', more: { create: true } })));
      expect(sent.map(({ intent, outcome }) => [intent.n, intent.note, intent.create, outcome])).to.deep.equal(
        [1, 2, 3].map((place) => [REFERENCES_OF_A_ROUND + place, 'together', true, 'accepted']),
      );
      expect(played.observations.slice(1)).to.deep.equal(sent);
      expect((await played.sendTogether(drafts.slice(0, 1).map((draft) => ({ draft, note: 'again' }))))[0]?.intent.create).to.equal(undefined);
    });
  });

  it('creates with the safe request that it is given, as whom it is told, and may change what goes out', async () => {
    await opened(asIs, async ({ steps }) => {
      const played = steps(0);
      const base = await played.base(1);
      expect(base).to.equal(1);
      const other = await played.create(played.reference(), 'another base', { base });
      const plain = await played.create(played.reference(), 'the base of the round');
      expect(fieldOf(other.draft, 'email_address')).to.not.equal(fieldOf(plain.draft, 'email_address'));
      expect([plain.intent.create, plain.intent.good]).to.deep.equal([true, true]);
      const account = { merchantId: MERCHANT.merchantId, apiKey: 'another_key_of_the_specs' };
      const refused = await played.create(played.reference(), 'as another', {
        account,
        draft: { chunked: true },
        more: { good: false, offence: 'credential' },
      });
      expect([refused.response?.status, refused.draft.chunked, refused.intent.good, refused.intent.offence]).to.deep.equal([401, true, false, 'credential']);
    });
  });

  it('takes the round’s own safe request, and the next ones for its further steps', async () => {
    await opened(asIs, async ({ steps }) => {
      expect([await steps(0).base(), await steps(1).base(), await steps(1).base(2)]).to.deep.equal([0, 1, 3]);
    });
  });

  for (const [value, offence, status] of [
    [null, 'missing', 400],
    ['', 'missing', 400],
    ['12a', 'invalid', 400],
  ] as const) {
    it(`a bad create with ${JSON.stringify(value)} for the number is judged as ${offence}`, async () => {
      await opened(asIs, async ({ steps }) => {
        const played = steps(0);
        const { intent, draft, response } = await played.badCreate(played.reference(), 'mobile_number', value, 'bad', { own: ['mine'] });
        expect(intent).to.deep.include({ create: true, offence, atFault: ['mobile_number'], note: 'bad', own: ['mine'] });
        expect(fieldOf(draft, 'mobile_number')).to.equal(value ?? undefined);
        expect(response?.status).to.equal(status);
      });
    });
  }
});

describe('steps: a request that is repeated', () => {
  const again = async (reference: string, more: Parameters<Steps['create']>[2] = {}): Promise<readonly (string | undefined)[]> => {
    let drafts: (string | undefined)[] = [];
    await opened(asIs, async ({ steps, context }) => {
      const played = steps(0);
      const { recipe } = await played.create(reference, 'a create', more);
      drafts = [1, 2].map((n) =>
        fieldOf(
          recipe((length, alphabet) => context.reference('control', n, length, alphabet)),
          'object_reference_id',
        ),
      );
    });
    return drafts;
  };

  for (const [reference, form] of [
    ['abcdefgh12345678ijkl', /^[a-z0-9]{20}$/],
    ['12345678901234', /^\d{14}$/],
    ['ABCDEFGHIJKLMN@example.com', /^[A-Z0-9]{14}@example\.com$/],
    ['cust_123456789012', /^cust_\d{12}$/],
    ['a b abcdefgh', /^a b [a-z0-9]{8}$/],
  ] as const) {
    it(`has a reference of the form of ${reference}, another each time`, async () => {
      const [one, two] = await again(reference);
      expect(one).to.match(form);
      expect(two).to.match(form).and.to.not.equal(one);
      expect(one).to.not.equal(reference);
    });
  }

  it('stays as it is where it is to be a duplicate, or nothing of its reference is unique', async () => {
    expect(await again('abcdefgh12345678ijkl', { more: { offence: 'duplicate' } })).to.deep.equal(['abcdefgh12345678ijkl', 'abcdefgh12345678ijkl']);
    expect(await again('a b c')).to.deep.equal(['a b c', 'a b c']);
    expect(await again('abcdefgh12345678ijkl', { more: { create: false } })).to.deep.equal(['abcdefgh12345678ijkl', 'abcdefgh12345678ijkl']);
  });
});

describe('steps: a create that was refused before', () => {
  it('is given once, to the first that asks, and only where it was refused', async () => {
    await opened(asIs, async ({ context, steps }) => {
      const sender = steps(9);
      const refused = await sender.badCreate(sender.reference(), 'first_name', 'a b', 'bad');
      const accepted = await sender.create(sender.reference(), 'good');
      context.noteBadCreate('first_name', false, Promise.resolve(refused));
      context.noteBadCreate('first_name', false, Promise.resolve(accepted));
      context.noteBadCreate('last_name', false, Promise.resolve(accepted));
      context.noteBadCreate('mobile_number', true, Promise.resolve(undefined));
      const repeating = steps(0, true);
      expect(await repeating.refusedBefore('first_name', false), 'in a repetition').to.equal(undefined);
      const played = steps(0);
      expect(await played.refusedBefore('first_name', true), 'absent, where it was there').to.equal(undefined);
      const found = await played.refusedBefore('first_name', false);
      expect(found?.reference).to.equal(refused.reference);
      expect(played.observations).to.deep.equal([refused]);
      expect(await played.refusedBefore('first_name', false), 'a second time').to.equal(undefined);
      expect(await played.refusedBefore('last_name', false), 'one that was accepted').to.equal(undefined);
      expect(await played.refusedBefore('mobile_number', true), 'one that was not sent').to.equal(undefined);
    });
  });
});

describe('steps: a read', () => {
  it('asks for the customer of the create, and for nothing else', async () => {
    await opened(asIs, async ({ exchanges, steps }) => {
      const played = steps(0);
      const created = await played.create(played.reference(), 'a create');
      const read = await played.read(created, 'a read');
      expect(read.json.value).to.deep.include({ object_reference_id: created.reference, id: idOf(created) });
      const { request, note } = exchanges.at(-1) ?? expect.fail('nothing was sent');
      expect([request.method, request.path, request.body.text, note]).to.deep.equal(['GET', `/customers/${idOf(created) ?? ''}`, '', 'a read']);
      expect(request.headers.map(([name]) => name)).to.not.include('Content-Type');
      expect(read.intent).to.deep.include({ family: 'paths', own: ownValues(created) });
      expect(read.draft.readingOpen).to.equal(true);
    });
  });

  it('looks again for up to two seconds while nothing is found', async () => {
    await opened(readableFrom(3), async ({ exchanges, steps }) => {
      const played = steps(0);
      const created = await played.create(played.reference(), 'a create');
      const start = performance.now();
      expect((await played.read(created, 'a read')).outcome).to.equal('accepted');
      expect(performance.now() - start).to.be.within(450, 2_000);
      expect(exchanges.filter(({ request }) => request.method === 'GET')).to.have.lengthOf(3);
    });
  });

  it('is not asked too soon where another customer took its time', async () => {
    let looks = 0;
    let foundAt = 3;
    const slow = (): Partial<Behaviour> => ({ readable: () => (looks += 1) >= foundAt });
    await opened(slow, async ({ exchanges, steps }) => {
      const lookedAt = async (round: number): Promise<number[]> => {
        const before = exchanges.length;
        const played = steps(round);
        looks = 0;
        expect((await played.read(await played.create(played.reference(), 'a create'), 'a read')).outcome).to.equal('accepted');
        const at = exchanges.slice(before).flatMap(({ request, startedAt }) => (request.method === 'GET' ? [Date.parse(startedAt)] : []));
        return at.map((moment) => moment - (at[0] ?? 0));
      };
      expect(await lookedAt(0)).to.have.lengthOf(3);
      foundAt = 2;
      const [, second, ...more] = await lookedAt(1);
      expect([second, more.length]).to.satisfy(([after, others]: [number, number]) => after >= 450 && others === 0, `looked again after ${second} ms`);
    });
  });

  it('ends looking when it is never found', async function () {
    this.timeout(10_000);
    await opened(readableFrom(99), async ({ exchanges, steps }) => {
      const played = steps(0);
      const created = await played.create(played.reference(), 'a create');
      const start = performance.now();
      expect((await played.read(created, 'a read')).outcome).to.equal('refused');
      expect(performance.now() - start).to.be.above(2_150);
      expect(exchanges.filter(({ request }) => request.method === 'GET')).to.have.lengthOf(5);
    });
  });

  it('looks once where it is told not to be patient', async () => {
    await opened(readableFrom(2), async ({ exchanges, steps }) => {
      const played = steps(0);
      const created = await played.create(played.reference(), 'a create');
      expect((await played.read(created, 'a read', { patient: false })).outcome).to.equal('refused');
      expect(exchanges.filter(({ request }) => request.method === 'GET')).to.have.lengthOf(1);
    });
  });

  it('goes out with the credential that it is given', async () => {
    await opened(asIs, async ({ steps }) => {
      const played = steps(0);
      const created = await played.create(played.reference(), 'a create');
      const without = await played.read(created, 'without a credential', { draft: { credential: 'absent' }, patient: false });
      const other = await played.read(created, 'as another', { account: { merchantId: 'm', apiKey: 'another_key_of_the_specs' }, patient: false });
      expect([without.response?.status, other.response?.status]).to.deep.equal([401, 401]);
      expect((await played.readPath('/customers/none', 'an unknown one', created, { more: { offence: 'unknown-customer' } })).intent.offence).to.equal(
        'unknown-customer',
      );
    });
  });
});

describe('steps: what is a customer’s own', () => {
  it('every value that its create sent, and every text that it got', () => {
    const own = ownValues(observed({ members: { id: 'cst_mine', nickname: 'Mia', age: 7 } }));
    expect(own).to.include.members(['mine@example.com', 'cst_mine', 'Mia']);
    expect(own).to.not.include(7);
    expect(ownValues(observed({ text: 'no object' }))).to.include('mine@example.com');
  });

  it('an id is a text that is not empty', () => {
    expect(idOf(observed({ members: { id: 'cst_mine' } }))).to.equal('cst_mine');
    for (const id of ['', 7, null]) expect(idOf(observed({ members: { id } })), String(id)).to.equal(undefined);
  });

  it('two views of a customer differ in the first documented member that does', () => {
    const before = { id: 'cst_1', object: 'customer', first_name: 'Mia', last_name: 'Silva', extra: 1 };
    expect(difference(before, { ...before, extra: 2 })).to.equal(undefined);
    expect(difference(before, { ...before, last_name: 'Souza', first_name: 'Ana' })).to.equal('first_name');
    expect(difference(before, { ...before, first_name: 'Ana' }, ['last_name'])).to.equal(undefined);
    expect(difference({}, before), 'what was not shown before').to.equal(undefined);
    for (const member of CUSTOMER_MEMBERS) expect(difference({ [member]: 'a' }, {}), member).to.equal(member);
  });

  it('a step that has to be accepted says with which status it was not', () => {
    expect(notAccepted(observed({ status: 400 }), 'the first create')).to.deep.equal({
      outcome: 'blocked',
      reason: 'the first create was not accepted (status 400)',
    });
    expect(notAccepted(observed({ silent: true }), 'it')).to.deep.equal({ outcome: 'blocked', reason: 'it was not accepted (status none)' });
  });
});
