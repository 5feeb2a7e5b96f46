/** Errors that end the program, and the codes that it ends with. */
import leven from 'leven';

/** What the process exits with. 0, 1 and 2 come from the run itself. */
export const EXIT = { ok: 0, broken: 1, blocked: 2, usage: 3, internal: 70, interrupted: 130 } as const;

/** Something the user gave cannot be used: the message says what was given, what is wrong with it and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.usage;
}

/** Names to show where none is near: enough to see what they look like. */
const SHOWN = 8;

/**
 * A sentence that helps whoever gave a name that does not exist: those that were probably meant, else what there is.
 * `what` is the plural of what was wanted ("budgets").
 */
export function suggestion(given: string, names: readonly string[], what: string): string {
  const near = nearest(given, names);
  if (near.length > 0) return `Did you mean ${either(near)}?`;
  const shown = names.slice(0, SHOWN);
  return names.length === 0 ? `There are no ${what}.` : `There ${names.length > shown.length ? 'are, among others,' : 'are'} the ${what} ${shown.join(', ')}.`;
}

/** Up to three names that a slip of the hand, or a part left out, turns into what was given. */
export function nearest(given: string, names: readonly string[]): string[] {
  const wanted = given.toLowerCase();
  const distance = (name: string): number => {
    const known = name.toLowerCase();
    // A part of a name, such as a rule without its topic, is near however much is missing.
    if (wanted.length >= 3 && known.includes(wanted)) return 1;
    return lettersOf(wanted) === lettersOf(known) ? 1 : leven(wanted, known);
  };
  // A third of the letters: more would be another word.
  const limit = Math.max(1, Math.floor(given.length / 3));
  const near = names
    .map((name) => ({ name, far: distance(name) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far);
  const best = near[0]?.far ?? 0;
  return near
    .filter(({ far }) => far <= best + 1)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Sorted: letters that changed places are one slip. */
const lettersOf = (name: string): string => [...name].sort().join('');

function either(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

/** Whatever was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return asError(thrown).message;
}

/** The message with where it came from, for errors of our own. */
export function stackOf(thrown: unknown): string {
  const { stack, message } = asError(thrown);
  return stack ?? message;
}
