import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReference, type Reference } from '../contracts/reference/server.js';
import type { Replay } from '../contracts/replay.js';
import { acceptedRun, fixtureRun } from '../reports/fixture.js';
import { renderJson } from '../reports/json.js';
import { replay, run } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform replay', function () {
  this.timeout(20_000);
  let folder: string;
  let faulty: Reference;
  let honest: Reference;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
    [faulty, honest] = [await startReference({ fault: 'last-name-apostrophe-accepted' }), await startReference()];
    const { url, apiKey, merchantId } = faulty;
    await run({ url, apiKey, merchantId, rule: ['last_name/charset', 'last_name/optional'], budget: 'smoke', seed: 7, out: folder });
  });
  after(async () => {
    await faulty.close();
    await honest.close();
    await rm(folder, { recursive: true });
  });
  const conform = async (args: readonly string[], environment: Readonly<Record<string, string>> = { CONFORM_API_KEY: faulty.apiKey }) => {
    const io = testIo({ folder, environment });
    const code = await main(['replay', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };

  it('exits 1 where it is still broken, without being told the target', async () => {
    const { code, out } = await conform([folder]);
    expect(code, out).to.equal(1);
    expect(out)
      .to.match(/\nstill broken {2}last_name\/charset\n/)
      .and.to.match(/because {3}broken in 3 of 3 tries\n/);
    expect(out).to.not.include(faulty.apiKey);
  });

  it('exits 0 where it is fixed, on another target', async () => {
    const { code, out } = await conform([folder, 'last_name/*', '--url', honest.url]);
    expect(code, out).to.equal(0);
    expect(out)
      .to.match(/which were found on/)
      .and.to.match(/\n1 fixed\. \(exit 0\)\n/);
  });

  it('exits 2 where the key is refused, and says why without it', async () => {
    const { code, out } = await conform([folder], { CONFORM_API_KEY: 'AnotherKey12345' });
    expect([code, out.includes('AnotherKey12345')]).to.deep.equal([2, false]);
    expect(out).to.match(/blocked {2}last_name\/charset/);
  });

  it('says it as JSON', async () => {
    const { out } = await conform([folder, '--url', honest.url, '--json']);
    const { replayed, exitCode } = JSON.parse(out) as Replay;
    expect([exitCode, replayed.map(({ outcome }) => outcome)]).to.deep.equal([0, ['fixed']]);
  });

  it('is there for programs, and a run in the hand will do', async () => {
    const { exitCode, target } = await replay(folder, { url: honest.url, apiKey: honest.apiKey, merchantId: honest.merchantId });
    expect([exitCode, target.url]).to.deep.equal([0, honest.url]);
  });

  it('replays a run of the embedded reference against it', async () => {
    const kept = await run({ rule: ['last_name/optional'], budget: 'smoke', seed: 7 });
    expect(await replay(kept)).to.deep.include({ exitCode: 0, replayed: [] });
  });

  it('writes a script, and sends nothing for it', async () => {
    const { code, out } = await conform([folder, '--export', 'again.sh'], {});
    expect([code, out]).to.deep.equal([0, 'again.sh: 1 finding. Run it with API_KEY=… sh again.sh\n']);
    expect(await readFile(join(folder, 'again.sh'), 'utf8'))
      .to.match(/^#!\/bin\/sh\n/)
      .and.to.include("said 'last_name/charset'");
  });

  it('leaves out what was accepted, unless it is named', async () => {
    const file = join(folder, 'accepted.json');
    await writeFile(file, renderJson({ ...acceptedRun(), findings: acceptedRun().findings.filter(({ accepted }) => accepted !== undefined) }));
    const { code, out, err } = await conform([file]);
    expect([code, out]).to.deep.equal([0, 'Nothing that failed the run is there to be sent again.\n']);
    expect(err).to.match(/^note: 2 departures .* left out; name them/);
  });

  const refused: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['a rule that is not broken', ['last_name/optional'], /^conform: RULE: last_name\/optional is not broken in the run \(pass\)/],
    [
      'a rule that there is none of',
      ['last_name/charst'],
      /^conform: RULE: no broken finding of the run matches "last_name\/charst"\. Did you mean last_name\/charset\?/,
    ],
    ['production', ['--url', 'https://api.juspay.in'], /^conform: --url: .* is production/],
    ['a key as an argument', ['--api-key', 'ReferenceKey7'], /^conform: unknown option '--api-key'\. The API key is never an argument/],
  ];
  for (const [what, args, message] of refused) {
    it(`${what} is refused`, async () => {
      const { code, err } = await conform([folder, ...args]);
      expect(code).to.equal(3);
      expect(err).to.match(message);
    });
  }

  it('a missing key and the run of a client are refused', async () => {
    expect((await conform([folder], {})).err).to.match(/^conform: the API key: the environment variable CONFORM_API_KEY is not set/);
    const file = join(folder, 'client.json');
    await writeFile(file, renderJson(fixtureRun({ client: { command: ['npm', 'test'], timedOut: false, durationMs: 1, notes: [] } })));
    expect((await conform([file])).err).to.match(/^conform: RUN: it judged a client, .* Run the client again/);
  });
});
