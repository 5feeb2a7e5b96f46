/**
 * TAP 14, for harnesses that read test results from a stream. TAP has `ok` and `not ok`: what could not be checked is not
 * ok, for it must not look green, and its diagnostics say so. A recommendation that is not followed, and a departure that
 * is accepted, are `# TODO`, which is TAP's word for a failure that is known and does not fail the whole.
 */
import { stringify } from 'yaml';
import type { Finding, Run } from '../contracts/finding.js';
import { detailRows, readingLines, reasonText } from './details.js';
import { inRuleOrder } from './order.js';
import { outcomeOf } from './outcome.js';
import { conclusion } from './terminal.js';
import { plural, printable } from './text.js';
import { acceptedText, subjectOf } from './words.js';

/** The run as TAP that ends in a newline: a test point for each rule; where nothing could be checked, none and why. */
export function renderTap(run: Run): string {
  const findings = inRuleOrder(run.findings);
  const start = ['TAP version 14', comment(`${subjectOf(run)}, ${plural(run.requestsSent, 'request')}, seed ${String(run.seed)}`)];
  if (run.status === 'blocked') return lines([...start, `Bail out! ${description(run.blockedBy ?? 'no request could be judged')}`]);
  return lines([
    ...start,
    `1..${String(findings.length)}${findings.length === 0 ? ' # SKIP no rule was checked' : ''}`,
    ...findings.flatMap((finding, index) => point(run, finding, index + 1)),
    comment(conclusion(run)),
  ]);
}

function point(run: Run, finding: Finding, number: number): string[] {
  const outcome = outcomeOf(run, finding);
  const { ruleId, title } = finding;
  const reason = acceptedText(finding) ?? reasonText(run, finding);
  const directive = outcome === 'skipped' ? ` # SKIP ${description(reason)}` : outcome === 'warned' ? ` # TODO ${description(reason)}` : '';
  const isOk = outcome === 'passed' || outcome === 'skipped';
  return [
    `${isOk ? 'ok' : 'not ok'} ${String(number)} - ${description(`${ruleId}: ${title}`)}${directive}`,
    ...(outcome === 'skipped' || (isOk && finding.verdict === 'pass') ? [] : diagnostics(run, finding, isOk)),
  ];
}

/** The finding as a block of YAML. */
function diagnostics(run: Run, finding: Finding, isOk: boolean): string[] {
  const readings = readingLines(finding);
  const { requests, ...rows } = grouped(detailRows(run, finding));
  const yaml = stringify(
    {
      message: reasonText(run, finding),
      verdict: finding.verdict,
      level: finding.level,
      ...(isOk ? {} : rows),
      ...(requests === undefined ? {} : { requests }),
      ...(readings.length === 0 ? {} : { readings }),
    },
    // Quoted, so that nothing in a value can be taken for the end of the block.
    { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  );
  return ['---', ...yaml.trimEnd().split('\n'), '...'].map((line) => `  ${line}`);
}

/** The rows as members; the requests of a client, which have one name, as a list. */
function grouped(rows: readonly (readonly [label: string, text: string])[]): Record<string, string | string[]> {
  const requests = rows.filter(([label]) => label === 'request' || label === 'requests').map(([, text]) => text);
  return { ...Object.fromEntries(rows.filter(([label]) => !label.startsWith('request'))), ...(requests.length === 0 ? {} : { requests }) };
}

/** Text in a line of a test point: `#` would begin a directive. */
function description(text: string): string {
  return printable(text).replace(/[\\#]/g, '\\$&').trim();
}

function comment(text: string): string {
  return `# ${printable(text)}`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
