/** `pact stub` on the recorded file: what a team that has only the contract can develop its client against. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { examplesOf, type Example } from '../../contracts/interactions.js';
import { CustomersClient, Refused } from './client.js';
import { EXAMPLE_MERCHANT, exampleAuthorization, exampleValue } from './interaction.js';

const FILE = fileURLToPath(new URL('../../contracts/pacts/merchant-juspay-customers.json', import.meta.url));

/** The program of the package that the stub is a part of. */
function program(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@pact-foundation/pact-cli/package.json')), 'bin', 'pact.js');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('pact stub on the recorded contract', function () {
  // It compares a request with every interaction, which takes about a second.
  this.timeout(30_000);
  let stub: ChildProcess | undefined;
  let baseUrl: string;

  before(async () => {
    const port = await freePort();
    baseUrl = `http://127.0.0.1:${port}`;
    stub = spawn(process.execPath, [program(), 'stub', '--file', FILE, '--port', String(port), '--loglevel', 'info'], {
      env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // It starts a program of its own, which has to end with it.
      detached: true,
    });
    await new Promise<void>((resolve, reject) => {
      let words = '';
      for (const stream of [stub?.stdout, stub?.stderr])
        stream?.on('data', (piece: Buffer) => {
          words += piece.toString('utf8');
          if (words.includes('Server started')) resolve();
        });
      stub?.once('exit', (code) => reject(new Error(`the stub ended (${String(code)}): ${words}`)));
    });
  });
  after(() => {
    if (stub?.pid !== undefined && stub.exitCode === null) process.kill(-stub.pid);
  });

  const example = (id: string): Example => examplesOf('create').find((each) => each.id === `create/${id}`) ?? expect.fail(`there is no example ${id}`);
  const send = (each: Example): ReturnType<CustomersClient['create']> => {
    const authorization = exampleAuthorization(each);
    const client = new CustomersClient({ baseUrl, merchantId: EXAMPLE_MERCHANT, ...(authorization === undefined ? {} : { authorization }) });
    return client.create(Object.fromEntries(each.request.fields.map(({ name, value }) => [name, exampleValue(each, value)])));
  };

  it('answers a create with a customer, and with a token where one is asked for', async () => {
    const customer = await send(example('with-token'));
    expect(customer.values.mobile_number).to.equal('9988776655');
    expect(customer.token?.value).to.be.a('string');
  });

  for (const id of ['refused-without-object_reference_id', 'refused-credential-absent'])
    it(`answers a create (${id}) with a refusal`, async () => {
      const error: unknown = await send(example(id)).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Refused);
      expect((error as Refused).status).to.equal(400);
    });
});
