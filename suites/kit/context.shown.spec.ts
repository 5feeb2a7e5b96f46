import { expect } from 'chai';
import type { Account, Draft } from './draft.js';
import type { Intent, Observation } from './observation.js';
import { creating, intentOf, json, READING, sending } from './sending.spec-help.js';
import { wait, type Answer } from './server.spec-help.js';

const KEY = 'KeyOfTheSpecs42';
const SECOND_KEY = 'SecondKeyOfTheSpecs';
const ACCOUNT: Account = { merchantId: 'merchant', apiKey: KEY };
const OK = json(200, { id: 'cst_1' });

/** One request to a target of a merchant with the key, and what is shown of it. */
function shown(
  answer: Answer,
  draft: Partial<Draft> = {},
  intent: Partial<Intent> = {},
  { account = ACCOUNT, ...more }: { readonly account?: Account; readonly timeoutMs?: number } = {},
): Promise<Observation> {
  const target = { ...account, secondMerchant: { merchantId: 'second', apiKey: SECOND_KEY } };
  return sending(answer, ({ context }) => context.send(creating({ account, ...draft }), intentOf(intent)), { target, ...more });
}

describe('context: an exchange as reports show it', () => {
  it('says what was meant, under an id of its rule and number', async () => {
    const { exchange } = await shown(OK, {}, { ruleId: 'last_name/charset', n: 12, purpose: 'violating', note: 'a blank' });
    expect(exchange()).to.deep.include({ id: 'last_name/charset#12', ruleId: 'last_name/charset', n: 12, purpose: 'violating', note: 'a blank' });
    expect((await shown(OK, {}, { n: 12, attempt: 0 })).exchange().id, 'a repetition').to.equal('first_name/charset#12.0');
  });

  it('says what was sent, the credential by its template', async () => {
    const { exchange, reference } = await shown(OK);
    const { request } = exchange();
    expect([request.method, request.path]).to.deep.equal(['POST', '/customers']);
    expect(request.headers).to.deep.equal([
      ['Authorization', 'Basic ${base64:${API_KEY}:}'],
      ['x-merchantid', 'merchant'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
    expect(request.body.encoding).to.equal('utf-8');
    expect(new URLSearchParams(request.body.text).get('object_reference_id')).to.equal(reference);
  });

  it('says what came back, and when', async () => {
    const before = Date.now();
    const late: Answer = async (...given) => (await wait(30), json(201, { id: 'cst_2' }, { 'X-One': 'two' })(...given));
    const { exchange } = await shown(late);
    const { response, startedAt, durationMs, ...rest } = exchange();
    expect(response).to.deep.include({ status: 201, body: { encoding: 'utf-8', text: '{"id":"cst_2"}' }, complete: true });
    expect(response?.headers).to.deep.include(['X-One', 'two']);
    expect(Date.parse(startedAt)).to.be.within(before, Date.now());
    expect(startedAt).to.match(/^\d{4}-.*T.*Z$/);
    expect(durationMs, 'ms').to.be.within(28, Date.now() - before + 1);
    expect(durationMs * 10, 'tenths of a millisecond').to.be.closeTo(Math.round(durationMs * 10), 1e-6);
    expect(rest).to.not.have.property('failure');
  });

  it('says how it failed, and has no answer where there was none', async () => {
    const { exchange } = await shown(() => undefined, {}, {}, { timeoutMs: 40 });
    expect(exchange().failure).to.deep.equal({ kind: 'timeout', message: 'no complete answer within 40 ms' });
    expect(exchange()).to.not.have.property('response');
  });

  it('has both where an answer broke off', async () => {
    const { exchange } = await shown((response) => {
      response.writeHead(200, { 'Content-Length': '99' });
      response.write('{"id":', () => response.destroy());
    });
    expect(exchange().response).to.deep.include({ status: 200, body: { encoding: 'utf-8', text: '{"id":' }, complete: false });
    expect(exchange().failure?.kind).to.equal('dropped');
  });

  it('a request without a body has an empty one', async () => {
    await sending(OK, async ({ context, exchanges }) => {
      await context.send(READING, intentOf());
      expect(exchanges[0]?.request).to.deep.include({ method: 'GET', path: '/customers/cst_1', body: { encoding: 'utf-8', text: '' } });
    });
  });

  it('is made once, whoever looks at it', async () => {
    const { exchange } = await shown(OK);
    expect(exchange()).to.equal(exchange());
  });
});

describe('context: bodies that are no text', () => {
  const bytes = (body: Buffer): Answer => {
    return (response) => void response.writeHead(200).end(body);
  };
  const bodyOf = async (body: Buffer): Promise<unknown> => (await shown(bytes(body))).exchange().response?.body;

  for (const [what, body] of [
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['a NUL', Buffer.from('{"id":"a\u0000b"}')],
  ] as const) {
    it(`${what}: kept exactly, in base64`, async () => {
      expect(await bodyOf(body)).to.deep.equal({ encoding: 'base64', text: body.toString('base64') });
    });
  }

  it('text that is not ASCII stays text', async () => {
    expect(await bodyOf(Buffer.from('{"name":"João 🙂"}'))).to.deep.equal({ encoding: 'utf-8', text: '{"name":"João 🙂"}' });
  });

  it('a key in them is taken out, and the bytes around it stay', async () => {
    const [before, after] = [Buffer.from([0xff, 0x00]), Buffer.from([0xc3, 0x28])];
    expect(await bodyOf(Buffer.concat([before, Buffer.from(KEY), after]))).to.deep.equal({
      encoding: 'base64',
      text: Buffer.concat([before, Buffer.from('${API_KEY}'), after]).toString('base64'),
    });
  });

  it('a body that was sent is shown in the same way', async () => {
    const body = Buffer.from([0x61, 0x3d, 0xff]);
    expect((await shown(OK, { body })).exchange().request.body).to.deep.equal({ encoding: 'base64', text: body.toString('base64') });
  });
});

describe('context: keys in what is shown', () => {
  it('are taken out of the request, wherever they stand', async () => {
    const { exchange } = await shown(OK, {
      headers: [['X-Trace', `for ${KEY}`]],
      fields: [
        ['first_name', KEY],
        ['last_name', SECOND_KEY],
      ],
    });
    const { request } = exchange();
    expect(request.headers).to.deep.include(['X-Trace', 'for ${API_KEY}']);
    expect(request.body.text).to.equal('first_name=${API_KEY}&last_name=${API_KEY}');
  });

  it('are taken out of the answer, names of headers included', async () => {
    const { exchange } = await shown(json(200, { said: KEY }, { [`X-${KEY}`]: SECOND_KEY }));
    const { response } = exchange();
    expect(response?.body.text).to.equal('{"said":"${API_KEY}"}');
    expect(response?.headers).to.deep.include(['X-${API_KEY}', '${API_KEY}']);
  });

  it('are taken out of what failed', async () => {
    // A message of Node's own, so the key is one of its words.
    const { exchange } = await shown((response) => void response.destroy(), {}, {}, { account: { ...ACCOUNT, apiKey: 'connection' } });
    expect(exchange().failure?.message).to.match(/^the \$\{API_KEY\} was closed without a complete answer/);
  });

  it('leave the template of the credential as it is, though it has the key in it', async () => {
    const { exchange } = await shown(OK, {}, {}, { account: { apiKey: 'API_KEY}', merchantId: 'm API_KEY}' } });
    expect(exchange().request.headers.slice(0, 2)).to.deep.equal([
      ['Authorization', 'Basic ${base64:${API_KEY}:}'],
      ['x-merchantid', 'm ${API_KEY}'],
    ]);
  });
});
