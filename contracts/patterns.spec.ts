import { expect } from 'chai';
import fc from 'fast-check';
import { judgeField } from './judge.js';
import { FIELDS, type InputRule } from './model.js';
import { anythingBut, CREDENTIAL_PATTERN, fieldPattern, inAnyCase, literally, mediaTypePattern, memberPattern, mustsOn } from './patterns.js';
import { RULES } from './rules/index.js';

const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');

describe('patterns made from rules', () => {
  for (const field of FIELDS)
    it(`every text of the pattern of ${field} keeps the rules of the field`, () => {
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(fieldPattern(field))), (value) => {
          expect(judgeField(field, value, inputRules), `${JSON.stringify(value)} of ${fieldPattern(field)}`).not.to.equal('violating');
        }),
        { numRuns: 300 },
      );
    });

  it('the published samples match', () => {
    const samples = {
      object_reference_id: ['cust_123489', 'customer@gmail.com', '99887766', '12345678'],
      mobile_number: ['987654321', '99887766', '9988776655'],
      email_address: ['customer@gmail.com', "a!#$%&'*+-/=?^_.{|}~`b@example.com"],
      first_name: ['John', '().-_'],
      mobile_country_code: ['55', '65', '91'],
    } as const;
    for (const [field, values] of Object.entries(samples))
      for (const value of values) expect(value).to.match(new RegExp(fieldPattern(field as keyof typeof samples)));
  });

  it('values that break a rule are refused by the pattern', () => {
    const bad = {
      object_reference_id: ['1234567', ''],
      mobile_number: ['', '99887a6655', '+987654321', '987654321\n'],
      email_address: ['', 'a b@example.com', '_a@example.com', 'a.@example.com', 'a@example.com\n', 'example.com'],
      last_name: ['a b', 'a%', 'a\n'],
      mobile_country_code: ['+55', 'BR'],
    } as const;
    for (const [field, values] of Object.entries(bad))
      for (const value of values) expect(new RegExp(fieldPattern(field as keyof typeof bad)).test(value), `${field} ${JSON.stringify(value)}`).to.equal(false);
  });

  it('a credential is told by the colon at the end of what it encodes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-9;-~]{1,40}$/), (key) => {
        const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
        expect(encode(`${key}:`)).to.match(new RegExp(CREDENTIAL_PATTERN));
        expect(encode(key)).not.to.match(new RegExp(CREDENTIAL_PATTERN));
        expect(encode(`${key}:password`)).not.to.match(new RegExp(CREDENTIAL_PATTERN));
      }),
    );
  });

  it('anything but a text is every other text', () => {
    const pattern = new RegExp(anythingBut('juspay'));
    expect(pattern.test('juspay')).to.equal(false);
    for (const other of ['', 'juspa', 'juspays', 'Juspay', 'juspaY', 'object', 'xuspay']) expect(pattern.test(other), other).to.equal(true);
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{0,9}$/), (text) => pattern.test(text) === (text !== 'juspay')));
  });

  it('a text stands for itself, and in any letter case', () => {
    fc.assert(fc.property(fc.string(), (text) => new RegExp(`^${literally(text)}$`).test(text)));
    expect('aPPlication/JSON').to.match(new RegExp(`^${inAnyCase('application/json')}$`));
  });

  it('a media type may have parameters and capitals, and no other name', () => {
    const pattern = new RegExp(mediaTypePattern('application/json'));
    for (const good of ['application/json', 'Application/JSON; charset="utf-8"', 'application/json;charset=utf-8']) expect(good).to.match(pattern);
    for (const bad of ['text/html', 'application/jsonp', 'application/problem+json']) expect(bad).not.to.match(pattern);
  });

  it('a pattern of a member says what the rule says: its good example matches, and a bad date does not', () => {
    for (const { check } of mustsOn('created', 'created-with-token')) {
      if (check.kind !== 'date-time') continue;
      const pattern = new RegExp(memberPattern(check)?.pattern ?? '');
      for (const good of ['2020-03-17T14:13:37Z', '2016-08-02T08:07:52+0000', '2020-03-17T14:13:37.123456+00:00']) expect(good).to.match(pattern);
      for (const bad of ['2020-03-17T14:13:37', '900', '17.03.2020']) expect(bad).not.to.match(pattern);
    }
  });

  it('no pattern needs what verifiers in other languages do not know', () => {
    const all = [...FIELDS.map(fieldPattern), CREDENTIAL_PATTERN, anythingBut('juspay'), mediaTypePattern('application/json')];
    for (const pattern of all) expect(pattern).not.to.match(/\(\?[=!<]|\\d|\\k|\(\?i/);
  });
});
