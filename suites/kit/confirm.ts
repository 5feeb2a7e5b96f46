/** A failure is sent again before it is said, and then made as small as it goes. */
import fc from 'fast-check';
import type { FieldName } from '../../contracts/model.js';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import type { Context } from './context.js';
import { DROPPABLE, fieldOf, withField, type Recipe } from './draft.js';
import type { Observation } from './observation.js';
import { SendingEnded } from './pacing.js';

/** Repetitions that a failure has to survive. */
const CONFIRMATIONS = 2;
/** Repetitions more, when one of those was good, to tell how often it breaks. */
const FURTHER = 6;
/** Most requests that making one counterexample smaller may take. */
const SHRINK_REQUESTS = 60;

export type IsBroken = (observation: Observation) => boolean;

export interface Confirmation {
  readonly tries: number;
  readonly repeats: number;
}

/** The same request again, with a fresh reference. */
export async function repeat(
  context: Context,
  observation: Observation,
  purpose: 'confirmation' | 'shrink',
  recipe: Recipe = observation.recipe,
): Promise<Observation> {
  const { again: _again, shrinkable: _shrinkable, ...intent } = observation.intent;
  return context.send(recipe, { ...intent, attempt: context.repetition(`${intent.ruleId} repetitions`), purpose });
}

/**
 * Sends a failure again: twice, and more often when it does not repeat each time.
 * @throws SendingEnded when nothing may be sent any more, or nobody is there to break anything
 */
export async function confirm(context: Context, observation: Observation, isBroken: IsBroken): Promise<Confirmation> {
  let tries = 0;
  let repeats = 0;
  for (let wanted = CONFIRMATIONS; tries < wanted && context.takeSpare(); tries += 1) {
    const { again } = observation.intent;
    const repeated = again === undefined ? await repeat(context, observation, 'confirmation') : await again(tries);
    if (repeated?.failure?.kind === 'unreachable') throw new SendingEnded('the target cannot be reached any more');
    if (repeated !== undefined && isBroken(repeated)) repeats += 1;
    else wanted = CONFIRMATIONS + FURTHER;
  }
  return { tries, repeats };
}

export interface Shrinking {
  readonly observation: Observation;
  readonly isBroken: IsBroken;
  /** The input under test; without one only optional fields are dropped. */
  readonly input?: { readonly input: InputArbitrary; readonly shape: Shape; readonly recipe: (shape: Shape) => Recipe };
  /** Fields that the failure is about. */
  readonly keep: readonly FieldName[];
}

export interface Shrunk {
  readonly observation: Observation;
  readonly shape?: Shape;
  /** Fields that it does without. */
  readonly dropped: readonly FieldName[];
  /** False when the budget ended before everything was tried. */
  readonly complete: boolean;
}

const without =
  (recipe: Recipe, dropped: readonly FieldName[]): Recipe =>
  (fresh) =>
    dropped.reduce((draft, field) => withField(draft, field, null), recipe(fresh));

/** Makes a counterexample small: optional fields to absent, then the input by fast-check's shrinking. */
export async function shrink(context: Context, { observation, isBroken, input, keep }: Shrinking): Promise<Shrunk> {
  let left = context.config.shrinkRequests ?? SHRINK_REQUESTS;
  // A body that is not made of the fields stays as it is, all of it.
  let complete = observation.draft.body === undefined || input !== undefined;
  let smallest = observation;
  let smallestShape = input?.shape;
  const stillBroken = async (recipe: Recipe): Promise<Observation | undefined> => {
    if (left <= 0 || !context.takeSpare()) {
      complete = false;
      return undefined;
    }
    left -= 1;
    const attempt = await repeat(context, observation, 'shrink', recipe);
    return isBroken(attempt) ? attempt : undefined;
  };

  const droppable =
    observation.draft.body === undefined ? DROPPABLE.filter((field) => !keep.includes(field) && fieldOf(observation.draft, field) !== undefined) : [];
  let dropped: readonly FieldName[] = [];
  const drop = async (fields: readonly FieldName[]): Promise<boolean> => {
    const candidate = [...dropped, ...fields];
    const attempt = fields.length === 0 ? undefined : await stillBroken(without(observation.recipe, candidate));
    if (attempt === undefined) return false;
    smallest = attempt;
    dropped = candidate;
    return true;
  };
  // A target may require the e-mail address, so all but it come first.
  const withEmail = droppable.filter((field) => field !== 'email_address');
  if (await drop(withEmail)) {
    if (droppable.includes('email_address')) await drop(['email_address']);
  } else if (droppable.length > 0) {
    for (const field of droppable) await drop([field]);
  }

  if (input !== undefined) {
    const { arbitrary } = input.input;
    const property = fc.asyncProperty(arbitrary, async (shape) => {
      if (shape === input.shape) return false;
      const attempt = await stillBroken(without(input.recipe(shape), dropped));
      if (attempt === undefined) return true;
      smallest = attempt;
      smallestShape = shape;
      return false;
    });
    // The shape is known to fail, so it goes in as the example, and fast-check does what it does after a failure.
    if (arbitrary.canShrinkWithoutContext(input.shape)) await fc.check(property, { examples: [[input.shape]], numRuns: 1, seed: context.config.seed });
  }
  return { observation: smallest, ...(smallestShape === undefined ? {} : { shape: smallestShape }), dropped, complete };
}
