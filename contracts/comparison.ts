/** Several targets beside each other: one matrix of rules and targets. The JSON of `conform compare` is this. */
import Type, { type Static } from 'typebox';
import { FindingSchema, RunSchema, VerdictSchema } from './finding.js';

/** Raised when a member is removed or changes its meaning; added members leave it as it is. */
export const COMPARISON_VERSION = 1;

const closed = { additionalProperties: false } as const;
const { tool, target, seed, budget, rules, started, ended, blockedBy, counts, requestsSent } = RunSchema.properties;

export const ComparedTargetSchema = Type.Object(
  {
    name: Type.String(),
    report: Type.Optional(Type.String({ description: 'Its report folder, from the folder of the comparison; absent where it has none.' })),
    hasHtml: Type.Boolean({ description: 'Whether a report.html is in that folder.' }),
    status: Type.Enum(['complete', 'interrupted', 'blocked', 'not run'], { description: 'not run: the comparison was interrupted before its turn.' }),
    blockedBy,
    target: Type.Optional(target),
    exitCode: Type.Optional(Type.Integer()),
    counts: Type.Optional(counts),
    requestsSent: Type.Optional(requestsSent),
    started: Type.Optional(started),
    ended: Type.Optional(ended),
  },
  closed,
);
export type ComparedTarget = Static<typeof ComparedTargetSchema>;

export const ComparedCellSchema = Type.Object({ verdict: VerdictSchema, reason: Type.String(), reading: FindingSchema.properties.reading }, closed);
export type ComparedCell = Static<typeof ComparedCellSchema>;

export const ComparedRuleSchema = Type.Object(
  {
    ruleId: Type.String(),
    level: FindingSchema.properties.level,
    title: Type.String(),
    citation: FindingSchema.properties.citation,
    cells: Type.Array(Type.Union([ComparedCellSchema, Type.Null()]), { description: 'In the order of the targets; null for one that was not run.' }),
    differs: Type.Boolean({ description: 'Targets that were checked come to different verdicts, or read an open case differently.' }),
    differingCases: Type.Array(Type.String(), { description: 'Open rules: the cases that targets read differently.' }),
  },
  closed,
);
export type ComparedRule = Static<typeof ComparedRuleSchema>;

export const ComparisonSchema = Type.Object(
  {
    comparisonVersion: Type.Literal(COMPARISON_VERSION),
    tool,
    seed,
    budget,
    rules,
    exitCode: Type.Integer(),
    targets: Type.Array(ComparedTargetSchema),
    matrix: Type.Array(ComparedRuleSchema),
  },
  { ...closed, $id: 'https://juspay-customer-conformance.example/compare.schema.json', title: 'Comparison of several targets of Create Customer' },
);
/** What several targets came to, with the same seed. */
export type Comparison = Static<typeof ComparisonSchema>;
