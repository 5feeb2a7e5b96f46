import { expect } from 'chai';
import { refusedUrl, serve, serveBytes, type Answer } from './server.spec-help.js';
import { accusations, assertSound, changed, IDS, QUICK, watch, type Watched } from './target.spec-help.js';

/** A run that could not learn anything: it says why, and blames nobody. */
function assertBlocked(watched: Watched, why: RegExp): void {
  assertSound(watched);
  const { run } = watched;
  expect([run.status, run.exitCode, run.counts.blocked]).to.deep.equal(['blocked', 2, IDS.length]);
  expect(run.blockedBy).to.match(why);
  expect(accusations(run)).to.deep.equal([]);
}

async function watchServer(answer: Answer, more: Parameters<typeof watch>[1] = {}): Promise<Watched & { readonly received: number }> {
  const server = await serve(answer);
  try {
    return { ...(await watch(server.url, more)), received: server.received.length };
  } finally {
    await server.close();
  }
}

const json = (status: number, body: object): Answer => {
  return (response) => void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};

describe('run', function () {
  this.timeout(30_000);

  describe('a target that lets nothing be learnt', () => {
    it('nobody listens', async () => {
      const watched = await watch(await refusedUrl());
      assertBlocked(watched, /^the target cannot be reached: .*ECONNREFUSED/);
      expect(watched.run.requestsSent).to.equal(3);
    });

    it('TLS is asked of a server that speaks none', async () => {
      const server = await serve();
      assertBlocked(await watch(server.url.replace('http:', 'https:')), /^TLS with the target failed: /);
      await server.close();
    });

    it('it never answers', async () => {
      const server = await serveBytes(() => undefined);
      assertBlocked(await watch(server.url, { timeoutMs: 100 }), /^the target gave no answer: no complete answer within 100 ms/);
      await server.close();
    });

    it('401 for everything', async () => {
      const watched = await watchServer(json(401, { status: 'error', error_code: 'access_denied' }));
      assertBlocked(watched, /the API key or merchant id is not accepted.*401 .*access_denied/);
      expect(watched.received).to.equal(3);
    });

    it('404 for everything', async () => {
      assertBlocked(
        await watchServer((response) => void response.writeHead(404).end('no such page')),
        /there is no POST \/customers under this URL.*404 no such page/,
      );
    });

    it('403 for callers from this address', async () => {
      const body = {
        error: true,
        error_info: { code: 'BAD_ORIGIN', category: 'USER_ERROR', user_message: 'Bad Origin.', developer_message: 'IP Verification Failed' },
      };
      assertBlocked(await watchServer(json(403, body)), /does not let this address in \(403 BAD_ORIGIN\)/);
    });

    it('another 403', async () => {
      assertBlocked(await watchServer(json(403, { status: 'error', error_code: 'forbidden' })), /no published sample was accepted.*403/);
    });

    it('400 and 500 for everything', async () => {
      assertBlocked(await watchServer(json(400, { status: 'Bad Request' })), /no published sample was accepted.*the target refuses them all.*400/);
      assertBlocked(await watchServer((response) => void response.writeHead(500).end()), /no published sample was accepted.*500/);
    });

    it('429 for ever', async () => {
      const watched = await watchServer((response) => void response.writeHead(429, { 'Retry-After': '0' }).end());
      assertBlocked(watched, /^the target kept answering 429 after 5 waits$/);
      expect(watched.received).to.equal(6);
    });

    it('a redirect for everything', async () => {
      assertBlocked(await watchServer((response) => void response.writeHead(302, { Location: '/login' }).end()), /no published sample was accepted.*302/);
    });
  });

  describe('a target that changes under the run', () => {
    it('that asks to wait now and then is waited for, and nobody is accused', async () => {
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) =>
          call.number % 9 === 8 ? { status: 429, headers: { 'Retry-After': '0' }, body: '' } : beforehand(call, world, behaviour),
      }));
      const watched = await watch(target.url, { rules: QUICK });
      await target.close();
      assertSound(watched, QUICK);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect([watched.run.status, watched.finding('error/throttling').reading]).to.deep.equal(['complete', { '429': 'seen' }]);
    });

    it('that asks more often than there are requests to spare is sent all of them in the end', async () => {
      // Of 28 requests the last four are asked to wait, whichever they are: some of them are asked again and again.
      let calls = 0;
      let asked = 0;
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) => {
          calls += 1;
          if (calls % 28 <= 23) return beforehand(call, world, behaviour);
          asked += 1;
          return { status: 429, headers: { 'Retry-After': '0' }, body: '' };
        },
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(asked, 'requests that were asked to wait').to.be.above(30);
      expect(accusations(watched.run)).to.deep.equal([]);
      const blocked = watched.run.findings.filter(({ verdict }) => verdict === 'blocked').map(({ ruleId, reason }) => `${ruleId}: ${reason}`);
      expect(blocked).to.deep.equal([]);
      expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['complete', 0]);
      expect(watched.run.requestsSent - asked, 'requests that were answered').to.be.within(250, 300);
    });

    it('that throttles for ever from some request on: nobody is accused, the rest is blocked', async () => {
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) =>
          call.number > 80 ? { status: 429, headers: { 'Retry-After': '0' }, body: '' } : beforehand(call, world, behaviour),
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect(watched.run.exitCode).to.equal(2);
    });

    it('that no longer lets the address in: blocked, and nobody is accused', async () => {
      const body = JSON.stringify({ error: true, error_info: { code: 'BAD_ORIGIN' } });
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) => (call.number > 60 ? { status: 403, headers: {}, body } : beforehand(call, world, behaviour)),
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['blocked', 2]);
    });

    it('that is stopped: nobody is accused, and the run ends soon', async () => {
      const target = await changed();
      let closed: Promise<void> | undefined;
      const watched = await watch(target.url, { onProgress: ({ requestsSent }) => void (requestsSent > 60 ? (closed ??= target.close()) : undefined) });
      await closed;
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect(watched.run.exitCode).to.equal(2);
      expect(watched.run.requestsSent, 'requests').to.be.below(120);
    });
  });
});
