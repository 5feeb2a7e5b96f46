/** The sets of characters that the page speaks of, spelled out. */

export const DIGITS = '0123456789';
export const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz';
export const LETTERS = LOWER_CASE.toUpperCase() + LOWER_CASE;
export const ALPHANUMERIC = LETTERS + DIGITS;

/** Statements 28 and 31. */
export const NAME_SPECIALS = '().-_';
/** Statement 23, without the `@`, which separates the two parts of the address. */
export const LOCAL_PART_SPECIALS = "!#$%&'*+-/=?^_.{|}~`";

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, offset) => String.fromCharCode(0x20 + offset)).join('');

/**
 * Printable ASCII, blank, TAB and LF without the allowed ones. Other control characters, and letters outside ASCII,
 * can be read either way and are open.
 */
export function forbiddenBeside(allowed: string): string {
  return [...`${PRINTABLE}\t\n`].filter((character) => !allowed.includes(character)).join('');
}
