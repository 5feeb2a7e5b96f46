/** Characters: the classes that rules are about, and how reports name them. */

export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const LETTERS = UPPER + LOWER;
export const DIGITS = '0123456789';
/** A number whose first digit is a zero is left open for some fields, so ordinary digits are these. */
export const NON_ZERO_DIGITS = '123456789';

/** The code points of a text, one string each. */
export function characters(text: string): string[] {
  return [...text];
}

/** The text without the characters of another. */
export function without(text: string, excluded: string): string {
  return characters(text)
    .filter((character) => !excluded.includes(character))
    .join('');
}

/** The first `length` characters of a pattern that is repeated for ever. */
export function cycle(pattern: string, length: number): string {
  return pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
}

const NAMES: Readonly<Record<string, string>> = { ' ': 'blank', '\t': 'TAB', '\n': 'LF', '\r': 'CR', '\0': 'NUL' };

/** How a report names a character: itself if it can be seen, else its name or code point, so that no terminal eats it. */
export function characterName(character: string): string {
  const named = NAMES[character];
  if (named !== undefined) return named;
  if (/^[!-~]$/.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A text in quotes, with everything outside printable ASCII by its code point. */
export function quoted(text: string): string {
  const visible = characters(text).map((character) => (/^[ -~]$/.test(character) ? character : `<${characterName(character)}>`));
  return `"${visible.join('')}"`;
}
