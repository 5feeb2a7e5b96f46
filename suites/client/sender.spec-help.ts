/** Requests of clients, good and bad, for the specs of the suite for clients. */
import { request as send } from 'node:http';

export interface Served {
  readonly url: string;
  readonly apiKey: string;
  readonly merchantId: string;
}

export const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

let references = 0;
/** A reference that no other request of the process has. */
export const reference = (): string => `cust_spec_${String((references += 1)).padStart(4, '0')}`;

/** The form of a good create; `undefined` leaves a field out. */
export function form(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const fields = { object_reference_id: reference(), mobile_number: '987654321', email_address: 'ana@example.com', ...changes };
  return new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Instead of or besides the right ones; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request with everything right but what is given. Rejects where the connection breaks. */
export function ask({ url, apiKey, merchantId }: Served, { method = 'POST', path = '/customers', headers = {}, body = form() }: Sent = {}): Promise<Answered> {
  const right = { authorization: basic(`${apiKey}:`), 'x-merchantid': merchantId, 'content-type': 'application/x-www-form-urlencoded' };
  const lines = Object.entries({ ...right, ...headers }).filter((entry): entry is [string, string] => entry[1] !== null);
  return new Promise((resolve, reject) => {
    const outgoing = send(`${url}${path}`, { method, headers: Object.fromEntries(lines), agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(pieces).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'GET' ? undefined : body);
  });
}
