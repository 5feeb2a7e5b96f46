/** Inputs for the forms that an `object_reference_id` typically has. */
import fc from 'fast-check';
import type { FieldName, FormsConstraint, ReferenceForm } from '../contracts/model.js';
import { foreignShape, isShape, ShrinkingArbitrary, type Fresh, type InputArbitrary, type Shape } from './input.js';

/** Lengths of the unique part of each form, those sent always: none of them makes a reference shorter than 8 or longer than 64. */
const LENGTHS: Readonly<Record<ReferenceForm, readonly [first: number, second: number, third: number]>> = {
  // `cust_123489` has six digits; more keep their uniqueness over many runs against one target.
  prefixed: [20, 12, 8],
  email: [12, 20, 8],
  mobile: [10, 9, 8],
  'database-id': [24, 16, 12],
};
/** This long a prefix begins with a capital. */
const CAPITAL = 20;
/** This long an address has a tag and several dots in it. Further specials of addresses are left open as those of references. */
const TAGGED = 12;
/** This long a database id is hexadecimal, as those of documents are, or has zeros in front. */
const [HEXADECIMAL, FILLED_UP] = [24, 16] as const;
const SHORTEST = 8;
/** Short numbers are few; only the boundaries take the shortest, so that drawn ones never meet. */
const SHORTEST_DRAWN = 10;

/** This long, it is the value of another field of the same customer too, as in the published sample. */
const SHARED: Partial<Readonly<Record<ReferenceForm, { readonly length: number; readonly field: FieldName }>>> = {
  email: { length: 20, field: 'email_address' },
  mobile: { length: 9, field: 'mobile_number' },
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
      return `${length === CAPITAL ? 'Cust' : 'cust'}_${fresh(length, 'digits')}`;
    case 'email': {
      const word = fresh(length, 'word');
      return length === TAGGED ? `${word}.b-c_d+tag.1@mail.example.com` : `${word}@example.com`;
    }
    case 'database-id':
      // A digit in front and letters behind it: neither a number nor a name of a programming language.
      if (length === HEXADECIMAL) return `6f${fresh(length - 4, 'digits')}be`;
      // Counted ids are often filled up with zeros; a target that takes them for numbers drops these.
      return length === FILLED_UP ? `000${fresh(length - 3, 'digits')}` : fresh(length, 'digits');
    case 'mobile':
      // As a mobile number too, it does not begin with a zero: what becomes of one is left open.
      return length === SHARED.mobile?.length ? `9${fresh(length - 1, 'digits')}` : fresh(length, 'digits');
  }
}

const longestOf = (form: ReferenceForm): number => Math.max(...LENGTHS[form]);

/** A form and a length in one name: `mobile/10`. */
const shapeOf = (form: ReferenceForm, length: number): Shape => ({ kind: 'choice', name: `${form}/${length}` });

interface FormAndLength {
  readonly form: ReferenceForm;
  readonly length: number;
}

function parsed(constraint: FormsConstraint, value: unknown): FormAndLength | undefined {
  if (!isShape(value) || value.kind !== 'choice') return undefined;
  const [name, digits] = value.name.split('/');
  const form = constraint.forms.find((candidate) => candidate === name);
  const length = Number(digits);
  return form !== undefined && length >= SHORTEST && length <= longestOf(form) ? { form, length } : undefined;
}

/** A reference in each of the forms, in several lengths. Other forms are left open, so there is nothing that breaks the rule. */
export function conformingForms(constraint: FormsConstraint): InputArbitrary {
  const rounds = [0, 1, 2].flatMap((round) => constraint.forms.map((form) => shapeOf(form, LENGTHS[form][round] ?? SHORTEST_DRAWN)));
  const read = (shape: Shape): FormAndLength => {
    const found = parsed(constraint, shape);
    if (!found) throw foreignShape(shape);
    return found;
  };
  const draw = fc
    .constantFrom(...constraint.forms)
    .chain((form) => fc.integer({ min: SHORTEST_DRAWN, max: longestOf(form) }).map((length) => shapeOf(form, length)));
  const isOne = (value: unknown): value is Shape => parsed(constraint, value) !== undefined;
  return {
    boundaries: rounds,
    arbitrary: new ShrinkingArbitrary(draw, isOne, (shape) => {
      const { form, length } = read(shape);
      return length > SHORTEST_DRAWN ? [shapeOf(form, SHORTEST_DRAWN)] : [];
    }),
    render: (shape, fresh) => {
      const { form, length } = read(shape);
      const value = reference(form, length, fresh);
      const shared = SHARED[form];
      return length === shared?.length
        ? { part: 'fields', values: { object_reference_id: value, [shared.field]: value } }
        : { part: 'field', field: 'object_reference_id', value };
    },
    describe: (shape) => {
      const { form, length } = read(shape);
      const shared = SHARED[form];
      return `${MEANS[form]}, ${length} characters of it unique${length === shared?.length ? `, which is the ${shared.field} too` : ''}`;
    },
  };
}
