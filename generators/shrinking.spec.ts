import { expect } from 'chai';
import fc from 'fast-check';
import type { CharsetConstraint, Constraint } from '../contracts/model.js';
import { arrangements, describeAround, offences, positionOf, renderAround, type Frame, type Position } from './around.js';
import { characterName, quoted } from './characters.js';
import { conforming, openCases, violating, type InputArbitrary, type Shape } from './index.js';
import type { AroundShape } from './input.js';
import { counting, SAMPLE_RULES, valueOf } from './oracle.spec-help.js';

const SEED = 20_261_122;
const fresh = counting();

const HALVES = SAMPLE_RULES.flatMap((rule) =>
  (['conforming', 'violating'] as const).map((half) => ({ title: `${rule.field}/${rule.name}, ${half}`, rule, half })),
);

const inputsOf = (constraint: Constraint, half: 'conforming' | 'violating'): InputArbitrary | undefined =>
  half === 'conforming' ? conforming(constraint) : violating(constraint);

/** Makes a shape small as fast-check does: of the steps that still break, the first is taken, until none breaks. */
function shrunk(arbitrary: fc.Arbitrary<Shape>, from: Shape, breaks: (shape: Shape) => boolean): { readonly shape: Shape; readonly tries: number } {
  let [shape, tries] = [from, 0];
  for (;;) {
    const next = [...arbitrary.shrink(shape, undefined)].find(({ value }) => ((tries += 1), breaks(value)));
    if (next === undefined) return { shape, tries };
    shape = next.value;
  }
}

function around(shape: Shape): AroundShape {
  if (shape.kind !== 'around') throw new Error(`${shape.kind} is not around an offender`);
  return shape;
}

describe('generators: what surrounds an offender', () => {
  const frame: Frame = { place: 'value', fill: 'abcdefghij', length: [1, 20], positions: ['inside', 'end', 'start', 'alone'] };
  const spots = frame.positions.map((position) => ({ frame, position, offender: '!' }));
  const drawn = (position: Position, seed = SEED): AroundShape[] =>
    fc
      .sample(arrangements(spots), { numRuns: 800, seed })
      .map(around)
      .filter((shape) => positionOf(shape) === position);

  it('is drawn in every length that the place has room for, on either side', () => {
    const sides = (position: Position): [Set<number>, Set<number>, number] => {
      const all = drawn(position);
      return [
        new Set(all.map(({ before }) => before.length)),
        new Set(all.map(({ after }) => after.length)),
        Math.max(...all.map(({ before, after }) => (before + after).length)),
      ];
    };
    const [insideBefore, insideAfter, inside] = sides('inside');
    expect([insideBefore.size, insideAfter.size, inside], 'inside').to.satisfy(([b, a, both]: number[]) => (b ?? 0) >= 15 && (a ?? 0) >= 15 && both === 19);
    const [startBefore, startAfter, start] = sides('start');
    expect([[...startBefore], startAfter.size, start], 'at the start').to.deep.equal([[0], 19, 19]);
    const [endBefore, endAfter, end] = sides('end');
    expect([endBefore.size, [...endAfter], end], 'at the end').to.deep.equal([19, [0], 19]);
    expect(drawn('alone').length).to.be.above(50);
  });

  it('is any text of the characters that it may have', () => {
    const texts = drawn('end').map(({ before }) => before);
    expect(new Set(texts.join('')).size).to.equal(frame.fill.length);
    expect(texts.some((text) => !frame.fill.includes(text))).to.equal(true);
  });

  it('gets as short as the target lets it, in a few dozen tries, and takes another position for it where that is bad too', () => {
    for (const position of frame.positions) {
      for (const shape of drawn(position).slice(0, 40)) {
        for (const [least, leastAfter] of [
          [0, 0],
          [1, 3],
          [4, 1],
          [6, 6],
        ] as const) {
          // The target is wrong where there is at least so much on each side.
          const breaks = (each: Shape): boolean => around(each).before.length >= least && around(each).after.length >= leastAfter;
          if (!breaks(shape)) continue;
          const { shape: small, tries } = shrunk(arrangements(spots), shape, breaks);
          const [before, after] = [around(small).before.length, around(small).after.length];
          expect([before, after], JSON.stringify(shape)).to.deep.equal([least, leastAfter]);
          expect(tries, JSON.stringify(shape)).to.be.at.most(45);
          expect(shape.before.startsWith(around(small).before) && shape.after.startsWith(around(small).after), 'its letters stay').to.equal(true);
        }
      }
    }
  });

  it('keeps the value as long as it has to be, the offender counted', () => {
    const number: Frame = { place: 'value', fill: '123456789', length: [8, 10], positions: ['inside', 'end', 'start', 'alone'] };
    const all = arrangements((['inside', 'end', 'start'] as const).map((position) => ({ frame: number, position, offender: '-' })));
    for (const shape of fc.sample(all, { numRuns: 100, seed: SEED })) {
      const small = around(shrunk(all, shape, () => true).shape);
      expect((small.before + small.offender + small.after).length, JSON.stringify(shape)).to.equal(8);
    }
  });

  const places: readonly (readonly [place: AroundShape['place'], before: string, offender: string, after: string, words: string])[] = [
    ['value', '', ' ', '', 'blank alone'],
    ['value', 'a', '\t', 'b', 'TAB inside'],
    ['value', '', '%', 'b', '% at the start'],
    ['value', 'a', 'ab', '', '"ab" at the end'],
    ['local-part', '', '_', '', '_ alone as the local part'],
    ['local-part', 'a', '\0', 'b', 'NUL inside the local part'],
    ['local-part', '', '.', 'b', '. at the start of the local part'],
    ['local-part', 'a', '\u00e9', '', 'U+00E9 at the end of the local part'],
    ['domain', 'a', '\r', 'b', 'CR inside a label of the domain'],
    ['domain-end', '', '\n', '', 'LF at the end of the address'],
  ];
  for (const [place, before, offender, after, words] of places) {
    it(`${JSON.stringify(before + offender + after)} in the ${place} is called ${words}`, () => {
      expect(describeAround({ kind: 'around', place, before, offender, after })).to.equal(words);
    });
  }

  it('a reference gets unique surroundings, 12 characters of them or more, the offender in its position', () => {
    const reference = (before: string, after: string): string =>
      renderAround('object_reference_id', { kind: 'around', place: 'value', before, offender: '!', after }, '!', fresh);
    expect(reference('', '')).to.match(/^[a-z0-9]{12}!$/);
    expect(reference('ab', '')).to.match(/^[a-z0-9]{12}!$/);
    expect(reference('', 'ab')).to.match(/^![a-z0-9]{12}$/);
    expect(reference('ab', 'c')).to.match(/^[a-z0-9]{2}![a-z0-9]{10}$/);
    expect(reference('a'.repeat(10), 'b'.repeat(10))).to.match(/^[a-z0-9]{10}![a-z0-9]{10}$/);
    expect(reference('ab', 'c')).to.not.equal(reference('ab', 'c'));
  });

  it('without an offender there are no inputs', () => expect(offences('first_name', [], () => 'm')).to.equal(undefined));
});

describe('generators: how characters are named', () => {
  const names: readonly (readonly [character: string, name: string])[] = [
    [' ', 'blank'],
    ['\t', 'TAB'],
    ['\n', 'LF'],
    ['\r', 'CR'],
    ['\0', 'NUL'],
    ['!', '!'],
    ['~', '~'],
    ['\u007f', 'U+007F'],
    ['\u00e9', 'U+00E9'],
    ['\u0663', 'U+0663'],
    ['😀', 'U+1F600'],
  ];
  for (const [character, name] of names) it(`${JSON.stringify(character)} is ${name}`, () => expect(characterName(character)).to.equal(name));

  it('a text in quotes shows what no terminal does', () => {
    expect(quoted('a b~!')).to.equal('"a b~!"');
    expect(quoted('a\nb\u00e9é😀')).to.equal('"a<LF>b<U+00E9><U+00E9><U+1F600>"');
  });
});

describe('generators: shapes of other inputs', () => {
  const aliens: readonly unknown[] = [
    undefined,
    null,
    'text',
    7,
    {},
    { kind: 'other' },
    { kind: 'choice' },
    { kind: 'choice', name: 7 },
    { kind: 'choice', name: 'no such choice' },
    { kind: 'choice', name: 'mobile/7' },
    { kind: 'choice', name: 'mobile/99' },
    { kind: 'choice', name: 'other/10' },
    { kind: 'text' },
    { kind: 'text', text: 7 },
    { kind: 'text', text: '  !  ' },
    { kind: 'text', text: `user@${'a'.repeat(120)}.example.com` },
    { kind: 'run', length: 7 },
    { kind: 'run', bytesEach: 1 },
    { kind: 'run', length: '7', bytesEach: 1 },
    { kind: 'run', length: -1, bytesEach: 1 },
    { kind: 'run', length: 99_999, bytesEach: 1 },
    { kind: 'run', length: 5, bytesEach: 4 },
    { kind: 'around', place: 'value', before: 'a', offender: '\u0001' },
    { kind: 'around', place: 'value', before: 'a', offender: '\u0001', after: 'b' },
    { kind: 'around', place: 'value', before: 7, offender: ' ', after: 'b' },
    { kind: 'around', place: 7, before: 'a', offender: ' ', after: 'b' },
    { kind: 'around', place: 'value', before: 'a', offender: 7, after: 'b' },
    { kind: 'around', place: 'value', before: 'a'.repeat(99), offender: ' ', after: 'b' },
    { kind: 'around', place: 'value', before: '\u00e9', offender: ' ', after: 'b' },
    { kind: 'around', place: 'local-part', before: 'a', offender: '\u00e9', after: '' },
    { kind: 'around', place: 'local-part', before: 'a_', offender: '_', after: 'b' },
  ];
  const kinds: readonly Shape[] = [
    { kind: 'choice', name: 'no such choice' },
    { kind: 'run', length: 7, bytesEach: 1 },
    { kind: 'text', text: 'text' },
    { kind: 'around', place: 'value', before: 'a', offender: '!', after: 'b' },
  ];

  for (const { title, rule, half } of HALVES) {
    it(`${title}: are neither shrunk nor sent`, () => {
      const inputs = inputsOf(rule.constraint, half);
      if (inputs === undefined) return;
      const own = new Set([...inputs.boundaries, ...fc.sample(inputs.arbitrary, { numRuns: 300, seed: SEED })].map((shape) => shape.kind));
      for (const alien of aliens) expect(inputs.arbitrary.canShrinkWithoutContext(alien), JSON.stringify(alien)).to.equal(false);
      for (const shape of kinds.filter(({ kind }) => !own.has(kind))) {
        expect(inputs.arbitrary.canShrinkWithoutContext(shape), shape.kind).to.equal(false);
        // What is around a special is good text too, where specials are allowed.
        if (shape.kind === 'around' && half === 'conforming') continue;
        expect(() => inputs.render(shape, fresh), shape.kind).to.throw(`a shape of kind ${shape.kind} belongs to other inputs`);
        if (inputs.control) expect(() => inputs.control?.(shape, fresh), shape.kind).to.throw('belongs to other inputs');
      }
    });
  }

  it('a choice that is not on the list says so, whoever asks', () => {
    const inputs = conforming({ kind: 'examples', field: 'first_name', values: ['a', 'b'] });
    const [alien] = kinds as [Shape];
    expect(() => inputs?.render(alien, fresh)).to.throw('a shape of kind choice belongs to other inputs: {"kind":"choice","name":"no such choice"}');
    expect(inputs?.describe({ kind: 'run', length: 7, bytesEach: 1 })).to.contain('a shape of kind run belongs to other inputs');
    expect(inputs?.arbitrary.canShrinkWithoutContext({ kind: 'choice', name: '"a"' })).to.equal(true);
    expect(inputs && [...inputs.arbitrary.shrink({ kind: 'choice', name: '"b"' }, undefined)]).to.deep.equal([]);
  });

  it('a list without an entry has no inputs, and what nothing can break has no bad ones', () => {
    expect(violating({ kind: 'credential', conforming: ['canonical'], violating: [], open: [] })).to.equal(undefined);
    const none: readonly Constraint[] = [
      { kind: 'path', open: ['/v2/customers'] },
      { kind: 'open-values', field: 'first_name', cases: { empty: '' } },
      { kind: 'odd-form', form: 'nul' },
      { kind: 'spelling', spelling: 'hex-case' },
      { kind: 'robustness', family: 'bodies' },
    ];
    for (const constraint of none) expect([conforming(constraint), violating(constraint)], constraint.kind).to.deep.equal([undefined, undefined]);
    for (const constraint of none.slice(2)) expect(openCases(constraint), constraint.kind).to.deep.equal([]);
    for (const { constraint } of SAMPLE_RULES) expect(openCases(constraint), constraint.kind).to.deep.equal([]);
    expect(violating({ kind: 'transfer' })).to.equal(undefined);
    expect(openCases({ kind: 'transfer' })).to.deep.equal([]);
  });
});

describe('generators: lengths', () => {
  const lengths = (min: number, max: number, half: 'conforming' | 'violating', alphabet: 'letters' | 'digits' = 'letters'): string[] => {
    const inputs = inputsOf({ kind: 'length', field: 'first_name', min, max, below: 'violating', above: 'violating', alphabet }, half);
    return (inputs?.boundaries ?? []).map((shape) => inputs?.describe(shape) ?? '');
  };

  it('good ones are the shortest and the longest, their neighbours and the middle; all of them where they are a handful', () => {
    const of = (...counts: number[]): string[] => counts.map((count) => (count === 1 ? '1 character' : `${count} characters`));
    expect(lengths(1, 64, 'conforming')).to.deep.equal(of(1, 64, 2, 63, 32));
    expect(lengths(8, 10, 'conforming')).to.deep.equal(of(8, 10, 9));
    expect(lengths(3, 7, 'conforming')).to.deep.equal(of(3, 7, 4, 6, 5));
    expect(lengths(2, 2, 'conforming')).to.deep.equal(of(2));
    expect(lengths(1, 2, 'conforming')).to.deep.equal(of(1, 2));
  });

  it('bad ones are a character short and long first; wide characters are as many as their bytes would make good', () => {
    expect(lengths(4, 8, 'violating')).to.deep.equal([
      '3 characters',
      '2 characters of 2 bytes each',
      '1 character',
      '3 characters of 2 bytes each',
      '3 characters of 3 bytes each',
      '1 character of 4 bytes each',
      '2 characters',
      '9 characters',
      '4104 characters',
      '10 characters',
      '16 characters',
    ]);
    expect(lengths(4, 8, 'violating', 'digits').slice(0, 3), 'no digit is wide').to.deep.equal(['3 characters', '1 character', '2 characters']);
    expect(lengths(1, 8, 'violating')[0], 'nothing is shorter than one').to.equal('9 characters');
    expect(lengths(2, 8, 'violating'), 'none of four bytes').to.not.include('0 characters of 4 bytes each');
  });

  it('wide characters are different where the narrow ones were, and take so many bytes each', () => {
    const inputs = violating({ kind: 'length', field: 'object_reference_id', min: 8, max: 128, below: 'violating', above: 'open', alphabet: 'word' });
    for (const bytesEach of [2, 3, 4] as const) {
      const values = [1, 2].map(
        () => valueOf(inputs?.render({ kind: 'run', length: 6, bytesEach }, fresh) ?? { part: 'transfer' }, 'object_reference_id') ?? '',
      );
      for (const value of values) expect([[...value].length, Buffer.byteLength(value)], value).to.deep.equal([6, 6 * bytesEach]);
      expect(values[0]).to.not.equal(values[1]);
      expect(values.join('')).to.match(/^\p{L}+$/u);
    }
  });

  it('a drawn length shrinks to the limit', () => {
    const inputs = violating({ kind: 'length', field: 'first_name', min: 4, max: 8, below: 'violating', above: 'violating', alphabet: 'letters' });
    const arbitrary = inputs?.arbitrary;
    if (arbitrary === undefined) throw new Error('no inputs');
    for (const [length, limit] of [
      [1, 3],
      [4000, 9],
    ] as const) {
      const from: Shape = { kind: 'run', length, bytesEach: 1 };
      expect(arbitrary.canShrinkWithoutContext(from)).to.equal(true);
      expect(shrunk(arbitrary, from, () => true).shape).to.deep.equal({ kind: 'run', length: limit, bytesEach: 1 });
    }
    for (const length of [4, 8]) expect(arbitrary.canShrinkWithoutContext({ kind: 'run', length, bytesEach: 1 }), `${length} is good`).to.equal(false);
  });
});

describe('generators: good texts', () => {
  const address: CharsetConstraint = {
    kind: 'charset',
    field: 'email_address',
    scope: 'local-part',
    allowed: 'abc012+=_.@',
    forbidden: ' ',
    notAtEdges: '_.',
    length: [1, 12],
    alphabet: 'letters',
  };

  it('shrink to what the target is wrong about: one of their specials, a half, all but an end', () => {
    const { arbitrary } = conforming(address) as InputArbitrary;
    const smallest = (text: string, breaks: (text: string) => boolean): string => {
      const { shape } = shrunk(arbitrary, { kind: 'text', text }, (each) => each.kind === 'text' && breaks(each.text));
      return shape.kind === 'text' ? shape.text : '';
    };
    expect(smallest('abc+012=b', (text) => text.includes('+'))).to.equal('+');
    expect(smallest('abc+012=b', (text) => text.includes('='))).to.equal('=');
    expect(smallest('abc+012=b', (text) => text.includes('1'))).to.equal('1');
    expect(
      smallest('ab_c012', (text) => text.includes('_')),
      'not at an edge',
    ).to.equal('b_c');
    expect(
      smallest('ab.c', (text) => text.includes('b.')),
      'not at an edge',
    ).to.equal('b.c');
    expect(smallest('abcabcabc', () => true)).to.have.lengthOf(1);
  });

  it('are drawn in all lengths, of all characters, with none in the wrong place', () => {
    const drawn = fc
      .sample((conforming(address) as InputArbitrary).arbitrary, { numRuns: 3_000, seed: SEED })
      .flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    expect(new Set(drawn.map((text) => text.length)).size).to.equal(12);
    expect([...new Set(drawn.join(''))].sort().join('')).to.equal([...'abc012+=_.'].sort().join(''));
    for (const text of drawn) expect(text).to.match(/^(?![_.])(?!.*\.\.).*(?<![_.])$/);
    // What is put in order stays otherwise what was drawn: letters are no more frequent than chance makes them.
    expect(drawn.join('').replaceAll(/[^a]/g, '').length / drawn.join('').length).to.be.below(0.2);
  });

  it('numbers may hold zeros and do not begin with one', () => {
    const number: Constraint = {
      kind: 'charset',
      field: 'mobile_number',
      scope: 'value',
      allowed: '0123456789',
      forbidden: 'a',
      length: [8, 10],
      alphabet: 'digits',
    };
    const drawn = fc
      .sample((conforming(number) as InputArbitrary).arbitrary, { numRuns: 500, seed: SEED })
      .flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    for (const text of drawn) expect(text).to.match(/^[1-9][0-9]{7,9}$/);
    expect(new Set(drawn.map((text) => text[0])).size).to.equal(9);
    expect(drawn.filter((text) => text.slice(1).includes('0')).length).to.be.above(100);
    expect(drawn.filter((text) => text.startsWith('1')).length / drawn.length, 'about two in ten').to.be.within(0.1, 0.35);
  });
});
