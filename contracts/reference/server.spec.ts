import { connect } from 'node:net';
import { Agent } from 'node:http';
import { get as getWithTls } from 'node:https';
import { expect } from 'chai';
import { generate } from 'selfsigned';
import { basic, exchange, form, freshReference, members, type Answer } from './client.fixture.js';
import { REFERENCE } from './reference.js';
import { serve, startReference, type Reference } from './server.js';

/** What comes back for bytes that are sent as they are; resolves when the other side closes. */
function raw(reference: Reference, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(reference.url).port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(2_000, () => socket.destroy(new Error('silence')));
    socket.on('data', (piece) => (text += piece.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

describe('the reference', () => {
  let reference: Reference;
  before(async () => {
    reference = await startReference();
  });
  after(() => reference.close());

  const create = (values: Parameters<typeof form>[0] = {}, headers: Readonly<Record<string, string | null>> = {}): Promise<Answer> =>
    exchange(reference, { body: form(values), headers });

  it('answers a good create with the customer, as in the published sample', async () => {
    const object_reference_id = freshReference();
    const answer = await create({ object_reference_id });
    const { id, date_created, last_updated, ...echo } = members(answer);
    expect([answer.status, answer.headers['content-type']]).to.deep.equal([200, 'application/json']);
    expect(id).to.match(/^cst_[a-z0-9]{16}$/);
    expect(date_created).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(last_updated).to.equal(date_created);
    expect(echo).to.deep.equal({
      object: 'customer',
      object_reference_id,
      mobile_country_code: '55',
      mobile_number: '987654321',
      email_address: 'john.smith@example.com',
      first_name: 'John',
      last_name: 'Smith',
    });
  });

  it('gives the token to who asks for it, for fifteen minutes', async () => {
    const { juspay, date_created } = members(await create({ 'options.get_client_auth_token': 'true' }));
    const { client_auth_token: token, client_auth_token_expiry: expiry } = juspay as Record<string, string>;
    expect(token).to.match(/^tkn_[0-9a-f]{32}$/);
    expect(Date.parse(expiry ?? '') - Date.parse(String(date_created))).to.equal(15 * 60_000);
    expect(members(await create({ 'options.get_client_auth_token': null }))).not.to.have.property('juspay');
  });

  it('answers what was not sent with null', async () => {
    const answer = await create({ email_address: null, first_name: null, last_name: null, mobile_country_code: null, 'options.get_client_auth_token': null });
    expect(members(answer)).to.include({ email_address: null, first_name: null, last_name: null, mobile_country_code: null });
  });

  it('names the field at fault in the documented form', async () => {
    const answer = await create({ mobile_number: 'x' });
    expect(answer.status).to.equal(400);
    expect(members(answer)).to.deep.equal({
      error_message: 'Wrong value in mobile_number',
      status: 'Invalid Request',
      error_code: 'Invalid Request',
      error_info: {
        user_message: 'Invalid request params. Please verify your input.',
        fields: [{ field_name: 'mobile_number', reason: 'Invalid value.' }],
        developer_message: 'Invalid request params',
        code: 'INVALID_INPUT',
        category: 'USER_ERROR',
      },
    });
  });

  it('answers an absent field in the form of the older edition', async () => {
    expect(members(await create({ object_reference_id: null }))).to.deep.equal({
      status: 'invalid_request_error',
      error_code: 'nullable',
      error_message: '[objectReferenceId] cannot be null',
    });
    expect(members(await create({ mobile_number: null }))).to.deep.equal({
      status: 'invalid_request_error',
      error_code: 'nullable',
      error_message: 'mobile_number is mandatory field.',
    });
  });

  it('refuses a second create of one reference, and lets another merchant have it', async () => {
    const object_reference_id = freshReference();
    const { secondMerchant: second } = reference;
    expect((await create({ object_reference_id })).status).to.equal(200);
    expect(members(await create({ object_reference_id, first_name: 'Jane' }))).to.include({ error_code: 'unique' });
    expect((await create({ object_reference_id }, { authorization: basic(second.apiKey), 'x-merchantid': second.merchantId })).status).to.equal(200);
  });

  it('lets one of simultaneous creates of one reference win', async () => {
    const body = form();
    const answers = await Promise.all(Array.from({ length: 12 }, () => exchange(reference, { body })));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('stores nothing of a create that it refuses', async () => {
    const object_reference_id = freshReference();
    expect((await create({ object_reference_id, last_name: 'a b' })).status).to.equal(400);
    expect((await create({ object_reference_id }, { authorization: 'Basic eA==' })).status).to.equal(401);
    expect((await create({ object_reference_id })).status).to.equal(200);
  });

  it('refuses a credential before it looks at the body, and keeps it to itself', async () => {
    for (const authorization of [
      null,
      '',
      'Basic eA==',
      basic(reference.apiKey.toLowerCase()),
      basic(reference.apiKey.slice(0, -1)),
      `Bearer ${basic(reference.apiKey).slice(6)}`,
    ]) {
      const answer = await create({ object_reference_id: null }, { authorization });
      expect(answer.status, String(authorization)).to.equal(401);
      expect(members(answer)).to.include({ status: 'error', error_code: 'access_denied' });
      expect(answer.text).not.to.include(reference.apiKey);
    }
  });

  it('reads a customer by its id, and only for its merchant', async () => {
    const answer = members(await create());
    const path = `/customers/${String(answer['id'])}`;
    const { secondMerchant: second } = reference;
    expect(members(await exchange(reference, { method: 'GET', path }))).to.deep.equal(answer);
    expect((await exchange(reference, { method: 'GET', path, headers: { authorization: null } })).status).to.equal(401);
    expect(
      (await exchange(reference, { method: 'GET', path, headers: { authorization: basic(second.apiKey), 'x-merchantid': second.merchantId } })).status,
    ).to.equal(404);
    expect((await exchange(reference, { method: 'GET', path: '/customers/cst_unknown' })).status).to.equal(404);
  });

  it('updates what is sent and nothing else', async () => {
    const { last_updated: _, ...before } = members(await create());
    const path = `/customers/${String(before['id'])}`;
    const { last_updated: __, ...updated } = members(await exchange(reference, { path, body: 'first_name=Jane&object_reference_id=another_one' }));
    expect(updated).to.deep.equal({ ...before, first_name: 'Jane' });
    expect((await exchange(reference, { path, body: 'first_name=a+b' })).status).to.equal(400);
    const { last_updated: ___, ...read } = members(await exchange(reference, { method: 'GET', path }));
    expect(read).to.deep.equal(updated);
  });

  it('answers other paths, methods, media types and encodings as HTTP has it', async () => {
    const sent: readonly [Parameters<typeof exchange>[1], number][] = [
      [{ method: 'GET', path: '/' }, 404],
      [{ method: 'GET', path: '/customers/' }, 404],
      [{ path: '/v2/customers', body: form() }, 404],
      [{ method: 'GET', path: '/customers/%' }, 404],
      [{ method: 'GET', path: '/customers/a/b' }, 404],
      [{ method: 'GET' }, 405],
      [{ method: 'PUT', path: '/customers/a' }, 405],
      [{ method: 'OPTIONS' }, 405],
      [{ method: 'TRACE' }, 405],
      [{ body: '{}', headers: { 'content-type': 'application/json' } }, 415],
      [{ body: form(), headers: { 'content-type': null } }, 415],
      [{ body: form(), headers: { 'content-encoding': 'gzip' } }, 415],
      [{ body: form(), headers: { 'x-merchantid': null } }, 400],
      [{ body: form(), headers: { 'x-merchantid': 'another' } }, 400],
      [{ body: '' }, 400],
      [{ body: 'object_reference_id=%' }, 400],
      [{ body: Buffer.from([0xff, 0x00, 0x3d]) }, 400],
    ];
    for (const [request, status] of sent) expect((await exchange(reference, request)).status, JSON.stringify(request)).to.equal(status);
    expect((await exchange(reference, { method: 'GET' })).headers.allow).to.equal('POST');
  });

  it('answers bodies of any size', async () => {
    const long = await create({ first_name: 'a'.repeat(100_000) });
    expect(long.status).to.equal(400);
    const many = await exchange(reference, { body: `${form()}&${Array.from({ length: 10_000 }, (_, index) => `f${index}=`).join('&')}` });
    expect(many.status).to.equal(200);
    expect((await exchange(reference, { body: 'x'.repeat(REFERENCE.maxBodyBytes + 1) })).status).to.equal(413);
  });

  it('answers CONNECT, header lines of any size and what is no HTTP', async () => {
    expect(await raw(reference, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n')).to.match(/^HTTP\/1\.1 405 /);
    expect(await raw(reference, `GET /customers HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(300_000)}\r\n\r\n`)).to.match(/^HTTP\/1\.1 431 /);
    expect(await raw(reference, `GET /${'x'.repeat(200_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)).to.match(/^HTTP\/1\.1 4\d\d /);
    expect(await raw(reference, 'NONSENSE\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
    expect(await raw(reference, 'POST http://example.com/customers HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')).to.match(
      /^HTTP\/1\.1 401 /,
    );
  });

  it('reads a body in chunks, and judges each request of a connection by itself', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const chunked = await exchange(reference, { body: form(), headers: { 'transfer-encoding': 'chunked' }, agent });
      const bad = await exchange(reference, { body: form(), headers: { authorization: null }, agent });
      const good = await exchange(reference, { body: form(), agent });
      expect([chunked.status, bad.status, good.status]).to.deep.equal([200, 401, 200]);
    } finally {
      agent.destroy();
    }
  });
});

describe('starting the reference', () => {
  /** The message that it rejects with. */
  const rejection = (options: Parameters<typeof startReference>[0]): Promise<string> =>
    startReference(options).then(
      async (started) => (await started.close(), 'it started'),
      (error: Error) => error.message,
    );

  it('rejects a variant or a fault that does not exist, with the names near it', async () => {
    expect(await rejection({ variants: ['no-gett'] })).to.match(/no variant "no-gett".*no-get/);
    expect(await rejection({ fault: 'token-alwys' })).to.match(/no fault "token-alwys".*token-always/);
  });

  it('rejects a port in use', async () => {
    const first = await startReference();
    try {
      const port = Number(new URL(first.url).port);
      expect(await rejection({ port })).to.equal(`port ${port} of 127.0.0.1 is in use`);
    } finally {
      await first.close();
    }
  });

  it('waits before each answer where it is told to', async () => {
    const slow = await startReference({ latencyMs: 60 });
    try {
      const started = performance.now();
      expect((await exchange(slow, { body: form() })).status).to.equal(200);
      expect(performance.now() - started).to.be.greaterThan(55);
    } finally {
      await slow.close();
    }
  });

  it('speaks TLS with a key and a certificate', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' });
    const reference = await startReference({ tls: { key, cert } });
    try {
      const status = await new Promise((resolve, reject) => {
        getWithTls(`${reference.url}/customers`, { rejectUnauthorized: false, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on('error', reject);
      });
      expect(reference.url).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(status).to.equal(405);
    } finally {
      await reference.close();
    }
  });

  it('ends while requests are under way', async () => {
    const silent = await startReference({ fault: 'options-hangs' });
    const pending = exchange(silent, { method: 'OPTIONS' }).catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await silent.close();
    expect(await pending).to.be.a('string');
  });
});

describe('a full store', () => {
  it('is answered 429 with a time to wait, and forgets nobody', async () => {
    const { apiKey, merchantId, secondMerchant, close } = await startReference();
    await close();
    const server = serve(REFERENCE, { limits: { customers: 2 } });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const small: Reference = { url, apiKey, merchantId, secondMerchant, close: () => Promise.resolve() };
    try {
      const first = form();
      const answers = [
        await exchange(small, { body: first }),
        await exchange(small, { body: form() }),
        await exchange(small, { body: form() }),
        await exchange(small, { body: first }),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 429, 400]);
      expect(answers[2]?.headers['retry-after']).to.equal('60');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
