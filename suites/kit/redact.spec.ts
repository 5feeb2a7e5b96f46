import { expect } from 'chai';
import fc from 'fast-check';
import { CREDENTIAL_FORMS } from '../../contracts/model.js';
import { credentialHeader, credentialTemplate } from './credentials.js';
import { createRedactor } from './redact.js';

const KEY = 'Key>>>?7a~~9/x';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const urlBase64 = (text: string): string => Buffer.from(text).toString('base64url');

/** The texts that a target may give a key back in, by how it came to write it so. */
const WRITTEN: Readonly<Record<string, (key: string) => string>> = {
  raw: (key) => key,
  'percent-encoded': (key) => encodeURIComponent(key),
  'percent-encoded in lower-case hex': (key) => encodeURIComponent(key).replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  'in a form': (key) => new URLSearchParams({ key }).toString().slice('key='.length),
  'in a form in lower-case hex': (key) =>
    new URLSearchParams({ key })
      .toString()
      .slice('key='.length)
      .replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  'in JSON': (key) => JSON.stringify(key).slice(1, -1),
  'in JSON with escaped slashes': (key) => JSON.stringify(key).slice(1, -1).replaceAll('/', '\\/'),
  'in base64 with the colon': (key) => base64(`${key}:`),
  'in base64 without the colon': (key) => base64(key),
  'in base64 without padding': (key) => base64(`${key}:`).replace(/=+$/, ''),
  'in base64 without colon and padding': (key) => base64(key).replace(/=+$/, ''),
  'in the URL alphabet': (key) => urlBase64(`${key}:`),
  'in the URL alphabet, without the colon': (key) => urlBase64(key),
  'in base64 that is percent-encoded': (key) => encodeURIComponent(base64(`${key}:`)),
};

/** Those that hold the key, or most of it. */
const FORMS = CREDENTIAL_FORMS.filter((form) => credentialTemplate(form)?.includes('${') === true && form !== 'other-key');

/** Keys as they are given out, and others. */
const anyKey = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ABCDEF0123456789'), minLength: 16, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'ABCxyz0123456789_-'), minLength: 8, maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 9, maxLength: 40 }),
);

describe('redact', () => {
  // Made in each test and not beside them, so that each shows what it is made of.
  const redactor = { text: (text: string): string => createRedactor([KEY]).text(text) };

  for (const [how, written] of Object.entries(WRITTEN)) {
    it(`the key ${how} is taken out, and what is around it stays`, () => {
      const text = redactor.text(`before "${written(KEY)}" after`);
      expect(text).to.match(/^before ".*\$\{API_KEY.*" after$/);
      expect(text).to.not.include(written(KEY));
      expect(text.length, text).to.be.below(100);
    });

    it(`no key survives ${how}`, () => {
      fc.assert(
        fc.property(anyKey, fc.string(), fc.string(), (key, before, after) => {
          const text = createRedactor([key]).text(`${before}<${written(key)}>${after}`);
          expect(text.includes(`<${written(key)}>`), `${text} shows ${written(key)}`).to.equal(false);
        }),
      );
    });
  }

  it('the key inside longer base64 is taken out, wherever it begins', () => {
    for (const before of ['', 'x', 'xy', '{"key":"', '{"merchant":"m","key":"']) {
      const written = base64(`${before}${KEY}","more":"of it"}`);
      const text = redactor.text(`<${written}>`);
      const shown = /\$\{base64(?::| of )\$\{API_KEY\}\}/;
      expect(text, `behind ${before}`).to.match(shown);
      const left = Buffer.from(text.replace(shown, ''), 'base64').toString('latin1');
      for (let at = 0; at + 4 <= KEY.length; at += 1)
        expect(left.includes(KEY.slice(at, at + 4)), `${KEY.slice(at, at + 4)} is left behind ${before}`).to.equal(false);
    }
  });

  for (const form of FORMS) {
    it(`the credential ${form} is taken out where it comes back`, () => {
      const header = credentialHeader(form, KEY) ?? '';
      const value = header.split(' ')[1] ?? '';
      const text = redactor.text(`{"got":"${header}"}`);
      expect(text).to.not.include(value);
      expect(text).to.match(/^\{"got":"\w+ .*\$\{API_KEY.*"\}$/);
    });
  }

  it('several at once, and of several keys, longest first', () => {
    const two = createRedactor(['first-key-1', 'first-key-1-and-more']);
    expect(two.text('first-key-1-and-more first-key-1')).to.equal('${API_KEY} ${API_KEY}');
    expect(two.text('a first-key-1 b first-key-1 c')).to.equal('a ${API_KEY} b ${API_KEY} c');
  });

  it('a text without a key is left as it is, byte for byte', function () {
    // The first strings of all characters take their table to be made.
    this.timeout(10_000);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(redactor.text(text)).to.equal(text);
      }),
    );
  });

  it('what it put in is not taken out again', () => {
    const once = redactor.text(`${KEY} ${base64(`${KEY}:`)}`);
    expect(redactor.text(once)).to.equal(once);
  });

  it('a short key is not searched for: it stands in other texts by chance', () => {
    const short = createRedactor(['customer'.slice(0, 7)]);
    expect(short.text('{"object":"customer","id":"cst_1"}')).to.equal('{"object":"customer","id":"cst_1"}');
    expect(short.secrets).to.deep.equal([]);
  });
});

describe('redact: what no response may show', () => {
  it('the key and its base64, with and without the colon, padded or not', () => {
    const { secrets } = createRedactor([KEY]);
    for (const how of ['raw', 'percent-encoded', 'in base64 with the colon', 'in base64 without the colon', 'in base64 without padding']) {
      const text = WRITTEN[how]?.(KEY) ?? '';
      expect(
        secrets.some((secret) => text.includes(secret)),
        how,
      ).to.equal(true);
    }
  });

  it('no mutation of it: what a wrong key is, is no secret', () => {
    const { secrets } = createRedactor([KEY]);
    for (const form of ['last-character-changed', 'key-prefix', 'key-other-case', 'other-key', 'empty-user'] as const) {
      const decoded = Buffer.from((credentialHeader(form, KEY) ?? '').split(' ')[1] ?? '', 'base64').toString();
      expect(
        secrets.filter((secret) => decoded.includes(secret)),
        form,
      ).to.deep.equal([]);
    }
  });

  it('no key that is a word of responses anyway, as keys of mocks are', () => {
    expect(createRedactor(['customer_key'], ['the customer_key of the day']).secrets).to.deep.equal([]);
    expect(createRedactor(['customer_key'], ['another word']).secrets).to.include('customer_key');
  });
});
