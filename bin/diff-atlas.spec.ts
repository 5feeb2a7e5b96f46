import { expect } from 'chai';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Atlas } from '../contracts/atlas.js';
import type { RunDiff } from '../contracts/run-diff.js';
import { fixtureAtlas } from '../reports/atlas/fixture.js';
import { renderAtlasJson } from '../reports/atlas/json.js';
import { fixtureRun } from '../reports/fixture.js';
import { renderJson } from '../reports/json.js';
import { diff } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform diff of atlases', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-diff-atlas-'));
    for (const name of ['old', 'new']) await mkdir(join(folder, name));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const longer = (): Atlas => {
    const atlas = structuredClone(fixtureAtlas());
    const lengths = atlas.fields[0]?.lengths;
    if (lengths !== undefined) lengths.longest = { accepted: 64, beyond: 65, got: 'refused', documented: 'open', upTo: 65_536 };
    return atlas;
  };
  const atlases = async (old: Atlas, now: Atlas): Promise<void> => {
    await writeFile(join(folder, 'old', 'atlas.json'), renderAtlasJson(old));
    await writeFile(join(folder, 'new', 'atlas.json'), renderAtlasJson(now));
  };
  const runs = async (): Promise<void> => {
    for (const name of ['old', 'new']) await writeFile(join(folder, name, 'report.json'), renderJson(fixtureRun()));
  };
  const conform = async (...args: readonly string[]) => {
    const io = testIo({ folder });
    const code = await main(['diff', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };
  const [OLD, NEW] = [() => join(folder, 'old'), () => join(folder, 'new')];

  it('with a run beside each: a change counts as another reading does', async () => {
    await runs();
    await atlases(fixtureAtlas(), longer());
    const { code, out } = await conform(OLD(), NEW());
    expect(code, out).to.equal(1);
    expect(out).to.include('first_name longest').and.include('→ 64 (65 is refused)').and.include('1 change of the atlas');
    const result: RunDiff = await diff(OLD(), NEW());
    expect(result.atlas?.changes.map(({ what }) => what)).to.deep.equal(['longest']);
    await atlases(fixtureAtlas(), fixtureAtlas());
    expect((await conform(OLD(), NEW())).code).to.equal(0);
  });

  it('of another target than the run says nothing', async () => {
    await runs();
    await atlases(fixtureAtlas(), { ...longer(), target: { url: 'http://127.0.0.1:11', embedded: false, merchantId: 'acme' } });
    expect((await conform(OLD(), NEW())).code).to.equal(0);
  });

  it('without runs: by themselves, as text or JSON', async () => {
    await atlases(fixtureAtlas(), longer());
    const { code, out } = await conform(OLD(), join(NEW(), 'atlas.json'));
    expect(code).to.equal(1);
    expect(out).to.include('what the target accepts has changed in 1 way').and.include('(exit 1)');
    expect(JSON.parse((await conform(OLD(), NEW(), '--format', 'json')).out)).to.have.property('notCompared', 0);
    expect(await conform(OLD(), OLD())).to.deep.include({ code: 0, out: 'atlas  nothing has changed\n\nNEW accepts what OLD accepted. (exit 0)\n' });
  });

  it('exits 3 for an atlas beside a run, and for what is no atlas', async () => {
    await atlases(fixtureAtlas(), fixtureAtlas());
    await writeFile(join(folder, 'old', 'report.json'), renderJson(fixtureRun()));
    expect(await conform(OLD(), NEW())).to.deep.include({ code: 3, out: '' });
    await rm(join(folder, 'old', 'report.json'));
    await writeFile(join(folder, 'old', 'atlas.json'), '{"atlasVersion": 9}');
    expect((await conform(OLD(), NEW())).err).to.include('has the atlasVersion 9, and this version of conform reads 1');
    await writeFile(join(folder, 'old', 'atlas.json'), '{');
    expect((await conform(OLD(), NEW())).err).to.include('is no JSON');
  });

  it('is drawn in the report of a run, where the folder has both', async () => {
    await runs();
    await atlases(fixtureAtlas(), fixtureAtlas());
    const io = testIo({ folder });
    expect(await main(['report', '--from', OLD(), '--format', 'html'], io), io.stderr.text).to.equal(0);
    const html = await readFile(join(OLD(), 'report.html'), 'utf8');
    expect(html).to.include('id="atlas"').and.include('id="atlas-first_name"').and.include('href="#atlas"');
  });
});
