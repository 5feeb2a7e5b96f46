/**
 * The run as Markdown, for the summary of a CI job (`$GITHUB_STEP_SUMMARY`), a pull request or a wiki: whether the target
 * conforms first, then each broken rule with what was sent, expected and got, and what could not be checked. Warnings,
 * readings and what was skipped are folded.
 */
import { PAGE_URL } from '../contracts/document.js';
import { VERDICTS, type Finding, type Run } from '../contracts/finding.js';
import { detailRows, reasonText } from './details.js';
import { code, codeBlock, codeCell, folded, prose, table } from './markdown-text.js';
import { inRuleOrder, worstFirst } from './order.js';
import { outcomeOf } from './outcome.js';
import { conclusion } from './terminal.js';
import { clip, count, duration, length, plural, printable } from './text.js';
import { groupBy, subjectOf } from './words.js';

/** Bytes of UTF-8 that GitHub takes as the summary of a step; it shows none of a longer one. */
export const SUMMARY_LIMIT = 1024 * 1024;
/** Characters of a row; whole ones are in report.json. */
const ROW_LENGTH = 600;
/** Characters of a curl command; a longer one would bury the report. */
const CURL_LENGTH = 800;
/** Requests at fault of a client in the table of a rule. */
const OFFENCES = 20;

export interface MarkdownOptions {
  /** Bytes of UTF-8 that it may have; `SUMMARY_LIMIT` by default. Sections that do not fit are left out, with a note. */
  readonly maxBytes?: number;
}

/** The run as Markdown that ends in a newline; empty where `maxBytes` has no room for its head. */
export function renderMarkdown(run: Run, { maxBytes = SUMMARY_LIMIT }: MarkdownOptions = {}): string {
  const findings = inRuleOrder(run.findings);
  const of = (wanted: ReturnType<typeof outcomeOf>): Finding[] => findings.filter((finding) => outcomeOf(run, finding) === wanted);
  const blocks = [
    ...worstFirst(of('failed')).map((finding) => problem(run, finding)),
    ...blocked(run, of('blocked')),
    ...explored(run),
    ...of('warned').map((finding) => folded(`${verdictText(finding)}: ${finding.ruleId}: ${finding.title}`, body(run, finding))),
    ...readings(findings),
    ...skipped(run, of('skipped')),
    ...(run.client?.notes ?? []).map(prose),
  ];
  return fit(head(run), blocks, `What the rules rest on: [the documentation](${PAGE_URL}).`, maxBytes);
}

function head(run: Run): string {
  const mark = run.exitCode === 0 ? '✅' : run.exitCode === 1 ? '❌' : '⚠️';
  const { target, client } = run;
  const facts = [
    ...(client === undefined
      ? [`merchant ${code(target.merchantId)}`, `seed ${code(String(run.seed))}`, `budget ${run.budget.name}`]
      : target.variant === undefined
        ? []
        : [`variant ${code(target.variant)}`]),
    ...(run.rules.length === 1 && run.rules[0] === '*' ? [] : [`rules ${run.rules.map(code).join(' ')}`]),
    `${plural(run.requestsSent, 'request')} in ${duration(Math.max(0, Date.parse(run.ended) - Date.parse(run.started)))}`,
  ];
  return [
    `## ${prose(subjectOf(run))}`,
    `${mark} **${prose(conclusion(run))}**`,
    table(VERDICTS, [VERDICTS.map((verdict) => count(run.counts[verdict]))]),
    facts.join(' · '),
  ].join('\n\n');
}

/** A rule that does not hold: what it asks, and what came of it. */
function problem(run: Run, finding: Finding): string {
  return [`### ${verdictText(finding)}: ${code(finding.ruleId)}`, prose(finding.title), body(run, finding)].join('\n\n');
}

function body(run: Run, finding: Finding): string {
  const rows = detailRows(run, finding).filter(([label]) => label !== 'request' && label !== 'again');
  const again = detailRows(run, finding).find(([label]) => label === 'again')?.[1];
  const curl = finding.counterexample?.curl ?? '';
  // A command in which something had to be escaped would not send what was sent.
  const isWhole = curl !== '' && curl === printable(curl) && length(curl) <= CURL_LENGTH;
  return [
    [['because', reasonText(run, finding)] as const, ...rows.filter(([label]) => label !== 'baseline')]
      .map(([label, text]) => `- **${label}** ${label === 'sent' || label === 'got' ? code(clip(printable(text), ROW_LENGTH)) : prose(clip(text, ROW_LENGTH))}`)
      .join('\n'),
    ...offences(finding),
    codeBlock([...(again === undefined ? [] : [again]), ...(isWhole ? [curl] : [])], 'sh'),
  ].join('\n\n');
}

/** The verdict, and whether the baseline accepts it. */
function verdictText({ verdict, accepted }: Finding): string {
  return accepted === undefined ? verdict : `${verdict}, accepted`;
}

/** The requests of a client that depart from the rule; what is the same of all of them is told above. */
function offences({ offences = [], got, expected }: Finding): string[] {
  if (offences.length === 0) return [];
  const isSame = offences.every((offence) => offence.got === got && offence.expected === expected);
  const rows = offences
    .slice(0, OFFENCES)
    .map(({ exchange, part, value, ...own }) => [
      String(exchange.n),
      codeCell(`${exchange.request.method} ${exchange.request.path}`),
      codeCell(part),
      value === null ? 'not sent' : codeCell(clip(value, ROW_LENGTH)),
      ...(isSame ? [] : [prose(clip(own.got, ROW_LENGTH)), prose(clip(own.expected, ROW_LENGTH))]),
    ]);
  const more = offences.length - rows.length;
  return [
    table(['request', 'call', 'part', 'sent', ...(isSame ? [] : ['got', 'expected'])], rows),
    ...(more > 0 ? [`and ${plural(more, 'more request')}, in report.json`] : []),
  ];
}

function blocked(run: Run, findings: readonly Finding[]): string[] {
  if (run.status === 'blocked') return [`### Nothing could be checked\n\n${prose(run.blockedBy ?? 'no request could be judged')}`];
  if (findings.length === 0) return [];
  return [`### Could not be checked\n\n${byReason(findings)}`];
}

function skipped({ client, status }: Run, findings: readonly Finding[]): string[] {
  // Of a client, what no request raised is most of it, and tells nothing.
  if (findings.length === 0 || client !== undefined || status === 'blocked') return [];
  return [folded(`${plural(findings.length, 'rule')} skipped, and nothing is wrong with that`, byReason(findings))];
}

/** Findings that share a reason under that reason. */
function byReason(findings: readonly Finding[]): string {
  return groupBy(findings, ({ reason }) => reason)
    .map(([reason, group]) => `- ${prose(clip(reason, ROW_LENGTH))}: ${group.map(({ ruleId }) => code(ruleId)).join(', ')}`)
    .join('\n');
}

function readings(findings: readonly Finding[]): string[] {
  const observed = findings.filter(({ verdict }) => verdict === 'observed');
  const rows = observed.flatMap(({ ruleId, reading = {} }) =>
    Object.entries(reading)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, taken]) => [codeCell(ruleId), prose(clip(name, ROW_LENGTH)), prose(clip(taken, ROW_LENGTH))]),
  );
  if (rows.length === 0) return [];
  return [folded(`${plural(observed.length, 'rule')} the document leaves open: what was seen`, table(['rule', 'case', 'reading'], rows))];
}

/** What a client made of each answer. */
function explored({ client }: Run): string[] {
  if (client?.explored === undefined || client.explored.length === 0) return [];
  const rows = client.explored.map(({ verdict, answer, expects, ended, creates, did }) => [
    verdict,
    codeCell(answer),
    expects,
    prose(ended),
    verdict === 'skipped' ? '' : count(creates),
    prose(clip(did, ROW_LENGTH)),
  ]);
  return [`### Answers and what the client did\n\n${table(['verdict', 'answer', 'expects', 'ended', 'creates', 'what it did'], rows)}`];
}

/** The parts as one text of at most `maxBytes`; blocks from the first that does not fit on are left out, and counted in a note. */
function fit(start: string, blocks: readonly string[], end: string, maxBytes: number): string {
  const join = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
  const note = (left: number): string => `${plural(left, 'more section')} did not fit in here; report.json has everything.`;
  const size = (parts: readonly string[]): number => Buffer.byteLength(join(parts));
  let used = size([start, note(blocks.length), end]);
  if (used > maxBytes) return '';
  const kept: string[] = [];
  for (const block of blocks) {
    used += size(['', block]);
    if (used > maxBytes) break;
    kept.push(block);
  }
  return join([start, ...kept, ...(kept.length < blocks.length ? [note(blocks.length - kept.length)] : []), end]);
}
