import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../contracts/finding.js';
import { failureText, suiteConfig, type SuiteEnvironment } from './session.js';

const COMPLETE: SuiteEnvironment = { CONFORM_URL: 'http://127.0.0.1:8080', CONFORM_API_KEY: 'a-key-of-mine', CONFORM_MERCHANT_ID: 'merchant' };
const EMBEDDED = {
  url: 'http://127.0.0.1:9',
  apiKey: 'key',
  merchantId: 'one',
  secondMerchant: { merchantId: 'two', apiKey: 'other' },
  close: () => Promise.resolve(),
};

describe('session: what the environment asks for', () => {
  it('without a target, the embedded reference with both of its merchants', () => {
    const { target, concurrency, budget, seed, rules } = suiteConfig({}, EMBEDDED);
    expect(target).to.deep.equal({ url: EMBEDDED.url, apiKey: 'key', merchantId: 'one', secondMerchant: EMBEDDED.secondMerchant, embedded: true });
    expect({ concurrency, budget, seed, rules }).to.deep.equal({ concurrency: 16, budget: 'standard', seed: 1, rules: ['*'] });
  });

  it('a target of one’s own, with budget and seed', () => {
    const config = suiteConfig({ ...COMPLETE, CONFORM_BUDGET: 'smoke', CONFORM_SEED: '42' }, undefined);
    expect(config.target).to.deep.equal({ url: 'http://127.0.0.1:8080', apiKey: 'a-key-of-mine', merchantId: 'merchant', embedded: false });
    expect([config.budget, config.seed]).to.deep.equal(['smoke', 42]);
  });

  for (const [url, concurrency, rate] of [
    ['http://127.0.0.1:8080', 16, undefined],
    ['http://localhost:8080/api', 16, undefined],
    ['http://[::1]:8080', 16, undefined],
    ['https://sandbox.juspay.in', 4, 10],
    ['http://127.0.0.1.example.com', 4, 10],
    ['http://localhost.example.com', 4, 10],
    ['http://10.0.0.1', 4, 10],
  ] as const) {
    it(`${url}: ${String(concurrency)} at a time, ${rate === undefined ? 'at any rate' : `${String(rate)} a second`}`, () => {
      const config = suiteConfig({ ...COMPLETE, CONFORM_URL: url }, undefined);
      expect([config.concurrency, config.ratePerSecond]).to.deep.equal([concurrency, rate]);
    });
  }

  it('a baseline is read from the file, and one that cannot be used says where', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baseline-'));
    const file = join(folder, 'b.yaml');
    try {
      await writeFile(file, '- rule: last_name/charset\n  reason: names of partners\n');
      expect(suiteConfig({ CONFORM_BASELINE: file }, EMBEDDED).baseline?.entries).to.deep.equal([{ rule: 'last_name/charset', reason: 'names of partners' }]);
      await writeFile(file, '- rule: last_name/charset\n');
      expect(() => suiteConfig({ CONFORM_BASELINE: file }, EMBEDDED)).to.throw(Error, /b\.yaml:1:3: last_name\/charset has no reason/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const wrong: readonly (readonly [what: string, env: SuiteEnvironment, message: RegExp])[] = [
    ['a URL that is none', { ...COMPLETE, CONFORM_URL: 'sandbox.juspay.in' }, /^CONFORM_URL is "sandbox\.juspay\.in"; it is an absolute URL/],
    ['an empty URL', { ...COMPLETE, CONFORM_URL: '' }, /^CONFORM_URL is ""/],
    ['no key', { CONFORM_URL: 'http://127.0.0.1:8080', CONFORM_MERCHANT_ID: 'merchant' }, /^CONFORM_API_KEY is not set/],
    ['an empty key', { ...COMPLETE, CONFORM_API_KEY: '' }, /^CONFORM_API_KEY is not set/],
    ['no merchant', { CONFORM_URL: 'http://127.0.0.1:8080', CONFORM_API_KEY: 'key' }, /^CONFORM_MERCHANT_ID is not set/],
    ['a budget that is none', { ...COMPLETE, CONFORM_BUDGET: 'huge' }, /^CONFORM_BUDGET is "huge"; it is one of smoke, standard, deep$/],
    ['a budget that every object has', { ...COMPLETE, CONFORM_BUDGET: 'toString' }, /^CONFORM_BUDGET is "toString"/],
    ['a seed that is no number', { ...COMPLETE, CONFORM_SEED: 'seven' }, /^CONFORM_SEED is "seven"; it is a whole number$/],
    ['a seed with a fraction', { ...COMPLETE, CONFORM_SEED: '1.5' }, /^CONFORM_SEED is "1\.5"/],
    ['an empty seed', { ...COMPLETE, CONFORM_SEED: '' }, /^CONFORM_SEED is ""/],
    ['a production host', { ...COMPLETE, CONFORM_URL: 'https://api.juspay.in' }, /production host/],
    ['the other production host, with a port and a path', { ...COMPLETE, CONFORM_URL: 'https://API.Juspay.IO:443/v2' }, /production host/],
    ['a production host as a full name', { ...COMPLETE, CONFORM_URL: 'https://api.juspay.in./' }, /production host/],
    ['a protocol that is not HTTP', { ...COMPLETE, CONFORM_URL: 'ftp://127.0.0.1' }, /^CONFORM_URL is "ftp:\/\/127\.0\.0\.1"/],
  ];
  for (const [what, env, message] of wrong) {
    it(`${what} is refused, and the key is not in what is said`, () => {
      expect(() => suiteConfig(env, undefined))
        .to.throw(Error, message)
        .with.property('message')
        .that.does.not.include('a-key-of-mine');
    });
  }
});

describe('session: what a failed test says', () => {
  const finding: Finding = {
    ruleId: 'first_name/charset',
    level: 'must',
    verdict: 'fail',
    title: 'a title',
    citation: { source: ['doc'], statement: [28], lines: [[22, 22]] },
    reason: 'a bad request was not refused',
    expected: '400 with an error body',
    got: '200 {"id":"cst_1"}',
    requests: 3,
    judged: 3,
    durationMs: 1,
  };

  it('the reason, what was expected and what came', () => {
    expect(failureText(finding)).to.equal('fail: a bad request was not refused\n  expected  400 with an error body\n  got       200 {"id":"cst_1"}');
    expect(failureText({ ...finding, verdict: 'blocked' })).to.match(/^blocked: /);
  });

  it('what was sent, and how to see it again', () => {
    const text = failureText({
      ...finding,
      counterexample: {
        part: 'first_name',
        value: 'a b',
        controlValue: 'acb',
        request: { method: 'POST', path: '/customers', headers: [], body: { encoding: 'utf-8', text: '' } },
        before: [],
        curl: 'curl -i …',
        seed: 7,
        path: 'violating/1',
        shrunk: true,
      },
    });
    expect(text.split('\n').slice(1)).to.deep.equal([
      '  sent      first_name = "a b"',
      '  expected  400 with an error body',
      '  got       200 {"id":"cst_1"}',
      '  again     conform run --rule first_name/charset --seed 7',
      '  or        curl -i …',
    ]);
  });
});
