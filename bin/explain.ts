/** `conform explain RULE`: one rule, what it rests on, what it asks, and an example of either half. */
import pc from 'picocolors';
import { PAGE_URL } from '../contracts/document.js';
import type { Rule } from '../contracts/model.js';
import { WIDTH, wrap } from '../reports/text.js';
import { citationLines } from '../reports/words.js';
import { constraintWords, outcomeWords, responseWords, words } from './constraint-words.js';
import { EXIT } from './errors.js';
import { badExamples, goodExamples, openExamples } from './examples.js';
import { hasColor, widthOf, type Io } from './io.js';
import { citationOf } from './rules.js';
import { ruleOf } from './select.js';

const LABEL = 12;

const LEVELS: Readonly<Record<Rule['level'], string>> = {
  must: 'must: a target that breaks it departs from its documentation',
  should: 'should: a target that breaks it is warned of',
  open: 'open: the document leaves it open, and what the target does is observed',
};

/** Prints; resolves with the exit code. Throws a UsageError where there is no such rule. */
export function explainCommand(id: string, io: Io): number {
  const rule = ruleOf(id, 'conform explain');
  const colors = pc.createColors(hasColor(io.stdout, io.environment));
  const width = widthOf(io.stdout, WIDTH);
  const rows: [label: string, lines: readonly string[]][] = [
    ['level', [LEVELS[rule.level]]],
    ['written', [...citationLines(citationOf(rule)), ...(rule.citation.statements.length > 0 ? [PAGE_URL] : [])]],
    ...rowsOf(rule),
    ['check it', [`conform run --rule ${rule.id}`]],
  ];
  const text = rows
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([label, lines]) =>
      lines.flatMap((line) => wrap(line, width - LABEL)).map((line, row) => `${colors.dim((row === 0 ? label : '').padEnd(LABEL))}${line}`),
    );
  io.stdout.write([colors.bold(rule.id), ...wrap(rule.title, width), '', ...text, ''].join('\n'));
  return EXIT.ok;
}

function rowsOf(rule: Rule): [label: string, lines: readonly string[]][] {
  switch (rule.kind) {
    case 'input': {
      const { good, bad } = outcomeWords(rule);
      return [
        ['asks', [constraintWords(rule.constraint)]],
        ['good input', [good, ...goodExamples(rule.constraint)]],
        ['bad input', [bad, ...badExamples(rule.constraint)]],
      ];
    }
    case 'response':
      return [
        ['judged on', [`every response of the run of the kind: ${words(rule.on)}`]],
        ['keeps it', [responseWords(rule.whenConforming)]],
        ['breaks it', [responseWords(rule.whenViolating)]],
      ];
    case 'sequence':
      return [
        ['holds when', [rule.whenConforming]],
        ['and when', [rule.whenViolating]],
      ];
    case 'open-input':
      return [
        ['asks', [constraintWords(rule.constraint)]],
        ['cases', openExamples(rule.constraint)],
        ['readings', readings(rule)],
      ];
    case 'open-response':
    case 'open-sequence':
      return [['readings', readings(rule)]];
    default:
      return rule satisfies never;
  }
}

function readings(rule: Extract<Rule, { readonly level: 'open' }>): string[] {
  return rule.readings.map(({ id, means }) => `${id}: ${means}`);
}
