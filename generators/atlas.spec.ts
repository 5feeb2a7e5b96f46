import { expect } from 'chai';
import fc from 'fast-check';
import { FIELDS, type FieldName } from '../contracts/model.js';
import { addressWithLocalPart, positionsOf, roomInside, SAMPLES, UNIQUE_PART, valueOfCharacter, valueOfLength, valueWith, type Placement } from './atlas.js';

const unique = (length: number): string => 'u1v2w3x4y5z6a7b8c9d0'.slice(0, length);
const at = (position: Placement['position'], ...text: readonly string[]): Placement[] =>
  [...text].map((character) => ({ codePoint: character.codePointAt(0) ?? 0, position }));

describe('atlas: characters that are looked at', () => {
  it('all of ASCII first, then others in their order, each once, with their block', () => {
    expect(SAMPLES.slice(0, 0x80).map(({ codePoint }) => codePoint)).to.deep.equal(Array.from({ length: 0x80 }, (_, code) => code));
    expect(SAMPLES.slice(0, 0x80).every(({ block }) => block === undefined)).to.equal(true);
    const beyond = SAMPLES.slice(0x80);
    const points = beyond.map(({ codePoint }) => codePoint);
    expect(points).to.deep.equal([...new Set(points)].sort((a, b) => a - b));
    expect(beyond.every(({ block }) => block !== undefined && block !== 'ASCII')).to.equal(true);
    expect(
      points.filter((point) => point >= 0xd800 && point <= 0xdfff),
      'surrogates',
    ).to.deep.equal([]);
  });

  it('the block of a character is the last that begins before it', () => {
    const blockOf = (codePoint: number): string | undefined => SAMPLES.find((sample) => sample.codePoint === codePoint)?.block;
    expect([0xe9, 0x130, 0x301, 0x663, 0x3000, 0x1f600].map(blockOf)).to.deep.equal([
      'Latin 1 Supplement',
      'Latin Extended A',
      'Combining Diacritical Marks',
      'Arabic',
      'CJK Symbols And Punctuation',
      'Emoticons',
    ]);
  });
});

describe('atlas: values with characters in known places', () => {
  const cases: readonly (readonly [FieldName, readonly Placement[], string])[] = [
    ['object_reference_id', [], 'u1v2w3x4y5z6a7b8'],
    ['object_reference_id', [...at('start', '!'), ...at('inside', '#', '$'), ...at('end', '%')], '!u1v2w3x4#o$y5z6a7b8%'],
    ['first_name', at('inside', '!'), 'Ma!ria'],
    ['last_name', [...at('start', '!'), ...at('end', '?')], '!Maria?'],
    ['options.get_client_auth_token', at('inside', ' '), 'tr ue'],
    ['mobile_number', [], '987654321'],
    ['mobile_number', [...at('inside', 'a', 'b', 'c'), ...at('start', '+'), ...at('end', 'z')], '+8b6a4c2z'],
    ['mobile_country_code', [], '55'],
    ['mobile_country_code', at('start', '+'), '+5'],
    ['mobile_country_code', at('end', 'x'), '5x'],
    ['mobile_country_code', at('inside', 'x'), '5x5'],
    ['email_address', [], 'user@example.com'],
    ['email_address', at('before @', '.'), 'user.@example.com'],
    [
      'email_address',
      [...at('start', '_'), ...at('inside', '!', '#'), ...at('after @', '-'), ...at('inside domain', '1', '2'), ...at('end', '.')],
      '_us!o#er@-exa1o2mple.com.',
    ],
  ];
  for (const [field, placements, value] of cases) {
    it(`${field}: ${JSON.stringify(value)}`, () => expect(valueWith(field, placements, unique)).to.equal(value));
  }

  it('as many as there is room for stand in one value, each in its place', () => {
    const room = (position: Placement['position']): number[] => FIELDS.map((field) => roomInside(field, position));
    expect(room('inside')).to.deep.equal([8, 3, 10, 10, 10, 1, 1]);
    expect(room('inside domain')).to.deep.equal([8, 3, 10, 10, 10, 1, 1]);
    for (const position of ['start', 'end', 'before @', 'after @'] as const) expect(room(position), position).to.deep.equal([1, 1, 1, 1, 1, 1, 1]);
    expect(positionsOf('email_address')).to.deep.equal(['start', 'inside', 'before @', 'after @', 'inside domain', 'end']);
    expect(positionsOf('first_name')).to.deep.equal(['start', 'inside', 'end']);
  });
});

describe('atlas: values of a length', () => {
  for (const field of FIELDS) {
    it(`${field}: exactly so many characters`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 400 }), (length) => {
          const value = valueOfLength(field, length, (n) => 'u'.repeat(n));
          expect(value, `a value of ${length}`).to.have.lengthOf(length);
          if (field.startsWith('mobile_') && length > 0) expect(value).to.match(/^\d+$/);
        }),
      );
    });
  }

  it('no more of a reference is unique than makes it so', () => {
    const lengths: number[] = [];
    const value = valueOfLength('object_reference_id', 100, (length) => (lengths.push(length), 'u'.repeat(length)));
    expect([lengths, value.slice(0, 23)]).to.deep.equal([[20], 'uuuuuuuuuuuuuuuuuuuuabc']);
    expect(valueOfLength('object_reference_id', 20, unique)).to.equal(unique(20));
    expect(['mobile_number', 'mobile_country_code', 'first_name'].map((field) => valueOfLength(field as FieldName, 10, unique))).to.deep.equal([
      '9876543219',
      '5555555555',
      'abcdefghij',
    ]);
  });

  it('an address has a short local part, and labels of at most 50 characters that are never empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000 }), (length) => {
        const [local, domain = ''] = valueOfLength('email_address', length, unique).split('@');
        expect(local).to.equal('user');
        expect(domain).to.match(/(?:^|\.)a?example\.com$/);
        for (const label of domain.split('.')) expect(label.length, domain).to.be.within(1, 51);
      }),
    );
    expect([3, 5, 8, 14, 16].map((length) => valueOfLength('email_address', length, unique))).to.deep.equal([
      'u@a',
      'u@abc',
      'u@exa.co',
      'us@example.com',
      'user@example.com',
    ]);
    expect(addressWithLocalPart(28)).to.equal('abcdefghijklmnopqrstuvwxyzab@example.com');
  });

  it('of one character as much as there is room for', () => {
    expect(valueOfCharacter('first_name', 0xe9, 7, unique)).to.equal('Ma\u00e9\u00e9\u00e9ia');
    expect([...valueOfCharacter('last_name', 0x1f600, 10, unique)]).to.have.lengthOf(10);
    expect(valueOfCharacter('object_reference_id', 0x1f600, 20, unique)).to.equal(`${unique(UNIQUE_PART)}\u{1f600}\u{1f600}\u{1f600}a`);
    expect(valueOfCharacter('first_name', 0xe9, 2, unique), 'no room').to.equal('Maia');
  });
});
