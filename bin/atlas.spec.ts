import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Atlas } from '../contracts/atlas.js';
import { atlas, startReference, UsageError, type Reference } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform atlas', function () {
  this.timeout(20_000);
  let folder = '';
  let reference: Reference;
  before(async () => {
    reference = await startReference();
  });
  after(() => reference.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-atlas-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const conform = async (args: readonly string[], environment: Record<string, string> = {}) => {
    const io = testIo({ folder, environment });
    const code = await main(['atlas', ...(args.includes('--out') ? [] : ['--out', join(folder, 'out')]), ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };
  const target = (): string[] => ['--url', reference.url, '--merchant-id', reference.merchantId];

  it('writes its files beside those of a run, prints the map in short, and exits 2 where parts were not looked at', async () => {
    const { code, out } = await conform([...target(), '--field', 'last_name', '--max-requests', '30', '--seed', '7'], { CONFORM_API_KEY: reference.apiKey });
    expect(code).to.equal(2);
    expect(out).to.include('last_name').and.include('longest               64 (65 is refused)').and.include('the budget of 30 requests is spent');
    expect((await readdir(join(folder, 'out'))).sort()).to.deep.equal(['atlas-exchanges.ndjson', 'atlas.html', 'atlas.json']);
    const drawn = JSON.parse(await readFile(join(folder, 'out', 'atlas.json'), 'utf8')) as Atlas;
    expect(drawn).to.deep.include({ status: 'partial', seed: 7, requestsSent: 30 });
    for (const name of ['atlas.json', 'atlas.html', 'atlas-exchanges.ndjson'])
      expect(await readFile(join(folder, 'out', name), 'utf8'), name).to.not.include(reference.apiKey);
  });

  it('leaves the reports of a run alone', async () => {
    const out = join(folder, 'out');
    await conform([...target(), '--field', 'last_name', '--max-requests', '10'], { CONFORM_API_KEY: reference.apiKey });
    await writeFile(join(out, 'report.json'), '{}');
    await conform([...target(), '--field', 'last_name', '--max-requests', '10'], { CONFORM_API_KEY: reference.apiKey });
    expect(await readFile(join(out, 'report.json'), 'utf8')).to.equal('{}');
  });

  it('exits 2 where no control is accepted, with the reason', async () => {
    const { code, out } = await conform(target(), { CONFORM_API_KEY: 'AnotherKey12345678' });
    expect(code).to.equal(2);
    expect(out.replaceAll('\n', ' ')).to.include('Nothing could be drawn').and.include('the API key or merchant id is not accepted');
  });

  it('exits 3 for what cannot be used, before anything is sent', async () => {
    const wrong = async (args: readonly string[]): Promise<string> => {
      const { code, err, out } = await conform(args);
      expect({ code, out }, err).to.deep.equal({ code: 3, out: '' });
      return err;
    };
    expect(await wrong(['--field', 'lastname'])).to.include('--field: there is no field "lastname". Did you mean last_name?');
    expect(await wrong(['--max-requests', '0'])).to.include('--max-requests');
    expect(await wrong(['--rule', 'x'])).to.include("unknown option '--rule'");
    expect(await wrong(['--merchant-id', 'm'])).to.include('Add --url');
    expect(await wrong(['--out', '/dev/null/x'])).to.include('cannot be written to');
  });

  it('exits 130 when it is interrupted, with what was found', async () => {
    const io = testIo({ folder });
    const ending = main(['atlas', '--field', 'last_name', '--out', join(folder, 'out')], io);
    await new Promise((resolve) => setTimeout(resolve, 300));
    io.interrupt();
    expect(await ending).to.equal(130);
    expect(io.stdout.text).to.include('Interrupted:');
    expect(JSON.parse(await readFile(join(folder, 'out', 'atlas.json'), 'utf8'))).to.deep.include({ status: 'interrupted', exitCode: 130 });
  });

  it('is in the library: with a key, without printing, and writing only where it is told to', async () => {
    const { apiKey, merchantId, url } = reference;
    const drawn = await atlas({ url, apiKey, merchantId, field: ['first_name'], maxRequests: 30, seed: 7 });
    expect(drawn.fields.map(({ field, lengths }) => [field, lengths?.longest.accepted])).to.deep.equal([['first_name', 64]]);
    expect(await atlas({ field: ['names' as 'first_name'] }).catch((error: unknown) => error)).to.be.an.instanceOf(UsageError);
    expect(await atlas({ rate: -1 }).catch((error: unknown) => error)).to.be.an.instanceOf(UsageError);
  });
});
