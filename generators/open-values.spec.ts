import { expect } from 'chai';
import fc from 'fast-check';
import { isNumeric, ordinary } from './fields.js';
import { openValues, fillTemplate } from './open-values.js';
import { referenceId } from './request.js';
import type { Fresh } from './input.js';

const asked: { readonly length: number; readonly alphabet: string }[] = [];
const fresh: Fresh = (length, alphabet) => {
  asked.push({ length, alphabet });
  return referenceId({ token: 'k7m2qz', scope: 7, n: asked.length, length, alphabet });
};

/** Characters that a reference with the template is given, and the value. */
function filled(template: string): { readonly value: string; readonly unique: readonly number[] } {
  asked.length = 0;
  const value = fillTemplate('object_reference_id', template, fresh);
  return { value, unique: asked.map(({ length }) => length) };
}

describe('open values: templates', () => {
  it('a field is filled with ordinary characters of its own, as many as the template says', () => {
    expect(fillTemplate('mobile_number', '+{fill}', fresh)).to.equal('+98765432');
    expect(fillTemplate('mobile_number', '{fill:7}', fresh)).to.equal('9876543');
    expect(fillTemplate('mobile_country_code', '{fill:3}x', fresh)).to.equal('987x');
    expect(fillTemplate('first_name', '{fill}\u00e9', fresh)).to.equal('Maria\u00e9');
    expect(fillTemplate('last_name', '{fill:4} {fill:2}', fresh)).to.equal('abcd ab');
    expect(fillTemplate('email_address', '{fill}@@{fill}', fresh)).to.equal('user@@user');
    expect(fillTemplate('options.get_client_auth_token', 'TRUE', fresh)).to.equal('TRUE');
  });

  it('ordinary characters are digits in numbers and letters elsewhere, exactly so many', () => {
    expect(['mobile_number', 'mobile_country_code', 'first_name', 'email_address'].map((field) => isNumeric(field as 'mobile_number'))).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    fc.assert(fc.property(fc.nat(200), (length) => ordinary('digits', length).length === length && ordinary('letters', length).length === length));
    expect([ordinary('digits', 11), ordinary('letters', 3), ordinary('word', 3)]).to.deep.equal(['98765432198', 'abc', 'abc']);
  });

  it('a reference without a place to fill stays as it is, and takes nothing that is unique', () => {
    for (const template of ['', 'NUL\0', '{fil}']) expect(filled(template)).to.deep.equal({ value: template, unique: [] });
  });

  it('a reference is unique as a whole: its places take consecutive parts of one unique text', () => {
    asked.length = 0;
    const parts = /^(.*)-(.*)\|(.*)$/.exec(
      fillTemplate('object_reference_id', '{fill}-{fill:3}|{fill}', (length) => '0123456789abcdefghijklmn'.slice(0, length)),
    );
    expect(parts?.slice(1).join('')).to.equal('0123456789abcdef'.slice(0, parts?.slice(1).join('').length));
    expect(parts?.[2]).to.have.lengthOf(3);
    expect(asked.every(({ alphabet }) => alphabet === 'word')).to.equal(true);
  });

  const counts: readonly (readonly [template: string, unique: number, length: number])[] = [
    ['{fill}', 12, 12],
    ['{fill} ', 11, 12],
    ['\u{1f600}{fill}', 11, 12],
    ['{fill} {fill}', 12, 13],
    ['{fill}abcdefghijkl', 6, 18],
    ['{fill:5}', 5, 5],
    ['{fill:129}', 129, 129],
    ['{fill:5}{fill}', 12, 12],
    ['{fill:20}{fill}', 26, 26],
  ];
  for (const [template, unique, length] of counts) {
    it(`${JSON.stringify(template)} gets ${unique} unique characters and has ${length}`, () => {
      const made = filled(template);
      expect(made.unique).to.deep.equal([unique]);
      expect([...made.value]).to.have.lengthOf(length);
    });
  }

  it('each case is an input of its own, and null leaves the field out', () => {
    const cases = openValues({ kind: 'open-values', field: 'first_name', cases: { empty: '', absent: null, accent: '{fill}\u00e9' } });
    expect(cases.map(({ name, input }) => [name, input(fresh)])).to.deep.equal([
      ['empty', { part: 'field', field: 'first_name', value: '' }],
      ['absent', { part: 'field', field: 'first_name', value: null }],
      ['accent', { part: 'field', field: 'first_name', value: 'Maria\u00e9' }],
    ]);
  });
});
