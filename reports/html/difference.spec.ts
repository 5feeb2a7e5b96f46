import { expect } from 'chai';
import fc from 'fast-check';
import type { SentRequest } from '../../contracts/finding.js';
import { isSame, partsOf, within } from './difference.js';

const request = (text: string, headers: SentRequest['headers'] = [['Content-Type', 'application/x-www-form-urlencoded']]): SentRequest => ({
  method: 'POST',
  path: '/customers',
  headers,
  body: { encoding: 'utf-8', text },
});
const differing = (control: SentRequest, sent: SentRequest): unknown[] =>
  partsOf(control, sent)
    .filter((part) => !isSame(part))
    .map(({ name, of, control: left, sent: right }) => [of, name, left, right]);

describe('the difference of two requests', () => {
  it('is told field by field, decoded', () => {
    expect(differing(request('first_name=acb&mobile_number=987'), request('first_name=a+b&mobile_number=987'))).to.deep.equal([
      ['field', 'first_name', 'acb', 'a b'],
    ]);
  });

  it('names a field that only one of them has', () => {
    expect(differing(request('a=1&b=2'), request('a=1'))).to.deep.equal([['field', 'b', '2', null]]);
    expect(differing(request('a=1'), request('a=1&a=2'))).to.deep.equal([['field', 'a', null, '2']]);
  });

  it('is told of headers whatever their case, and not of a Content-Length that follows from the body', () => {
    const left = request('a=1', [
      ['Authorization', 'Basic a'],
      ['Content-Length', '3'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
    const right = request('a=12', [
      ['content-type', 'application/x-www-form-urlencoded'],
      ['authorization', 'Basic b'],
      ['Content-Length', '4'],
    ]);
    expect(differing(left, right)).to.deep.equal([
      ['header', 'authorization', 'Basic a', 'Basic b'],
      ['field', 'a', '1', '12'],
    ]);
  });

  it('is told of the bodies where two forms differ in their spelling only, or one is no form', () => {
    expect(differing(request('a=%41'), request('a=A'))).to.deep.equal([['body', 'body', 'a=%41', 'a=A']]);
    expect(differing(request('a=1'), request('{}', [['Content-Type', 'application/json']]))).to.deep.equal([
      ['header', 'Content-Type', 'application/x-www-form-urlencoded', 'application/json'],
      ['body', 'body', 'a=1', '{}'],
    ]);
  });

  it('within two values leaves out what they begin and end with, and cuts no character in half', () => {
    expect(within('acb', 'a b')).to.deep.equal({ before: 'a', control: 'c', sent: ' ', after: 'b' });
    expect(within('aaa', 'aa')).to.deep.equal({ before: 'aa', control: 'a', sent: '', after: '' });
    expect(within('😀', '😁')).to.deep.equal({ before: '', control: '😀', sent: '😁', after: '' });
  });

  it('within two values makes up both of them again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\u0000') }), fc.string({ unit: fc.constantFrom('a', 'b', '😀') }), (control, sent) => {
        const parts = within(control, sent);
        expect(parts.before + parts.control + parts.after).to.equal(control);
        expect(parts.before + parts.sent + parts.after).to.equal(sent);
        if (control === sent) expect(parts.control + parts.sent).to.equal('');
      }),
    );
  });
});
