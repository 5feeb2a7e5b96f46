import { expect } from 'chai';
import axe from 'axe-core';
import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { compareRuns } from './compare.js';
import { fixtureDiff, newRun, oldRun } from './fixture.js';
import { renderDiffHtml } from './html.js';
import { renderDiffMarkdown } from './markdown.js';
import { renderDiffText } from './text.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const HOSTILE = '</script><img src=x onerror="window.acted=1">|`<b>\u0000\u001b[31m\u202e\ud800';

/** The comparison with hostile text wherever a target, or who runs it, chooses text. */
const hostile = (): ReturnType<typeof fixtureDiff> => {
  const of = ({ run, name }: ReturnType<typeof oldRun>): ReturnType<typeof oldRun> => ({
    name: `${name}${HOSTILE}`,
    run: {
      ...run,
      findings: run.findings.map((finding) => ({
        ...finding,
        reason: HOSTILE,
        title: HOSTILE,
        got: HOSTILE,
        ...(finding.reading === undefined
          ? {}
          : { reading: Object.fromEntries(Object.entries(finding.reading).map(([name, reading]) => [name + HOSTILE, reading + HOSTILE])) }),
      })),
    },
  });
  return compareRuns(of(oldRun()), of(newRun()));
};

describe('the comparison, whatever a target answers', () => {
  it('has no control character in its text, and no markup in its Markdown', () => {
    // eslint-disable-next-line no-control-regex -- control characters are the subject
    expect(renderDiffText(hostile())).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
    const markdown = renderDiffMarkdown(hostile()).replace(/`+[^`\n]*`+/g, '');
    // eslint-disable-next-line no-control-regex -- control characters are the subject
    expect(markdown).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
    expect(markdown.replace(/```[^]*?```/g, '')).to.not.match(/(?<!\\)<img/);
  });
});

describe('the comparison in a browser', function () {
  // A browser takes its time to start on a busy machine.
  this.timeout(60_000);
  if (!existsSync(executablePath)) {
    it('is not tried: there is no Chromium here');
    return;
  }
  it('has nothing that axe finds at fault, and hostile text does nothing', async () => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    try {
      const heard: string[] = [];
      const opened = async (html: string): Promise<Page> => {
        const page = await browser.newPage();
        page.on('console', (message) => heard.push(message.text()));
        page.on('pageerror', (error) => heard.push(error.message));
        await page.setContent(html);
        return page;
      };
      expect(await (await opened(renderDiffHtml(hostile()))).evaluate(() => 'acted' in window)).to.equal(false);
      const page = await opened(renderDiffHtml(fixtureDiff()));
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      await page.evaluate(axe.source);
      // The script above put it there.
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }));
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' ')}`)).to.deep.equal([]);
      expect(heard).to.deep.equal([]);
    } finally {
      await browser.close();
    }
  });
});
