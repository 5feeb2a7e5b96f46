/** The judge and the generators, by their own specs: no target takes part. */
import { half } from './common.mjs';

export default half(
  'inputs',
  ['contracts/judge.ts', 'generators/*.ts', '!generators/catalogue.ts'],
  [
    'contracts/judge.spec.ts',
    'contracts/judge.credentials.spec.ts',
    ...['catalogue', 'shrinking', 'wire', 'odd', 'sequences', 'request', 'index'].map((name) => `generators/${name}.spec.ts`),
  ],
);
