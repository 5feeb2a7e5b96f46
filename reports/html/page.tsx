/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/**
 * The shell of every HTML report: one file that loads nothing. How to make a page:
 *
 *     // On the first line of each .tsx file, as here: the two comments about JSX. (tsx looks for tsconfig.json in the working folder only.)
 *     import { page } from './html/page.js';
 *     import { Code, ExchangeView, Section, Value, VerdictBadge } from './html/parts.js';
 *
 *     export const renderDiffHtml = (diff: Diff): string =>
 *       page({ title: 'What changed', body: <Section id="broken" title="Newly broken">…</Section> });
 *
 * Text between tags and in attributes is escaped by construction; a value of somebody else's goes into `<Value>`, `<Text>` or `<Code>`, which also
 * make what is invisible in it visible. There is no inline `style` and no handler: the policy of the page forbids both, so classes are in
 * assets/report.css and behaviour is in assets/report.js (copy buttons, filters, permalinks; a page has to say what it says without it).
 * `dangerouslySetInnerHTML` is for this file only.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { spelled } from './visible.js';

export interface PageOptions {
  /** Of the window; hidden characters are spelled out. */
  readonly title: string;
  /** What is inside of `<main>`; the page has exactly one `<h1>`, which belongs to it. */
  readonly body: ComponentChildren;
  /** What is above it, such as links within the page. */
  readonly header?: ComponentChildren;
  readonly footer?: ComponentChildren;
  /** How it went, for the icon of the window; neutral by default. */
  readonly tone?: 'good' | 'bad' | 'unknown' | 'neutral';
}

interface Assets {
  readonly style: string;
  readonly script: string;
  readonly policy: string;
}

/** Where a line may end: between blocks, where white space is nothing, so that two pages can be compared. No text has such a tag in it: it is escaped. */
const BLOCK_ENDS = /<\/(?:head|header|nav|section|details|summary|figure|form|table|tr|ul|ol|li|dl|div|p|h[1-4])>/g;

let assets: Assets | undefined;

/** The page as HTML that ends in a newline. Throws the error of the file system where the package is not whole. */
export function page({ title, body, header, footer, tone = 'neutral' }: PageOptions): string {
  const { style, script, policy } = (assets ??= readAssets());
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{spelled(title)}</title>
        <link rel="icon" href={ICONS[tone]} />
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {header}
        <main id="main" tabIndex={-1}>
          {body}
        </main>
        {footer}
        <p class="visually-hidden" id="announcer" role="status" />
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>,
  );
  return `<!doctype html>\n${html.replace(BLOCK_ENDS, '$&\n')}\n`;
}

function readAssets(): Assets {
  const read = (name: string): string => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
  const [style, script] = [['report.css', 'atlas.css', 'compare.css'].map(read).join('\n'), read('report.js')];
  return { style, script, policy: policyOf(style, script) };
}

/** Nothing is loaded and nothing is sent; only this very style and this very script act. */
function policyOf(style: string, script: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

const icon = (color: string, path: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${color}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  )}`;

const ICONS: Readonly<Record<NonNullable<PageOptions['tone']>, string>> = {
  good: icon('#1a7f4b', 'M4 8.5l2.7 2.7L12 5.5'),
  bad: icon('#c0271d', 'M5 5l6 6M11 5l-6 6'),
  unknown: icon('#6d4bb5', 'M5.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .7-1 1.4M8 12v.1'),
  neutral: icon('#57606a', 'M4 5h8M4 8h8M4 11h5'),
};
