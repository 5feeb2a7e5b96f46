import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CALLS, EXAMPLES, examplesOf, type Example } from '../../contracts/interactions.js';
import { fieldPattern } from '../../contracts/patterns.js';
import { ruleById } from '../../contracts/rules/index.js';
import { addInteraction, EXAMPLE_KEY, newPact, rulesOf } from './interaction.js';
import { consumerOf, CONSUMER, fileOf, pactText, PROVIDER, record, testConsumer } from './recorder.js';

const CHECKED_IN = new URL('../../contracts/pacts/', import.meta.url);

interface Matchers {
  readonly [path: string]: { readonly matchers: readonly { readonly match: string; readonly regex?: string }[] };
}
interface Interaction {
  readonly key: string;
  readonly description: string;
  readonly pending: boolean;
  readonly type: string;
  readonly providerStates: readonly { readonly name: string; readonly params: Readonly<Record<string, string>> }[];
  readonly comments: { readonly references: { readonly conformance: Readonly<Record<string, string>> } };
  readonly request: {
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly body?: { readonly content: string; readonly contentType: string };
    readonly matchingRules?: { readonly body?: Matchers };
    readonly generators?: { readonly body?: Readonly<Record<string, { readonly type: string; readonly expression: string }>> };
  };
  readonly response: { readonly status: number; readonly body?: { readonly content: Readonly<Record<string, unknown>> } };
}
const interactionsOf = (text: string): readonly Interaction[] => (JSON.parse(text) as { interactions: Interaction[] }).interactions;

describe('recording the contracts', function () {
  this.timeout(10_000);
  let folder: string;
  let texts: Map<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conform-record-'));
    // A file of an earlier recording, as a run would find it: nothing of it may stay.
    await writeFile(join(folder, fileOf('create', { consumer: CONSUMER, provider: PROVIDER })), '{"interactions":[{"description":"of old"}]}');
    const recorded = await record({ out: folder });
    expect(recorded.reduce((sum, { interactions }) => sum + interactions, 0)).to.equal(EXAMPLES.length);
    texts = new Map(await Promise.all((await readdir(folder)).sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const create = (): readonly Interaction[] => interactionsOf(texts.get(fileOf('create', { consumer: CONSUMER, provider: PROVIDER })) ?? '');

  it('gives a file for each call, of at least 30 interactions in all', () => {
    expect([...texts.keys()]).to.deep.equal(CALLS.map((call) => fileOf(call, { consumer: CONSUMER, provider: PROVIDER })).sort());
    expect(EXAMPLES.length).to.be.at.least(30);
  });

  it('gives the files that are checked in, byte for byte', async () => {
    for (const [name, text] of texts)
      expect((await readFile(new URL(name, CHECKED_IN), 'utf8')) === text, `${name} is not what recording gives: npm run generate`).to.equal(true);
    expect((await readdir(CHECKED_IN)).sort()).to.deep.equal([...texts.keys()]);
  });

  it('gives the same bytes a second time, and piles nothing up', async () => {
    await record({ out: folder });
    for (const [name, text] of texts) expect((await readFile(join(folder, name), 'utf8')) === text, name).to.equal(true);
  });

  it('is in V4, in the order of the examples, each interaction with its key, states and rules', () => {
    for (const call of CALLS) {
      const text = texts.get(fileOf(call, { consumer: CONSUMER, provider: PROVIDER })) ?? '';
      const pact = JSON.parse(text) as { metadata: unknown; consumer: { name: string } };
      expect(pact.metadata).to.deep.equal({ pactSpecification: { version: '4.0' } });
      expect(pact.consumer.name).to.equal(consumerOf(call, CONSUMER));
      const interactions = interactionsOf(text);
      expect(interactions.map(({ key }) => key)).to.deep.equal(examplesOf(call).map(({ id }) => id));
      for (const [index, interaction] of interactions.entries()) {
        const example = examplesOf(call)[index] as Example;
        expect(interaction.type).to.equal('Synchronous/HTTP');
        expect(interaction.pending, interaction.key).to.equal(example.level === 'should');
        expect(interaction.providerStates, interaction.key).to.deep.equal(example.states.map(({ name, params }) => ({ name, params })));
        expect(Object.keys(interaction.comments.references.conformance), interaction.key).to.have.members(rulesOf(example));
        for (const [rule, citation] of Object.entries(interaction.comments.references.conformance)) {
          expect(ruleById(rule), rule).not.to.equal(undefined);
          expect(citation, rule).to.match(/^(must|should); source /);
        }
      }
    }
  });

  it('holds each form as one text, with the matchers of the rules for each field and a new reference from the state', () => {
    const [all] = create();
    expect(all?.request.body?.content).to.match(/^[a-z_.]+=[^&]*(&[a-z_.]+=[^&]*){6}$/);
    const matchers = all?.request.matchingRules?.body ?? {};
    for (const field of ['mobile_number', 'email_address', 'first_name', 'last_name', 'mobile_country_code'] as const)
      expect(matchers[`$.${field}`]?.matchers, field).to.deep.equal([{ match: 'regex', regex: fieldPattern(field) }]);
    expect(all?.request.generators?.body?.['$.object_reference_id']).to.include({ type: 'ProviderState' });
  });

  it('has no body that is JSON: such a one is altered on its way into the file', () => {
    for (const { key, request } of create()) {
      expect(request.body?.contentType, key).to.equal('application/x-www-form-urlencoded');
      expect(() => JSON.parse(request.body?.content ?? '') as unknown, key).to.throw();
    }
  });

  it('says of a refusal nothing but what is certain, and of a customer nothing that was not sent', () => {
    for (const { key, response } of create()) {
      const members = Object.keys(response.body?.content ?? {});
      expect(members, key).not.to.include('error_info');
      if (/credential-|duplicate/.test(key) && response.status >= 400) expect(members, key).to.deep.equal([]);
    }
    const withoutNames = create().find(({ key }) => key === 'create/without-names');
    expect(Object.keys(withoutNames?.response.body?.content ?? {})).to.not.include.members(['first_name']);
  });

  it('has no key in it but the one of the example', () => {
    const credentials = new Set(create().flatMap(({ request }) => request.headers['Authorization'] ?? []));
    const canonical = `Basic ${Buffer.from(`${EXAMPLE_KEY}:`).toString('base64')}`;
    expect(credentials).to.include(canonical);
    for (const text of texts.values()) expect(text).not.to.match(/ReferenceKey|"date":/);
  });

  it('takes the names of consumer and provider', async () => {
    const text = await pactText(examplesOf('read'), { consumer: 'shop', provider: 'payments' });
    expect(JSON.parse(text)).to.deep.include({ consumer: { name: 'shop' }, provider: { name: 'payments' } });
    expect(fileOf('update', { consumer: 'shop', provider: 'payments' })).to.equal('shop-update-payments.json');
  });
});

describe('testing the consumer', () => {
  const example = examplesOf('create')[0] as Example;

  it('refuses an example whose request the client does not send', async () => {
    const [first, ...rest] = example.request.fields;
    const wrong: Example = { ...example, request: { ...example.request, fields: [{ ...(first as NonNullable<typeof first>), pattern: '^never$' }, ...rest] } };
    await testConsumer(wrong).then(
      () => expect.fail('it passed'),
      (error: Error) => expect(error.message).to.include('create/all-fields').and.include('never'),
    );
  });

  it('refuses an example whose answer the client does not understand', async () => {
    const wrong: Example = { ...example, answer: { ...example.answer, members: { object: { rule: 'response/object-member', value: 'order' } } } };
    await testConsumer(wrong).then(
      () => expect.fail('it passed'),
      (error: Error) => expect(error.message).to.include('create/all-fields').and.include('no customer'),
    );
  });
});

/** The traps that form bodies have in Pact, each seen from the side that works: a release that closes or opens one shows here. */
describe('form bodies in Pact', () => {
  const example = examplesOf('create')[0] as Example;
  const send = async (body: string): Promise<number> => {
    const pact = newPact('consumer', 'provider');
    const plain = {
      ...example,
      request: { ...example.request, fields: example.request.fields.map(({ name, value }) => ({ name, value: value.replace('{fresh}', 'x y') })) },
    };
    addInteraction(pact, plain, 'form bodies');
    const port = pact.createMockServer('127.0.0.1', 0, false);
    try {
      const headers = {
        Authorization: `Basic ${Buffer.from('k:').toString('base64')}`,
        'x-merchantid': 'm',
        'Content-Type': 'application/x-www-form-urlencoded',
      };
      return (await fetch(`http://127.0.0.1:${port}/customers`, { method: 'POST', headers, body })).status;
    } finally {
      pact.cleanupMockServer(port);
    }
  };
  const pairs = example.request.fields.map(({ name, value }) => `${name}=${encodeURIComponent(value.replace('{fresh}', 'x y'))}`);

  it('an equal body matches', async () => expect(await send(pairs.join('&'))).to.equal(200));
  it('the order of the fields is free', async () => expect(await send([...pairs].reverse().join('&'))).to.equal(200));
  it('a + is a blank as %20 is', async () => expect(await send(pairs.join('&').replace('%20', '+'))).to.equal(200));
  it('a missing field is a mismatch', async () => expect(await send(pairs.slice(0, -1).join('&'))).to.equal(500));
  it('a field too many is a mismatch', async () => expect(await send(`${pairs.join('&')}&more=1`)).to.equal(500));
  it('another value is a mismatch', async () => expect(await send(pairs.join('&').replace('John', 'Joan'))).to.equal(500));
});
