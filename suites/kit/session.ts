/**
 * The run behind the Mocha suites: one for the whole process, begun before the first test, each test awaiting the
 * finding of its rule. The only file of the kit that knows Mocha.
 */
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { Finding } from '../../contracts/finding.js';
import { startReference, type Reference } from '../../contracts/reference/server.js';
import type { Rule } from '../../contracts/model.js';
import { createSession } from '../create-customer/run.js';
import { baselineComplaint, dayOf, parseBaseline, type Baseline } from './baseline.js';
import { BUDGETS, type BudgetName, type RunConfig } from './config.js';
import type { Session } from './run.js';

/** Set in the environment to run the suites against a target of your own. */
export interface SuiteEnvironment {
  readonly CONFORM_URL?: string;
  readonly CONFORM_API_KEY?: string;
  readonly CONFORM_MERCHANT_ID?: string;
  readonly CONFORM_BUDGET?: string;
  readonly CONFORM_SEED?: string;
  /** A file with departures that fail no test. */
  readonly CONFORM_BASELINE?: string;
}

const LOOPBACK = /^https?:\/\/(127(\.\d+){3}|localhost|\[::1\])(:|\/|$)/;

/**
 * What the environment asks for: the target of `CONFORM_URL`, else the embedded reference.
 * @throws Error that names the variable that is missing or wrong, or says what is wrong in the baseline
 */
export function suiteConfig(env: SuiteEnvironment, embedded: Reference | undefined): RunConfig {
  const budget = env.CONFORM_BUDGET ?? 'standard';
  if (!Object.hasOwn(BUDGETS, budget)) throw new Error(`CONFORM_BUDGET is ${JSON.stringify(budget)}; it is one of ${Object.keys(BUDGETS).join(', ')}`);
  const seed = env.CONFORM_SEED === undefined ? 1 : Number(env.CONFORM_SEED);
  if (!Number.isInteger(seed) || env.CONFORM_SEED === '') throw new Error(`CONFORM_SEED is ${JSON.stringify(env.CONFORM_SEED)}; it is a whole number`);
  const file = env.CONFORM_BASELINE ?? '';
  const baseline = file === '' ? {} : { baseline: parseBaseline(readFileSync(file, 'utf8'), file) };
  const shared = { rules: ['*'], budget: budget as BudgetName, seed, timeoutMs: 10_000, failOn: 'must', ...baseline } as const;
  if (embedded !== undefined) {
    const { url, apiKey, merchantId, secondMerchant } = embedded;
    return { ...shared, target: { url, apiKey, merchantId, secondMerchant, embedded: true }, concurrency: 16 };
  }
  const { CONFORM_URL: url = '', CONFORM_API_KEY: apiKey, CONFORM_MERCHANT_ID: merchantId } = env;
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new Error(`CONFORM_URL is ${JSON.stringify(url)}; it is an absolute URL such as http://127.0.0.1:8080`);
  if (apiKey === undefined || apiKey === '') throw new Error('CONFORM_API_KEY is not set; it holds the API key of the target');
  if (merchantId === undefined || merchantId === '') throw new Error('CONFORM_MERCHANT_ID is not set; it holds the merchant id of the target');
  // A name with a dot behind it is the same host.
  const hostname = new URL(url).hostname.replace(/\.$/, '');
  if (['api.juspay.in', 'api.juspay.io'].includes(hostname))
    throw new Error(`CONFORM_URL is ${url}, a production host; the suites make thousands of customers that nobody can delete`);
  const pace = LOOPBACK.test(url) ? { concurrency: 16 } : { concurrency: 4, ratePerSecond: 10 };
  return { ...shared, target: { url, apiKey, merchantId, embedded: false }, ...pace };
}

let session: Session | undefined;
let baseline: Baseline | undefined;
let running: Promise<unknown> | undefined;
let reference: Reference | undefined;
let suites = 0;

async function begin(): Promise<Session> {
  if (session === undefined) {
    reference = process.env['CONFORM_URL'] === undefined ? await startReference() : undefined;
    const config = suiteConfig(process.env, reference);
    ({ baseline } = config);
    session = createSession(config);
    running = session.run();
  }
  return session;
}

async function end(): Promise<void> {
  suites -= 1;
  if (suites > 0) return;
  await running;
  await reference?.close();
}

/** What a failed test says: what was sent, what was expected, what came. */
export function failureText({ verdict, reason, expected, got, counterexample, ruleId }: Finding): string {
  const lines = [`${verdict}: ${reason}`];
  if (counterexample !== undefined) lines.push(`  sent      ${counterexample.part} = ${JSON.stringify(counterexample.value)}`);
  if (expected !== undefined) lines.push(`  expected  ${expected}`);
  if (got !== undefined) lines.push(`  got       ${got}`);
  if (counterexample !== undefined) lines.push(`  again     conform run --rule ${ruleId} --seed ${counterexample.seed}`, `  or        ${counterexample.curl}`);
  return lines.join('\n');
}

/** Declares a suite: a test for each of the rules, which awaits the rule's finding. */
export function conformanceSuite(title: string, rules: readonly Rule[]): void {
  suites += 1;
  describe(title, function () {
    // The run has its own time-outs; a rule's finding comes when all its requests were answered.
    this.timeout(0);
    before(begin);
    after(end);
    for (const rule of rules) {
      it(`${rule.id}: ${rule.title}`, async function () {
        const finding = await (await begin()).finding(rule.id);
        // The target lacks what the rule is about, or nothing of it came up: Mocha has the same word for it.
        if (finding.verdict === 'skipped') this.skip();
        const complaint = baselineComplaint(finding, baseline, dayOf(new Date()));
        if (complaint !== undefined)
          throw new Error(finding.verdict === 'fail' || finding.verdict === 'flaky' ? `${complaint}\n${failureText(finding)}` : complaint);
        // An accepted departure passes, and the list of tests says so.
        if (finding.accepted !== undefined && this.test !== undefined) this.test.title += ` (${finding.verdict}, accepted: ${finding.accepted.reason})`;
        else if (['fail', 'flaky', 'blocked'].includes(finding.verdict)) throw new Error(failureText(finding));
      });
    }
  });
}
