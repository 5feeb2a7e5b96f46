/**
 * What is said of a target, written out: of a fault of each kind by the rule that finds it, and of the reference by a rule of
 * each kind. It is checked in as `said.txt`: what a user reads, and what was sent to come to it, changes in plain sight only.
 */
import type { Exchange, Finding } from '../../contracts/finding.js';
import { RULES } from '../../contracts/rules/index.js';
import { ONE_FOR_EACH_RULE, tryFault, tryNarrow, type Narrow } from './narrow.js';

/** Rules of which the first fault is tried: every check, kind of answer and step of a sequence is in one of them. */
const OF_FAULTS = [
  'first_name/length',
  'mobile_number/length',
  'email_address/local-edges',
  'mobile_number/required',
  'object_reference_id/required',
  'first_name/optional',
  'names/optional-together',
  'mobile_country_code/values',
  'options.get_client_auth_token/true',
  'content-type/form',
  'credentials/form',
  'credentials/every-request',
  'response/echo-first_name',
  'token/value',
  'token/unique',
  'response/date_created',
  'privacy/key',
  'error/shape',
  'error/names-field',
  'encoding/plus-is-blank',
  'encoding/percent-once',
  'encoding/second-equals',
  'robustness/bodies',
  'object_reference_id/unique',
  'sequence/refused-stores-nothing',
  'customers/read-credential',
  'sequence/duplicate-shows-nothing',
  'customers/read-second-merchant',
];

/** Rules that the reference is asked of by themselves. */
const OF_REFERENCE = [
  'email_address/local-edges',
  'mobile_number/required',
  'mobile_country_code/values',
  'credentials/key',
  'encoding/escaped-plus',
  'robustness/paths',
  'object_reference_id/unique',
  'customers/read-credential',
  'mobile_number/plus',
  'credentials/password',
  'encoding/repeated',
  'merchant/other',
  'response/id',
];

/** Rules that wait a second or two for a customer to be readable, and what is about time or luck: not for a file that is compared. */
const WAITING = /^customers\/read$|^sequence\/(?:duplicate-changes-nothing|any-order|race|thousandth|own-request)$/;

/** Every other rule in one run: what requests that are sent for one rule show of others. */
const OF_WHOLE_RUNS = ['first-name-blank-inside-accepted', 'refused-names-next-field'];

/** What differs from run to run by its nature, by what it is: the token of the run, what the target makes up, its clock. */
function steady(text: string, { runToken }: Narrow['run']): string {
  return text
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, 'URL')
    .replaceAll(new RegExp(runToken, 'gi'), 'TOKEN')
    .replaceAll(new RegExp(runToken.slice(0, 4), 'gi'), 'TOKE')
    .replaceAll(/'[A-Za-z0-9+/=]{60,}'/g, "'BASE64'")
    .replaceAll(/\b(?:cst|tkn)_\w+/g, (id) => `${id.slice(0, 4)}…`)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+/g, 'TIME');
}

const line = (text: string): string => text.replaceAll(/[^ -~…]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function findingLines(finding: Finding): string[] {
  const { verdict, ruleId, reason, expected, got, counterexample, confirmed, rate, reading, requests, judged } = finding;
  const counts = [`${requests} requests`, `${judged} judged`, ...(confirmed === undefined ? [] : [`repeats ${confirmed.repeats} of ${confirmed.tries}`])];
  return [
    `  ${verdict} ${ruleId}: ${reason}`,
    `    ${[...counts, ...(rate === undefined ? [] : [`broken ${rate.broken} of ${rate.of}`])].join(', ')}`,
    ...(expected === undefined ? [] : [`    expected ${expected}`]),
    ...(got === undefined ? [] : [`    got ${got}`]),
    ...Object.entries(reading ?? {}).map(([name, each]) => `    reading of ${name}: ${each}`),
    ...(counterexample === undefined
      ? []
      : [
          `    ${counterexample.part} = ${JSON.stringify(counterexample.value)} beside ${JSON.stringify(counterexample.controlValue)}, ${counterexample.path}${counterexample.shrunk ? ', made small' : ''}`,
          `    control ${counterexample.control?.id ?? 'none'}, before ${(counterexample.before ?? []).map(({ id }) => id).join(' ') || 'none'}`,
          `    ${counterexample.curl}`,
        ]),
  ];
}

function exchangeLine({ id, purpose, note, response, failure }: Exchange): string {
  return `    ${id} ${purpose}, ${note}: ${response?.status ?? failure?.kind ?? 'nothing'}`;
}

function written(title: string, trial: Narrow, withExchanges = true): string {
  const sent = withExchanges ? trial.exchanges : [];
  const lines = [
    ...trial.run.findings.flatMap(findingLines),
    ...(withExchanges ? ['  sent'] : []),
    ...[...sent].sort((a, b) => (a.ruleId === b.ruleId ? a.n - b.n : a.ruleId < b.ruleId ? -1 : 1) || (a.id < b.id ? -1 : 1)).map(exchangeLine),
  ];
  return `${title}\n${lines.map((each) => line(steady(each, trial.run))).join('\n')}\n`;
}

/** The sections of the file, by their titles. */
export const SECTIONS: ReadonlyMap<string, () => Promise<string>> = new Map([
  ...OF_FAULTS.flatMap((rule): [string, () => Promise<string>][] => {
    const fault = ONE_FOR_EACH_RULE.find(({ breaks }) => breaks[0] === rule);
    if (fault === undefined) return [];
    const title = `${rule} of ${fault.name}`;
    return [[title, async () => written(title, await tryFault(fault))]];
  }),
  ...['the reference', ...OF_WHOLE_RUNS].map((name): [string, () => Promise<string>] => {
    const rules = RULES.map(({ id }) => id).filter((id) => !WAITING.test(id));
    return [
      `all rules of ${name}`,
      async () => written(`all rules of ${name}`, await tryNarrow(name === 'the reference' ? {} : { fault: name }, rules), name === 'the reference'),
    ];
  }),
  ...OF_REFERENCE.map((rule): [string, () => Promise<string>] => {
    const title = `${rule} of the reference`;
    return [title, async () => written(title, await tryNarrow({}, [rule]))];
  }),
]);

/** The whole file. */
export async function said(): Promise<string> {
  const sections: string[] = [];
  for (const make of SECTIONS.values()) sections.push(await make());
  return sections.join('\n');
}
