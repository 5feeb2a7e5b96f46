/** A request of a report, made ready to be sent again: the key put back, the reference fresh, the other bytes as they were. */
import { randomInt } from 'node:crypto';
import type { SentRequest } from '../../../contracts/finding.js';
import { freshReference, referenceParts, replaceReferences, writtenReferences } from '../../../contracts/fresh-reference.js';
import { credentialForm, withKey } from '../credentials.js';
import type { Account, Draft } from '../draft.js';

/** Where the request was sent, and where it goes. */
export interface Restoring {
  /** The merchant id and run token of the run that it is of. */
  readonly then: { readonly merchantId: string; readonly runToken: string };
  readonly account: Account;
  /** Of this sending. */
  readonly runToken: string;
  readonly readingOpen?: boolean;
}

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** So many characters of an alphabet, by chance. */
export function drawn(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** The draft of a request, each time with another reference; or why it cannot be put together again. */
export function restored(request: SentRequest, restoring: Restoring): Draft | string {
  const { account, then, runToken } = restoring;
  const form = credentialForm(request.headers.find(([name]) => name === 'Authorization')?.[1]);
  const isChunked = request.headers.some(([name, value]) => name === 'Transfer-Encoding' && value === 'chunked');
  const contentType = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const asItIs = (text: string): string => text;
  const inForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
  const { encoding, text } = request.body;
  // Latin-1 has a character for each byte, so that nothing is lost on the way.
  const written = withKey(
    Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8').toString('latin1'),
    account.apiKey,
    FORM.test(contentType) ? inForm : asItIs,
  );
  const path = withKey(request.path, account.apiKey, encodeURIComponent);
  const headers = request.headers
    .filter(([name]) => !(name === 'Authorization' && form !== undefined) && !(isChunked && name === 'Transfer-Encoding'))
    .map(([name, value]) => [name, withKey(merchantOf(name, value, then.merchantId, account.merchantId), account.apiKey, asItIs)] as const);
  if (written === undefined || path === undefined || headers.some(([, value]) => value === undefined))
    return 'the report holds only a part of what was made of the key, so the request cannot be put together again';
  const references = new Map(writtenReferences(written).map((each) => [each, freshReference(referenceParts(each, then.runToken), runToken, drawn)]));
  const body = Buffer.from(replaceReferences(written, references), 'latin1');
  const hasBody = body.length > 0 || !['GET', 'HEAD'].includes(request.method);
  return {
    method: request.method,
    path: replaceReferences(path, references),
    fields: hasBody ? [...new URLSearchParams(body.toString('utf8'))] : [],
    account,
    credential: form ?? 'absent',
    // All headers go out as they were, in their order.
    merchant: 'absent',
    contentType: null,
    headers: headers.map(([name, value]) => [name, value ?? ''] as const),
    ...(hasBody ? { body } : {}),
    ...(isChunked ? { chunked: true } : {}),
    ...(restoring.readingOpen === undefined ? {} : { readingOpen: restoring.readingOpen }),
  };
}

/** The merchant id of the run, and what was made of it, becomes that of the target it goes to. */
function merchantOf(name: string, value: string, then: string, now: string): string {
  return name.toLowerCase() === 'x-merchantid' && value.startsWith(then) ? now + value.slice(then.length) : value;
}
