/**
 * JUnit XML, for CI dashboards. A broken rule is a failure and one that could not be checked an error: most tools tell
 * the two apart. What only warns passes, and says so in its output. There is no standard; what Jenkins reads is the
 * nearest to one (the specs have its schema), so there is nothing in it that Jenkins does not know: no `properties` of
 * a test case, no count of what was skipped at the top.
 */
import { create } from 'xmlbuilder2';
import type { Finding, Run } from '../contracts/finding.js';
import { detailText, readingLines, reasonText } from './details.js';
import { inRuleOrder } from './order.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { printable } from './text.js';
import { citationLines, groupBy, subjectOf, topicOf } from './words.js';

type XmlNode = ReturnType<typeof create>;

/** The run as JUnit XML that ends in a newline: a test suite for each topic, a test case for each rule. */
export function renderJunit(run: Run): string {
  const findings = inRuleOrder(run.findings);
  const { skipped: _skipped, ...counts } = tally(run, findings);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: xmlText(subjectOf(run)),
    ...counts,
    time: seconds(Math.max(0, Date.parse(run.ended) - Date.parse(run.started))),
  });
  for (const [topic, group] of groupBy(findings, ({ ruleId }) => topicOf(ruleId))) {
    const suite = root.ele('testsuite', {
      name: xmlText(topic),
      ...tally(run, group),
      time: seconds(group.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      timestamp: run.started.slice(0, 19),
    });
    for (const finding of group) testcase(suite, run, finding);
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function testcase(suite: XmlNode, run: Run, finding: Finding): void {
  const element = suite.ele('testcase', {
    classname: xmlText(topicOf(finding.ruleId)),
    name: xmlText(`${finding.ruleId}: ${finding.title}`),
    time: seconds(finding.durationMs),
  });
  const reason = reasonText(run, finding);
  const outcome = outcomeOf(run, finding);
  if (outcome === 'skipped') element.ele('skipped', { message: xmlText(reason) });
  // GitLab shows the text and not the message, others the message and not the text.
  else if (outcome === 'failed' || outcome === 'blocked')
    element
      .ele(outcome === 'failed' ? 'failure' : 'error', { type: finding.verdict, message: xmlText(reason) })
      .txt(xmlText(`${reason}\n${detailText(run, finding)}`));
  element.ele('system-out').txt(xmlText(output(run, finding, outcome).join('\n')));
}

/** What a test case says beside its result: what the rule is, and what CI systems have no word for. */
function output(run: Run, finding: Finding, outcome: Outcome): string[] {
  const { level, verdict, reason, citation } = finding;
  return [
    `${level}, ${verdict}: ${printable(reason)}`,
    ...(outcome === 'passed' || outcome === 'skipped' ? citationLines(citation).map(printable) : []),
    ...(outcome === 'warned' ? [detailText(run, finding)] : []),
    ...readingLines(finding),
  ];
}

function tally(run: Run, findings: readonly Finding[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const of = (outcome: Outcome): number => findings.filter((finding) => outcomeOf(run, finding) === outcome).length;
  return { tests: findings.length, failures: of('failed'), errors: of('blocked'), skipped: of('skipped') };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** The text without the characters that no XML 1.0 document may hold, not even as a reference. */
function xmlText(text: string): string {
  // XML 1.0, section 2.2.
  // eslint-disable-next-line no-control-regex -- control characters are the subject
  return text.replace(/[^\u{9}\u{a}\u{d}\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
