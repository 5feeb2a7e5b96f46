/** `Authorization: Basic base64(API_KEY + ":")`, as the document has it and RFC 7617 reads it. */
import type { Credential, CredentialReading } from './behaviour.js';

const STRICT_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The part behind the scheme `Basic`, in whatever letter case; undefined for another scheme or none. */
export function basicToken(header: string | undefined): string | undefined {
  return /^basic +(\S+) *$/i.exec(header ?? '')?.[1];
}

/** base64 as text, in the strictness that the reading has; undefined where it is not base64. */
export function base64Text(token: string, reading: Pick<CredentialReading, 'padding' | 'urlAlphabet'>): string | undefined {
  let canonical = token;
  if (reading.urlAlphabet) canonical = canonical.replaceAll('-', '+').replaceAll('_', '/');
  if (reading.padding) {
    canonical = canonical.replace(/=+$/, '');
    canonical = canonical.padEnd(Math.ceil(canonical.length / 4) * 4, '=');
  }
  return STRICT_BASE64.test(canonical) ? Buffer.from(canonical, 'base64').toString('utf8') : undefined;
}

/** User name and password of the header; undefined where it has none, or not in a form that the reading accepts. */
export function readCredential(header: string | undefined, reading: CredentialReading): Credential | undefined {
  const token = basicToken(header);
  const text = token === undefined ? undefined : base64Text(token, reading);
  if (text === undefined || text === '') return undefined;
  const colon = text.indexOf(':');
  if (colon === -1) return reading.withoutColon ? { user: text, password: '' } : undefined;
  const password = text.slice(colon + 1);
  return password === '' || reading.password ? { user: text.slice(0, colon), password } : undefined;
}
