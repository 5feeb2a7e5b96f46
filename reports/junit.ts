/**
 * JUnit XML, for CI dashboards. A broken rule is a failure and one that could not be checked an error: most tools tell
 * the two apart. What only warns passes, and says so in its output.
 */
import { create } from 'xmlbuilder2';
import type { Finding, Run } from '../contracts/finding.js';
import { inRuleOrder } from './order.js';
import { length, printable } from './text.js';
import { againCommand, citationLines, gotText, groupBy, isContradiction, repeatedText, sentText, subjectOf, topicOf } from './words.js';

type XmlNode = ReturnType<typeof create>;
type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** Characters of a response in a failure; whole ones are in report.json. */
const GOT_LENGTH = 2000;

/** The run as JUnit XML that ends in a newline: a test suite for each topic, a test case for each rule. */
export function renderJunit(run: Run): string {
  const findings = inRuleOrder(run.findings);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: xmlText(subjectOf(run)),
    ...tally(run, findings),
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
  const properties = element.ele('properties');
  const property = (name: string, value: string): void => void properties.ele('property', { name, value: xmlText(value) });
  property('level', finding.level);
  property('verdict', finding.verdict);
  for (const line of citationLines(finding.citation)) property('citation', line);
  const outcome = outcomeOf(run, finding);
  if (outcome === 'skipped') element.ele('skipped', { message: xmlText(finding.reason) });
  else if (outcome !== 'passed') element.ele(outcome, { type: finding.verdict, message: xmlText(finding.reason) }).txt(xmlText(details(run, finding)));
  else if (finding.verdict === 'warn') element.ele('system-out').txt(xmlText(`warning: ${finding.reason}\n${details(run, finding)}`));
  else if (finding.verdict === 'observed') element.ele('system-out').txt(xmlText(readings(finding)));
}

function outcomeOf(run: Run, finding: Finding): Outcome {
  switch (finding.verdict) {
    case 'fail':
    case 'flaky':
      return 'failure';
    case 'warn':
      return run.failOn === 'should' ? 'failure' : 'passed';
    case 'blocked':
      return 'error';
    case 'skipped':
      return 'skipped';
    case 'observed':
      return isContradiction(finding) ? 'failure' : 'passed';
    case 'pass':
      return 'passed';
  }
}

function tally(run: Run, findings: readonly Finding[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const of = (outcome: Outcome): number => findings.filter((finding) => outcomeOf(run, finding) === outcome).length;
  return { tests: findings.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function details(run: Run, finding: Finding): string {
  const got = gotText(finding);
  const rows: [label: string, text: string | undefined][] = [
    ['sent', sentText(finding, 200)],
    ['expected', finding.expected === undefined ? undefined : printable(finding.expected)],
    ['written', citationLines(finding.citation).join(' | ')],
    ['got', got === undefined || length(got) <= GOT_LENGTH ? got : `${Array.from(got).slice(0, GOT_LENGTH).join('')}…`],
    ['repeated', repeatedText(finding)],
    ['again', againCommand(run, finding)],
  ];
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [`${label.padEnd(10)}${text}`])).join('\n');
}

function readings({ reading = {} }: Finding): string {
  return Object.keys(reading)
    .sort()
    .map((name) => `${name}: ${reading[name] ?? ''}`)
    .join('\n');
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
