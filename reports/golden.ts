/** The reports that are checked in, and the run that they are of: a changed report shows as a difference in them. */
import type { Run } from '../contracts/finding.js';
import { annotationsOf } from './annotations.js';
import type { Replay, Replayed } from '../contracts/replay.js';
import { baselineEntries, renderBaselineJson, renderBaselineYaml } from './baseline.js';
import { renderCtrf } from './ctrf.js';
import { blockedDiff, fixtureDiff, greenDiff } from './diff/fixture.js';
import { renderDiffHtml } from './diff/html.js';
import { renderDiffJson } from './diff/json.js';
import { renderDiffMarkdown } from './diff/markdown.js';
import { renderDiffText } from './diff/text.js';
import { acceptedRun, fixtureExchanges, fixtureRun } from './fixture.js';
import { renderHar } from './har.js';
import { fixtureAtlas } from './atlas/fixture.js';
import { renderAtlasJson } from './atlas/json.js';
import { renderAtlasTerminal } from './atlas/terminal.js';
import { observe } from './html/observe.js';
import { renderHtml } from './html/report.js';
import { fixtureComparison } from './compare/fixture.js';
import { renderComparisonJson } from './compare/json.js';
import { renderComparisonMarkdown } from './compare/markdown.js';
import { renderComparisonText } from './compare/text.js';
import { renderJson } from './json.js';
import { fixtureClientRun } from './client.fixture.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import { renderSarif } from './sarif.js';
import { renderTap } from './tap.js';
import { renderReplayed, renderReplayFoot, renderReplayHead } from './replay.js';
import { renderReplayScript } from './replay-script.js';
import { renderTerminal } from './terminal.js';

const FILES = ['conformance-report/report.json', 'conformance-report/junit.xml', 'conformance-report/exchanges.ndjson'];

const blocked = (): Run => {
  const reason = 'the control was refused with 401: the target does not take this API key';
  const findings = fixtureRun().findings.map(({ ruleId, level, title, citation }) => ({
    ruleId,
    level,
    title,
    citation,
    verdict: 'blocked' as const,
    reason,
    requests: 0,
    judged: 0,
    durationMs: 0,
  }));
  return fixtureRun({ findings, status: 'blocked', blockedBy: reason, exitCode: 2, requestsSent: 3, idsCreated: [] });
};

const green = (): Run =>
  fixtureRun({
    target: { url: 'http://127.0.0.1:9', embedded: true, merchantId: 'acme' },
    findings: fixtureRun().findings.filter(({ verdict, expected }) => verdict === 'pass' || (verdict === 'observed' && expected === undefined)),
    exitCode: 0,
  });

/** A page without style, script and their hashes, which are files of their own: a changed colour is no changed report. */
const withoutAssets = (html: string): string => html.replace(/(<(style|script)>)[^]*?(<\/\2>)/g, '$1…$3').replace(/sha256-[^']*/g, 'sha256-…');
const replayText = (): string => {
  const run = fixtureRun();
  const target = { url: 'http://127.0.0.1:10', embedded: false, merchantId: 'acme' };
  const of = (ruleId: string): Pick<Replayed, 'ruleId' | 'title' | 'was'> => {
    const { title, verdict } = run.findings.find((finding) => finding.ruleId === ruleId) ?? { title: '', verdict: 'fail' as const };
    return { ruleId, title, was: verdict };
  };
  const replayed: Replayed[] = [
    {
      ...of('first_name/charset'),
      outcome: 'still broken',
      way: 'counterexample',
      tries: 3,
      broken: 3,
      reason: 'broken in 3 of 3 tries',
      expected: '400 with an error body',
      got: '201 {"id":"cst_9"}',
    },
    {
      ...of('robustness/values'),
      outcome: 'flaky',
      way: 'run',
      reason: 'a request was not answered, but not each time: 2 of 84',
      expected: 'a complete answer below 500',
      got: '502 <b>bad</b>',
    },
    {
      ...of('object_reference_id/unique'),
      outcome: 'fixed',
      way: 'steps',
      tries: 3,
      broken: 0,
      reason: 'it held in 3 of 3 tries',
      got: 'every step was answered as documented',
    },
    { ...of('content-type/json'), outcome: 'blocked', way: 'counterexample', tries: 0, broken: 0, reason: 'the good request beside it is not accepted (401)' },
  ];
  const replay: Replay = {
    schemaVersion: 1,
    target,
    of: { url: run.target.url, seed: run.seed, ended: run.ended },
    replayed,
    requestsSent: 2931,
    idsCreated: ['a', 'b'],
    exitCode: 1,
  };
  return [renderReplayHead(run, target, 4), ...replayed.map((each) => renderReplayed(each, run, replay)), `${renderReplayFoot(replay)}\n`].join('\n\n');
};

/** Each golden file by its name in `golden/`, and how it is made. */
export const GOLDENS: Readonly<Record<string, () => string>> = {
  'terminal.txt': () => renderTerminal(fixtureRun(), { files: FILES }),
  'terminal-verbose.txt': () => renderTerminal(fixtureRun(), { verbose: true, files: FILES }),
  'terminal-green.txt': () => renderTerminal(green(), { files: FILES }),
  'terminal-blocked.txt': () => renderTerminal(blocked(), { files: FILES }),
  'terminal-accepted.txt': () => renderTerminal(acceptedRun(), { files: FILES }),
  'junit-accepted.xml': () => renderJunit(acceptedRun()),
  'baseline.yaml': () => renderBaselineYaml(acceptedRun(), baselineEntries(acceptedRun())),
  'baseline.json': () => renderBaselineJson(baselineEntries(acceptedRun(), { expires: '2027-03-31' })),
  'diff.txt': () => renderDiffText(fixtureDiff()),
  'diff-green.txt': () => renderDiffText(greenDiff()),
  'diff-blocked.txt': () => renderDiffText(blockedDiff()),
  'diff.json': () => renderDiffJson(fixtureDiff()),
  'diff.md': () => renderDiffMarkdown(fixtureDiff()),
  'diff-blocked.md': () => renderDiffMarkdown(blockedDiff()),
  'diff.html': () => withoutAssets(renderDiffHtml(fixtureDiff())),
  'report.html': () => withoutAssets(renderHtml(fixtureRun(), observe(fixtureExchanges()))),
  'report-client.html': () => withoutAssets(renderHtml(fixtureClientRun())),
  'replay.txt': () => replayText(),
  'replay.sh': () =>
    renderReplayScript(
      fixtureRun(),
      fixtureRun().findings.filter(({ verdict }) => verdict === 'fail'),
    ).text,
  'report.json': () => renderJson(fixtureRun()),
  'junit.xml': () => renderJunit(fixtureRun()),
  'annotations.txt': () => `${annotationsOf(fixtureRun()).join('\n')}\n`,
  'report.sarif': () => renderSarif(fixtureRun()),
  'report-client.sarif': () => renderSarif(fixtureClientRun()),
  'exchanges.har': () => renderHar(fixtureRun(), fixtureExchanges()),
  'ctrf-report.json': () => renderCtrf(fixtureRun()),
  'report.tap': () => renderTap(fixtureRun()),
  'report.md': () => renderMarkdown(fixtureRun()),
  'report-accepted.md': () => renderMarkdown(acceptedRun()),
  'report-client.md': () => renderMarkdown(fixtureClientRun()),
  'atlas.txt': () => renderAtlasTerminal(fixtureAtlas()),
  'atlas.json': () => renderAtlasJson(fixtureAtlas()),
  'compare.txt': () => renderComparisonText(fixtureComparison()),
  'compare.md': () => renderComparisonMarkdown(fixtureComparison()),
  'compare.json': () => renderComparisonJson(fixtureComparison()),
};
