import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Ajv } from 'ajv';
import { RunSchema, type Run } from '../contracts/finding.js';
import { examplesOf, EXAMPLES } from '../contracts/interactions.js';
import { startReference, type Reference } from '../contracts/reference/server.js';
import { startBrokerDouble, type BrokerDouble } from '../suites/pact/broker-double.js';
import { pactText } from '../suites/pact/recorder.js';
import { main } from './program.js';
import { testIo, type TestIo } from './test-io.js';

const FAST = { CONFORM_BROKER_BACKOFF_MS: '1' };

describe('conform pact with a broker', function () {
  this.timeout(30_000);
  let folder: string;
  let broker: BrokerDouble;
  let commit: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conform-pact-'));
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { stdio: 'pipe' })
        .toString()
        .trim();
    git('init', '-q', '-b', 'feat/one');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    commit = git('rev-parse', 'HEAD');
    await writeFile(join(folder, 'small.json'), await pactText(examplesOf('create').slice(0, 3), { consumer: 'shop', provider: 'juspay-customers' }));
    await writeFile(join(folder, 'other.json'), await pactText(examplesOf('create').slice(0, 2), { consumer: 'shop', provider: 'juspay-customers' }));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => (broker = await startBrokerDouble({ basic: { username: 'me', password: 'secret' } })));
  afterEach(() => broker.close());

  const conform = async (args: readonly string[], environment: Record<string, string> = {}): Promise<TestIo & { code: number }> => {
    const io = testIo({ folder, environment: { ...FAST, PACT_BROKER_USERNAME: 'me', PACT_BROKER_PASSWORD: 'secret', ...environment } });
    return { ...io, code: await main(['pact', ...args], io) };
  };
  const publish = (...more: readonly string[]): ReturnType<typeof conform> => conform(['publish', '--broker-url', broker.url, '--pact', 'small.json', ...more]);

  describe('publish', () => {
    it('takes version and branch from git, and may be done again', async () => {
      const first = await publish('--tag', 'dev', '--build-url', 'https://ci.example.com/1');
      expect([first.stderr.text, first.code]).to.deep.equal(['', 0]);
      expect(first.stdout.text).to.include(`shop → juspay-customers  version ${commit}, branch feat/one`);
      expect((await publish()).code).to.equal(0);
      expect(broker.records.pacts).to.have.length(1);
      expect(broker.records.pacts[0]?.content).to.equal(await readFile(join(folder, 'small.json'), 'utf8'));
    });

    it('publishes the recorded contracts of the package where no file is named', async () => {
      const { code } = await conform(['publish', '--broker-url', broker.url]);
      expect(code).to.equal(0);
      expect(broker.records.pacts.map(({ consumer }) => consumer)).to.deep.equal(['merchant', 'merchant-read', 'merchant-update']);
    });

    it('takes the broker from the environment', async () => {
      const { code } = await conform(['publish', '--pact', 'small.json', '--version', '5', '--branch', 'main'], { PACT_BROKER_BASE_URL: broker.url });
      expect(code).to.equal(0);
      expect(broker.records.pacts[0]?.version).to.equal('5');
    });

    it('another contract under the same version exits 1 and says what to do', async () => {
      await publish('--version', '1');
      const { code, stderr } = await conform(['publish', '--broker-url', broker.url, '--pact', 'other.json', '--version', '1']);
      expect(code).to.equal(1);
      expect(stderr.text).to.include('Cannot change the content').and.include('--version');
    });

    it('a refused credential exits 1 and shows nothing of it', async () => {
      const { code, stderr } = await conform(['publish', '--broker-url', broker.url, '--pact', 'small.json'], { PACT_BROKER_PASSWORD: 'not-it' });
      expect(code).to.equal(1);
      expect(stderr.text).to.include('401').and.include('PACT_BROKER_TOKEN').and.not.to.include('not-it');
    });

    it('an unreachable broker exits 1', async () => {
      const { code, stderr } = await conform(['publish', '--broker-url', 'http://127.0.0.1:9', '--pact', 'small.json']);
      expect(code).to.equal(1);
      expect(stderr.text).to.include('cannot be reached').and.include('Check the address');
    });

    for (const [args, says] of [
      [['publish', '--pact', 'small.json'], 'A broker is needed'],
      [['publish', '--broker-url', 'ftp://x', '--pact', 'small.json'], '--broker-url'],
      [['publish', '--broker-url', 'http://me:secret@127.0.0.1:9', '--pact', 'small.json'], 'credentials in it'],
      [['publish', '--broker-url', 'http://127.0.0.1:9', '--pact', 'none.json'], 'none.json'],
      [['publish', '--broker-url', 'http://127.0.0.1:9', '--pact', 'small.json', '--build-url', 'ci'], '--build-url'],
      [['publish', '--broker-url', 'http://127.0.0.1:9', '--pact', 'small.json', '--version', ''], '--version'],
      [['can-i-deploy', '--broker-url', 'http://127.0.0.1:9'], '--to-environment'],
      [['can-i-deploy', '--broker-url', 'http://127.0.0.1:9', '--to-environment', 'test', '--retry-while-unknown', 'x'], '--retry-while-unknown'],
      [['verify', '--pending'], '--pending: it goes with a broker'],
      [['verify', '--pact', 'none.json'], 'none.json'],
      [['verify', '--pact', 'small.json', '--broker-url', 'http://127.0.0.1:9'], 'both given'],
      [['verify', '--broker-url', 'http://127.0.0.1:9', '--selector', 'mian'], '--selector'],
      [['verify', '--broker-url', 'http://127.0.0.1:9', '--wip-since', 'soon', '--pending'], '--wip-since'],
      [['verify', '--broker-url', 'http://127.0.0.1:9', '--wip-since', '2026-01-01'], 'Add --pending'],
      [['verify', '--url', 'no url'], '--url'],
      [['verify', '--url', 'http://127.0.0.1:9', '--merchant-id', 'm'], 'CONFORM_API_KEY'],
      [['verify', '--frobnicate'], '--frobnicate'],
      [['verify', '--format', 'html5'], '--format'],
      [['publish', '--broker-url', 'a', '--broker-url', 'b'], 'given twice'],
    ] as const)
      it(`conform pact ${args.join(' ')} exits 3 and says what is wrong`, async () => {
        const { code, stderr } = await conform(args);
        expect([code, stderr.text]).to.deep.include(3);
        expect(stderr.text).to.include(says).and.not.to.include('secret@');
      });

    it('a version has to be given outside of a git checkout', async () => {
      const io = testIo({ folder: tmpdir(), environment: { PACT_BROKER_USERNAME: 'me' } });
      expect(await main(['pact', 'publish', '--broker-url', 'http://127.0.0.1:9', '--pact', join(folder, 'small.json')], io)).to.equal(3);
      expect(io.stderr.text).to.include('--version');
    });
  });

  describe('verify', () => {
    let reference: Reference;
    const start = async (fault?: string): Promise<void> => {
      reference = await startReference(fault === undefined ? {} : { fault });
    };
    afterEach(() => reference.close());
    const verify = (...more: readonly string[]): ReturnType<typeof conform> =>
      conform(['verify', '--url', reference.url, '--merchant-id', reference.merchantId, '--out', 'report', ...more], { CONFORM_API_KEY: reference.apiKey });
    const fromBroker = (...more: readonly string[]): ReturnType<typeof conform> =>
      verify('--broker-url', broker.url, '--publish-results', '--provider-version', '7', '--provider-branch', 'main', ...more);
    const report = async (): Promise<Run> => JSON.parse(await readFile(join(folder, 'report', 'report.json'), 'utf8')) as Run;

    it('by files: exit 0 and a report where they are kept, without the broker that the environment names', async () => {
      await start();
      const io = testIo({ folder, environment: { CONFORM_API_KEY: reference.apiKey } });
      process.env['PACT_BROKER_BASE_URL'] = 'http://127.0.0.1:9';
      const code = await main(['pact', 'verify', '--url', reference.url, '--merchant-id', reference.merchantId, '--out', 'report', '--pact', 'small.json'], io);
      delete process.env['PACT_BROKER_BASE_URL'];
      expect([io.stderr.text.includes('3 interactions of shop'), code]).to.deep.equal([true, 0]);
      const written = await report();
      const isReport = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(RunSchema);
      expect(isReport(written), JSON.stringify(isReport.errors)).to.equal(true);
      const { findings, counts, requestsSent } = written;
      expect(counts.pass).to.equal(findings.length);
      // And the control in front of them.
      expect(requestsSent).to.equal(4);
      expect(await readFile(join(folder, 'report', 'exchanges.ndjson'), 'utf8')).to.match(/^(\{.*"purpose":"pact".*\}\n){3}$/);
    });

    it('by a broker: the results are published, and then it may be deployed', async () => {
      await start();
      await publish('--branch', 'main', '--version', '1');
      const { code, stderr } = await fromBroker('--selector', 'branch=main');
      expect([stderr.text.includes('is being verified because'), code]).to.deep.equal([true, 0]);
      expect(broker.records.results.map(({ success, providerVersion }) => [success, providerVersion])).to.deep.equal([[true, '7']]);
      expect([...(broker.records.versions.get('juspay-customers')?.[0]?.branches ?? [])]).to.deep.equal(['main']);
      broker.records.deployments.push({ pacticipant: 'juspay-customers', version: '7', environment: 'production' });
      const ask = await conform(['can-i-deploy', '--broker-url', broker.url, '--pacticipant', 'shop', '--version', '1', '--to-environment', 'production']);
      expect([ask.stdout.text.includes('Computer says yes'), ask.code]).to.deep.equal([true, 0]);
    });

    it('a failure is published as one, exits 1, and then it may not be deployed', async () => {
      await start('created-answered-201');
      await publish('--branch', 'main', '--version', '1');
      const { code, stdout } = await fromBroker('--selector', 'branch=main');
      expect([code, stdout.text.includes('response/status')]).to.deep.equal([1, true]);
      expect(broker.records.results.map(({ success }) => success)).to.deep.equal([false]);
      expect((await report()).findings.filter(({ verdict }) => verdict === 'fail').map(({ ruleId }) => ruleId)).to.deep.equal(['response/status']);
      broker.records.deployments.push({ pacticipant: 'juspay-customers', version: '7', environment: 'production' });
      const ask = await conform(['can-i-deploy', '--broker-url', broker.url, '--pacticipant', 'shop', '--version', '1', '--to-environment', 'production']);
      expect([ask.stdout.text.includes('Computer says no'), ask.code]).to.deep.equal([true, 1]);
    });

    it('a failing pact that is pending warns', async () => {
      await start('created-answered-201');
      await publish('--branch', 'feat/new', '--version', '1');
      const { code } = await fromBroker('--selector', 'branch=main', '--pending', '--wip-since', '2020-01-01');
      expect(code).to.equal(0);
      expect((await report()).findings.find(({ ruleId }) => ruleId === 'response/status')).to.include({ verdict: 'warn' });
      expect(broker.records.results.map(({ success }) => success)).to.deep.equal([false]);
    });

    it('results that the broker does not take are said, and exit 2', async () => {
      await start();
      const readOnly = await startBrokerDouble({ readOnly: true });
      await conform(['publish', '--broker-url', readOnly.url, '--pact', 'small.json', '--version', '1', '--branch', 'main']);
      const { code, stderr } = await verify('--broker-url', readOnly.url, '--selector', 'branch=main', '--publish-results', '--provider-version', '7');
      await readOnly.close();
      expect([code, /Publishing of verification results failed/.test(stderr.text)], stderr.text).to.deep.equal([2, true]);
    });

    it('without a pact to verify it exits 2 and says so', async () => {
      await start();
      const { code, stderr } = await fromBroker('--selector', 'branch=none');
      expect(code).to.equal(2);
      expect(stderr.text).to.include('nothing to verify');
    });

    it('a broker that refuses the credential exits 2, before anything is sent', async () => {
      await start();
      const io = testIo({ folder, environment: { CONFORM_API_KEY: reference.apiKey, PACT_BROKER_TOKEN: 'wrong', ...FAST } });
      expect(
        await main(['pact', 'verify', '--url', reference.url, '--merchant-id', reference.merchantId, '--broker-url', broker.url, '--out', 'report'], io),
      ).to.equal(2);
      expect(io.stderr.text).to.include('refuses the token').and.not.to.include('wrong');
    });

    it('pacts of other people, without states or rules, get the credential and a finding each', async () => {
      await start();
      const foreign = {
        consumer: { name: 'Old Shop' },
        provider: { name: 'juspay-customers' },
        interactions: [
          {
            description: 'a wrong create',
            request: { method: 'POST', path: '/customers', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'first_name=A' },
            response: { status: 400 },
          },
          {
            description: 'a create of nothing',
            request: { method: 'POST', path: '/customers', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'first_name=A' },
            response: { status: 200 },
          },
        ],
        metadata: { pactSpecification: { version: '2.0.0' } },
      };
      await writeFile(join(folder, 'foreign.json'), JSON.stringify(foreign));
      const { code } = await verify('--pact', 'foreign.json');
      expect(code).to.equal(1);
      expect((await report()).findings.map(({ ruleId, verdict }) => [ruleId, verdict])).to.deep.equal([
        ['pact/old-shop/a-create-of-nothing', 'fail'],
        ['pact/old-shop/a-wrong-create', 'pass'],
      ]);
    });
  });

  it('has more interactions than the issue of a contract needs', () => expect(EXAMPLES.length).to.be.at.least(30));
});
