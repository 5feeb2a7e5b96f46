import { expect } from 'chai';
import { ClientError, serveClient, ScriptError } from './index.js';
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

  it('fails where a step of the script was never matched', async () => {
    const api = await serveClient();
    api.script([{ nth: 2, answer: 'duplicate' }]);
    await ask(api);
    const { message, run } = await failure(api.verdict());
    expect(message).to.match(/no request matched|client\/script/);
    expect(run.exitCode).to.equal(3);
  });

  it('refuses a script that cannot be used, before and while it serves', async () => {
    const wrong = [{ answer: 'teapot' }];
    expect(await serveClient({ script: wrong }).catch((error: unknown) => error)).to.be.an.instanceOf(ScriptError);
    const api = await serveClient();
    expect(() => api.script(wrong)).to.throw(ScriptError, 'there is no answer "teapot"');
    await api.close();
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
