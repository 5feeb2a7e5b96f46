import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExchangeSchema, type Run } from '../contracts/finding.js';
import { FAULTS } from '../contracts/reference/faults.js';
import { startReference, type Reference } from '../contracts/reference/server.js';
import { VARIANTS } from '../contracts/reference/variants.js';
import { renderSchema } from '../reports/schema.js';
import { FORMAT_NAMES } from './options.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

const KEY = 'Key1234567890abcdef';

describe('the command line', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-program-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const conform = async (args: readonly string[], environment: Record<string, string> = {}) => {
    const io = testIo({ folder, environment });
    const exitCode = await main(args, io);
    return { exitCode, out: io.stdout.text, err: io.stderr.text };
  };

  it('lists its commands, and says the precedence of options in the help of run', async () => {
    const help = await conform(['--help']);
    expect(help.exitCode).to.equal(0);
    expect(help.out.match(/^ {2}(run|serve|rules|explain)\b/gm)).to.have.length(4);
    const run = await conform(['run', '--help']);
    expect(run.out).to.include('A flag goes before the environment, the environment\nbefore the file, the file before the default.');
    expect(run.out).to.not.match(/\B--(shard|resume|variant|api-key )\b/);
  });

  it('shows the commands of pact where none is given', async () => {
    const { exitCode, err } = await conform(['pact']);
    expect(exitCode).to.equal(3);
    expect(err)
      .to.match(/^Usage: conform pact/)
      .and.to.match(/^ {2}record/m);
  });

  it('lists in the help of serve what it can be served with', async () => {
    const { out } = await conform(['serve', '--help']);
    for (const { name } of [...VARIANTS, ...FAULTS]) expect(out).to.include(name);
  });

  it('without a command shows the help and exits 3', async () => {
    expect(await conform([]))
      .to.deep.include({ exitCode: 3, out: '' })
      .and.to.have.property('err')
      .that.includes('Usage: conform');
  });

  const refused: readonly (readonly [args: readonly string[], message: string | RegExp])[] = [
    [['rnu'], /^conform: unknown command 'rnu' \(Did you mean run\?\)/],
    [['merge'], /^conform: unknown command .merge./],
    [['run', '--sed', '7'], /^conform: unknown option '--sed' \(Did you mean --seed\?\)/],
    [['run', '--shard', '1/2'], /^conform: unknown option '--shard'/],
    [['run', 'extra'], /^conform: too many arguments/],
    [['run', '--seed'], /^conform: option '--seed <n>' argument missing/],
    [['run', '--seed', 'x'], 'conform: --seed: got "x", wanted a whole number from 0 to 2,147,483,647.\n'],
    [['run', '--seed', '1', '--seed', '2'], 'conform: --seed was given twice. Wanted it once.\n'],
    [['run', '--format', 'pdf'], `conform: --format: got "pdf", wanted one of ${FORMAT_NAMES.join(', ')}.\n`],
    [['run', '--rule', 'first_name/charst'], /^conform: --rule: there is no rule "first_name\/charst"\. Did you mean first_name\/charset\?/],
    [['run', '--url', 'no url'], /^conform: --url: "no url" is no URL\./],
    [['run', '--url', 'https://api.juspay.in', '--merchant-id', 'm'], /^conform: --url: .* is production/],
    [['run', '--url', 'http://127.0.0.1:9', '--merchant-id', 'm'], /^conform: the API key: the environment variable CONFORM_API_KEY is not set\./],
    [['run', '--url', 'http://127.0.0.1:9'], /^conform: A target needs a merchant id/],
    [['run', '--merchant-id', 'm'], /^conform: --merchant-id: it goes with a target/],
    [['run', '--config', 'none.json'], /^conform: none\.json: the configuration file cannot be read/],
    [['serve', '--variant', 'no-such-variant'], /^conform: --variant: there is no variant "no-such-variant"/],
    [['serve', '--fault', 'no-such-fault'], /^conform: --fault: there is no fault "no-such-fault"/],
    [['serve', '--port', '70000'], /^conform: --port: got "70000"/],
    [['explain'], /^conform: missing required argument 'rule'/],
    [['explain', 'first_name'], /^conform: conform explain: there is no rule "first_name"/],
    [['rules', '--document', 'none.txt'], /^conform: --document none\.txt: the saved page cannot be read/],
  ];
  for (const [args, message] of refused) {
    it(`conform ${args.join(' ')} exits 3 and says what is wrong`, async () => {
      const { exitCode, out, err } = await conform(args);
      expect({ exitCode, out }, err).to.deep.equal({ exitCode: 3, out: '' });
      if (typeof message === 'string') expect(err).to.equal(message);
      else expect(err).to.match(message);
      expect(await readdir(folder), 'files that were written').to.deep.equal([]);
    });
  }

  it('never repeats a key that was given as an argument', async () => {
    for (const args of [['run', '--api-key', KEY], ['run', `--api-key=${KEY}`], ['run', `--key=${KEY}`], [`--apikey=${KEY}`]]) {
      const { exitCode, out, err } = await conform(args);
      expect(exitCode).to.equal(3);
      expect(out + err).to.not.include(KEY);
      expect(err).to.include('The API key is never an argument');
    }
  });

  it('refuses a report folder that cannot be written to, before anything is sent and with earlier reports left alone', async () => {
    await writeFile(join(folder, 'file'), 'kept');
    await mkdir(join(folder, 'report', 'exchanges.ndjson'), { recursive: true });
    await writeFile(join(folder, 'report', 'report.json'), 'kept');
    for (const out of ['file', 'file/below', 'report']) {
      const { exitCode, out: printed, err } = await conform(['run', '--budget', 'smoke', '--out', join(folder, out)]);
      expect({ exitCode, printed }, err).to.deep.equal({ exitCode: 3, printed: '' });
      expect(err).to.include(`The report folder "${join(folder, out)}" cannot be written to`);
    }
    expect(await readFile(join(folder, 'report', 'report.json'), 'utf8')).to.equal('kept');
  });

  describe('run', () => {
    let reference: Reference;
    before(async () => {
      reference = await startReference();
    });
    after(() => reference.close());

    const report = async (name = 'out'): Promise<Run> => JSON.parse(await readFile(join(folder, name, 'report.json'), 'utf8')) as Run;
    /** Resolves when the file of the report folder has the text, or the command has ended without it. */
    const hasWritten = async (path: string, text: string, ended: Promise<number>): Promise<void> => {
      let over = false;
      void ended.finally(() => (over = true));
      const has = async (): Promise<boolean> => (await readFile(join(folder, path), 'utf8').catch(() => '')).includes(text);
      while (!over && !(await has())) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    /** An exchange in which a customer was created. */
    const CREATED = '"status":200';
    const rules = ['--rule', 'first_name/charset', '--rule', 'response/*', '--budget', 'smoke'];

    it('checks a URL with the key from the environment, prints a line a rule and the report, and writes the files', async () => {
      const { exitCode, out, err } = await conform(
        ['run', '--url', reference.url, '--merchant-id', reference.merchantId, ...rules, '--seed', '7', '--out', join(folder, 'out')],
        {
          CONFORM_API_KEY: reference.apiKey,
        },
      );
      expect(exitCode, out + err).to.equal(0);
      expect(err).to.include(`checking ${reference.url} · seed 7 · budget smoke`);
      expect(out).to.match(/^pass {5}first_name\/charset .*\(statement 28\)$/m);
      expect(out).to.include(`Create Customer on ${reference.url}`).and.to.include('(exit 0)');
      expect((await readdir(join(folder, 'out'))).sort()).to.deep.equal(['exchanges.ndjson', 'junit.xml', 'report.html', 'report.json']);
      expect(await report()).to.deep.include({ seed: 7, status: 'complete', exitCode: 0 });
      const everything =
        out + err + (await Promise.all((await readdir(join(folder, 'out'))).map((name) => readFile(join(folder, 'out', name), 'utf8')))).join('');
      const ajv = formats.default(new Ajv({ strictTypes: false }));
      expect(ajv.validate(JSON.parse(renderSchema()) as object, await report()), JSON.stringify(ajv.errors)).to.equal(true);
      const exchanges = (await readFile(join(folder, 'out', 'exchanges.ndjson'), 'utf8')).trimEnd().split('\n');
      expect(exchanges).to.have.length((await report()).requestsSent);
      for (const line of exchanges) expect(ajv.validate(ExchangeSchema, JSON.parse(line)), JSON.stringify(ajv.errors)).to.equal(true);
      expect(everything, 'what was printed and written').to.not.include(reference.apiKey);
      expect(everything).to.not.include(Buffer.from(`${reference.apiKey}:`).toString('base64'));
    });

    it('takes options from flags before the environment before the configuration file', async () => {
      await writeFile(
        join(folder, 'conformance.config.json'),
        JSON.stringify({ seed: 1, budget: 'smoke', rule: 'response/status', failOn: 'should', out: join(folder, 'out') }),
      );
      const { exitCode, err } = await conform(['run', '--seed', '3'], { CONFORM_SEED: '2', CONFORM_FAIL_ON: 'must' });
      expect(exitCode, err).to.equal(0);
      expect(await report()).to.deep.include({ seed: 3, failOn: 'must', rules: ['response/status'] });
    });

    it('blames a wrong value on the place it came from', async () => {
      expect((await conform(['run'], { CONFORM_BUDGET: 'big' })).err).to.equal('conform: CONFORM_BUDGET: got "big", wanted one of smoke, standard, deep.\n');
      await writeFile(join(folder, 'conformance.config.yaml'), 'rule: no/rule\n');
      expect((await conform(['run'])).err).to.match(/^conform: rule in conformance\.config\.yaml: there is no rule "no\/rule"/);
    });

    it('exits 2 with every rule blocked where the key is refused', async () => {
      const { exitCode, out } = await conform(['run', '--url', reference.url, '--merchant-id', reference.merchantId, ...rules, '--out', join(folder, 'out')], {
        CONFORM_API_KEY: 'AnotherKey1234567890',
      });
      expect(exitCode, out).to.equal(2);
      expect(out).to.include('nothing could be checked').and.to.match(/401/);
      const run = await report();
      expect(run.status).to.equal('blocked');
      expect(run.counts.blocked).to.equal(run.findings.length).and.to.be.above(0);
    });

    it('exits 1 where the configuration pins another reading, and shows which', async () => {
      await writeFile(join(folder, 'conformance.config.json'), JSON.stringify({ readings: { 'content-type/json': { 'application/json': 'accepted' } } }));
      const { exitCode, out } = await conform(['run', '--rule', 'content-type/json', '--budget', 'smoke', '--out', join(folder, 'out')]);
      expect(exitCode, out).to.equal(1);
      expect(out)
        .to.match(/^observed content-type\/json {3}/m)
        .and.to.include('does not do what the configuration pins');
    });

    it('ends on Ctrl-C with 130 and a report that says so', async () => {
      const slow = await startReference({ latencyMs: 100 });
      const io = testIo({ folder, environment: { CONFORM_API_KEY: slow.apiKey } });
      const ended = main(['run', '--url', slow.url, '--merchant-id', slow.merchantId, '--out', join(folder, 'out')], io);
      await hasWritten('out/exchanges.ndjson', CREATED, ended);
      io.interrupt();
      expect(await ended).to.equal(130);
      await slow.close();
      const run = await report();
      expect(run).to.deep.include({ status: 'interrupted', exitCode: 130 });
      expect(
        Object.values(run.counts).reduce((sum, count) => sum + count, 0),
        'counts together',
      ).to.equal(run.findings.length);
      expect(io.stdout.text).to.include('Interrupted');
    });

    it('ends on an error of its own with 70 and a report of what was found until then', async () => {
      const slow = await startReference({ latencyMs: 100 });
      const io = testIo({ folder, environment: { CONFORM_API_KEY: slow.apiKey } });
      const ended = main(['run', '--url', slow.url, '--merchant-id', slow.merchantId, '--out', join(folder, 'out')], io);
      await hasWritten('out/exchanges.ndjson', CREATED, ended);
      io.crashWith(new Error(`a mistake of ours with ${slow.apiKey}`));
      expect(await ended).to.equal(70);
      await slow.close();
      expect(io.stderr.text).to.include('an internal error ended the run').and.to.include('a mistake of ours');
      expect(io.stderr.text + io.stdout.text, 'what was printed').to.not.include(slow.apiKey);
      const run = await report();
      expect(run).to.deep.include({ status: 'interrupted', exitCode: 70 });
      expect(run.requestsSent).to.be.above(0);
      expect(run.idsCreated).to.not.deep.equal([]);
      expect(
        Object.values(run.counts).reduce((sum, count) => sum + count, 0),
        'counts together',
      ).to.equal(run.findings.length);
    });

    it('prints the report that could no longer be written', async () => {
      const slow = await startReference({ latencyMs: 20 });
      const io = testIo({ folder, environment: { CONFORM_API_KEY: slow.apiKey, CONFORM_URL: slow.url, CONFORM_MERCHANT_ID: slow.merchantId } });
      const patterns = ['--rule', 'first_name/charset', '--rule', 'response/status'];
      const ended = main(['run', ...patterns, '--concurrency', '1', '--max-requests', '60', '--format', 'json', '--out', join(folder, 'gone')], io);
      await hasWritten('gone/exchanges.ndjson', CREATED, ended);
      await rm(join(folder, 'gone'), { recursive: true });
      expect(await ended).to.equal(70);
      await slow.close();
      expect(io.stderr.text).to.match(/report\.json could not be written: ENOENT/);
      expect(io.stdout.text).to.include('"ruleId": "response/status"');
    });

    it('shows every exchange when verbose, the key taken out', async () => {
      const { out } = await conform(['run', '--rule', 'response/status', '--budget', 'smoke', '--verbose', '--out', join(folder, 'out')]);
      expect(out).to.match(/^→ POST \/customers 200 in \d+ ms {2}/m);
      expect(out).to.not.include(reference.apiKey);
    });
  });
});
