import { expect } from 'chai';
import fc from 'fast-check';
import type { Got } from '../../contracts/atlas.js';
import type { FieldName } from '../../contracts/model.js';
import { positionsOf, SAMPLES, valueWith, type Placement } from '../../generators/atlas.js';
import { characterSearch, packed } from './characters.js';
import { searched } from './fake.spec-help.js';

const ASCII = SAMPLES.filter(({ codePoint }) => codePoint < 0x80);
const placementsOf = (field: FieldName, samples: readonly { readonly codePoint: number }[]): Placement[] =>
  samples.flatMap(({ codePoint }) => positionsOf(field).map((position) => ({ codePoint, position })));
const unique = (): string => 'abcdefghijklmnop';
const NAME = /^[A-Za-z0-9().\-_]*$/;

describe('the characters of a field', () => {
  it('are found as they are, whichever of them a target takes and where', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(0x7f), { maxLength: 40 }), fc.subarray(['start', 'inside', 'end'] as const), (refused, positions) => {
        const isRefused = (placement: Placement): boolean =>
          refused.includes(placement.codePoint) && (positions as readonly string[]).includes(placement.position);
        // The target knows what was put where by the value: the fill has only letters that are never refused here.
        const placements = placementsOf('first_name', ASCII).filter(({ codePoint }) => !'Mariao'.includes(String.fromCodePoint(codePoint)));
        const bad = new Set(placements.filter(isRefused).map((each) => valueWith('first_name', [each], unique)));
        const take = (value: string | null): Got => {
          const text = value ?? '';
          if (bad.has(text)) return 'refused';
          const [first = '', last = ''] = [text.charAt(0), text.slice(-1)];
          const inside = [...text.slice(1, -1)];
          const has = (character: string, position: Placement['position']): boolean => isRefused({ codePoint: character.codePointAt(0) ?? 0, position });
          if (first !== 'M' && has(first, 'start')) return 'refused';
          if (last !== 'a' && has(last, 'end')) return 'refused';
          return inside.some((character) => has(character, 'inside') && !'Mariao'.includes(character)) ? 'refused' : 'accepted';
        };
        const { result } = searched(characterSearch('first_name', placements), take);
        expect(result.map(({ codePoint, position }) => ({ codePoint, position }))).to.deep.equal(placements);
        for (const cell of result) expect(cell.got, `${cell.codePoint} ${cell.position}`).to.equal(isRefused(cell) ? 'refused' : 'accepted');
      }),
      { numRuns: 40 },
    );
  });

  it('that are accepted share requests, and those that are refused take one each', () => {
    const placements = placementsOf('last_name', ASCII);
    const { result, sent } = searched(characterSearch('last_name', placements), (value) => (NAME.test(value ?? '') ? 'accepted' : 'refused'));
    const accepted = result.filter(({ got }) => got === 'accepted').length;
    expect(accepted).to.equal(67 * 3);
    expect(sent.length - (placements.length - accepted), 'requests for what is accepted').to.equal(67);
  });

  it('are confirmed where they depart from the document, and vary where that does not repeat', () => {
    const seen = new Map<string, number>();
    const { result, sent } = searched(characterSearch('last_name', placementsOf('last_name', [{ codePoint: 0x27 }, { codePoint: 0x22 }])), (value) => {
      const times = seen.get(value ?? '') ?? 0;
      seen.set(value ?? '', times + 1);
      // The apostrophe is always accepted, the quotation mark by turns.
      return value?.includes("'") === true || times === 0 ? 'accepted' : 'refused';
    });
    expect(result.map(({ got }) => got)).to.deep.equal(['accepted', 'accepted', 'accepted', 'varies', 'varies', 'varies']);
    expect(sent.length).to.equal(12);
  });

  it('are given back changed one by one, with what they became', () => {
    const { result } = searched(
      characterSearch('object_reference_id', placementsOf('object_reference_id', [{ codePoint: 0x20 }, { codePoint: 0x41 }])),
      (value) => (value !== value?.trim() ? { got: 'changed', member: value?.trim() } : 'accepted'),
    );
    expect(result.map(({ got }) => got)).to.deep.equal(['changed', 'accepted', 'changed', 'accepted', 'accepted', 'accepted']);
    expect(result[0]?.echo).to.match(/^u/);
  });

  it('are not looked at where nothing is sent any more: nothing is made up', () => {
    const { result } = searched(characterSearch('first_name', placementsOf('first_name', ASCII)), (_, __, n) => (n < 10 ? 'accepted' : 'not looked at'));
    const counts = new Map<string, number>();
    for (const { got } of result) counts.set(got, (counts.get(got) ?? 0) + 1);
    expect([...counts.keys()].sort()).to.deep.equal(['accepted', 'not looked at']);
    expect(counts.get('accepted')).to.be.at.most(10 * 12);
  });

  it('of a 5xx are marked as such, and nobody else is blamed for it', () => {
    const { result } = searched(characterSearch('first_name', placementsOf('first_name', ASCII)), (value) =>
      value?.includes('_') === true ? 'error' : NAME.test(value ?? '') ? 'accepted' : 'refused',
    );
    expect(result.filter(({ got }) => got === 'error').map(({ codePoint }) => codePoint)).to.deep.equal([0x5f, 0x5f, 0x5f]);
    expect(result.filter(({ got }) => got === 'accepted').length).to.equal(66 * 3);
  });
});

describe('values with several characters', () => {
  it('hold every one of them once', () => {
    for (const field of [
      'object_reference_id',
      'email_address',
      'first_name',
      'mobile_number',
      'mobile_country_code',
      'options.get_client_auth_token',
    ] as const) {
      const placements = placementsOf(field, SAMPLES);
      const key = ({ codePoint, position }: Placement): string => `${codePoint} ${position}`;
      expect(packed(field, placements).flat().map(key).sort()).to.deep.equal(placements.map(key).sort());
    }
  });

  it('are of an ordinary length, and have the character where it is said to be', () => {
    for (const codePoint of [0x27, 0x1f600]) {
      const character = String.fromCodePoint(codePoint);
      const value = (field: FieldName, position: Placement['position']): string => valueWith(field, [{ codePoint, position }], unique);
      for (const field of ['first_name', 'mobile_number', 'object_reference_id', 'mobile_country_code', 'options.get_client_auth_token'] as const) {
        expect(value(field, 'start').startsWith(character), `${field} at the start`).to.equal(true);
        expect(value(field, 'end').endsWith(character), `${field} at the end`).to.equal(true);
        expect([...value(field, 'inside')].indexOf(character), `${field} inside`).to.be.above(0);
      }
      expect(value('email_address', 'before @')).to.include(`${character}@`);
      expect(value('email_address', 'after @')).to.include(`@${character}`);
      expect(value('email_address', 'inside domain').split('@')[1]).to.match(new RegExp(`^\\w+${character}`, 'u'));
      expect([...value('mobile_number', 'inside')]).to.have.length(9);
    }
  });
});
