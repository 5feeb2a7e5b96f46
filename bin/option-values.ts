/** What the values of options come to on every command: one that means one thing is refused twice, the others add up. */
import type { Command } from 'commander';
import { UsageError } from './errors.js';
import type { OptionRow } from './options.js';

/** Refuses what commander would take without a word: an option that means one thing, given twice. */
export function once(flag: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous !== undefined) throw new UsageError(`${flag} was given twice. Wanted it once.`);
    return value;
  };
}

export function several(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Adds an option of the table to a command, described as there or otherwise. */
export function addOption(command: Command, { flag, description, repeatable }: OptionRow, otherwise = description): void {
  if (!flag.includes('<')) command.option(flag, otherwise);
  else if (repeatable === true) command.option(flag, otherwise, several);
  else command.option(flag, otherwise, once(flag.split(' ', 1)[0] ?? flag));
}
