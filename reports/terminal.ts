/** The report that people read: what is wrong first, each with how to see it again, then what holds. */
import pc from 'picocolors';
import { PAGE_URL } from '../contracts/document.js';
import { countVerdicts, VERDICTS, type Finding, type Run, type Verdict } from '../contracts/finding.js';
import { inRuleOrder } from './order.js';
import { clientConclusion, clientSections } from './client.js';
import { renderProblem } from './problem.js';
import { flow, INDENT, indented, verdictText, type Style } from './style.js';
import { count, duration, plural, printable, WIDTH, wrap } from './text.js';
import { acceptedText, aspectOf, baselineSentences, groupBy, isContradiction, subjectOf, topicOf } from './words.js';

export interface TerminalOptions {
  /** Colours and bold; false by default. */
  readonly color?: boolean;
  /** Whole responses and every reading; false by default. */
  readonly verbose?: boolean;
  /** Columns; 100 by default. Commands to copy may be longer. */
  readonly width?: number;
  /** Where the report files are, to be named at the end. */
  readonly files?: readonly string[];
}

/** The whole report of a run as text that ends in a newline. */
export function renderTerminal(run: Run, options: TerminalOptions = {}): string {
  const style: Style = { colors: pc.createColors(options.color ?? false), verbose: options.verbose ?? false, width: options.width ?? WIDTH };
  const findings = inRuleOrder(run.findings);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  const others = findings.filter((finding) => finding.accepted === undefined);
  const of = (verdict: Verdict): Finding[] => others.filter((finding) => finding.verdict === verdict);
  const problems = [...of('fail'), ...of('flaky'), ...others.filter(isContradiction), ...of('warn')];
  const sections = [
    header(run, style),
    ...problems.map((finding) => renderProblem(run, finding, style)),
    run.status === 'blocked' ? blockedRun(run, style) : byReason('blocked', 'could not be checked', of('blocked'), style),
    acceptedLines(accepted, style),
    baselineLines(run, style),
    passed(of('pass'), style),
    ...(run.client === undefined ? [observed(of('observed'), style)] : clientSections(run, run.client, style)),
    // Of a client, what no request raised is most of it, and tells nothing.
    run.status === 'blocked' || (run.client !== undefined && !style.verbose)
      ? []
      : byReason('skipped', 'not checked, and nothing is wrong with that', of('skipped'), style),
    footer(run, style, options.files ?? []),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header(run: Run, { colors, width }: Style): string[] {
  const { target, rules, client } = run;
  const facts = [
    ...(client === undefined
      ? [`merchant ${printable(target.merchantId)}`, `seed ${String(run.seed)}`, `budget ${run.budget.name}`]
      : target.variant === undefined
        ? []
        : [`variant ${printable(target.variant)}`]),
    ...(rules.length === 1 && rules[0] === '*' ? [] : [`rules ${printable(rules.join(' '))}`]),
    `${plural(run.requestsSent, 'request')} in ${duration(Math.max(0, Date.parse(run.ended) - Date.parse(run.started)))}`,
  ];
  return [...wrap(subjectOf(run), width).map((line) => colors.bold(line)), ...flow(facts, width).map((line) => colors.dim(line))];
}

function blockedRun(run: Run, style: Style): string[] {
  const reason = printable(run.blockedBy ?? 'no request could be judged');
  return [`${verdictText(style, 'blocked')}  ${style.colors.bold('nothing could be checked')}`, ...indented(wrap(reason, style.width - INDENT))];
}

/** Findings that share a reason under that reason, so that one cause is told once. */
function byReason(verdict: Verdict, words: string, findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [];
  return [
    `${verdictText(style, verdict)}  ${words}`,
    ...groupBy(findings, ({ reason }) => reason).flatMap(([reason, group]) => [
      ...indented(wrap(printable(reason), style.width - INDENT)),
      ...indented(
        flow(
          group.map(({ ruleId }) => ruleId),
          style.width - INDENT - 2,
        ).map((line) => style.colors.dim(line)),
        INDENT + 2,
      ),
    ]),
  ];
}

/** What the baseline accepts, each with why. */
function acceptedLines(findings: readonly Finding[], { colors, width }: Style): string[] {
  if (findings.length === 0) return [];
  return [
    `${colors.bold('accepted')}  ${plural(findings.length, 'departure')} that the baseline lists`,
    ...findings.flatMap((finding) => [
      ...indented([`${finding.ruleId}   ${finding.verdict}`]),
      ...indented(
        wrap(acceptedText(finding) ?? '', width - INDENT - 2).map((line) => colors.dim(line)),
        INDENT + 2,
      ),
    ]),
  ];
}

/** What is wrong with the baseline. */
function baselineLines(run: Run, { colors, width }: Style): string[] {
  const sentences = baselineSentences(run);
  if (sentences.length === 0) return [];
  return [
    `${colors.bold(colors.red('baseline'))}  lines that are to be taken out or looked at again`,
    ...sentences.flatMap((sentence) => indented(wrap(sentence, width - INDENT))),
  ];
}

function passed(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [];
  const topics = groupBy(findings, ({ ruleId }) => topicOf(ruleId));
  const column = Math.max(...topics.map(([topic]) => topic.length)) + 2;
  return [
    `${verdictText(style, 'pass')}  ${style.colors.dim('(each with the statement of the page that it rests on)')}`,
    ...topics.flatMap(([topic, group]) => {
      const entries = group.map(({ ruleId, citation }) => [aspectOf(ruleId), citation.statement.join(',')].join(' ').trimEnd());
      const lines = flow(entries, style.width - INDENT - column);
      return indented(lines.map((line, row) => `${(row === 0 ? topic : '').padEnd(column)}${line}`));
    }),
  ];
}

function observed(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [];
  const cases = findings.reduce((sum, { reading }) => sum + Object.keys(reading ?? {}).length, 0);
  const summary = `${plural(findings.length, 'rule')} the document leaves open: what the target does in ${plural(cases, 'case')}`;
  if (!style.verbose) return [`${verdictText(style, 'observed')}  ${summary}`, ...indented(['is in report.json (--verbose shows it here)'])];
  return [
    `${verdictText(style, 'observed')}  ${summary}`,
    ...findings.flatMap(({ ruleId, reading }) => [
      ...indented([ruleId]),
      ...Object.entries(reading ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, taken]) => indented(wrap(`${printable(name)}: ${printable(taken)}`, style.width - INDENT - 2), INDENT + 2)),
    ]),
  ];
}

function footer(run: Run, style: Style, files: readonly string[]): string[] {
  const { colors, width } = style;
  const counts = VERDICTS.filter((verdict) => run.counts[verdict] > 0).map((verdict) => `${count(run.counts[verdict])} ${verdict}`);
  const total = VERDICTS.reduce((sum, verdict) => sum + run.counts[verdict], 0);
  const accepted = run.findings.filter((finding) => finding.accepted !== undefined).length;
  return [
    ...flow(
      [
        `${[plural(total, 'rule'), ...(counts.length === 0 ? [] : [counts.join(', ')])].join(': ')}${accepted === 0 ? '' : `; ${plural(accepted, 'departure')} accepted`}`,
      ],
      width,
    ),
    ...wrap(conclusion(run), width).map((line) => colors.bold(line)),
    '',
    ...(run.target.embedded || run.idsCreated.length === 0
      ? []
      : wrap(`${plural(run.idsCreated.length, 'customer')} created on the target, listed in report.json; the API has no way to delete them.`, width)),
    ...flow(files.map(printable), width - 12).map((line, row) => `${(row === 0 ? 'report' : '').padEnd(12)}${line}`),
    `statements  ${PAGE_URL}`,
  ];
}

/** The run in a sentence, and the exit code that goes with it. */
export function conclusion(run: Run): string {
  // What the baseline accepts is told beside them, and decides nothing.
  const { fail, flaky, warn } = countVerdicts(run.findings.filter(({ accepted }) => accepted === undefined));
  const { blocked } = run.counts;
  const accepted = run.findings.filter((finding) => finding.accepted !== undefined).length;
  const beside = accepted === 0 ? '' : `, but for ${plural(accepted, 'accepted departure')}`;
  const lines = (run.baseline?.stale.length ?? 0) + (run.baseline?.expired.length ?? 0);
  const exit = `(exit ${String(run.exitCode)})`;
  if (run.client !== undefined) return `${clientConclusion(run)} ${exit}`;
  if (run.status === 'interrupted') return `Interrupted: what was settled until then is in the report. ${exit}`;
  if (run.status === 'blocked')
    return `${run.idsCreated.length === 0 ? 'No request was accepted, so nothing is known of the target.' : 'The run was blocked before it was through.'} ${exit}`;
  if (fail + flaky > 0) return `The target departs from its documentation in ${plural(fail + flaky, 'rule')}. ${exit}`;
  if (run.exitCode === 1 && warn > 0 && run.failOn === 'should') return `The target departs from ${plural(warn, 'recommendation')}. ${exit}`;
  if (run.exitCode === 1 && run.findings.some((finding) => isContradiction(finding) && finding.accepted === undefined))
    return `The target does not do what the configuration pins. ${exit}`;
  if (run.exitCode === 1) return `${plural(lines, 'line')} of the baseline ${lines === 1 ? 'has' : 'have'} to be looked at again. ${exit}`;
  if (blocked > 0) return `${plural(blocked, 'rule')} could not be checked; nothing else is broken${beside}. ${exit}`;
  if (run.exitCode === 2) return `Nothing was checked. ${exit}`;
  return `Every rule that was checked holds${beside}${warn > 0 ? `${beside === '' ? ', but for' : ' and'} ${plural(warn, 'recommendation')}` : ''}. ${exit}`;
}
