import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../contracts/comparison.js';
import { startReference, type Reference } from '../contracts/reference/server.js';
import { refusedUrl } from '../suites/kit/server.spec-help.js';
import { compare, UsageError } from './index.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

const QUICK = ['--budget', 'smoke', '--seed', '7', '--rule', 'first_name/*', '--rule', 'content-type/json'];

describe('conform compare', function () {
  this.timeout(20_000);
  let folder = '';
  let reference: Reference;
  before(async () => {
    reference = await startReference();
  });
  after(() => reference.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-compare-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const conform = async (targets: string, args: readonly string[] = QUICK, environment: Record<string, string> = {}) => {
    await writeFile(join(folder, 'targets.yaml'), targets);
    const io = testIo({ folder, environment });
    const code = await main(['compare', '--targets', 'targets.yaml', '--out', 'out', ...args], io);
    return { code, out: io.stdout.text, err: io.stderr.text };
  };

  it('checks each target with the same seed, an unreachable one as a blocked column, and puts them beside each other', async () => {
    const { code, out, err } = await conform(
      [
        'targets:',
        '  - { name: gone, url: "' + (await refusedUrl()) + '", merchantId: m, apiKeyEnv: KEY }',
        '  - { name: real, url: "' + reference.url + '", merchantId: ' + reference.merchantId + ', apiKeyEnv: KEY }',
        '  - { name: short, embedded: true, fault: first-name-64-refused }',
        '  - { name: json, embedded: true, variant: [json-accepted] }',
      ].join('\n'),
      QUICK,
      { KEY: reference.apiKey },
    );
    expect(code, err).to.equal(1);
    expect(out)
      .to.match(/gone +.*blocked: the target\s+cannot be reached/)
      .and.include('first_name/length')
      .and.include('content-type/json');
    const comparison = JSON.parse(await readFile(join(folder, 'out', 'compare.json'), 'utf8')) as Comparison;
    const verdicts = (ruleId: string) => comparison.matrix.find((rule) => rule.ruleId === ruleId)?.cells.map((cell) => cell?.verdict);
    expect(verdicts('first_name/length')).to.deep.equal(['blocked', 'pass', 'fail', 'pass']);
    expect(comparison.matrix.find(({ ruleId }) => ruleId === 'content-type/json')?.differs).to.equal(true);
    expect(comparison.targets.map(({ target }) => target?.variant)).to.deep.equal([undefined, undefined, 'fault first-name-64-refused', 'json-accepted']);
    expect((await readdir(join(folder, 'out'))).sort()).to.deep.equal(['compare.html', 'compare.json', 'compare.md', 'gone', 'json', 'real', 'short']);
    for (const name of ['compare.html', 'compare.md', 'real/report.json'])
      expect(await readFile(join(folder, 'out', name), 'utf8'), name).to.not.include(reference.apiKey);
  });

  it('exits 3 for a file that cannot be used, before anything is sent or written', async () => {
    const wrong = async (targets: string, environment: Record<string, string> = {}): Promise<string> => {
      const { code, err, out } = await conform(targets, QUICK, environment);
      expect({ code, out }, err).to.deep.equal({ code: 3, out: '' });
      expect(await readdir(folder)).to.deep.equal(['targets.yaml']);
      return err;
    };
    const url = `url: '${reference.url}', merchantId: m`;
    expect(await wrong('targets: []')).to.include('a list of one target or more');
    expect(await wrong('nonsense: 1')).to.include('targets is missing');
    expect(await wrong('{"targets": [')).to.include('neither JSON nor YAML');
    expect(await wrong('targets: [{ name: a, embedded: true }, { name: A, embedded: true }]')).to.include('"a" and "A", which one folder can be');
    expect(await wrong('targets: [{ name: a/b, embedded: true }]')).to.include('name: got "a/b", wanted a name of letters');
    expect(await wrong('targets: [{ name: a, embedded: true, varian: [x] }]')).to.include('target "a": there is no member "varian". Did you mean variant?');
    expect(await wrong('targets: [{ name: a }]')).to.include('it has neither a url nor embedded');
    expect(await wrong('targets: [{ name: a, embedded: true, fault: nothing-wrong }]')).to.include('there is no fault "nothing-wrong"');
    expect(await wrong(`targets: [{ name: a, ${url}, apiKey: SecretKey123456 }]`))
      .to.include('The API key itself is never written down here')
      .and.not.include('SecretKey');
    expect(await wrong(`targets: [{ name: b, embedded: true }, { name: a, ${url}, apiKeyEnv: NOT_SET }]`)).to.include(
      'target "a": apiKeyEnv: the environment variable NOT_SET is not set. Put the API key into it, or name another one there.',
    );
    expect(await wrong(`targets: [{ name: a, url: '${reference.url}' }]`)).to.include('merchantId is missing');
    expect(await wrong(`targets: [{ name: a, url: 'https://api.juspay.in', merchantId: m }]`, { CONFORM_API_KEY: 'x12345678' })).to.include('is production');
  });

  it('needs a file, and takes the file of one target', async () => {
    const io = testIo({ folder });
    expect(await main(['compare'], io)).to.equal(3);
    expect(io.stderr.text).to.include('--targets is missing');
    expect(await main(['compare', '--targets', 'none.json'], testIo({ folder }))).to.equal(3);
    const { code, out } = await conform('{ "targets": [{ "name": "only", "embedded": true }] }', ['--budget', 'smoke', '--rule', 'response/status']);
    expect(code, out).to.equal(0);
    expect(out).to.include('1 target and 1 rule: nothing differs. (exit 0)');
  });

  it('writes what was found when it is interrupted', async () => {
    await writeFile(join(folder, 'targets.yaml'), 'targets: [{ name: one, embedded: true }, { name: two, embedded: true }]');
    const io = testIo({ folder });
    const ending = main(['compare', '--targets', 'targets.yaml', '--out', 'out', '--seed', '7'], io);
    await new Promise((resolve) => setTimeout(resolve, 300));
    io.interrupt();
    expect(await ending).to.equal(130);
    const comparison = JSON.parse(await readFile(join(folder, 'out', 'compare.json'), 'utf8')) as Comparison;
    expect(comparison.targets.map(({ status }) => status)).to.deep.equal(['interrupted', 'not run']);
    expect(io.stdout.text).to.include('1 target did not come to its turn.');
  });

  it('is in the library, with nothing printed and nothing written unless told', async () => {
    const comparison = await compare({ targets: [{ name: 'a', embedded: true }], rule: ['response/status'], budget: 'smoke' });
    expect(comparison.exitCode).to.equal(0);
    expect(await compare({ targets: [] }).catch((error: unknown) => error)).to.be.an.instanceOf(UsageError);
    expect(await compare({ targets: [{ name: 'a', embedded: true }], rule: ['none'] }).catch((error: unknown) => error)).to.be.an.instanceOf(UsageError);
  });
});
