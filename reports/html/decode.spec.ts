import { expect } from 'chai';
import type { Body } from '../../contracts/finding.js';
import { formFields, jsonMembers } from './decode.js';

const utf8 = (text: string): Body => ({ encoding: 'utf-8', text });
const FORM: [string, string][] = [['content-type', 'application/x-www-form-urlencoded; charset=UTF-8']];

describe('a decoded body', () => {
  it('of a form is its fields in their order, repeated ones too', () => {
    expect(formFields({ headers: FORM, body: utf8('a=1+2&b=%C3%A9&a=%') })).to.deep.equal([
      ['a', '1 2'],
      ['b', 'é'],
      ['a', '%'],
    ]);
  });

  it('of a form in base64 is decoded from its bytes', () => {
    expect(formFields({ headers: FORM, body: { encoding: 'base64', text: Buffer.from('a=\u0000').toString('base64') } })).to.deep.equal([['a', '\u0000']]);
  });

  it('is none where it is no form, empty, or too long to be read', () => {
    expect(formFields({ headers: [['content-type', 'application/json']], body: utf8('a=1') })).to.equal(undefined);
    expect(formFields({ headers: FORM, body: utf8('') })).to.equal(undefined);
    expect(formFields({ headers: FORM, body: utf8(`a=${'x'.repeat(1_000_000)}`) })).to.equal(undefined);
  });

  it('of JSON is its innermost members with where they are', () => {
    expect(jsonMembers(utf8('{"a":"1","b":{"c":[null,2,{"d":true}]},"e":{},"f":[]}'))).to.deep.equal([
      { path: 'a', type: 'string', value: '1' },
      { path: 'b.c[0]', type: 'null', value: 'null' },
      { path: 'b.c[1]', type: 'number', value: '2' },
      { path: 'b.c[2].d', type: 'boolean', value: 'true' },
      { path: 'e', type: 'empty object', value: '{}' },
      { path: 'f', type: 'empty array', value: '[]' },
    ]);
    expect(jsonMembers(utf8('"word"'))).to.deep.equal([{ path: '', type: 'string', value: 'word' }]);
    expect(jsonMembers(utf8('{"a":'))).to.equal(undefined);
  });

  it('of JSON may be nested thousands deep', () => {
    expect(jsonMembers(utf8(`${'['.repeat(5000)}1${']'.repeat(5000)}`))).to.have.length(1);
  });
});
