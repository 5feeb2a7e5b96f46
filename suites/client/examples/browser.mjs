// A create with the fetch of a browser, driven by Playwright. It runs on a page of the API's own origin: the API sends no
// CORS headers. (A key in a browser is a key given away: this is for consoles that a merchant's own staff use.)
import { chromium } from 'playwright-core';

const { CONFORM_URL, CONFORM_API_KEY, CONFORM_MERCHANT_ID, CHROMIUM = '/usr/bin/chromium' } = process.env;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(`${CONFORM_URL}/`);
  const id = await page.evaluate(
    async ([key, merchant]) => {
      const response = await fetch('/customers', {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'x-merchantid': merchant },
        body: new URLSearchParams({ object_reference_id: `cust_browser_${Date.now()}`, mobile_number: '987654321', email_address: 'ana.souza@example.com' }),
      });
      if (!response.ok) throw new Error(`refused: ${response.status} ${await response.text()}`);
      return (await response.json()).id;
    },
    [CONFORM_API_KEY, CONFORM_MERCHANT_ID],
  );
  console.log(`created ${id}`);
} finally {
  await browser.close();
}
