import { expect } from 'chai';
import fc from 'fast-check';
import type { CredentialReading } from './behaviour.js';
import { readCredential } from './credentials.js';
import { REFERENCE } from './reference.js';

const STRICT = REFERENCE.credentialReading;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const user = (header: string | undefined, reading: Partial<CredentialReading> = {}): string | undefined =>
  readCredential(header, { ...STRICT, ...reading })?.user;

describe('credentials', () => {
  it('have the key as the user name, whatever it is made of', () => {
    const key = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes(':'));
    fc.assert(
      fc.property(key, (text) => {
        expect(user(`Basic ${base64(`${text}:`)}`)).to.equal(text);
      }),
    );
  });

  it('have their scheme in any letter case', () => {
    for (const scheme of ['Basic', 'basic', 'BASIC', 'bAsIc']) expect(user(`${scheme} ${base64('key:')}`), scheme).to.equal('key');
  });

  it('are none without a key in base64 behind Basic', () => {
    const headers = [
      undefined,
      '',
      'Basic',
      'Basic ',
      'Basic key',
      'Basic key:',
      `Bearer ${base64('key:')}`,
      `Basicx ${base64('key:')}`,
      base64('key:'),
      `Basic ${base64('key:')} more`,
      'Basic a*b=',
    ];
    for (const header of headers) expect(user(header), String(header)).to.equal(undefined);
  });

  it('with an empty user, or the key as password, have no key as user', () => {
    expect(user(`Basic ${base64(':')}`)).to.equal('');
    expect(user(`Basic ${base64(':key')}`, { password: true })).to.equal('');
  });

  it('are accepted in the open forms by the readings that accept them, and by no others', () => {
    // `~~~` and `???` have both characters in which the alphabets differ.
    const open: readonly [header: string, reading: Partial<CredentialReading>, expected: string][] = [
      [`Basic ${base64('key:word')}`, { password: true }, 'key'],
      [`Basic ${base64('key')}`, { withoutColon: true }, 'key'],
      [`Basic ${base64('keys:').replace(/=+$/, '')}`, { padding: true }, 'keys'],
      [`Basic ${base64('keys:')}=`, { padding: true }, 'keys'],
      [`Basic ${base64('~~~???:').replaceAll('+', '-').replaceAll('/', '_')}`, { urlAlphabet: true }, '~~~???'],
    ];
    for (const [header, reading, expected] of open) {
      expect(user(header), header).to.equal(undefined);
      expect(user(header, reading), header).to.equal(expected);
    }
  });
});
