/** What a verification comes to, as a run with findings: the same report as a run of the checks. */
import { linesOf } from '../../contracts/document.js';
import { countVerdicts, SCHEMA_VERSION, type Counterexample, type Exchange, type Finding, type Run, type Verdict } from '../../contracts/finding.js';
import { EXAMPLES } from '../../contracts/interactions.js';
import type { CredentialForm, Level } from '../../contracts/model.js';
import { ruleById, RULES } from '../../contracts/rules/index.js';
import { credentialHeader, credentialTemplate } from '../kit/credentials.js';
import { curl } from '../kit/curl.js';
import { exitCodeOf } from '../kit/exit-code.js';
import { createRedactor, type Redactor } from '../kit/redact.js';
import { brokenBy, keptBy, ruleOfForeign, rulesHeld, type Broken } from './blame.js';
import type { Passage } from './gate.js';
import type { SkippedPact, VerifiedInteraction, Verification } from './verify.js';

export interface RunDetails {
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: { readonly url: string; readonly apiKey: string; readonly merchantId: string; readonly embedded: boolean };
  readonly started: Date;
  readonly failOn: 'must' | 'should';
  /** Consumers whose whole pact is pending at the broker: a failure of theirs does not fail the provider. */
  readonly pendingConsumers?: ReadonlySet<string>;
  readonly interrupted?: boolean;
}

/** The run of a verification: one finding for each rule that an interaction names, in the order of the rules. */
export function runOf(verification: Verification, details: RunDetails): Run {
  const { target, tool, started, failOn } = details;
  const redactor = createRedactor([target.apiKey]);
  const findings = findingsOf(verification, { ...details, ...(verification.blockedBy === undefined ? {} : { blockedBy: verification.blockedBy }) }, redactor);
  const run: Run = {
    schemaVersion: SCHEMA_VERSION,
    tool: { ...tool },
    target: { url: target.url, embedded: target.embedded, merchantId: redactor.text(target.merchantId) },
    // The contract is the same every time: nothing of it is drawn.
    seed: 0,
    budget: { name: 'smoke', maxRequests: verification.requestsSent },
    failOn,
    rules: ['*'],
    started: started.toISOString(),
    ended: new Date().toISOString(),
    status: details.interrupted === true ? 'interrupted' : verification.blockedBy === undefined ? 'complete' : 'blocked',
    ...(verification.blockedBy === undefined ? {} : { blockedBy: redactor.text(verification.blockedBy) }),
    exitCode: 0,
    counts: countVerdicts(findings),
    requestsSent: verification.requestsSent,
    idsCreated: [...new Set(verification.idsCreated)].sort(),
    runToken: '',
    findings,
  };
  return { ...run, exitCode: exitCodeOf(run) };
}

/** What a finding needs to know of the run. */
type Around = RunDetails & { readonly blockedBy?: string };

function findingsOf(verification: Verification, details: Around, redactor: Redactor): Finding[] {
  const { interactions, skipped } = verification;
  const order = new Map(RULES.map(({ id }, index) => [id, index]));
  const named = new Set([...interactions.flatMap(rulesHeld), ...skipped.flatMap(rulesOfSkipped)]);
  return [...named]
    .sort((a, b) => (order.get(a) ?? RULES.length) - (order.get(b) ?? RULES.length) || (a < b ? -1 : 1))
    .map((rule) => findingOf(rule, interactions, skipped, details, redactor));
}

function rulesOfSkipped({ pact }: SkippedPact): string[] {
  return pact.interactions.flatMap((interaction) => {
    const known = interaction.rules.filter((rule) => ruleById(rule) !== undefined);
    return known.length > 0 ? known : [ruleOfForeign({ consumer: pact.consumer, description: interaction.description })];
  });
}

function findingOf(
  ruleId: string,
  interactions: readonly VerifiedInteraction[],
  skipped: readonly SkippedPact[],
  details: Around,
  redactor: Redactor,
): Finding {
  const held = interactions.filter((interaction) => rulesHeld(interaction).includes(ruleId));
  const kept = held.filter((interaction) => keptBy(interaction).includes(ruleId));
  const broken = held.flatMap((interaction) => brokenBy(interaction).flatMap((each) => (each.rule === ruleId ? [{ interaction, broken: each }] : [])));
  const blocked = held.filter(({ outcome }) => outcome === 'blocked');
  const base = { ...headOf(ruleId, held[0]), requests: held.length, judged: kept.length + broken.length, durationMs: 0 };
  const pending = (interaction: VerifiedInteraction): boolean => details.pendingConsumers?.has(interaction.consumer) === true;
  const worst = broken.find(({ interaction }) => !pending(interaction)) ?? broken[0];
  if (worst !== undefined) {
    const warns = base.level !== 'must' || pending(worst.interaction) || (ruleById(ruleId) === undefined && worst.interaction.pending);
    const verdict: Verdict = warns ? 'warn' : 'fail';
    const others = broken.length === 1 ? '' : `, and ${broken.length - 1} more`;
    return {
      ...base,
      verdict,
      reason: `"${worst.interaction.description}" is not kept${others}${pending(worst.interaction) ? '; the pact is pending, so that this does not fail the provider' : ''}`,
      expected: worst.broken.mismatch.expected ?? 'the answer of the contract',
      got: redactor.text(worst.broken.mismatch.text),
      ...counterexampleOf(worst.interaction, worst.broken, details.target, redactor),
    };
  }
  if (blocked[0] !== undefined) {
    const { description, error } = blocked[0];
    const reason = details.blockedBy === undefined ? `"${description}" could not be verified: ${error ?? ''}` : (error ?? '');
    return { ...base, verdict: 'blocked', reason: redactor.text(reason) };
  }
  if (kept.length > 0)
    return {
      ...base,
      verdict: 'pass',
      reason: `${kept.length === 1 ? 'the interaction that names it is' : `all ${kept.length} interactions that name it are`} kept`,
    };
  if (held.length > 0) return { ...base, verdict: 'blocked', reason: 'the answers were of another kind, so that nothing could be said of it' };
  return { ...base, verdict: 'skipped', reason: skipped.find((each) => rulesOfSkipped(each).includes(ruleId))?.reason ?? 'no interaction names it' };
}

function headOf(ruleId: string, interaction: VerifiedInteraction | undefined): Pick<Finding, 'ruleId' | 'level' | 'title' | 'citation'> {
  const rule = ruleById(ruleId);
  if (rule === undefined) {
    const level: Level = 'must';
    const who = interaction === undefined ? 'a consumer' : interaction.consumer;
    return { ruleId, level, title: interaction?.description ?? ruleId, citation: { source: ['pact'], statement: [], lines: [], note: `the pact of ${who}` } };
  }
  const { level, title, citation } = rule;
  return {
    ruleId,
    level,
    title,
    citation: {
      source: [...citation.sources],
      statement: [...citation.statements],
      lines: linesOf(citation.statements),
      ...(citation.note === undefined ? {} : { note: citation.note }),
    },
  };
}

function counterexampleOf(
  interaction: VerifiedInteraction,
  { mismatch }: Broken,
  { url, apiKey }: RunDetails['target'],
  redactor: Redactor,
): { counterexample?: Counterexample } {
  const { passage } = interaction;
  if (passage?.request === undefined) return {};
  const request = requestOf(passage.request, apiKey, redactor);
  return {
    counterexample: {
      part: mismatch.at ?? 'request',
      value: interaction.description,
      controlValue: null,
      request,
      ...answerOf(passage, redactor),
      before: [],
      curl: curl(url, request),
      seed: 0,
      path: interaction.description,
      shrunk: false,
    },
  };
}

/** Every exchange of the verification, redacted, under the first rule that its interaction names. */
export function exchangesOf({ interactions }: Verification, apiKey: string): Exchange[] {
  const redactor = createRedactor([apiKey]);
  const numbers = new Map<string, number>();
  return interactions.flatMap((interaction): Exchange[] => {
    const { passage } = interaction;
    if (passage?.request === undefined || passage.result === undefined) return [];
    const ruleId = rulesHeld(interaction)[0] ?? ruleOfForeign(interaction);
    const n = numbers.get(ruleId) ?? 0;
    numbers.set(ruleId, n + 1);
    return [
      {
        id: `${ruleId}#${n}`,
        ruleId,
        n,
        purpose: 'pact',
        note: interaction.description,
        request: requestOf(passage.request, apiKey, redactor),
        ...answerOf(passage, redactor),
        startedAt: passage.result.startedAt.toISOString(),
        durationMs: Math.round(passage.result.durationMs * 10) / 10,
      },
    ];
  });
}

function answerOf({ result }: Passage, redactor: Redactor): Pick<Counterexample, 'response' | 'failure'> {
  const { response, failure } = result ?? {};
  return {
    ...(response === undefined
      ? {}
      : {
          response: {
            status: response.status,
            headers: response.headers.map(([name, value]): [string, string] => [redactor.text(name), redactor.text(value)]),
            body: bodyOf(response.body, redactor),
            complete: response.complete,
          },
        }),
    ...(failure === undefined ? {} : { failure: { kind: failure.kind, message: redactor.text(failure.message) } }),
  };
}

/** Forms in which the key goes out. */
const FORMS = [...new Set<CredentialForm>(['canonical', ...EXAMPLES.map(({ request }) => request.credential)])];

/** A credential as reports show it: by what was made of the key. */
function shownCredential(value: string, apiKey: string, redactor: Redactor): string {
  const form = FORMS.find((each) => credentialHeader(each, apiKey) === value);
  return (form === undefined ? undefined : credentialTemplate(form)) ?? redactor.text(value);
}

function requestOf({ method, path, headers, body }: NonNullable<Passage['request']>, apiKey: string, redactor: Redactor): Counterexample['request'] {
  return {
    method,
    path,
    headers: headers.map(([name, value]): [string, string] =>
      name.toLowerCase() === 'authorization' ? ['Authorization', shownCredential(value, apiKey, redactor)] : [name, redactor.text(value)],
    ),
    body: bodyOf(body ?? Buffer.alloc(0), redactor),
  };
}

function bodyOf(bytes: Buffer, redactor: Redactor): Counterexample['request']['body'] {
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes) && !text.includes('\u0000')) return { encoding: 'utf-8', text: redactor.text(text) };
  return { encoding: 'base64', text: Buffer.from(redactor.text(bytes.toString('latin1')), 'latin1').toString('base64') };
}
