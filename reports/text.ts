/** Text for people: made safe for a terminal, clipped and broken into lines. */

/** Columns of the terminal report: what fits a terminal beside an editor, and a CI log. */
export const WIDTH = 100;

// What a terminal obeys instead of showing (C0, DEL, C1), what changes the order or hides (bidi controls, zero widths, BOM), line separators, and
// surrogates without a partner. A target chooses what it answers, so none of these may reach the screen as they are.
// eslint-disable-next-line no-control-regex -- control characters are the subject
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with everything that a terminal would act on, or not show, written as an escape (`\n`, `\u001b`). */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT_ESCAPES[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** A value between quotes as JSON writes it, printable. */
export function quoted(value: string): string {
  return printable(JSON.stringify(value));
}

/** The text cut to `max` code points, the last of them an ellipsis where something was cut. */
export function clip(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** Lines of at most `width` code points, broken at blanks; a word that is longer than a line is broken where the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (length(joined) <= width) {
      line = joined;
    } else if (length(word) <= width) {
      lines.push(line);
      line = word;
    } else {
      const pieces = chunks(joined, width);
      lines.push(...pieces.slice(0, -1));
      line = pieces.at(-1) ?? '';
    }
  }
  return [...lines, line];
}

/** Code points, which is near enough to columns for what is printed here. */
export function length(text: string): number {
  return Array.from(text).length;
}

/** A number with commas: 2914 is `2,914`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 rule`, `2 rules`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Milliseconds as people say them: `40 ms`, `3.1 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${String(Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/**
 * A shell command on lines of at most `width` where that can be: broken before an option or word with a backslash at
 * the end of the line, never inside quotes, so that it can still be copied. A single longer word keeps its length.
 */
export function wrapCommand(command: string, width: number): string[] {
  const words = command.match(/(?:\$?'(?:\\.|[^'])*'|"(?:\\.|[^"])*"|\\.|[^\s'"])+/gsu) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    // An option stays on the line of its value.
    const next = word.startsWith('-') ? words[index + 1] : undefined;
    const needed = length(word) + (next === undefined || next.startsWith('-') ? 0 : 1 + length(next));
    const isValue = index > 0 && (words[index - 1] ?? '').startsWith('-');
    if (line !== '' && !isValue && length(line) + 1 + needed > width - 2) {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

function chunks(text: string, width: number): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += width) pieces.push(characters.slice(start, start + width).join(''));
  return pieces;
}
