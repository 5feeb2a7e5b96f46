import { expect } from 'chai';
import fc from 'fast-check';
import { RULES } from './rules/index.js';
import { matchesRule } from './rule-glob.js';

describe('rule-glob', () => {
  const rows: readonly (readonly [glob: string, id: string, matches: boolean])[] = [
    ['*', 'first_name/charset', true],
    ['first_name/*', 'first_name/charset', true],
    ['first_name/*', 'last_name/charset', false],
    ['*/charset', 'first_name/charset', true],
    ['*_name/*', 'last_name/length', true],
    ['*name*', 'names/optional-together', true],
    ['first_name/charset', 'first_name/charset', true],
    ['first_name', 'first_name/charset', false],
    ['first_name/char', 'first_name/charset', false],
    ['charset', 'first_name/charset', false],
    ['FIRST_NAME/*', 'first_name/charset', false],
    ['', 'first_name/charset', false],
    // A dot stands for itself, and so does whatever else means something in a pattern.
    ['options.get_client_auth_token/*', 'options.get_client_auth_token/true', true],
    ['options.get_client_auth_token/*', 'optionsXget_client_auth_token/true', false],
    ['first_name/[a-z]+', 'first_name/charset', false],
    ['first_name/(charset|length)', 'first_name/charset', false],
    ['first_name/?harset', 'first_name/charset', false],
    ['^first_name/charset$', 'first_name/charset', false],
    ['a\\b', 'a\\b', true],
  ];
  for (const [glob, id, matches] of rows) {
    it(`${JSON.stringify(glob)} ${matches ? 'takes' : 'leaves'} ${id}`, () => {
      expect(matchesRule(glob, id)).to.equal(matches);
    });
  }

  it('every id takes itself and no other', () => {
    for (const { id } of RULES) expect(RULES.filter((rule) => matchesRule(id, rule.id)).map((rule) => rule.id)).to.deep.equal([id]);
  });

  it('any text is a glob, and one without a * takes what is equal to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (glob, id) => {
        if (!glob.includes('*') && !/[\n\r\u2028\u2029]/.test(id)) expect(matchesRule(glob, id)).to.equal(glob === id);
        expect(matchesRule(`*${glob.replaceAll('*', '')}*`, `a${glob.replaceAll('*', '')}b`)).to.equal(true);
      }),
    );
  });
});
