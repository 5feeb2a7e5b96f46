/** The kit that checks stand on, by specs of a second or two: without a target, or with one of a few lines. */
import { half } from './common.mjs';

const SPECS = [
  ...['plan', 'draft', 'readings', 'observation', 'findings', 'baseline', 'exit-code', 'credentials', 'ledger', 'redact', 'session'],
  ...['shorter-value', 'pacing', 'conclude', 'conclude.blocked', 'conclude.pair', 'controls', 'response-check', 'robustness-check', 'sequence-check', 'steps'],
  ...['input-check', 'input-check.settle', 'open-check', 'spelling-check'],
  ...['reads', 'confirm.repeat', 'confirm.shrink', 'each-choice.items', 'each-choice.refused'],
  ...['transport', 'curl', 'replay/restore', 'replay/replay'],
  ...['context', 'context.kept', 'context.shown', 'context.connections', 'context.turns', 'context.waits', 'run.phases', 'run.room', 'run.report'],
];

export default half(
  'kit',
  ['suites/kit/**/*.ts'],
  SPECS.map((name) => `suites/kit/${name}.spec.ts`),
);
