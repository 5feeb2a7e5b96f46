/**
 * Every legal variant, and combinations of them, with many seeds at the standard budget: any fail, flaky or warn is a false
 * alarm. Run as `npm run truth`; `npm run truth -- 5` takes 5 seeds. Exits 1 when there was one.
 */
import { combineVariants, VARIANTS } from '../contracts/reference/variants.js';
import { tryReference } from '../suites/selftest/trial.js';

const seeds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error(`the number of seeds is ${JSON.stringify(process.argv[2])}; it is a whole number from 1`);
  process.exit(3);
}

let runs = 0;
let requests = 0;
const alarms: string[] = [];
const started = performance.now();

async function look(variants: readonly string[], seed: number): Promise<void> {
  const { run, accusations } = await tryReference({ variants }, { seed, budget: 'standard' });
  runs += 1;
  requests += run.requestsSent;
  for (const { verdict, ruleId, reason } of accusations)
    alarms.push(`${variants.join(' + ') || 'the reference'}, seed ${seed}: ${verdict} ${ruleId}: ${reason}`);
}

for (let seed = 1; seed <= seeds; seed += 1) {
  const before = alarms.length;
  await look([], seed);
  for (const { name } of VARIANTS) await look([name], seed);
  // As many combinations as single variants would hide nothing that ten do not show over the seeds.
  for (let round = 0; round < 10; round += 1) await look(combineVariants(seed * 100 + round), seed);
  console.log(`seed ${seed}: ${alarms.length - before} false alarms`);
}
console.log(`${runs} runs, ${requests} requests, ${alarms.length} false alarms, ${Math.round((performance.now() - started) / 1000)} s`);
for (const alarm of alarms) console.log(`  ${alarm}`);
process.exitCode = alarms.length === 0 ? 0 : 1;
