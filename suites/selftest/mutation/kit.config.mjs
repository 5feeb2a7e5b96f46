/** The kit that checks stand on, by its specs and by what is said of targets. */
import { half } from './common.mjs';

const plain = [
  ...['plan', 'draft', 'readings', 'observation', 'findings', 'baseline', 'exit-code', 'credentials', 'ledger', 'redact', 'session', 'steps'],
  ...['conclude', 'shorter-value', 'pacing', 'transport', 'curl', 'replay/restore', 'replay/replay'],
];

export default half(
  'kit',
  ['suites/kit/**/*.ts'],
  [
    ...plain.map((name) => `suites/kit/${name}.spec.ts`),
    'suites/selftest/said.spec.ts',
    ...['checks', 'confirm', 'run.blocked'].map((name) => `suites/kit/${name}.spec.ts`),
  ],
);
