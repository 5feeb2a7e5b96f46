/** The kit that checks stand on: by specs of a second or two first, then by what is said of targets and by whole runs. */
import { half } from './common.mjs';

/** Without a target, or with one of a few lines. */
const QUICK = [
  ...['plan', 'draft', 'readings', 'observation', 'findings', 'baseline', 'exit-code', 'credentials', 'ledger', 'redact', 'session'],
  ...['shorter-value', 'pacing', 'conclude', 'controls', 'response-check', 'robustness-check', 'sequence-check', 'steps'],
  ...['reads', 'confirm.repeat', 'confirm.shrink', 'each-choice.items', 'each-choice.refused'],
  ...['transport', 'curl', 'replay/restore', 'replay/replay'],
  ...['context', 'context.kept', 'context.shown', 'context.connections', 'context.turns', 'context.waits', 'run.phases', 'run.room', 'run.report'],
];

export default half(
  'kit',
  ['suites/kit/**/*.ts'],
  [
    ...QUICK.map((name) => `suites/kit/${name}.spec.ts`),
    'suites/selftest/said.spec.ts',
    ...['confirm', 'checks', 'run.blocked'].map((name) => `suites/kit/${name}.spec.ts`),
  ],
);
