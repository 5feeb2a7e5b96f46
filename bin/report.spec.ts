import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Har } from 'har-format';
import { fixtureExchanges, fixtureRun } from '../reports/fixture.js';
import { renderHar } from '../reports/har.js';
import { renderJunit } from '../reports/junit.js';
import { renderSarif } from '../reports/sarif.js';
import { FORMATS, ReportFolder } from '../reports/write.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform report', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-report-'));
    const report = await ReportFolder.open(join(folder, 'run'));
    for (const exchange of fixtureExchanges()) report.exchange(exchange);
    await report.finish(fixtureRun(), ['json']);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = (...names: string[]): Promise<string> => readFile(join(folder, ...names), 'utf8');
  async function report(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const io = testIo({ folder });
    const code = await main(['report', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  }

  it('writes every format but the one that it reads, beside it, and leaves report.json and the exchanges as they are', async () => {
    const before = [await read('run', 'report.json'), await read('run', 'exchanges.ndjson'), (await stat(join(folder, 'run', 'report.json'))).ino];
    const { code, out, err } = await report('--from', 'run');
    const files = Object.values(FORMATS).map(({ file }) => file).filter((file) => file !== 'report.json'); // prettier-ignore
    expect([code, err, out]).to.deep.equal([0, '', files.map((file) => `run/${file}\n`).join('')]);
    expect((await readdir(join(folder, 'run'))).sort()).to.deep.equal([...files, 'report.json', 'exchanges.ndjson'].sort());
    expect([await read('run', 'report.json'), await read('run', 'exchanges.ndjson'), (await stat(join(folder, 'run', 'report.json'))).ino]).to.deep.equal(
      before,
    );
    expect(await read('run', 'exchanges.har')).to.equal(renderHar(fixtureRun(), fixtureExchanges()));
    expect(await read('run', 'junit.xml')).to.equal(renderJunit(fixtureRun()));
  });

  it('writes the formats that are asked for into the folder that is named, of a run that is named by its file', async () => {
    expect(await report('--from', 'run/report.json', '--format', 'sarif,json', '--out', 'other/place')).to.deep.equal({
      code: 0,
      out: 'other/place/report.sarif\nother/place/report.json\n',
      err: '',
    });
    expect((await readdir(join(folder, 'other/place'))).sort()).to.deep.equal(['report.json', 'report.sarif']);
    expect(await read('other/place/report.sarif')).to.equal(renderSarif(fixtureRun()));
    expect(await read('other/place/report.json')).to.equal(await read('run/report.json'));
  });

  it('does not take the place of what it reads, by whatever name the folder goes', async () => {
    await symlink(join(folder, 'run'), join(folder, 'link'));
    for (const out of ['run', 'link', 'run/../run']) {
      const { code, err } = await report('--from', 'run', '--format', 'json', '--out', out);
      expect([code, err], out).to.deep.equal([3, `conform: --format: json would take the place of ${join(folder, out, 'report.json')}, which the run is read from. Leave json out, or name another folder with --out.\n`]); // prettier-ignore
    }
  });

  it('says where there are no exchanges to make something of', async () => {
    await rm(join(folder, 'run', 'exchanges.ndjson'));
    const { code, err } = await report('--from', 'run', '--format', 'har,html,tap');
    expect([code, err]).to.deep.equal([0, `note: ${join(folder, 'run')} has no exchanges.ndjson, so there are no exchanges in har and html\n`]);
    expect((JSON.parse(await read('run', 'exchanges.har')) as Har).log.entries).to.deep.equal([]);
  });

  it('refuses what cannot be used', async () => {
    await writeFile(join(folder, 'file'), 'no report');
    await mkdir(join(folder, 'taken', 'junit.xml'), { recursive: true });
    const rows: [args: string[], said: RegExp][] = [
      [[], /^conform: --from: which run\? Wanted a report folder/],
      [['--from', 'nowhere'], /^conform: --from: .*nowhere cannot be read \(ENOENT/],
      [['--from', 'file'], /^conform: --from: .*file is no JSON/],
      [['--from', 'run', '--format', 'pdf'], /^conform: --format: got "pdf", wanted one of json, junit/],
      [['--from', 'run', '--out', 'file/below'], /^conform: --out: the folder ".*" cannot be made \(E/],
      [['--from', 'run', '--out', 'taken', '--format', 'junit'], /^conform: .*junit\.xml could not be written: EISDIR/],
      [['--from', 'run', '--from', 'run'], /^conform: --from was given twice/],
      [['run'], /^conform: too many arguments/],
    ];
    for (const [args, said] of rows) {
      const { code, err } = await report(...args);
      expect(code, args.join(' ')).to.equal(3);
      expect(err, args.join(' ')).to.match(said);
    }
  });
});
