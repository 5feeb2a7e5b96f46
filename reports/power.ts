/** What the checks catch, and what they would miss: the table of `npm run power`. */

export interface FaultTrial {
  readonly budget: 'smoke' | 'standard' | 'deep';
  readonly seed: number;
  /** By the rule that the fault names first. */
  readonly byNamed: boolean;
  readonly caught: boolean;
  /** The place in the run of the first request that shows it; null when none does. */
  readonly requestsUntilCaught: number | null;
  /** Whether the counterexample can be made no smaller; absent where it was not shrunk, or has no value to make smaller. */
  readonly minimal?: boolean;
}

export interface FaultPower {
  readonly name: string;
  readonly defect: string;
  readonly breaks: readonly string[];
  /** Why it cannot be told from outside. */
  readonly equivalent?: string;
  readonly trials: readonly FaultTrial[];
}

export interface Power {
  readonly budgets: readonly string[];
  readonly seeds: number;
  readonly faults: readonly FaultPower[];
  readonly variantRuns: number;
  readonly falseAlarms: readonly string[];
}

/** The part of the faults that has to be caught by the rule they name, with every seed. */
const WANTED: Readonly<Record<string, number>> = { smoke: 0.9, standard: 1 };

/** Requests until a fault is first caught, the median of all that are. */
const MOST_REQUESTS = 40;

/** The middle one of some numbers, or halfway between the middle two; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.round((part / whole) * 1000) / 10} %`);
const trialsAt = ({ trials }: FaultPower, budget: string): readonly FaultTrial[] => trials.filter((trial) => trial.budget === budget);
const tellable = ({ faults }: Power): FaultPower[] => faults.filter(({ equivalent }) => equivalent === undefined);
const requestsOf = (trials: readonly FaultTrial[]): number[] => trials.flatMap(({ requestsUntilCaught }) => requestsUntilCaught ?? []);

/** How many of the faults the rule that they name catches with every seed. */
function caughtAlways(power: Power, budget: string): number {
  return tellable(power).filter((fault) => trialsAt(fault, budget).every(({ byNamed }) => byNamed)).length;
}

/** What falls short of what is wanted, a sentence each: too few faults caught, or too late, a false alarm, a counterexample that could be smaller. */
export function shortcomings(power: Power): string[] {
  const known = tellable(power);
  const wide = known.flatMap((fault) => (fault.trials.some(({ minimal }) => minimal === false) ? [fault.name] : []));
  return [
    ...power.budgets.flatMap((budget) => {
      const caught = caughtAlways(power, budget);
      const wanted = WANTED[budget] ?? 0;
      if (caught >= wanted * known.length) return [];
      return [
        `${budget}: ${caught} of ${known.length} faults are caught by the rule they name with every seed (${percent(caught, known.length)}); wanted ${wanted * 100} %`,
      ];
    }),
    ...power.budgets.flatMap((budget) => {
      const requests = median(requestsOf(known.flatMap((fault) => trialsAt(fault, budget))));
      return requests > MOST_REQUESTS
        ? [`${budget}: the median of requests until a fault is first caught is ${requests}; wanted at most ${MOST_REQUESTS}`]
        : [];
    }),
    ...power.falseAlarms.map((alarm) => `false alarm: ${alarm}`),
    ...(wide.length === 0 ? [] : [`counterexamples that could be smaller: ${wide.join(', ')}`]),
  ];
}

function budgetRow(power: Power, budget: string): string {
  const known = tellable(power);
  const trials = known.map((fault) => trialsAt(fault, budget));
  const always = caughtAlways(power, budget);
  const anyRule = trials.filter((all) => all.every(({ caught }) => caught)).length;
  const requests = requestsOf(trials.flat());
  const minimal = trials.flat().flatMap(({ minimal: each }) => each ?? []);
  return row([
    budget,
    `${always} of ${known.length} (${percent(always, known.length)})`,
    `${anyRule} of ${known.length} (${percent(anyRule, known.length)})`,
    String(median(requests)),
    String(Math.max(0, ...requests)),
    `${minimal.filter(Boolean).length} of ${minimal.length}`,
  ]);
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]): string[] => [row(head), `|${' --- |'.repeat(head.length)}`, ...rows];

/** `yes`, or by how many of the seeds, and by how many that any rule catches it. */
function mark(trials: readonly FaultTrial[]): string {
  const named = trials.filter(({ byNamed }) => byNamed).length;
  const caught = trials.filter((trial) => trial.caught).length;
  if (trials.length === 0) return '';
  return named === trials.length ? 'yes' : caught === 0 ? 'no' : `${named} of ${trials.length} seeds, by any rule ${caught}`;
}

function requestsText(trials: readonly FaultTrial[]): string {
  const requests = requestsOf(trials);
  return requests.length === 0 ? '' : `${median(requests)}, ${Math.max(...requests)}`;
}

function minimalText(trials: readonly FaultTrial[]): string {
  const known = trials.flatMap(({ minimal }) => minimal ?? []);
  return known.length === 0 ? '' : known.every(Boolean) ? 'yes' : 'no';
}

/** As Markdown: a row for each budget, what is not caught every time with the reason, then every fault. */
export function renderPower(power: Power): string {
  const { faults, falseAlarms, variantRuns, budgets, seeds } = power;
  const survivors = faults.filter(({ equivalent, trials }) => equivalent !== undefined || trials.some(({ byNamed }) => !byNamed));
  return `${[
    '# What the checks catch',
    '',
    `Every fault of the reference with ${seeds} seed${seeds === 1 ? '' : 's'} at each budget. Made by \`npm run power\`.`,
    '',
    ...table(
      [
        'budget',
        'caught by the rule it names, with every seed',
        'by any rule, with every seed',
        'requests until first caught: median',
        'worst',
        'shrunk counterexamples that are minimal',
      ],
      budgets.map((budget) => budgetRow(power, budget)),
    ),
    '',
    `Legal variants: ${variantRuns} runs, ${falseAlarms.length} false alarms.`,
    ...falseAlarms.map((alarm) => `- ${alarm}`),
    '',
    '## Not caught every time',
    '',
    ...(survivors.length === 0
      ? ['None.']
      : survivors.map(
          (fault) =>
            `- \`${fault.name}\` (${fault.breaks[0] ?? ''}): ${fault.equivalent ?? [...new Set(fault.trials.map(({ budget }) => budget))].map((budget) => `${budget} ${mark(trialsAt(fault, budget))}`).join('; ')}. ${fault.defect}`,
        )),
    '',
    '## Every fault',
    '',
    'Caught by the rule it names; requests until first caught (median, worst); the counterexample is minimal.',
    '',
    ...table(
      ['fault', 'rule', ...budgets.flatMap((budget) => [budget, 'requests']), 'minimal'],
      faults.map((fault) =>
        row([
          fault.name,
          fault.breaks[0] ?? '',
          ...budgets.flatMap((budget) => [mark(trialsAt(fault, budget)), requestsText(trialsAt(fault, budget))]),
          minimalText(fault.trials),
        ]),
      ),
    ),
  ].join('\n')}\n`;
}
