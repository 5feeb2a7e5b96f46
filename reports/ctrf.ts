/** CTRF, the Common Test Report Format: JSON that test dashboards and bots of pull requests read (ctrf.io). */
import type { CTRFReport, Test, TestStatus } from 'ctrf';
import type { Finding, Run } from '../contracts/finding.js';
import { detailText, offenceText, readingLines, reasonText } from './details.js';
import { inRuleOrder } from './order.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { printable } from './text.js';
import { againCommand, citationLines, subjectOf, topicOf } from './words.js';

/** The version of the specification that this is. */
const SPEC = '0.0.0';

/** CTRF knows no warning: one passes, as does a departure that is accepted, and says what it is in `rawStatus`. `other` is what neither passed nor failed nor was left out. */
const STATUSES: Readonly<Record<Outcome, TestStatus>> = { passed: 'passed', failed: 'failed', warned: 'passed', blocked: 'other', skipped: 'skipped' };

/** The run as CTRF JSON that ends in a newline: a test for each rule, a suite for each topic. */
export function renderCtrf(run: Run): string {
  const tests = inRuleOrder(run.findings).map((finding) => testOf(run, finding));
  const of = (status: TestStatus): number => tests.filter((test) => test.status === status).length;
  const [start, stop] = [Date.parse(run.started), Date.parse(run.ended)];
  const report: CTRFReport = {
    reportFormat: 'CTRF',
    specVersion: SPEC,
    runId: run.runToken,
    timestamp: run.ended,
    generatedBy: `${run.tool.name} ${run.tool.version}`,
    results: {
      tool: { name: run.tool.name, version: run.tool.version },
      summary: {
        tests: tests.length,
        passed: of('passed'),
        failed: of('failed'),
        skipped: of('skipped'),
        pending: of('pending'),
        other: of('other'),
        suites: new Set(run.findings.map(({ ruleId }) => topicOf(ruleId))).size,
        start,
        stop,
        duration: Math.max(0, stop - start),
      },
      tests,
      environment: {
        reportName: subjectOf(run),
        testEnvironment: printable(run.target.url),
        healthy: run.status === 'complete',
        extra: {
          seed: run.seed,
          budget: run.budget.name,
          requestsSent: run.requestsSent,
          counts: run.counts,
          status: run.status,
          ...(run.blockedBy === undefined ? {} : { blockedBy: printable(run.blockedBy) }),
          ...(run.client === undefined ? {} : { notes: run.client.notes.map(printable) }),
          ...(run.client?.explored === undefined ? {} : { explored: run.client.explored }),
        },
      },
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function testOf(run: Run, finding: Finding): Test {
  const { ruleId, title, level, verdict, durationMs, counterexample, offences = [] } = finding;
  const outcome = outcomeOf(run, finding);
  const status = STATUSES[outcome];
  const readings = readingLines(finding);
  return {
    name: printable(`${ruleId}: ${title}`),
    status,
    rawStatus: verdict,
    duration: Math.round(durationMs),
    suite: [topicOf(ruleId)],
    message: reasonText(run, finding),
    ...(outcome === 'passed' || outcome === 'skipped' ? {} : { trace: detailText(run, finding) }),
    ...(readings.length === 0 ? {} : { stdout: readings }),
    tags: [level],
    type: 'contract',
    extra: {
      ruleId,
      citation: citationLines(finding.citation).map(printable),
      ...(counterexample === undefined ? {} : { curl: counterexample.curl, seed: counterexample.seed, path: counterexample.path }),
      ...(offences.length === 0 ? {} : { offences: offences.map(offenceText) }),
      ...(finding.rate === undefined ? {} : { rate: finding.rate }),
      again: againCommand(run, finding),
    },
  };
}
