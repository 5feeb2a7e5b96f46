/** What the parts of a finding are called when people are told of them. */
import { STATEMENTS } from '../contracts/document.js';
import { FIELDS } from '../contracts/model.js';
import type { Finding, ReceivedResponse, Run } from '../contracts/finding.js';
import { clip, count, printable, quoted } from './text.js';

const SOURCES: Readonly<Record<string, string>> = {
  doc: 'the page',
  br: 'the Brazil edition',
  sea: 'the SEA edition',
  in: 'the India edition',
  'v3.2': 'edition 3.2',
  v2: 'edition 2',
  sdk: "Juspay's client libraries",
  src: 'an old public server',
  std: 'the standard',
  cons: 'follows from what is written',
};

/** A source in words; one that is not known (of a later report) as it is. */
export function sourceText(source: string): string {
  return SOURCES[source] ?? source;
}

/** `statement 13, object_reference_id: 8 characters or more`; the number alone where this version has no such statement. */
export function statementText(number: number): string {
  const statement = STATEMENTS[number - 1];
  return statement === undefined ? `statement ${String(number)}` : `statement ${String(number)}, ${statement.topic}: ${statement.meaning}`;
}

/**
 * Where a rule is written, a line each. What its level rests on comes first: the statements of the page, or another
 * source with its note, and then the statements that it is about.
 */
export function citationLines({ source, statement, note }: Finding['citation']): string[] {
  const statements = statement.map(statementText);
  if (source[0] === 'doc' && statements.length > 0) return note === undefined ? statements : [...statements, note];
  // A note on a standard names it.
  const others = source.filter((name) => name !== 'doc' && (name !== 'std' || note === undefined)).map(sourceText);
  return [[...(others.length > 0 ? [others.join(', ')] : []), ...(note === undefined ? [] : [note])].join('; ') || 'the page', ...statements];
}

/** The same in a few words, for lines: `statement 18`, `statements 18, 19`, or what else the level rests on. */
export function shortCitation({ statement, source: [source = 'doc'] }: Finding['citation']): string {
  return statement.length > 0 ? `statement${statement.length === 1 ? '' : 's'} ${statement.join(', ')}` : sourceText(source);
}

/** The part of a rule's id that rules about the same thing share: `first_name` of `first_name/charset`. */
export function topicOf(ruleId: string): string {
  return ruleId.split('/', 1)[0] ?? ruleId;
}

/** The part behind the topic: `charset` of `first_name/charset`. */
export function aspectOf(ruleId: string): string {
  return ruleId.slice(topicOf(ruleId).length + 1) || ruleId;
}

/** Whether a target was observed to do otherwise than the configuration pins: an open rule expects nothing by itself. */
export function isContradiction(finding: Finding): boolean {
  return finding.verdict === 'observed' && finding.expected !== undefined;
}

/** `accepted until 2027-03-31: names of partners have an apostrophe (https://…)`, where the baseline lists a departure; undefined elsewhere. */
export function acceptedText({ accepted }: Pick<Finding, 'accepted'>): string | undefined {
  if (accepted === undefined) return undefined;
  const { reason, link, expires } = accepted;
  return printable(`accepted${expires === undefined ? '' : ` until ${expires}`}: ${reason}${link === undefined ? '' : ` (${link})`}`);
}

/** What is to be done about lines of the baseline, a sentence each. */
export function baselineSentences({ baseline }: Pick<Run, 'baseline'>): string[] {
  return [...baselineComplaints({ baseline }).values()];
}

/** The same by rule. */
export function baselineComplaints({ baseline }: { readonly baseline?: Run['baseline'] | undefined }): ReadonlyMap<string, string> {
  const { file = 'the baseline', stale = [], expired = [] } = baseline ?? {};
  return new Map([
    ...stale.map(({ rule }) => [rule, printable(`${rule} holds, and ${file} lists it as broken: take its line out.`)] as const),
    ...expired.map(
      ({ rule, expires = '', reason }) => [rule, printable(`${rule} was accepted until ${expires} in ${file} (${reason}): that is over.`)] as const,
    ),
  ]);
}

/** Groups in the order in which their first member comes. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): [key: string, items: T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups];
}

/** What was sent, in a line: the part that mattered and, behind it, what was accepted in its place. */
export function sentText(finding: Finding, max: number): string | undefined {
  const example = finding.counterexample;
  if (example === undefined) return undefined;
  const { request, part, value, controlValue, control } = example;
  if (part === '') return `${printable(request.method)} ${clip(printable(request.path), max)}`;
  const isField = (FIELDS as readonly string[]).includes(part);
  // What is no field says in words what was sent; of an open rule the value is the reading, which is told below.
  // Of a client it is known for certain what it sent, whatever the part.
  const isOfClient = finding.offences !== undefined;
  if (!isOfClient && (finding.level === 'open' || (value === null && !isField))) return printable(part);
  const sent = value === null ? `no ${printable(part)}` : `${printable(part)} = ${valueText(value, max)}`;
  const accepted = control?.response !== undefined && control.response.status >= 200 && control.response.status < 300;
  if (!accepted || value === controlValue || (controlValue === null && !isField)) return sent;
  const instead = controlValue === null ? `without ${printable(part)}` : `with ${valueText(controlValue, max)}`;
  return `${sent}    (the same request ${instead} was accepted)`;
}

/** What came back, in a line: the engine's words, else status and body, else what went wrong on the way. */
export function gotText(finding: Finding): string | undefined {
  const { got, counterexample: example } = finding;
  const { response } = example ?? {};
  const body = response?.body.encoding === 'utf-8' ? response.body.text : undefined;
  // A customer has many members, and the one that matters may come late.
  if (body !== undefined && (got === undefined || got.startsWith(`${String(response?.status)} {`))) {
    const relevant = relevantMembers(body, example?.part ?? '');
    if (relevant !== undefined) return printable(`${String(response?.status)} ${relevant}`);
  }
  if (got !== undefined) return printable(got);
  if (response !== undefined) return responseText(response);
  return example?.failure === undefined ? undefined : printable(`${example.failure.kind}: ${example.failure.message}`);
}

/** Status and whole body. */
export function responseText({ status, body }: ReceivedResponse): string {
  return printable(`${String(status)} ${body.encoding === 'utf-8' ? body.text : `(base64) ${body.text}`}`.trimEnd());
}

/** The JSON object with its id and one member of it, the others as an ellipsis; undefined where there is no such member, or little to leave out. */
function relevantMembers(text: string, member: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, member)) return undefined;
  const members = Object.entries(value);
  const kept = members.filter(([name]) => name === 'id' || name === member);
  if (members.length <= kept.length + 1) return undefined;
  return `{${kept.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`).join(',')},…}`;
}

/** How often it was seen, where that was counted. */
export function repeatedText(finding: Finding): string | undefined {
  if (finding.rate !== undefined) return `broken in ${count(finding.rate.broken)} of ${count(finding.rate.of)} tries`;
  if (finding.confirmed === undefined || finding.confirmed.tries <= 1) return undefined;
  return `sent again ${count(finding.confirmed.tries)} times, the same ${count(finding.confirmed.repeats)} times`;
}

/** What the run is about, as the title of a report: a target, or a client under test. */
export function subjectOf({ target, client }: Pick<Run, 'target' | 'client'>): string {
  if (client !== undefined) return client.command.length === 0 ? 'clients of Create Customer' : `the client ${printable(client.command.join(' '))}`;
  return `Create Customer on ${target.embedded ? `the embedded reference${target.variant === undefined ? '' : ` (${printable(target.variant)})`}` : printable(target.url)}`;
}

/** The command that sees a finding again: the same seed against the same target, or the client once more. */
export function againCommand(run: Pick<Run, 'target' | 'client' | 'seed' | 'budget'>, finding: Pick<Finding, 'ruleId'>): string {
  if (run.client !== undefined) {
    const { options = [], command } = run.client;
    return ['conform client', ...[...options, ...(command.length === 0 ? [] : ['--', ...command])].map(shellWord)].join(' ');
  }
  const parts = ['conform run'];
  if (!run.target.embedded) parts.push(`--url ${shellWord(run.target.url)}`, `--merchant-id ${shellWord(run.target.merchantId)}`);
  parts.push(`--rule ${shellWord(finding.ruleId)}`, `--seed ${String(run.seed)}`);
  if (run.budget.name !== 'standard') parts.push(`--budget ${run.budget.name}`);
  return parts.join(' ');
}

/** The command that sends the counterexample of a finding again, from within the report folder. */
export function replayCommand({ ruleId }: Pick<Finding, 'ruleId'>): string {
  return `conform replay . ${shellWord(ruleId)}`;
}

/** How a value is shown: quoted, and cut with its length where it is long. */
function valueText(value: string, max: number): string {
  const whole = quoted(value);
  if (Array.from(whole).length <= max) return whole;
  return `${clip(whole, max - 1)}" (${count(Array.from(value).length)} characters)`;
}

function shellWord(text: string): string {
  const safe = printable(text);
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
