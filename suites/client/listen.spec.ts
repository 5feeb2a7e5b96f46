import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import { request as tlsRequest } from 'node:https';
import { ANSWERS, reservedReference } from './answers.js';
import { makeCertificate } from './certificate.js';
import { listen, PortError, type Listening, type ListenOptions } from './listen.js';
import { planOf, type Script } from './script.js';
import { ask, form, type Answered } from './sender.spec-help.js';

async function listening<T>(use: (listening: Listening) => Promise<T>, options: ListenOptions = {}): Promise<T> {
  const server = await listen(options);
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

type Members = Readonly<Record<string, unknown>>;
const members = ({ text }: Answered): Members => JSON.parse(text) as Members;

describe('answers', () => {
  it('every one of them is given to its reserved reference', () =>
    listening(async (server) => {
      for (const answer of ANSWERS.filter(({ how }) => how.kind !== 'slow')) {
        const body = form({ object_reference_id: reservedReference(answer), email_address: undefined });
        const given = await ask(server, { body }).catch((error: unknown) => error);
        const last = server.captured.at(-1);
        expect(last?.scripted, answer.name).to.equal(answer.name);
        const { kind } = answer.how;
        if (kind === 'cut-off' || kind === 'reset') expect(given, answer.name).to.be.an.instanceOf(Error);
        else
          expect((given as Answered).status, answer.name).to.equal(
            answer.name.startsWith('created') || answer.name === 'html' ? 200 : Number(answer.means.slice(0, 3)),
          );
      }
    }));

  it('what was not sent is null, empty or absent', () =>
    listening(async (server) => {
      const of = async (name: string): Promise<Members> =>
        members(await ask(server, { body: form({ object_reference_id: `conform_${name}`, email_address: undefined }) }));
      expect(await of('created')).to.include({ email_address: null, first_name: null });
      expect(await of('created_unsent_empty')).to.include({ email_address: '', first_name: '', mobile_number: '987654321' });
      expect(await of('created_unsent_absent')).not.to.have.any.keys('email_address', 'first_name');
    }));

  it('members come in another order, with others among them, with dates that end in +0000, with and without a token', () =>
    listening(async (server) => {
      const of = async (name: string): Promise<Answered> => ask(server, { body: form({ object_reference_id: `conform_${name}` }) });
      expect(Object.keys(members(await of('created_other_order'))).at(-1)).to.equal('id');
      expect(members(await of('created_extra_members'))).to.include.keys('id', 'metadata');
      expect(members(await of('created_offset_dates'))['date_created']).to.match(/\+0000$/);
      expect(members(await of('created_with_token'))['juspay'])
        .to.have.property('client_auth_token')
        .that.matches(/^tkn_[0-9a-f]{32}$/);
      expect(members(await of('created_without_token'))).not.to.have.property('juspay');
    }));

  it('429 and 503 say when to come again, and a proxy answers in HTML', () =>
    listening(async (server) => {
      server.script(
        planOf([
          { nth: 1, answer: 'throttled', retryAfter: 7 },
          { nth: 2, answer: 'unavailable' },
          { nth: 3, answer: 'bad-gateway' },
        ]),
      );
      expect((await ask(server)).headers['retry-after']).to.equal('7');
      expect((await ask(server)).headers['retry-after']).to.equal('1');
      expect((await ask(server)).headers['content-type']).to.match(/^text\/html/);
    }));

  it('a refusal names the field that the script names', () =>
    listening(async (server) => {
      server.script(planOf([{ answer: 'invalid-field', field: 'email_address' }]));
      expect(JSON.stringify(members(await ask(server)))).to.include('"field_name":"email_address"');
    }));

  it('a slow one comes as late as the script says, and a client that leaves before is noticed', () =>
    listening(async (server) => {
      server.script(planOf([{ answer: 'created-slow', afterMs: 120 }]));
      const before = performance.now();
      expect((await ask(server)).status).to.equal(200);
      expect(performance.now() - before).to.be.greaterThan(110);
      const controller = new AbortController();
      const gone = fetch(`${server.url}/customers`, { method: 'POST', signal: controller.signal }).catch(() => undefined);
      while (server.captured.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
      await gone;
      await server.settle(1000);
      expect(server.captured[1]?.delivery).to.equal('abandoned');
    }));

  it('what broke off had been carried out, what was reset at once had not', () =>
    listening(async (server) => {
      const status = async (script: Script): Promise<number> => {
        server.script(planOf(script));
        const body = form();
        await ask(server, { body }).catch(() => undefined);
        return (await ask(server, { body })).status;
      };
      expect(await status([{ nth: 1, answer: 'cut-off' }])).to.equal(400);
      expect(await status([{ nth: 1, answer: 'reset-after-create' }])).to.equal(400);
      expect(await status([{ nth: 1, answer: 'reset' }])).to.equal(200);
    }));

  it('steps count the requests that they match, and say when nothing did', () =>
    listening(async (server) => {
      server.script(
        planOf([
          { nth: 2, answer: 'duplicate' },
          { nth: [1, 3], answer: 'server-error' },
          { nth: 9, answer: 'html' },
        ]),
      );
      const statuses: number[] = [];
      for (let count = 0; count < 4; count++) statuses.push((await ask(server)).status);
      expect(statuses).to.deep.equal([500, 400, 500, 200]);
      expect(server.unmatched().map(({ answer }) => answer.name)).to.deep.equal(['html']);
    }));
});

describe('listening', () => {
  it('a port in use is refused by name', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const error: unknown = await listen({ port }).catch((reason: unknown) => reason);
    expect(error)
      .to.be.an.instanceOf(PortError)
      .with.property('message', `port ${String(port)} of 127.0.0.1 is in use`);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('speaks TLS with a certificate that its authority vouches for, and notices who does not trust it', async () => {
    const certificate = await makeCertificate();
    await listening(
      async ({ url, unreadable }) => {
        const status = (ca?: string): Promise<number | string> =>
          new Promise((resolve) => {
            tlsRequest(url, { agent: false, ...(ca === undefined ? {} : { ca }) }, (answer) => {
              answer.resume();
              resolve(answer.statusCode ?? 0);
            })
              .on('error', (error) => resolve(error.message))
              .end();
          });
        expect(await status(certificate.ca)).to.equal(404);
        expect(await status()).to.match(/certificate/);
        const until = Date.now() + 1000;
        while (unreadable.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
        // Whether a client that does not trust us says so is its own affair; what it says is no HTTP.
        expect(unreadable.every(({ kind }) => kind === 'tls')).to.equal(true);
      },
      { tls: certificate },
    );
    await certificate.dispose();
  });
});
