import { expect } from 'chai';
import type http from 'node:http';
import { Context } from './context.js';
import type { Draft } from './draft.js';
import type { Observation } from './observation.js';
import { creating, intentOf, json, sending } from './sending.spec-help.js';
import { serveBytes, wait, type Answer } from './server.spec-help.js';
import { configOf } from './target.spec-help.js';

const OK = json(200, { id: 'cst_1' });

/** Answers, but hangs up on the requests with these numbers without a word. */
function hangingUpOn(...numbers: readonly number[]): Answer {
  return (response, received, number) => (numbers.includes(number) ? void response.destroy() : OK(response, received, number));
}

/** Sends so many requests one after the other. */
async function oneByOne(context: Context, times: number, more: Partial<Draft> = {}): Promise<Observation[]> {
  const sent: Observation[] = [];
  for (let n = 0; n < times; n += 1) sent.push(await context.send(creating(more), intentOf({ n })));
  return sent;
}

const portsOf = (received: readonly { readonly port: number }[]): number => new Set(received.map(({ port }) => port)).size;

describe('context: connections', () => {
  it('requests share those of the run', async () => {
    await sending(OK, async ({ context, server }) => {
      await oneByOne(context, 3);
      expect(portsOf(server.received), 'connections of 3 requests').to.equal(1);
    });
  });

  it('a request that asks for one of its own has it', async () => {
    await sending(OK, async ({ context, server }) => {
      await oneByOne(context, 3, { agent: context.singleUse });
      expect(portsOf(server.received), 'connections of 3 requests').to.equal(3);
    });
  });

  it('several requests may share one that no others have, one after the other', async () => {
    await sending(OK, async ({ context, server }) => {
      const agent = context.ownConnection(true);
      await oneByOne(context, 1);
      await Promise.all([0, 1, 2].map((n) => context.send(creating({ agent }), intentOf({ n }))));
      const [first, ...others] = server.received;
      expect(portsOf(others), 'connections of 3 requests').to.equal(1);
      expect(others.map(({ port }) => port)).to.not.include(first?.port);
      agent.destroy();
    });
  });

  it('one that is not kept carries a single request', async () => {
    await sending(OK, async ({ context, server }) => {
      await oneByOne(context, 2, { agent: context.ownConnection(false) });
      expect(portsOf(server.received), 'connections of 2 requests').to.equal(2);
    });
  });

  it('those that are idle are closed with the run', async () => {
    let closed = false;
    const server = await serveBytes((socket) => {
      socket.once('close', () => (closed = true));
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    const context = new Context(configOf(server.url), 1, 'rtest');
    await context.send(creating(), intentOf());
    await wait(20);
    const before = closed;
    context.close();
    await wait(50);
    await server.close();
    expect([before, closed], 'closed before the end of the run, and with it').to.deep.equal([false, true]);
  });
});

describe('context: a request that meets the closing of an idle connection', () => {
  it('is sent again on a fresh one; from then on each request has a connection of its own', async () => {
    await sending(hangingUpOn(2), async ({ context, server }) => {
      const sent = await oneByOne(context, 4);
      expect(sent.map(({ outcome, failure }) => [outcome, failure?.kind])).to.deep.equal(Array.from({ length: 4 }, () => ['accepted', undefined]));
      const [first, lost, again, ...later] = server.received;
      expect(server.received).to.have.lengthOf(5);
      expect(lost?.port, 'the connection that was idle').to.equal(first?.port);
      expect(again?.body.equals(lost?.body ?? Buffer.alloc(0)), 'the same bytes').to.equal(true);
      expect(portsOf([again ?? expect.fail('it was not sent again'), ...later]), 'connections from then on').to.equal(3);
    });
  });

  it('is the target’s to answer where it is dropped again', async () => {
    await sending(hangingUpOn(2, 3), async ({ context, server }) => {
      const sent = await oneByOne(context, 2);
      expect(sent[1]?.failure?.kind).to.equal('dropped');
      expect(server.received).to.have.lengthOf(3);
    });
  });

  it('is none where the connection was fresh', async () => {
    await sending(hangingUpOn(1), async ({ context, server }) => {
      const sent = await oneByOne(context, 3);
      expect(sent.map(({ failure }) => failure?.kind)).to.deep.equal(['dropped', undefined, undefined]);
      expect(server.received).to.have.lengthOf(3);
      expect(portsOf(server.received.slice(1)), 'connections of the two that were answered').to.equal(1);
    });
  });

  const others: readonly (readonly [what: string, kind: string, answer: (response: http.ServerResponse) => void])[] = [
    ['the answer began', 'dropped', (response) => void (response.writeHead(200, { 'Content-Length': '9' }), response.write('{}', () => response.destroy()))],
    ['no answer came at all', 'timeout', () => undefined],
  ];
  for (const [what, kind, answer] of others) {
    it(`is none where ${what}`, async () => {
      const second: Answer = (response, received, number) => (number === 2 ? answer(response) : OK(response, received, number));
      await sending(
        second,
        async ({ context, server }) => {
          const sent = await oneByOne(context, 2);
          expect(sent[1]?.failure?.kind).to.equal(kind);
          expect(server.received).to.have.lengthOf(2);
          expect(portsOf(server.received), 'connections').to.equal(1);
        },
        { timeoutMs: 400 },
      );
    });
  }
});
