import { expect } from 'chai';
import { judge, judgeField, judgeValue, type JudgedRequest } from './judge.js';
import type { Constraint, FieldName, InputRule, Judgement, LengthConstraint, MerchantForm, OddForm, ReferenceForm, ValueConstraint } from './model.js';
import { RULES } from './rules/index.js';

const POST: JudgedRequest = { method: 'POST', path: '/customers', headers: [], fields: [] };
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

  it('a length that one reading keeps and another does not is left open, at either limit', () => {
    const constraint: LengthConstraint = { kind: 'length', field: 'first_name', min: 4, max: 5, below: 'violating', above: 'violating', alphabet: 'letters' };
    // Code points and UTF-16 units, then code points and graphemes.
    for (const value of ['😀😀', '😀😀😀', 'abce\u0301x', 'abe\u0301']) expect(judgeValue(constraint, value), value).to.equal('open');
    for (const value of ['', 'abc', '😀', 'abcdef', '😀😀😀😀😀😀']) expect(judgeValue(constraint, value), value).to.equal('violating');
    for (const value of ['abcd', 'abcde', 'éééé']) expect(judgeValue(constraint, value), value).to.equal('conforming');
  });

  const addresses: readonly (readonly [rule: string, value: string, expected: Judgement])[] = [
    ['email_address/charset', '@example.com', 'open'],
    ['email_address/charset', 'user', 'open'],
    ['email_address/charset', 'a@b@example.com', 'open'],
    ['email_address/charset', 'a@1example.com', 'open'],
    ['email_address/charset', 'a@example.com-', 'open'],
    ['email_address/charset', 'a@a--b.com', 'open'],
    ['email_address/charset', 'a@mail-1.a.example-2.com', 'conforming'],
    ['email_address/charset', 'a@b.c', 'conforming'],
    ['email_address/local-edges', '_a', 'open'],
    ['email_address/local-edges', '_a@b@example.com', 'open'],
    ['email_address/local-edges', '@_', 'open'],
    ['email_address/local-edges', 'a_b@_', 'conforming'],
    ['email_address/local-edges', 'a.@_', 'violating'],
    ['email_address/separator', 'a@b', 'conforming'],
    ['email_address/separator', '', 'open'],
    ['email_address/separator', '@@', 'open'],
    ['object_reference_id/forms', 'a@b.com', 'open'],
    ['object_reference_id/forms', 'ab@c.com', 'conforming'],
    ['object_reference_id/forms', 'a.b-c_d@mail-1.example.com', 'conforming'],
    ['object_reference_id/forms', 'a.@example.com', 'open'],
    ['object_reference_id/forms', 'a b@example.com', 'open'],
    ['object_reference_id/forms', 'user@example.com ', 'open'],
    ['object_reference_id/forms', 'cust-12348', 'open'],
    ['object_reference_id/forms', '-cust_12348', 'open'],
    ['object_reference_id/forms', 'A_1bcdef', 'conforming'],
  ];
  for (const [id, value, expected] of addresses) {
    it(`${id}: ${JSON.stringify(value)} is ${expected} to this rule by itself`, () => {
      const constraint = inputRules.find((rule) => rule.id === id)?.constraint;
      if (!constraint) throw new Error(`no rule ${id}`);
      expect(judge(constraint, withFields(['email_address', value], ['object_reference_id', value]))).to.equal(expected);
    });
  }

  it('each form of a reference is good by itself', () => {
    const one = (form: ReferenceForm): ValueConstraint => ({ kind: 'forms', field: 'object_reference_id', forms: [form] });
    for (const form of ['mobile', 'database-id'] as const) {
      expect(judgeValue(one(form), '12345678'), form).to.equal('conforming');
      for (const value of ['1234567', 'a12345678', '12345678a', '1234a5678']) expect(judgeValue(one(form), value), `${form} ${value}`).to.equal('open');
    }
  });

  it('without a rule a value is certain only where no fact about its field leaves it open', () => {
    const certain: readonly (readonly [FieldName, string])[] = [
      ['email_address', `a@${'b'.repeat(122)}.com`],
      ['email_address', `${'a'.repeat(64)}@b.com`],
      ['mobile_number', '1'],
      ['last_name', ' '],
      ['object_reference_id', ' '],
    ];
    for (const [field, value] of certain) expect(judgeField(field, value, []), value).to.equal('conforming');
    const open: readonly (readonly [FieldName, string])[] = [
      ['email_address', 'user'],
      ['email_address', 'a@b@example.com'],
      ['email_address', 'a..b@example.com'],
      ['mobile_number', '01'],
      ['first_name', ''],
      ['last_name', ''],
      ['mobile_country_code', ''],
    ];
    for (const [field, value] of open) expect(judgeField(field, value, []), `${field} ${value}`).to.equal('open');
  });

  it('what is on no list of good values is open, what is on one of several is good, presence of several says nothing', () => {
    const rule = (constraint: Constraint): InputRule => ({ ...(inputRules[0] as InputRule), constraint });
    const field = 'first_name';
    const lists = [rule({ kind: 'examples', field, values: ['a'] }), rule({ kind: 'examples', field, values: ['b'] })];
    expect(['a', 'b', 'c'].map((value) => judgeField(field, value, lists))).to.deep.equal(['conforming', 'conforming', 'open']);
    const several = rule({ kind: 'presence', fields: ['first_name', 'last_name'], presence: 'required' });
    expect(judgeField(field, 'a', [several])).to.equal('conforming');
    const forms = rule({ kind: 'forms', field: 'object_reference_id', forms: ['mobile'] });
    const examples = rule({ kind: 'examples', field: 'object_reference_id', values: ['cust_123489'] });
    expect(['12345678', 'cust_123489', 'cust_123480'].map((value) => judgeField('object_reference_id', value, [forms, examples]))).to.deep.equal([
      'conforming',
      'conforming',
      'open',
    ]);
  });

  it('a value of an open case is open', () => {
    const constraint: ValueConstraint = { kind: 'open-values', field: 'first_name', cases: { empty: '', absent: null } };
    expect(judgeValue(constraint, '')).to.equal('open');
    expect(judge(constraint, withFields())).to.equal('open');
    expect(judge({ ...constraint, cases: { empty: '' } }, withFields())).to.equal('conforming');
    expect(judge({ ...constraint, cases: { empty: '' } }, withFields(['first_name', 'a']))).to.equal('open');
    expect(judge({ ...constraint, cases: { empty: '' } }, { ...POST, fields: undefined })).to.equal('open');
  });
});

describe('judge: presence', () => {
  const required: Constraint = { kind: 'presence', fields: ['object_reference_id'], presence: 'required' };
  const optional: Constraint = { kind: 'presence', fields: ['first_name', 'last_name'], presence: 'optional' };

  it('a required field that is absent or empty breaks the rule, once and with a value it keeps it', () => {
    expect(judge(required, withFields())).to.equal('violating');
    expect(judge(required, withFields(['object_reference_id', '']))).to.equal('violating');
    expect(judge(required, withFields(['first_name', 'x']))).to.equal('violating');
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

const MERCHANT_FORMS: readonly MerchantForm[] = ['absent', 'empty', 'name-upper-case', 'name-mixed-case', 'odd-characters'];

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
  it('a merchant header departs in the letter case of its name and in its value, each by itself', () => {
    const formsOf = (...headers: readonly (readonly [string, string])[]): MerchantForm[] =>
      MERCHANT_FORMS.filter((form) => judge({ kind: 'merchant', conforming: [form], open: [] }, { ...POST, headers }) === 'conforming');
    expect(formsOf(['x-merchantid', 'a']), 'nothing departs, so every list has it').to.deep.equal(MERCHANT_FORMS);
    expect(formsOf(['accept', 'a'], ['x-merchantid', 'a.b_c-1']), 'another header beside it').to.deep.equal(MERCHANT_FORMS);
    expect(formsOf(['x-merchantid', ' a '])).to.deep.equal(MERCHANT_FORMS);
    expect(formsOf(['accept', 'a'])).to.deep.equal(['absent']);
    expect(formsOf(['X-MERCHANTID', 'a'])).to.deep.equal(['name-upper-case']);
    expect(formsOf(['X-MerchantId', 'a'])).to.deep.equal(['name-mixed-case']);
    expect(formsOf(['x-merchantid', ' '])).to.deep.equal(['empty']);
    expect(formsOf(['x-merchantid', 'a b'])).to.deep.equal(['odd-characters']);
    expect(formsOf(['X-MERCHANTID', '']), 'no list of one form has two departures').to.deep.equal([]);
    expect(judge({ kind: 'merchant', conforming: ['name-upper-case', 'empty'], open: [] }, withHeader('X-MERCHANTID', ''))).to.equal('conforming');
  });
  it('a media type is compared without regard to letter case and blanks; others are left open', () => {
    for (const value of [form, form.toUpperCase(), `${form};charset=utf-8`, `${form} ; Charset="UTF-8"`])
      expect(judge(charset, withHeader('content-type', value))).to.equal('conforming');
    for (const value of ['application/json', `${form}; charset=latin1`, `${form}x`]) expect(judge(charset, withHeader('Content-Type', value))).to.equal('open');
    expect(judge(charset, POST)).to.equal('open');
    const twice = { ...POST, headers: [['content-type', form] as const, ['Content-Type', form] as const] };
    expect(judge(charset, twice), 'two headers').to.equal('open');
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
    for (const other of ['/v2/customers', '/customers/', '/customersx', '/']) expect(judge(path, { ...POST, path: other }), other).to.equal('open');
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

  const NONE: JudgedRequest = { method: 'POST', path: '/customers', headers: [], fields: undefined };
  it('a request without a body has no odd form', () => {
    for (const form of ['repeated', 'unknown-field', 'malformed-escape', 'invalid-utf-8', 'nul'] as const)
      expect(judge({ kind: 'odd-form', form }, NONE), form).to.equal('conforming');
  });
  it('one odd field among ordinary ones is enough, and NUL shows in the bytes as well as in the fields', () => {
    const fields = [['first_name', 'a'] as const, ['nick\0name', 'a'] as const];
    expect(judge({ kind: 'odd-form', form: 'unknown-field' }, { ...NONE, fields })).to.equal('open');
    expect(judge({ kind: 'odd-form', form: 'nul' }, { ...NONE, fields })).to.equal('open');
    expect(judge({ kind: 'odd-form', form: 'nul' }, { ...NONE, fields: [['first_name', 'a']] })).to.equal('conforming');
    expect(judge({ kind: 'odd-form', form: 'nul' }, { ...NONE, rawBody: Buffer.from('a=%00') })).to.equal('open');
    expect(judge({ kind: 'odd-form', form: 'nul' }, { ...NONE, rawBody: Buffer.from('a=0') })).to.equal('conforming');
  });

  it('no spelling of a body that can be read is wrong', () => {
    expect(judge({ kind: 'spelling', spelling: 'hex-case' }, POST)).to.equal('conforming');
    expect(judge({ kind: 'spelling', spelling: 'hex-case' }, { ...POST, fields: undefined })).to.equal('open');
  });
  it('robustness is for the server to keep', () => {
    expect(judge({ kind: 'robustness', family: 'bodies' }, { ...POST, fields: undefined })).to.equal('conforming');
  });
});
