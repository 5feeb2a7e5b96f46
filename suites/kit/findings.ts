/** Makes findings: the words around a verdict. */
import { linesOf } from '../../contracts/document.js';
import type { Counterexample, Exchange, Finding, SentAs, Verdict } from '../../contracts/finding.js';
import type { Rule } from '../../contracts/model.js';
import type { Context } from './context.js';
import { curl } from './curl.js';
import type { Observation } from './observation.js';

export interface FindingDetails {
  readonly reason: string;
  readonly expected?: string;
  readonly got?: string;
  readonly reading?: Readonly<Record<string, string>>;
  readonly counterexample?: Counterexample;
  readonly confirmed?: { readonly tries: number; readonly repeats: number };
  readonly rate?: { readonly broken: number; readonly of: number };
  readonly judged?: number;
}

export function makeFinding(context: Context, rule: Rule, verdict: Verdict, details: FindingDetails): Finding {
  const { citation } = rule;
  const spent = context.spent(rule.id);
  const { reading, confirmed, rate, judged, ...rest } = details;
  return {
    ruleId: rule.id,
    level: rule.level,
    verdict,
    title: rule.title,
    citation: {
      source: [...citation.sources],
      statement: [...citation.statements],
      lines: linesOf(citation.statements).map(([from, to]) => [from, to]),
      ...(citation.note === undefined ? {} : { note: citation.note }),
    },
    ...rest,
    ...(reading === undefined ? {} : { reading: Object.fromEntries(Object.entries(reading).sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...(confirmed === undefined ? {} : { confirmed: { ...confirmed } }),
    ...(rate === undefined ? {} : { rate: { ...rate } }),
    requests: spent.requests,
    judged: judged ?? spent.requests,
    durationMs: Math.round(spent.durationMs),
  };
}

/** What came back, in a line. */
export function gotOf(observation: Observation): string {
  const { response, failure } = observation.exchange();
  if (response === undefined) return failure?.message ?? 'no answer';
  const text = response.body.encoding === 'utf-8' ? response.body.text : `${response.body.text.length} characters of base64`;
  const short = text.length > 200 ? `${text.slice(0, 180)}… (${text.length} characters)` : text;
  return `${response.status}${short === '' ? '' : ` ${short}`}${failure === undefined ? '' : ` (${failure.message})`}`;
}

/** The counterexample as reports keep it. */
export function makeCounterexample(
  context: Context,
  observation: Observation,
  details: {
    part: string;
    value: string | null;
    controlValue: string | null;
    control?: Observation;
    before?: readonly Observation[];
    path: string;
    shrunk: boolean;
  },
): Counterexample {
  const exchange = observation.exchange();
  const redact = context.redactor.text;
  const { control, before = [], path, shrunk, part, value, controlValue } = details;
  return {
    part,
    value: value === null ? null : redact(value),
    controlValue: controlValue === null ? null : redact(controlValue),
    ...(control === undefined ? {} : { control: control.exchange() }),
    request: exchange.request,
    ...(exchange.response === undefined ? {} : { response: exchange.response }),
    ...(exchange.failure === undefined ? {} : { failure: exchange.failure }),
    sentAs: sentAs(observation),
    before: before.map((each): Exchange => each.exchange()),
    curl: curl(context.url, withFreshReference(context, observation)),
    seed: context.config.seed,
    path,
    shrunk,
  };
}

function sentAs({ intent, draft }: Observation): SentAs {
  const { ruleId, n, create, good, family, offence, atFault } = intent;
  return {
    ruleId,
    n,
    ...(create === undefined ? {} : { create }),
    ...(good === undefined ? {} : { good }),
    ...(family === undefined ? {} : { family }),
    ...(offence === undefined ? {} : { offence }),
    ...(atFault === undefined ? {} : { atFault: [...atFault] }),
    ...(draft.readingOpen === undefined ? {} : { readingOpen: draft.readingOpen }),
  };
}

/** The request with a reference that was never sent: a create that was accepted would now be a duplicate. */
function withFreshReference(context: Context, observation: Observation): Exchange['request'] {
  const { request } = observation.exchange();
  const { reference } = observation;
  if (reference === undefined || request.body.encoding !== 'utf-8' || observation.intent.create !== true) return request;
  const { runToken } = context;
  // A token of the same length that no run draws (they are lower case) keeps length and form.
  return { ...request, body: { ...request.body, text: request.body.text.replaceAll(runToken, runToken.toUpperCase()) } };
}
