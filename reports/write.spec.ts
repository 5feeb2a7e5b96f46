import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exchange, fixtureExchanges, fixtureRun } from './fixture.js';
import { renderHar } from './har.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { FORMATS, ReportFolder, type Format } from './write.js';

describe('the report folder', () => {
  let parent = '';
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'conformance-write-'));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const read = (...names: string[]): Promise<string> => readFile(join(parent, ...names), 'utf8');
  const step = exchange('first_name/charset#1', 'first_name=a+b', undefined);

  it('is made where there is none, and holds the reports and every exchange at the end', async () => {
    const folder = await ReportFolder.open(join(parent, 'a', 'b'));
    for (let index = 0; index < 500; index++) folder.exchange({ ...step, n: index });
    const { files, unwritten } = await folder.finish(fixtureRun(), ['json', 'junit']);
    expect(unwritten).to.deep.equal([]);
    expect(files).to.deep.equal(['report.json', 'junit.xml', 'exchanges.ndjson'].map((name) => join(parent, 'a', 'b', name)));
    expect((await readdir(join(parent, 'a', 'b'))).sort()).to.deep.equal(['exchanges.ndjson', 'junit.xml', 'report.json']);
    expect(await read('a', 'b', 'report.json')).to.equal(renderJson(fixtureRun()));
    expect(await read('a', 'b', 'junit.xml')).to.equal(renderJunit(fixtureRun()));
    const lines = (await read('a', 'b', 'exchanges.ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).to.deep.equal(Array.from({ length: 500 }, (_, index) => index));
  });

  it('has exchanges and settled findings on the disk before the run ends', async () => {
    const folder = await ReportFolder.open(parent);
    folder.exchange(step);
    for (const finding of fixtureRun().findings) folder.finding(finding);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(JSON.parse(await read('exchanges.ndjson'))).to.deep.equal(step);
    expect((await read('findings.ndjson')).trimEnd().split('\n')).to.have.length(fixtureRun().findings.length);
    await folder.finish(fixtureRun(), []);
    expect((await readdir(parent)).sort(), 'findings stay where no report.json holds them').to.deep.equal(['exchanges.ndjson', 'findings.ndjson']);
  });

  it('gives the exchanges to a format that asks for them, in the order in which they began', async () => {
    const folder = await ReportFolder.open(parent);
    const exchanges = fixtureExchanges();
    for (const each of exchanges) folder.exchange(each);
    const { files, unwritten } = await folder.finish(fixtureRun(), ['har', 'sarif']);
    expect(unwritten).to.deep.equal([]);
    expect(files.map((file) => basename(file))).to.deep.equal(['exchanges.har', 'report.sarif', 'exchanges.ndjson', 'findings.ndjson']);
    expect(await read('exchanges.har')).to.equal(renderHar(fixtureRun(), exchanges));
  });

  it('takes away every report of an earlier run, whatever its format', async () => {
    const formats = Object.keys(FORMATS) as Format[];
    await (await ReportFolder.open(parent)).finish(fixtureRun(), formats);
    expect(await readdir(parent)).to.have.length(formats.length + 1);
    await (await ReportFolder.open(parent)).finish(fixtureRun(), ['junit']);
    expect((await readdir(parent)).sort()).to.deep.equal(['exchanges.ndjson', 'findings.ndjson', 'junit.xml']);
  });

  it('does not pass off the report of an earlier run as its own', async () => {
    await writeFile(join(parent, 'report.json'), '{"old":true}');
    const folder = await ReportFolder.open(parent);
    expect(await readdir(parent)).to.not.include('report.json');
    await folder.finish(fixtureRun(), ['junit']);
    expect(await readdir(parent)).to.not.include('report.json');
  });

  it('is refused, with the report of an earlier run left alone, where it cannot be written to', async () => {
    await writeFile(join(parent, 'file'), 'kept');
    for (const path of [join(parent, 'file'), join(parent, 'file', 'below')]) {
      const error: unknown = await ReportFolder.open(path).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, path).to.be.an.instanceOf(Error);
    }
    expect(await read('file')).to.equal('kept');
    await mkdir(join(parent, 'report', 'junit.xml'), { recursive: true });
    await writeFile(join(parent, 'report', 'report.json'), 'kept');
    const error: unknown = await ReportFolder.open(join(parent, 'report')).catch((reason: unknown) => reason);
    expect(error).to.have.property('message').that.includes('junit.xml is a folder');
    expect(await read('report', 'report.json')).to.equal('kept');
  });

  it('hands back what could no longer be written', async () => {
    const folder = await ReportFolder.open(join(parent, 'gone'));
    folder.exchange(step);
    await rm(join(parent, 'gone'), { recursive: true });
    await writeFile(join(parent, 'gone'), 'in the way');
    const { unwritten } = await folder.finish(fixtureRun(), ['json', 'junit']);
    expect(unwritten.map(({ content }) => content))
      .to.include(renderJson(fixtureRun()))
      .and.to.include(renderJunit(fixtureRun()));
    for (const { reason } of unwritten) expect(reason).to.match(/E[A-Z]+/);
  });
});
