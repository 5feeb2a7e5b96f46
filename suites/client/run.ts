/** Everything that is known of a client at the end, as a run that every report can be made from. */
import { countVerdicts, SCHEMA_VERSION, type Client, type Exchange, type Explored, type Finding, type Run } from '../../contracts/finding.js';
import { behaviourOf } from '../../contracts/reference/server.js';
import { VARIANTS } from '../../contracts/reference/variants.js';
import { createRedactor, type Redactor } from '../kit/redact.js';
import type { Expectation } from './answers.js';
import { fieldOf, isAccepted, sameCustomer, type Captured } from './captured.js';
import { exchangeOf, honestText, wasCreated } from './exchanges.js';
import { citationOf, findingsOf } from './findings.js';
import { judgeRequests } from './judge-requests.js';
import type { Judged } from './offence.js';
import type { Listening } from './listen.js';
import type { PlannedStep } from './script.js';

/** What the process exits with where the script did nothing: as for options that cannot be used. */
const EXIT_DEAD_SCRIPT = 3;

/** How a command ended. */
export interface Ended {
  readonly command: readonly string[];
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** It was ended because the run was: how it would have ended is not known. */
  readonly interrupted?: true;
  readonly timeoutMs: number;
  readonly durationMs: number;
  /** Where the API key stands in what it wrote, in words. */
  readonly keyInOutput?: string;
}

export interface Facts {
  readonly tool: Run['tool'];
  readonly listening: Pick<Listening, 'url' | 'apiKey' | 'merchantId' | 'captured' | 'unreadable'>;
  readonly variants: readonly string[];
  readonly ended?: Ended;
  /** What the command was run with, as words of the command line. */
  readonly options?: readonly string[];
  /** What the command was to come to; `ok` unless a script says otherwise. */
  readonly expects: Expectation;
  /** Steps of the script that nothing matched. */
  readonly unmatched: readonly PlannedStep[];
  readonly failOn: 'must' | 'should';
  readonly startedAt: number;
  readonly interrupted: boolean;
  readonly explored?: readonly Explored[];
  /** Why nothing was explored, where nothing was. */
  readonly unexplored?: string;
  /** Further runs of the command, each against a server of its own: their requests are judged too. */
  readonly others?: readonly (readonly Captured[])[];
  /** Findings besides those of the rules. */
  readonly more?: readonly Finding[];
}

export interface Judgement {
  readonly run: Run;
  /** Every exchange, redacted. */
  readonly exchanges: readonly Exchange[];
  /** Numbers of the requests that break a must. */
  readonly broken: ReadonlySet<number>;
}

/** Judges what came and puts it into a run. */
export function runOf(facts: Facts): Judgement {
  const { listening, ended, failOn, interrupted, others = [] } = facts;
  const { apiKey, merchantId, url } = listening;
  const redactor = createRedactor([apiKey]);
  // A reference that every run of the command uses anew is no second customer: each had a server of its own.
  const judged = [listening.captured, ...others].flatMap((requests) => judgeRequests(requests, { apiKey, merchantId }));
  const captured = [...listening.captured, ...others.flat()].map((request, index) => ({ ...request, number: index + 1 }));
  const findings = [
    ...findingsOf({ requests: captured, judged, apiKey, redactor }),
    ...httpFinding(listening),
    ...(ended === undefined ? [] : [commandFinding(ended, facts.expects, refusalText(captured, judged)), ...outputFinding(ended)]),
    ...facts.unmatched.map(scriptFinding),
    ...(facts.more ?? []),
  ];
  const counts = countVerdicts(findings);
  const blockedBy = nothingSent(listening) ?? (facts.unexplored === undefined ? undefined : `Nothing was explored: ${facts.unexplored}.`);
  const status = interrupted ? 'interrupted' : blockedBy === undefined ? 'complete' : 'blocked';
  const broken = counts.fail > 0 || (failOn === 'should' && counts.warn > 0);
  const unproved = counts.blocked > 0 ? 2 : 0;
  const exitCode = interrupted ? 130 : broken ? 1 : blockedBy !== undefined ? 2 : facts.unmatched.length > 0 ? EXIT_DEAD_SCRIPT : unproved;
  return {
    run: {
      schemaVersion: SCHEMA_VERSION,
      tool: { ...facts.tool },
      target: { url, embedded: true, merchantId, ...(facts.variants.length === 0 ? {} : { variant: facts.variants.join(', ') }) },
      seed: 0,
      budget: { name: 'standard', maxRequests: captured.length },
      failOn,
      rules: ['*'],
      started: new Date(facts.startedAt).toISOString(),
      ended: new Date().toISOString(),
      status,
      ...(blockedBy === undefined ? {} : { blockedBy }),
      exitCode,
      counts,
      requestsSent: captured.length,
      idsCreated: createdIn(captured, redactor),
      client: clientOf(facts, captured),
      runToken: '',
      findings,
    },
    exchanges: captured.map((request, index) => exchangeOf(request, judged[index]?.offences[0]?.ruleId ?? 'path/v2', redactor, apiKey)),
    broken: new Set(captured.filter((_, index) => judged[index]?.offences.some(({ verdict }) => verdict === 'fail')).map(({ number }) => number)),
  };
}

function createdIn(captured: readonly Captured[], redactor: Redactor): string[] {
  return [...new Set(captured.filter(wasCreated).flatMap((request) => fieldOf(request, 'object_reference_id') ?? []))].map(redactor.text);
}

function clientOf({ ended, unmatched, listening, explored, options = [] }: Facts, all: readonly Captured[]): Client {
  const scripted = listening.captured.filter((each) => each.scripted !== undefined).length;
  return {
    command: [...(ended?.command ?? [])],
    ...(options.length === 0 ? {} : { options: [...options] }),
    // What a script refuses was not to be accepted.
    ...(all.some(({ scripted }) => scripted === undefined) ? { accepted: all.filter(isAccepted).length } : {}),
    ...(ended?.exitCode === undefined ? {} : { exitCode: ended.exitCode }),
    ...(ended?.signal === undefined ? {} : { signal: ended.signal }),
    timedOut: ended?.timedOut ?? false,
    durationMs: ended?.durationMs ?? 0,
    notes: [
      ...(scripted > 0
        ? [`${String(scripted)} of ${String(listening.captured.length)} requests were answered by the script or for a reserved object_reference_id`]
        : []),
      ...againNotes(listening.captured),
      ...unmatched.map(({ words }) => `no request matched the script's step ${words}`),
    ],
    ...(explored === undefined ? {} : { explored: [...explored] }),
  };
}

/** Customers that were perhaps created twice: whoever makes several alike does the same, and so nobody is accused of it. */
function againNotes(captured: readonly Captured[]): string[] {
  const creates = captured.filter(wasCreated);
  return creates.flatMap((request, index) => {
    const again = creates.slice(index + 1).find((later) => sameCustomer(later) === sameCustomer(request));
    const arrived = request.delivery !== 'reset' && request.delivery !== 'cut off';
    if (arrived || again === undefined) return [];
    return [`request ${String(again.number)} may have created the customer of request ${String(request.number)} again, whose answer did not arrive`];
  });
}

/** Why nothing can be said of the client; undefined where something can. */
function nothingSent({ captured, unreadable, url }: Facts['listening']): string | undefined {
  const tls = unreadable.filter(({ kind }) => kind === 'tls');
  if (captured.length === 0) {
    const handshakes =
      tls.length === 0
        ? ''
        : ` ${String(tls.length)} connection${tls.length === 1 ? '' : 's'} ended in the TLS handshake (${tls[0]?.message.trim() ?? ''}): ${
            url.startsWith('http:')
              ? 'the client speaks TLS, which --tls is for.'
              : 'the client has to trust the certificate in CONFORM_CA_FILE, or it speaks plain HTTP to an https URL.'
          }`;
    if (unreadable.length > tls.length) return `No request to ${url} could be read: ${unreadable.find(({ kind }) => kind === 'http')?.message ?? ''}.`;
    return `${tls.length === 0 ? 'Nothing was sent' : 'No request came'} to ${url}.${handshakes === '' ? ' Does the client take its base URL from CONFORM_URL (or from the variable of --env NAME={url})?' : handshakes}`;
  }
  if (captured.some(({ kind }) => kind !== 'elsewhere')) return undefined;
  const lines = [...new Set(captured.map(({ method, path }) => `${method} ${path}`))];
  return `No request was about customers: ${lines.slice(0, 5).join(', ')}. A create is POST /customers behind the base URL.`;
}

const ownFinding = (ruleId: string, verdict: Finding['verdict'], title: string, reason: string, more: Partial<Finding> = {}): Finding => ({
  ruleId,
  level: 'must',
  verdict,
  title,
  citation: { source: ['cons'], statement: [], lines: [] },
  reason,
  requests: 0,
  judged: 1,
  durationMs: 0,
  ...more,
});

function httpFinding({ unreadable }: Facts['listening']): Finding[] {
  const http = unreadable.filter(({ kind }) => kind === 'http');
  const [first] = http;
  if (first === undefined) return [];
  return [
    ownFinding(
      'client/http',
      'fail',
      'every request is complete, readable HTTP',
      `${String(http.length)} ${http.length === 1 ? 'is' : 'are'} not: ${first.message}`,
      {
        citation: citationOf({ sources: ['std'], statements: [], note: 'RFC 9112' }),
        expected: 'a request line, headers and a body as RFC 9112 has them',
        got: first.message,
      },
    ),
  ];
}

/** How a command ended, in a few words. */
export function endedText({ exitCode, signal, timedOut, timeoutMs, interrupted }: Omit<Ended, 'command' | 'durationMs' | 'keyInOutput'>): string {
  if (interrupted === true) return 'interrupted';
  if (timedOut) return `still running after ${String(timeoutMs)} ms, and ended`;
  return signal === undefined ? `exit ${String(exitCode ?? 0)}` : `killed by ${signal}`;
}

/** Whether the command came to what it was to come to. */
export function cameTo({ exitCode, signal, timedOut }: Pick<Ended, 'exitCode' | 'signal' | 'timedOut'>): Expectation | 'killed' {
  if (timedOut || signal !== undefined) return 'killed';
  return exitCode === 0 ? 'ok' : 'error';
}

/** The last refusal that came from nobody's script, and what accepts the request where the page leaves that open; empty where there is none. */
function refusalText(captured: readonly Captured[], judged: readonly Judged[]): string {
  const index = captured.findLastIndex((request) => !isAccepted(request) && honestText(request) !== undefined);
  const request = captured[index];
  if (request === undefined) return '';
  const rules = judged[index]?.offences.filter(({ verdict }) => verdict !== 'fail').map(({ ruleId }) => ruleId) ?? [];
  const variants = VARIANTS.filter(({ rule, takes, name }) => {
    const { kind } = behaviourOf({ variants: [name] }).route(request.method, request.path);
    return takes === 'accepted' && rules.includes(rule) && (rule === 'path/v2' ? request.kind === 'elsewhere' && kind === 'create' : true);
  });
  const accepted = variants.length === 0 ? '' : `; ${variants.map(({ name }) => `--variant ${name}`).join(' ')} accepts it`;
  return `; request ${String(request.number)} was ${honestText(request) ?? ''}${accepted}`;
}

function commandFinding(ended: Ended, expects: Expectation, refusal: string): Finding {
  const came = cameTo(ended);
  const text = endedText(ended);
  const title = expects === 'ok' ? 'the command succeeds' : 'the command says that it failed';
  if (ended.interrupted === true) return ownFinding('client/command', 'blocked', title, `${ended.command[0] ?? ''}: ${text}`, { durationMs: ended.durationMs });
  const ok = came === expects;
  const expected = expects === 'ok' ? 'exit 0' : 'an exit code other than 0, as the script declares (expects: error)';
  return ownFinding('client/command', ok ? 'pass' : 'fail', title, `${ended.command[0] ?? ''}: ${text}`, {
    durationMs: ended.durationMs,
    ...(ok ? {} : { expected, got: `${text}${came === 'error' ? refusal : ''}` }),
  });
}

function outputFinding({ keyInOutput }: Ended): Finding[] {
  if (keyInOutput === undefined) return [];
  return [
    ownFinding('client/output', 'warn', 'the API key is not in what the client writes', keyInOutput, {
      level: 'should',
      expected: 'output without the API key: logs are kept and read',
      got: keyInOutput,
    }),
  ];
}

function scriptFinding({ words }: PlannedStep, index: number): Finding {
  const expected = 'a request that matches it: a script that does nothing must not pass';
  const ruleId = index === 0 ? 'client/script' : `client/script-${String(index + 1)}`;
  return ownFinding(ruleId, 'blocked', 'every step of the script is used', `no request matched ${words}`, { expected, got: 'none' });
}
