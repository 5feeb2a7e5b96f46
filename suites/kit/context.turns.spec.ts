import { expect } from 'chai';
import type { Purpose } from './observation.js';
import { SendingEnded } from './pacing.js';
import { creating, intentOf, json, messageOf, rejection, sending } from './sending.spec-help.js';
import { timed, wait } from './server.spec-help.js';

const OK = json(200, { id: 'cst_1' });

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
