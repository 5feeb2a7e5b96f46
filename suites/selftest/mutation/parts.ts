/** What of the toolkit is changed in one place at a time, part by part, and the specs that have to notice. */
import { readdirSync } from 'node:fs';

export interface Part {
  readonly name: string;
  /** Patterns of files, from the folder of the package. */
  readonly mutate: readonly string[];
  readonly spec: readonly string[];
}

/** The judge and the generators: the specs of the ones need the others, and no target. */
const INPUTS: Part = {
  name: 'inputs',
  // What writes the catalogue sends nothing, and the blocks of Unicode are a table.
  mutate: ['contracts/judge.ts', 'generators/*.ts', '!generators/catalogue.ts', '!generators/unicode-blocks.ts', '!**/*.spec.ts', '!**/*.spec-help.ts'],
  spec: [
    'contracts/judge.spec.ts',
    'contracts/judge.credentials.spec.ts',
    ...['catalogue', 'shrinking', 'wire', 'odd', 'sequences', 'request', 'open-values', 'atlas', 'index'].map((name) => `generators/${name}.spec.ts`),
  ],
};

const KIT = 'suites/kit';

/** Specs that make whole runs: every mutant that stops one would cost a time-out. */
const WHOLE_RUNS = ['run', 'run.blocked', 'run.output', 'context', 'confirm', 'each-choice', 'checks', 'replay/replay'].map((name) => `${name}.spec.ts`);

const CHECKS = ['input-check', 'input-check.settle', 'open-check', 'response-check', 'robustness-check', 'sequence-check', 'spelling-check'];
/** What is looked at where it is used, beside the specs that bear its name. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  check: [...CHECKS, 'findings'],
  findings: [...CHECKS, 'conclude'],
  'shorter-value': ['confirm.shrink'],
  credentials: ['draft', 'redact'],
  pacing: ['context.turns', 'context.waits'],
  transport: ['context.connections', 'context.waits'],
  curl: ['findings'],
};

/** The parts of the kit, a file each with its own specs. */
function kit(): Part[] {
  const files = readdirSync(KIT, { recursive: true, encoding: 'utf8' }).sort();
  const specs = files.filter((file) => file.endsWith('.spec.ts') && !WHOLE_RUNS.includes(file));
  return (
    files
      // A table and types: nothing of it is switched within a test.
      .filter((file) => file.endsWith('.ts') && !/\.spec(?:-help)?\.ts$/.test(file) && file !== 'config.ts')
      .map((file) => {
        const name = file.slice(0, -'.ts'.length);
        const own = specs.filter((spec) => spec.startsWith(`${name}.`));
        const others = (ALSO[name] ?? []).map((other) => `${other}.spec.ts`);
        return { name, mutate: [`${KIT}/${file}`], spec: [...own, ...others].map((spec) => `${KIT}/${spec}`) };
      })
  );
}

export const parts = (): Part[] => [INPUTS, ...kit()];
