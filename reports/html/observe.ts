/** What the exchanges of a run come to, whatever they were sent for: the shapes of the answers, how long they took, how they ended. */
import { quantileSorted } from 'd3-array';
import type { Body, Exchange } from '../../contracts/finding.js';
import { bodyText, headerOf, parsedJson } from './decode.js';

/** Kinds of requests by what they do and how they ended: `create accepted`, `create refused`, `read accepted`… */
export type Kind = string;

/** Answers that are alike but for their values. */
export interface Shape {
  readonly kind: Kind;
  readonly status: number;
  /** Without parameters; empty where the answer names none. */
  readonly mediaType: string;
  /** The types of the body, on lines of their own; a word or two where it is no JSON. */
  readonly structure: string;
  /** The types of the members of a JSON object, each on a line; empty for any other body. */
  readonly members: ReadonlyMap<string, string>;
  readonly count: number;
  /** The first of them. */
  readonly sample: Exchange;
}

/** How long the answers to a kind of requests took, in milliseconds. */
export interface Latency {
  readonly kind: Kind;
  /** Ascending. */
  readonly durations: readonly number[];
  readonly median: number;
  readonly p95: number;
}

/** How the requests of a rule ended, by what they were sent as. */
export interface Outcome {
  readonly purpose: string;
  /** The status, or what went wrong on the way. */
  readonly answer: string;
  readonly count: number;
}

export interface Observations {
  readonly exchanges: number;
  /** By kind, the most frequent of a kind first. */
  readonly shapes: readonly Shape[];
  /** The most frequent kind first. */
  readonly latencies: readonly Latency[];
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] };

/** Sums exchanges up as they are added; one of each shape is kept, and nothing of the others. */
export class Observer {
  #total = 0;
  readonly #shapes = new Map<string, Mutable<Shape>>();
  readonly #durations = new Map<Kind, number[]>();
  readonly #outcomes = new Map<string, Map<string, Mutable<Outcome>>>();

  add(exchange: Exchange): void {
    const { response, failure, purpose, ruleId, durationMs } = exchange;
    const kind = kindOf(exchange);
    this.#total += 1;
    getOr(this.#durations, kind, () => []).push(durationMs);
    const answer = response === undefined ? (failure?.kind ?? 'no answer') : String(response.status);
    const ofRule = getOr(this.#outcomes, ruleId, () => new Map<string, Mutable<Outcome>>());
    getOr(ofRule, `${purpose} ${answer}`, () => ({ purpose, answer, count: 0 })).count += 1;
    if (response === undefined) return;
    const { status, headers, body, complete } = response;
    const mediaType = (headerOf(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const { key, structure, members } = structureOf(body, complete);
    const shape = (): Mutable<Shape> => ({ kind, status, mediaType, structure, members, count: 0, sample: exchange });
    getOr(this.#shapes, JSON.stringify([kind, status, mediaType, key]), shape).count += 1;
  }

  /** What they come to; undefined where there were none. */
  result(): Observations | undefined {
    if (this.#total === 0) return undefined;
    const byCount = [...this.#durations].sort(([a, left], [b, right]) => right.length - left.length || compare(a, b));
    const place = new Map(byCount.map(([kind], index) => [kind, index]));
    return {
      exchanges: this.#total,
      shapes: [...this.#shapes.values()].sort(
        (a, b) => (place.get(a.kind) ?? 0) - (place.get(b.kind) ?? 0) || b.count - a.count || a.status - b.status || compare(a.structure, b.structure),
      ),
      latencies: byCount.map(([kind, times]) => {
        const durations = [...times].sort((a, b) => a - b);
        return { kind, durations, median: quantileSorted(durations, 0.5) ?? 0, p95: quantileSorted(durations, 0.95) ?? 0 };
      }),
      outcomes: new Map(
        [...this.#outcomes].map(([ruleId, found]) => [
          ruleId,
          [...found.values()].sort((a, b) => compare(a.purpose, b.purpose) || compare(a.answer, b.answer)),
        ]),
      ),
    };
  }
}

/** Sums up all of them; undefined where there are none. */
export function observe(exchanges: Iterable<Exchange>): Observations | undefined {
  const observer = new Observer();
  for (const exchange of exchanges) observer.add(exchange);
  return observer.result();
}

/** What a request asks for and how it ended, in two or three words. */
export function kindOf({ request: { method, path }, response }: Pick<Exchange, 'request' | 'response'>): Kind {
  const plain = path.split('?', 1)[0] ?? path;
  const operation =
    method === 'POST' && plain.endsWith('/customers')
      ? 'create'
      : /\/customers\/[^/]+$/.test(plain) && method === 'GET'
        ? 'read'
        : /\/customers\/[^/]+$/.test(plain) && method === 'POST'
          ? 'update'
          : 'other request';
  if (response === undefined) return `${operation} without an answer`;
  const { status } = response;
  if (status >= 500) return `${operation} answered 5xx`;
  if (status === 429) return `${operation} throttled`;
  return `${operation} ${status >= 200 && status < 300 ? 'accepted' : status < 400 ? `answered ${String(status)}` : 'refused'}`;
}

/** Members of an object, or levels of a document, that are told apart; a target that sends more is no less odd for it. */
const MEMBERS = 50;
const LEVELS = 8;

/** The types of a body: `structure` to be read, with the members in their order, and `key` the same for each order. */
export function structureOf(body: Body, complete = true): Pick<Shape, 'structure' | 'members'> & { readonly key: string } {
  const parsed = parsedJson(body);
  if (parsed === undefined) {
    const text = bodyText(body).trimStart();
    const what =
      text === ''
        ? 'no body'
        : /^<(?:!doctype html|html)/i.test(text)
          ? 'HTML'
          : body.encoding === 'base64'
            ? 'bytes'
            : /^[[{]/.test(text)
              ? 'text that begins like JSON'
              : 'text';
    const structure = complete ? what : `${what}, cut off`;
    return { key: structure, structure, members: new Map() };
  }
  const { value } = parsed;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const members = Object.entries(isObject ? value : {}).slice(0, MEMBERS) as [string, unknown][];
  return {
    key: typeText(value, 0, true),
    structure: typeText(value, 0, false),
    members: new Map(members.map(([name, each]) => [name, typeText(each, 1, true).replace(/\n\s*/g, ' ')])),
  };
}

function typeText(value: unknown, level: number, sorted: boolean): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (level >= LEVELS) return '…';
  const indent = '  '.repeat(level + 1);
  if (Array.isArray(value)) {
    const kinds = [...new Set(value.slice(0, MEMBERS).map((each) => typeText(each, level, sorted)))].sort(compare);
    return kinds.length === 0 ? '[]' : `[${kinds.join(' | ')}]`;
  }
  const names = Object.keys(value);
  if (names.length === 0) return '{}';
  if (sorted) names.sort(compare);
  const lines = names.slice(0, MEMBERS).map((name) => {
    const shown = /^[\w.]{1,60}$/.test(name) ? name : JSON.stringify(name.slice(0, 60));
    return `${indent}${shown}: ${typeText((value as Readonly<Record<string, unknown>>)[name], level + 1, sorted)}`;
  });
  if (names.length > MEMBERS) lines.push(`${indent}… ${String(names.length - MEMBERS)} more`);
  return `{\n${lines.join('\n')}\n${'  '.repeat(level)}}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
