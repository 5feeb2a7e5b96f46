import { expect } from 'chai';
import { connect } from 'node:net';
import { ClientError, serveClient, ScriptError, type ServeClientOptions } from './index.js';
import { ask, basic, form } from './sender.spec-help.js';

const failure = async (verdict: Promise<unknown>): Promise<ClientError> => {
  const error: unknown = await verdict.catch((reason: unknown) => reason);
  if (!(error instanceof ClientError)) return expect.fail(`no ClientError: ${String(error)}`);
  return error;
};

describe('serveClient', () => {
  it('resolves with the run of a client that does nothing wrong, and shows its requests', async () => {
    const api = await serveClient();
    await ask(api, { body: form({ object_reference_id: 'cust_000001' }) });
    const [request] = api.requests;
    expect(request).to.deep.include({ method: 'POST', target: '/customers', status: 200 });
    expect(request?.fields?.[0]).to.deep.equal(['object_reference_id', 'cust_000001']);
    const run = await api.verdict();
    expect(run).to.include({ exitCode: 0, status: 'complete', requestsSent: 1 });
    expect(run.idsCreated).to.deep.equal(['cust_000001']);
    expect(await api.report(), 'asked again').to.equal(run);
  });

  it('fails with what was sent, what is wrong with it, where that is written and what to do', async () => {
    const api = await serveClient();
    await ask(api, { headers: { authorization: basic(api.apiKey) }, body: form({ object_reference_id: 'cust_000001', first_name: 'a b' }) });
    const { message, run } = await failure(api.verdict());
    expect(message).to.match(/departs from the documentation in 2 rules/);
    expect(message).to.match(/fail {2}credentials\/form .*statement 4, 5, 7, 8 of the page, line 3, 4, 5, 6-7/);
    expect(message).to.include('request 1  POST /customers: object_reference_id = "cust_000001"');
    expect(message).to.include('Authorization = "Basic ${base64:${API_KEY}}": the key without a colon behind it');
    expect(message).to.include('put a colon behind the key');
    expect(message).not.to.include(api.apiKey);
    expect(run.counts.fail).to.equal(2);
  });

  it('fails where nothing was sent', async () => {
    const api = await serveClient();
    expect((await failure(api.verdict())).message).to.match(/^Nothing was sent to http:/);
  });

  it('says what came where it was no request', async () => {
    const came = async (bytes: string | Buffer): Promise<string> => {
      const api = await serveClient();
      await new Promise((resolve) => {
        const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.end(bytes));
        socket
          .on('error', () => undefined)
          .once('close', resolve)
          .resume();
      });
      return (await failure(api.verdict())).message;
    };
    expect(await came(Buffer.from([0x16, 3, 1, 0, 1, 0]))).to.match(/^No request came to .*the client speaks TLS, which --tls is for/);
    expect(await came('POST /customers HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 0\r\n\r\n')).to.match(
      /^No request to .* could be read: Expect: 200-ok/,
    );
    expect(await came('POST /customers HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')).to.include('no Host header');
  });

  it('notes a create that was carried out and sent again with another reference', async () => {
    const api = await serveClient({ script: [{ nth: 1, answer: 'reset-after-create' }] });
    for (let count = 0; count < 2; count++) await ask(api).catch(() => undefined);
    expect((await api.report()).client?.notes).to.include('request 2 may have created the customer of request 1 again, whose answer did not arrive');
  });

  it('fails where a step of the script was never matched', async () => {
    const api = await serveClient();
    api.script([{ nth: 2, answer: 'duplicate' }]);
    await ask(api);
    const { message, run } = await failure(api.verdict());
    expect(message)
      .to.match(/^the script was not used/)
      .and.to.include('no request matched answers.0 (nth 2, answer duplicate)');
    expect(message).not.to.include('departs');
    expect(run.exitCode).to.equal(3);
  });

  it('refuses a script that cannot be used, before and while it serves', async () => {
    const wrong = [{ answer: 'teapot' }];
    expect(await serveClient({ script: wrong }).catch((error: unknown) => error)).to.be.an.instanceOf(ScriptError);
    const api = await serveClient();
    expect(() => api.script(wrong)).to.throw(ScriptError, 'there is no answer "teapot"');
    await api.close();
  });

  it('refuses options that cannot be used, with what was given and what would be right', async () => {
    const refused = async (options: object): Promise<unknown> => {
      const error: unknown = await serveClient(options as ServeClientOptions).catch((reason: unknown) => reason);
      return error instanceof TypeError ? error.message : error;
    };
    expect(await refused({ failOn: 'x' })).to.equal('serveClient: failOn: got "x", wanted must or should.');
    expect(await refused({ tls: 'yes' })).to.equal('serveClient: tls: got "yes", wanted true or false.');
    expect(await refused({ port: 'x' })).to.equal('serveClient: port: got "x", wanted a whole number from 0 (a free port) to 65535.');
    expect(await refused({ variants: 'v2-path' })).to.equal('serveClient: variants: got "v2-path", wanted a list of names of variants.');
    expect(await refused({ prot: 1 })).to.equal('serveClient: there is no option "prot". There are port, tls, variants, script, failOn, tool.');
  });

  it('takes a warning for a failure where it is told to', async () => {
    const warned = async (failOn: 'must' | 'should'): Promise<number> => {
      const api = await serveClient({ failOn });
      await ask(api, { body: form({ mobile_number: '+987654321' }) });
      return (await api.report()).exitCode;
    };
    expect([await warned('must'), await warned('should')]).to.deep.equal([0, 1]);
  });

  it('lets the reference read what is open otherwise', async () => {
    const api = await serveClient({ variants: ['colon-less-credential'] });
    expect((await ask(api, { headers: { authorization: basic(api.apiKey) } })).status).to.equal(200);
    expect((await api.report()).exitCode, 'the client departs from the page all the same').to.equal(1);
  });
});
