/** Trials of one rule at a time, as `--rule` asks for it: a fault by the rule that it names first, the reference by any. */
import type { Exchange, Finding, Run } from '../../contracts/finding.js';
import { FAULTS, type Fault } from '../../contracts/reference/faults.js';
import { startReference, type ReferenceOptions } from '../../contracts/reference/server.js';
import { runConformance } from '../create-customer/run.js';

/** Long for a server in the same process, also on a busy machine. */
const TIMEOUT_MS = 10_000;

/** What rules about responses need others to send: a refusal of every kind, a duplicate, an unknown customer. */
const COMPANIONS = [
  'object_reference_id/required',
  'mobile_number/required',
  'email_address/local-edges',
  'object_reference_id/unique',
  'credentials/form',
  'encoding/repeated',
];
/**
 * Rules whose faults show in a whole run only (after hundreds of customers, a second later, or in values that other rules send),
 * and rules with so many inputs that a run of them alone is no shorter.
 */
const TAKES_MORE: readonly string[] = [
  'sequence/thousandth',
  'sequence/any-order',
  'sequence/duplicate-changes-nothing',
  'sequence/distinct-references',
  'customers/read',
  'robustness/good-requests',
  'response/unsent',
  'response/content-length',
  'response/echo-object_reference_id',
  'response/echo-email_address',
  'error/texts',
  'error/unknown-customer-shape',
  'first_name/charset',
  'last_name/charset',
  'email_address/charset',
  'mobile_number/digits',
  'mobile_country_code/digits',
  'robustness/values',
];

export const ONE_FOR_EACH_RULE: readonly Fault[] = [
  ...new Map(
    FAULTS.filter(({ equivalent, breaks }) => equivalent === undefined && !TAKES_MORE.includes(breaks[0]))
      .toReversed()
      .map((fault) => [fault.breaks[0], fault]),
  ).values(),
];

export interface Narrow {
  readonly run: Run;
  readonly exchanges: readonly Exchange[];
  readonly key: string;
  finding(ruleId: string): Finding;
}

/** A smoke run of these rules alone, against the reference or a variant of it. */
export async function tryNarrow(options: ReferenceOptions, rules: readonly string[]): Promise<Narrow> {
  const { url, apiKey, merchantId, secondMerchant, close } = await startReference(options);
  const exchanges: Exchange[] = [];
  try {
    const run = await runConformance({
      target: { url, apiKey, merchantId, secondMerchant, embedded: true },
      rules: [...rules],
      budget: 'smoke',
      seed: 1,
      concurrency: 16,
      timeoutMs: TIMEOUT_MS,
      failOn: 'must',
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const finding = (ruleId: string): Finding => {
      const found = run.findings.find((each) => each.ruleId === ruleId);
      if (found === undefined) throw new Error(`no finding of ${ruleId}`);
      return found;
    };
    return { run, exchanges, finding, key: apiKey };
  } finally {
    await close();
  }
}

/** Verdicts that accuse the target. */
export const ACCUSES: readonly string[] = ['fail', 'flaky', 'warn'];
/** The fault by its rule alone, else with what that rule needs others to send. */
export async function tryFault(fault: Fault): Promise<Narrow> {
  const alone = await tryNarrow({ fault: fault.name }, [fault.breaks[0]]);
  return ACCUSES.includes(alone.finding(fault.breaks[0]).verdict) ? alone : tryNarrow({ fault: fault.name }, [fault.breaks[0], ...COMPANIONS]);
}
