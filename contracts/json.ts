/**
 * JSON as RFC 8259 wants it, with what `JSON.parse` hides: whether the bytes are UTF-8, and members that occur twice.
 */
import { parse as parseTree, type AnyNode } from '@humanwhocodes/momoa';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

export interface ParsedJson {
  /** Absent when the bytes are no JSON. */
  readonly value?: JsonValue;
  /** Why they are none. */
  readonly error?: string;
  /** The text, wrong bytes replaced. */
  readonly text: string;
  /** Members that stand more than once in one object, as paths. */
  readonly repeated: readonly string[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function repeatedMembers(node: AnyNode, path: string, found: string[]): void {
  if (node.type === 'Document') repeatedMembers(node.body, path, found);
  if (node.type === 'Array') node.elements.forEach((element, index) => repeatedMembers(element.value, `${path}[${index}]`, found));
  if (node.type !== 'Object') return;
  const seen = new Set<string>();
  for (const member of node.members) {
    const name = member.name.type === 'String' ? member.name.value : member.name.name;
    const memberPath = path === '' ? name : `${path}.${name}`;
    if (seen.has(name)) found.push(memberPath);
    seen.add(name);
    repeatedMembers(member.value, memberPath, found);
  }
}

/** Parses the body of a response. Never throws: what is wrong is in the result. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { text: Buffer.from(bytes).toString('utf8'), error: 'the body is not UTF-8', repeated: [] };
  }
  try {
    const value = JSON.parse(text) as JsonValue;
    const repeated: string[] = [];
    // JSON.parse has accepted the text, so only valid trees are walked.
    repeatedMembers(parseTree(text, { mode: 'json' }), '', repeated);
    return { value, text, repeated };
  } catch (error) {
    return {
      text,
      error: text === '' ? 'the body is empty' : `the body is not JSON (${error instanceof Error ? error.message : String(error)})`,
      repeated: [],
    };
  }
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member at a dotted path (`juspay.client_auth_token`); undefined where there is none. */
export function memberAt(value: JsonValue | undefined, path: string): JsonValue | undefined {
  let current = value;
  for (const name of path.split('.')) {
    if (!isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}
