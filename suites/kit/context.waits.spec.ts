import { expect } from 'chai';
import http from 'node:http';
import net from 'node:net';
import type { Purpose } from './observation.js';
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

describe('context: turns', () => {
  it('so many requests go out as there are places', async () => {
    await sending(
      async (...given) => (await wait(15), OK(...given)),
      async ({ context, server }) => {
        await Promise.all([0, 1, 2, 3, 4].map((n) => context.send(creating(), intentOf({ n }))));
        expect(server.busiest()).to.equal(2);
      },
      { concurrency: 2 },
    );
  });

  for (const [purpose, order] of [
    ['step', [0, 2, 1]],
    ['confirmation', [0, 2, 1]],
    ['shrink', [0, 1, 2]],
    ['conforming', [0, 1, 2]],
  ] as const satisfies readonly (readonly [Purpose, readonly number[]])[]) {
    it(`a ${purpose} ${order[1] === 2 ? 'goes before' : 'goes behind'} what waits already`, async () => {
      await sending(
        OK,
        async ({ context, exchanges }) => {
          const purposes: readonly Purpose[] = ['conforming', 'conforming', purpose];
          await Promise.all(purposes.map((each, n) => context.send(creating(), intentOf({ n, purpose: each }))));
          expect(exchanges.map(({ n }) => n)).to.deep.equal(order);
        },
        { concurrency: 1 },
      );
    });
  }

  it('so many requests a second as the run was given', async () => {
    await sending(
      OK,
      async ({ context }) => {
        const [took] = await timed(Promise.all([0, 1, 2].map((n) => context.send(creating(), intentOf({ n })))));
        expect(took, 'ms').to.be.at.least(900);
      },
      { ratePerSecond: 2 },
    );
  });

  it('where the budget is spent nothing goes out, and it is said so', async () => {
    await sending(
      OK,
      async ({ context, server }) => {
        for (const n of [0, 1]) await context.send(creating(), intentOf({ n }));
        const error = await rejection(context.send(creating(), intentOf()));
        expect(error).to.be.instanceOf(SendingEnded);
        expect(messageOf(error)).to.equal('the budget of 2 requests is spent');
        expect(server.received).to.have.lengthOf(2);
      },
      { maxRequests: 2 },
    );
  });

  it('several go out at the same moment, each with its draft made for itself, and come back in their order', async () => {
    await sending(
      async (response, received, number) => {
        await wait(40 - 10 * number);
        await OK(response, received, number);
      },
      async ({ context, server }) => {
        const again = creating({ path: '/again' });
        const recipe = creating();
        const sent = await context.sendTogether([0, 1, 2].map((n) => ({ recipe, intent: intentOf({ n }), ...(n === 1 ? { again } : {}) })));
        expect(server.busiest()).to.equal(3);
        expect(sent.map(({ intent, outcome }) => [intent.n, outcome])).to.deep.equal([0, 1, 2].map((n) => [n, 'accepted']));
        expect(sent.map((each) => each.recipe === recipe)).to.deep.equal([true, false, true]);
        expect(sent[1]?.recipe).to.equal(again);
        expect(sent.map(({ reference }) => reference)).to.deep.equal([0, 1, 2].map((n) => context.reference('first_name/charset', n)));
      },
    );
  });

  it('a request that is repeated is made as its sender said, else as it was made', async () => {
    await sending(OK, async ({ context }) => {
      const [recipe, again] = [creating(), creating()];
      expect((await context.send(recipe, intentOf())).recipe).to.equal(recipe);
      expect((await context.send(recipe, intentOf(), again)).recipe).to.equal(again);
    });
  });

  it('an answer that does not come is given up in the time that the run was given', async () => {
    await sending(
      () => undefined,
      async ({ context }) => {
        const [took, { failure }] = await timed(context.send(creating(), intentOf()));
        expect(failure).to.deep.equal({ kind: 'timeout', message: 'no complete answer within 50 ms' });
        expect(took, 'ms').to.be.below(900);
      },
      { timeoutMs: 50 },
    );
  });
});
