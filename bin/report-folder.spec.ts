import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exchange, fixtureRun } from '../reports/fixture.js';
import { renderJson } from '../reports/json.js';
import { UsageError } from './errors.js';
import { keptExchanges, nameOfRun, readKeptRun } from './report-folder.js';

describe('report folder', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'conform-kept-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('a report is read by its folder and by its file', async () => {
    await writeFile(join(folder, 'report.json'), renderJson(fixtureRun()));
    for (const path of [folder, join(folder, 'report.json')]) {
      const kept = await readKeptRun(path, 'OLD');
      expect(renderJson(kept.run), path).to.equal(renderJson(fixtureRun()));
      expect([kept.folder, kept.file, nameOfRun(kept)]).to.deep.equal([folder, join(folder, 'report.json'), folder]);
    }
  });

  it('what is no report is refused, and it is said why', async () => {
    const rows: readonly (readonly [content: string, said: RegExp])[] = [
      ['{', /^OLD: .*other\.json is no JSON/],
      ['[]', /is no report: it must be object/],
      ['{"schemaVersion": 2}', /has the schemaVersion 2, and this version of conform reads 1/],
      ['{"schemaVersion": 1}', /is no report: it must have required propert/],
      [JSON.stringify({ ...fixtureRun(), seed: 'seven' }), /is no report: \/seed must be integer/],
    ];
    for (const [content, said] of rows) {
      await writeFile(join(folder, 'other.json'), content);
      const error: unknown = await readKeptRun(join(folder, 'other.json'), 'OLD').catch((thrown: unknown) => thrown);
      expect(error, content).to.be.instanceOf(UsageError);
      expect((error as Error).message).to.match(said);
    }
  });

  it('a folder without a report is refused', async () => {
    const error: unknown = await readKeptRun(folder, 'NEW').catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.match(/^NEW: .*report\.json cannot be read \(ENOENT.*Wanted a report folder/);
  });

  it('exchanges come in their order, without a last line that was cut off', async () => {
    const all = [exchange('a/b#1', 'x=1', undefined), exchange('a/b#2', 'x=2', undefined)];
    await writeFile(join(folder, 'exchanges.ndjson'), `${all.map((each) => JSON.stringify(each)).join('\n')}\n{"id": "a/b#3`);
    const read: unknown[] = [];
    for await (const each of keptExchanges(folder)) read.push(each);
    expect(read).to.deep.equal(all);
  });

  it('an exchange with U+2028 in it, which JSON need not escape, is whole', async () => {
    const one = { ...exchange('a/b#1', 'x=1', undefined), note: 'a\u2028b\u2029c\rd' };
    await writeFile(join(folder, 'exchanges.ndjson'), `${JSON.stringify(one)}\n`);
    const read: unknown[] = [];
    for await (const each of keptExchanges(folder)) read.push(each);
    expect(read).to.deep.equal([one]);
  });

  it('a folder without exchanges has none', async () => {
    const read: unknown[] = [];
    for await (const each of keptExchanges(folder)) read.push(each);
    expect(read).to.deep.equal([]);
  });
});
