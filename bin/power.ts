/**
 * The power of the checks, measured: every fault of the reference and every legal variant, with several seeds. Run as
 * `npm run power`; writes `reports/power/power.json` and `power.md`.
 *
 * `npm run power -- --budget smoke --seeds 1` measures a part of it. Deep runs, with one seed, are for what survives the
 * standard budget. Exits 1 when a fault survives every budget that was tried without a reason, or a legal variant is accused.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAULTS, type Fault } from '../contracts/reference/faults.js';
import { combineVariants, VARIANTS } from '../contracts/reference/variants.js';
import { renderPower, type FaultPower, type Power } from '../reports/power.js';
import type { BudgetName } from '../suites/kit/config.js';
import { isMinimal } from '../suites/selftest/minimal.js';
import { tryFault, tryReference } from '../suites/selftest/trial.js';

const { values } = parseArgs({
  options: { budget: { type: 'string', multiple: true, default: ['smoke', 'standard'] }, seeds: { type: 'string', default: '5' }, out: { type: 'string' } },
});
const budgets = values.budget as BudgetName[];
const unknown = budgets.find((budget) => !['smoke', 'standard'].includes(budget));
const seeds = Number(values.seeds);
if (unknown !== undefined || !Number.isInteger(seeds) || seeds < 1) {
  console.error(
    unknown === undefined
      ? `--seeds is ${JSON.stringify(values.seeds)}; it is a whole number from 1`
      : `--budget is ${JSON.stringify(unknown)}; it is smoke or standard, or both`,
  );
  process.exit(3);
}

async function measure(fault: Fault, budget: BudgetName, seed: number): Promise<FaultPower['trials'][number]> {
  const trial = await tryFault(fault, { seed, budget });
  const finding = trial.accusations.find(({ ruleId }) => ruleId === fault.breaks[0]);
  const minimal = finding === undefined ? undefined : await isMinimal(finding, fault.name);
  return {
    budget,
    seed,
    byNamed: trial.byNamed,
    caught: trial.caught,
    requestsUntilCaught: trial.firstBreach ?? null,
    ...(minimal === undefined ? {} : { minimal }),
  };
}

const faults: FaultPower[] = [];
for (const fault of FAULTS) {
  const trials: FaultPower['trials'][number][] = [];
  for (const budget of budgets) for (let seed = 1; seed <= seeds; seed += 1) trials.push(await measure(fault, budget, seed));
  const survives = budgets.includes('standard') && fault.equivalent === undefined && trials.every(({ caught }) => !caught);
  if (survives) trials.push(await measure(fault, 'deep', 1));
  faults.push({
    name: fault.name,
    defect: fault.defect,
    breaks: fault.breaks,
    ...(fault.equivalent === undefined ? {} : { equivalent: fault.equivalent }),
    trials,
  });
  console.log(`${trials.every(({ byNamed }) => byNamed) ? 'caught  ' : trials.some(({ caught }) => caught) ? 'in part ' : 'survives'}  ${fault.name}`);
}

const falseAlarms: string[] = [];
let variantRuns = 0;
for (const budget of budgets) {
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const variants of [[], ...VARIANTS.map(({ name }) => [name]), combineVariants(seed)]) {
      const { accusations } = await tryReference({ variants }, { seed, budget });
      variantRuns += 1;
      for (const { verdict, ruleId } of accusations)
        falseAlarms.push(`${variants.join(' + ') || 'the reference'}, ${budget}, seed ${seed}: ${verdict} ${ruleId}`);
    }
  }
}

const power: Power = { budgets, seeds, faults, variantRuns, falseAlarms };
const folder = values.out ?? fileURLToPath(new URL('../reports/power', import.meta.url));
await mkdir(folder, { recursive: true });
await writeFile(`${folder}/power.json`, `${JSON.stringify(power, null, 1)}\n`);
await writeFile(`${folder}/power.md`, renderPower(power));
console.log(renderPower(power).split('\n## ')[0]);
process.exitCode = falseAlarms.length > 0 || faults.some(({ equivalent, trials }) => equivalent === undefined && trials.every(({ caught }) => !caught)) ? 1 : 0;
