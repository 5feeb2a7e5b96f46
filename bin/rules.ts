/** `conform rules`: every rule with its level and where it is written; and whether a saved page still says so. */
import pc from 'picocolors';
import { readFile } from 'node:fs/promises';
import { LINE_COUNT, linesOf, PAGE_URL, verifyDocument } from '../contracts/document.js';
import type { Rule } from '../contracts/model.js';
import { RULES } from '../contracts/rules/index.js';
import { plural, WIDTH, wrap } from '../reports/text.js';
import { groupBy, shortCitation, topicOf } from '../reports/words.js';
import { EXIT, messageOf, UsageError } from './errors.js';
import { hasColor, widthOf, type Io } from './io.js';

export interface RulesFlags {
  readonly json?: boolean;
  /** A saved copy of the page. */
  readonly document?: string;
}

/** Prints; resolves with the exit code. */
export async function rulesCommand({ json = false, document }: RulesFlags, io: Io): Promise<number> {
  if (document !== undefined) return verifyCommand(document, io);
  io.stdout.write(json ? `${JSON.stringify(RULES.map(withLines), null, 2)}\n` : table(io));
  return EXIT.ok;
}

/** A rule's citation as findings have it. */
export function citationOf({ citation: { sources, statements, note } }: Rule): Parameters<typeof shortCitation>[0] {
  return { source: [...sources], statement: [...statements], lines: linesOf(statements), ...(note === undefined ? {} : { note }) };
}

function withLines(rule: Rule): unknown {
  return { ...rule, citation: { ...rule.citation, lines: linesOf(rule.citation.statements) } };
}

function table(io: Io): string {
  const colors = pc.createColors(hasColor(io.stdout, io.environment));
  const width = widthOf(io.stdout, WIDTH);
  const paint = { must: colors.red, should: colors.yellow, open: colors.cyan };
  const levels = (['must', 'should', 'open'] as const).map((level) => `${String(RULES.filter((rule) => rule.level === level).length)} ${level}`);
  const lines = groupBy(RULES, ({ id }) => topicOf(id)).flatMap(([topic, rules]) => [
    colors.bold(topic),
    ...rules.flatMap((rule) => {
      const [first = '', ...more] = wrap(`${rule.title} (${shortCitation(citationOf(rule))})`, width - 10);
      return [`  ${paint[rule.level](rule.level.padEnd(8))}${colors.bold(rule.id)}`, ...[first, ...more].map((line) => `${' '.repeat(10)}${line}`)];
    }),
    '',
  ]);
  return [...lines, `${plural(RULES.length, 'rule')}: ${levels.join(', ')}. \`conform explain RULE\` tells more of one.`, `statements  ${PAGE_URL}`, ''].join(
    '\n',
  );
}

async function verifyCommand(path: string, { stdout }: Io): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--document ${path}: the saved page cannot be read (${messageOf(error)}).`);
  });
  const differences = verifyDocument(text);
  if (differences.length === 0) {
    stdout.write(`${path} has the ${plural(LINE_COUNT, 'line')} that the rules were made from.\n`);
    return EXIT.ok;
  }
  stdout.write(`${path} is not the page that the rules were made from:\n${differences.map((line) => `  ${line}\n`).join('')}`);
  return EXIT.broken;
}
