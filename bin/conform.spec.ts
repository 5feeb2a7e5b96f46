import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Exchange, Run } from '../contracts/finding.js';
import { startReference, type Reference } from '../contracts/reference/server.js';

const PROGRAM = fileURLToPath(new URL('conform.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

describe('the program as a process', function () {
  this.timeout(20_000);
  let folder = '';
  let slow: Reference;
  before(async () => {
    slow = await startReference({ latencyMs: 50 });
  });
  after(() => slow.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-process-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, ['--import', TSX, PROGRAM, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], CONFORM_API_KEY: slow.apiKey },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out, err })));
    return { child, ended };
  };
  const slowRun = (): ReturnType<typeof start> => start(['run', '--url', slow.url, '--merchant-id', slow.merchantId, '--out', 'out']);
  /** Resolves when exchanges have reached the disk. */
  const underWay = async (): Promise<void> => {
    for (let tries = 0; tries < 1000; tries++) {
      const size = await stat(join(folder, 'out', 'exchanges.ndjson')).then(
        (file) => file.size,
        () => 0,
      );
      if (size > 20_000) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it('exits 3 for what cannot be used, with nothing on stdout', async () => {
    const { code, out, err } = await start(['run', '--sed', '7']).ended;
    expect({ code, out }, err).to.deep.equal({ code: 3, out: '' });
    expect(err).to.include('Did you mean --seed?');
  });

  it('checks the embedded reference and exits 0', async () => {
    const { code, out, err } = await start(['run', '--rule', 'object_reference_id/length', '--budget', 'smoke']).ended;
    expect(code, out + err).to.equal(0);
    expect((await readdir(join(folder, 'conformance-report'))).sort()).to.deep.equal(['exchanges.ndjson', 'junit.xml', 'report.html', 'report.json']);
  });

  it('ends on SIGINT with 130 and a report that says so', async () => {
    const { child, ended } = slowRun();
    await underWay();
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code, err).to.equal(130);
    const run = JSON.parse(await readFile(join(folder, 'out', 'report.json'), 'utf8')) as Run;
    expect(run).to.deep.include({ status: 'interrupted', exitCode: 130 });
  });

  it('ends soon after SIGINT where the target does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { child, ended } = start([
      'run',
      '--url',
      `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`,
      '--merchant-id',
      'm',
      '--out',
      'out',
    ]);
    await once(silent, 'connection');
    const interrupted = Date.now();
    child.kill('SIGINT');
    const { code, err } = await ended;
    silent.close();
    expect(code, err).to.equal(130);
    expect(Date.now() - interrupted, 'ms from SIGINT to the end').to.be.below(8000);
    const run = JSON.parse(await readFile(join(folder, 'out', 'report.json'), 'utf8')) as Run;
    expect(run).to.deep.include({ status: 'interrupted', exitCode: 130 });
    expect(run.counts.blocked).to.equal(run.findings.length);
  });

  it('ends at once on a second SIGINT', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { child, ended } = start([
      'run',
      '--url',
      `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`,
      '--merchant-id',
      'm',
      '--out',
      'out',
    ]);
    await once(silent, 'connection');
    child.kill('SIGINT');
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    const { code, err } = await ended;
    silent.close();
    expect(code, err).to.equal(130);
    expect(await readdir(join(folder, 'out'))).to.not.include('report.json');
  });

  it('leaves every exchange that had ended behind when it is killed', async () => {
    const { child, ended } = slowRun();
    await underWay();
    child.kill('SIGKILL');
    expect((await ended).signal).to.equal('SIGKILL');
    const lines = (await readFile(join(folder, 'out', 'exchanges.ndjson'), 'utf8')).split('\n').slice(0, -1);
    expect(lines.length).to.be.above(5);
    for (const line of lines) expect((JSON.parse(line) as Exchange).request.method).to.be.a('string');
  });

  it('goes on to its report when nobody reads what it prints', async () => {
    const { child, ended } = start(['run', '--rule', 'response/status', '--budget', 'smoke', '--out', 'out']);
    child.stdout.destroy();
    const { code, err } = await ended;
    expect(code, err).to.equal(0);
    expect(await readdir(join(folder, 'out'))).to.include('report.json');
  });
});
