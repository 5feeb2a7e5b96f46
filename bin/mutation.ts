/**
 * The specs, measured: the toolkit is changed in one place at a time, and a spec has to notice. Run as `npm run mutation` (three quarters
 * of an hour on two cores), or `npm run mutation -- pacing transport` for some parts, from the folder of the package. Prints what survived and a
 * table; the reports of Stryker are in `coverage/mutation`. Exits 1 where less than 85 % is noticed.
 */
import { fileURLToPath } from 'node:url';
import type { LogLevel } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { parts, type Part } from '../suites/selftest/mutation/parts.js';

/** What has to be noticed, in percent. */
const WANTED = 85;
const OUT = 'coverage/mutation';
const RUNNER = fileURLToPath(new URL('../suites/selftest/mutation/runner.mjs', import.meta.url));

interface Count {
  mutants: number;
  survivors: number;
}
const counts = new Map<string, Count>();
const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

async function measure({ name, mutate, spec }: Part): Promise<void> {
  if (spec.length === 0) throw new Error(`${name} has no spec that would notice a change: write one, or name one in parts.ts`);
  const results = await new Stryker({
    mutate: [...mutate],
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--import=tsx', `--import=${RUNNER}`],
    plugins: ['@stryker-mutator/mocha-runner', RUNNER],
    ignorers: ['prose'],
    mochaOptions: { spec: [...spec], 'no-config': true },
    coverageAnalysis: 'perTest',
    // Tables at the top of a file cannot be switched within a process: each of their mutants would take a process and all specs.
    ignoreStatic: true,
    disableTypeChecks: '{contracts,generators,suites}/**/*.ts',
    timeoutMS: 3000,
    concurrency: 2,
    ignorePatterns: ['coverage', 'dist', 'conformance-report'],
    tempDirName: `${OUT}/sandbox`,
    reporters: ['json'],
    jsonReporter: { fileName: `${OUT}/${name}.json` },
    logLevel: 'warn' as LogLevel,
  }).runMutationTest();
  for (const { fileName, status, mutatorName, location, replacement } of results) {
    const file = fileName.replaceAll('\\', '/').slice(process.cwd().length + 1);
    const missed = MISSED.includes(status);
    if (!missed && !NOTICED.includes(status)) continue;
    const count = counts.get(file) ?? { mutants: 0, survivors: 0 };
    counts.set(file, { mutants: count.mutants + 1, survivors: count.survivors + Number(missed) });
    if (missed) console.log(`${file}:${location.start.line}:${location.start.column + 1} ${mutatorName}: ${(replacement ?? '').replaceAll(/\s+/g, ' ')}`);
  }
}

const killed = ({ mutants, survivors }: Count): string => (mutants === 0 ? '' : ((100 * (mutants - survivors)) / mutants).toFixed(1));
const together = (all: readonly Count[]): Count =>
  all.reduce((sum, each) => ({ mutants: sum.mutants + each.mutants, survivors: sum.survivors + each.survivors }), { mutants: 0, survivors: 0 });
const line = (title: string, count: Count): string => `| ${title} | ${count.mutants} | ${count.survivors} | ${killed(count)} |`;

const known = parts();
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !known.some((part) => part.name === name));
if (unknown !== undefined) {
  console.error(`there is no part ${JSON.stringify(unknown)}; there are ${known.map(({ name }) => name).join(', ')}`);
  process.exit(3);
}
for (const part of known) if (wanted.length === 0 || wanted.includes(part.name)) await measure(part);

const GROUPS = ['contracts/', 'generators/', 'suites/kit/'];
const files = [...counts].sort(([one], [other]) => one.localeCompare(other));
const groups = GROUPS.map((group) => [group, together(files.filter(([file]) => file.startsWith(group)).map(([, count]) => count))] as const).filter(
  ([, { mutants }]) => mutants > 0,
);
console.log(['', '|  | mutants | survive | killed, % |', '| --- | ---: | ---: | ---: |'].join('\n'));
for (const [group, count] of groups) console.log(line(`**\`${group}\` together**`, count));
for (const [file, count] of files) console.log(line(`\`${file}\``, count));
process.exitCode = groups.every(([, count]) => Number(killed(count)) >= WANTED) ? 0 : 1;
