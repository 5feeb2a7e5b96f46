/** One finding for each rule that a client can keep or break, with every request that departs from it. */
import { linesOf } from '../../contracts/document.js';
import type { Finding, Verdict } from '../../contracts/finding.js';
import type { Citation, Level } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import type { Redactor } from '../kit/redact.js';
import type { Captured } from './captured.js';
import { curlOf, exchangeOf, honestText, shownValue } from './exchanges.js';
import type { Judged, Offence } from './offence.js';
import { TITLES } from './titles.js';

export interface Judgement {
  readonly requests: readonly Captured[];
  readonly judged: readonly Judged[];
  readonly apiKey: string;
  readonly redactor: Redactor;
}

const WORST: readonly Offence['verdict'][] = ['fail', 'warn', 'observed'];

/** Findings in the order of the rules. */
export function findingsOf(judgement: Judgement): Finding[] {
  return RULES.filter(({ id }) => TITLES[id] !== undefined).map((rule) => findingOf(rule.id, rule.level, rule.citation, judgement));
}

/** A citation as findings have it. */
export function citationOf({ sources, statements, note }: Citation): Finding['citation'] {
  return { source: [...sources], statement: [...statements], lines: linesOf(statements), ...(note === undefined ? {} : { note }) };
}

function findingOf(ruleId: string, level: Level, citation: Citation, judgement: Judgement): Finding {
  const { requests, judged } = judgement;
  const applied = judged.filter((each) => each.applied.includes(ruleId) || each.offences.some((offence) => offence.ruleId === ruleId)).length;
  const redact = judgement.redactor.text;
  const found = judged.flatMap(({ offences }, index) => {
    const request = requests[index];
    const own = offences.filter((offence) => offence.ruleId === ruleId);
    return request === undefined
      ? []
      : own.map((offence) => ({ offence: { ...offence, expected: redact(offence.expected), got: redact(offence.got) }, request }));
  });
  const verdict = WORST.find((each) => found.some(({ offence }) => offence.verdict === each));
  const worst = found.find(({ offence }) => offence.verdict === verdict);
  const base = { ruleId, level, title: TITLES[ruleId] ?? ruleId, citation: citationOf(citation), requests: applied, judged: applied, durationMs: 0 };
  if (verdict === undefined || worst === undefined) {
    const clean: Verdict = applied > 0 && level !== 'open' ? 'pass' : 'skipped';
    return { ...base, verdict: clean, reason: clean === 'pass' ? 'every request that it applies to keeps it' : 'no request raised it' };
  }
  const atFault = new Set(found.map(({ request }) => request.number));
  return {
    ...base,
    verdict,
    reason: reasonOf([...atFault], requests.length, worst.offence.got),
    // An open rule expects nothing: what stands here would read as a contradiction.
    ...(verdict === 'observed' ? { reading: readingOf(found) } : { expected: worst.offence.expected, got: worst.offence.got }),
    counterexample: counterexampleOf(worst, judgement),
    offences: found.map(({ offence, request }) => ({
      exchange: exchangeOf(request, ruleId, judgement.redactor, judgement.apiKey),
      part: offence.part,
      value: shownValue(offence.part, offence.value, judgement.redactor, judgement.apiKey),
      expected: offence.expected,
      got: offence.got,
    })),
  };
}

/** `request 2: no credential`, `requests 1, 3 and 8 more of 10: no credential`. */
function reasonOf(numbers: readonly number[], total: number, got: string): string {
  const shown = numbers.slice(0, 8).map(String).join(', ');
  const more = numbers.length > 8 ? ` and ${String(numbers.length - 8)} more` : '';
  return `request${numbers.length === 1 ? '' : 's'} ${shown}${more} of ${String(total)}: ${got}`;
}

/** How often each case was sent, and what the reference made of it: another server may take it otherwise. */
function readingOf(found: readonly { readonly offence: Offence; readonly request: Captured }[]): Record<string, string> {
  const cases = new Map<string, Captured[]>();
  for (const { offence, request } of found) {
    const name = `${offence.part}: ${offence.got}`;
    cases.set(name, [...(cases.get(name) ?? []), request]);
  }
  return Object.fromEntries(
    [...cases]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, requests]) => {
        const answers = new Set(requests.flatMap((request) => honestText(request) ?? []));
        return [name, [`sent in ${String(requests.length)} request${requests.length === 1 ? '' : 's'}`, ...answers].join(', ')];
      }),
  );
}

function counterexampleOf(
  { offence, request }: { offence: Offence; request: Captured },
  { redactor, apiKey }: Judgement,
): NonNullable<Finding['counterexample']> {
  const exchange = exchangeOf(request, offence.ruleId, redactor, apiKey);
  return {
    part: offence.part,
    value: shownValue(offence.part, offence.value, redactor, apiKey),
    controlValue: null,
    request: exchange.request,
    ...(exchange.response === undefined ? {} : { response: exchange.response }),
    ...(exchange.failure === undefined ? {} : { failure: exchange.failure }),
    before: [],
    curl: curlOf(request, redactor, apiKey),
    seed: 0,
    path: String(request.number),
    shrunk: false,
  };
}
