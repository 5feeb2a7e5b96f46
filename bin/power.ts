/**
 * The power of the checks, measured: every fault of the reference and every legal variant, with several seeds. Run as
 * `npm run power`; writes `reports/power/power.json` and `power.md`.
 *
 * `npm run power -- --budget smoke --seeds 1` measures a part of it. Deep runs, with one seed, are for what survives the
 * standard budget. The whole takes more than an hour of one core, so every trial is noted in `trials.ndjson` beside the table:
 * `--resume` goes on where a measurement was broken off. Exits 1 where less is caught than is wanted: every fault at the standard
 * budget, nine of ten at the smoke budget, half of them by 40 requests; and where a legal variant is accused.
 */
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { FAULTS, type Fault } from '../contracts/reference/faults.js';
import { combineVariants, VARIANTS } from '../contracts/reference/variants.js';
import { renderPower, shortcomings, type FaultPower, type FaultTrial, type Power } from '../reports/power.js';
import type { BudgetName } from '../suites/kit/config.js';
import { isMinimal } from '../suites/selftest/minimal.js';
import { tryFault, tryReference } from '../suites/selftest/trial.js';

const { values } = parseArgs({
  options: {
    budget: { type: 'string', multiple: true, default: ['smoke', 'standard'] },
    seeds: { type: 'string', default: '5' },
    out: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
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

const folder = values.out ?? fileURLToPath(new URL('../reports/power', import.meta.url));
const log = `${folder}/trials.ndjson`;
await mkdir(folder, { recursive: true });
if (!values.resume) await rm(log, { force: true });

/** What was measured already, by what was tried. */
const known = new Map<string, unknown>(
  (await readFile(log, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line.endsWith(']'))
    .map((line) => JSON.parse(line) as [string, unknown]),
);

/** The result of a trial that an earlier measurement noted, else of one that is made and noted now. */
async function noted<T>(key: string, make: () => Promise<T>): Promise<T> {
  if (known.has(key)) return known.get(key) as T;
  const result = await make();
  await appendFile(log, `${JSON.stringify([key, result])}\n`);
  return result;
}

function measure(fault: Fault, budget: BudgetName, seed: number): Promise<FaultTrial> {
  return noted(`${fault.name}, ${budget}, seed ${seed}`, () => measureNow(fault, budget, seed));
}

async function measureNow(fault: Fault, budget: BudgetName, seed: number): Promise<FaultTrial> {
  // A run that has seen the named rule broken has shown what is measured; only one that does not accuse it in the end is made whole.
  const early = await tryFault(fault, { seed, budget, until: fault.breaks[0] });
  const trial = early.byNamed ? early : await tryFault(fault, { seed, budget });
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

/** Runs mostly wait for answers and timers; more at a time than the cores can serve would make slow answers of quick ones. */
const AT_A_TIME: Readonly<Record<BudgetName, number>> = { smoke: 12, standard: 4, deep: 2 };
const queues = Object.fromEntries(Object.entries(AT_A_TIME).map(([budget, concurrency]) => [budget, new PQueue({ concurrency })])) as Record<
  BudgetName,
  PQueue
>;
const seedsOf = Array.from({ length: seeds }, (_, index) => index + 1);

async function powerOf(fault: Fault): Promise<FaultPower> {
  const trials: FaultTrial[] = [];
  for (const budget of budgets) trials.push(...(await queues[budget].addAll(seedsOf.map((seed) => () => measure(fault, budget, seed)))));
  const survives = budgets.includes('standard') && fault.equivalent === undefined && trials.every(({ caught }) => !caught);
  if (survives) trials.push(await queues.deep.add(() => measure(fault, 'deep', 1)));
  console.log(`${trials.every(({ byNamed }) => byNamed) ? 'caught  ' : trials.some(({ caught }) => caught) ? 'in part ' : 'survives'}  ${fault.name}`);
  const { name, defect, breaks, equivalent } = fault;
  return { name, defect, breaks, ...(equivalent === undefined ? {} : { equivalent }), trials };
}

function alarmsOf(variants: readonly string[], budget: BudgetName, seed: number): Promise<string[]> {
  const what = `${variants.join(' + ') || 'the reference'}, ${budget}, seed ${seed}`;
  return noted(what, async () => {
    const { accusations } = await tryReference({ variants }, { seed, budget });
    return accusations.map(({ verdict, ruleId }) => `${what}: ${verdict} ${ruleId}`);
  });
}

const faults: FaultPower[] = [];
// So many faults are looked at together that every queue has enough to do.
const several = new PQueue({ concurrency: 8 });
faults.push(...(await several.addAll(FAULTS.map((fault) => () => powerOf(fault)))));

const legal = budgets.flatMap((budget) =>
  seedsOf.flatMap((seed) => [[], ...VARIANTS.map(({ name }) => [name]), combineVariants(seed)].map((variants) => ({ variants, budget, seed }))),
);
const falseAlarms = (await Promise.all(legal.map(({ variants, budget, seed }) => queues[budget].add(() => alarmsOf(variants, budget, seed))))).flat();
const variantRuns = legal.length;

const power: Power = { budgets, seeds, faults, variantRuns, falseAlarms };
// A line for each fault, so that a difference between two tables is a difference between faults.
const { faults: each, ...rest } = power;
const lines = each.map((fault) => JSON.stringify(fault)).join(',\n');
await writeFile(`${folder}/power.json`, `${JSON.stringify(rest).slice(0, -1)},"faults":[\n${lines}\n]}\n`);
await writeFile(`${folder}/power.md`, renderPower(power));
console.log(renderPower(power).split('\n## ')[0]);
const short = shortcomings(power);
for (const each of short) console.log(each);
process.exitCode = short.length === 0 ? 0 : 1;
