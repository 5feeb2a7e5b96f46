/** Inputs for values that the document leaves open: one for each case, from its template. */
import type { FieldName, OpenValuesConstraint } from '../contracts/model.js';
import { isNumeric, LOCAL_PART, ordinary, SHORTEST_SAFE_REFERENCE } from './fields.js';
import type { Choice, Fresh } from './input.js';

/** `{fill}` and `{fill:12}`. */
const FILL = /\{fill(?::(\d+))?\}/g;

/** Ordinary characters where the template does not say how many: as many as keep a value with a character or two beside them ordinary. */
const ORDINARY: Readonly<Record<Exclude<FieldName, 'object_reference_id'>, string>> = {
  mobile_number: '98765432',
  mobile_country_code: '55',
  email_address: LOCAL_PART,
  first_name: 'Maria',
  last_name: 'Silva',
  'options.get_client_auth_token': 'true',
};

/** Characters of a reference for every `{fill}` of a template: unique as a whole, and 12 or more in all where the template leaves the choice. */
function uniqueFills(template: string, fresh: Fresh): string[] {
  const lengths = [...template.matchAll(FILL)].map(([, length]) => (length === undefined ? undefined : Number(length)));
  const given = lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0) + [...template.replaceAll(FILL, '')].length;
  const free = lengths.filter((length) => length === undefined).length;
  const each = free === 0 ? 0 : Math.max(6, Math.ceil((SHORTEST_SAFE_REFERENCE - given) / free));
  const counts = lengths.map((length) => length ?? each);
  const unique = fresh(
    counts.reduce((sum, count) => sum + count, 0),
    'word',
  );
  let start = 0;
  return counts.map((count) => unique.slice(start, (start += count)));
}

function ordinaryFill(field: Exclude<FieldName, 'object_reference_id'>, length: string | undefined): string {
  if (length === undefined) return ORDINARY[field];
  return ordinary(isNumeric(field) ? 'digits' : 'letters', Number(length));
}

/** The value of a template. */
export function fillTemplate(field: FieldName, template: string, fresh: Fresh): string {
  if (field !== 'object_reference_id') return template.replaceAll(FILL, (_, length: string | undefined) => ordinaryFill(field, length));
  if (!template.includes('{fill')) return template;
  const fills = uniqueFills(template, fresh);
  return template.replaceAll(FILL, () => fills.shift() ?? '');
}

/** Each case with its value; `null` leaves the field out. */
export function openValues(constraint: OpenValuesConstraint): Choice[] {
  const { field, cases } = constraint;
  return Object.entries(cases).map(([name, template]) => ({
    name,
    input: (fresh) => ({ part: 'field', field, value: template === null ? null : fillTemplate(field, template, fresh) }),
  }));
}
