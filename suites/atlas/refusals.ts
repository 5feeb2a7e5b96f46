/** The bodies of refusals, gathered by what they are about: which documented error body the target speaks, and when. */
import type { AtlasError } from '../../contracts/atlas.js';
import type { Exchange } from '../../contracts/finding.js';
import { isJsonObject, memberAt } from '../../contracts/json.js';
import type { Observation } from '../kit/observation.js';
import { bodyOf } from '../kit/readings.js';

export interface Refusal {
  readonly kind: AtlasError['kind'];
  /** The field at fault; absent where none is. */
  readonly field?: string;
}

interface Gathered extends Omit<AtlasError, 'fields' | 'namesField' | 'sample' | 'count'> {
  readonly fields: Set<string>;
  readonly exchange: () => Exchange;
  count: number;
  named: number;
}

const TEXTS = ['status', 'error_code', 'error_info.code'] as const;

function isNamed(text: string, field: string | undefined): boolean {
  // The wire name, camel case and words: all are seen in refusals.
  const bare = (each: string): string => each.toLowerCase().replaceAll(/[\s_.]/g, '');
  return field !== undefined && bare(text).includes(bare(field));
}

export class Refusals {
  readonly #kinds = new Map<string, Gathered>();

  /** Notes a refusal; of those that are alike the first is the sample. */
  add({ kind, field }: Refusal, { response, json, exchange }: Observation): void {
    if (response === undefined) return;
    const value = json.value;
    const isObject = isJsonObject(value);
    const texts = TEXTS.flatMap((member) => {
      const text = memberAt(value, member);
      return typeof text === 'string' ? [text] : [];
    });
    const known = {
      kind,
      status: response.status,
      body: isObject ? bodyOf(value) : ('other' as const),
      form: isObject ? (isJsonObject(value['error_info']) ? ('with error_info' as const) : ('flat' as const)) : ('no JSON object' as const),
      texts,
    };
    const key = JSON.stringify(known);
    const gathered = this.#kinds.get(key) ?? { ...known, fields: new Set<string>(), count: 0, named: 0, exchange };
    this.#kinds.set(key, gathered);
    gathered.count += 1;
    if (field !== undefined) gathered.fields.add(field);
    // What a refusal repeats of the value is not what it says of the field, and values hold no names of fields.
    if (isNamed(json.text, field)) gathered.named += 1;
  }

  /** By kind in the order of `kinds`, the most frequent first. */
  list(kinds: readonly AtlasError['kind'][]): AtlasError[] {
    return [...this.#kinds.values()]
      .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.count - a.count || (JSON.stringify(a.texts) < JSON.stringify(b.texts) ? -1 : 1))
      .flatMap(({ fields, named, exchange, ...rest }) => {
        const { response } = exchange();
        if (response === undefined) return [];
        const namesField = named === 0 ? ('never' as const) : named === rest.count ? ('always' as const) : ('sometimes' as const);
        return [{ ...rest, fields: [...fields].sort(), namesField, sample: response }];
      });
  }
}
