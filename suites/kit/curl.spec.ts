import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { Body, SentRequest } from '../../contracts/finding.js';
import { CREDENTIAL_FORMS, type CredentialForm } from '../../contracts/model.js';
import { oddBodies, type Fields } from '../../generators/wire.js';
import { credentialHeader, credentialTemplate } from './credentials.js';
import { curl } from './curl.js';
import { headersOf, serve, type Received, type TestServer } from './server.spec-help.js';

/** Both letter cases, characters that a shell takes to heart, and base64 with padding, a + and a /. */
const KEY = 'Key>>>?$x`"\\7a~~/9';
const FORM: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];

const text = (of: string): Body => ({ encoding: 'utf-8', text: of });
const bytes = (of: Buffer): Body => ({ encoding: 'base64', text: of.toString('base64') });
const request = (more: Partial<SentRequest> = {}): SentRequest => ({ method: 'POST', path: '/customers', headers: [FORM], body: text('a=b'), ...more });

interface Shell {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Has bash run a command as if it were typed, with the key in the environment. */
function run(command: string): Promise<Shell> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['--norc', '-s'], { env: { ...process.env, API_KEY: KEY } });
    let [stdout, stderr] = ['', ''];
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')));
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    shell.on('error', reject);
    shell.on('close', (code) => resolve({ code, stdout, stderr }));
    shell.stdin.on('error', () => undefined);
    shell.stdin.end(`${command}\n`);
  });
}

describe('curl', function () {
  this.timeout(30_000);
  let server: TestServer;

  before(async () => {
    const { code } = await run('curl --version');
    expect(code, 'curl has to be installed for these specs: apt-get install curl').to.equal(0);
    server = await serve((response) => void response.end('answered'));
  });
  after(() => server.close());

  /** Runs the command that is printed for a request, and gives what came of it. */
  async function replayed(sent: SentRequest): Promise<Received> {
    server.received.length = 0;
    const command = curl(server.url, sent);
    const { code, stdout, stderr } = await run(command);
    expect(code, `the exit code of ${command.slice(0, 300)}\n${stderr}`).to.equal(0);
    expect(server.received, `requests that came of ${command.slice(0, 300)}`).to.have.lengthOf(1);
    if (sent.method !== 'HEAD') expect(stdout, 'what is printed').to.match(/^HTTP\/1\.1 200 OK[^]*answered$/);
    const [one] = server.received;
    if (one === undefined) throw new Error('nothing arrived');
    return one;
  }

  describe('bodies', () => {
    const rows: readonly (readonly [what: string, body: Buffer])[] = [
      ['a form', Buffer.from('object_reference_id=cust_123489&first_name=a%20b')],
      ['quotes of both kinds', Buffer.from(`a='b'"c"''`)],
      ['what a shell expands', Buffer.from('a=$HOME`id`$(id)\\!*?[a-z]{1,2}~;&|<>#')],
      ['an @ in front', Buffer.from('@/etc/hostname')],
      ['a minus in front', Buffer.from('-X')],
      ['newlines', Buffer.from('\na=b\r\n\n')],
      ['a TAB and control characters', Buffer.from('a=\t\u0001\u001b\u007f')],
      ['letters outside ASCII', Buffer.from('a=é中😀')],
      ['percent signs', Buffer.from('%s%d%%zz')],
      ['JSON', Buffer.from('{"a": "it\'s \\"b\\""}')],
      ['a NUL', Buffer.from('a=\u0000b')],
      ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x0a])],
      ['all bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      ['one character', Buffer.from('=')],
    ];
    for (const [what, body] of rows) {
      it(`${what} arrives byte for byte`, async () => {
        const isText = Buffer.from(body.toString('utf8')).equals(body) && !body.includes(0);
        const one = await replayed(request({ body: isText ? text(body.toString('utf8')) : bytes(body) }));
        expect([one.method, one.url, one.body.toString('hex')]).to.deep.equal(['POST', '/customers', body.toString('hex')]);
        expect(headersOf(one, 'content-length')).to.deep.equal([String(body.length)]);
        expect(headersOf(one, 'content-type')).to.deep.equal([FORM[1]]);
      });
    }

    it('a large body arrives whole, text or bytes', async () => {
      const large = `a=${'%C3%A9'.repeat(50_000)}`;
      expect((await replayed(request({ body: text(large) }))).body.toString('latin1')).to.equal(large);
      const raw = Buffer.alloc(200_000, 0xff);
      expect((await replayed(request({ body: bytes(raw) }))).body.equals(raw)).to.equal(true);
    });

    it('no body arrives as none', async () => {
      const one = await replayed(request({ body: text('') }));
      expect([one.method, one.body.length]).to.deep.equal(['POST', 0]);
    });
  });

  describe('methods and paths', () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      it(`${method} with a body, and without`, async () => {
        const one = await replayed(request({ method }));
        expect([one.method, one.body.toString()]).to.deep.equal([method, 'a=b']);
        const none = await replayed(request({ method, headers: [], body: text('') }));
        expect([none.method, none.body.toString()]).to.deep.equal([method, '']);
      });
    }

    it('HEAD, which has no answer to wait for', async () => {
      const one = await replayed(request({ method: 'HEAD', headers: [], body: text('') }));
      expect([one.method, one.body.length]).to.deep.equal(['HEAD', 0]);
    });

    it('every odd path, as it is', async () => {
      const safe: Fields = [['object_reference_id', 'cust_123489']];
      for (const { name, path = '/customers' } of oddBodies('paths', safe)) expect((await replayed(request({ path }))).url, name).to.equal(path);
    });
  });

  describe('headers', () => {
    it('names and values as they are, also empty ones and what a shell would expand', async () => {
      const headers: [string, string][] = [
        ['x-merchantid', 'merchant_id'],
        ['X-MERCHANTID', 'it\'s $HOME `id` "quoted" \\ !'],
        ['x-empty', ''],
        ['x-odd', 'Jo\xe3o'],
        ['x-last', 'ends in ;'],
        FORM,
      ];
      const one = await replayed(request({ headers }));
      for (const [name, value] of headers) expect(one.headers, `${name}: ${value}`).to.deep.include([name, value]);
    });

    it('no Content-Type where none was sent', async () => {
      expect(headersOf(await replayed(request({ headers: [] })), 'content-type')).to.deep.equal([]);
      expect(headersOf(await replayed(request({ headers: [], body: bytes(Buffer.from([0, 0xff])) })), 'content-type')).to.deep.equal([]);
    });
  });

  describe('credentials', () => {
    /** What stands for a key that is none differs from command to command. */
    const NO_KEY = ['other-key', 'first-character-changed', 'middle-character-changed', 'last-character-changed'] as const;
    const sent = (form: CredentialForm): SentRequest => {
      const template = credentialTemplate(form);
      return request({ headers: [...(template === undefined ? [] : [['Authorization', template] as [string, string]]), FORM] });
    };

    for (const form of CREDENTIAL_FORMS.filter((each) => !(NO_KEY as readonly string[]).includes(each))) {
      it(`${form}: the key is not in the command, and the header arrives as the check sent it`, async () => {
        expect(curl(server.url, sent(form))).to.not.include(KEY);
        const header = credentialHeader(form, KEY);
        expect(headersOf(await replayed(sent(form)), 'authorization')).to.deep.equal(header === undefined ? [] : [header]);
      });
    }

    for (const form of NO_KEY) {
      it(`${form}: a key that is none arrives`, async () => {
        const [value = ''] = headersOf(await replayed(sent(form)), 'authorization');
        const user = Buffer.from(value.replace(/^Basic /, ''), 'base64').toString();
        expect(user).to.match(/^[^:]+:$/);
        expect(user).to.not.equal(`${KEY}:`);
        if (form === 'last-character-changed') expect(user.slice(0, -2)).to.equal(KEY.slice(0, -1));
      });
    }
  });
});

describe('curl: the plainest command that does it', () => {
  const of = (more: Partial<SentRequest>): string => curl('URL', request({ headers: [], body: text(''), ...more }));
  const sent = (name: string, value: string): string => of({ method: 'GET', headers: [[name, value]] });

  const commands: readonly (readonly [what: string, command: string, expected: string])[] = [
    ['a read', of({ method: 'GET' }), "curl -i -sS 'URL/customers'"],
    ['a read with a body', of({ method: 'GET', body: text('a') }), "curl -i -sS -X GET -H 'Content-Type:' --data-raw 'a' 'URL/customers'"],
    ['a create without a body', of({}), "curl -i -sS -X POST 'URL/customers'"],
    ['a create without a media type', of({ body: text('a=b') }), "curl -i -sS -X POST -H 'Content-Type:' --data-raw 'a=b' 'URL/customers'"],
    [
      'a create with one, however its name is written',
      of({ headers: [['content-TYPE', 'text/plain']], body: text('a=b') }),
      "curl -i -sS -X POST -H 'content-TYPE: text/plain' --data-raw 'a=b' 'URL/customers'",
    ],
    [
      'a create with another header alone',
      of({ headers: [['x-odd', '1']], body: text('a=b') }),
      "curl -i -sS -X POST -H 'x-odd: 1' -H 'Content-Type:' --data-raw 'a=b' 'URL/customers'",
    ],
    ['a request for the headers', of({ method: 'HEAD' }), "curl -i -sS -I 'URL/customers'"],
    ['a path with brackets', of({ method: 'GET', path: '/a[]' }), "curl -i -sS -g --path-as-is 'URL/a[]'"],
    ['a header without a value', sent('x-odd', ''), "curl -i -sS -H 'x-odd;' 'URL/customers'"],
    ['a header with a quote', sent('x-odd', "it's"), `curl -i -sS -H 'x-odd: it'\\''s' 'URL/customers'`],
    ['a header with a quote and bytes beyond ASCII', sent('x-odd', "\\'\xe3\t"), `curl -i -sS -H $'x-odd: \\\\\\'\\xe3\\x09' 'URL/customers'`],
    ['the documented credential', sent('Authorization', 'Basic ${base64:${API_KEY}:}'), `curl -i -sS -u "$API_KEY:" 'URL/customers'`],
    ['an empty one', sent('Authorization', ''), "curl -i -sS -H 'Authorization;' 'URL/customers'"],
    ['one without the key', sent('Authorization', 'Basic !!!!'), "curl -i -sS -H 'Authorization: Basic !!!!' 'URL/customers'"],
    ['the key as it is', sent('Authorization', 'Basic ${API_KEY}'), `curl -i -sS -H "Authorization: Basic $API_KEY" 'URL/customers'`],
    [
      'the key under another scheme',
      sent('Authorization', 'Bearer ${base64:${API_KEY}:}'),
      `curl -i -sS -H "Authorization: Bearer $(printf %s "\${API_KEY}:" | base64 | tr -d '\\n')" 'URL/customers'`,
    ],
  ];
  for (const [what, command, expected] of commands) it(what, () => expect(command).to.equal(expected));

  it('a body that no system takes as an argument goes in by the pipe, one byte less does not', () => {
    expect(of({ body: text('a'.repeat(100_000)) })).to.include('--data-raw');
    expect(of({ body: text('a'.repeat(100_001)) })).to.match(/^printf %s 'a+' \| curl .* --data-binary @- 'URL\/customers'$/);
  });
});
