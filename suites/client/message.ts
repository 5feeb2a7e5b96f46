/** A run of a client in a few lines, for an error that a test runner shows. */
import type { Finding, Run } from '../../contracts/finding.js';

/** Requests named for each finding. */
const SHOWN = 5;

/** What is wrong, finding by finding; the warnings too where they count. */
export function messageOf(run: Run): string {
  const counted = run.findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'blocked' || (verdict === 'warn' && run.failOn === 'should'));
  const broken = counted.filter(({ verdict }) => verdict !== 'blocked').length;
  const departs =
    broken === 0 ? 'the script was not used as it is written' : `the client departs from the documentation in ${String(broken)} rule${broken === 1 ? '' : 's'}`;
  const head = run.blockedBy ?? departs;
  return [head, ...counted.flatMap(lines)].join('\n');
}

function lines(finding: Finding): string[] {
  const { ruleId, title, offences = [], citation, expected, got } = finding;
  const where =
    citation.statement.length === 0
      ? ''
      : ` (statement ${citation.statement.join(', ')} of the page, line ${[...new Set(citation.lines.map(range))].join(', ')})`;
  const rows = offences
    .slice(0, SHOWN)
    .flatMap(({ exchange, part, value, got: what, expected: wanted }) => [
      `    request ${String(exchange.n)}  ${exchange.request.method} ${exchange.request.path}: ${exchange.note}`,
      `      ${value === null ? '' : `${part} = ${JSON.stringify(value)}: `}${what}${wanted === expected ? '' : `; expected ${wanted}`}`,
    ]);
  const more = offences.length > SHOWN ? [`    and ${String(offences.length - SHOWN)} more`] : [];
  return [
    '',
    `  ${finding.verdict}  ${ruleId}  ${title}${where}`,
    ...(rows.length > 0 ? rows : [`    ${finding.verdict === 'blocked' ? finding.reason : (got ?? finding.reason)}`]),
    ...more,
    ...(expected === undefined ? [] : [`    expected ${expected}`]),
  ];
}

function range([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}
