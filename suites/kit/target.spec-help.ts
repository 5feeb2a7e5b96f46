/** Targets for specs of whole runs: the reference with something about it changed, and what a run of it is asked for. */
import { expect } from 'chai';
import type { AddressInfo } from 'node:net';
import { VERDICTS, type Exchange, type Finding, type Run } from '../../contracts/finding.js';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { REFERENCE } from '../../contracts/reference/reference.js';
import { MERCHANT, serve } from '../../contracts/reference/server.js';
import { RULES } from '../../contracts/rules/index.js';
import { runConformance } from '../create-customer/run.js';
import type { RunConfig } from './config.js';

export interface Target {
  readonly url: string;
  close(): Promise<void>;
}

/** The reference, some of its decisions written otherwise. */
export async function changed(change: (behaviour: Behaviour) => Partial<Behaviour> = () => ({})): Promise<Target> {
  const server = serve({ ...REFERENCE, ...change(REFERENCE) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function configOf(url: string, more: Partial<RunConfig> = {}): RunConfig {
  return {
    target: { url, ...MERCHANT, embedded: false },
    rules: ['*'],
    budget: 'smoke',
    seed: 7,
    concurrency: 16,
    // Long for a server in the same process, also on a busy machine.
    timeoutMs: 10_000,
    failOn: 'must',
    ...more,
  };
}

export interface Watched {
  readonly run: Run;
  readonly exchanges: readonly Exchange[];
  finding(ruleId: string): Finding;
}

/** Runs the checks, and keeps every exchange. */
export async function watch(url: string, more: Partial<RunConfig> = {}): Promise<Watched> {
  const exchanges: Exchange[] = [];
  const run = await runConformance(configOf(url, { ...more, onExchange: (exchange) => exchanges.push(exchange) }));
  return {
    run,
    exchanges,
    finding: (ruleId) => {
      const finding = run.findings.find((each) => each.ruleId === ruleId);
      if (finding === undefined) throw new Error(`the run has no finding of ${ruleId}`);
      return finding;
    },
  };
}

/** Runs the checks against the reference with a change, and ends it. */
export async function runOf(change: (behaviour: Behaviour) => Partial<Behaviour>, more: Partial<RunConfig> = {}): Promise<Watched> {
  const target = await changed(change);
  try {
    return await watch(target.url, more);
  } finally {
    await target.close();
  }
}

/** The verdicts of all findings, in one line each where they accuse somebody. */
export function accusations({ findings }: Run): string[] {
  return findings.flatMap(({ verdict, ruleId, reason }) => (['fail', 'flaky', 'warn'].includes(verdict) ? [`${verdict} ${ruleId}: ${reason}`] : []));
}

/** Every rule, in the order of the findings. */
export const IDS = RULES.map(({ id }) => id);

/** All but those that wait, since a customer may take 2 s to be readable. */
export const QUICK = IDS.filter((id) => !id.startsWith('customers/') && id !== 'sequence/duplicate-changes-nothing');

/** What holds of every run, however it ended. */
export function assertSound({ run, exchanges }: Watched, rules: readonly string[] = IDS): void {
  expect(
    run.findings.map(({ ruleId }) => ruleId),
    'findings, in the order of the rules',
  ).to.deep.equal(rules);
  expect(
    Object.values(run.counts).reduce((sum, count) => sum + count, 0),
    'the sum of the counts',
  ).to.equal(rules.length);
  for (const verdict of VERDICTS) expect(run.counts[verdict], verdict).to.equal(run.findings.filter((finding) => finding.verdict === verdict).length);
  expect(run.requestsSent, 'requests sent, and exchanges kept').to.equal(exchanges.length);
  // What was answered 429 is the same request again, and keeps its id.
  const ids = exchanges.filter(({ response }) => response?.status !== 429).map(({ id }) => id);
  expect(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    'ids that two exchanges have',
  ).to.deep.equal([]);
  for (const finding of run.findings) expect(finding.reason, `the reason of ${finding.ruleId}`).to.match(/\S/);
}
