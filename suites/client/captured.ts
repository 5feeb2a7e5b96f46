/** One request of a client, as it came and as it was answered. */
import { readForm } from '../../contracts/reference/form.js';
import type { Call, Reply } from '../../contracts/reference/behaviour.js';
import { REFERENCE } from '../../contracts/reference/reference.js';
import type { JudgedRequest } from '../../contracts/judge.js';
import { isJsonObject, parseJson, type JsonValue } from '../../contracts/json.js';

/** What became of the answer on its way. */
export type Delivery = 'under way' | 'whole' | 'cut off' | 'reset' | 'abandoned';

export type Fields = readonly (readonly [name: string, value: string])[];

export interface Captured {
  /** From 1, in the order in which the requests were complete. */
  readonly number: number;
  readonly method: string;
  /** As on the wire, with its query. */
  readonly target: string;
  /** Without its query. */
  readonly path: string;
  readonly kind: 'create' | 'read' | 'update' | 'elsewhere';
  /** Names in the letter case in which they came. */
  readonly headers: Fields;
  readonly body: Buffer;
  /** How the body is written, whatever Content-Type says of it. */
  readonly bodyForm: 'none' | 'form' | 'json' | 'multipart' | 'unreadable';
  /** The fields of the body, those of a JSON body included; undefined where it cannot be decoded. */
  readonly fields: Fields | undefined;
  /** The name of the answer that it got instead of the honest one. */
  readonly scripted?: string;
  readonly reply: Reply;
  delivery: Delivery;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  endedAt: number;
}

/** The first value of a header, however its name is written. */
export function headerOf({ headers }: Pick<Captured, 'headers'>, name: string): string | undefined {
  return headers.find(([sent]) => sent.toLowerCase() === name)?.[1];
}

/** The only value of a field; undefined where there is none, or several. */
export function fieldOf({ fields }: Pick<Captured, 'fields'>, name: string): string | undefined {
  const values = fields?.filter(([sent]) => sent === name) ?? [];
  return values.length === 1 ? values[0]?.[1] : undefined;
}

/** Whether the customer was created or changed, or the answer was given. */
export function isAccepted({ reply }: Pick<Captured, 'reply'>): boolean {
  return reply.status >= 200 && reply.status < 300;
}

/** Creates that are about the same customer: everything but the reference is equal. */
export function sameCustomer({ fields = [] }: Pick<Captured, 'fields'>): string {
  return JSON.stringify(fields.filter(([name]) => name !== 'object_reference_id'));
}

/** The request as the judge of requests sees it. */
export function judgedRequest({ method, target, headers, fields, body }: Captured, apiKey: string): JudgedRequest {
  return { method, path: target, headers, fields, rawBody: body, apiKey };
}

/** Names and values, which Node hands over in one list. */
export function pairsOf(rawHeaders: readonly string[]): Fields {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
}

/** What the body of a call holds. */
export function readBody(call: Pick<Call, 'headers' | 'body'>): Pick<Captured, 'bodyForm' | 'fields'> {
  const { body, headers } = call;
  if (body.length === 0) return { bodyForm: 'none', fields: [] };
  if (/^multipart\//i.test(headers['content-type'] ?? '')) return { bodyForm: 'multipart', fields: undefined };
  const json = /^\s*\{/.test(body.toString('latin1', 0, 64)) ? parseJson(body).value : undefined;
  if (isJsonObject(json)) return { bodyForm: 'json', fields: leaves(json, '') };
  const pairs = readForm(body, REFERENCE);
  return pairs === undefined
    ? { bodyForm: 'unreadable', fields: undefined }
    : { bodyForm: 'form', fields: pairs.map(({ key, value }) => [key, value] as const) };
}

/** The members of a JSON body as fields: `{"options":{"get_client_auth_token":true}}` has the documented dotted name. */
function leaves(value: JsonValue, name: string): Fields {
  if (!isJsonObject(value)) return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([member, inner]) => leaves(inner, name === '' ? member : `${name}.${member}`));
}
