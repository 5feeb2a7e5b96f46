/**
 * Runs the client again and again, each time with another documented answer to its creates, and says what it made of it:
 * a sane client comes to the end it declares, in time, does not hang, does not storm, creates nobody twice and keeps its key.
 */
import type { Explored, Finding } from '../../contracts/finding.js';
import type { Answer, Expectation } from './answers.js';
import { fieldOf, isAccepted, sameCustomer, type Captured } from './captured.js';
import { exchangeOf, answerText, curlOf, wasCreated } from './exchanges.js';
import { createRedactor } from '../kit/redact.js';
import { citationOf } from './findings.js';
import type { Listening } from './listen.js';
import { cameTo, endedText, type Ended } from './run.js';
import type { Plan, PlannedStep } from './script.js';

/** More creates than this for one customer are a storm: a first one, and three tries with growing pauses, are usual. */
const MOST_CREATES = 5;
/** How much sooner than `Retry-After` says is still in time: clocks and timers are not exact. */
const RETRY_TOLERANCE_MS = 100;

/** One run of the command: what came, and how it ended. */
export interface Trial {
  readonly listening: Pick<Listening, 'captured' | 'apiKey'>;
  readonly ended: Ended;
}

/** What an answer is explored with. */
export interface Exploration {
  readonly answer: Answer;
  readonly plan: Plan;
  readonly expects: Expectation;
  /** Milliseconds within which the command has to end. */
  readonly withinMs: number;
}

/** The explorations of a client, in the order of the answers, those that its script declares as it declares them. */
export function explorations(answers: readonly Answer[], script: Plan | undefined, defaultMs: number): readonly Exploration[] {
  return answers.map((answer) => {
    const declared = script?.steps.find((step) => step.answer.name === answer.name);
    const step: PlannedStep = declared ?? { answer, parameters: { retryAfter: 1, afterMs: 3000 }, matches: isCreate, words: answer.name };
    return {
      answer,
      plan: { steps: [step] },
      expects: declared?.expects ?? answer.expects,
      withinMs: declared?.withinMs ?? script?.withinMs ?? defaultMs,
    };
  });
}

const isCreate: PlannedStep['matches'] = ({ kind }) => kind === 'create';

/** Why an answer cannot be explored with this client; undefined where it can. `control` is a run with honest answers. */
export function notApplicable({ token }: Answer, control: Trial): string | undefined {
  if (token === undefined) return undefined;
  const asks = control.listening.captured.some((request) => request.kind === 'create' && fieldOf(request, 'options.get_client_auth_token') === 'true');
  if (token === 'asked') return asks ? undefined : 'the client does not ask for the token';
  return asks ? 'the client asks for the token' : undefined;
}

/** Why exploring proves nothing with this client; undefined where its run with honest answers is as it should be. */
export function unfit({ listening, ended }: Trial): string | undefined {
  if (!listening.captured.some((request) => request.kind === 'create')) return 'with honest answers the command sends no create';
  if (!listening.captured.some(wasCreated)) return 'with honest answers none of its creates is accepted';
  if (cameTo(ended) !== 'ok') return `with honest answers the command does not succeed (${endedText(ended)})`;
  return undefined;
}

type Complaint = { readonly verdict: 'fail' | 'warn'; readonly text: string };

/** What a client made of an answer, in the light of what it does with honest ones. */
export function judgeTrial(
  { answer, expects, withinMs }: Exploration,
  { listening, ended }: Trial,
  control: Trial,
): { readonly row: Explored; readonly finding: Finding } {
  const creates = listening.captured.filter(({ kind }) => kind === 'create');
  const unproved = unprovedBy(answer, listening.captured, ended);
  if (unproved !== undefined) return untried(answer, expects, 'blocked', unproved, creates.length, ended);
  const usually = usualCreates(control);
  const usualTotal = control.listening.captured.filter(({ kind }) => kind === 'create').length;
  const complaints: Complaint[] = [
    ...endComplaint(ended, expects, withinMs),
    ...stormComplaints(creates, usually),
    ...(usually === 1 ? doubleComplaint(creates, usualTotal === 1) : []),
    ...(ended.keyInOutput === undefined ? [] : [{ verdict: 'fail', text: ended.keyInOutput } as const]),
  ];
  const verdict = complaints.some((each) => each.verdict === 'fail') ? 'fail' : complaints.length > 0 ? 'warn' : 'pass';
  const did = complaints.length > 0 ? complaints.map(({ text }) => text).join('; ') : usual(creates);
  return {
    row: { answer: answer.name, means: answer.means, expects, verdict, ended: endedText(ended), did, creates: creates.length, durationMs: ended.durationMs },
    finding: findingOf(answer, expects, verdict, did, ended, creates, listening),
  };
}

/** The row of an answer that was not tried. */
export function skippedRow({ answer, expects }: Exploration, why: string): { readonly row: Explored; readonly finding: Finding } {
  return untried(answer, expects, 'skipped', why);
}

function untried(
  answer: Answer,
  expects: Expectation,
  verdict: 'skipped' | 'blocked',
  why: string,
  creates = 0,
  ended?: Ended,
): { readonly row: Explored; readonly finding: Finding } {
  const durationMs = ended?.durationMs ?? 0;
  return {
    row: { answer: answer.name, means: answer.means, expects, verdict, ended: ended === undefined ? '' : endedText(ended), did: why, creates, durationMs },
    finding: { ...baseOf(answer), verdict, reason: why, requests: creates, judged: 0, durationMs },
  };
}

/** Why a run of the command says nothing about the answer; undefined where it does. */
function unprovedBy(answer: Answer, captured: readonly Captured[], ended: Ended): string | undefined {
  if (ended.interrupted === true) return 'it was interrupted';
  if (captured.some(({ scripted }) => scripted === answer.name)) return undefined;
  return captured.some(({ kind }) => kind === 'create') ? 'none of its creates got this answer' : 'it sent no create this time';
}

function usual(creates: readonly Captured[]): string {
  const last = creates.at(-1);
  return creates.length === 1 || last === undefined ? 'went on as it should' : `sent the create ${String(creates.length)} times, and went on as it should`;
}

function endComplaint(ended: Ended, expects: Expectation, withinMs: number): Complaint[] {
  if (ended.timedOut) return [{ verdict: 'fail', text: `hung: still running after ${String(withinMs)} ms` }];
  const came = cameTo(ended);
  if (came === expects) return [];
  if (came === 'killed') return [{ verdict: 'fail', text: endedText(ended) }];
  const text = expects === 'error' ? 'went on as if the customer had been created (exit 0)' : `failed although the customer was created (${endedText(ended)})`;
  return [{ verdict: 'fail', text }];
}

/** Creates by the customer that they are about. */
function grouped(creates: readonly Captured[]): readonly (readonly Captured[])[] {
  const groups = new Map<string, Captured[]>();
  for (const request of creates) {
    const group = groups.get(sameCustomer(request));
    if (group === undefined) groups.set(sameCustomer(request), [request]);
    else group.push(request);
  }
  return [...groups.values()];
}

/** How many creates with the same fields the client sends anyway: one that makes several customers alike does not retry. */
function usualCreates({ listening }: Trial): number {
  return Math.max(1, ...grouped(listening.captured.filter(({ kind }) => kind === 'create')).map(({ length }) => length));
}

function stormComplaints(creates: readonly Captured[], usually: number): Complaint[] {
  return grouped(creates).flatMap((group): Complaint[] => {
    if (group.length >= MOST_CREATES + usually) return [{ verdict: 'fail', text: `storm: the same create ${String(group.length)} times` }];
    const hasty = group.find((request, index) => {
      const last = group[index - 1];
      const wait = last?.delivery === 'whole' ? Number(last.reply.headers['Retry-After']) : 0;
      return wait > 0 && request.startedAt - (last?.endedAt ?? 0) < wait * 1000 - RETRY_TOLERANCE_MS;
    });
    if (hasty !== undefined) return [{ verdict: 'fail', text: 'sent again sooner than Retry-After says' }];
    // What broke off had not told the client of a refusal.
    const refused = group.slice(0, -1).find(({ reply, delivery }) => delivery === 'whole' && reply.status >= 400 && reply.status < 500 && reply.status !== 429);
    return refused === undefined ? [] : [{ verdict: 'warn', text: `sent again although it had been refused (${answerText(refused)})` }];
  });
}

/** Whoever gave up on an answer and asks again with a new reference has two customers for one person, also where all else is new. */
function doubleComplaint(creates: readonly Captured[], isForOne: boolean): Complaint[] {
  for (const [index, request] of creates.entries()) {
    if (!isAccepted(request) || !wasCreated(request)) continue;
    const again = creates
      .slice(index + 1)
      .find(
        (later) =>
          (isForOne ? wasCreated(later) : sameCustomer(later) === sameCustomer(request)) &&
          fieldOf(later, 'object_reference_id') !== fieldOf(request, 'object_reference_id'),
      );
    if (again !== undefined)
      return [{ verdict: 'fail', text: 'created the customer twice: the create had been accepted, and was sent again with a new object_reference_id' }];
  }
  return [];
}

function baseOf({ name, means, sources, expects }: Answer): Pick<Finding, 'ruleId' | 'level' | 'title' | 'citation'> {
  return {
    ruleId: `client/answer-${name}`,
    level: 'must',
    title: `the client goes on as it should where the answer is: ${means}`,
    citation: citationOf({ sources, statements: expects === 'error' && sources[0] === 'doc' ? [52, 53] : [] }),
  };
}

function findingOf(
  answer: Answer,
  expects: Expectation,
  verdict: 'pass' | 'fail' | 'warn',
  did: string,
  ended: Ended,
  creates: readonly Captured[],
  { apiKey }: Trial['listening'],
): Finding {
  const redactor = createRedactor([apiKey]);
  const base = { ...baseOf(answer), verdict, reason: did, requests: creates.length, judged: 1, durationMs: ended.durationMs };
  const last = creates.at(-1);
  if (verdict === 'pass') return base;
  const expected = expects === 'ok' ? 'exit 0 in time, one customer' : 'an exit code other than 0 in time, the create not sent over and over';
  if (last === undefined) return { ...base, expected, got: did };
  const exchange = exchangeOf(last, base.ruleId, redactor, apiKey);
  return {
    ...base,
    expected,
    got: did.includes(`(${endedText(ended)})`) ? did : `${did} (${endedText(ended)})`,
    counterexample: {
      part: '',
      value: null,
      controlValue: null,
      request: exchange.request,
      ...(exchange.response === undefined ? {} : { response: exchange.response }),
      ...(exchange.failure === undefined ? {} : { failure: exchange.failure }),
      before: creates.slice(0, -1).map((request) => exchangeOf(request, base.ruleId, redactor, apiKey)),
      curl: curlOf(last, redactor, apiKey),
      seed: 0,
      path: answer.name,
      shrunk: false,
    },
  };
}
