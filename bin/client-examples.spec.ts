import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Run } from '../contracts/finding.js';
import { PACKAGE_ROOT } from './package.js';
import { main } from './program.js';
import { testIo } from './test-io.js';

const examples = join(PACKAGE_ROOT, 'suites/client/examples');
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Runs `conform client` with these arguments and resolves with what it printed and the run that it wrote. */
async function client(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<{ code: number; text: string; run: Run }> {
  const folder = mkdtempSync(join(tmpdir(), 'conform-examples-'));
  // expresscheckout-nodejs wants a package.json where it runs, and writes its log there.
  writeFileSync(join(folder, 'package.json'), '{"name":"a-shop","version":"1.0.0"}');
  const [options, command] = [args.slice(0, args.indexOf('--')), args.slice(args.indexOf('--'))];
  const io = testIo({ environment: { ...process.env, ...environment }, folder });
  try {
    const code = await main(['client', '--out', 'out', ...options, ...command], io);
    const text = io.stdout.text + io.stderr.text;
    return { code, text, run: JSON.parse(readFileSync(join(folder, 'out/report.json'), 'utf8')) as Run };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const findingOf = ({ findings }: Run, ruleId: string): Finding =>
  findings.find((finding) => finding.ruleId === ruleId) ?? expect.fail(`no finding for ${ruleId}`);
const broken = ({ findings }: Run): string[] =>
  findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ ruleId, got }) => `${ruleId}: ${got ?? ''}`);

function isThere(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const needs = (what: string, there: boolean): string | undefined => (there ? undefined : `there is no ${what} here`);
const CLIENTS: readonly { name: string; command: readonly string[]; lacks?: string | undefined }[] = [
  { name: 'curl', command: ['sh', join(examples, 'curl.sh')], lacks: needs('curl', isThere('curl', '--version')) },
  { name: 'axios', command: [process.execPath, join(examples, 'axios.mjs')] },
  { name: "undici's fetch", command: [process.execPath, join(examples, 'undici.mjs')] },
  { name: 'supertest', command: [process.execPath, '--test', join(examples, 'supertest.mjs')] },
  { name: "a browser's fetch", command: [process.execPath, join(examples, 'browser.mjs')], lacks: needs('Chromium', existsSync(chromium)) },
  { name: "Python's standard library", command: ['python3', join(examples, 'client.py')], lacks: needs('python3', isThere('python3', '--version')) },
  {
    name: "Java's HttpClient",
    command: ['java', join(examples, 'Client.java')],
    lacks: needs('Java compiler', isThere('javac', '--version') || isThere('java', '--list-modules')),
  },
];

describe('conform client with real clients', function () {
  // A browser and a Java compiler take their time on a busy machine.
  this.timeout(60_000);

  for (const { name, command, lacks } of CLIENTS) {
    if (lacks !== undefined) {
      it(`${name}: skipped, ${lacks}`);
      continue;
    }
    it(`${name} keeps every rule`, async () => {
      const { code, text, run } = await client(['--', ...command]);
      expect(broken(run), text).to.deep.equal([]);
      expect(code, text).to.equal(0);
      expect(run.idsCreated).to.have.length(1);
    });
  }

  for (const { name, command, lacks } of CLIENTS.filter((each) => each.name === 'curl' || each.name === 'axios' || each.name.startsWith('Python'))) {
    if (lacks === undefined) {
      it(`${name} trusts the certificate of the run`, async () => {
        const { code, text, run } = await client(['--tls', '--', ...command]);
        expect(code, text).to.equal(0);
        expect(run.target.url).to.match(/^https:/);
      });
    }
  }

  describe('expresscheckout-nodejs', () => {
    const create = join(examples, 'expresscheckout-nodejs/create.cjs');
    const preload = join(examples, 'expresscheckout-nodejs/preload.cjs');

    const isFoundWithoutColon = ({ code, text, run }: Awaited<ReturnType<typeof client>>): void => {
      const finding = findingOf(run, 'credentials/form');
      expect(finding.verdict, text).to.equal('fail');
      expect(finding.got).to.match(/without a colon/);
      expect(finding.expected).to.match(/put a colon behind the key/);
      expect(finding.counterexample).to.include({ part: 'Authorization', value: 'Basic ${base64:${API_KEY}}' });
      expect(findingOf(run, 'content-type/form').verdict).to.equal('pass');
      expect(code).to.equal(1);
    };

    it('is found to leave the colon out, and told how to put it in', async () => {
      isFoundWithoutColon(await client(['--tls', '--', process.execPath, '--require', preload, create]));
    });

    it('keeps every rule with the colon behind its key', async () => {
      const { code, text, run } = await client(['--tls', '--', process.execPath, '--require', preload, create], { COLON: 'yes' });
      expect(broken(run), text).to.deep.equal([]);
      expect(code).to.equal(0);
    });
  });
});
