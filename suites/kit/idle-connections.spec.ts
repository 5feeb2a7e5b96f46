import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Context } from './context.js';
import { FORM_TYPE } from './draft.js';

/** Answers as if the connection stayed open, and closes it. */
async function startSilentlyClosing(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'keep-alive' });
      response.end('{}', () => request.socket.destroySoon());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe('connections that a target closes without a word', () => {
  it('no request is counted as dropped for it', async () => {
    const target = await startSilentlyClosing();
    const account = { merchantId: 'merchant', apiKey: 'key_of_the_spec' };
    const context = new Context(
      { target: { url: target.url, ...account, embedded: false }, rules: ['*'], budget: 'smoke', seed: 1, concurrency: 8, timeoutMs: 5000, failOn: 'must' },
      500,
      'rspec',
    );
    try {
      const sent = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          context.send(
            () => ({
              method: 'POST',
              path: '/customers',
              fields: [['first_name', 'Maria']],
              account,
              credential: 'canonical',
              merchant: 'canonical',
              contentType: FORM_TYPE,
            }),
            { ruleId: 'response/status', n, purpose: 'control', note: 'a request' },
          ),
        ),
      );
      expect(sent.filter(({ failure }) => failure !== undefined).map(({ failure }) => failure?.message)).to.deep.equal([]);
    } finally {
      context.close();
      await target.close();
    }
  });
});
