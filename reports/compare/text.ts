/** The comparison for a terminal: each target in a line, then the rules in which they differ. */
import pc from 'picocolors';
import type { ComparedRule, Comparison } from '../../contracts/comparison.js';
import { flow, indented } from '../style.js';
import { printable, WIDTH, wrap } from '../text.js';
import { caseRows, cellText, comparisonConclusion, outcomeText, whereText } from './words.js';

export interface ComparisonTextOptions {
  /** Colours and bold; false by default. */
  readonly color?: boolean;
  /** Columns; 100 by default. */
  readonly width?: number;
  readonly files?: readonly string[];
}

/** Cases of a rule that are listed; the rest are in the files. */
const CASES = 6;

/** The comparison as text that ends in a newline. */
export function renderComparisonText(comparison: Comparison, { color = false, width = WIDTH, files = [] }: ComparisonTextOptions = {}): string {
  const colors = pc.createColors(color);
  const { targets, matrix } = comparison;
  const column = Math.max(...targets.map(({ name }) => name.length), 6) + 2;
  const row = (label: string, text: string): string[] => wrap(text, width - column).map((line, at) => `${(at === 0 ? label : '').padEnd(column)}${line}`);
  const differing = matrix.filter(({ differs }) => differs);
  const ruleLines = (rule: ComparedRule): string[] => {
    const verdicts = rule.cells.map((cell, index) => `${targets[index]?.name ?? ''} ${cell === null ? 'not run' : cellText(cell)}`);
    const cases = caseRows(rule, targets);
    return [
      colors.bold(rule.ruleId),
      ...indented(wrap(printable(rule.title), width - 6).map((line) => colors.dim(line))),
      ...indented(flow(verdicts, width - 6)),
      ...indented(
        cases.slice(0, CASES).flatMap(([name, readings]) => wrap(`${name}: ${readings}`, width - 8)),
        8,
      ),
      ...indented(cases.length > CASES ? [`and ${cases.length - CASES} cases more`] : [], 8),
    ];
  };
  const sections = [
    [
      colors.bold(`Create Customer on ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`),
      colors.dim(`seed ${comparison.seed} · budget ${comparison.budget.name}`),
    ],
    targets.flatMap((target) => row(target.name, [whereText(target), outcomeText(target)].filter((text) => text !== '').join(' · '))),
    ...(differing.length === 0 ? [] : [[colors.bold('They differ in'), ...differing.flatMap(ruleLines)]]),
    [
      ...wrap(comparisonConclusion(comparison), width).map((line) => colors.bold(line)),
      ...flow(files.map(printable), width - 12).map((line, at) => `${(at === 0 ? 'compare' : '').padEnd(12)}${line}`),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
