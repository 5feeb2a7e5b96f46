import { expect } from 'chai';
import fc from 'fast-check';
import type { Alphabet } from '../contracts/model.js';
import { oracle } from './oracle.spec-help.js';
import { referenceId, safeValues, safeValuesArbitrary, type SafeValues } from './request.js';

const TOKEN = 'k7m2qz';

/** 50,000 different pairs, from corner to corner. */
function pairs(scopes: number, numbers: number): [scope: number, n: number][] {
  const all = scopes * numbers;
  const step = Math.max(1, Math.floor(all / 50_000));
  return Array.from({ length: Math.ceil(all / step) }, (_, i): [number, number] => [Math.floor((i * step) / numbers), (i * step) % numbers]);
}

describe('references', function () {
  this.timeout(10_000);

  const cases: readonly (readonly [alphabet: Alphabet, length: number, scopes: number, numbers: number])[] = [
    ['word', 20, 256, 10_000],
    ['word', 12, 256, 10_000],
    ['word', 8, 64, 400],
    ['word', 8, 120, 10_000],
    ['letters', 20, 256, 10_000],
    ['letters', 8, 45, 10_000],
    ['digits', 12, 256, 10_000],
    ['digits', 10, 256, 10_000],
    ['digits', 8, 64, 400],
  ];
  for (const [alphabet, length, scopes, numbers] of cases) {
    it(`${alphabet}, ${length} characters: no two of ${scopes} scopes by ${numbers} numbers are alike`, () => {
      const ids = new Set<string>();
      const all = pairs(scopes, numbers);
      for (const [scope, n] of all) {
        const id = referenceId({ token: TOKEN, scope, n, length, alphabet });
        if (id.length !== length) expect.fail(`${id} has ${id.length} characters`);
        ids.add(id);
      }
      expect(ids.size).to.equal(all.length);
    });
  }

  it('neighbours are different too', () => {
    const ids = new Set(Array.from({ length: 50_000 }, (_, i) => referenceId({ token: TOKEN, scope: Math.floor(i / 10_000), n: i % 10_000 })));
    expect(ids.size).to.equal(50_000);
  });

  it('neither the first 8 nor the last 8 characters are shared', () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => referenceId({ token: TOKEN, scope: i % 250, n: Math.floor(i / 250) }));
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).to.equal(ids.length);
    expect(new Set(ids.map((id) => id.slice(-8))).size).to.equal(ids.length);
  });

  it('the token is in the middle, or four characters of it where there is little room', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.nat({ max: 9_999 }), fc.integer({ min: 8, max: 140 }), (scope, n, length) => {
        const id = referenceId({ token: TOKEN, scope, n, length });
        const at = id.indexOf(length < 12 ? TOKEN.slice(0, 4) : TOKEN);
        expect(at).to.be.above(0);
        expect(id).to.match(/^[a-z0-9]+$/);
        expect(oracle('object_reference_id', id).good).to.equal(length <= 128);
      }),
    );
  });

  it('a long token is cut so that 12 characters stay unique', () => {
    const all = pairs(256, 10_000);
    const ids = new Set(all.map(([scope, n]) => referenceId({ token: 'a'.repeat(30), scope, n, length: 12 })));
    expect(ids.size).to.equal(all.length);
  });

  it('number-like references do not begin with 0 and differ between runs', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.nat({ max: 9_999 }), fc.integer({ min: 8, max: 20 }), (scope, n, length) => {
        const id = referenceId({ token: TOKEN, scope, n, length, alphabet: 'digits' });
        expect(id)
          .to.match(/^[1-9][0-9]+$/)
          .and.to.have.lengthOf(length);
        expect(referenceId({ token: 'another', scope, n, length, alphabet: 'digits' })).to.not.equal(id);
      }),
    );
  });

  it('references of letters have letters only, whatever the token', () => {
    expect(referenceId({ token: '0123456789', scope: 1, n: 1, length: 30, alphabet: 'letters' })).to.match(/^[a-z]{30}$/);
  });

  it('short references, which are refused, are as many as the length allows', () => {
    for (let length = 1; length < 8; length += 1) {
      const many = Math.min(2_000, 36 ** length);
      const ids = new Set(Array.from({ length: many }, (_, n) => referenceId({ token: TOKEN, scope: 0, n, length })));
      expect(ids.size).to.equal(many);
    }
    expect(referenceId({ token: TOKEN, scope: 0, n: 0, length: 0 })).to.equal('');
  });
});

describe('safe values', () => {
  const MEMBERS = ['mobile_number', 'mobile_country_code', 'email_address', 'first_name', 'last_name'] as const;

  function assertSafe(values: SafeValues): void {
    for (const member of MEMBERS) expect(oracle(member, values[member]), `${member} ${values[member]}`).to.deep.equal({ broken: [], good: true });
    expect(values.mobile_number).to.match(/^[1-9][0-9]{7,9}$/);
    expect(values.first_name).to.match(/^[A-Za-z]{3,12}$/);
    expect(values.last_name).to.match(/^[A-Za-z]{3,12}$/);
    expect(values.email_address)
      .to.match(/^[a-z0-9]+@[a-z.]+$/)
      .and.to.have.length.of.at.most(60);
    expect(new Set(Object.values(values)).size).to.equal(MEMBERS.length);
  }

  it('every value is safe', () => {
    fc.assert(fc.property(safeValuesArbitrary, assertSafe), { numRuns: 2_000 });
  });

  it('the same seed and index give the same values, another seed others', () => {
    expect(safeValues(7, 3)).to.deep.equal(safeValues(7, 3));
    expect(safeValues(8, 3).first_name).to.not.equal(safeValues(7, 3).first_name);
    expect(safeValues(8, 3).mobile_number).to.not.equal(safeValues(7, 3).mobile_number);
  });

  for (const seed of [0, 7, 2 ** 31]) {
    it(`seed ${seed}: no value but the country code comes twice in 20,000 requests`, () => {
      const all = Array.from({ length: 20_000 }, (_, index) => safeValues(seed, index));
      for (const member of ['mobile_number', 'email_address', 'first_name', 'last_name'] as const) {
        expect(new Set(all.map((values) => values[member].toLowerCase())).size, member).to.equal(all.length);
      }
      expect(new Set(all.map(({ mobile_country_code: code }) => code)).size).to.equal(3);
    });
  }

  it('names have both letter cases', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => safeValues(7, index)).flatMap((values) => [values.first_name, values.last_name]);
    expect(names.filter((name) => /[a-z]/.test(name) && /[A-Z]/.test(name)).length).to.be.above(1_800);
  });
});
