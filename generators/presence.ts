/** Inputs for "the field is required" and "the field may be left out". */
import type { FieldName, PresenceConstraint } from '../contracts/model.js';
import { goodValue } from './fields.js';
import { choices, type Choice, type InputArbitrary, type PartInput } from './input.js';

const field = (name: FieldName, value: string | null): PartInput => ({ part: 'field', field: name, value });

/** Required: sent with a good value. Optional: left out, all of its fields in one request. */
export function conformingPresence(constraint: PresenceConstraint): InputArbitrary | undefined {
  const [first, ...others] = constraint.fields;
  if (constraint.presence === 'required') {
    return choices(constraint.fields.map((name): Choice => ({ name: `${name} sent`, input: (fresh) => field(name, goodValue(name, fresh)) })));
  }
  if (others.length === 0) return choices([{ name: 'not sent', input: () => field(first, null) }]);
  const values = Object.fromEntries(constraint.fields.map((name) => [name, null]));
  return choices([{ name: 'none of them sent', input: () => ({ part: 'fields', values }) }]);
}

/** Required: absent and empty, of each field. Nothing breaks "may be left out". */
export function violatingPresence(constraint: PresenceConstraint): InputArbitrary | undefined {
  if (constraint.presence === 'optional') return undefined;
  const several = constraint.fields.length > 1;
  return choices(
    constraint.fields.flatMap((name): Choice[] => [
      { name: several ? `${name} not sent` : 'not sent', input: () => field(name, null) },
      { name: several ? `${name} empty` : 'empty', input: () => field(name, '') },
    ]),
  );
}
