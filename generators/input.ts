/**
 * What a generator gives: shapes that can be drawn, shrunk and described, and that become the value of the one part of a
 * request that is under test.
 */
import fc from 'fast-check';
import type { Alphabet, CredentialForm, FieldName, MerchantForm } from '../contracts/model.js';

/** Gives `length` characters that were never given before in this run; only `object_reference_id` asks for them. */
export type Fresh = (length: number, alphabet: Alphabet) => string;

/** What is put into the one part under test. */
export type PartInput =
  /** `null`: the field is not sent. */
  | { readonly part: 'field'; readonly field: FieldName; readonly value: string | null }
  /** Several together; `null`: not sent. */
  | { readonly part: 'fields'; readonly values: Readonly<Partial<Record<FieldName, string | null>>> }
  /** With a form of the merchant header beside it, where that is not the canonical one. */
  | { readonly part: 'authorization'; readonly form: CredentialForm; readonly merchant?: MerchantForm }
  | { readonly part: 'merchant'; readonly form: MerchantForm }
  /** `null`: no header. */
  | { readonly part: 'content-type'; readonly value: string | null; readonly body: 'form' | 'json' }
  /** The body arrives in chunks. */
  | { readonly part: 'transfer' }
  | { readonly part: 'path'; readonly path: string };

/** The part of a value that an offender stands in: the whole value, an address's local part, a label of its domain, or behind the address. */
export type Place = 'value' | 'local-part' | 'domain' | 'domain-end';

/** How many bytes of UTF-8 a character of a run takes. */
export type BytesEach = 1 | 2 | 3 | 4;

/** One of a closed list, by its name. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly name: string;
}
/** So many characters, none of which matters. */
export interface RunShape {
  readonly kind: 'run';
  readonly length: number;
  readonly bytesEach: BytesEach;
}
/** The whole of what the rule looks at: the value, or the local part of an address. */
export interface TextShape {
  readonly kind: 'text';
  readonly text: string;
}
/** One character that matters, and what is in front of it and behind it. */
export interface AroundShape {
  readonly kind: 'around';
  readonly place: Place;
  readonly before: string;
  readonly offender: string;
  readonly after: string;
}
/** A shrinkable description of an input: plain data, not yet with unique characters. */
export type Shape = ChoiceShape | RunShape | TextShape | AroundShape;

/** The inputs of one half of a rule. */
export interface InputArbitrary {
  /** Sent always and first. Deterministic and complete, what finds most comes first, and every beginning of it has variety. */
  readonly boundaries: readonly Shape[];
  /** Draws more; shrinks its own boundaries too, without a context. */
  readonly arbitrary: fc.Arbitrary<Shape>;
  /** Turns a shape into the part's value. Pure, but for the characters that `fresh` gives. */
  render(shape: Shape, fresh: Fresh): PartInput;
  /** A few words for reports: "blank inside", "7 characters", "TAB at the end". */
  describe(shape: Shape): string;
  /**
   * The control of the minimal pair: the same value with the offender replaced by a good character. Without this method
   * the safe value is the control.
   */
  control?(shape: Shape, fresh: Fresh): PartInput;
}

/** A shape reached inputs that never made it: a mistake of the caller. */
export function foreignShape(shape: Shape): Error {
  return new Error(`a shape of kind ${shape.kind} belongs to other inputs: ${JSON.stringify(shape)}`);
}

/** One entry of a closed list of inputs. */
export interface Choice {
  readonly name: string;
  readonly input: (fresh: Fresh) => PartInput;
}

/**
 * Inputs that are a closed list: all of them are boundaries, in their order; drawing picks any; nothing shrinks, since no
 * entry is simpler than another. An empty list has no inputs: `undefined`.
 */
export function choices(entries: readonly Choice[]): InputArbitrary | undefined {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const boundaries = [...byName.keys()].map((name): Shape => ({ kind: 'choice', name }));
  if (boundaries.length === 0) return undefined;
  const isOne = (shape: unknown): shape is Shape => isShape(shape) && shape.kind === 'choice' && byName.has(shape.name);
  return {
    boundaries,
    arbitrary: new ShrinkingArbitrary(fc.constantFrom(...boundaries), isOne, () => []),
    render(shape, fresh) {
      const entry = shape.kind === 'choice' ? byName.get(shape.name) : undefined;
      if (!entry) throw foreignShape(shape);
      return entry.input(fresh);
    },
    describe: (shape) => (shape.kind === 'choice' ? shape.name : foreignShape(shape).message),
  };
}

/** Tells a shape from anything else, by its kind and the types of its members. */
export function isShape(value: unknown): value is Shape {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const has = (member: string, type: 'string' | 'number'): boolean => member in value && typeof Reflect.get(value, member) === type;
  switch (value.kind) {
    case 'choice':
      return has('name', 'string');
    case 'run':
      return has('length', 'number') && has('bytesEach', 'number');
    case 'text':
      return has('text', 'string');
    case 'around':
      return has('place', 'string') && has('before', 'string') && has('offender', 'string') && has('after', 'string');
    default:
      return false;
  }
}

/**
 * An arbitrary that draws with another one and shrinks by a pure function of the value. Every shrink is a request to a
 * live API, so the function gives a handful of bold steps and never a long tail; and since no context is needed, what
 * was not drawn (a boundary, a value from a report) shrinks as well.
 */
export class ShrinkingArbitrary extends fc.Arbitrary<Shape> {
  readonly #draw: fc.Arbitrary<Shape>;
  readonly #isOne: (value: unknown) => value is Shape;
  readonly #smaller: (shape: Shape) => Iterable<Shape>;

  /**
   * @param draw draws shapes; its own shrinking is not used
   * @param isOne tells which shapes belong here
   * @param smaller the next shapes to try, the boldest first; each of them has to be smaller, so that shrinking ends
   */
  constructor(draw: fc.Arbitrary<Shape>, isOne: (value: unknown) => value is Shape, smaller: (shape: Shape) => Iterable<Shape>) {
    super();
    this.#draw = draw;
    this.#isOne = isOne;
    this.#smaller = smaller;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Shape> {
    return new fc.Value(this.#draw.generate(random, biasFactor).value, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Shape {
    return this.#isOne(value);
  }

  override shrink(shape: Shape): fc.Stream<fc.Value<Shape>> {
    return fc.stream([...this.#smaller(shape)].map((smaller) => new fc.Value(smaller, undefined))[Symbol.iterator]());
  }
}
