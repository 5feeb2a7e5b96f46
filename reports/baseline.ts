/** A baseline made from a run: a line for each departure, for a person to go through. */
import { stringify } from 'yaml';
import type { BaselineEntry } from '../contracts/baseline.js';
import type { Finding, Run } from '../contracts/finding.js';
import { inRuleOrder } from './order.js';
import { isContradiction, subjectOf } from './words.js';

export interface BaselineOptions {
  /** Why the departures are accepted; without it each line quotes what was found, with the day of the run. */
  readonly reason?: string;
  /** The last day on which they are accepted, such as `2027-03-31`. */
  readonly expires?: string;
}

/** Whether the finding fails the run that it is of. */
function failsRun({ failOn }: Run, finding: Finding): boolean {
  return finding.verdict === 'fail' || finding.verdict === 'flaky' || isContradiction(finding) || (finding.verdict === 'warn' && failOn === 'should');
}

/** What fails the run, as lines of a baseline, in the order of the rules. A departure that was accepted already keeps its reason. */
export function baselineEntries(run: Run, { reason, expires }: BaselineOptions = {}): BaselineEntry[] {
  return inRuleOrder(run.findings)
    .filter((finding) => failsRun(run, finding))
    .map(({ ruleId, reason: found, accepted }) => {
      const until = expires ?? accepted?.expires;
      return {
        rule: ruleId,
        reason: reason ?? accepted?.reason ?? `known since ${run.ended.slice(0, 10)}: ${found}`,
        ...(accepted?.link === undefined ? {} : { link: accepted.link }),
        ...(until === undefined ? {} : { expires: until }),
      };
    });
}

/** The lines as YAML that ends in a newline, behind a comment that says where they come from. */
export function renderBaselineYaml(run: Run, entries: readonly BaselineEntry[]): string {
  const from = `${subjectOf(run)}, run of ${run.ended.slice(0, 10)}, seed ${String(run.seed)}`.replaceAll(/[\r\n]/g, ' ');
  return [
    `# Accepted departures: ${from}.`,
    '# Say of each why it is accepted; link (a URL), expires (a date) and verdict are optional. A line whose rule holds again fails the run.',
    stringify(entries, { lineWidth: 0 }),
  ].join('\n');
}

/** The lines as JSON that ends in a newline. */
export function renderBaselineJson(entries: readonly BaselineEntry[]): string {
  return `${JSON.stringify(entries, null, 2)}\n`;
}
