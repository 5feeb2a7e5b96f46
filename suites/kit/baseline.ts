/** The baseline of a run: read, checked, and held against its findings. */
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import leven from 'leven';
import { isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { BaselineSchema, type BaselineEntry } from '../../contracts/baseline.js';
import type { Accepted, BaselineResult, Finding } from '../../contracts/finding.js';
import { RULES } from '../../contracts/rules/index.js';

export interface Baseline {
  /** As it was named; absent where the lines were given by a program. */
  readonly file?: string;
  readonly entries: readonly BaselineEntry[];
}

/** The baseline cannot be used: the message says where, what was given and what would be right. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** Where a part of the baseline stands, for messages. */
type Locate = (path: readonly (string | number)[]) => string;

const ajv = new Ajv({ verbose: true });
addFormats.default(ajv);
const check = ajv.compile<BaselineEntry[]>(BaselineSchema);

/**
 * Reads a baseline in YAML, of which JSON is a part.
 * @param file its name, for messages and reports
 * @throws BaselineError for a text that is neither, a member that is not known or missing, a rule that is not known or listed twice
 */
export function parseBaseline(text: string, file: string): Baseline {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${String(line)}:${String(col)}`;
  };
  const [error] = document.errors;
  if (error !== undefined) throw new BaselineError(`${at(error.pos[0])}: it is neither YAML nor JSON: ${error.message}.`);
  const value: unknown = document.toJS();
  // A file with nothing but comments is a list of nothing: what is left when the last line was taken out.
  return { file, entries: checked(value ?? [], (path) => at(offsetOf(document, path))) };
}

/**
 * A baseline from lines that are there as values.
 * @throws BaselineError as {@link parseBaseline}
 */
export function baselineFrom(entries: readonly BaselineEntry[]): Baseline {
  return { entries: checked(entries, (path) => `baseline${path.map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`)).join('')}`) };
}

function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as readonly number[] | null | undefined) : undefined;
    // An empty value ends where its key's line does; its line is what helps.
    if (range?.[0] !== undefined && !(isScalar(node) && node.source === '')) return range[0];
  }
  return 0;
}

function checked(value: unknown, locate: Locate): readonly BaselineEntry[] {
  if (!check(value)) throw new BaselineError(explained(check.errors?.[0], locate));
  const seen = new Map<string, number>();
  for (const [index, { rule }] of value.entries()) {
    if (!RULES.some(({ id }) => id === rule))
      throw new BaselineError(`${locate([index, 'rule'])}: there is no rule ${JSON.stringify(rule)}. ${nearestRule(rule)}`);
    const first = seen.get(rule);
    if (first !== undefined)
      throw new BaselineError(`${locate([index, 'rule'])}: ${rule} is listed twice, first in ${locate([first, 'rule'])}. Wanted one line.`);
    seen.set(rule, index);
  }
  return value;
}

function explained(error: ErrorObject | undefined, locate: Locate): string {
  if (error === undefined) return `${locate([])}: it is no baseline.`;
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const where = locate(path);
  if (error.keyword === 'additionalProperties') {
    const given = String((error.params as { readonly additionalProperty?: unknown }).additionalProperty);
    return `${locate([...path, given])}: there is no ${JSON.stringify(given)}. Wanted rule, reason and, where there is more to say, link, expires, verdict.`;
  }
  if (error.keyword === 'required') {
    const missing = String((error.params as { readonly missingProperty?: unknown }).missingProperty);
    const rule = (error.data as { readonly rule?: unknown }).rule;
    return `${where}: ${typeof rule === 'string' ? `${rule} has no ${missing}` : `${missing} is missing`}. ${missing === 'reason' ? 'Every accepted departure says why it is accepted.' : 'Wanted the id of a rule, such as last_name/charset.'}`;
  }
  const wanted = (error.parentSchema as { readonly description?: string } | undefined)?.description;
  return `${where}: got ${JSON.stringify(error.data)}, wanted ${wanted ?? error.message ?? 'something else'}.`;
}

function nearestRule(given: string): string {
  const near = RULES.map(({ id }) => ({ id, far: id.includes(given) && given.length > 2 ? 1 : leven(id, given) }))
    .filter(({ far }) => far <= Math.max(1, Math.floor(given.length / 3)))
    .sort((a, b) => a.far - b.far)[0];
  const patterns = given.includes('*') ? 'A line is about one rule; patterns are not known here. ' : '';
  return `${patterns}${near === undefined ? '`conform rules` lists them.' : `Did you mean ${near.id}?`}`;
}

/** Whether the target departs from what the rule, or the configuration's choice for an open one, asks. */
export function isDeparture({ verdict, expected }: Pick<Finding, 'verdict' | 'expected'>): boolean {
  return verdict === 'fail' || verdict === 'flaky' || verdict === 'warn' || (verdict === 'observed' && expected !== undefined);
}

function entryOf(baseline: Baseline | undefined, { ruleId }: Finding): BaselineEntry | undefined {
  return baseline?.entries.find(({ rule }) => rule === ruleId);
}

const isExpired = ({ expires }: BaselineEntry, today: string): boolean => expires !== undefined && expires < today;
const acceptedBy = ({ reason, link, expires }: BaselineEntry): Accepted => ({
  reason,
  ...(link === undefined ? {} : { link }),
  ...(expires === undefined ? {} : { expires }),
});

/**
 * The finding, marked where the baseline accepts it; its verdict stays.
 * @param today the day of the run in UTC, as `2026-11-23`
 */
export function withAcceptance(finding: Finding, baseline: Baseline | undefined, today: string): Finding {
  const entry = entryOf(baseline, finding);
  if (entry === undefined || !isDeparture(finding) || isExpired(entry, today)) return finding;
  if (entry.verdict !== undefined && entry.verdict !== finding.verdict) return finding;
  return { ...finding, accepted: acceptedBy(entry) };
}

/** Lines that fail the run. Those of rules that were not selected, skipped or could not be checked say nothing yet. */
export function baselineResult(findings: readonly Finding[], { file, entries }: Baseline, today: string): BaselineResult {
  const verdicts = new Map(findings.map((finding) => [finding.ruleId, finding]));
  const judged = entries.filter(({ rule }) => !['blocked', 'skipped', undefined].includes(verdicts.get(rule)?.verdict));
  const line = (entry: BaselineEntry): BaselineResult['stale'][number] => ({ rule: entry.rule, ...acceptedBy(entry) });
  const holds = ({ rule }: BaselineEntry): boolean => {
    const finding = verdicts.get(rule);
    return finding !== undefined && !isDeparture(finding);
  };
  return {
    ...(file === undefined ? {} : { file }),
    stale: judged.filter(holds).map(line),
    expired: judged.filter((entry) => isExpired(entry, today) && !holds(entry)).map(line),
  };
}

/** What the baseline has against one finding, in a sentence; undefined where it has nothing. For who looks at one rule at a time. */
export function baselineComplaint(finding: Finding, baseline: Baseline | undefined, today: string): string | undefined {
  if (baseline === undefined) return undefined;
  const { stale, expired } = baselineResult([finding], baseline, today);
  const where = baseline.file ?? 'the baseline';
  if (stale.length > 0) return `${finding.ruleId} holds, and ${where} lists it as broken: take its line out`;
  const [line] = expired;
  return line === undefined ? undefined : `${finding.ruleId} was accepted until ${line.expires ?? ''} in ${where}: that is over`;
}

/** The day of a moment, in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
