/** The judge and the generators, by their own specs: no target takes part. */
import { half } from './common.mjs';

export default half(
  'inputs',
  // What writes the catalogue sends nothing, and the blocks of Unicode are a table.
  ['contracts/judge.ts', 'generators/*.ts', '!generators/catalogue.ts', '!generators/unicode-blocks.ts'],
  [
    'contracts/judge.spec.ts',
    'contracts/judge.credentials.spec.ts',
    ...['catalogue', 'shrinking', 'wire', 'odd', 'sequences', 'request', 'open-values', 'atlas', 'index'].map((name) => `generators/${name}.spec.ts`),
  ],
);
