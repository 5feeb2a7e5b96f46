import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureRun } from '../reports/fixture.js';
import { renderMarkdown } from '../reports/markdown.js';
import { printReport, tellGitHub } from './github.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('a step of GitHub Actions', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-github-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const step = () => testIo({ folder, environment: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') } });
  const summary = (): Promise<string> => readFile(join(folder, 'summary.md'), 'utf8');

  it('gets annotations, and the report in its summary', async () => {
    const io = step();
    await tellGitHub(fixtureRun(), io);
    expect(io.stdout.text.split('\n').filter((line) => line.startsWith('::error title=first_name/charset (fail)::'))).to.have.length(1);
    expect(await summary()).to.equal(renderMarkdown(fixtureRun()));
    expect(io.stderr.text).to.equal('');
  });

  it('gets the report behind what others wrote into its summary, as far as there is room', async () => {
    await writeFile(join(folder, 'summary.md'), '# mine');
    await tellGitHub(fixtureRun(), step());
    expect(await summary()).to.equal(`# mine\n\n${renderMarkdown(fixtureRun())}`);
    await writeFile(join(folder, 'summary.md'), 'x'.repeat(1024 * 1024 - 1500));
    await tellGitHub(fixtureRun(), step());
    expect(Buffer.byteLength(await summary())).to.be.at.most(1024 * 1024);
    expect(await summary()).to.match(/more sections did not fit in here/);
    const full = step();
    await writeFile(join(folder, 'summary.md'), 'x'.repeat(1024 * 1024));
    await tellGitHub(fixtureRun(), full);
    expect(full.stderr.text).to.equal('note: the summary of the step is full, so the report is not in it\n');
    expect(await summary()).to.have.length(1024 * 1024);
  });

  it('is told where the summary cannot be written to, and the run goes on', async () => {
    const io = testIo({ folder, environment: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'none', 'summary.md') } });
    await tellGitHub(fixtureRun(), io);
    expect(io.stderr.text).to.match(/^note: the report is not in the summary of the step: ENOENT/);
    const without = testIo({ folder, environment: { GITHUB_ACTIONS: 'true' } });
    await tellGitHub(fixtureRun(), without);
    expect(without.stderr.text).to.equal('');
  });

  it('takes no command from what a target answered', () => {
    const io = step();
    printReport('\n      got   ::add-mask::x\n', io);
    const [, token] = /^::stop-commands::([\w-]+)\n\n {6}got {3}::add-mask::x\n\n::\1::\n$/.exec(io.stdout.text) ?? [];
    expect(token).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is nothing to a run elsewhere', async () => {
    const io = testIo({ folder, environment: { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') } });
    printReport('report', io);
    await tellGitHub(fixtureRun(), io);
    expect([io.stdout.text, io.stderr.text]).to.deep.equal(['report', '']);
    expect(await summary().catch(() => 'none')).to.equal('none');
  });

  it('gets both of a run and of a client', async () => {
    const io = step();
    expect(await main(['run', '--rule', 'object_reference_id/length', '--budget', 'smoke', '--out', join(folder, 'out')], io)).to.equal(0);
    expect(await summary()).to.include('✅ **Every rule that was checked holds.');
    const client = step();
    expect(await main(['client', '--out', join(folder, 'client'), '--', process.execPath, '-e', ''], client)).to.equal(2);
    expect(client.stdout.text).to.match(/^::error title=Nothing could be checked::/m);
    expect(await summary()).to.include('### Nothing could be checked');
  });
});
