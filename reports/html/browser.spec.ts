/** The pages as a browser has them: nothing acts that should not, everybody can use them, and large ones open at once. */
import { expect } from 'chai';
import axe, { type RunOptions } from 'axe-core';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Exchange, Run } from '../../contracts/finding.js';
import { fixtureClientRun } from '../client.fixture.js';
import { fixtureAtlas } from '../atlas/fixture.js';
import { fixtureComparison } from '../compare/fixture.js';
import { exchange, fixtureRun } from '../fixture.js';
import { renderAtlasHtml } from './atlas.js';
import { renderComparisonHtml } from './compare.js';
import { observe } from './observe.js';
import { renderHtml } from './report.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** What a page may take of a processor from its address to being usable, in seconds: that of its thread, whatever else the machine does. */
const OPENS_WITHIN = 2;

const HOSTILE = '</script><script>window.acted=1</script><img src=x onerror="window.acted=1"><style>body{display:none}</style>\u0000\u001b\u202e\ud800';

const answered = (text: string, status = 200): Exchange =>
  exchange('first_name/charset#1', 'first_name=a+b', {
    status,
    headers: [['content-type', 'application/json']],
    body: { encoding: 'utf-8', text },
    complete: true,
  });

/** The fixture with hostile text in what a target chooses. */
function hostileRun(): Run {
  return fixtureRun({
    findings: fixtureRun().findings.map(({ counterexample, ...finding }) => ({
      ...finding,
      reason: HOSTILE,
      ...(counterexample === undefined ? {} : { counterexample: { ...counterexample, ...answered(HOSTILE), value: HOSTILE } }),
    })),
  });
}

/** A client that got as many requests wrong. */
function largeRun(requests: number): Run {
  const run = fixtureClientRun();
  const [first, ...rest] = run.findings;
  const offence = first?.offences?.[0];
  if (first === undefined || offence === undefined) throw new Error('the fixture has changed');
  const answer = answered(`{"status":"Invalid Request","error_code":"Invalid Request","error_message":"${'Wrong value in first_name '.repeat(8)}"}`, 400);
  const offences = Array.from({ length: requests }, (_, n) => ({ ...offence, exchange: { ...answer, n, note: `first_name = "a ${String(n)}"` } }));
  return { ...run, findings: [{ ...first, offences }, ...rest] };
}

describe('the HTML report in a browser', function () {
  // A browser takes its time to start on a busy machine.
  this.timeout(60_000);
  if (!existsSync(executablePath)) {
    it('is not tried: there is no Chromium here');
    return;
  }

  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-html-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page in a fresh context, does something there, and says what was heard of errors and requests meanwhile. */
  async function inBrowser(html: string, act: (page: Page, url: string) => Promise<void>, options: BrowserContextOptions = {}, anchor = ''): Promise<string[]> {
    const file = join(folder, 'report.html');
    await writeFile(file, html);
    const url = pathToFileURL(file).href;
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const heard: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => heard.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== url && !request.url().startsWith('data:')) heard.push(`request: ${request.url()}`);
      });
      await page.goto(`${url}${anchor}`);
      await act(page, url);
    } finally {
      await context.close();
    }
    return heard;
  }

  const visible = (page: Page, selector: string): Promise<boolean> => page.locator(selector).first().isVisible();
  const html = renderHtml(fixtureRun(), observe([answered('{"id":"cst_1"}'), answered('{"status":"x"}', 400)]));

  it('loads nothing, and hostile text does nothing', async () => {
    const heard = await inBrowser(renderHtml(hostileRun(), observe([answered(HOSTILE)])), async (page) => {
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      expect(await page.evaluate(() => 'acted' in window)).to.equal(false);
      expect(await page.locator('main img, main script, main style').count()).to.equal(0);
      expect(await page.locator('h1').isVisible()).to.equal(true);
      expect(await page.locator('.hidden-character', { hasText: 'RLO' }).count()).to.be.greaterThan(0);
    });
    expect(heard).to.deep.equal([]);
  });

  const reportOf = (run: Run): string => renderHtml(run, observe([answered('{"id":"cst_1"}')]));
  for (const [what, source, colorScheme, rules] of [
    ['of a target, in the light theme', reportOf(fixtureRun()), 'light', undefined],
    // The same page in other colours.
    ['of a target, in the dark theme', reportOf(fixtureRun()), 'dark', ['color-contrast']],
    ['of a client', reportOf(fixtureClientRun()), 'light', undefined],
    ['of an atlas', renderAtlasHtml(fixtureAtlas()), 'dark', undefined],
    ['of several targets', renderComparisonHtml(fixtureComparison()), 'dark', undefined],
  ] as const) {
    it(`has nothing that axe finds at fault, ${what}`, async () => {
      const act = async (page: Page): Promise<void> => {
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        await page.evaluate(axe.source);
        const options: RunOptions = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: [...rules] }) };
        // The script above put it there.
        const { violations } = await page.evaluate((wanted) => (window as unknown as { axe: typeof axe }).axe.run(wanted), options);
        expect(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 120)).join(' ')}`)).to.deep.equal([]);
      };
      expect(await inBrowser(source, act, { colorScheme })).to.deep.equal([]);
    });
  }

  it('shows only the rules that differ where that is asked for', async () => {
    await inBrowser(renderComparisonHtml(fixtureComparison()), async (page) => {
      const same = page.locator('[id="rule-object_reference_id/length"]');
      expect(await same.isVisible()).to.equal(true);
      await page.locator('#only-differences').check();
      expect(await same.isVisible()).to.equal(false);
      expect(await page.locator('[id="rule-first_name/charset"]').isVisible()).to.equal(true);
    });
  });

  it('leads from an address to a finding: what encloses it is opened, and a filter that hides it is taken back', async () => {
    await inBrowser(
      html,
      async (page) => {
        const rule = page.locator('[id="rule-object_reference_id/length"]');
        expect(await rule.locator('.rule-body').isVisible()).to.equal(true);
        expect(
          await rule
            .locator('summary')
            .first()
            .evaluate((element) => element === document.activeElement),
        ).to.equal(true);
        await page.locator('input[value=fail]').check();
        await rule.waitFor({ state: 'hidden' });
        await page.evaluate(() => (location.hash = ''));
        await page.evaluate(() => (location.hash = '#rule-object_reference_id/length'));
        await rule.waitFor({ state: 'visible' });
        expect(await page.locator('input[value=fail]').isChecked()).to.equal(false);
      },
      {},
      '#rule-object_reference_id/length',
    );
  });

  it('filters by verdict, level and topic, and searches in all that a rule says', async () => {
    await inBrowser(html, async (page) => {
      const shown = async (): Promise<string[]> =>
        page.locator('.rule').evaluateAll((rules) => rules.filter((rule) => rule.closest('[hidden]') === null).map(({ id }) => id.replace('rule-', '')));
      const settled = (text: string): Promise<void> => page.locator('output', { hasText: text }).waitFor();
      const all = fixtureRun().findings.length;
      expect(await shown()).to.have.length(all);

      await page.locator('input[value=fail]').check();
      await page.locator('input[value=flaky]').check();
      await settled(`3 of ${String(all)} rules`);
      expect((await shown()).sort()).to.deep.equal(['first_name/charset', 'object_reference_id/unique', 'robustness/values']);
      await page.locator('select[name=topic]').selectOption('first_name');
      await settled(`1 of ${String(all)} rules`);
      expect(await visible(page, '[id="rule-first_name/charset"]')).to.equal(true);

      await page.locator('button[type=reset]').click();
      await page.locator('select[name=level]').selectOption('should');
      await settled(`2 of ${String(all)} rules`);

      await page.locator('button[type=reset]').click();
      await page.locator('input[name=search]').fill('customer-1');
      await settled(`1 of ${String(all)} rules`);
      expect(await shown()).to.deep.equal(['response/id-prefix']);
      await page.locator('button[type=reset]').click();
      await page.waitForFunction(() => document.querySelectorAll('.rule[hidden]').length === 0);

      await page.locator('.counts a', { hasText: 'blocked' }).click();
      await settled(`2 of ${String(all)} rules`);
    });
  });

  it('copies a command as it was, hidden characters included', async () => {
    const curl = "curl --data-raw $'first_name=a\u001b\u202eb' 'http://127.0.0.1:9/customers'";
    const run = fixtureRun({
      findings: fixtureRun().findings.map((finding) =>
        finding.counterexample === undefined ? finding : { ...finding, counterexample: { ...finding.counterexample, curl } },
      ),
    });
    await inBrowser(
      renderHtml(run),
      async (page) => {
        await page.locator('[id="rule-first_name/charset"] button.copy[data-copy="the curl command"]').click();
        await page.locator('[id="rule-first_name/charset"] button.copy', { hasText: 'Copied' }).waitFor();
        expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(curl);
        expect(await page.locator('#announcer').textContent()).to.equal('Copied the curl command');
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
      '#rule-first_name/charset',
    );
  });

  it('can be used with the keyboard alone', async () => {
    await inBrowser(html, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).to.equal('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('main');
      const summary = page.locator('#statement-13 summary').first();
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await visible(page, '#statement-13 .statement-body')).to.equal(true);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('#statement-13') !== null)).to.equal(true);
    });
  });

  it('says everything without JavaScript, but for filters and copy buttons, which are not shown', async () => {
    await inBrowser(
      html,
      async (page) => {
        expect(await visible(page, 'h1')).to.equal(true);
        expect(await visible(page, '#filters')).to.equal(false);
        expect(await visible(page, 'button.copy')).to.equal(false);
        await page.locator('#statement-28 summary').first().click();
        expect(await visible(page, '[id="rule-first_name/charset"] .comparison')).to.equal(true);
      },
      { javaScriptEnabled: false },
    );
  });

  it('on paper has open what is closed on the screen, but for what holds', async () => {
    await inBrowser(html, async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      expect(await visible(page, '#statement-18 .rule-body')).to.equal(true);
      expect(await page.locator('#statement-13 .rule[open]').count()).to.equal(0);
      expect(await visible(page, '#filters')).to.equal(false);
      await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      expect(await page.locator('#statement-18 details[open]').count()).to.equal(0);
    });
  });

  it('is no wider than a narrow screen', async () => {
    await inBrowser(
      html,
      async (page) => {
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.equal(360);
      },
      { viewport: { width: 360, height: 800 } },
    );
  });

  it(`takes less than ${String(OPENS_WITHIN)} s of a processor to open with 5,000 exchanges in it`, async () => {
    const file = join(folder, 'large.html');
    await writeFile(file, renderHtml(largeRun(5000)));
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('.exchanges > li').count()).to.equal(5000);
    const { metrics } = await session.send('Performance.getMetrics');
    await page.close();
    const taken = metrics.find(({ name }) => name === 'TaskDuration')?.value;
    // Something was measured, and not the page that was there before.
    expect(taken).to.be.within(0.05, OPENS_WITHIN);
  });
});
