import { expect } from 'chai';
import { departures } from './shapes.js';
import { startReference } from './reference/server.js';
import { VARIANTS } from './reference/variants.js';

const FORM = 'object_reference_id=shape_0123456789&mobile_number=99887766&email_address=a%40example.com&first_name=John&last_name=Smith&mobile_country_code=65';

async function bodies(variants: readonly string[]): Promise<{ created: unknown; refused: unknown; duplicate: unknown; locked: unknown } | undefined> {
  const reference = await startReference({ variants });
  try {
    const post = async (body: string, key: string): Promise<Response> =>
      fetch(`${reference.url}/customers`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-merchantid': reference.merchantId,
          authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
        },
        body,
      });
    const first = await post(FORM, reference.apiKey);
    // A variant that lets nobody in has nothing to look at.
    if (first.status !== 200) return undefined;
    return {
      created: await first.json(),
      refused: await (await post('object_reference_id=shape_9876543210', reference.apiKey)).json(),
      duplicate: await (await post(FORM, reference.apiKey)).json(),
      locked: await (await post(FORM, 'no_such_key')).json(),
    };
  } finally {
    await reference.close();
  }
}

describe('the shapes of responses', () => {
  it('the reference and every legal variant answer in them', async function () {
    this.timeout(60_000);
    for (const variants of [[], ...VARIANTS.map(({ name }) => [name])]) {
      const seen = await bodies(variants);
      if (seen === undefined) continue;
      const name = variants.join(' ') || 'the reference';
      expect(departures('customer', seen.created), `${name}, created`).to.deep.equal([]);
      expect(departures('error', seen.refused), `${name}, refused`).to.deep.equal([]);
      expect(departures('error', seen.duplicate), `${name}, duplicate`).to.deep.equal([]);
      expect(departures('credentialError', seen.locked), `${name}, wrong key`).to.deep.equal([]);
    }
  });

  it('departures are told by member', () => {
    expect(departures('customer', { id: '', object: 'order' }).join('; ')).to.match(/id .*; object .*|.*object_reference_id.*id .*/);
    expect(departures('error', { status: 400 })).to.not.deep.equal([]);
  });
});
