/**
 * What comes of requests, with everything left out that may differ from one start of a server to the next: two servers
 * that behave alike give the same texts.
 */
import { Agent } from 'node:http';
import { exchange, form, type Answer, type Sent, type Values } from './client.fixture.js';
import type { Reference } from './server.js';

/** What one server has shown so far. */
export interface Observer {
  readonly reference: Reference;
  /** Sends, and gives what came of it as text. */
  send(sent: Sent): Promise<string>;
  /** A create of a reference that is new unless it is given. */
  create(values?: Values, headers?: Sent['headers']): Promise<string>;
  /** The last id that was answered. */
  readonly lastId: string;
  fresh(): string;
}

export interface Topic {
  readonly name: string;
  readonly observe: (observer: Observer) => Promise<readonly string[]>;
}

const USUAL_HEADERS = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'content-type'];

/** @param onAnswer hears of what came of each request; what it throws ends the topic */
export function observer(reference: Reference, onAnswer?: (text: string) => void): Observer {
  const ids = new Map<string, number>();
  let count = 0;
  let lastId = '';
  const agent = new Agent({ keepAlive: true });
  const fresh = (): string => `battery_${String((count += 1)).padStart(6, '0')}`;
  const send = async (sent: Sent): Promise<string> => {
    const text = await outcome(sent);
    onAnswer?.(text);
    return text;
  };
  const outcome = async (sent: Sent): Promise<string> => {
    try {
      const answer = await exchange(reference, { agent, timeoutMs: 1_000, ...sent });
      lastId = /"id":"([^"]*)"/.exec(answer.text)?.[1] ?? lastId;
      return observed(answer, ids);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    reference,
    send,
    create: (values = {}, headers = {}) => send({ body: form({ object_reference_id: fresh(), ...values }), headers }),
    get lastId() {
      return lastId;
    },
    fresh,
  };
}

function observed({ status, headers, text }: Answer, ids: Map<string, number>): string {
  const others = Object.entries(headers).filter(([name]) => !USUAL_HEADERS.includes(name));
  const length = headers['content-length'] === undefined ? 'chunked' : Number(headers['content-length']) === Buffer.byteLength(text) ? 'whole' : 'cut';
  const dates = [...text.matchAll(/"(\w+)":"(\d{4}-\d\d-\d\dT[\d:.]+\D?[^"]*)"/g)].map(([, name, date]) => [name, Date.parse(date ?? '')] as const);
  const created = dates.find(([name]) => name === 'date_created')?.[1] ?? 0;
  const distances = dates.map(([name, time]) => `${name}${name === 'date_created' ? minutes(time - Date.now()) : Math.trunc((time - created) / 1_000)}`);
  const masked = text
    .replace(/cst_\w+|tkn_\w+/g, (id) => {
      if (!ids.has(id)) ids.set(id, ids.size);
      return `${id.replace(/[a-z0-9]/g, 'x')}#${ids.get(id)}`;
    })
    .replace(/"(\d{4}-\d\d-\d\dT[^"]*)"/g, (_, date: string) => date.replace(/\d/g, '9'));
  return [status, headers['content-type'], length, ...others.flat(), ...distances, masked].join(' ');
}

const minutes = (milliseconds: number): string => String(Math.round(milliseconds / 60_000));

/** One create for each of the values of a field. */
export const values =
  (field: string, list: readonly (string | null)[]): Topic['observe'] =>
  async ({ create }) => {
    const seen: string[] = [];
    for (const value of list) seen.push(await create({ [field]: value }));
    return seen;
  };
export const bodies =
  (list: readonly ((reference: string) => string | Buffer)[]): Topic['observe'] =>
  async ({ send, fresh }) => {
    const seen: string[] = [];
    for (const body of list) seen.push(await send({ body: body(fresh()) }));
    return seen;
  };
export const requests =
  (list: readonly Sent[]): Topic['observe'] =>
  async ({ send }) => {
    const seen: string[] = [];
    for (const sent of list) seen.push(await send(sent));
    return seen;
  };
