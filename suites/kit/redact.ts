/** Takes the API keys out of everything that leaves the run. */
import { credentialTexts } from './credentials.js';

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
  const replacements = keys.flatMap(credentialTexts).sort(([a], [b]) => b.length - a.length);
  const secrets = keys
    .filter((key) => key.length >= 8 && !vocabulary.some((text) => text.includes(key)))
    .flatMap((key) => [key, encodeURIComponent(key), ...[`${key}:`, key].map((text) => Buffer.from(text).toString('base64').replace(/=+$/, ''))]);
  return {
    text: (text) => replacements.reduce((result, [secret, shown]) => result.replaceAll(secret, shown), text),
    secrets: [...new Set(secrets)],
  };
}
