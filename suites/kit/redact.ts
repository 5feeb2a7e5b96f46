/** Takes the API keys out of everything that leaves the run. */
import { base64Writings, credentialTexts, MINIMUM_SECRET_LENGTH, writings } from './credentials.js';

export interface Redactor {
  /** The text with every key, and every text made of one, replaced; bytes around them stay exact. */
  text(text: string): string;
  /** The texts that must not come back in a response: the key, and its base64 with and without the colon. */
  readonly secrets: readonly string[];
}

/**
 * @param keys the API keys in use. A key under 8 characters is not searched for in texts: it would be found by chance;
 *   the request's own header is shown by its template in any case.
 * @param vocabulary texts that responses hold anyway: a key that is part of one is no secret to look for.
 */
export function createRedactor(keys: readonly string[], vocabulary: readonly string[] = []): Redactor {
  const shown = new Map(keys.flatMap(credentialTexts).sort(([a], [b]) => b.length - a.length));
  // In one pass: what was put in is not looked at again. Of those that begin at one place the first, which is the longest, is taken.
  const pattern = new RegExp([...shown.keys()].map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const secrets = keys
    .filter((key) => key.length >= MINIMUM_SECRET_LENGTH && !vocabulary.some((text) => text.includes(key)))
    .flatMap((key) => [key, ...[`${key}:`, key].flatMap((text) => base64Writings(Buffer.from(text).toString('base64')))])
    .flatMap(writings);
  return {
    text: (text) => (shown.size === 0 ? text : text.replace(pattern, (secret) => shown.get(secret) ?? secret)),
    secrets: [...new Set(secrets)],
  };
}
