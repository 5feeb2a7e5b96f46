/** What a comparison of targets says, in words: for the terminal, Markdown and the page alike. */
import type { ComparedCell, ComparedRule, ComparedTarget, Comparison } from '../../contracts/comparison.js';
import { VERDICTS } from '../../contracts/finding.js';
import { count, plural, printable } from '../text.js';

/** Where a target is, in a few words. */
export function whereText({ target }: ComparedTarget): string {
  if (target === undefined) return '';
  return target.embedded ? `the embedded reference${target.variant === undefined ? '' : `: ${printable(target.variant)}`}` : printable(target.url);
}

/** What its run came to: counts by verdict, or why there are none. */
export function outcomeText({ status, blockedBy, counts }: ComparedTarget): string {
  if (status === 'not run') return 'not run';
  if (status === 'blocked') return `blocked: ${printable(blockedBy ?? 'no request could be judged')}`;
  const known = VERDICTS.filter((verdict) => (counts?.[verdict] ?? 0) > 0).map((verdict) => `${count(counts?.[verdict] ?? 0)} ${verdict}`);
  return `${status === 'interrupted' ? 'interrupted: ' : ''}${known.join(', ')}`;
}

/** What stands in a cell: the verdict, and for an open rule how many cases it read, or its only reading. */
export function cellText(cell: ComparedCell | null): string {
  if (cell === null) return '';
  const readings = Object.values(cell.reading ?? {});
  if (cell.verdict !== 'observed') return cell.verdict;
  const distinct = [...new Set(readings)].map(printable);
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined && only.length <= 24 ? only : plural(readings.length, 'reading');
}

/** The readings of the cases that differ: a line for each case, with the reading of each target that has one. */
export function caseRows({ differingCases, cells }: ComparedRule, targets: readonly ComparedTarget[]): (readonly [name: string, readings: string])[] {
  return differingCases.map((name) => [
    printable(name),
    cells
      .flatMap((cell, index) => {
        const taken = cell?.reading?.[name];
        return taken === undefined ? [] : [`${targets[index]?.name ?? ''}: ${printable(taken)}`];
      })
      .join(' · '),
  ]);
}

/** The comparison in a sentence, with the exit code. */
export function comparisonConclusion({ matrix, targets, exitCode }: Comparison): string {
  const differing = matrix.filter(({ differs }) => differs).length;
  const blocked = targets.filter(({ status }) => status === 'blocked').length;
  const missing = targets.filter(({ status }) => status === 'not run').length;
  const parts = [
    `${plural(targets.length, 'target')} and ${plural(matrix.length, 'rule')}: ${differing === 0 ? 'nothing differs' : `${count(differing)} ${differing === 1 ? 'differs' : 'differ'}`}.`,
    ...(blocked === 0 ? [] : [`${plural(blocked, 'target')} could not be checked.`]),
    ...(missing === 0 ? [] : [`${plural(missing, 'target')} did not come to ${missing === 1 ? 'its' : 'their'} turn.`]),
  ];
  return `${parts.join(' ')} (exit ${exitCode})`;
}
