import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptedRun, fixtureRun } from '../reports/fixture.js';
import { renderJson } from '../reports/json.js';
import { parseBaseline } from '../suites/kit/baseline.js';
import { run } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform baseline', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baseline-'));
    await writeFile(join(folder, 'report.json'), renderJson(fixtureRun()));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const conform = async (...args: string[]) => {
    const io = testIo({ folder });
    const code = await main(['baseline', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };

  for (const name of ['b.yaml', 'b.json']) {
    it(`writes what fails the run into ${name}, as a run can read it`, async () => {
      const { code, out } = await conform(folder, '--out', name);
      expect(code).to.equal(0);
      expect(out).to.match(new RegExp(`^${name.replace('.', '\\.')}: 4 departures\n`));
      const { entries } = parseBaseline(await readFile(join(folder, name), 'utf8'), name);
      expect(entries.map(({ rule }) => rule)).to.have.members(['first_name/charset', 'object_reference_id/unique', 'robustness/values', 'content-type/json']);
      expect(entries.find(({ rule }) => rule === 'first_name/charset')?.reason).to.equal(
        'known since 2026-03-17: a first_name with a blank in it was accepted',
      );
    });
  }

  it('takes warnings in where they failed the run, and keeps the reason of what was accepted before', async () => {
    await writeFile(join(folder, 'report.json'), renderJson({ ...acceptedRun(), failOn: 'should' }));
    expect((await conform(folder, '--expires', '2999-01-01')).code).to.equal(0);
    const { entries } = parseBaseline(await readFile(join(folder, 'conformance.baseline.yaml'), 'utf8'), 'b');
    expect(entries.map(({ rule }) => rule)).to.include('response/id-prefix');
    expect(entries.find(({ rule }) => rule === 'first_name/charset')).to.deep.equal({
      rule: 'first_name/charset',
      reason: 'names of partners have blanks',
      link: 'https://tickets.example.com/17',
      expires: '2999-01-01',
    });
  });

  it('does not write over a file unless told to', async () => {
    await writeFile(join(folder, 'b.yaml'), '# by hand\n');
    const { code, err } = await conform(folder, '--out', 'b.yaml');
    expect([code, err]).to.deep.equal([
      3,
      'conform: --out: b.yaml exists, and the reasons in it may have been written by hand. Name another file, or say --force.\n',
    ]);
    expect(await readFile(join(folder, 'b.yaml'), 'utf8')).to.equal('# by hand\n');
    expect((await conform(folder, '--out', 'b.yaml', '--force', '--reason', 'all known')).code).to.equal(0);
    expect(parseBaseline(await readFile(join(folder, 'b.yaml'), 'utf8'), 'b').entries[0]?.reason).to.equal('all known');
  });

  it('writes nothing where nothing fails', async () => {
    await writeFile(join(folder, 'report.json'), renderJson(fixtureRun({ findings: [] })));
    const { code, out } = await conform(folder);
    expect([code, out]).to.deep.equal([0, 'The run has no departure that fails it, so no baseline was written.\n']);
  });

  const refused: readonly (readonly [what: string, args: string[], message: RegExp])[] = [
    ['an empty reason', ['--reason', ' '], /--reason: it is empty\. Wanted a sentence/],
    ['a day that is over', ['--expires', '2020-01-01'], /--expires: 2020-01-01 is over/],
    ['a day that is none', ['--expires', 'soon'], /--expires: got "soon", wanted a date such as 2027-03-31/],
    ['a file of another kind', ['--out', 'b.txt'], /--out: "b\.txt" is no name for a baseline/],
  ];
  for (const [what, args, message] of refused) {
    it(`${what} is refused`, async () => {
      const { code, err } = await conform(folder, ...args);
      expect(code).to.equal(3);
      expect(err).to.match(message);
    });
  }

  it('a run that judged a client is refused', async () => {
    await writeFile(join(folder, 'report.json'), renderJson(fixtureRun({ client: { command: [], timedOut: false, durationMs: 1, notes: [] } })));
    expect((await conform(folder)).err).to.match(/^conform: RUN: it judged a client/);
  });
});

describe('a run with a baseline', () => {
  it('fails for a line whose rule holds, in the library too', async () => {
    const rule = ['first_name/optional'];
    const result = await run({ rule, seed: 1, budget: 'smoke', baseline: [{ rule: 'first_name/optional', reason: 'known' }] });
    expect(result.baseline).to.deep.equal({ stale: [{ rule: 'first_name/optional', reason: 'known' }], expired: [] });
    expect(result.exitCode).to.equal(1);
  });

  it('a baseline that cannot be used ends it before anything is sent', async () => {
    const io = testIo();
    expect(await main(['run', '--baseline', 'none.yaml'], io)).to.equal(3);
    expect(io.stderr.text).to.match(/^conform: --baseline: the baseline cannot be read \(ENOENT.*`conform baseline` writes one from a run\.\n$/);
    expect(await main(['run'], testIo({ environment: { CONFORM_BASELINE: 'none.yaml' } }))).to.equal(3);
  });
});
