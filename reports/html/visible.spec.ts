import { expect } from 'chai';
import fc from 'fast-check';
import { pieces, spelled } from './visible.js';

const shown = (text: string, lines = false): string =>
  pieces(text, { lines })
    .map((piece) => ('text' in piece ? piece.text : `[${piece.name}]`))
    .join('');

describe('hidden characters', () => {
  const cases: readonly (readonly [what: string, text: string, expected: string])[] = [
    ['controls have their names', 'a\u0000\u001b[31mred\u0007\t\u007f', 'a[NUL][ESC][31mred[BEL][TAB][DEL]'],
    ['characters that turn the direction of text are named', 'abc\u202efdp.exe\u2066', 'abc[RLO]fdp.exe[U+2066]'],
    ['characters without a width are named', 'a\u200bb\ufeffc\u00add\u2060', 'a[ZWSP]b[BOM]c[SHY]d[U+2060]'],
    ['blanks that look like others are named', 'a\u00a0b\u3000c d', 'a[NBSP]b[U+3000]c d'],
    ['letters that show nothing are named', 'a\u3164b\u115fc', 'a[U+3164]b[U+115F]c'],
    ['surrogates without a partner are named, and pairs are one character', '\ud800 😀 \udc00', '[U+D800] 😀 [U+DC00]'],
    ['tag characters and private use are named', '\u{e0041}\ue000', '[U+E0041][U+E000]'],
    ['letters of other scripts stay as they are', 'José שלום 李', 'José שלום 李'],
  ];
  for (const [what, text, expected] of cases) it(what, () => expect(shown(text)).to.equal(expected));

  it('line feeds stay where lines are wanted, and carriage returns do not', () => {
    expect(shown('a\r\nb', true)).to.equal('a[CR]\nb');
    expect(shown('a\r\nb')).to.equal('a[CR][LF]b');
  });

  it('no character is lost: names and text make up the whole again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const again = pieces(text).map((piece) => ('text' in piece ? piece.text : String.fromCodePoint(parseInt(piece.codePoint.slice(2), 16))));
        expect(again.join('')).to.equal(text);
      }),
    );
  });

  it('are spelled out where there is no mark-up', () => expect(spelled('a\u202eb')).to.equal('a<RLO>b'));
});
