import { expect } from 'chai';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRun, oldRun } from '../reports/diff/fixture.js';
import { renderJson } from '../reports/json.js';
import { baselineOf, diff } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform diff', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diff-'));
    for (const [name, { run }] of [
      ['old', oldRun()],
      ['new', newRun()],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'report.json'), renderJson(run));
    }
  });
  afterEach(() => rm(folder, { recursive: true }));
  const conform = async (...args: string[]) => {
    const io = testIo({ folder });
    const code = await main(['diff', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };
  const at = (name: string): string => join(folder, name);

  it('prints what changed and exits 1 where something is newly broken', async () => {
    const { code, out } = await conform(at('old'), at('new'));
    expect(code).to.equal(1);
    expect(out)
      .to.match(/\nnewly broken {2}3 rules: /)
      .and.to.match(/NEW is worse than OLD\. \(exit 1\)\n$/);
  });

  it('exits 0 for a run and itself, with a report.json as good as its folder', async () => {
    expect((await conform(at('old/report.json'), at('old'))).code).to.equal(0);
  });

  it('prints another format, and writes one or several', async () => {
    expect(JSON.parse((await conform(at('old'), at('new'), '--format', 'json')).out)).to.have.property('exitCode', 1);
    const { out } = await conform(at('old'), at('new'), '--format', 'json', '--out', 'made/changes.json');
    expect(out).to.match(/\nreport {6}made\/changes\.json\n$/);
    expect(JSON.parse(await readFile(at('made/changes.json'), 'utf8'))).to.have.property('schemaVersion', 1);
    await conform(at('old'), at('new'), '--format', 'text,json', '--out', 'both');
    expect(await readFile(at('both/diff.txt'), 'utf8')).to.include('newly broken');
    expect(await readFile(at('both/diff.json'), 'utf8')).to.include('"newly broken"');
  });

  const refused: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['a folder without a report', ['none', 'new'], /^conform: OLD: none cannot be read/],
    [
      'a format that there is none of',
      ['old', 'new', '--format', 'jsn'],
      /^conform: --format: got "jsn", wanted one or more of text, json.*Did you mean json\?/,
    ],
    ['several formats without a folder', ['old', 'new', '--format', 'text,json'], /^conform: --format: text, json go into files\. Add --out FOLDER/],
    ['one run alone', ['old'], /^conform: missing required argument 'new'/],
  ];
  for (const [what, args, message] of refused) {
    it(`${what} is refused`, async () => {
      const { code, err } = await conform(...args.map((each) => (['old', 'new'].includes(each) ? at(each) : each)));
      expect(code).to.equal(3);
      expect(err).to.match(message);
    });
  }

  it('a run of a target and one of a client are not compared', async () => {
    await writeFile(at('new/report.json'), renderJson({ ...newRun().run, client: { command: ['npm', 'test'], timedOut: false, durationMs: 1, notes: [] } }));
    expect((await conform(at('old'), at('new'))).err).to.equal('conform: OLD is a run against a target, and NEW one against a client. Wanted two of a kind.\n');
  });

  it('is there for programs too, with folders and with runs', async () => {
    const byFolder = await diff(at('old'), at('new'));
    const byRun = await diff(oldRun().run, newRun().run);
    expect(byRun.changes.map(({ ruleId, kind }) => [ruleId, kind])).to.deep.equal(byFolder.changes.map(({ ruleId, kind }) => [ruleId, kind]));
    expect((await baselineOf(at('new'))).map(({ rule }) => rule)).to.include('first_name/charset');
  });
});
