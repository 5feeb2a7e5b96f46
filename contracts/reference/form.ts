/**
 * `application/x-www-form-urlencoded`, read as the URL Standard has it, but that broken escapes and bytes that are
 * not UTF-8 are refused instead of repaired.
 */
import type { Behaviour, Fields, Pair } from './behaviour.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** The pieces between `&`; empty ones vanish. `body` has a character for each byte. */
export function splitAtAmpersands(body: string): readonly string[] {
  return body.split('&').filter((pair) => pair !== '');
}

/** Key and value: what stands before and after the first `=`. */
export function splitAtFirstEquals(pair: string): readonly [key: string, value: string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** `+` to a blank and `%HH` to its byte, once. Undefined for an escape that is none. A character for each byte, in and out. */
export function unescaped(raw: string): string | undefined {
  const blanks = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (!blanks.includes('%')) return blanks;
  if (/%(?![0-9A-Fa-f]{2})/.test(blanks)) return undefined;
  return withBytes(blanks);
}

/** `%HH` to its byte; an escape that is none stays as it is. */
export function withBytes(raw: string): string {
  return raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Bytes, a character for each, as UTF-8 text; undefined where they are not. */
export function utf8(bytes: string): string | undefined {
  if (!BEYOND_ASCII.test(bytes)) return bytes;
  try {
    return UTF_8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** A key or a value as text; undefined where an escape or its UTF-8 is broken, or it has a NUL. */
export function decoded(raw: string): string | undefined {
  const bytes = unescaped(raw);
  const text = bytes === undefined ? undefined : utf8(bytes);
  return text?.includes('\0') === true ? undefined : text;
}

/** All pairs of a form body in their order; undefined where one of them can't be decoded. */
export function readForm(body: Buffer, behaviour: Behaviour): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const piece of behaviour.pairs(body.toString('latin1'))) {
    const [rawKey, rawValue] = behaviour.keyAndValue(piece);
    const key = behaviour.decodedKey(rawKey);
    if (key === undefined) return undefined;
    const value = behaviour.decodedValue(rawValue, key);
    if (value === undefined) return undefined;
    pairs.push({ key, value });
  }
  return pairs;
}

/** Of a field that repeats, the last value holds. */
export function lastOfEach(pairs: readonly Pair[]): Fields {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}
