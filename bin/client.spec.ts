import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { default as addFormats } from 'ajv-formats';
import { RunSchema, type Run } from '../contracts/finding.js';
import { FORMATS } from '../reports/write.js';
import { ANSWERS, reservedReference } from '../suites/client/answers.js';
import { main } from './program.js';
import { testIo, type TestIo } from './test-io.js';

/** A client in a few lines: creates with the fields that it is given, and fails where that fails. */
const CLIENT = `
const { CONFORM_URL: url, CONFORM_API_KEY: key, CONFORM_MERCHANT_ID: merchant } = process.env;
const headers = { authorization: 'Basic ' + btoa(key + ':'), 'x-merchantid': merchant };
const fields = { object_reference_id: 'cust_' + Date.now(), mobile_number: '987654321', email_address: 'ana@example.com', ...JSON.parse(process.argv[2] ?? '{}') };
const response = await fetch(url + '/customers', { method: 'POST', headers, body: new URLSearchParams(fields) });
const text = await response.text();
if (!response.ok || typeof JSON.parse(text).id !== 'string') throw new Error(text);
console.log('created');
`;

describe('conform client', function () {
  this.timeout(30_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conform-client-spec-'));
    writeFileSync(join(folder, 'client.mjs'), CLIENT);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const io = (): TestIo => testIo({ environment: process.env, folder });
  const start = async (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
    const each = io();
    const code = await main(['client', ...args], each);
    return { code, out: each.stdout.text, err: each.stderr.text };
  };
  const client = (fields = {}): string[] => ['--', process.execPath, 'client.mjs', JSON.stringify(fields)];
  const report = (): Run => JSON.parse(readFileSync(join(folder, 'conformance-report/client/report.json'), 'utf8')) as Run;
  const script = (content: unknown): string => {
    writeFileSync(join(folder, 'script.json'), JSON.stringify(content));
    return 'script.json';
  };

  it('passes the output of a good client through, says that it is good, and exits 0', async () => {
    const { code, out } = await start(...client());
    expect(out)
      .to.match(/^created\n/)
      .and.to.match(/Every request keeps what the page asks\. \(exit 0\)/);
    expect(code).to.equal(0);
    expect(report()).to.include({ exitCode: 0, requestsSent: 1 });
    expect(report().client?.command).to.deep.equal([process.execPath, 'client.mjs', '{}']);
  });

  it('tells of a bad one in every format, and exits 1', async () => {
    const { code, out } = await start('--format', Object.keys(FORMATS).join(','), ...client({ first_name: 'a b' }));
    expect(code).to.equal(1);
    expect(out).to.match(/fail {2}first_name\/charset {3}first_name has letters, digits and/);
    expect(out).to.match(/line +22 of the page\n +requests +1 {2}POST \/customers/);
    expect(readdirSync(join(folder, 'conformance-report/client'))).to.include.members([...Object.values(FORMATS).map(({ file }) => file), 'exchanges.ndjson']);
    const ajv = addFormats.default(new Ajv({ strict: false }));
    expect(ajv.validate(RunSchema, report()), JSON.stringify(ajv.errors)).to.equal(true);
    expect(readFileSync(join(folder, 'conformance-report/client/junit.xml'), 'utf8')).to.include('first_name/charset');
  });

  it('exits 1 where COMMAND fails, with its code in the report', async () => {
    const { code, out } = await start('--', process.execPath, '-e', `await fetch(process.env.CONFORM_URL); process.exitCode = 7`);
    expect(code).to.equal(1);
    expect(out).to.include('exit 7');
    expect(report().client).to.include({ exitCode: 7, timedOut: false });
  });

  it('says what was refused where COMMAND fails for it, and which variant accepts it', async () => {
    const { code, out } = await start('--timeout', '20000', ...client({ first_name: '' }));
    expect(code).to.equal(1);
    expect(out.replace(/\s+/g, ' ')).to.include('exit 1; request 1 was refused 400 here; --variant first-name-empty-kept accepts it');
    expect(out).to.match(/again +conform client --timeout 20000 -- /);
  });

  it('exits 2 where nothing was sent', async () => {
    const { code, out } = await start('--', 'true');
    expect(code).to.equal(2);
    expect(out).to.include('Nothing was sent to http://127.0.0.1:');
  });

  it('sets what --env names, filled in', async () => {
    const { out } = await start(
      '--env',
      'A={url}/v1',
      '--env',
      'B={host}:{port} {merchant_id} {other}',
      '--',
      process.execPath,
      '-p',
      'process.env.A + " " + process.env.B',
    );
    const [, one, other] = /^(\S+)\/v1 (\S+) reference_merchant \{other\}$/m.exec(out) ?? expect.fail(out);
    expect(one).to.equal(`http://${other ?? ''}`);
  });

  it('ends a COMMAND that takes longer than --timeout, or is killed, and says so', async () => {
    const slow = await start('--timeout', '200', '--', 'sleep', '30');
    expect([slow.code, report().client?.timedOut]).to.deep.equal([1, true]);
    expect(slow.out).to.include('still running after 200 ms');
    const killed = await start('--', 'sh', '-c', 'kill -9 $$');
    expect([killed.code, report().client?.signal]).to.deep.equal([1, 'SIGKILL']);
  });

  it('gives the answers of a script, and takes the failure that it declares for right', async () => {
    const declared = await start('--script', script({ expects: 'error', answers: [{ answer: 'duplicate' }] }), ...client());
    expect(declared.code, declared.out).to.equal(0);
    expect((await start('--script', script([{ answer: 'duplicate' }]), ...client())).code).to.equal(1);
    const wrongly = await start('--script', script([{ answer: 'created', expects: 'error' }]), ...client());
    expect(wrongly.code).to.equal(1);
    expect(wrongly.out).to.include('as the script declares');
  });

  it('does not let a script pass that was never used: 3', async () => {
    const { code, out } = await start('--script', script([{ nth: 2, answer: 'duplicate' }]), ...client());
    expect(code).to.equal(3);
    expect(out).to.include("no request matched the script's step answers.0 (nth 2, answer duplicate)");
  });

  it('lists the answers with their reserved references', async () => {
    const { code, out } = await start('--answers');
    expect(code).to.equal(0);
    for (const answer of ANSWERS) expect(out).to.match(new RegExp(`^${answer.name} +${reservedReference(answer)} `, 'm'));
  });

  it('explores: one table, an entry for each answer', async function () {
    // A process for each answer, and a busy machine starts few of them in a second.
    this.timeout(120_000);
    const { code, out } = await start('--explore', '--script', script([{ answer: 'created-slow', afterMs: 200 }]), ...client());
    expect(code, out).to.equal(0);
    expect(out).to.match(/^verdict +answer +expects +ended +creates +time +what it did$/m);
    for (const { name } of ANSWERS) expect(out).to.match(new RegExp(`^(?:pass|skipped) +${name} `, 'm'));
    expect(report().client?.explored).to.have.length(ANSWERS.length);
    expect(report().findings.filter(({ ruleId }) => ruleId.startsWith('client/answer-'))).to.have.length(ANSWERS.length);
  });

  it('does not pass where exploring proves nothing', async () => {
    expect((await start('--explore', '--', 'true')).code).to.equal(2);
    // An empty name is left open, and the reference refuses it.
    const careless = CLIENT.replace('throw new Error(text);', 'console.log(text);');
    writeFileSync(join(folder, 'client.mjs'), careless);
    const { code, out } = await start('--explore', ...client({ first_name: '' }));
    expect(out).to.match(/Nothing was explored: with honest answers none of its creates is\s+accepted/);
    expect(code).to.equal(2);
  });

  it('writes the contract of the client under its name', async () => {
    writeFileSync(join(folder, 'package.json'), '{"name":"web-shop"}');
    expect((await start('--pact', 'pacts/shop.json', ...client())).code).to.equal(0);
    const pact = (): unknown => JSON.parse(readFileSync(join(folder, 'pacts/shop.json'), 'utf8'));
    expect(pact()).to.deep.include({ consumer: { name: 'web-shop' }, provider: { name: 'juspay-customers' } });
    expect((await start('--pact', 'pacts/shop.json', '--consumer', 'shop', '--provider', 'api', ...client())).code).to.equal(0);
    expect(pact()).to.deep.include({ consumer: { name: 'shop' }, provider: { name: 'api' } });
  });

  it('without COMMAND serves until Ctrl-C, and then reports', async () => {
    const each = io();
    const running = main(['client'], each);
    let url: string | undefined;
    while (url === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      url = /^CONFORM_URL=(\S+)$/m.exec(each.stdout.text)?.[1];
    }
    await fetch(`${url}/customers`, { method: 'POST', body: new URLSearchParams({ object_reference_id: 'cust_000001' }) });
    each.interrupt();
    expect(await running).to.equal(1);
    expect(each.stdout.text).to.match(/fail {2}credentials\/form/);
  });

  it('is interrupted with COMMAND still running: 130, with a report', async () => {
    const each = io();
    setTimeout(() => each.interrupt(), 100);
    expect(await main(['client', '--', 'sleep', '30'], each)).to.equal(130);
    expect(report().status).to.equal('interrupted');
    expect(report().findings.find(({ ruleId }) => ruleId === 'client/command')).to.include({ verdict: 'blocked' });
    expect(each.stdout.text).not.to.include('SIGTERM');
  });

  const WRONG: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['--', 'no-such-command'], /COMMAND: there is no command "no-such-command"/],
    [['--', '/'], /COMMAND: "\/" may not be run/],
    [['--', ''], /COMMAND is empty/],
    [['--port', 'x', '--', 'true'], /--port: got "x", wanted a whole number/],
    [['--timeout', '0', '--', 'true'], /--timeout/],
    [['--fail-on', 'may', '--', 'true'], /--fail-on/],
    [['--format', 'pdf', '--', 'true'], /--format/],
    [['--env', '=x', '--', 'true'], /--env: got "=x", wanted NAME=VALUE/],
    [['--variant', 'colon-les-credential', '--', 'true'], /Did you mean colon-less-credential\?/],
    [['--script', 'none.yaml', '--', 'true'], /--script: .*none\.yaml cannot be read/],
    [['--explore'], /--explore runs COMMAND/],
    [['--consumer', 'me', '--', 'true'], /give its file with --pact/],
    [['--provider', 'me', '--', 'true'], /give its file with --pact/],
    [['--pact', '/', '--', 'true'], /--pact: "\/" cannot be written \(it is a folder\)/],
    [['--out', '/proc/x', '--', 'true'], /The report folder "\/proc\/x" cannot be written to/],
    [['--env', 'A={urll}/v1', '--', 'true'], /--env: got "A={urll}\/v1", and there is no {urll}\. Did you mean {url}\?/],
    [['--format', 'jsno', '--', 'true'], /Did you mean json\?/],
    [['curl', '-x', 'http://127.0.0.1:9'], /unknown option '-x'/],
  ];
  for (const [args, message] of WRONG) {
    it(`conform client ${args.join(' ')} exits 3 and says what is wrong`, async () => {
      const { code, err } = await start(...args);
      expect(err).to.match(message);
      expect(code).to.equal(3);
    });
  }

  it('a script with an answer that there is none of exits 3, and --explore takes one step for each answer', async () => {
    const unknown = await start('--script', script([{ answer: 'duplicat' }]), ...client());
    expect([unknown.code, unknown.err]).to.satisfy(([code, err]: [number, string]) => code === 3 && /Did you mean duplicate/.test(err));
    const twice = await start('--explore', '--script', script([{ answer: 'duplicate' }, { nth: 2, answer: 'duplicate' }]), ...client());
    expect([twice.code, twice.err]).to.satisfy(([code, err]: [number, string]) => code === 3 && /several of duplicate/.test(err));
  });

  it('a port in use exits 3', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { code, err } = await start('--port', String((taken.address() as AddressInfo).port), ...client());
    expect(err).to.match(/is in use\. Name another port/);
    expect(code).to.equal(3);
    await new Promise((resolve) => taken.close(resolve));
  });
});
