/** A finding in rows of plain text, for the formats that have room for no more than that. */
import type { Finding, Offence, Run } from '../contracts/finding.js';
import { clip, count, length, printable } from './text.js';
import { acceptedText, againCommand, baselineComplaints, citationLines, gotText, repeatedText, sentText } from './words.js';

/** Characters of a response that a machine's report repeats; whole ones are in report.json. */
const GOT_LENGTH = 2000;
/** Characters of a value. */
const VALUE_LENGTH = 200;
/** Requests at fault of a client that are listed by themselves; all of them are in report.json. */
const OFFENCES = 10;

/** What was sent, expected and got, where that is written and how to see it again; each row printable, without line breaks. */
export function detailRows(run: Run, finding: Finding): (readonly [label: string, text: string])[] {
  const got = gotText(finding);
  const offences = finding.offences ?? [];
  const rows: (readonly [label: string, text: string | undefined])[] = [
    ['sent', sentText(finding, VALUE_LENGTH)],
    ['expected', finding.expected === undefined ? undefined : printable(finding.expected)],
    ['written', citationLines(finding.citation).map(printable).join('; ')],
    ['got', got === undefined ? undefined : clip(got, GOT_LENGTH)],
    ['repeated', repeatedText(finding)],
    ['accepted', acceptedText(finding)?.replace(/^accepted:? /, '')],
    ['baseline', baselineComplaints(run).get(finding.ruleId)],
    ...offences.slice(0, OFFENCES).map((offence) => ['request', offenceText(offence)] as const),
    ['requests', offences.length <= OFFENCES ? undefined : `and ${count(offences.length - OFFENCES)} more, in report.json`],
    ['again', againCommand(run, finding)],
  ];
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

/** Why the outcome is what it is: what is to be done about the baseline, else the reason of the verdict. */
export function reasonText(run: Run, finding: Finding): string {
  return baselineComplaints(run).get(finding.ruleId) ?? printable(finding.reason);
}

/** The rows as lines, their labels in a column. */
export function detailText(run: Run, finding: Finding): string {
  return detailRows(run, finding)
    .map(([label, text]) => `${label.padEnd(10)}${text}`)
    .join('\n');
}

/** A request of a client that departs from a rule, in a line: which one it was, and what was wrong with it. */
export function offenceText({ exchange, part, value, got, expected }: Offence): string {
  const sent = value === null ? `no ${part}` : `${part} = ${JSON.stringify(length(value) > VALUE_LENGTH ? clip(value, VALUE_LENGTH) : value)}`;
  return printable(`${String(exchange.n)}  ${exchange.request.method} ${exchange.request.path}  ${sent}: ${clip(got, GOT_LENGTH)}; expected ${expected}`);
}

/** The readings of an open rule, a line each, in the order of their cases. */
export function readingLines({ reading = {} }: Pick<Finding, 'reading'>): string[] {
  return Object.entries(reading)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, taken]) => printable(`${name}: ${taken}`));
}
