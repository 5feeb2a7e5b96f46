import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { BrokerClient, BrokerError, type BrokerOptions } from './broker.js';
import { startBrokerDouble, type BrokerDouble, type DoubleOptions } from './broker-double.js';

const pact = (description = 'a create'): string =>
  JSON.stringify({
    consumer: { name: 'shop' },
    provider: { name: 'payments' },
    interactions: [{ description }],
    metadata: { pactSpecification: { version: '4.0' } },
  });
const publication = (version = '1', more: object = {}): Parameters<BrokerClient['publish']>[0] => ({
  consumer: 'shop',
  provider: 'payments',
  version,
  branch: 'main',
  content: pact(),
  ...more,
});

describe('a client of a Pact Broker', () => {
  let double: BrokerDouble;
  const start = async (options: DoubleOptions = {}): Promise<void> => {
    double = await startBrokerDouble(options);
  };
  afterEach(() => double.close());
  const client = (more: Partial<BrokerOptions> = {}): BrokerClient => new BrokerClient({ url: double.url, backoffMs: 1, ...more });
  const refusal = async (promise: Promise<unknown>): Promise<BrokerError> => {
    const error: unknown = await promise.catch((reason: unknown) => reason);
    if (!(error instanceof BrokerError)) return expect.fail(`not refused: ${JSON.stringify(error)}`);
    return error;
  };

  it('publishes the bytes it was given, with version, branch, tags and build', async () => {
    await start();
    const notices = await client().publish(publication('abc', { tags: ['dev', 'x y'], buildUrl: 'https://ci.example.com/1' }));
    expect(notices.join(' ')).to.include('successfully published');
    expect(double.records.pacts).to.have.length(1);
    expect(double.records.pacts[0]?.content).to.equal(pact());
    const [version] = double.records.versions.get('shop') ?? [];
    expect(version).to.include({ number: 'abc', buildUrl: 'https://ci.example.com/1' });
    expect([...(version?.branches ?? []), ...(version?.tags ?? [])]).to.deep.equal(['main', 'dev', 'x y']);
  });

  it('a second time changes nothing', async () => {
    await start();
    await client().publish(publication());
    const notices = await client().publish(publication());
    expect(double.records.pacts).to.have.length(1);
    expect(notices.join(' ')).to.include('republished');
  });

  it('other content under the same version is a conflict, in the words of the broker', async () => {
    await start();
    await client().publish(publication());
    const error = await refusal(client().publish(publication('1', { content: pact('another') })));
    expect(error.kind).to.equal('conflict');
    expect(error.message).to.include('Cannot change the content of the pact');
    expect(double.records.pacts[0]?.content).to.equal(pact());
  });

  it('passes with a user name and a password, and with a token', async () => {
    await start({ basic: { username: 'me', password: 'se:cret' }, token: 'tok' });
    await client({ credential: { username: 'me', password: 'se:cret' } }).publish(publication('1'));
    await client({ credential: { token: 'tok' } }).publish(publication('2'));
    expect(double.records.pacts).to.have.length(2);
  });

  it('a wrong or missing credential is refused at once, and never repeated in the message', async () => {
    await start({ basic: { username: 'me', password: 'se:cret' } });
    const wrong = await refusal(client({ credential: { username: 'me', password: 'wrong-password' } }).publish(publication()));
    expect(wrong.kind).to.equal('credential');
    expect(wrong.message).to.include('401').and.not.to.include('wrong-password');
    expect((await refusal(client().publish(publication()))).message).to.include('no credential was given');
    expect(double.requests).to.have.length(2);
  });

  it('waits out a broker that is not ready, a little longer each time', async () => {
    await start({ failFirst: 3 });
    const waits: number[] = [];
    await client({ onRetry: (_, wait) => waits.push(wait) }).publish(publication());
    expect(waits).to.deep.equal([1, 2, 4]);
    expect(double.records.pacts).to.have.length(1);
  });

  it('gives up on one that never is', async () => {
    await start({ failFirst: 100 });
    const error = await refusal(client({ tries: 3 }).publish(publication()));
    expect(error.kind).to.equal('unreachable');
    expect(error.message).to.include('503').and.include('3 times');
    expect(double.requests).to.have.length(3);
  });

  it('says of an address where nothing listens that it cannot be reached', async () => {
    await start();
    const gone = await startBrokerDouble();
    await gone.close();
    const error = await refusal(client({ url: gone.url, tries: 2 }).publish(publication()));
    expect(error.kind).to.equal('unreachable');
    expect(error.message).to.include(gone.url).and.include('ECONNREFUSED');
  });

  for (const [what, status, type, body] of [
    ['a page', 200, 'text/html', '<html></html>'],
    ['other JSON', 200, 'application/json', '{"hello":1}'],
    ['a list', 200, 'application/json', '[]'],
    ['nothing', 404, 'text/plain', ''],
  ] as const)
    it(`says of ${what} that it is no broker`, async () => {
      await start();
      const server: Server = createServer((_, response) => response.writeHead(status, { 'Content-Type': type }).end(body));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const error = await refusal(client({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }).publish(publication()));
      await new Promise((resolve) => server.close(resolve));
      expect(error.kind).to.equal('no-broker');
    });

  it('gives the credential to nobody but the broker', async () => {
    await start();
    const seen: (string | undefined)[] = [];
    const other: Server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    await client({ credential: { token: 'tok' } }).pact(address);
    await new Promise((resolve) => other.close(resolve));
    expect(seen).to.deep.equal([undefined]);
  });

  it('learns what to verify by its selectors, pending ones and work in progress told apart', async () => {
    await start();
    await client().publish(publication('1'));
    await client().publish(publication('2', { branch: 'feat/x', content: pact('new') }));
    const wanted = (more: object = {}): ReturnType<BrokerClient['wanted']> =>
      client().wanted({ provider: 'payments', selectors: [{ branch: 'main' }], pending: false, ...more });
    expect((await wanted()).map(({ pending }) => pending)).to.deep.equal([false]);
    expect((await wanted({ pending: true })).map(({ pending }) => pending)).to.deep.equal([true]);
    expect(await wanted({ pending: true, wipSince: '2020-01-01' })).to.have.length(2);
    expect(await wanted({ selectors: [{ branch: 'none' }] })).to.have.length(0);
    expect((await wanted({ selectors: [{ branch: 'feat/x' }] }))[0]?.name).to.include('shop (2)');
    const [found] = await wanted();
    expect(JSON.parse(await client().pact(found?.href ?? ''))).to.deep.include({ interactions: [{ description: 'a create' }] });
  });

  it('learns what may be deployed: yes, no, and not known', async () => {
    await start();
    await client().publish(publication('1'));
    expect((await client().canIDeploy('shop', '1', 'production')).deployable).to.equal(false);
    double.records.versions.set('payments', [{ number: '7', order: 0, branches: new Set(), tags: new Set() }]);
    double.records.deployments.push({ pacticipant: 'payments', version: '7', environment: 'production' });
    expect((await client().canIDeploy('shop', '1', 'production')).deployable).to.equal(null);
    const { sha } = double.records.pacts[0] as { sha: string };
    const result = { sha, provider: 'payments', providerVersion: '7', order: 100, body: {} };
    double.records.results.push({ ...result, success: true });
    expect(await client().canIDeploy('shop', '1', 'production')).to.include({ deployable: true });
    double.records.results.push({ ...result, success: false, order: 101 });
    expect(await client().canIDeploy('shop', '1', 'production')).to.include({ deployable: false });
    const error = await refusal(client().canIDeploy('shop', '1', 'nowhere'));
    expect([error.kind, error.message.includes('nowhere')]).to.deep.equal(['invalid', true]);
  });
});
