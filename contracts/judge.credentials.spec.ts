import { expect } from 'chai';
import { judge, type JudgedRequest } from './judge.js';
import type { CredentialConstraint, CredentialForm, Judgement } from './model.js';

const KEY = '1D6AQ5z?>ZcE';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const POST: JudgedRequest = { method: 'POST', path: '/customers', headers: [], fields: [], apiKey: KEY };
const withHeader = (name: string, value: string): JudgedRequest => ({ ...POST, headers: [[name, value]] });

describe('judge: credentials', () => {
  const ALL: CredentialConstraint = {
    kind: 'credential',
    conforming: ['canonical', 'scheme-lower-case', 'scheme-upper-case', 'scheme-mixed-case'],
    violating: [
      'absent',
      'empty-header',
      'other-key',
      'last-character-changed',
      'key-prefix',
      'key-extension',
      'key-other-case',
      'scheme-only',
      'empty-user',
      'key-as-password',
      'not-base64',
      'raw-key',
      'bearer',
      'digest',
      'unknown-scheme',
    ],
    open: ['with-password', 'without-colon', 'padding-missing', 'padding-doubled', 'url-alphabet'],
  };
  const canonical = base64(`${KEY}:`);
  // The key is such that its base64 has padding and a character of either alphabet.
  const padded = base64(`${KEY}1:`);

  const cases: readonly (readonly [header: string | undefined, expected: Judgement, why: string])[] = [
    [`Basic ${canonical}`, 'conforming', 'the key and a colon'],
    [`basic ${canonical}`, 'conforming', 'the scheme in lower case'],
    [`BASIC ${canonical}`, 'conforming', 'the scheme in upper case'],
    [`bAsIc ${canonical}`, 'conforming', 'the scheme in mixed case'],
    [undefined, 'violating', 'no header'],
    ['', 'violating', 'an empty header'],
    ['Basic', 'violating', 'the scheme alone'],
    ['Basic ', 'violating', 'the scheme and a blank'],
    [`Basic ${base64('another:')}`, 'violating', 'another key'],
    [`Basic ${base64(`${KEY.slice(0, -1)}F:`)}`, 'violating', 'the last character changed'],
    [`Basic ${base64(`${KEY.slice(0, -1)}:`)}`, 'violating', 'a prefix of the key'],
    [`Basic ${base64(`${KEY}x:`)}`, 'violating', 'an extension of the key'],
    [`Basic ${base64(`${KEY.toLowerCase()}:`)}`, 'violating', 'another letter case of the key'],
    [`Basic ${base64(':')}`, 'violating', 'neither user nor password'],
    [`Basic ${base64(`:${KEY}`)}`, 'violating', 'the key as the password'],
    ['Basic !!!!', 'violating', 'no base64'],
    [`Basic ${KEY}`, 'violating', 'the key as it is'],
    [KEY, 'violating', 'the key without a scheme'],
    [`Bearer ${canonical}`, 'violating', 'the scheme of tokens'],
    [`Digest ${canonical}`, 'violating', 'the scheme of digests'],
    [`Sesame ${canonical}`, 'violating', 'an unknown scheme'],
    [`Basic ${base64(`${KEY}:password`)}`, 'open', 'a password'],
    [`Basic ${base64(KEY)}`, 'open', 'no colon'],
    [`basic ${base64(KEY)}`, 'open', 'no colon, under a scheme in lower case'],
    [`bearer ${base64(KEY)}`, 'violating', 'no colon, under another scheme'],
    [`Basic ${canonical.replaceAll('=', '')}`, 'open', 'no padding'],
    [`Basic ${canonical}==`, 'open', 'padding twice'],
    [`Basic ${canonical.replaceAll('/', '_').replaceAll('+', '-')}`, 'open', 'the alphabet of URLs'],
    [`Basic ${padded}`, 'violating', 'an extension of the key by a digit'],
  ];
  for (const [header, expected, why] of cases) {
    it(`${why}: ${expected}`, () => {
      expect(judge(ALL, header === undefined ? POST : withHeader('Authorization', header))).to.equal(expected);
    });
  }

  /** Every form in which a header departs, told by a rule that forbids that form alone. */
  const formsOf = (header: string | undefined, apiKey = KEY): CredentialForm[] =>
    [...ALL.conforming, ...ALL.violating, ...ALL.open].filter((form) => {
      const only: CredentialConstraint = { ...ALL, violating: [form], conforming: [] };
      return judge(only, { ...POST, apiKey, headers: header === undefined ? [] : [['Authorization', header]] }) === 'violating';
    });
  // With the colon 13, 14 and 15 bytes: base64 with two paddings, with one and with none.
  const [TWO, ONE, NONE] = [KEY, `${KEY}x`, `${KEY}xy`];
  const departures: readonly (readonly [header: string | undefined, forms: readonly CredentialForm[], apiKey?: string])[] = [
    [`Basic ${canonical}`, []],
    [`  Basic   ${canonical}  `, []],
    [undefined, ['absent']],
    ['', ['empty-header']],
    ['  ', ['empty-header']],
    [KEY, ['raw-key']],
    [`basic ${KEY}`, ['raw-key', 'scheme-lower-case']],
    // Such a key is base64 of something itself.
    ['Basic abcd1234', ['raw-key'], 'abcd1234'],
    ['Basic', ['scheme-only']],
    ['BASIC', ['scheme-only', 'scheme-upper-case']],
    ['bASIC !', ['scheme-mixed-case', 'not-base64']],
    ['Basic !abcd', ['not-base64']],
    ['Basic abcd!', ['not-base64']],
    ['Basic ab=cd', ['not-base64']],
    [`Basic ${canonical} ${canonical}`, ['not-base64']],
    [`Bearer ${canonical}`, ['bearer']],
    [`DIGEST ${canonical}`, ['digest']],
    [`Basics ${canonical}`, ['unknown-scheme']],
    [`Basic ${base64(':')}`, ['empty-user']],
    [`Basic ${base64(':another')}`, ['empty-user']],
    [`Basic ${base64(`:${KEY}`)}`, ['key-as-password']],
    [`Basic ${base64(`${KEY}:a:b`)}`, ['with-password']],
    [`Basic ${base64(KEY)}`, ['without-colon']],
    [`Basic ${base64(`${KEY}x:`)}`, ['key-extension']],
    [`Basic ${base64(`x${KEY}:`)}`, ['other-key']],
    [`Basic ${base64(`${KEY.slice(0, 3)}:`)}`, ['key-prefix']],
    [`Basic ${base64(`${KEY.slice(3)}:`)}`, ['other-key']],
    [`Basic ${base64(`${KEY.toUpperCase()}:`)}`, ['key-other-case']],
    [`Basic ${base64(`${KEY.slice(0, -1)}!:`)}`, ['last-character-changed']],
    [`Basic ${base64(`${KEY.slice(0, -2)}!!:`)}`, ['other-key']],
    [`Basic ${base64(`${KEY.slice(0, -1)}!!:`)}`, ['other-key']],
    [`Basic ${base64(`!${KEY.slice(1)}:`)}`, ['other-key']],
    [`Basic ${base64(`${KEY}!`)}`, ['without-colon', 'key-extension']],
    [`Basic ${base64('another:password')}`, ['with-password', 'other-key']],
    ...([TWO, ONE, NONE] as const).flatMap((key): [string, CredentialForm[], string][] => {
      const [right, bare] = [base64(`${key}:`), base64(`${key}:`).replace(/=+$/, '')];
      return [
        [`Basic ${right}`, [], key],
        [`Basic ${right}=`, ['padding-doubled'], key],
        ...(right === bare ? [] : [[`Basic ${bare}`, ['padding-missing'], key] as [string, CredentialForm[], string]]),
        [`Basic ${right.replaceAll('/', '_').replaceAll('+', '-')}`, ['url-alphabet'], key],
      ];
    }),
  ];
  for (const [header, forms, apiKey = KEY] of departures) {
    it(`${header === undefined ? 'no header' : JSON.stringify(header)} with the key ${apiKey} departs in ${forms.join(' and ') || 'nothing'}`, () => {
      expect(formsOf(header, apiKey)).to.have.members(forms);
    });
  }

  it('the key of these specs shows every departure', () => {
    expect(canonical).to.match(/[+/].*=$/);
  });
  it('two headers are left open', () => {
    expect(
      judge(ALL, {
        ...POST,
        headers: [
          ['Authorization', `Basic ${canonical}`],
          ['authorization', 'Basic x'],
        ],
      }),
    ).to.equal('open');
  });
  it('a departure that the rule does not list is left open by it', () => {
    expect(judge({ ...ALL, violating: ['absent'] }, withHeader('Authorization', `Bearer ${canonical}`))).to.equal('open');
  });
  it('without the key at hand a user name is left open, and its absence is not', () => {
    const { apiKey: _, ...blind } = POST;
    expect(judge(ALL, { ...blind, headers: [['Authorization', `Basic ${canonical}`]] })).to.equal('open');
    expect(judge(ALL, { ...blind, headers: [['Authorization', 'Basic']] })).to.equal('violating');
    expect(judge(ALL, { ...blind, headers: [['Authorization', `Basic ${base64(':x')}`]] })).to.equal('violating');
    expect(judge(ALL, blind)).to.equal('violating');
  });
});
