import { expect } from 'chai';
import fc from 'fast-check';
import type { SentRequest } from '../../../contracts/finding.js';
import { CREDENTIAL_FORMS } from '../../../contracts/model.js';
import { credentialHeader } from '../credentials.js';
import { write, type Draft } from '../draft.js';
import { createRedactor } from '../redact.js';
import { restored } from './restore.js';

const account = { merchantId: 'acme', apiKey: 'ReferenceKey7Qx2L~Vt9ZbHw4' };
const then = { merchantId: 'acme', runToken: 'rk3x9' };
const safe: Draft = {
  method: 'POST',
  path: '/customers',
  fields: [
    ['object_reference_id', 'a4bcdrk3x9f1yc7o9b6x'],
    ['first_name', 'a b'],
  ],
  account,
  credential: 'canonical',
  merchant: 'canonical',
  contentType: 'application/x-www-form-urlencoded',
};

/** The draft as a report has it. */
function reported(draft: Draft): SentRequest {
  const { wire, shownHeaders } = write(draft);
  const redact = createRedactor([account.apiKey]).text;
  const bytes = wire.body ?? Buffer.alloc(0);
  const text = bytes.toString('utf8');
  const isText = !text.includes('\0') && Buffer.from(text, 'utf8').equals(bytes);
  return {
    method: draft.method,
    path: redact(draft.path),
    headers: shownHeaders.map(([name, value]) => [name, name === 'Authorization' ? value : redact(value)]),
    body: isText ? { encoding: 'utf-8', text: redact(text) } : { encoding: 'base64', text: bytes.toString('base64') },
  };
}

function again(draft: Draft, to = account): ReturnType<typeof write>['wire'] {
  const made = restored(reported(draft), { then, account: to, runToken: 'rn0w1' });
  if (typeof made === 'string') return expect.fail(made);
  return write(made).wire;
}

describe('replay: a request of a report', () => {
  for (const form of CREDENTIAL_FORMS) {
    it(`has its credential back: ${form}`, () => {
      const value = again({ ...safe, credential: form }).headers.find(([name]) => name === 'Authorization')?.[1];
      expect(value).to.equal(credentialHeader(form, account.apiKey));
    });
  }

  for (const merchant of ['canonical', 'name-upper-case', 'empty', 'other', 'odd-characters', 'absent'] as const) {
    it(`has its merchant header as it was: ${merchant}`, () => {
      expect(again({ ...safe, merchant }).headers).to.deep.equal(write({ ...safe, merchant }).wire.headers);
    });
  }

  it('names the merchant of the target that it goes to, with that key', () => {
    const other = { merchantId: 'elsewhere', apiKey: 'AnotherKey12345' };
    const { headers } = again({ ...safe, merchant: 'other' }, other);
    expect(headers.find(([name]) => name === 'x-merchantid')?.[1]).to.equal('elsewhere_other');
    expect(headers[0]).to.deep.equal(['Authorization', credentialHeader('canonical', other.apiKey)]);
  });

  it('goes out in chunks where it did', () => {
    const wire = again({ ...safe, chunked: true });
    expect(wire.chunked).to.equal(true);
    expect(wire.headers.map(([name]) => name)).to.not.include('Transfer-Encoding');
  });

  it('has every byte but those of its reference', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 20 }), (bytes, value) => {
        const front = new URLSearchParams([['first_name', value]]).toString();
        const body = Buffer.concat([Buffer.from(`${front}&object_reference_id=a4bcdrk3x9f1yc7o9b6x&odd=`), Buffer.from(bytes).filter((byte) => byte !== 0x24)]);
        const sent = again({ ...safe, body }).body ?? Buffer.alloc(0);
        const reference = /[a-z][a-z0-9]{4}rn0w1[a-z0-9]{10}/;
        expect(sent.toString('latin1')).to.match(reference);
        expect(sent.toString('latin1').replace(reference, 'a4bcdrk3x9f1yc7o9b6x')).to.equal(body.toString('latin1'));
      }),
    );
  });

  it('has no two references alike', () => {
    const references = Array.from({ length: 50 }, () => new URLSearchParams((again(safe).body ?? Buffer.alloc(0)).toString()).get('object_reference_id'));
    expect(new Set(references).size).to.equal(50);
  });

  it('has a key that was in a value back where it was, as a form writes it', () => {
    const wire = again({ ...safe, fields: [...safe.fields, ['note', `x${account.apiKey}y`]] });
    expect(new URLSearchParams((wire.body ?? Buffer.alloc(0)).toString()).get('note')).to.equal(`x${account.apiKey}y`);
  });

  it('says so where only a part of what was made of the key is known', () => {
    const request = { ...reported(safe), body: { encoding: 'utf-8' as const, text: 'note=${base64 of ${API_KEY}}' } };
    expect(restored(request, { then, account, runToken: 'rn0w1' }))
      .to.be.a('string')
      .and.to.match(/cannot be put together again/);
  });
});
