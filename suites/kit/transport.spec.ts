import { expect } from 'chai';
import fc from 'fast-check';
import type http from 'node:http';
import { gzipSync } from 'node:zlib';
import type { RobustnessFamily } from '../../contracts/model.js';
import { oddBodies } from '../../generators/wire.js';
import { headersOf, refusedUrl, serve, serveBytes, timed, wait, type Received, type TestServer } from './server.spec-help.js';
import { createAgent, exchange, type WireRequest, type WireResult } from './transport.js';

const FORM = 'application/x-www-form-urlencoded';
const post = (body: Buffer | undefined, more: Partial<WireRequest> = {}): WireRequest => ({
  method: 'POST',
  path: '/customers',
  headers: [['Content-Type', FORM]],
  body,
  ...more,
});

describe('transport', function () {
  this.timeout(10_000);
  const agents: http.Agent[] = [];
  const closing: (() => Promise<void>)[] = [];

  after(async () => {
    for (const agent of agents) agent.destroy();
    for (const close of closing) await close();
  });

  async function server(...parameters: Parameters<typeof serve>): Promise<TestServer> {
    const made = await serve(...parameters);
    closing.push(made.close);
    return made;
  }

  async function bytes(...parts: Parameters<typeof serveBytes>): Promise<string> {
    const made = await serveBytes(...parts);
    closing.push(made.close);
    return made.url;
  }

  function send(url: string, wire: WireRequest, timeoutMs = 2_000): Promise<WireResult> {
    const agent = createAgent(url, 4);
    agents.push(agent);
    return exchange(url, wire, agent, timeoutMs);
  }

  /** Sends a request to a server of its own, and gives what the server saw. */
  async function arrival(wire: WireRequest): Promise<Received> {
    const { url, received } = await server();
    const { failure } = await send(url, wire);
    const [one] = received;
    if (one === undefined) throw new Error(`nothing arrived: ${failure?.message ?? 'no failure'}`);
    return one;
  }

  describe('what goes out', () => {
    it('a Buffer under the form type arrives byte for byte, and not as a list of its bytes', async () => {
      const { body } = await arrival(post(Buffer.from('a=b')));
      expect(body.toString('latin1')).to.equal('a=b');
    });

    it('any bytes arrive as they were, with their length, under any of the media types that parsers know', async () => {
      const { url, received } = await server();
      const agent = createAgent(url, 1);
      agents.push(agent);
      const types = fc.constantFrom(FORM, 'application/json', 'text/plain', 'multipart/form-data', '');
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), types, async (body, type) => {
          received.length = 0;
          await exchange(url, post(Buffer.from(body), { headers: type === '' ? [] : [['Content-Type', type]] }), agent, 2_000);
          const [one] = received;
          expect(one?.body.toString('hex')).to.equal(Buffer.from(body).toString('hex'));
          expect(one === undefined ? [] : headersOf(one, 'content-length')).to.deep.equal([String(body.length)]);
        }),
        { numRuns: 60 },
      );
    });

    it('headers arrive in the letter case and with the value that they were given, and nothing is added but what HTTP needs', async () => {
      const given = [
        ['Authorization', 'bAsIc a2V5Og=='],
        ['X-MERCHANTID', 'merchant_id'],
        ['x-Odd', "!#$%&'*+-.^_`|~ Jo\xe3o"],
        ['x-empty', ''],
        ['Content-Type', 'Application/X-WWW-Form-Urlencoded'],
      ] as const;
      const { headers } = await arrival(post(Buffer.from('a=b'), { headers: given }));
      for (const [name, value] of given) expect(headers).to.deep.include([name, value]);
      const added = headers.filter(([name]) => !given.some(([each]) => each === name)).map(([name]) => name.toLowerCase());
      expect(added).to.have.members(['host', 'accept-encoding', 'content-length', 'connection']);
    });

    it('a header that is given twice arrives twice', async () => {
      const one = await arrival(
        post(Buffer.from('a=b'), {
          headers: [
            ['x-merchantid', 'one'],
            ['X-MerchantId', 'another'],
          ],
        }),
      );
      expect(headersOf(one, 'x-merchantid')).to.deep.equal(['one', 'another']);
    });

    it('answers are asked for as they are, not compressed', async () => {
      expect(headersOf(await arrival(post(undefined)), 'accept-encoding')).to.deep.equal(['identity']);
    });

    it('no Content-Type is made up where none was given', async () => {
      expect(headersOf(await arrival(post(Buffer.from('a=b'), { headers: [] })), 'content-type')).to.deep.equal([]);
    });

    it('a chunked body arrives in chunks, whole, without a Content-Length', async () => {
      const body = Buffer.from(`object_reference_id=cust_123489&first_name=${'x'.repeat(5000)}`);
      const one = await arrival(post(body, { chunked: true }));
      expect(headersOf(one, 'transfer-encoding')).to.deep.equal(['chunked']);
      expect(headersOf(one, 'content-length')).to.deep.equal([]);
      expect(one.body.equals(body), 'the body as it was').to.equal(true);
    });

    for (const family of ['methods', 'paths', 'headers', 'bodies'] as const satisfies readonly RobustnessFamily[]) {
      it(`every odd request about ${family} arrives as it was meant`, async () => {
        const { url, received } = await server();
        for (const { name, method = 'POST', path = '/customers', headers = [], body } of oddBodies(family, [['object_reference_id', 'cust_123489']])) {
          received.length = 0;
          await send(url, { method, path, headers, body });
          const [one] = received;
          expect(one && [one.method, one.url], name).to.deep.equal([method, path]);
          expect(one?.body.equals(body), `the body of ${name}`).to.equal(true);
          for (const [header, value] of headers) expect(one?.headers, name).to.deep.include([header, value]);
        }
      });
    }

    it("the target's own path stands in front", async () => {
      const { url, received } = await server();
      await send(`${url}/sandbox`, post(undefined));
      expect(received[0]?.url).to.equal('/sandbox/customers');
    });

    it('cookies that were set do not come back, over the same connection neither', async () => {
      const { url, received } = await server((response) => void response.setHeader('Set-Cookie', 'session=1; Path=/').end());
      const agent = createAgent(url, 1);
      agents.push(agent);
      for (let time = 0; time < 3; time += 1) await exchange(url, post(Buffer.from('a=b')), agent, 2_000);
      expect(new Set(received.map(({ port }) => port)).size, 'connections').to.equal(1);
      expect(received.flatMap((one) => headersOf(one, 'cookie'))).to.deep.equal([]);
    });

    it('a redirect is an answer, and is not followed', async () => {
      const { url, received } = await server((response) => void response.writeHead(307, { Location: '/elsewhere' }).end('moved'));
      const { response, failure } = await send(url, post(Buffer.from('a=b')));
      expect(failure).to.equal(undefined);
      expect([response?.status, response?.body.toString()]).to.deep.equal([307, 'moved']);
      expect(received.map((one) => one.url)).to.deep.equal(['/customers']);
    });
  });

  describe('what comes back', () => {
    it('status, headers in their order and letter case, and the bytes of the body', async () => {
      const url = await bytes((socket) => socket.end('HTTP/1.1 418 Teapot\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\nContent-Length: 3\r\n\r\n\xff\x00a', 'latin1'));
      const { response, failure, durationMs, startedAt } = await send(url, post(Buffer.from('a=b')));
      expect(failure).to.equal(undefined);
      expect(response).to.deep.equal({
        status: 418,
        headers: [
          ['X-B', '1'],
          ['x-a', '2'],
          ['X-B', '3'],
          ['Content-Length', '3'],
        ],
        body: Buffer.from('\xff\x00a', 'latin1'),
        complete: true,
      });
      expect(durationMs).to.be.above(0);
      expect(Math.abs(startedAt.getTime() - Date.now())).to.be.below(5_000);
    });

    for (const [type, text] of [
      ['application/json', '{"id": '],
      ['application/json', ''],
      ['application/x-www-form-urlencoded', '%zz=%'],
      ['multipart/form-data', 'no boundary'],
      ['image/png', 'no image'],
      ['text/html', '<html>'],
    ] as const) {
      it(`${JSON.stringify(text)} as ${type} is kept, and nothing is thrown`, async () => {
        const { url } = await server((response) => void response.setHeader('Content-Type', type).end(text));
        const { response, failure } = await send(url, post(Buffer.from('a=b')));
        expect(failure).to.equal(undefined);
        expect([response?.body.toString(), response?.complete]).to.deep.equal([text, true]);
      });
    }

    for (const status of [201, 400, 401, 404, 429, 500, 503]) {
      it(`a ${String(status)} comes with its body`, async () => {
        const { url } = await server((response) => void response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"why": "because"}'));
        const { response, failure } = await send(url, post(Buffer.from('a=b')));
        expect(failure).to.equal(undefined);
        expect([response?.status, response?.body.toString()]).to.deep.equal([status, '{"why": "because"}']);
      });
    }

    it('an answer that is compressed though nobody asked for it is unpacked, its headers as they came', async () => {
      const packed = gzipSync('{"id": "cst_1"}');
      const { url } = await server((response) => void response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length }).end(packed));
      const { response, failure } = await send(url, post(Buffer.from('a=b')));
      expect(failure).to.equal(undefined);
      expect([response?.body.toString(), response?.complete]).to.deep.equal(['{"id": "cst_1"}', true]);
      expect(response?.headers).to.deep.include(['Content-Length', String(packed.length)]);
    });

    it('an answer that says it is compressed and is not ends in a failure, not in silence', async () => {
      const { url } = await server((response) => void response.setHeader('Content-Encoding', 'gzip').end('{"id": "cst_1"}'));
      const [took, { failure }] = await timed(send(url, post(Buffer.from('a=b'))));
      expect(failure?.kind).to.equal('malformed');
      expect(took, 'milliseconds').to.be.below(1_000);
    });

    it('an answer to HEAD is complete without the body that its Content-Length speaks of', async () => {
      const { url } = await server((response) => void response.writeHead(200, { 'Content-Length': 99 }).end());
      const { response, failure } = await send(url, { method: 'HEAD', path: '/customers', headers: [], body: undefined });
      expect(failure).to.equal(undefined);
      expect([response?.status, response?.body.length, response?.complete]).to.deep.equal([200, 0, true]);
    });

    for (const status of [204, 304]) {
      it(`a ${String(status)} has no body, and is complete`, async () => {
        const { url } = await server((response) => void response.writeHead(status).end());
        const { response, failure } = await send(url, post(Buffer.from('a=b')));
        expect(failure).to.equal(undefined);
        expect([response?.status, response?.body.length, response?.complete]).to.deep.equal([status, 0, true]);
      });
    }

    it('a large body comes whole', async () => {
      const body = Buffer.alloc(3_000_000, 'x');
      const { url } = await server((response) => void response.end(body));
      const { response } = await send(url, post(Buffer.from('a=b')), 8_000);
      expect([response?.body.length, response?.complete]).to.deep.equal([body.length, true]);
    });
  });

  describe('what fails', () => {
    it('silence is a timeout without a response, in the time that was given', async () => {
      const { url } = await server(() => undefined);
      // A timer counts from the beginning of its turn of the event loop, which may have gone on for a while.
      await new Promise((resolve) => setTimeout(resolve, 1));
      const [took, { response, failure }] = await timed(send(url, post(Buffer.from('a=b')), 150));
      expect(failure).to.deep.equal({ kind: 'timeout', message: 'no complete answer within 150 ms' });
      expect(response).to.equal(undefined);
      expect(took, 'milliseconds').to.be.within(100, 1_500);
    });

    it('a body that never ends is a timeout, with what came of it so far', async () => {
      const url = await bytes((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
      const { response, failure } = await send(url, post(Buffer.from('a=b')), 150);
      expect(failure?.kind).to.equal('timeout');
      expect(response && [response.status, response.body.toString(), response.complete]).to.deep.equal([200, 'abc', false]);
    });

    it('a body that drips is a timeout too: the time is for the whole exchange', async () => {
      const url = await bytes((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        const dripping = setInterval(() => socket.write('.'), 40);
        socket.once('close', () => clearInterval(dripping));
      });
      const [took, { failure }] = await timed(send(url, post(Buffer.from('a=b')), 200));
      expect(failure?.kind).to.equal('timeout');
      expect(took, 'milliseconds').to.be.below(1_500);
    });

    it('a body shorter than its Content-Length is a response that is not complete', async () => {
      const url = await bytes((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
      const { response, failure } = await send(url, post(Buffer.from('a=b')));
      expect(failure?.kind).to.equal('dropped');
      expect(response && [response.status, response.body.toString(), response.complete]).to.deep.equal([200, 'abc', false]);
    });

    it('chunks without the last one are a response that is not complete', async () => {
      const url = await bytes((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'));
      const { response, failure } = await send(url, post(Buffer.from('a=b')));
      expect(failure?.kind).to.equal('dropped');
      expect(response && [response.body.toString(), response.complete]).to.deep.equal(['abc', false]);
    });

    for (const [how, end] of [
      ['closed', (socket: { end(): unknown }): unknown => socket.end()],
      ['reset', (socket: { resetAndDestroy(): unknown }): unknown => socket.resetAndDestroy()],
    ] as const) {
      it(`a connection that is ${how} without an answer was dropped`, async () => {
        const url = await bytes((socket) => void end(socket));
        const { response, failure } = await send(url, post(Buffer.from('a=b')));
        expect(response).to.equal(undefined);
        expect(failure?.kind).to.equal('dropped');
        expect(failure?.message).to.match(/^the connection was closed without a complete answer/);
      });
    }

    it('a connection that breaks within the head was dropped', async () => {
      const url = await bytes((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'));
      const { response, failure } = await send(url, post(Buffer.from('a=b')));
      expect([response, failure?.kind]).to.deep.equal([undefined, 'dropped']);
    });

    it('what fails between the chunks of a body has failed as well', async () => {
      expect((await send(await refusedUrl(), post(Buffer.from('a=b'), { chunked: true }))).failure?.kind).to.equal('unreachable');
      const url = await bytes((socket) => void socket.destroy());
      expect((await send(url, post(Buffer.from('a=b'), { chunked: true }))).failure?.kind).to.equal('dropped');
    });

    it('a port at which nobody listens is unreachable, and so is a host that does not exist', async () => {
      expect((await send(await refusedUrl(), post(Buffer.from('a=b')))).failure?.kind).to.equal('unreachable');
      expect((await send('http://no-such-host.invalid', post(Buffer.from('a=b')))).failure?.kind).to.equal('unreachable');
    });

    it('a body in chunks of which the first meets nobody is unreachable, and is not waited for', async () => {
      expect((await send(await refusedUrl(), { ...post(Buffer.from('a=b')), chunked: true })).failure?.kind).to.equal('unreachable');
    });

    it('TLS with a server that speaks none is a matter of TLS', async () => {
      const { url } = await server();
      expect((await send(url.replace('http:', 'https:'), post(Buffer.from('a=b')))).failure?.kind).to.equal('tls');
    });

    it('an answer that is not HTTP is malformed', async () => {
      const url = await bytes((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
      expect((await send(url, post(Buffer.from('a=b')))).failure?.kind).to.equal('malformed');
    });
  });

  it('a pool holds as many connections as it may, and keeps them', async () => {
    const { url, received, busiest } = await server(async (response) => {
      await wait(20);
      response.end();
    });
    const agent = createAgent(url, 3);
    agents.push(agent);
    await Promise.all(Array.from({ length: 12 }, () => exchange(url, post(Buffer.from('a=b')), agent, 2_000)));
    expect(received).to.have.lengthOf(12);
    expect(busiest(), 'requests under way at one time').to.equal(3);
    expect(new Set(received.map(({ port }) => port)).size, 'connections').to.equal(3);
  });

  it('a connection that is not to be kept is another one each time', async () => {
    const { url, received } = await server();
    for (let time = 0; time < 2; time += 1) {
      const agent = createAgent(url, 1, false);
      agents.push(agent);
      await exchange(url, post(Buffer.from('a=b')), agent, 2_000);
    }
    expect(new Set(received.map(({ port }) => port)).size).to.equal(2);
  });
});
