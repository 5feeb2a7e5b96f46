/** What the checks catch, and what they would miss: the table of `npm run power`. */

export interface FaultPower {
  readonly name: string;
  readonly defect: string;
  readonly breaks: readonly string[];
  /** Why it cannot be told from outside. */
  readonly equivalent?: string;
  readonly trials: readonly {
    readonly budget: 'smoke' | 'standard' | 'deep';
    readonly seed: number;
    /** By the rule that the fault names first. */
    readonly byNamed: boolean;
    readonly caught: boolean;
    /** Requests that had been sent when the first breach was seen; null when none was. */
    readonly requestsUntilCaught: number | null;
    /** Whether the counterexample can be made no smaller; absent where it has no value to make smaller. */
    readonly minimal?: boolean;
  }[];
}

export interface Power {
  readonly budgets: readonly string[];
  readonly seeds: number;
  readonly faults: readonly FaultPower[];
  readonly variantRuns: number;
  readonly falseAlarms: readonly string[];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.round((part / whole) * 1000) / 10} %`);

function budgetRow(power: Power, budget: string): string {
  const known = power.faults.filter(({ equivalent }) => equivalent === undefined);
  const trials = known.map(({ trials: all }) => all.filter((trial) => trial.budget === budget));
  const everySeed = trials.filter((all) => all.every(({ byNamed }) => byNamed)).length;
  const anyRule = trials.filter((all) => all.every(({ caught }) => caught)).length;
  const requests = trials.flat().flatMap(({ requestsUntilCaught }) => requestsUntilCaught ?? []);
  const minimal = trials.flat().flatMap(({ minimal: each }) => each ?? []);
  return `| ${budget} | ${everySeed} of ${known.length} (${percent(everySeed, known.length)}) | ${anyRule} of ${known.length} (${percent(anyRule, known.length)}) | ${median(requests)} | ${Math.max(0, ...requests)} | ${percent(minimal.filter(Boolean).length, minimal.length)} of ${minimal.length} |`;
}

/** As Markdown: a row for each budget, the survivors with the reason, then every fault. */
export function renderPower(power: Power): string {
  const { faults, falseAlarms, variantRuns, budgets, seeds } = power;
  const survivors = faults.filter(({ trials }) => trials.some(({ byNamed }) => !byNamed));
  const mark = (fault: FaultPower, budget: string): string => {
    const trials = fault.trials.filter((trial) => trial.budget === budget);
    const named = trials.filter(({ byNamed }) => byNamed).length;
    const caught = trials.filter((trial) => trial.caught).length;
    return named === trials.length ? 'yes' : caught === 0 ? 'no' : `${named} of ${trials.length} (any rule: ${caught})`;
  };
  return `${[
    '# What the checks catch',
    '',
    `Every fault of the reference with ${seeds} seed${seeds === 1 ? '' : 's'} at each budget. Made by \`npm run power\`.`,
    '',
    '| budget | caught by the rule it names, every seed | by any rule, every seed | requests until first caught, median | worst | counterexamples that are minimal |',
    '| --- | --- | --- | --- | --- | --- |',
    ...budgets.map((budget) => budgetRow(power, budget)),
    '',
    `Legal variants: ${variantRuns} runs, ${falseAlarms.length} false alarms.`,
    ...falseAlarms.map((alarm) => `- ${alarm}`),
    '',
    '## Survivors',
    '',
    ...(survivors.length === 0
      ? ['None.']
      : survivors.map(
          (fault) =>
            `- \`${fault.name}\` (${fault.breaks[0] ?? ''}): ${fault.equivalent ?? budgets.map((budget) => `${budget} ${mark(fault, budget)}`).join(', ')}. ${fault.defect}`,
        )),
    '',
    '## Every fault',
    '',
    `| fault | rule | ${budgets.join(' | ')} |`,
    `| --- | --- |${budgets.map(() => ' --- |').join('')}`,
    ...faults.map((fault) => `| ${fault.name} | ${fault.breaks[0] ?? ''} | ${budgets.map((budget) => mark(fault, budget)).join(' | ')} |`),
  ].join('\n')}\n`;
}
