import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureExchanges, fixtureRun } from '../reports/fixture.js';
import { renderHar } from '../reports/har.js';
import { renderJunit } from '../reports/junit.js';
import { render, ReportError, ruleById, run, RULES, startReference, UsageError, type Format, type LibraryOptions, type Reference } from './index.js';

describe('the library', () => {
  let reference: Reference;
  let folder = '';
  before(async () => {
    reference = await startReference();
    folder = await mkdtemp(join(tmpdir(), 'conformance-library-'));
  });
  after(async () => {
    await reference.close();
    await rm(folder, { recursive: true, force: true });
  });

  const thrown = (options: Record<string, unknown>): Promise<unknown> => run(options as LibraryOptions).catch((error: unknown) => error);

  it('checks a URL with the options of the command line, and gives the run', async () => {
    const seen: string[] = [];
    const result = await run({
      url: reference.url,
      apiKey: reference.apiKey,
      merchantId: reference.merchantId,
      secondMerchant: reference.secondMerchant,
      rule: ['object_reference_id/unique*'],
      budget: 'smoke',
      seed: 7,
      onFinding: ({ ruleId }) => seen.push(ruleId),
    });
    expect(result).to.deep.include({ seed: 7, status: 'complete', exitCode: 0 });
    expect(seen).to.have.members(['object_reference_id/unique', 'object_reference_id/unique-per-merchant']);
    expect(result.findings.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass']);
  });

  it('checks the embedded reference where no URL is given, and writes only where it is told to', async () => {
    const result = await run({ rule: ['response/status'], budget: 'smoke', out: join(folder, 'out'), format: ['json'] });
    expect(result.target.embedded).to.equal(true);
    expect((await readdir(join(folder, 'out'))).sort()).to.deep.equal(['exchanges.ndjson', 'report.json']);
  });

  it('ends early when its signal is aborted', async () => {
    const controller = new AbortController();
    const result = await run({ budget: 'smoke', signal: controller.signal, onExchange: () => controller.abort() });
    expect(result).to.deep.include({ status: 'interrupted', exitCode: 130 });
  });

  it('rejects with a UsageError for options that cannot be used', async () => {
    for (const options of [
      { budget: 'big' },
      { urls: 'x' },
      { url: 'x' },
      { apiKey: 'Key1234567890' },
      { rule: ['none'] },
      { url: reference.url, apiKey: 'a:b', merchantId: 'm' },
    ]) {
      expect(await thrown(options), JSON.stringify(options))
        .to.be.an.instanceOf(UsageError)
        .with.property('exitCode', 3);
    }
  });

  it('rejects with the run and the report where that can no longer be written', async () => {
    const out = join(folder, 'gone');
    const error = await thrown({ rule: ['response/status'], budget: 'smoke', out, onFinding: () => rmSync(out, { recursive: true, force: true }) });
    if (!(error instanceof ReportError)) return expect.fail(String(error));
    expect(error.run.findings.map(({ ruleId }) => ruleId)).to.deep.equal(['response/status']);
    expect(error.unwritten[0]?.content).to.include('"ruleId": "response/status"');
  });

  it('renders a run in every format of the command line', async () => {
    expect(await render(fixtureRun(), 'junit')).to.equal(renderJunit(fixtureRun()));
    expect(await render(fixtureRun(), 'har', fixtureExchanges())).to.equal(renderHar(fixtureRun(), fixtureExchanges()));
    expect(await render(fixtureRun(), 'html', fixtureExchanges())).to.match(/^<!doctype html>/i);
    for (const name of ['markdwn', 'toString']) {
      const error: unknown = await render(fixtureRun(), name as Format).catch((thrown: unknown) => thrown);
      expect(error).to.be.an.instanceOf(UsageError).with.property('message').that.includes(`format: there is none called "${name}"`);
    }
  });

  it('knows the rules', () => {
    expect(ruleById(RULES[0]?.id ?? '')).to.equal(RULES[0]);
  });
});
