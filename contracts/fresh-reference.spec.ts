import { expect } from 'chai';
import fc from 'fast-check';
import { freshReference, referenceParts, replaceReferences, writtenReferences } from './fresh-reference.js';

const TOKEN = 'rk3x9';
let seed = 0;
/** Every time other characters. */
const draw = (alphabet: string, length: number): string => {
  seed += 7;
  return Array.from({ length }, (_, index) => alphabet.charAt((seed * 31 + index * 17) % alphabet.length)).join('');
};
const fresh = (written: string): string => freshReference(referenceParts(written, TOKEN), 'rn0w1', draw);
const kindOf = (character: string): string => (/[a-z]/.test(character) ? 'a' : /\d/.test(character) ? '0' : /[A-Z]/.test(character) ? 'A' : character);

describe('fresh references', () => {
  const forms: readonly (readonly [what: string, written: string, form: RegExp])[] = [
    ['one of a run keeps the place of the token', 'a4bcdrk3x9f1yc7o9b6x', /^[a-z][a-z0-9]{4}rn0w1[a-z][a-z0-9]{9}$/],
    ['digits stay digits, without a zero in front', '9081726354', /^[1-9]\d{9}$/],
    ['zeros in front stay', '0009081726354', /^000[1-9]\d{9}$/],
    ['a prefix stays', 'cust_908172635445', /^cust_\d{12}$/],
    ['an address stays one', 'ab12cd34ef56@example.com', /^[a-z][a-z0-9]{11}@example\.com$/],
    ['also where its @ is escaped', 'ab12cd34ef56%40example.com', /^[a-z][a-z0-9]{11}%40example\.com$/],
    ['what is neither letter nor digit stays', 'ab%20cd%27ef', /^[a-z]{2}%20[a-z]{2}%27[a-z]{2}$/],
    ['characters of several bytes stay so', '%D0%B0%D0%B1', /^%D0%[89AB][0-9A-F]%D0%[89AB][0-9A-F]$/],
    ['of three bytes', '%E4%B8%80', /^%E4%B8%[89AB][0-9A-F]$/],
    ['in small hexadecimal digits too', '%d0%b0', /^%d0%[89ab][0-9a-f]$/],
    ['letters and digits that need no escape stay escaped', '%61%7A%39%41', /^%[67][0-9A-F]%7[0-9A]%3\d%4[1-9A-F]$/],
    ['a short one has nothing else that could stay', 'ab', /^[a-z]{2}$/],
  ];
  for (const [what, written, form] of forms) {
    it(`${what}: ${written}`, () => {
      const made = Array.from({ length: 20 }, () => fresh(written));
      for (const each of made) expect(each).to.match(form).and.to.have.length(written.length);
      expect(new Set(made).size, 'different ones').to.be.above(1);
    });
  }

  it('keeps length and, but for words of letters and digits, the kind of every character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abzAZ09 ._-%é'), maxLength: 24 }), (text) => {
        const written = new URLSearchParams([['', text]]).toString().slice(1);
        const made = fresh(written);
        expect(made).to.have.length(written.length);
        if (!/[a-z0-9]{4}/.test(written) && !written.includes('%')) expect([...made].map(kindOf)).to.deep.equal([...written].map(kindOf));
        expect(decodeURIComponent(made.replaceAll('+', ' ')).length).to.equal(text.length);
      }),
    );
  });

  it('finds the references of a form, and replaces them wherever they stand', () => {
    const body = 'first_name=a&object_reference_id=abc1&note=abc1&object_reference_id=abc12';
    expect(writtenReferences(body)).to.deep.equal(['abc1', 'abc12']);
    expect(writtenReferences('a=1&%6fbject_%72eference_id=x%20y')).to.deep.equal(['x%20y']);
    expect(writtenReferences('{"object_reference_id": "abc1"}')).to.deep.equal(['abc1']);
    expect(writtenReferences('object_reference_id=&first_name=object_reference_id')).to.deep.equal([]);
    const replaced = replaceReferences(
      body,
      new Map([
        ['abc1', 'X'],
        ['abc12', 'Y'],
      ]),
    );
    expect(replaced).to.equal('first_name=a&object_reference_id=X&note=X&object_reference_id=Y');
  });
});
