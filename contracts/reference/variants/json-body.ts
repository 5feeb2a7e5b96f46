/** A JSON body in the place of a form: the reading of newer pages. */
import type { Pair } from '../behaviour.js';

/** The members of a JSON object as pairs, `options: { a: … }` as `options.a`; undefined for anything but such an object. */
export function readJson(body: Buffer): readonly Pair[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  return isMembers(parsed) ? pairsOf(parsed, '') : undefined;
}

function pairsOf(members: Readonly<Record<string, unknown>>, prefix: string): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const [name, value] of Object.entries(members)) {
    const key = `${prefix}${name}`;
    if (value === null) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') pairs.push({ key, value: String(value) });
    else {
      // One level is all that a documented field has.
      const inner = isMembers(value) && prefix === '' ? pairsOf(value, `${key}.`) : undefined;
      if (inner === undefined) return undefined;
      for (const pair of inner) pairs.push(pair);
    }
  }
  return pairs;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
