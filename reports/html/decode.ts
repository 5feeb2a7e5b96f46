/** Bodies of messages read: the fields of a form, the members of a JSON document. */
import type { Body, SentRequest } from '../../contracts/finding.js';

type Headers = SentRequest['headers'];

/** Characters of a body that are still read; what is longer was sent to be long, and a table of it would help nobody. */
const READABLE = 200_000;

/** The first header of that name, whatever its case. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** The body as text; bytes that are no UTF-8 as U+FFFD. */
export function bodyText({ encoding, text }: Body): string {
  return encoding === 'utf-8' ? text : Buffer.from(text, 'base64').toString('utf8');
}

/** The fields of a form body, decoded, in their order; undefined where it is none, or too long to be read. */
export function formFields({ headers, body }: Pick<SentRequest, 'headers' | 'body'>): [name: string, value: string][] | undefined {
  const type = headerOf(headers, 'content-type');
  if (type?.toLowerCase().includes('x-www-form-urlencoded') !== true || body.text === '' || body.text.length > READABLE) return undefined;
  return [...new URLSearchParams(bodyText(body))];
}

/** One member of a JSON document: where it is (`error_info.fields[0].reason`; empty for the document itself) and what, a string as it is and all else as JSON. */
export interface Member {
  readonly path: string;
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'empty object' | 'empty array';
  readonly value: string;
}

/** JSON text parsed; undefined where it is none, or too long to be read. */
export function parsedJson(body: Body): { readonly value: unknown } | undefined {
  if (body.encoding !== 'utf-8' || body.text.length > READABLE) return undefined;
  try {
    return { value: JSON.parse(body.text) as unknown };
  } catch {
    return undefined;
  }
}

/** The members of a JSON document that hold no others, in its order; undefined where the body is no JSON, or too long to be read. */
export function jsonMembers(body: Body): Member[] | undefined {
  const parsed = parsedJson(body);
  if (parsed === undefined) return undefined;
  const found: Member[] = [];
  // A list of its own instead of calls: a hostile document may be nested thousands deep.
  const rest: { readonly path: string; readonly value: unknown }[] = [{ path: '', value: parsed.value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { path, value } = next;
    if (typeof value === 'object' && value !== null) {
      const inner = Array.isArray(value)
        ? value.map((each: unknown, index) => ({ path: `${path}[${String(index)}]`, value: each }))
        : Object.entries(value).map(([name, each]: [string, unknown]) => ({ path: path === '' ? name : `${path}.${name}`, value: each }));
      if (inner.length === 0) found.push({ path, type: Array.isArray(value) ? 'empty array' : 'empty object', value: Array.isArray(value) ? '[]' : '{}' });
      for (const each of inner.reverse()) rest.push(each);
    } else if (typeof value === 'string') found.push({ path, type: 'string', value });
    else found.push({ path, type: value === null ? 'null' : (typeof value as 'number' | 'boolean'), value: String(value) });
  }
  return found;
}
