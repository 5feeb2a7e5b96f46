/** From a failure to its finding: confirmed, shrunk, with the good request beside it. */
import type { Finding } from '../../contracts/finding.js';
import type { FieldName, Rule } from '../../contracts/model.js';
import type { Shape } from '../../generators/input.js';
import type { Candidate } from './check.js';
import { confirm, repeat, shrink, type Confirmation, type IsBroken } from './confirm.js';
import type { Context } from './context.js';
import { fieldOf, withField, withInput, type Recipe } from './draft.js';
import { gotOf, makeCounterexample, makeFinding } from './findings.js';
import { isBroken as isUnanswered, type Observation } from './observation.js';
import { SendingEnded } from './pacing.js';

export interface Conclusion {
  readonly candidate: Candidate;
  readonly isBroken: IsBroken;
  /** How often it broke of how often it could, the confirmations not counted. */
  readonly rate: { readonly broken: number; readonly of: number };
  readonly reason: string;
  /** What the smallest request was to get, and what it got, where that depends on it. */
  readonly expected?: (observation: Observation) => string;
  readonly got?: (observation: Observation) => string;
  readonly judged?: number;
  /** One exchange proves it: nothing is sent again. */
  readonly proven?: boolean;
  /** The exchanges show it by themselves: that it does not come again at all says that what led up to it is gone. */
  readonly witnessed?: boolean;
  /** What led up to it. */
  readonly before?: readonly Observation[];
  /** Fields that it is about, which are not dropped. */
  readonly keep?: readonly FieldName[];
}

/** The control of the pair: the same request with the part under test as it is good, and without the dropped fields. */
async function controlOf(context: Context, candidate: Candidate, shape: Shape | undefined, dropped: readonly FieldName[]): Promise<Observation | undefined> {
  const { input, control, observation } = candidate;
  const recipe: Recipe | undefined =
    input?.control !== undefined && shape !== undefined && candidate.half === 'violating'
      ? (fresh) => {
          const part = input.control?.(shape, fresh) ?? input.render(shape, fresh);
          // The control's own reference, where it is not the part under test.
          const base = (control ?? observation.recipe)(fresh);
          return withInput(base, part);
        }
      : control;
  if (recipe === undefined || !context.takeSpare()) return undefined;
  const good = await repeat(
    context,
    { ...observation, intent: { ...observation.intent, note: 'the good request beside it', good: true } },
    'confirmation',
    (fresh) => dropped.reduce((draft, field) => withField(draft, field, null), recipe(fresh)),
  );
  return good.outcome === 'accepted' ? good : undefined;
}

function partOf(
  candidate: Candidate,
  observation: Observation,
  control: Observation | undefined,
): { part: string; value: string | null; controlValue: string | null } {
  const { field } = candidate;
  if (field !== undefined) {
    const value = (each: Observation | undefined): string | null => (each === undefined ? null : (fieldOf(each.draft, field) ?? null));
    return { part: field, value: value(observation), controlValue: value(control) };
  }
  return { part: candidate.describe, value: null, controlValue: null };
}

/** Never rejects: what could not be sent any more is told in the finding. */
export async function conclude(context: Context, rule: Rule, conclusion: Conclusion): Promise<Finding> {
  const { candidate, isBroken, rate, reason, got = gotOf } = conclusion;
  const should = rule.level === 'should';
  let confirmed: Confirmation = { tries: 0, repeats: 0 };
  let { observation } = candidate;
  let shape = candidate.shape;
  let control: Observation | undefined;
  let shrunk = false;
  try {
    if (conclusion.proven !== true) confirmed = await confirm(context, observation, isBroken);
    if (conclusion.witnessed === true && confirmed.repeats === 0) confirmed = { tries: 0, repeats: 0 };
    const sure = confirmed.repeats === confirmed.tries;
    const hung = isUnanswered(observation) && observation.failure?.kind === 'timeout';
    let dropped: readonly FieldName[] = [];
    // What does not repeat each time cannot be shrunk, and a hang costs a whole timeout at each step.
    if (sure && !hung && conclusion.proven !== true && observation.intent.again === undefined) {
      const { input, recipe } = candidate;
      const smaller = await shrink(context, {
        observation,
        isBroken,
        keep: [...(conclusion.keep ?? []), ...(candidate.field === undefined ? [] : [candidate.field])],
        ...(input === undefined || recipe === undefined || shape === undefined ? {} : { input: { input, shape, recipe } }),
      });
      observation = smaller.observation;
      shape = smaller.shape;
      dropped = smaller.dropped;
      shrunk = smaller.complete;
    }
    if (candidate.half === 'conforming' && candidate.control !== undefined && context.takeSpare()) {
      // What is refused may be anything by now: an account that was locked, a store that is full.
      const safe = await repeat(context, observation, 'confirmation', candidate.control);
      if (safe.outcome === 'refused')
        return makeFinding(context, rule, 'blocked', { reason: `the safe request beside it is not accepted any more: ${gotOf(safe)}` });
    }
    control = await controlOf(context, candidate, shape, dropped);
  } catch (error) {
    if (!(error instanceof SendingEnded)) throw error;
  }
  // A connection that broke when the target went away is no defect of the target.
  if (candidate.observation.failure !== undefined && confirmed.tries === 0 && conclusion.proven !== true && context.unreachable)
    return makeFinding(context, rule, 'blocked', { reason: `${reason}, and then the target could not be reached any more` });
  // Silence that could not be asked for again may have been a slow moment.
  if (observation.failure !== undefined && confirmed.tries === 0 && conclusion.proven !== true)
    return makeFinding(context, rule, 'blocked', { reason: `${reason}, and it could not be confirmed: nothing more may be sent` });
  const counterexample = makeCounterexample(context, observation, {
    ...partOf(candidate, observation, control),
    ...(control === undefined ? {} : { control }),
    ...(conclusion.before === undefined ? {} : { before: conclusion.before }),
    path: `${candidate.half}/${candidate.observation.intent.n}`,
    shrunk,
  });
  const flaky = confirmed.repeats < confirmed.tries;
  const total = { broken: rate.broken + confirmed.repeats, of: rate.of + confirmed.tries };
  return makeFinding(context, rule, should ? 'warn' : flaky ? 'flaky' : 'fail', {
    reason: flaky ? `${reason}, but not each time: ${total.broken} of ${total.of}` : reason,
    expected: conclusion.expected?.(observation) ?? candidate.expected,
    got: got(observation),
    counterexample,
    confirmed,
    ...(flaky ? { rate: total } : {}),
    ...(conclusion.judged === undefined ? {} : { judged: conclusion.judged }),
  });
}
