import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startReference, type Reference, type ReferenceOptions } from '../contracts/reference/server.js';
import { loadPacts } from '../suites/pact/pact-file.js';
import { verify } from '../suites/pact/verify.js';
import { main } from './program.js';
import { testIo, type TestIo } from './test-io.js';

interface Interaction {
  readonly description: string;
  readonly key: string;
  readonly comments: { readonly references: { readonly conformance: Readonly<Record<string, string>> } };
}

describe('conform run --pact', function () {
  this.timeout(40_000);
  let folder: string;
  let reference: Reference | undefined;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'conform-run-pact-'))));
  afterEach(async () => {
    await reference?.close();
    reference = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: ReferenceOptions = {}): Promise<Reference> => (reference = await startReference(options));
  const run = async (seed: number, file: string, more: readonly string[] = []): Promise<TestIo & { code: number }> => {
    const { url, apiKey, merchantId } = reference ?? (await start());
    const io = testIo({ folder, environment: { CONFORM_API_KEY: apiKey } });
    const args = [
      'run',
      '--url',
      url,
      '--merchant-id',
      merchantId,
      '--seed',
      String(seed),
      '--budget',
      'smoke',
      '--out',
      join(folder, 'report'),
      '--pact',
      join(folder, file),
    ];
    return { ...io, code: await main([...args, ...more], io) };
  };
  const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const interactionsOf = async (file: string): Promise<readonly Interaction[]> =>
    (JSON.parse(await text(file)) as { interactions: Interaction[] }).interactions;

  it('records the same bytes with another seed, and the target keeps them', async () => {
    const { url, apiKey, merchantId } = await start();
    const first = await run(1, 'one.json');
    expect([first.code, first.stdout.text.includes('one.json')]).to.deep.equal([0, true]);
    expect((await run(2, 'two.json')).code).to.equal(0);
    expect((await text('one.json')) === (await text('two.json')), 'the two files are equal').to.equal(true);
    const interactions = await interactionsOf('one.json');
    expect(interactions.length).to.be.at.least(30);
    expect(interactions.map(({ description }) => description)).to.include('a create with every documented field');
    expect(await text('one.json'))
      .not.to.include(apiKey)
      .and.not.to.include(merchantId);
    const pacts = await loadPacts([join(folder, 'one.json')]);
    const { interactions: verified } = await verify({
      target: { url, apiKey, merchantId, timeoutMs: 3000 },
      pacts,
      source: { pactUrls: pacts.map(({ source }) => source) },
    });
    expect(verified.filter(({ outcome }) => outcome !== 'passed').map(({ description }) => description)).to.deep.equal([]);
  });

  it('holds one example for each rule and reading, the readings of the target among them', async () => {
    await start({ variants: ['mobile-plus-accepted'] });
    await run(1, 'one.json');
    const interactions = await interactionsOf('one.json');
    const plus = interactions.filter(({ comments }) => 'mobile_number/plus' in comments.references.conformance);
    expect(plus.map(({ description }) => description)).to.deep.equal(
      ['a create with mobile_number: plus and 9 digits (accepted)', 'a create with mobile_number: country code without plus (refused)'].slice(0, plus.length),
    );
    expect(plus.length).to.be.at.least(1);
    expect(interactions.filter(({ description }) => /first_name is refused$/.test(description))).to.have.length(1);
  });

  it('leaves out what did not hold, and says so when verbose', async () => {
    await start({ fault: 'created-answered-201' });
    const { code, stdout } = await run(1, 'one.json', ['--verbose']);
    expect(code).to.equal(1);
    expect(stdout.text).to.include('left out  create/all-fields: response/status is fail');
    const interactions = await interactionsOf('one.json');
    expect(interactions.filter(({ comments }) => 'response/status' in comments.references.conformance)).to.deep.equal([]);
    expect(interactions.length).to.be.greaterThan(5);
  });

  it('writes nothing over a file where nothing could be verified', async () => {
    await writeFile(join(folder, 'one.json'), 'of before');
    const { url, merchantId } = await start();
    const io = testIo({ folder, environment: { CONFORM_API_KEY: 'not_the_key_of_it' } });
    expect(await main(['run', '--url', url, '--merchant-id', merchantId, '--out', join(folder, 'report'), '--pact', join(folder, 'one.json')], io)).to.equal(2);
    expect(io.stderr.text).to.include('was not written');
    expect(await text('one.json')).to.equal('of before');
  });

  it('a file that cannot be written is refused before anything is sent', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const file of ['.', 'file/one.json']) {
      const { code, stderr } = await run(1, file);
      expect([code, stderr.text.includes('--pact')], file).to.deep.equal([3, true]);
    }
    expect(await readdir(folder)).to.deep.equal(['file']);
  });
});
