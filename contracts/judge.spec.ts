import { expect } from 'chai';
import { judge, judgeField, judgeValue, type JudgedRequest } from './judge.js';
import type { Constraint, CredentialConstraint, FieldName, InputRule, Judgement, LengthConstraint, OddForm, ValueConstraint } from './model.js';
import { RULES } from './rules/index.js';

const KEY = '1D6AQ5z?>ZcE';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const POST: JudgedRequest = { method: 'POST', path: '/customers', headers: [], fields: [], apiKey: KEY };
const withHeader = (name: string, value: string): JudgedRequest => ({ ...POST, headers: [[name, value]] });
const withFields = (...fields: readonly (readonly [string, string])[]): JudgedRequest => ({ ...POST, fields });

/** By the field's rules as the document has them. */
const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');

describe('judge: values of fields', () => {
  const cases: readonly (readonly [field: FieldName, value: string, expected: Judgement, why: string])[] = [
    ['object_reference_id', 'cust_123489', 'conforming', 'the example of the page'],
    ['object_reference_id', 'customer@gmail.com', 'conforming', 'a published sample'],
    ['object_reference_id', '1234567', 'violating', '7 characters'],
    ['object_reference_id', 'éüñç', 'violating', '4 characters, whose 8 bytes are no reading'],
    ['object_reference_id', '😀😀😀😀', 'open', '4 code points that are 8 UTF-16 units'],
    ['object_reference_id', '123456e\u0301', 'open', '8 code points, 7 graphemes'],
    ['object_reference_id', '1234567 ', 'open', 'a blank'],
    ['object_reference_id', 'a'.repeat(129), 'open', 'more than 128'],
    ['object_reference_id', '', 'violating', 'empty'],
    ['mobile_number', '987654321', 'conforming', 'the example of the page'],
    ['mobile_number', '99887766', 'conforming', 'a published sample'],
    ['mobile_number', '0987654321', 'open', 'a leading 0'],
    ['mobile_number', '+987654321', 'open', 'a leading +'],
    ['mobile_number', '987+654321', 'violating', 'a + that does not lead'],
    ['mobile_number', '+98765-4321', 'violating', 'a separator behind a leading +'],
    ['mobile_number', '9876543', 'open', '7 digits'],
    ['mobile_number', '98765432100', 'open', '11 digits'],
    ['mobile_number', '987654321\n', 'violating', 'a final newline'],
    ['mobile_number', '98765٣321', 'violating', "another script's digit"],
    ['mobile_number', '', 'violating', 'empty'],
    ['email_address', 'user@example.com', 'conforming', 'plain'],
    ['email_address', "!#$%&'*+-/=?^{|}~`@example.com", 'conforming', 'every special but _ and .'],
    ['email_address', 'a_b.c@example.com', 'conforming', '_ and . inside'],
    ['email_address', '_a@example.com', 'violating', '_ in front'],
    ['email_address', 'a.@example.com', 'violating', '. in front of the @'],
    ['email_address', 'a b@example.com', 'violating', 'a blank'],
    ['email_address', 'a@exa mple.com', 'violating', 'a blank in the domain'],
    ['email_address', 'a@example.com\n', 'violating', 'a final newline'],
    ['email_address', 'a@b@"c', 'violating', 'a quotation mark beside several @'],
    ['email_address', 'a@b@example.com', 'open', 'several @'],
    ['email_address', 'a..b@example.com', 'open', 'two dots in a row'],
    ['email_address', 'a@_example.com', 'open', '_ at an edge of the domain'],
    ['email_address', 'a@example.com.', 'open', '. at an edge of the domain'],
    ['email_address', 'a@localhost', 'open', 'a domain without a dot'],
    ['email_address', 'a@-example.com', 'open', "a hyphen at a label's edge"],
    ['email_address', 'a@EXAMPLE.com', 'open', 'capitals in the domain'],
    ['email_address', `${'a'.repeat(64)}@example.com`, 'conforming', '64 in the local part'],
    ['email_address', `${'a'.repeat(65)}@example.com`, 'open', '65 in the local part'],
    ['email_address', `a@${'b'.repeat(123)}.com`, 'open', '129 in all'],
    ['email_address', 'é@example.com', 'open', 'a letter outside ASCII'],
    ['email_address', 'a\0@example.com', 'open', 'NUL'],
    ['email_address', 'user', 'violating', 'no @'],
    ['email_address', '@example.com', 'violating', 'nothing in front of the @'],
    ['email_address', 'user@', 'violating', 'nothing behind the @'],
    ['email_address', '', 'open', 'empty'],
    ['first_name', 'O(.-_)2', 'conforming', 'letters, digits and specials'],
    ['first_name', 'a'.repeat(64), 'conforming', '64 characters'],
    ['first_name', 'a'.repeat(65), 'open', '65 characters'],
    ['first_name', "O'Neil", 'violating', 'an apostrophe'],
    ['first_name', 'José', 'open', 'a letter outside ASCII'],
    ['first_name', 'José Silva', 'violating', 'a blank beside a letter outside ASCII'],
    ['last_name', '', 'open', 'empty'],
    ['last_name', 'a\u0007', 'open', 'a control character'],
    ['mobile_country_code', '91', 'conforming', 'an example of the page'],
    ['mobile_country_code', '351', 'open', 'another code'],
    ['mobile_country_code', '+55', 'open', 'a leading +'],
    ['mobile_country_code', '5 5', 'violating', 'a blank'],
    ['options.get_client_auth_token', 'true', 'conforming', 'as the page has it'],
    ['options.get_client_auth_token', 'false', 'conforming', 'as the page has it'],
    ['options.get_client_auth_token', 'TRUE', 'open', 'another letter case'],
  ];
  for (const [field, value, expected, why] of cases) {
    it(`${field}: ${why} is ${expected}`, () => {
      expect(judgeField(field, value, inputRules)).to.equal(expected);
    });
  }

  it('a longest length that is stated is broken only where every reading counts more', () => {
    const constraint: LengthConstraint = { kind: 'length', field: 'first_name', min: 1, max: 4, below: 'open', above: 'violating', alphabet: 'letters' };
    expect(judgeValue(constraint, 'abcde')).to.equal('violating');
    expect(judgeValue(constraint, '😀😀😀')).to.equal('open');
    expect(judgeValue(constraint, '😀😀😀😀😀')).to.equal('violating');
    expect(judgeValue(constraint, 'abcd')).to.equal('conforming');
  });

  it('what happens at the edges of a local part is for another rule than the one of its characters to say', () => {
    const charset = inputRules.find(({ id }) => id === 'email_address/charset')?.constraint;
    if (charset?.kind !== 'charset') throw new Error('no rule');
    expect(judgeValue(charset, '_a@example.com')).to.equal('open');
    expect(judgeValue(charset, 'a.@example.com')).to.equal('open');
    expect(judgeValue(charset, 'a_.a@example.com')).to.equal('conforming');
  });

  it('a value of an open case is open', () => {
    const constraint: ValueConstraint = { kind: 'open-values', field: 'first_name', cases: { empty: '', absent: null } };
    expect(judgeValue(constraint, '')).to.equal('open');
    expect(judge(constraint, withFields())).to.equal('open');
    expect(judge({ ...constraint, cases: { empty: '' } }, withFields())).to.equal('conforming');
  });
});

describe('judge: presence', () => {
  const required: Constraint = { kind: 'presence', fields: ['object_reference_id'], presence: 'required' };
  const optional: Constraint = { kind: 'presence', fields: ['first_name', 'last_name'], presence: 'optional' };

  it('a required field that is absent or empty breaks the rule, once and with a value it keeps it', () => {
    expect(judge(required, withFields())).to.equal('violating');
    expect(judge(required, withFields(['object_reference_id', '']))).to.equal('violating');
    expect(judge(required, withFields(['object_reference_id', 'x']))).to.equal('conforming');
  });
  it('repeated, and in a body that cannot be decoded, it is left open', () => {
    expect(judge(required, withFields(['object_reference_id', ''], ['object_reference_id', 'x']))).to.equal('open');
    expect(judge(required, { ...POST, fields: undefined })).to.equal('open');
  });
  it('optional fields may be there, one or none; empty is left open', () => {
    expect(judge(optional, withFields())).to.equal('conforming');
    expect(judge(optional, withFields(['first_name', 'a']))).to.equal('conforming');
    expect(judge(optional, withFields(['first_name', 'a'], ['last_name', '']))).to.equal('open');
  });
  it('a value that is not sent breaks no rule about values, and a repeated one is left open', () => {
    const charset = inputRules.find(({ id }) => id === 'first_name/charset')?.constraint;
    if (!charset) throw new Error('no rule');
    expect(judge(charset, withFields())).to.equal('conforming');
    expect(judge(charset, withFields(['first_name', 'a b']))).to.equal('violating');
    expect(judge(charset, withFields(['first_name', 'a'], ['first_name', 'a b']))).to.equal('open');
    expect(judge(charset, { ...POST, fields: undefined })).to.equal('open');
  });
});

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

describe('judge: what surrounds the body', () => {
  const merchant: Constraint = { kind: 'merchant', conforming: ['canonical', 'name-upper-case', 'name-mixed-case'], open: ['absent'] };
  const form = 'application/x-www-form-urlencoded';
  const charset: Constraint = { kind: 'media-type', conforming: [`${form}; charset=UTF-8`], open: [null], body: 'form' };

  it('a merchant header is good under any letter case of its name, left open without a plain value', () => {
    for (const name of ['x-merchantid', 'X-MERCHANTID', 'X-MerchantId']) expect(judge(merchant, withHeader(name, 'merchant_id'))).to.equal('conforming');
    expect(judge(merchant, POST)).to.equal('open');
    expect(judge(merchant, withHeader('x-merchantid', ''))).to.equal('open');
    expect(judge(merchant, withHeader('x-merchantid', 'a b'))).to.equal('open');
    expect(
      judge(merchant, {
        ...POST,
        headers: [
          ['x-merchantid', 'a'],
          ['X-Merchantid', 'b'],
        ],
      }),
    ).to.equal('open');
  });
  it('a media type is compared without regard to letter case and blanks; others are left open', () => {
    for (const value of [form, form.toUpperCase(), `${form};charset=utf-8`, `${form} ; Charset="UTF-8"`])
      expect(judge(charset, withHeader('content-type', value))).to.equal('conforming');
    for (const value of ['application/json', `${form}; charset=latin1`, `${form}x`]) expect(judge(charset, withHeader('Content-Type', value))).to.equal('open');
    expect(judge(charset, POST)).to.equal('open');
  });
  it('a body has a length or comes in chunks', () => {
    expect(judge({ kind: 'transfer' }, withHeader('Transfer-Encoding', 'chunked'))).to.equal('conforming');
    expect(judge({ kind: 'transfer' }, withHeader('Content-Length', '3'))).to.equal('conforming');
    expect(judge({ kind: 'transfer' }, POST)).to.equal('open');
  });
  it('the documented path is good, with a query too; others are left open', () => {
    const path: Constraint = { kind: 'path', open: ['/v2/customers'] };
    expect(judge(path, POST)).to.equal('conforming');
    expect(judge(path, { ...POST, path: '/customers?a=b' })).to.equal('conforming');
    expect(judge(path, { ...POST, path: '/v2/customers' })).to.equal('open');
  });
});

describe('judge: bodies', () => {
  const odd = (form: OddForm, body: string): Judgement => {
    const rawBody = Buffer.from(body, 'latin1');
    return judge({ kind: 'odd-form', form }, { ...POST, rawBody, fields: [...new URLSearchParams(rawBody.toString('latin1'))] });
  };

  const cases: readonly (readonly [form: OddForm, has: string, hasNot: string])[] = [
    ['repeated', 'first_name=a&first_name=a', 'first_name=a&last_name=a'],
    ['unknown-field', 'nickname=a', 'options.get_client_auth_token=true'],
    ['malformed-escape', 'first_name=%4', 'first_name=%41'],
    ['invalid-utf-8', 'first_name=%C3', 'first_name=%C3%A9'],
    ['invalid-utf-8', 'first_name=\xff', 'first_name=\xc3\xa9'],
    ['nul', 'first_name=%00', 'first_name=%2500'],
  ];
  for (const [form, has, hasNot] of cases) {
    it(`${form}: ${JSON.stringify(has)} is left open, ${JSON.stringify(hasNot)} is not`, () => {
      expect(odd(form, has)).to.equal('open');
      expect(odd(form, hasNot)).to.equal('conforming');
    });
  }

  it('no spelling of a body that can be read is wrong', () => {
    expect(judge({ kind: 'spelling', spelling: 'hex-case' }, POST)).to.equal('conforming');
    expect(judge({ kind: 'spelling', spelling: 'hex-case' }, { ...POST, fields: undefined })).to.equal('open');
  });
  it('robustness is for the server to keep', () => {
    expect(judge({ kind: 'robustness', family: 'bodies' }, { ...POST, fields: undefined })).to.equal('conforming');
  });
});
