/**
 * SARIF 2.1.0, for code scanning and the viewers of editors.
 *
 * Results are what somebody has to act on: broken rules, and recommendations that are not followed. SARIF has kinds for
 * the rest too (`pass`, `open`, `notApplicable`, `informational`) and suppressions for what is accepted, but GitHub raises
 * an alert for every result whatever its kind and suppressions, and a false alarm is worse than a gap. So what could not
 * be checked is a notification of the invocation, and the verdict of every rule, and what the baseline accepts, is in
 * the properties of the run.
 *
 * A result has to have a place in a file. What is at fault is a server, whose sources nobody knows here; the evidence is
 * the finding in `report.json`, so that is the place: a path that is the same in every run, beside the SARIF file.
 */
import { createHash } from 'node:crypto';
import type { ArtifactContent, Location, Log, Notification, ReportingDescriptor, Result, ThreadFlowLocation, WebRequest, WebResponse } from 'sarif';
import { PAGE_URL } from '../contracts/document.js';
import type { Body, Counterexample, Exchange, Finding, Offence, ReceivedResponse, Run, SentRequest } from '../contracts/finding.js';
import { detailRows, offenceText, readingLines, reasonText } from './details.js';
import { renderJson } from './json.js';
import { inRuleOrder } from './order.js';
import { outcomeOf } from './outcome.js';
import { clip, printable } from './text.js';
import { againCommand, citationLines, shortCitation, subjectOf, topicOf } from './words.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Where report.json is: the folder of the SARIF file, whatever it is called. */
const BASE = 'REPORT';
/** Characters of a message; GitHub shows some thousand at most. */
const MESSAGE_LENGTH = 2000;
/** Requests at fault of a client with a result of their own, for each rule; GitHub takes 5,000 results. */
const OFFENCES = 40;

const LEVELS = { must: 'error', should: 'warning', open: 'note' } as const;
const SEVERITIES = { must: 'error', should: 'warning', open: 'recommendation' } as const;

/** The run as SARIF that ends in a newline. */
export function renderSarif(run: Run): string {
  const findings = inRuleOrder(run.findings);
  const lines = linesOfFindings(run);
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            version: run.tool.version,
            informationUri: PAGE_URL,
            rules: findings.map(ruleOf),
          },
        },
        automationDetails: { id: `${run.tool.name}/${categoryOf(run)}/${run.runToken}`, description: { text: subjectOf(run) } },
        invocations: [
          {
            executionSuccessful: run.status === 'complete',
            exitCode: run.exitCode,
            startTimeUtc: run.started,
            endTimeUtc: run.ended,
            toolExecutionNotifications: notifications(run, findings),
          },
        ],
        originalUriBaseIds: { [BASE]: { description: { text: 'the folder that this file was written to' } } },
        columnKind: 'utf16CodeUnits',
        results: findings.flatMap((finding, index) => resultsOf(run, finding, index, lines.get(finding.ruleId) ?? 1)),
        properties: {
          seed: run.seed,
          budget: run.budget.name,
          requestsSent: run.requestsSent,
          counts: run.counts,
          verdicts: Object.fromEntries(findings.map(({ ruleId, verdict }) => [ruleId, verdict])),
          accepted: Object.fromEntries(findings.flatMap((finding) => (finding.accepted === undefined ? [] : [[finding.ruleId, finding.accepted]]))),
          readings: Object.fromEntries(findings.flatMap((finding) => (finding.reading === undefined ? [] : [[finding.ruleId, readingLines(finding)]]))),
          ...(run.client?.explored === undefined ? {} : { explored: run.client.explored }),
        },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** What the runs of one target share, for GitHub to compare: not the port, which is another one in every job. */
function categoryOf({ target, client }: Run): string {
  if (client !== undefined) return 'client';
  if (target.embedded) return 'embedded';
  return URL.canParse(target.url) ? new URL(target.url).hostname : 'target';
}

function ruleOf({ ruleId, title, level, citation }: Finding): ReportingDescriptor {
  const written = citationLines(citation).map(printable);
  return {
    id: ruleId,
    shortDescription: { text: message(title) },
    fullDescription: { text: message(`${title}. Where it is written: ${written.join('; ')}.`) },
    help: { text: message(`${written.join('\n')}\n${PAGE_URL}`) },
    helpUri: PAGE_URL,
    defaultConfiguration: { level: LEVELS[level] },
    properties: {
      tags: ['conformance', topicOf(ruleId), level],
      precision: 'very-high',
      'problem.severity': SEVERITIES[level],
      level,
      citation,
    },
  };
}

function resultsOf(run: Run, finding: Finding, ruleIndex: number, line: number): Result[] {
  const outcome = outcomeOf(run, finding);
  if ((outcome !== 'failed' && outcome !== 'warned') || finding.accepted !== undefined) return [];
  const { ruleId, counterexample, offences = [] } = finding;
  const part = counterexample === undefined || counterexample.part === '' ? ruleId : counterexample.part;
  const common = { ruleId, ruleIndex, kind: 'fail', level: outcome === 'failed' ? 'error' : 'warning' } as const;
  const properties = { verdict: finding.verdict, level: finding.level, citation: shortCitation(finding.citation) };
  if (offences.length > 0) {
    return offences.slice(0, OFFENCES).map((offence, index) => ({
      ...common,
      message: { text: message(`${finding.title}. Request ${offenceText(offence)}.`) },
      locations: [place(offence.part === '' ? ruleId : offence.part, line)],
      partialFingerprints: fingerprint(`${ruleId} ${offence.part}`, ordinal(offences, index)),
      ...webOf(offence.exchange.request, offence.exchange.response),
      properties: { ...properties, request: offence.exchange.n, again: againCommand(run, finding) },
    }));
  }
  return [
    {
      ...common,
      message: { text: message([reasonText(run, finding), ...detailRows(run, finding).map(([label, text]) => `${label}: ${text}`)].join('\n')) },
      locations: [place(part, line)],
      partialFingerprints: fingerprint(ruleId, 1),
      ...(counterexample === undefined ? {} : webOf(counterexample.request, counterexample.response)),
      ...(counterexample === undefined ? {} : flowOf(counterexample, part, line)),
      properties: {
        ...properties,
        ...(counterexample === undefined ? {} : { seed: counterexample.seed, path: counterexample.path, curl: counterexample.curl }),
        again: againCommand(run, finding),
      },
    },
  ];
}

/** Of the requests at fault in the same part, which one it is: the n-th of a run is held to be the n-th of the next. */
function ordinal(offences: readonly Offence[], index: number): number {
  const { part } = offences[index] ?? {};
  return offences.slice(0, index + 1).filter((offence) => offence.part === part).length;
}

/** What makes a result the same in the next run: the rule, and of a client the part; not the values, which are drawn. The name is GitHub's. */
function fingerprint(text: string, nth: number): Record<string, string> {
  return { primaryLocationLineHash: `${createHash('sha256').update(text).digest('hex').slice(0, 16)}:${String(nth)}` };
}

function place(part: string, line: number): Location {
  return {
    physicalLocation: { artifactLocation: { uri: 'report.json', uriBaseId: BASE }, region: { startLine: line } },
    logicalLocations: [{ name: printable(part), fullyQualifiedName: `POST /customers ${printable(part)}`, kind: 'parameter' }],
  };
}

/** The line of each finding in report.json as it is written. */
function linesOfFindings(run: Run): ReadonlyMap<string, number> {
  const lines = renderJson(run).split('\n');
  // Members of findings are the only ones of this name at this depth.
  return new Map(lines.flatMap((line, index) => (line.startsWith('      "ruleId": ') ? [[ruleIdIn(line), index + 1] as const] : [])));
}

function ruleIdIn(line: string): string {
  return JSON.parse(
    line
      .trim()
      .replace(/^"ruleId": /, '')
      .replace(/,$/, ''),
  ) as string;
}

/** The exchanges that led up to the counterexample, and it itself. */
function flowOf({ control, before, request, response, failure }: Counterexample, part: string, line: number): Pick<Result, 'codeFlows'> {
  const step = (text: string, exchange: Pick<Exchange, 'request' | 'response'>): ThreadFlowLocation => ({
    location: { ...place(part, line), message: { text: message(text) } },
    ...webOf(exchange.request, exchange.response),
  });
  const steps = [...(control === undefined ? [] : [control]), ...before];
  if (steps.length === 0) return {};
  const result = response === undefined ? (failure?.kind ?? 'no answer') : String(response.status);
  const last = step(`the counterexample was answered ${result}`, { request, ...(response === undefined ? {} : { response }) });
  const locations = [...steps.map((each) => step(`${each.purpose}${each.note === '' ? '' : `, ${each.note}`}: answered ${answerOf(each)}`, each)), last];
  return { codeFlows: [{ threadFlows: [{ locations }] }] };
}

function answerOf({ response, failure }: Exchange): string {
  return response === undefined ? (failure?.kind ?? 'nothing') : String(response.status);
}

function webOf({ method, path, headers, body }: SentRequest, response: ReceivedResponse | undefined): { webRequest: WebRequest; webResponse: WebResponse } {
  const protocol = { protocol: 'HTTP', version: '1.1' };
  return {
    webRequest: { ...protocol, method, target: path, headers: headersOf(headers), body: contentOf(body) },
    webResponse:
      response === undefined
        ? { noResponseReceived: true }
        : { ...protocol, statusCode: response.status, headers: headersOf(response.headers), body: contentOf(response.body) },
  };
}

/** SARIF has one value for a name: several are joined as HTTP joins them. */
function headersOf(headers: SentRequest['headers']): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) joined.set(name, joined.has(name) ? `${joined.get(name) ?? ''}, ${value}` : value);
  return Object.fromEntries(joined);
}

function contentOf({ encoding, text }: Body): ArtifactContent {
  return encoding === 'base64' ? { binary: text } : { text };
}

/** What is no result: rules that could not be checked, and a run that did not come to its end. */
function notifications(run: Run, findings: readonly Finding[]): Notification[] {
  const whole = run.status === 'complete' ? [] : [run.blockedBy ?? 'The run was interrupted: what was settled until then is here.'];
  return [
    ...whole.map((text): Notification => ({ level: 'error', message: { text: message(text) } })),
    ...findings.flatMap((finding, index): Notification[] =>
      outcomeOf(run, finding) === 'blocked'
        ? [
            {
              level: 'warning',
              message: { text: message(`${finding.ruleId} could not be checked: ${finding.reason}`) },
              associatedRule: { id: finding.ruleId, index },
            },
          ]
        : [],
    ),
    ...(run.client?.notes ?? []).map((text): Notification => ({ level: 'note', message: { text: message(text) } })),
  ];
}

/** A plain text message: no placeholder and no link (sections 3.11.5 and 3.11.6), each line of it printable. */
function message(text: string): string {
  const plain = text
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replace(/\]\(/g, '\\](');
  return clip(plain, MESSAGE_LENGTH);
}
