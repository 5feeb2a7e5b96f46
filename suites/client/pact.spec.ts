import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReference } from '../../contracts/reference/server.js';
import { loadPacts } from '../pact/pact-file.js';
import { verify } from '../pact/verify.js';
import { listen, type Listening } from './listen.js';
import { pactOf, type WrittenPact } from './pact.js';
import { planOf } from './script.js';
import { ask, form } from './sender.spec-help.js';

const NAMES = { consumer: 'a shop', provider: 'juspay-customers' };
const random = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');

async function written(use: (listening: Listening) => Promise<void>, broken: readonly number[] = []): Promise<WrittenPact & { readonly apiKey: string }> {
  const listening = await listen();
  await use(listening);
  await listening.settle(1000);
  await listening.close();
  return { ...pactOf(listening.captured, new Set(broken), NAMES), apiKey: listening.apiKey };
}

/** What a shop does: creates with other values every time, a duplicate, reads and an update. */
async function shop(listening: Listening): Promise<void> {
  const body = form({ object_reference_id: `cust_${random()}`, first_name: `A${random()}` });
  const { id } = JSON.parse((await ask(listening, { body })).text) as { id: string };
  await ask(listening, { body: form({ object_reference_id: `cust_${random()}`, first_name: `B${random()}` }) });
  await ask(listening, { body: form({ 'options.get_client_auth_token': 'true', email_address: undefined }) });
  await ask(listening, { body });
  await ask(listening, { path: `/customers/${id}`, body: `mobile_number=${String(10_000_000 + Math.floor(Math.random() * 1e7))}` });
  await ask(listening, { method: 'GET', path: `/customers/${id}` });
  await ask(listening, { method: 'GET', path: `/customers/${random()}` });
}

interface Interaction {
  readonly description: string;
  readonly key: string;
}
const interactions = ({ text }: WrittenPact): readonly Interaction[] => (JSON.parse(text) as { interactions: readonly Interaction[] }).interactions;

describe("a client's own contract", function () {
  this.timeout(30_000);

  it('has one interaction for each distinct shape of request, and the same bytes whatever the values', async () => {
    const [one, other] = [await written(shop), await written(shop)];
    expect(one.text).to.equal(other.text);
    expect(interactions(one).map(({ description }) => description)).to.deep.equal([
      'a create with object_reference_id, mobile_number, email_address, first_name',
      'a create with object_reference_id, mobile_number, options.get_client_auth_token=true',
      'a create with object_reference_id, mobile_number, email_address, first_name, of a customer that is there already',
      'a read',
      'a read, of a customer that is not there',
      'an update with mobile_number',
    ]);
    expect(one.text).not.to.include(one.apiKey).and.not.to.include(Buffer.from(one.apiKey).toString('base64').slice(0, 20));
  });

  it('has the paths and the queries that were sent', async () => {
    const listening = await listen({ variants: ['v2-path'] });
    const { id } = JSON.parse((await ask(listening, { path: '/v2/customers' })).text) as { id: string };
    for (const query of ['', '?options.get_client_auth_token=true', '?at=1', '?at=2'])
      await ask(listening, { method: 'GET', path: `/v2/customers/${id}${query}` });
    await listening.settle(1000);
    await listening.close();
    const { text } = pactOf(listening.captured, new Set(), NAMES);
    const { interactions: all } = JSON.parse(text) as { interactions: readonly { readonly request: { readonly path: string; readonly query?: unknown } }[] };
    expect(all.map(({ request: { path, query } }) => [path, query])).to.deep.equal([
      ['/v2/customers', undefined],
      ['/v2/customers/cst_afdeuvmfhs3j1acm', undefined],
      ['/v2/customers/cst_afdeuvmfhs3j1acm', { at: ['text'] }],
      ['/v2/customers/cst_afdeuvmfhs3j1acm', { 'options.get_client_auth_token': ['true'] }],
    ]);
  });

  it('leaves out what breaks a rule, what broke off and what no provider can be held to, and says so', async () => {
    const pact = await written(
      async (listening) => {
        await ask(listening);
        listening.script(
          planOf([
            { nth: 1, answer: 'server-error' },
            { nth: 2, answer: 'cut-off' },
          ]),
        );
        await ask(listening);
        await ask(listening).catch(() => undefined);
        await ask(listening, { path: '/orders' });
        await ask(listening, { body: '{"object_reference_id":"cust_000001"}' });
      },
      [1],
    );
    expect(pact.interactions).to.equal(0);
    expect(pact.left.map(({ why }) => why)).to.deep.equal([
      'it breaks what the page asks of requests',
      'no provider can be held to the answer 500 (server-error)',
      'its answer did not arrive as a whole',
      'it is about nothing that the page describes',
      'its body is no form',
    ]);
  });

  it('is verified by the reference, form bytes and fresh references included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conform-pact-'));
    const file = join(folder, 'shop.json');
    await writeFile(file, (await written(shop)).text);
    const { url, apiKey, merchantId, close } = await startReference();
    try {
      const target = { url, apiKey, merchantId, timeoutMs: 5000 };
      const { interactions: verified } = await verify({ target, pacts: await loadPacts([file]), source: { pactUrls: [file] } });
      expect(
        verified
          .map(({ outcome, description, mismatches }) => [outcome, description, ...mismatches.map(({ text }) => text)])
          .filter(([outcome]) => outcome !== 'passed'),
      ).to.deep.equal([]);
      expect(verified).to.have.length(6);
    } finally {
      await close();
      await rm(folder, { recursive: true });
    }
  });
});
