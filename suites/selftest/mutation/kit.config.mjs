/** The kit that checks stand on: by specs that need no target first, then by what is said of targets and by whole runs. */
import { half } from './common.mjs';

const WITHOUT_TARGET = [
  ...['plan', 'draft', 'readings', 'observation', 'findings', 'baseline', 'exit-code', 'credentials', 'ledger', 'redact', 'session'],
  ...['shorter-value', 'pacing', 'conclude', 'controls', 'response-check', 'robustness-check', 'sequence-check', 'steps'],
  ...['input-check', 'input-check.settle', 'open-check', 'spelling-check'],
  ...['transport', 'curl', 'replay/restore', 'replay/replay'],
];

export default half(
  'kit',
  ['suites/kit/**/*.ts'],
  [
    ...WITHOUT_TARGET.map((name) => `suites/kit/${name}.spec.ts`),
    'suites/selftest/said.spec.ts',
    ...['confirm', 'checks', 'run.blocked'].map((name) => `suites/kit/${name}.spec.ts`),
  ],
);
