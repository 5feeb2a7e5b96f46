/**
 * What changed between two runs of the same rules, as data. The JSON of `conform diff` is this, and its published schema
 * (`reports/diff.schema.json`) is made from here.
 */
import Type, { type Static } from 'typebox';
import { AtlasDiffSchema } from './atlas.js';
import { AcceptedSchema, FindingSchema, RunSchema, VerdictSchema } from './finding.js';

/** Raised when a member is removed or changes its meaning; added members leave it as it is. */
export const DIFF_VERSION = 1;

const literals = <const T extends string[]>(values: readonly [...T]) => Type.Enum([...values]);
const closed = { additionalProperties: false } as const;
const { tool, target, seed, budget, failOn, rules, started, ended, status, blockedBy, exitCode, counts, requestsSent, client } = RunSchema.properties;

export const DiffSideSchema = Type.Object(
  {
    name: Type.String({ description: 'Its report folder, as it was named.' }),
    tool,
    target,
    seed,
    budget,
    failOn,
    rules,
    started,
    ended,
    status,
    blockedBy,
    exitCode,
    counts,
    requestsSent,
    client,
  },
  closed,
);
/** One of the two runs: everything but its findings. */
export type DiffSide = Static<typeof DiffSideSchema>;

export const CHANGES = [
  'newly broken',
  'reading changed',
  'fixed',
  'still broken',
  'newly blocked',
  'no longer blocked',
  'no longer checked',
  'checked again',
  'warning new',
  'warning gone',
  'cases changed',
] as const;

export const CaseChangeSchema = Type.Object(
  {
    case: Type.String(),
    old: Type.Optional(Type.String({ description: 'The reading that it had; absent where the case is new.' })),
    new: Type.Optional(Type.String({ description: 'The reading that it has; absent where the case did not come up any more.' })),
  },
  closed,
);
export type CaseChange = Static<typeof CaseChangeSchema>;

export const ChangeSchema = Type.Object(
  {
    ruleId: Type.String(),
    kind: literals(CHANGES),
    level: FindingSchema.properties.level,
    title: Type.String(),
    old: Type.Optional(VerdictSchema),
    new: Type.Optional(VerdictSchema),
    note: Type.Optional(Type.String({ description: 'What has to be known to read the change rightly, in a sentence.' })),
    reason: Type.String({ description: "The new finding's reason." }),
    oldReason: Type.Optional(Type.String({ description: "The old finding's reason." })),
    cases: Type.Optional(Type.Array(CaseChangeSchema, { description: 'Open rules: the cases that differ.' })),
    accepted: Type.Optional(AcceptedSchema),
    finding: Type.Optional(Type.Unsafe<Static<typeof FindingSchema>>({ ...FindingSchema, description: 'What is broken in NEW, whole.' })),
    again: Type.Optional(Type.String({ description: 'The command that sees it again.' })),
  },
  closed,
);
/** One rule of which the two runs say something different, or which both find broken. */
export type Change = Static<typeof ChangeSchema>;
export type ChangeKind = Change['kind'];

export const RuleChangeSchema = Type.Object(
  {
    ruleId: Type.String(),
    verdict: VerdictSchema,
    why: literals(['tool', 'selection', 'unknown'] as const),
  },
  { ...closed, description: 'A rule that one run has and the other has not: another version of the tool has it, or other rules were selected.' },
);
export type RuleChange = Static<typeof RuleChangeSchema>;

export const DifferenceSchema = Type.Object(
  {
    what: Type.String({ description: 'What the two runs were given differently: target, merchant, seed, budget, tool, rules, failOn, variant, status.' }),
    old: Type.String(),
    new: Type.String(),
    means: Type.String({ description: 'What that may do to the comparison, in a sentence.' }),
  },
  closed,
);
export type Difference = Static<typeof DifferenceSchema>;

export const RunDiffSchema = Type.Object(
  {
    schemaVersion: Type.Literal(DIFF_VERSION),
    old: DiffSideSchema,
    new: DiffSideSchema,
    differences: Type.Array(DifferenceSchema),
    changes: Type.Array(ChangeSchema, { description: 'In the order of their kinds, and of the rules within each.' }),
    added: Type.Array(RuleChangeSchema),
    removed: Type.Array(RuleChangeSchema),
    atlas: Type.Optional(AtlasDiffSchema),
    unchanged: Type.Integer({ minimum: 0, description: 'Rules that neither run finds broken, and of which both say the same.' }),
    exitCode: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)]),
    because: Type.Array(Type.String(), { description: 'Why the exit code is what it is, a sentence each; nothing for 0.' }),
  },
  { ...closed, $id: 'https://juspay-customer-conformance.example/diff.schema.json', title: 'Comparison of two conformance runs of Create Customer' },
);
/** What changed between two runs. */
export type RunDiff = Static<typeof RunDiffSchema>;
