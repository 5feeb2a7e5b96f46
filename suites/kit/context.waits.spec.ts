import { expect } from 'chai';
import http from 'node:http';
import net from 'node:net';
import { SendingEnded } from './pacing.js';
import { BAD_ORIGIN, creating, intentOf, json, messageOf, rejection, sending } from './sending.spec-help.js';
import { refusedUrl, timed, wait, type Answer } from './server.spec-help.js';

const OK = json(200, { id: 'cst_1' });

/** 429 for the first so many requests, and 200 from then on. */
function throttling(times: number, headers: Readonly<Record<string, string>>): Answer {
  return (response, received, number) => (number <= times ? json(429, {}, headers) : OK)(response, received, number);
}

describe('context: a target that asks to wait', () => {
  it('is asked again, with the same request, until it answers', async () => {
    await sending(throttling(2, { 'RETRY-AFTER': '0' }), async ({ context, server, exchanges }) => {
      expect(context.throttled).to.equal(false);
      const [took, { outcome }] = await timed(context.send(creating(), intentOf()));
      expect([outcome, context.throttled]).to.deep.equal(['accepted', true]);
      expect(exchanges.map(({ response }) => response?.status)).to.deep.equal([429, 429, 200]);
      expect(new Set(server.received.map(({ body }) => body.toString())).size, 'bodies').to.equal(1);
      // Two waits of at least 20 and 40 ms, and not the seconds that are waited where no header says how long.
      expect(took, 'ms').to.be.within(55, 800);
    });
  });

  it('is waited for in the seconds that it names', async () => {
    await sending(throttling(1, { 'Retry-After': '0.25' }), async ({ context }) => {
      const [took] = await timed(context.send(creating(), intentOf()));
      expect(took, 'ms').to.be.within(240, 900);
    });
  });

  it('means a date by its own clock', async () => {
    const date = 'Tue, 22 Nov 2050 10:00:00 GMT';
    await sending(throttling(1, { 'Retry-After': date, Date: date }), async ({ context }) => {
      const [took, { outcome }] = await timed(context.send(creating(), intentOf()));
      expect(outcome).to.equal('accepted');
      expect(took, 'ms').to.be.below(800);
    });
  });

  it('holds up all other requests meanwhile', async () => {
    await sending(throttling(1, { 'Retry-After': '0.2' }), async ({ context, server }) => {
      const first = context.send(creating(), intentOf());
      while (!context.throttled) await wait(2);
      const second = context.send(creating(), intentOf({ n: 4 }));
      await wait(60);
      expect(server.received, 'requests within the wait').to.have.lengthOf(1);
      await Promise.all([first, second]);
    });
  });

  it('and never answers otherwise ends the request after five waits, each longer than the one before', async () => {
    await sending(throttling(99, { 'Retry-After': '0' }), async ({ context, server }) => {
      const [took, error] = await timed(rejection(context.send(creating(), intentOf())));
      expect(error).to.be.instanceOf(SendingEnded);
      expect(messageOf(error)).to.equal('the target kept answering 429 after 5 waits');
      expect(server.received).to.have.lengthOf(6);
      expect(took, 'ms').to.be.at.least(600);
    });
  });
});

describe('context: a target that asks several requests at the same moment to wait', () => {
  const gathered = [creating(), creating(), creating()].map((recipe, n) => ({ recipe, intent: intentOf({ n }) }));

  it('all of them: they go out together again, as they were', async () => {
    await sending(throttling(6, { 'Retry-After': '0' }), async ({ context, server }) => {
      const answers = await context.sendTogether(gathered);
      expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['accepted', 'accepted', 'accepted']);
      expect(server.received).to.have.lengthOf(9);
      expect(new Set(server.received.map(({ body }) => body.toString())).size, 'bodies').to.equal(3);
    });
  });

  it('some of them: what the others did is done, and none goes out again', async () => {
    await sending(throttling(2, { 'Retry-After': '0' }), async ({ context, server }) => {
      const answers = await context.sendTogether(gathered);
      expect(answers.filter(({ outcome }) => outcome === 'throttled')).to.have.lengthOf(2);
      expect(server.received).to.have.lengthOf(3);
    });
  });

  it('for ever: they come back as they were answered after five waits', async () => {
    await sending(throttling(99, { 'Retry-After': '0' }), async ({ context, server }) => {
      const [took, answers] = await timed(context.sendTogether(gathered));
      expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['throttled', 'throttled', 'throttled']);
      expect(server.received).to.have.lengthOf(18);
      // 20, 40, 80, 160 and 320 ms.
      expect(took, 'ms').to.be.within(600, 3_000);
    });
  });
});

describe('context: a target that does not let the address in', () => {
  const WHY = 'the target does not let this address in (403 BAD_ORIGIN): ask for it to be allowed';

  it('ends the run: nothing more is sent, and each request is told why', async () => {
    await sending(BAD_ORIGIN, async ({ context, server, exchanges }) => {
      const error = await rejection(context.send(creating(), intentOf()));
      expect(error).to.be.instanceOf(SendingEnded);
      expect(messageOf(error)).to.equal(WHY);
      expect(context.pacing.ended).to.equal(WHY);
      expect(messageOf(await rejection(context.send(creating(), intentOf())))).to.equal(WHY);
      expect([server.received.length, exchanges.length, context.throttled]).to.deep.equal([1, 1, false]);
    });
  });

  it('is told of as an interruption where the run was interrupted meanwhile', async () => {
    const interruption = new AbortController();
    const answer: Answer = (...given) => (interruption.abort(), BAD_ORIGIN(...given));
    await sending(answer, async ({ context }) => expect(messageOf(await rejection(context.send(creating(), intentOf())))).to.equal('the run was interrupted'), {
      signal: interruption.signal,
    });
  });

  it('may mean an odd header by it: then the answer is one like any other, and the run goes on', async () => {
    await sending(BAD_ORIGIN, async ({ context, server }) => {
      const { outcome } = await context.send(creating(), intentOf({ purpose: 'robustness' }));
      expect([outcome, context.pacing.ended, context.throttled]).to.deep.equal(['throttled', undefined, false]);
      expect(server.received).to.have.lengthOf(1);
    });
  });

  it('another 403 is a refusal', async () => {
    await sending(json(403, {}), async ({ context }) => {
      expect((await context.send(creating(), intentOf())).outcome).to.equal('refused');
      expect(context.pacing.ended).to.equal(undefined);
    });
  });
});

describe('context: a target that cannot be reached', () => {
  /** Goes to a port at which nobody listens, whatever the target is. */
  async function nowhere(): Promise<http.Agent> {
    const port = Number(new URL(await refusedUrl()).port);
    return Object.assign(new http.Agent(), { createConnection: () => net.connect(port, '127.0.0.1') });
  }

  it('five times in a row is gone; what it answers in between begins the count anew', async () => {
    const agent = await nowhere();
    await sending(OK, async ({ context }) => {
      const states: (readonly [boolean, boolean])[] = [];
      for (const away of [true, true, true, true, false, true, true, true, true, true]) {
        const { failure } = await context.send(creating(away ? { agent } : {}), intentOf());
        expect(failure?.kind).to.equal(away ? 'unreachable' : undefined);
        states.push([context.unreachable, context.pacing.ended === undefined]);
      }
      expect(states).to.deep.equal([
        ...Array.from({ length: 4 }, () => [true, true]),
        [false, true],
        ...Array.from({ length: 4 }, () => [true, true]),
        [true, false],
      ]);
      expect(context.pacing.ended).to.match(/^the target cannot be reached any more \(.*ECONNREFUSED.*\)$/);
    });
  });

  it('is not what a target is that hangs up', async () => {
    await sending(
      (response) => void response.destroy(),
      async ({ context }) => {
        for (let n = 0; n < 6; n += 1) expect((await context.send(creating(), intentOf({ n }))).failure?.kind).to.equal('dropped');
        expect([context.unreachable, context.pacing.ended]).to.deep.equal([false, undefined]);
      },
    );
  });
});
