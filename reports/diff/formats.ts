/** The formats of a comparison and the file that each is written to. */
import type { RunDiff } from '../../contracts/run-diff.js';
import { renderDiffHtml } from './html.js';
import { renderDiffJson } from './json.js';
import { renderDiffMarkdown } from './markdown.js';
import { renderDiffText } from './text.js';

export const DIFF_FORMATS = {
  text: { file: 'diff.txt', render: (diff: RunDiff) => renderDiffText(diff) },
  json: { file: 'diff.json', render: renderDiffJson },
  markdown: { file: 'diff.md', render: renderDiffMarkdown },
  html: { file: 'diff.html', render: renderDiffHtml },
} as const satisfies Record<string, { readonly file: string; readonly render: (diff: RunDiff) => string }>;
export type DiffFormat = keyof typeof DIFF_FORMATS;
