/**
 * What a check comes to. The types of a report are made from these schemas, and so is the published JSON Schema
 * (`reports/report.schema.json`): both are one interface, versioned by `SCHEMA_VERSION`.
 */
import Type, { type Static } from 'typebox';
import type { FieldName, Offence as OffenceKind, RobustnessFamily } from './model.js';

/** Raised when a member of the report is removed or changes its meaning; added members leave it as it is. */
export const SCHEMA_VERSION = 1;

const literals = <const T extends string[]>(values: readonly [...T]) => Type.Enum([...values]);
const closed = { additionalProperties: false } as const;

export const VERDICTS = ['pass', 'fail', 'warn', 'observed', 'flaky', 'blocked', 'skipped'] as const;
export const VerdictSchema = literals(VERDICTS);
/** See "What the verdicts mean" in the README. */
export type Verdict = Static<typeof VerdictSchema>;

const HeadersSchema = Type.Array(Type.Tuple([Type.String(), Type.String()]), { description: 'Name and value, in the order on the wire.' });

/** Bytes as text: as they are when they are UTF-8 without NUL, else in base64. */
export const BodySchema = Type.Object({ encoding: literals(['utf-8', 'base64'] as const), text: Type.String() }, closed);
export type Body = Static<typeof BodySchema>;

export const SentRequestSchema = Type.Object({ method: Type.String(), path: Type.String(), headers: HeadersSchema, body: BodySchema }, closed);
export type SentRequest = Static<typeof SentRequestSchema>;

export const ReceivedResponseSchema = Type.Object(
  {
    status: Type.Integer(),
    headers: HeadersSchema,
    body: BodySchema,
    complete: Type.Boolean({ description: 'False when the connection ended, or the time ran out, within the body.' }),
  },
  closed,
);
export type ReceivedResponse = Static<typeof ReceivedResponseSchema>;

/** One request and what came of it, redacted. */
export const ExchangeSchema = Type.Object(
  {
    id: Type.String({ description: 'rule#n, with .k behind it for the k-th repetition: the same in every run with the same seed.' }),
    ruleId: Type.String({ description: 'The rule it was sent for; other rules may be judged on it too.' }),
    n: Type.Integer(),
    purpose: Type.String({ description: 'What it was sent as: control, conforming, violating, open, confirmation, shrink…' }),
    note: Type.String({ description: 'What is special about it, in words.' }),
    request: SentRequestSchema,
    response: Type.Optional(ReceivedResponseSchema),
    failure: Type.Optional(Type.Object({ kind: literals(['timeout', 'dropped', 'unreachable', 'tls', 'malformed'] as const), message: Type.String() }, closed)),
    startedAt: Type.String({ format: 'date-time' }),
    durationMs: Type.Number(),
  },
  closed,
);
export type Exchange = Static<typeof ExchangeSchema>;

export const CitationSchema = Type.Object(
  {
    source: Type.Array(Type.String()),
    statement: Type.Array(Type.Integer(), { description: 'Numbers of the statements of the document.' }),
    lines: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), { description: 'First and last line of each of them on the page.' }),
    note: Type.Optional(Type.String()),
  },
  closed,
);

export const SentAsSchema = Type.Object(
  {
    ruleId: Type.String({ description: 'The rule that it was sent for.' }),
    n: Type.Integer(),
    create: Type.Optional(Type.Boolean()),
    good: Type.Optional(Type.Boolean({ description: 'Nothing is wrong with it in any reading.' })),
    family: Type.Optional(
      Type.Unsafe<RobustnessFamily>({ type: 'string', description: 'The robustness rule that it is a matter of, where it is not answered.' }),
    ),
    offence: Type.Optional(Type.Unsafe<OffenceKind>({ type: 'string', description: 'What a refusal of it is for.' })),
    atFault: Type.Optional(Type.Array(Type.Unsafe<FieldName>({ type: 'string' }), { description: 'Fields that a refusal of it is for.' })),
    readingOpen: Type.Optional(Type.Boolean({ description: 'How its body is read is left open.' })),
  },
  { ...closed, description: 'What the request was sent as: its answer is judged by this, also when it is sent again.' },
);
export type SentAs = Static<typeof SentAsSchema>;

export const CounterexampleSchema = Type.Object(
  {
    part: Type.String({ description: 'The field, header or other part that is not as in the control.' }),
    value: Type.Union([Type.String(), Type.Null()], { description: 'What the part was; null where it was not sent.' }),
    controlValue: Type.Union([Type.String(), Type.Null()]),
    control: Type.Optional(ExchangeSchema),
    request: SentRequestSchema,
    response: Type.Optional(ReceivedResponseSchema),
    failure: ExchangeSchema.properties.failure,
    sentAs: Type.Optional(SentAsSchema),
    before: Type.Array(ExchangeSchema, { description: 'The exchanges that led up to it, where the rule is about several.' }),
    curl: Type.String(),
    seed: Type.Integer(),
    path: Type.String({ description: 'Which input of the rule it is: the same with the same seed.' }),
    shrunk: Type.Boolean(),
  },
  closed,
);
export type Counterexample = Static<typeof CounterexampleSchema>;

export const OffenceSchema = Type.Object(
  {
    exchange: ExchangeSchema,
    part: Type.String({ description: 'The field, header or other part that is not as the page asks.' }),
    value: Type.Union([Type.String(), Type.Null()], { description: 'What the part was, decoded; null where it was not sent.' }),
    expected: Type.String(),
    got: Type.String(),
  },
  closed,
);
export type Offence = Static<typeof OffenceSchema>;

export const AcceptedSchema = Type.Object(
  {
    reason: Type.String(),
    link: Type.Optional(Type.String()),
    expires: Type.Optional(Type.String({ format: 'date', description: 'The last day on which it is accepted.' })),
  },
  { ...closed, description: 'The baseline lists it: a departure that does not fail the run.' },
);
/** Why a departure is accepted. */
export type Accepted = Static<typeof AcceptedSchema>;

export const FindingSchema = Type.Object(
  {
    ruleId: Type.String(),
    level: literals(['must', 'should', 'open'] as const),
    verdict: VerdictSchema,
    title: Type.String(),
    citation: CitationSchema,
    reading: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Open rules: case → reading.' })),
    reason: Type.String({ description: 'Why the verdict is what it is, in a sentence.' }),
    expected: Type.Optional(Type.String()),
    got: Type.Optional(Type.String()),
    counterexample: Type.Optional(CounterexampleSchema),
    confirmed: Type.Optional(Type.Object({ tries: Type.Integer(), repeats: Type.Integer() }, closed)),
    rate: Type.Optional(
      Type.Object({ broken: Type.Integer(), of: Type.Integer() }, { ...closed, description: 'Flaky: how often it broke of how often it could.' }),
    ),
    accepted: Type.Optional(AcceptedSchema),
    offences: Type.Optional(Type.Array(OffenceSchema, { description: 'Of a client under test: every request that departs from the rule, in their order.' })),
    requests: Type.Integer({ description: 'Requests sent for this rule.' }),
    judged: Type.Integer({ description: 'Exchanges that it was judged on, those sent for other rules included.' }),
    durationMs: Type.Number(),
  },
  closed,
);
export type Finding = Static<typeof FindingSchema>;

const count = Type.Integer({ minimum: 0 });
export const CountsSchema = Type.Object({ pass: count, fail: count, warn: count, observed: count, flaky: count, blocked: count, skipped: count }, closed);
export type Counts = Static<typeof CountsSchema>;

const VerdictOfClient = literals(['pass', 'fail', 'warn', 'blocked', 'skipped'] as const);
export const ExploredSchema = Type.Object(
  {
    answer: Type.String({ description: 'The answer that every create got.' }),
    means: Type.String(),
    expects: literals(['ok', 'error'] as const),
    verdict: VerdictOfClient,
    ended: Type.String({ description: 'How the command ended, in words.' }),
    did: Type.String({ description: 'What the client did with the answer, in words.' }),
    creates: Type.Integer({ description: 'Creates that it sent.' }),
    durationMs: Type.Number(),
  },
  closed,
);
export type Explored = Static<typeof ExploredSchema>;

export const ClientSchema = Type.Object(
  {
    command: Type.Array(Type.String(), { description: 'The command and its arguments; empty where clients came by themselves.' }),
    options: Type.Optional(Type.Array(Type.String(), { description: 'What the command was run with, as `conform client` takes it.' })),
    accepted: Type.Optional(Type.Integer({ description: 'Requests that were accepted.' })),
    exitCode: Type.Optional(Type.Integer()),
    signal: Type.Optional(Type.String({ description: 'The signal that ended it.' })),
    timedOut: Type.Boolean(),
    durationMs: Type.Number(),
    notes: Type.Array(Type.String(), { description: 'What else is worth knowing, a sentence each.' }),
    explored: Type.Optional(Type.Array(ExploredSchema)),
  },
  closed,
);
/** The client that a run judged, where it was one. */
export type Client = Static<typeof ClientSchema>;

const BaselineLineSchema = Type.Object({ rule: Type.String(), ...AcceptedSchema.properties }, closed);
export const BaselineResultSchema = Type.Object(
  {
    file: Type.Optional(Type.String()),
    stale: Type.Array(BaselineLineSchema, { description: 'Lines of rules that hold: they are to be taken out, and fail the run until then.' }),
    expired: Type.Array(BaselineLineSchema, { description: 'Lines whose last day is over: they accept nothing any more, and fail the run.' }),
  },
  closed,
);
/** What a run made of its baseline. */
export type BaselineResult = Static<typeof BaselineResultSchema>;

export const RunSchema = Type.Object(
  {
    schemaVersion: Type.Literal(SCHEMA_VERSION),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    target: Type.Object({ url: Type.String(), embedded: Type.Boolean(), merchantId: Type.String(), variant: Type.Optional(Type.String()) }, closed),
    seed: Type.Integer(),
    budget: Type.Object({ name: literals(['smoke', 'standard', 'deep'] as const), maxRequests: Type.Integer() }, closed),
    failOn: literals(['must', 'should'] as const),
    rules: Type.Array(Type.String(), { description: 'The patterns that chose the rules; one `*` for all.' }),
    started: Type.String({ format: 'date-time' }),
    ended: Type.String({ format: 'date-time' }),
    status: literals(['complete', 'interrupted', 'blocked'] as const),
    blockedBy: Type.Optional(Type.String({ description: 'Blocked: why no request could be judged.' })),
    exitCode: Type.Integer(),
    counts: CountsSchema,
    requestsSent: Type.Integer(),
    idsCreated: Type.Array(Type.String(), { description: 'Every object_reference_id that the target accepted: there is no way to delete them.' }),
    client: Type.Optional(ClientSchema),
    baseline: Type.Optional(BaselineResultSchema),
    runToken: Type.String({ description: 'Part of every object_reference_id of the run.' }),
    findings: Type.Array(FindingSchema),
  },
  { ...closed, $id: 'https://juspay-customer-conformance.example/report.schema.json', title: 'Conformance report of Create Customer' },
);
/** A finished (or interrupted) run: everything that reports are made from. */
export type Run = Static<typeof RunSchema>;

/** How many findings have each verdict; every verdict is there, also with none. */
export function countVerdicts(findings: readonly Pick<Finding, 'verdict'>[]): Counts {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Counts;
  for (const finding of findings) counts[finding.verdict] += 1;
  return counts;
}
