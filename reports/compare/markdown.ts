/** `compare.md`: the matrix for a wiki, a pull request or the summary of a CI job. */
import type { ComparedRule, ComparedTarget, Comparison } from '../../contracts/comparison.js';
import type { Verdict } from '../../contracts/finding.js';
import { code, codeCell, folded, prose, table } from '../markdown-text.js';
import { groupBy, shortCitation, topicOf } from '../words.js';
import { caseRows, cellText, comparisonConclusion, outcomeText, whereText } from './words.js';

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✅', fail: '❌', flaky: '❌', warn: '⚠️', observed: '○', blocked: '❔', skipped: '–' };

/** The comparison as Markdown that ends in a newline: what differs first, the whole matrix folded. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { targets, matrix, seed, budget } = comparison;
  const differing = matrix.filter(({ differs }) => differs);
  const blocks = [
    '## Create Customer, target by target',
    prose(comparisonConclusion(comparison)),
    `Seed ${code(String(seed))}, budget ${budget.name}.`,
    table(
      ['target', 'where', 'came to', 'exit'],
      targets.map((target) => [
        nameOf(target),
        codeCell(whereText(target)),
        prose(outcomeText(target)),
        target.exitCode === undefined ? '' : String(target.exitCode),
      ]),
    ),
    ...(differing.length === 0 ? [] : ['### Where they differ', rulesTable(differing, targets), ...casesTable(differing, targets)]),
    ...groupBy(matrix, ({ ruleId }) => topicOf(ruleId)).map(([topic, rules]) => folded(`${topic} (${rules.length})`, rulesTable(rules, targets))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The name, leading to its report where there is one. */
function nameOf({ name, report, hasHtml }: ComparedTarget): string {
  return report === undefined ? prose(name) : `[${prose(name)}](${encodeURI(report)}/${hasHtml ? 'report.html' : 'report.json'})`;
}

function rulesTable(rules: readonly ComparedRule[], targets: readonly ComparedTarget[]): string {
  return table(
    ['rule', 'written', ...targets.map(({ name }) => prose(name))],
    rules.map((rule) => [
      codeCell(rule.ruleId),
      prose(shortCitation(rule.citation)),
      ...rule.cells.map((cell) => (cell === null ? '' : `${MARKS[cell.verdict]} ${prose(cellText(cell))}`)),
    ]),
  );
}

function casesTable(rules: readonly ComparedRule[], targets: readonly ComparedTarget[]): string[] {
  const rows = rules.flatMap((rule) => caseRows(rule, targets).map(([name, readings]) => [codeCell(rule.ruleId), prose(name), prose(readings)]));
  return rows.length === 0 ? [] : [folded(`readings that differ (${rows.length})`, table(['rule', 'case', 'readings'], rows))];
}
