/**
 * `application/x-www-form-urlencoded`, read as the URL Standard has it, but that broken escapes and bytes that are
 * not UTF-8 are refused instead of repaired.
 */
import type { Behaviour, DecodingReading, Fields, Pair } from './behaviour.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPAIRED_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
// eslint-disable-next-line no-control-regex -- every byte of ASCII is meant
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

/**
 * `+` to a blank and `%HH` to its byte, once; a character for each byte, in and out. Undefined for an escape that is
 * none, unless the reading keeps it as it stands.
 */
export function unescaped(raw: string, malformedEscape: DecodingReading['malformedEscape'] = 'refused'): string | undefined {
  const blanks = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (!blanks.includes('%')) return blanks;
  if (malformedEscape === 'refused' && /%(?![0-9A-Fa-f]{2})/.test(blanks)) return undefined;
  return withBytes(blanks);
}

/** `%HH` to its byte; an escape that is none stays as it is. */
export function withBytes(raw: string): string {
  // Byte by byte into one buffer: a replacement function called for each of 100,000 escapes would be felt.
  const bytes = Buffer.from(raw, 'latin1');
  let length = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    const high = byte === PERCENT ? hexDigit(bytes[index + 1]) : undefined;
    const low = byte === PERCENT ? hexDigit(bytes[index + 2]) : undefined;
    if (high === undefined || low === undefined) bytes[length] = byte;
    else {
      bytes[length] = high * 16 + low;
      index += 2;
    }
    length += 1;
  }
  return bytes.toString('latin1', 0, length);
}

const PERCENT = 0x25;

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

/** Bytes, a character for each, as UTF-8 text. Undefined where they are not, unless the reading repairs them. */
export function utf8(bytes: string, invalidUtf8: DecodingReading['invalidUtf8'] = 'refused'): string | undefined {
  if (!BEYOND_ASCII.test(bytes)) return bytes;
  try {
    return (invalidUtf8 === 'refused' ? UTF_8 : REPAIRED_UTF_8).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** A key or a value as text; undefined where an escape, its UTF-8 or a NUL in it is refused. */
export function decoded(raw: string, { malformedEscape, invalidUtf8, nul }: DecodingReading): string | undefined {
  const bytes = unescaped(raw, malformedEscape);
  const text = bytes === undefined ? undefined : utf8(bytes, invalidUtf8);
  if (text === undefined || nul === 'kept' || !text.includes('\0')) return text;
  return nul === 'dropped' ? text.replaceAll('\0', '') : undefined;
}

/** All pairs of a form body in their order; undefined where one of them can't be decoded. */
export function readForm(body: Buffer, behaviour: Behaviour): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const piece of behaviour.pairs(body.toString('latin1'))) {
    const [rawKey, rawValue] = behaviour.keyAndValue(piece);
    const key = behaviour.decodedKey(rawKey, behaviour.decodingReading);
    if (key === undefined) return undefined;
    const value = behaviour.decodedValue(rawValue, behaviour.decodingReading, key);
    if (value === undefined) return undefined;
    pairs.push({ key, value });
  }
  return pairs;
}

/** Of a field that repeats, the last value holds. */
export function lastOfEach(pairs: readonly Pair[]): Fields {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}
