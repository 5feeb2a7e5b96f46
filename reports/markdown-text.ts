/** Text in Markdown as GitHub and GitLab show it: what is put in stays text, whatever is in it. */
import { printable } from './text.js';

/** The text as prose: nothing in it is markup, HTML, a link, a mention, the end of a table's cell or a line break. */
export function prose(text: string): string {
  // What would begin a list, a heading or a rule stands at the start.
  return unlinked(escaped(text.trim()).replace(/^(\d*)([-+.)#=])/, '$1\\$2'));
}

/** The text as code in a line of prose; in a table `codeCell` takes its place. Empty text is empty. */
export function code(text: string): string {
  const shown = printable(text);
  if (shown === '') return '';
  const fence = '`'.repeat(longestFence(shown) + 1);
  // A blank at either end keeps a backtick of the text apart from the fence; one at both ends is taken away again, unless there is nothing else.
  const pad = /^[` ]|[` ]$/.test(shown) && shown.trim() !== '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** The text as code in a cell of a table, where a code span could not hold every bar. */
export function codeCell(text: string): string {
  return text === '' ? '' : `<code>${unlinked(escaped(text))}</code>`;
}

/** Lines as a block of code; each is made printable by itself. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const shown = lines.map(printable);
  const fence = '`'.repeat(Math.max(3, longestFence(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** A table; the cells are what `prose` and `codeCell` give. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** What is folded away behind a line of plain text until somebody opens it; `body` is Markdown. */
export function folded(summary: string, body: string): string {
  const shown = printable(summary).replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
  return `<details>\n<summary>${shown}</summary>\n\n${body}\n\n</details>`;
}

/** What is markup anywhere in a line behind a backslash; an underscore within a word is none. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*[\]<>|~&$]|(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\$&');
}

/** Mentions, references and addresses are linked behind CommonMark, where a backslash stops nothing: a joiner that nobody sees does. */
function unlinked(text: string): string {
  return text.replace(/@|#|(?<=(?:https?|ftp)):|(?<=www)\./gi, '$&\u2060');
}

function longestFence(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
