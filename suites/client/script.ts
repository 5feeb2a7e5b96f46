/** Scripts: which request gets which answer, and what the client is to make of it. */
import { Ajv, type ErrorObject } from 'ajv';
import leven from 'leven';
import Type, { type Static } from 'typebox';
import { parse } from 'yaml';
import { FORM_FIELDS, type FormField } from '../../contracts/reference/behaviour.js';
import type { Captured } from './captured.js';
import { ANSWERS, answerNamed, type Answer, type Expectation, type Parameters, PARAMETERS } from './answers.js';

const closed = { additionalProperties: false } as const;
const expects = Type.Optional(Type.Enum(['ok', 'error'], { description: 'ok (COMMAND exits with 0) or error (it does not)' }));
const withinMs = Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, description: 'milliseconds, from 1 to 600000' }));
const ordinal = Type.Integer({ minimum: 1, description: 'a whole number from 1' });

const StepSchema = Type.Object(
  {
    answer: Type.String({ description: 'the name of an answer' }),
    nth: Type.Optional(Type.Union([ordinal, Type.Array(ordinal, { minItems: 1 })], { description: 'a whole number from 1, or a list of them' })),
    match: Type.Optional(
      Type.Object(
        {
          method: Type.Optional(Type.String({ description: 'a method' })),
          path: Type.Optional(Type.String({ description: 'a path, with * for any text' })),
          fields: Type.Optional(
            Type.Record(Type.String(), Type.String({ description: 'a text, with * for any text' }), { description: 'values by the name of the field' }),
          ),
        },
        { ...closed, description: 'method, path, fields' },
      ),
    ),
    retryAfter: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600, description: 'seconds, from 0 to 3600' })),
    afterMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000, description: 'milliseconds, from 0 to 600000' })),
    field: Type.Optional(Type.Enum([...FORM_FIELDS], { description: `one of ${FORM_FIELDS.join(', ')}` })),
    expects,
    withinMs,
  },
  closed,
);
const ScriptSchema = Type.Object({ expects, withinMs, answers: Type.Array(StepSchema, { minItems: 1, description: 'a list of steps' }) }, closed);

/** One line of a script. Without `match` it is about creates, without `nth` about each of them. */
export type Step = Static<typeof StepSchema>;
/** A whole script, or its steps alone. */
export type Script = Static<typeof ScriptSchema> | readonly Step[];

/** A script that has been checked: every answer is there. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** What COMMAND is to come to; undefined where the script does not say. */
  readonly expects?: Expectation;
  readonly withinMs?: number;
}

export interface PlannedStep {
  readonly answer: Answer;
  readonly parameters: Parameters;
  readonly nth?: readonly number[];
  readonly matches: (request: Matchable) => boolean;
  readonly expects?: Expectation;
  readonly withinMs?: number;
  /** The step in words, for messages. */
  readonly words: string;
}

/** What a step looks at of a request. */
export interface Matchable {
  readonly method: string;
  readonly kind: Captured['kind'];
  /** Without its query. */
  readonly path: string;
  readonly fields: readonly (readonly [name: string, value: string])[] | undefined;
}

/** The script cannot be used: the message says where, what was given and what would be right. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

const check = new Ajv({ allErrors: true, verbose: true }).compile<Static<typeof ScriptSchema>>(ScriptSchema);

/**
 * Reads a script in YAML, of which JSON is a part.
 * @throws ScriptError for a text that is neither, for a member that is not known, and for an answer that there is none of.
 */
export function parseScript(text: string): Plan {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new ScriptError(`it is neither YAML nor JSON (${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)})`);
  }
  if (value === null || value === undefined) throw new ScriptError('it is empty. Wanted: a list of steps such as { nth: 1, answer: throttled }.');
  return planOf(value as Script);
}

/**
 * Checks a script that is there as a value.
 * @throws ScriptError as {@link parseScript}
 */
export function planOf(script: Script): Plan {
  const whole: unknown = Array.isArray(script) ? { answers: script } : script;
  if (!check(whole)) throw new ScriptError(firstError(check.errors ?? []));
  const { answers, ...rest } = whole;
  return { ...rest, steps: answers.map((step, index) => plannedStep(step, index)) };
}

function firstError(errors: readonly ErrorObject[]): string {
  // The most telling one: an unknown member or a wrong enum is inside of what a union complains about.
  const error = errors.find(({ keyword }) => keyword === 'additionalProperties') ?? errors[0];
  if (error === undefined) return 'it is not a script';
  const where = error.instancePath === '' ? 'the script' : error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'additionalProperties') {
    const given = String((error.params as { additionalProperty?: unknown }).additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return `${where}: there is no ${JSON.stringify(given)}. ${near(given, known)}`;
  }
  if (error.keyword === 'required') return `${where}: ${String((error.params as { missingProperty?: unknown }).missingProperty)} is missing.`;
  const wanted = (error.parentSchema as { description?: string } | undefined)?.description;
  return `${where}: got ${JSON.stringify(error.data)}, wanted ${wanted ?? error.message ?? 'something else'}.`;
}

function plannedStep(step: Step, index: number): PlannedStep {
  const answer = answerNamed(step.answer);
  if (answer === undefined) {
    const names = ANSWERS.map(({ name }) => name);
    throw new ScriptError(`answers.${String(index)}.answer: there is no answer ${JSON.stringify(step.answer)}. ${near(step.answer, names)}`);
  }
  const { nth, match, expects: expected, withinMs: within, retryAfter, afterMs, field } = step;
  return {
    answer,
    parameters: parametersOf({
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(afterMs === undefined ? {} : { afterMs }),
      ...(field === undefined ? {} : { field }),
    }),
    ...(nth === undefined ? {} : { nth: typeof nth === 'number' ? [nth] : nth }),
    matches: matcher(match),
    ...(expected === undefined ? {} : { expects: expected }),
    ...(within === undefined ? {} : { withinMs: within }),
    words: `answers.${String(index)} (${[...(nth === undefined ? [] : [`nth ${String(nth)}`]), ...(match === undefined ? [] : [JSON.stringify(match)]), `answer ${answer.name}`].join(', ')})`,
  };
}

function parametersOf(given: Partial<Parameters> & { field?: FormField }): Parameters {
  return { ...PARAMETERS, ...given };
}

function matcher(match: Step['match']): (request: Matchable) => boolean {
  const { method = 'POST', path, fields = {} } = match ?? {};
  // Whether creates have other paths too is open, and a variant may have them.
  const isMeant = path === undefined ? (request: Matchable) => request.kind === 'create' || request.path === '/customers' : onPath(glob(path));
  const fieldMatches = Object.entries(fields).map(([name, pattern]) => [name, glob(pattern)] as const);
  return (request) =>
    request.method === method.toUpperCase() &&
    isMeant(request) &&
    fieldMatches.every(([name, matches]) => request.fields?.some(([sent, value]) => sent === name && matches(value)) ?? false);
}

const onPath =
  (matches: (path: string) => boolean) =>
  ({ path }: Matchable): boolean =>
    matches(path);

function glob(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`, 's');
  return (text) => expression.test(text);
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The names that may have been meant, else all of them. */
function near(given: string, names: readonly string[]): string {
  const meant = names.filter((name) => name.includes(given) || leven(given, name) <= Math.max(1, given.length / 3));
  return meant.length > 0 ? `Did you mean ${meant.slice(0, 3).join(' or ')}?` : `There are ${names.join(', ')}.`;
}
