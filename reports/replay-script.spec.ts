import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Counterexample, Exchange, Finding, SentRequest } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { renderReplayScript } from './replay-script.js';

const run = promisify(execFile);
const FORM: SentRequest['headers'] = [
  ['Authorization', 'Basic ${base64:${API_KEY}:}'],
  ['x-merchantid', 'acme'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
];
const request = (body: SentRequest['body'], more: Partial<SentRequest> = {}): SentRequest => ({
  method: 'POST',
  path: '/customers',
  headers: FORM,
  body,
  ...more,
});
const utf8 = (text: string): SentRequest['body'] => ({ encoding: 'utf-8', text });
const example = (sent: SentRequest, more: Partial<Counterexample> = {}): Counterexample => ({
  part: 'first_name',
  value: 'x',
  controlValue: 'y',
  request: sent,
  response: { status: 200, headers: [], body: utf8('{"id":"cst_1"}'), complete: true },
  before: [],
  curl: '',
  seed: 7,
  path: 'violating/1',
  shrunk: true,
  ...more,
});
const finding = (ruleId: string, counterexample?: Counterexample): Finding => ({
  ruleId,
  level: 'must',
  verdict: 'fail',
  title: "a title with 'quotes' and $(a command)",
  citation: { source: ['doc'], statement: [], lines: [] },
  reason: 'because',
  expected: '400 `with` an "error" body',
  requests: 1,
  judged: 1,
  durationMs: 1,
  ...(counterexample === undefined ? {} : { counterexample }),
});

interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

describe('the script of a replay', function () {
  this.timeout(20_000);
  const got: Got[] = [];
  let server: Server;
  let folder: string;
  let base: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
    server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        got.push({ method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.rawHeaders, body: Buffer.concat(chunks) });
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"object": "customer", "id": "cst_${String(got.length)}"}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  beforeEach(() => got.splice(0));

  /** Runs it by `sh`, and gives what came out. */
  const play = async (findings: readonly Finding[], environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const file = join(folder, 'replay.sh');
    const kept = fixtureRun({ target: { url: `${base}/`, embedded: false, merchantId: 'acme' }, runToken: 'rk3x9', findings: [...findings] });
    await writeFile(file, renderReplayScript(kept, findings).text);
    const { stdout, stderr } = await run('sh', [file], { env: { PATH: process.env['PATH'] ?? '', API_KEY: 'the$key', ...environment } });
    expect(stderr).to.equal('');
    return stdout;
  };
  const headerOf = (one: Got | undefined, name: string): string | undefined => {
    const at = one?.headers.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name) ?? -1;
    return at < 0 ? undefined : one?.headers[at + 1];
  };

  it('sends what was kept, with the key and a fresh reference, and says what came', async () => {
    const out = await play([finding('first_name/charset', example(request(utf8('object_reference_id=a4bcdrk3x9f1yc7o9b6x&first_name=a%20b'))))]);
    expect(out).to.equal('first_name/charset\n  expected  400 `with` an "error" body\n  got       200 (as then) {"object": "customer", "id": "cst_1"}\n\n');
    expect(got[0]?.body.toString()).to.match(/^object_reference_id=[a-z][a-z0-9]{4}r[a-z0-9]{4}[a-z][a-z0-9]{9}&first_name=a%20b$/);
    expect(headerOf(got[0], 'authorization')).to.equal(`Basic ${Buffer.from('the$key:').toString('base64')}`);
    expect(headerOf(got[0], 'x-merchantid')).to.equal('acme');
  });

  it('can be run twice, and against another target', async () => {
    const findings = [finding('first_name/charset', example(request(utf8('object_reference_id=a4bcdrk3x9f1yc7o9b6x'))))];
    await play(findings);
    await play(findings, { BASE_URL: `${base}/v2/`, MERCHANT_ID: 'another one' });
    expect(got[0]?.body.toString()).to.not.equal(got[1]?.body.toString());
    expect([got[1]?.path, headerOf(got[1], 'x-merchantid')]).to.deep.equal(['/v2/customers', 'another one']);
  });

  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const bodies: readonly (readonly [what: string, body: Buffer])[] = [
    ['every byte there is, NUL among them', every],
    ['quotes, blanks, line ends and what a shell expands', Buffer.from(`-n '"\\'\\\\ $HOME \`id\` %s %% \n\r\t!`)],
    ['more than fits a command line', Buffer.alloc(200_000, "x'%\\")],
  ];
  for (const [what, body] of bodies) {
    it(`writes ${what}`, async () => {
      await play([finding('robustness/bodies', example(request({ encoding: 'base64', text: body.toString('base64') })))]);
      expect(got[0]?.body.equals(body), `${String(got[0]?.body.length)} bytes of ${String(body.length)}`).to.equal(true);
    });
  }

  it('writes headers as they were: quotes, bytes beyond ASCII, empty ones, none', async () => {
    const headers: SentRequest['headers'] = [
      ['x-merchantid', 'acme !"#$%&\'()*'],
      ['X-Odd', 'caf\u00e9 $(id)'],
      ['X-Empty', ''],
    ];
    await play([finding('robustness/headers', example(request(utf8('a=b'), { headers })))]);
    expect(headerOf(got[0], 'x-merchantid')).to.equal('acme !"#$%&\'()*');
    expect(headerOf(got[0], 'x-odd')).to.equal('caf\u00e9 $(id)');
    expect(headerOf(got[0], 'x-empty')).to.equal('');
    expect([headerOf(got[0], 'authorization'), headerOf(got[0], 'content-type')]).to.deep.equal([undefined, undefined]);
  });

  it('writes odd methods and paths', async () => {
    for (const [method, path] of [
      ['PUT', '/customers/../x//[1]?a={b}'],
      ['HEAD', '/customers'],
      ['GET', "/customers/%27'"],
    ] as const)
      await play([finding('robustness/paths', example(request(utf8(''), { method, path })))]);
    expect(got.map((one) => `${one.method} ${one.path}`)).to.deep.equal(
      ['PUT //customers/../x//[1]?a={b}', 'HEAD //customers', "GET //customers/%27'"].map((line) => line.replace('//', '/')),
    );
  });

  it('sends what led up to it, with the same reference, and names the customer by the id that came', async () => {
    const step = (sent: SentRequest, body: string): Exchange => ({
      id: 'x#0',
      ruleId: 'x',
      n: 0,
      purpose: 'step',
      note: '',
      request: sent,
      response: { status: 200, headers: [], body: utf8(body), complete: true },
      startedAt: '2026-03-17T14:13:37.000Z',
      durationMs: 1,
    });
    const create = request(utf8('object_reference_id=a4bcdrk3x9f1yc7o9b6x'));
    const read = request(utf8(''), { method: 'GET', path: '/customers/cst_kept1' });
    await play([finding('customers/read', example(read, { before: [step(create, '{"id":"cst_kept1"}'), step(create, '{}')] }))]);
    expect(got.map(({ method, path }) => `${method} ${path}`)).to.deep.equal(['POST /customers', 'POST /customers', 'GET /customers/cst_1']);
    expect(got[0]?.body.toString()).to.equal(got[1]?.body.toString());
  });

  it('says so where the good request beside it is not accepted, or nothing is answered', async () => {
    const kept = fixtureRun({ target: { url: 'http://127.0.0.1:1', embedded: false, merchantId: 'acme' } });
    const file = join(folder, 'gone.sh');
    await writeFile(
      file,
      renderReplayScript(
        kept,
        kept.findings.filter(({ verdict }) => verdict === 'fail'),
      ).text,
    );
    const failed = await run('sh', [file], { env: { PATH: process.env['PATH'] ?? '', API_KEY: 'key' } }).then(
      () => undefined,
      (error: unknown) => error as { readonly code: number; readonly stdout: string },
    );
    expect(failed?.code).to.equal(2);
    expect(failed?.stdout)
      .to.match(/is not accepted \(none \(curl: /)
      .and.to.match(/got {7}none \(curl: .*\) \(then 200\)/);
  });

  it('does nothing without a key', async () => {
    const failed = await play([finding('first_name/charset', example(request(utf8('a=b'))))], { API_KEY: '' }).catch(
      (error: unknown) => error as { readonly stderr: string },
    );
    expect((failed as { readonly stderr: string }).stderr).to.include('put the API key of the target into API_KEY');
    expect(got).to.deep.equal([]);
  });

  it('leaves out what requests one after the other cannot show, and says why', () => {
    const sent = example(request(utf8('a=b')));
    const { left, text } = renderReplayScript(fixtureRun(), [
      finding('sequence/race', sent),
      finding('sequence/thousandth', sent),
      finding('response/id-unique', sent),
      finding('last_name/charset'),
    ]);
    expect(left.map(({ ruleId, reason }) => `${ruleId}: ${reason}`)).to.deep.equal([
      'sequence/race: it is about requests at the same moment',
      'sequence/thousandth: it is about what many requests before it did',
      'response/id-unique: it is about the answers to many requests',
      'last_name/charset: the report has no counterexample of it',
    ]);
    expect(text).to.not.match(/^send /m);
  });
});
