/** Inputs for the forms that an `object_reference_id` typically has. */
import fc from 'fast-check';
import type { FormsConstraint, ReferenceForm } from '../contracts/model.js';
import { foreignShape, isShape, ShrinkingArbitrary, type Fresh, type InputArbitrary, type Shape } from './input.js';

/** Lengths of the unique part of each form, the ones sent always first: none of them makes a reference shorter than 8 or longer than 40. */
const LENGTHS: Readonly<Record<ReferenceForm, readonly [number, ...number[]]>> = {
  // `cust_123489` has six digits; twelve keep their uniqueness over many runs against one target.
  prefixed: [12, 8, 20],
  email: [12, 8, 20],
  mobile: [10, 9, 8],
  'database-id': [12, 8, 18],
};

const MEANS: Readonly<Record<ReferenceForm, string>> = {
  prefixed: 'digits with a prefix',
  email: 'an e-mail address',
  mobile: 'a mobile number',
  'database-id': 'a database id',
};

function reference(form: ReferenceForm, length: number, fresh: Fresh): string {
  switch (form) {
    case 'prefixed':
      return `cust_${fresh(length, 'digits')}`;
    case 'email':
      return `${fresh(length, 'word')}@example.com`;
    case 'mobile':
    case 'database-id':
      return fresh(length, 'digits');
  }
}

/** A form and a length in one name: `mobile/10`. */
const shapeOf = (form: ReferenceForm, length: number): Shape => ({ kind: 'choice', name: `${form}/${length}` });

/** A reference in each of the forms, in several lengths. Other forms are left open, so there is nothing that breaks the rule. */
export function conformingForms(constraint: FormsConstraint): InputArbitrary {
  const rounds = Array.from({ length: 3 }, (_, round) =>
    constraint.forms.flatMap((form) => LENGTHS[form].slice(round, round + 1).map((length) => shapeOf(form, length))),
  );
  const read = (shape: Shape): { form: ReferenceForm; length: number } => {
    const found = shape.kind === 'choice' ? /^(.+)\/(\d+)$/.exec(shape.name) : null;
    const form = constraint.forms.find((candidate) => candidate === found?.[1]);
    const length = Number(found?.[2]);
    if (form === undefined || !(length >= 8 && length <= Math.max(...LENGTHS[form]))) throw foreignShape(shape);
    return { form, length };
  };
  const isOne = (value: unknown): value is Shape => {
    if (!isShape(value)) return false;
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
  const draw = fc.constantFrom(...constraint.forms).chain((form) =>
    // Short numbers are few; only the boundaries take the shortest, so that drawn ones never meet.
    fc.integer({ min: Math.min(10, Math.max(...LENGTHS[form])), max: Math.max(...LENGTHS[form]) }).map((length) => shapeOf(form, length)),
  );
  return {
    boundaries: rounds.flat(),
    arbitrary: new ShrinkingArbitrary(draw, isOne, (shape) => {
      const { form, length } = read(shape);
      return LENGTHS[form].filter((shorter) => shorter < length && shorter >= 10).map((shorter) => shapeOf(form, shorter));
    }),
    render: (shape, fresh) => {
      const { form, length } = read(shape);
      return { part: 'field', field: 'object_reference_id', value: reference(form, length, fresh) };
    },
    describe: (shape) => {
      const { form, length } = read(shape);
      return `${MEANS[form]}, ${length} characters of it unique`;
    },
  };
}
