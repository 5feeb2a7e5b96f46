/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** The document: the page's statements in its order, each with the verdicts of the rules that cite it. */
import type { ComponentChildren, JSX } from 'preact';
import { PAGE_URL, STATEMENTS, type Statement } from '../../contracts/document.js';
import { VERDICTS, type Finding, type Run, type Verdict } from '../../contracts/finding.js';
import { plural } from '../text.js';
import { groupBy, isContradiction, topicOf } from '../words.js';
import { topicAnchor } from './charts.js';
import type { Observations } from './observe.js';
import { Badge, RuleLink, statementAnchor, Text, VERDICT_STYLE, type Tone } from './parts.js';
import { spelled } from './visible.js';
import { linesText, RuleCard } from './rule.js';

/** Worst first: a statement has the colour of the first of these that a rule of it has. */
const WORST: readonly Verdict[] = ['fail', 'flaky', 'warn', 'blocked', 'pass', 'observed', 'skipped'];

export interface DocumentProps {
  readonly run: Run;
  readonly findings: readonly Finding[];
  readonly observations?: Observations | undefined;
}

/** Where each rule is told: under the first statement that it cites, in the order of the page; undefined where it cites none. */
export function homeOf({ citation }: Pick<Finding, 'citation'>): number | undefined {
  const known = citation.statement.filter((number) => STATEMENTS[number - 1] !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

export function Document(props: DocumentProps): JSX.Element {
  return (
    <>
      <p>
        <a href={PAGE_URL} rel="noreferrer">
          The documentation page
        </a>{' '}
        states {plural(STATEMENTS.length, 'thing')}, told here in its order and in other words. Each has the colour of the worst verdict of the rules that rest
        on it, and opens to them.
      </p>
      {groupBy(STATEMENTS, ({ topic }) => topic).map(([topic, statements]) => (
        <section class="topic">
          <h3>{topic}</h3>
          <ol class="statements">
            {statements.map((statement) => (
              <StatementItem statement={statement} {...props} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function StatementItem({ statement, run, findings, observations }: DocumentProps & { readonly statement: Statement }): JSX.Element {
  const { number, meaning, testable, lines } = statement;
  const citing = findings.filter(({ citation }) => citation.statement.includes(number));
  const [own, elsewhere] = [citing.filter((finding) => homeOf(finding) === number), citing.filter((finding) => homeOf(finding) !== number)];
  const id = statementAnchor(number);
  if (citing.length === 0)
    return (
      <li class="statement none" id={id} data-plain>
        <div class="statement-head">
          <span class="number">{number}</span>
          <span class="meaning">
            {meaning}
            <span class="untestable aside">{testable === true ? 'No rule of this run is about it.' : `Cannot be tested: ${testable.reason}.`}</span>
          </span>
        </div>
      </li>
    );
  return (
    <li class={`statement ${toneOf(citing)}`} id={id}>
      <details>
        <summary>
          <span class="statement-head">
            <span class="number">{number}</span>
            <span class="meaning">{meaning}</span>
            <Tally findings={citing} />
          </span>
        </summary>
        <div class="statement-body">
          <p class="aside source">
            Statement {number}, {linesText(lines)}.{' '}
            <a href={PAGE_URL} rel="noreferrer">
              Read it there
            </a>
          </p>
          {own.map((finding) => (
            <RuleCard run={run} finding={finding} observations={observations} />
          ))}
          {elsewhere.length > 0 && (
            <>
              <p class="label">{own.length > 0 ? 'Also about it' : 'Rules about it, told with another statement'}</p>
              <ul class="elsewhere">
                {elsewhere.map(({ ruleId, verdict, level }) => (
                  <li class={VERDICT_STYLE[verdict].tone} data-verdict={verdict} data-level={level} data-topic={topicOf(ruleId)}>
                    <Badge {...VERDICT_STYLE[verdict]}>{verdict}</Badge> <RuleLink ruleId={ruleId} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </details>
    </li>
  );
}

/** How many rules have which verdict, the worst first. */
export function Tally({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  return (
    <span class="tally">
      {WORST.map((verdict) => ({ verdict, many: findings.filter((finding) => finding.verdict === verdict).length }))
        .filter(({ many }) => many > 0)
        .map(({ verdict, many }) => (
          <Badge {...VERDICT_STYLE[verdict]}>
            {many > 1 && `${String(many)} `}
            {verdict}
          </Badge>
        ))}
    </span>
  );
}

function toneOf(findings: readonly Finding[]): Tone {
  if (findings.some(isContradiction)) return 'bad';
  const worst = WORST.find((verdict) => findings.some((finding) => finding.verdict === verdict));
  return worst === undefined ? 'none' : VERDICT_STYLE[worst].tone;
}

/** Rules that cite no statement: standards, other editions, what follows from what is written. */
export function OtherRules({ run, findings, observations }: DocumentProps): JSX.Element {
  return (
    <>
      {groupBy(findings, ({ ruleId }) => topicOf(ruleId)).map(([topic, group]) => (
        <section class="topic" id={topicAnchor(topic)}>
          <h3>
            <Text text={topic} />
          </h3>
          {group.map((finding) => (
            <RuleCard run={run} finding={finding} observations={observations} />
          ))}
        </section>
      ))}
    </>
  );
}

/** What narrows the rules down; it appears where there is a script to do it. */
export function Filters({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  const topics = [...new Set(findings.map(({ ruleId }) => topicOf(ruleId)))];
  const option = (value: string, label: ComponentChildren = value): JSX.Element => <option value={value}>{label}</option>;
  return (
    <form class="filters screen-only" id="filters" role="search" aria-label="Rules" hidden>
      <div class="filter-row">
        <label class="search">
          <span class="visually-hidden">Search rules</span>
          <input type="search" name="search" placeholder="Search rules, statements, values…" autocomplete="off" spellcheck={false} />
        </label>
        <label>
          <span class="visually-hidden">Level</span>
          <select name="level">
            {option('', 'every level')}
            {(['must', 'should', 'open'] as const).map((level) => option(level))}
          </select>
        </label>
        <label>
          <span class="visually-hidden">Field or topic</span>
          <select name="topic">
            {option('', 'every field and topic')}
            {topics.map((topic) => option(topic, spelled(topic)))}
          </select>
        </label>
        <button type="reset">Show all</button>
        <output name="shown" class="aside" />
      </div>
      <fieldset>
        <legend class="visually-hidden">Verdicts</legend>
        {VERDICTS.filter((verdict) => findings.some((finding) => finding.verdict === verdict)).map((verdict) => (
          <label class={`chip ${VERDICT_STYLE[verdict].tone}`}>
            <input type="checkbox" name="verdict" value={verdict} />
            <span aria-hidden="true">{VERDICT_STYLE[verdict].sign}</span> {verdict}
          </label>
        ))}
      </fieldset>
    </form>
  );
}
