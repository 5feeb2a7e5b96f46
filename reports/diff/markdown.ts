/** The comparison of two runs as Markdown, for the summary of a CI job or a pull request: what is newly broken first, the rest folded. */
import { CHANGES, type Change, type RunDiff } from '../../contracts/run-diff.js';
import { atlasChangeText } from '../atlas/compare.js';
import { code, codeBlock, codeCell, folded, prose, table } from '../markdown-text.js';
import { clip, length, plural, printable } from '../text.js';
import { acceptedText, citationLines, gotText, sentText, subjectOf } from '../words.js';
import { caseLines, conclusionText, KIND_MEANS, ruleGroups, sideText, verdictsText } from './words.js';

/** Characters of what was sent or came back; all of it is in the JSON. */
const ROW_LENGTH = 600;
/** Characters of a curl command; a longer one would bury the rest. */
const CURL_LENGTH = 2000;
/** Kinds that decide about a release, which are never folded. */
const SHOWN: ReadonlySet<Change['kind']> = new Set<Change['kind']>(['newly broken', 'reading changed', 'newly blocked', 'no longer checked']);

/** The comparison as Markdown that ends in a newline. */
export function renderDiffMarkdown(diff: RunDiff): string {
  return `${[head(diff), ...CHANGES.flatMap((kind) => section(diff, kind)), ...rules(diff), ...atlas(diff)].join('\n\n')}\n`;
}

function head(diff: RunDiff): string {
  const { old, new: now, differences, exitCode } = diff;
  const mark = exitCode === 0 ? '✅' : exitCode === 1 ? '❌' : '⚠️';
  return [
    `## What changed: ${prose(subjectOf(now))}`,
    `${mark} **${prose(conclusionText(diff))}**`,
    table(
      ['', 'report', 'run'],
      [
        ['OLD', codeCell(old.name), prose(sideText(old))],
        ['NEW', codeCell(now.name), prose(sideText(now))],
      ],
    ),
    ...(differences.length === 0
      ? []
      : [differences.map(({ what, old: was, new: is, means }) => `> **${prose(what)}** ${code(was)} → ${code(is)}: ${prose(means)}`).join('\n>\n')]),
  ].join('\n\n');
}

function section({ changes }: RunDiff, kind: Change['kind']): string[] {
  const of = changes.filter((change) => change.kind === kind);
  if (of.length === 0) return [];
  const title = `${kind}: ${plural(of.length, 'rule')} (${KIND_MEANS[kind]})`;
  const full = kind === 'newly broken' ? of.filter(({ accepted }) => accepted === undefined) : [];
  const listed = of.filter((change) => !full.includes(change));
  const rows = listed.map((change) => [codeCell(change.ruleId), prose(verdictsText(change)), details(change)]);
  const body = [...full.map(problem), ...(listed.length === 0 ? [] : [table(['rule', 'verdict', 'why'], rows)])].join('\n\n');
  return [SHOWN.has(kind) ? `### ${prose(title)}\n\n${body}` : folded(title, body)];
}

function details(change: Change): string {
  const { kind, reason, note, finding } = change;
  const cases = caseLines(change);
  const got = finding?.got === undefined ? '' : `; got ${finding.got}`;
  const texts = [...(cases.length > 0 ? cases : kind === 'fixed' ? [] : [`${reason}${got}`]), acceptedText(change), note];
  return texts.flatMap((text) => (text === undefined ? [] : [prose(clip(text, ROW_LENGTH))])).join('<br>');
}

function problem({ ruleId, title, old, oldReason, note, finding, again, new: now }: Change): string {
  if (finding === undefined) return `#### ${code(ruleId)}`;
  const rows: (readonly [label: string, text: string | undefined])[] = [
    ['sent', sentText(finding, ROW_LENGTH)],
    ['expected', finding.expected],
    ['written', citationLines(finding.citation).join(' | ')],
    ['got', gotText(finding)],
    ['because', finding.reason],
    ['before', old === undefined ? undefined : `${old}: ${oldReason ?? ''}`],
    ['note', note],
  ];
  const curl = finding.counterexample?.curl ?? '';
  // A command in which something had to be escaped would not send what was sent.
  const isWhole = curl !== '' && curl === printable(curl) && length(curl) <= CURL_LENGTH;
  return [
    `#### ${now ?? ''}: ${code(ruleId)}`,
    prose(title),
    rows
      .flatMap(([label, text]) => {
        if (text === undefined) return [];
        const shown = clip(printable(text), ROW_LENGTH);
        return [`- **${label}** ${label === 'sent' || label === 'got' ? code(shown) : prose(shown)}`];
      })
      .join('\n'),
    codeBlock([...(again === undefined ? [] : [again]), ...(isWhole ? [curl] : [])], 'sh'),
  ].join('\n\n');
}

function rules({ added, removed }: RunDiff): string[] {
  return [['added', added, 'NEW'] as const, ['removed', removed, 'OLD'] as const].flatMap(([which, of, has]) =>
    of.length === 0
      ? []
      : [
          folded(
            `rules ${which}: ${plural(of.length, 'rule')} that only ${has} has`,
            ruleGroups(of, has)
              .map(([why, group]) => `${prose(why)}: ${group.map(({ ruleId, verdict }) => `${code(ruleId)} ${verdict}`).join(', ')}`)
              .join('\n\n'),
          ),
        ],
  );
}

function atlas({ atlas: compared }: RunDiff): string[] {
  if (compared === undefined || compared.changes.length === 0) return [];
  const rows = compared.changes.map(atlasChangeText).map(({ about, change }) => [prose(about), prose(change)]);
  return [`### ${plural(rows.length, 'change')} of the atlas\n\n${table(['what the target accepts', 'OLD → NEW'], rows)}`];
}
