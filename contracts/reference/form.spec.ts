import { expect } from 'chai';
import fc from 'fast-check';
import type { Behaviour } from './behaviour.js';
import { lastOfEach, readForm } from './form.js';
import { REFERENCE } from './reference.js';

/** As the URL Standard has it, repairs included. */
const REPAIRING: Behaviour = { ...REFERENCE, decodingReading: { malformedEscape: 'kept', invalidUtf8: 'replaced', nul: 'kept' } };

const read = (body: string | Buffer, behaviour = REFERENCE): (readonly [string, string])[] | undefined =>
  readForm(Buffer.from(body), behaviour)?.map(({ key, value }) => [key, value] as const);
/** What the platform reads; it takes a `?` in front away. */
const oracle = (body: string): [string, string][] => [...new URLSearchParams(`?${body}`)];

describe('form bodies', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));

  it('come back from the encoding of the platform as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        expect(read(new URLSearchParams(pairs).toString())).to.deep.equal(pairs);
      }),
    );
  });

  it('are read as the platform reads them, whatever characters they have', () => {
    const pieces = fc.constantFrom(
      'a',
      '&',
      '=',
      '+',
      '%',
      '%2',
      '%41',
      '%2B',
      '%2b',
      '%26',
      '%3D',
      '%C3%A9',
      '%E9',
      '%00',
      ';',
      '?',
      '%25',
      '%EF%BB%BF',
      '%F0%9F%98%80',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (body) => {
        expect(read(body.join(''), REPAIRING)).to.deep.equal(oracle(body.join('')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read as the platform reads them, whatever bytes they have', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        // The platform is handed text: the bytes are escaped, but for those that mean something, as digits do behind a percent sign.
        const escaped = [...bytes]
          .map((byte) => (/[%&=+0-9A-Fa-f]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`))
          .join('');
        expect(read(Buffer.from(bytes), REPAIRING)).to.deep.equal(oracle(escaped));
      }),
      { numRuns: 1_000, examples: [[Uint8Array.from([0x25, 0x30, 0x30])]] },
    );
  });

  it('are refused for a broken escape, broken UTF-8 and NUL', () => {
    for (const body of ['a=%', 'a=%4', 'a=%4G', '%zz=a', 'a=%C3', 'a=%FF', 'a=%ED%A0%80', 'a=%00', 'a=1&b=%']) expect(read(body), body).to.equal(undefined);
    expect(read(Buffer.from([0x61, 0x3d, 0xff]))).to.equal(undefined);
  });

  it('lose a NUL, or keep it, where the reading says so', () => {
    expect(read('a=x%00y', { ...REFERENCE, decodingReading: { ...REFERENCE.decodingReading, nul: 'dropped' } })).to.deep.equal([['a', 'xy']]);
    expect(read('a=x%00y', { ...REFERENCE, decodingReading: { ...REFERENCE.decodingReading, nul: 'kept' } })).to.deep.equal([['a', 'x\0y']]);
  });

  it('of 100,000 escapes and of 10,000 fields are read at once', () => {
    const started = performance.now();
    expect(read(`a=${'%C3%A9'.repeat(100_000)}`)?.[0]?.[1]).to.have.length(100_000);
    expect(read(Array.from({ length: 10_000 }, (_, index) => `f${index}=v`).join('&'))).to.have.length(10_000);
    // Far above what it takes, far below what a quadratic reader would.
    expect(performance.now() - started).to.be.lessThan(1_000);
  });

  it('have the last of the values of a repeated field', () => {
    expect([
      ...lastOfEach([
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
        { key: 'a', value: '3' },
      ]),
    ]).to.deep.equal([
      ['a', '3'],
      ['b', '2'],
    ]);
  });
});
