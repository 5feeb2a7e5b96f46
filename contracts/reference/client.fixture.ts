/** What the specs of the reference send requests with: `node:http`, and nothing of the suites. */
import { request as send, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { Reference } from './server.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Header lines besides or instead of the usual ones; null leaves one out; `transfer-encoding: chunked` makes two chunks of the body. */
  readonly headers?: Readonly<Record<string, string | string[] | null>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly timeoutMs?: number;
}

/** `Basic base64(KEY:)`. */
export function basic(key: string): string {
  return `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
}

let references = 0;
/** A reference that no other request of the process has. */
export function freshReference(): string {
  references += 1;
  return `spec_customer_${String(references).padStart(6, '0')}`;
}

export type Values = Readonly<Record<string, string | null>>;

/** The form body of a safe request, every documented field sent, with these values instead; null leaves one out. */
export function form(values: Values = {}): string {
  const all: Values = {
    object_reference_id: freshReference(),
    mobile_number: '987654321',
    email_address: 'john.smith@example.com',
    first_name: 'John',
    last_name: 'Smith',
    mobile_country_code: '55',
    'options.get_client_auth_token': 'false',
    ...values,
  };
  return new URLSearchParams(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)).toString();
}

/** Sends one request with the reference's own credential and merchant. Rejects on a timeout (2 s) or a dropped connection. */
export function exchange(
  reference: Reference,
  { method = 'POST', path = '/customers', headers = {}, body, agent, timeoutMs = 2_000 }: Sent = {},
): Promise<Answer> {
  const usual = {
    authorization: basic(reference.apiKey),
    'x-merchantid': reference.merchantId,
    ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const lines: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries<string | string[] | null>({ ...usual, ...headers })) if (value !== null) lines[name] = value;
  const { hostname, port } = new URL(reference.url);
  return new Promise((resolve, reject) => {
    // Not as a URL: that would tidy the path.
    const outgoing = send({ hostname, port, path, method, headers: lines, timeout: timeoutMs, ...(agent && { agent }) }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(pieces).toString('utf8') }));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    const inChunks = lines['transfer-encoding'] === 'chunked' && body !== undefined;
    if (inChunks) outgoing.write(body.slice(0, 20));
    outgoing.end(inChunks ? body.slice(20) : body);
  });
}

/** The members of a JSON answer. */
export function members(answer: Answer): Record<string, unknown> {
  const parsed: unknown = JSON.parse(answer.text);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`not a JSON object: ${answer.text}`);
  return { ...parsed };
}
