import { expect } from 'chai';
import { HOLDS } from '../kit/steps.js';
import { beforeBody, everyRequest, storesNothing } from './credentials.js';
import {
  answering,
  breachOf,
  costOf,
  DENIED,
  DUPLICATE,
  fieldsOf,
  hasKey,
  INVALID,
  inRound,
  isBad,
  NO_ANSWER,
  played,
  shown,
  valueOf,
  type Way,
} from './round.spec-help.js';

const LOCKED = { outcome: 'blocked', reason: 'good requests are refused behind wrong credentials: the account may be locked' };

for (const [name, procedure] of Object.entries({ everyRequest, beforeBody, storesNothing })) {
  describe(`credentials, ${name}: what goes out`, () => {
    it('takes what it says, and says which requests are without the key', async () => {
      for (const round of [0, 1]) {
        const play = await played(procedure, {}, { round });
        expect(play.result).to.equal(HOLDS);
        expect(play.sent).to.have.lengthOf(costOf(procedure));
        for (const sent of play.sent) {
          const { good, offence, family, create } = sent.intent;
          expect([create, good, offence, family], sent.intent.note).to.deep.equal(
            hasKey(sent) ? [true, true, undefined, undefined] : [true, false, 'credential', 'headers'],
          );
        }
      }
    });

    it('another key, or none, in another round', async () => {
      const wrong = new Set<string>();
      for (const round of [0, 1])
        for (const sent of (await played(procedure, {}, { round })).sent) if (!hasKey(sent)) wrong.add(`${round} ${sent.draft.credential}`);
      expect([...wrong]).to.deep.equal(procedure === everyRequest ? ['0 absent', '1 other-key'] : ['0 other-key', '1 absent']);
    });
  });
}

describe('credentials: each request has to bring its own', () => {
  it('is asked on one connection that three requests share, and on another', async () => {
    const { sent, told } = await played(everyRequest);
    expect(told).to.deep.equal([
      'a good request: 200',
      'without the key, on the same connection: 401',
      'without the key, on a connection of its own: 401',
      'a good request, on the same connection: 200',
    ]);
    const [first, second, alone, last] = sent.map(({ draft }) => draft.agent);
    expect(first).to.be.an('object');
    expect([second === first, alone === first, alone === undefined, last === first]).to.deep.equal([true, false, false, true]);
    expect(new Set(sent.map(({ draft }) => valueOf(draft, 'object_reference_id'))).size, 'references').to.equal(4);
  });

  it('breaks where a connection is let in for its first request', async () => {
    const known = new Set<unknown>();
    const play = await played(everyRequest, {
      instead: (sent, target) => {
        if (hasKey(sent)) known.add(sent.draft.agent);
        return inRound(sent) && known.has(sent.draft.agent) ? target.create(sent.draft) : undefined;
      },
    });
    expect(breachOf(play)).to.include({
      at: 'without the key, on the same connection: 200',
      expected: '401: each request has to bring the key',
      reason: 'a request without the key was accepted behind a good one',
    });
  });

  it('does not break where no key is looked at anywhere: that is for the rule about the key', async () => {
    const { result } = await played(everyRequest, { instead: (sent, target) => (inRound(sent) ? target.create(sent.draft) : undefined) });
    expect(result).to.equal(HOLDS);
  });

  it('breaks where a connection is shut out for a bad request', async () => {
    const shut = new Set<unknown>();
    const play = await played(everyRequest, {
      instead: (sent) => {
        if (!hasKey(sent)) shut.add(sent.draft.agent);
        return shut.has(sent.draft.agent) ? DENIED : undefined;
      },
    });
    expect(breachOf(play)).to.include({
      at: 'a good request, on the same connection: 401',
      expected: '200: the refusal before it was about another request',
      reason: 'a good request was refused behind a bad one on the same connection',
    });
    expect(play.told.at(-1)).to.equal('a good request, on a connection of its own: 200');
    const agents = play.sent.map(({ draft }) => draft.agent);
    expect(agents.at(-1)).to.not.be.oneOf([undefined, ...agents.slice(0, -1)]);
  });

  it('does not break where the account is locked, on every connection', async () => {
    let isLocked = false;
    const { result, sent } = await played(everyRequest, {
      instead: (each) => {
        isLocked ||= !hasKey(each);
        return isLocked ? DENIED : undefined;
      },
    });
    expect(result).to.deep.equal(LOCKED);
    expect(sent).to.have.lengthOf(5);
  });

  it('is not judged where the good requests got no answer', async () => {
    expect((await played(everyRequest, answering({ 1: INVALID }))).result).to.deep.equal({
      outcome: 'blocked',
      reason: 'a good request was not accepted (status 400)',
    });
    expect((await played(everyRequest, answering({ 4: NO_ANSWER }))).result).to.deep.equal({
      outcome: 'blocked',
      reason: 'a good request got no usable answer',
    });
    expect((await played(everyRequest, answering({ 4: DENIED, 5: NO_ANSWER }))).result).to.deep.equal(LOCKED);
  });

  it('lets go of the connection, also where nothing may be sent any more', async () => {
    for (const way of [{}, answering({ 2: 'ended' })]) {
      const destroyed: unknown[] = [];
      let agent: unknown;
      await played(everyRequest, way, {
        before: (context) => {
          const own = context.ownConnection.bind(context);
          context.ownConnection = (keepAlive) => {
            const made = own(keepAlive);
            if (keepAlive) made.destroy = () => void destroyed.push((agent = made));
            return made;
          };
        },
      }).catch((error: unknown) => expect(String(error)).to.include('the budget is spent'));
      expect(destroyed).to.deep.equal([agent]);
    }
  });
});

describe('credentials: judged before the body', () => {
  const BODIES = ['with a field missing', 'with an invalid field', 'with a reference that is taken'] as const;

  it('is asked with bodies of which each has one thing wrong', async () => {
    const { sent, told } = await played(beforeBody);
    expect(told).to.deep.equal([
      'a wrong key with a good body: 401',
      'a customer: 200',
      'a wrong key with a field missing: 401',
      'a wrong key with an invalid field: 401',
      'a wrong key with a reference that is taken: 401',
    ]);
    expect(sent.map(({ draft }) => isBad(draft))).to.deep.equal([false, false, true, true, false]);
    const [, taken, missing, invalid, duplicate] = sent.map(({ draft }) => fieldsOf(draft));
    expect(duplicate).to.deep.equal(taken);
    expect(missing?.map(([name]) => name)).to.not.include('mobile_number');
    expect(invalid?.map(([name]) => name)).to.include('mobile_number');
  });

  for (const [index, body] of BODIES.entries()) {
    it(`breaks where a body ${body} is answered as such`, async () => {
      const answer = index === 2 ? DUPLICATE : INVALID;
      const play = await played(beforeBody, answering({ [3 + index]: answer }));
      expect(breachOf(play)).to.include({
        at: `a wrong key ${body}: 400`,
        expected: '401, as with a good body',
        got: 'status 400',
        reason: 'a wrong key with a bad body is answered as a bad body',
      });
    });

    it(`breaks where a refusal for the key names a field of a body ${body}`, async () => {
      const text = JSON.stringify({ error_message: 'access denied; mobile_number is wrong' });
      expect(breachOf(await played(beforeBody, answering({ [3 + index]: { status: 401, text } })))).to.include({
        got: 'status 401, naming mobile_number',
        at: `a wrong key ${body}: 401`,
      });
    });
  }

  it('breaks where a bad body is accepted without the key', async () => {
    expect(breachOf(await played(beforeBody, answering({ 4: {} })))).to.include({ got: 'status 200', at: 'a wrong key with an invalid field: 200' });
  });

  it('breaks where everything is checked in another order', async () => {
    const way: Way = { instead: ({ draft }, target) => (isBad(draft) ? INVALID : target.taken(draft) === undefined ? undefined : DUPLICATE) };
    expect(breachOf(await played(beforeBody, way)).at).to.equal('a wrong key with a field missing: 400');
  });

  it('holds with any status of a refusal, and with names that stand in each', async () => {
    const text = JSON.stringify({ error_message: 'no access to email_address and the like' });
    expect((await played(beforeBody, { instead: (sent) => (hasKey(sent) ? undefined : { status: 403, text }) })).result).to.equal(HOLDS);
    expect(breachOf(await played(beforeBody, answering({ 1: { status: 403, text: '' } }))).expected).to.equal('403, as with a good body');
  });

  it('is not judged where the key is not looked at, or a request got no usable answer', async () => {
    for (const answer of [{}, NO_ANSWER])
      expect((await played(beforeBody, answering({ 1: answer }))).result).to.deep.equal({
        outcome: 'blocked',
        reason: 'a wrong key with a good body was not refused',
      });
    for (const number of [3, 4, 5])
      expect((await played(beforeBody, answering({ [number]: NO_ANSWER }))).result).to.deep.equal({
        outcome: 'blocked',
        reason: 'a request got no usable answer',
      });
  });
});

describe('credentials: what is refused stores nothing', () => {
  const storing: Way = { instead: (sent, target) => (hasKey(sent) ? undefined : (target.store(sent.draft), DENIED)) };

  it('is asked with one reference twice', async () => {
    const { sent, told } = await played(storesNothing);
    expect(told).to.deep.equal(['with a wrong key: 401', 'the same reference with the right key: 200']);
    expect(new Set(sent.map(({ draft }) => valueOf(draft, 'object_reference_id'))).size).to.equal(1);
  });

  it('breaks where the reference is taken, and another is not', async () => {
    const play = await played(storesNothing, storing);
    expect(breachOf(play)).to.include({
      at: 'the same reference with the right key: 400',
      expected: '200: nothing was stored under this reference',
      reason: 'a create that was refused for its credential took its reference',
    });
    expect(play.told.at(-1)).to.equal('another reference with the right key: 200');
    expect(valueOf((play.sent[2] ?? expect.fail('no third')).draft, 'object_reference_id')).to.not.equal(play.observations[0]?.reference);
  });

  it('is not judged where the key is not looked at', async () => {
    const { result, sent } = await played(storesNothing, { instead: (each, target) => (inRound(each) ? shown(target.store(each.draft)) : undefined) });
    expect(result).to.deep.equal({ outcome: 'blocked', reason: 'a wrong key was not refused' });
    expect(sent).to.have.lengthOf(1);
  });

  it('is not judged where good requests are refused or not answered', async () => {
    expect((await played(storesNothing, answering({ 2: NO_ANSWER }))).result).to.deep.equal({
      outcome: 'blocked',
      reason: 'the good request got no usable answer',
    });
    for (const answer of [DENIED, NO_ANSWER]) expect((await played(storesNothing, answering({ 2: DENIED, 3: answer }))).result).to.deep.equal(LOCKED);
  });
});
