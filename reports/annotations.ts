/**
 * Annotations of a run of GitHub Actions: lines on stdout that it shows on the page of the job. GitHub keeps ten of a kind
 * for each step; what is over is told in the last one.
 */
import type { Finding, Run } from '../contracts/finding.js';
import { detailRows, reasonText } from './details.js';
import { inRuleOrder, worstFirst } from './order.js';
import { outcomeOf } from './outcome.js';
import { clip, count, plural, printable } from './text.js';
import { acceptedText, groupBy, topicOf } from './words.js';

type Kind = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  /** Lines. */
  readonly text: readonly string[];
}

/** Annotations of a kind that GitHub keeps of a step. */
const MOST = 10;
/** Characters of a line; the whole of it is in the summary and in report.json. */
const LINE_LENGTH = 500;
/** Rules that are named where one reason blocks many. */
const RULES_NAMED = 20;

/**
 * The annotations of a run as workflow commands, a line each: errors for what fails the run, warnings for what could not
 * be checked and for recommendations that are not followed, notices for departures that are accepted.
 */
export function annotationsOf(run: Run): string[] {
  const findings = inRuleOrder(run.findings);
  const of = (wanted: ReturnType<typeof outcomeOf>): Finding[] => findings.filter((finding) => outcomeOf(run, finding) === wanted);
  const annotations: Annotation[] = [
    ...(run.status === 'blocked' ? [{ kind: 'error', title: 'Nothing could be checked', text: [run.blockedBy ?? 'no request could be judged'] } as const] : []),
    ...worstFirst(of('failed')).map((finding) => annotationOf(run, finding, 'error')),
    ...(run.status === 'blocked' ? [] : groupBy(of('blocked'), ({ reason }) => reason).map(([reason, group]) => blocked(reason, group))),
    ...of('warned').map((finding) => annotationOf(run, finding, finding.accepted === undefined ? 'warning' : 'notice')),
  ];
  return groupBy(annotations, ({ kind }) => kind).flatMap(([, group]) => atMost(group).map(command));
}

function annotationOf(run: Run, finding: Finding, kind: Kind): Annotation {
  const wanted = new Set(['sent', 'expected', 'got', 'again']);
  const accepted = acceptedText(finding);
  return {
    kind,
    title: `${finding.ruleId} (${finding.verdict})`,
    text: [
      accepted ?? reasonText(run, finding),
      ...detailRows(run, finding)
        .filter(([label]) => wanted.has(label))
        .map(([label, text]) => `${label}: ${text}`),
    ],
  };
}

function blocked(reason: string, group: readonly Finding[]): Annotation {
  const named = group.slice(0, RULES_NAMED).map(({ ruleId }) => ruleId);
  const more = group.length - named.length;
  const [only] = group.length === 1 ? named : [];
  const topics = new Set(group.map(({ ruleId }) => topicOf(ruleId))).size;
  return {
    kind: 'warning',
    title: only === undefined ? `${count(group.length)} rules of ${plural(topics, 'topic')} could not be checked` : `${only} could not be checked`,
    text: [reason, ...(only === undefined ? [`${named.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`] : [])],
  };
}

function atMost(group: readonly Annotation[]): Annotation[] {
  const [first] = group;
  if (first === undefined || group.length <= MOST) return [...group];
  const left = group.slice(MOST - 1);
  return [...group.slice(0, MOST - 1), { kind: first.kind, title: `${count(left.length)} more`, text: left.map(({ title }) => title) }];
}

function command({ kind, title, text }: Annotation): string {
  const lines = text.map((line) => clip(printable(line), LINE_LENGTH));
  return `::${kind} title=${property(clip(printable(title), LINE_LENGTH))}::${data(clip(lines.join('\n'), LINE_LENGTH * MOST))}`;
}

/** A message as the runner reads it back: what ends a command, and the escapes themselves. */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** A property ends at a comma or colon too. */
function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
