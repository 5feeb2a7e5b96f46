import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Har } from 'har-format';
import { createRequire } from 'node:module';
import { exchange, fixtureExchanges, fixtureRun } from './fixture.js';
import { renderHar } from './har.js';
import { hostileText } from './hostile.fixture.js';

const require = createRequire(import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-06.json') as object);
for (const schema of Object.values(require('har-schema') as Record<string, object>)) ajv.addSchema(schema);
const isHar = ajv.getSchema('har.json#') ?? expect.fail('the package has no schema');

const parse = (text: string): Har => JSON.parse(text) as Har;
const [first] = fixtureExchanges();
if (first === undefined) throw new Error('the fixture has no exchange');
const one = first;

describe('HAR', () => {
  it('keeps to the schema of version 1.2', () => {
    for (const har of [renderHar(fixtureRun(), fixtureExchanges()), renderHar(fixtureRun(), [])])
      expect(isHar(parse(har)), JSON.stringify(isHar.errors)).to.equal(true);
    expect(isHar({ log: { version: '1.2', entries: [{}] } }), 'the schema refuses something').to.equal(false);
  });

  it('has every exchange, in the order in which they began, with times that add up', () => {
    const { entries } = parse(renderHar(fixtureRun(), fixtureExchanges())).log;
    expect(entries.map((entry) => (entry as unknown as { readonly _id: string })._id)).to.deep.equal([
      'first_name/charset#0', 'robustness/bodies#3', 'first_name/charset#1', 'robustness/values#2',
    ]); // prettier-ignore
    for (const { time, timings } of entries) expect(timings.wait + timings.receive + (timings.send ?? 0)).to.equal(time);
  });

  it('has the key as it was kept, and addresses that can be parsed', () => {
    const { entries } = parse(renderHar(fixtureRun(), fixtureExchanges())).log;
    expect(entries[0]?.request.headers).to.deep.include({ name: 'authorization', value: 'Basic ${API_KEY}' });
    expect(entries[1]?.request).to.include({
      url: 'http://127.0.0.1:9/customers/%25zz?a=b%20c&$%7BAPI_KEY%7D=%C3%A9',
      _target: '/customers/%zz?a=b c&${API_KEY}=é',
    });
  });

  it('has bodies that are no text in base64, with the size of the bytes', () => {
    const { request, response } = parse(renderHar(fixtureRun(), fixtureExchanges())).log.entries[1] ?? expect.fail();
    expect(response.content).to.deep.equal({ size: 3, mimeType: 'application/json', text: '/wD+', encoding: 'base64' });
    expect([request.bodySize, request.postData]).to.deep.equal([2, { mimeType: 'application/x-www-form-urlencoded', text: 'AP8=', _encoding: 'base64' }]);
  });

  it('has status 0 and the failure where nothing was answered', () => {
    const entry = parse(renderHar(fixtureRun(), [exchange('a/b#1', 'x=1', undefined)])).log.entries[0];
    expect(entry?.response).to.include({ status: 0, statusText: '' });
    expect(entry).to.have.property('_failure').that.deep.equals({ kind: 'timeout', message: 'no answer within 10 s' });
  });

  it('keeps to the schema whatever was sent and answered, and changes none of it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const body = { encoding: 'utf-8' as const, text };
        const odd = { ...one, note: text, request: { ...one.request, path: `/${text}`, headers: [[text, text]] as [string, string][], body } };
        const har = parse(
          renderHar(fixtureRun({ target: { ...fixtureRun().target, merchantId: text } }), [
            { ...odd, response: { status: 200, headers: [], complete: true, body } },
          ]),
        );
        expect(isHar(har), JSON.stringify(isHar.errors)).to.equal(true);
        const [entry] = har.log.entries;
        expect([entry?.response.content.text, entry?.request.headers[0]?.value]).to.deep.equal([text, text]);
        expect(new URL(entry?.request.url ?? '').origin).to.equal('http://127.0.0.1:9');
      }),
    );
  });
});
