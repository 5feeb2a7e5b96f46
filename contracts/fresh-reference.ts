/**
 * References that were sent once, made fresh: a create that was accepted would be a duplicate. Works on a body as it was
 * written, so that everything else of it stays as it was, byte for byte.
 */

/** A part of a reference: characters that stay, the run's token, or so many characters of an alphabet that are drawn anew. */
export type ReferencePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'token' }
  | { readonly kind: 'fresh'; readonly alphabet: string; readonly length: number };

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const WORD = LOWER + DIGITS;
/** Shorter runs of lower-case letters and digits keep each its kind. */
const WORD_FROM = 4;

const NAME = 'object_reference_id';
const IN_JSON = /"object_reference_id"\s*:\s*"([^"\\]*)"/g;

/** The references in a body that is a form or JSON, as they are written there. */
export function writtenReferences(body: string): string[] {
  const inForm = body.split('&').flatMap((pair) => {
    const at = pair.indexOf('=');
    // Its name may be written with escapes as well.
    return at > 0 && unescaped(pair.slice(0, at)) === NAME ? [pair.slice(at + 1)] : [];
  });
  const inJson = [...body.matchAll(IN_JSON)].map(([, value = '']) => value);
  return [...new Set([...inForm, ...inJson])].filter((value) => value !== '');
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Takes a written reference apart. What tells its form stays: a prefix such as `cust_`, the domain of an address, zeros in
 * front, and everything that is neither a letter or digit nor the last byte of another character.
 * @param token that of the run that sent it; found, it is a part of its own
 */
export function referenceParts(written: string, token: string): ReferencePart[] {
  const prefix = /^(?:[a-z]+_)?0*/.exec(written)?.[0] ?? '';
  const suffix = /(?:@|%40).*$/i.exec(written.slice(prefix.length))?.[0] ?? '';
  const middle = written.slice(prefix.length, written.length - suffix.length);
  const at = token.length >= 4 ? middle.indexOf(token) : -1;
  const parts: ReferencePart[] =
    at < 0 ? partsOf(middle, true) : [...partsOf(middle.slice(0, at), true), { kind: 'token' }, ...partsOf(middle.slice(at + token.length), false)];
  return merged([{ kind: 'text', text: prefix }, ...parts, { kind: 'text', text: suffix }]);
}

function partsOf(text: string, isFirst: boolean): ReferencePart[] {
  return [...text.matchAll(/(?:%[0-9a-f]{2})+|[a-z0-9]+|[A-Z]+|[^]/gi)].flatMap(([piece], index): ReferencePart[] => {
    if (piece.startsWith('%') && piece.length >= 3) return escapedParts(piece);
    const leads = isFirst && index === 0;
    if (/^[a-z0-9]+$/.test(piece) && /[a-z]/.test(piece) && /\d/.test(piece) && piece.length >= WORD_FROM)
      return [kept(piece.charAt(0), leads), { kind: 'fresh', alphabet: WORD, length: piece.length - 1 }];
    return [...piece].map((character, place) => kept(character, leads && place === 0));
  });
}

/** A character of the same kind; a number does not get a zero in front. */
function kept(character: string, leads: boolean): ReferencePart {
  if (/[a-z]/.test(character)) return { kind: 'fresh', alphabet: LOWER, length: 1 };
  if (/[A-Z]/.test(character)) return { kind: 'fresh', alphabet: LOWER.toUpperCase(), length: 1 };
  if (/\d/.test(character)) return { kind: 'fresh', alphabet: leads ? DIGITS.slice(1) : DIGITS, length: 1 };
  return { kind: 'text', text: character };
}

/** Second digits of the escapes of ASCII digits and letters, by their first. */
const ESCAPED_ASCII = [
  { high: '3', low: '0123456789' },
  { high: '4', low: '123456789ABCDEF' },
  { high: '5', low: '0123456789A' },
  { high: '6', low: '123456789ABCDEF' },
  { high: '7', low: '0123456789A' },
] as const;

/** Escaped bytes: a letter or digit becomes another one, and the last byte of a character beyond ASCII is drawn anew, which gives another character of its neighbourhood. */
function escapedParts(piece: string): ReferencePart[] {
  const escapes = piece.match(/%../g) ?? [];
  const byte = (index: number): number => Number.parseInt(escapes[index]?.slice(1) ?? '0', 16);
  const continues = (index: number): boolean => byte(index) >= 0x80 && byte(index) < 0xc0;
  return escapes.flatMap((escape, index): ReferencePart[] => {
    const ascii = ESCAPED_ASCII.find(({ high, low }) => escape.charAt(1) === high && low.toUpperCase().includes(escape.charAt(2).toUpperCase()));
    if (ascii !== undefined)
      return [
        { kind: 'text', text: `%${ascii.high}` },
        { kind: 'fresh', alphabet: /[a-f]/.test(piece) ? ascii.low.toLowerCase() : ascii.low, length: 1 },
      ];
    if (!continues(index) || continues(index + 1)) return [{ kind: 'text', text: escape }];
    const hex = /[a-f]/.test(piece) ? (text: string): string => text.toLowerCase() : (text: string): string => text;
    return [
      { kind: 'text', text: '%' },
      { kind: 'fresh', alphabet: hex('89AB'), length: 1 },
      { kind: 'fresh', alphabet: hex('0123456789ABCDEF'), length: 1 },
    ];
  });
}

function merged(parts: readonly ReferencePart[]): ReferencePart[] {
  const result: ReferencePart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && last?.kind === 'text') result[result.length - 1] = { kind: 'text', text: last.text + part.text };
    else if (part.kind === 'fresh' && last?.kind === 'fresh' && last.alphabet === part.alphabet)
      result[result.length - 1] = { ...part, length: last.length + part.length };
    else result.push(part);
  }
  return result;
}

/** The parts put together again. `draw` gives so many characters of an alphabet. */
export function freshReference(parts: readonly ReferencePart[], token: string, draw: (alphabet: string, length: number) => string): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'token' ? token : draw(part.alphabet, part.length))).join('');
}

/** The text with every given reference replaced, longest first, so that none is taken for the beginning of another. */
export function replaceReferences(text: string, fresh: ReadonlyMap<string, string>): string {
  const known = [...fresh.keys()].sort((a, b) => b.length - a.length);
  if (known.length === 0) return text;
  const pattern = new RegExp(known.map((each) => each.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return text.replace(pattern, (each) => fresh.get(each) ?? each);
}
