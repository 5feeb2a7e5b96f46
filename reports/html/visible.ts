/** What a browser would hide, obey or let change the order of the text around it, so that a page can show it instead. */

// Everything that has no shape of its own (controls, bidi and other formats, surrogates without a partner, unassigned and private use, what is ignored by
// default), separators, and every blank but the plain one.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\S ]/gu;

const NAMES: Readonly<Record<string, string>> = {
  '\u0000': 'NUL',
  '\u0007': 'BEL',
  '\b': 'BS',
  '\t': 'TAB',
  '\n': 'LF',
  '\v': 'VT',
  '\f': 'FF',
  '\r': 'CR',
  '\u001b': 'ESC',
  '\u007f': 'DEL',
  '\u0085': 'NEL',
  '\u00a0': 'NBSP',
  '\u00ad': 'SHY',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
  '\u200e': 'LRM',
  '\u200f': 'RLM',
  '\u202d': 'LRO',
  '\u202e': 'RLO',
  '\u2028': 'LSEP',
  '\u2029': 'PSEP',
  '\ufeff': 'BOM',
};

/** A stretch of text as it is, or one hidden character: `name` is its usual short name, else its code point (`U+E000`). */
export type Piece = { readonly text: string } | { readonly name: string; readonly codePoint: string };

/** The text in pieces, in its order. With `lines`, line feeds stay text. */
export function pieces(text: string, { lines = false }: { readonly lines?: boolean } = {}): Piece[] {
  const found: Piece[] = [];
  let start = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    if (lines && character === '\n') continue;
    if (index > start) found.push({ text: text.slice(start, index) });
    const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    found.push({ name: NAMES[character] ?? codePoint, codePoint });
    start = index + character.length;
  }
  if (start < text.length) found.push({ text: text.slice(start) });
  return found;
}

/** The text with each hidden character as its name in angle brackets (`<NUL>`), for where there is no mark-up: titles and names for screen readers. */
export function spelled(text: string): string {
  return pieces(text)
    .map((piece) => ('text' in piece ? piece.text : `<${piece.name}>`))
    .join('');
}
