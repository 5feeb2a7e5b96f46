/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** One rule and what was found: closed a line, opened everything that is known of it. */
import type { JSX } from 'preact';
import { ruleById } from '../../contracts/rules/index.js';
import type { Exchange, Finding, Run } from '../../contracts/finding.js';
import { count, plural } from '../text.js';
import { acceptedText, againCommand, gotText, groupBy, isContradiction, repeatedText, replayCommand, sourceText, topicOf } from '../words.js';
import { isBroken } from './answer.js';
import { Comparison } from './comparison.js';
import { ExchangeView, RawExchange } from './exchange.js';
import type { Observations, Outcome } from './observe.js';
import { Code, cut, Facts, FindingBadge, hrefOf, ruleAnchor, StatementLink, Table, Text, Value, VERDICT_STYLE } from './parts.js';
import { ShapesOfRule } from './shapes.js';

/** Characters of an answer, or of an expectation, in a line of facts. */
const FACT_LENGTH = 600;

export interface RuleProps {
  readonly run: Run;
  readonly finding: Finding;
  /** Absent where no exchanges were kept. */
  readonly observations?: Observations | undefined;
}

/** A card that opens; what is broken is open from the start. */
export function RuleCard({ run, finding, observations }: RuleProps): JSX.Element {
  const { ruleId, level, verdict, title } = finding;
  const tone = isContradiction(finding) ? 'bad' : VERDICT_STYLE[verdict].tone;
  return (
    <details
      class={`rule ${tone}`}
      id={ruleAnchor(ruleId)}
      data-verdict={verdict}
      data-level={level}
      data-topic={topicOf(ruleId)}
      open={isBroken(run, finding)}
    >
      <summary>
        <span class="rule-head">
          <FindingBadge finding={finding} />
          <span class="rule-title">
            <Text text={title} />
          </span>
          <span class="rule-name">
            <code>
              <Text text={ruleId} />
            </code>{' '}
            <span class={`level level-${level}`}>{level}</span>
          </span>
        </span>
      </summary>
      <div class="rule-body">
        <Told finding={finding} />
        <Evidence run={run} finding={finding} />
        <Readings finding={finding} />
        <Offences finding={finding} />
        {observations !== undefined && (
          <>
            <Outcomes outcomes={observations.outcomes.get(ruleId) ?? []} />
            <ShapesOfRule rule={ruleById(ruleId)} observations={observations} />
          </>
        )}
        <Written finding={finding} />
        <p class="permalink">
          <a href={hrefOf(ruleAnchor(ruleId))}>Link to this finding</a>
        </p>
      </div>
    </details>
  );
}

/** Reason, expectation and answer in words. */
function Told({ finding }: { readonly finding: Finding }): JSX.Element {
  const { reason, expected, judged, requests } = finding;
  const got = gotText(finding);
  const accepted = acceptedText(finding);
  return (
    <>
      <p class="reason">
        <Text text={cut(reason, FACT_LENGTH).shown} />
      </p>
      <Facts
        rows={[
          ['accepted by the baseline', accepted],
          ['expected', expected === undefined ? undefined : <Text text={cut(expected, FACT_LENGTH).shown} />],
          ['got', got === undefined ? undefined : <Text text={cut(got, FACT_LENGTH).shown} />],
          [finding.rate === undefined ? 'repeated' : 'how often', repeatedText(finding)],
          ['requests', `${count(requests)} sent, judged on ${plural(judged, 'exchange')}`],
        ]}
      />
    </>
  );
}

/** The counterexample: what differs from what was accepted, what led up to it, the exchange, and how to see it again. */
function Evidence({ run, finding }: { readonly run: Run; readonly finding: Finding }): JSX.Element | null {
  const { counterexample: example, verdict } = finding;
  const wrong = verdict === 'fail' || verdict === 'flaky' || verdict === 'warn' || isContradiction(finding);
  if (example === undefined && !wrong) return null;
  return (
    <>
      {example !== undefined && (
        <>
          <h4>{example.shrunk ? 'The smallest request that shows it' : 'A request that shows it'}</h4>
          <Comparison example={example} />
          {example.before.length > 0 && <Before exchanges={example.before} />}
          <ExchangeView exchange={example} />
          {example.control !== undefined && (
            <details class="control">
              <summary>The request beside it, and its answer</summary>
              <ExchangeView exchange={example.control} />
            </details>
          )}
        </>
      )}
      <h4>See it again</h4>
      {example !== undefined && example.curl !== '' && (
        <Command text={example.curl} name="the curl command">
          An equal request, with the API key in the variable API_KEY
        </Command>
      )}
      {example !== undefined && run.client === undefined && (
        <Command text={replayCommand(finding)} name="the replay command">
          The same with an object_reference_id of its own, in the folder of this report: fixed, or still broken?
        </Command>
      )}
      <Command text={againCommand(run, finding)} name="the conform command">
        {run.client === undefined ? 'The whole rule' : 'The client'}
      </Command>
    </>
  );
}

/** Characters of a command, which is of use only where it is whole: room for the longest values that are sent. */
const COMMAND_LENGTH = 400_000;

function Command({ text, name, children }: { readonly text: string; readonly name: string; readonly children: string }): JSX.Element {
  return (
    <div class="command">
      <p class="label">{children}</p>
      <Code text={text} copy={name} max={COMMAND_LENGTH} />
    </div>
  );
}

function Before({ exchanges }: { readonly exchanges: readonly Exchange[] }): JSX.Element {
  return (
    <details class="before">
      <summary>{plural(exchanges.length, 'exchange')} led up to it</summary>
      <ExchangeList exchanges={exchanges} />
    </details>
  );
}

/** Exchanges of a list that are shown decoded; those behind them as they were on the wire, so that thousands of them do not hold a page up. */
const DECODED = 100;

function ExchangeList({ exchanges }: { readonly exchanges: readonly Exchange[] }): JSX.Element {
  return (
    <ol class="exchanges">
      {exchanges.map((exchange, index) => (
        <li>
          <details>
            <summary>
              <Line exchange={exchange} />
            </summary>
            {index < DECODED ? <ExchangeView exchange={exchange} /> : <RawExchange exchange={exchange} />}
          </details>
        </li>
      ))}
    </ol>
  );
}

function Line({ exchange: { request, response, failure, note } }: { readonly exchange: Exchange }): JSX.Element {
  return (
    <>
      <code class="status">{response?.status ?? failure?.kind ?? 'no answer'}</code>{' '}
      <code>
        <Text text={request.method} /> <Text text={cut(request.path, 120).shown} />
      </code>{' '}
      <span class="aside">
        <Text text={cut(note, 160).shown} />
      </span>
    </>
  );
}

/** Of an open rule: the reading of each case, those of the same reading together. */
function Readings({ finding: { ruleId, reading } }: { readonly finding: Finding }): JSX.Element | null {
  if (reading === undefined || Object.keys(reading).length === 0) return null;
  const rule = ruleById(ruleId);
  const means = new Map(rule?.level === 'open' ? rule.readings.map((each) => [each.id, each.means]) : []);
  const cases = Object.entries(reading).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <Table
      caption="What the target does, case by case"
      head={['reading', 'cases']}
      rows={groupBy(cases, ([, taken]) => taken).map(([taken, group]) => [
        <>
          <strong>
            <Text text={taken} />
          </strong>
          {means.has(taken) && <span class="means aside">{means.get(taken)}</span>}
        </>,
        <ul class="cases">
          {group.map(([name]) => (
            <li>
              <Text text={name} />
            </li>
          ))}
        </ul>,
      ])}
    />
  );
}

/** Of a client: every request that departs from the rule. */
function Offences({ finding: { offences = [] } }: { readonly finding: Finding }): JSX.Element | null {
  if (offences.length === 0) return null;
  return (
    <>
      <h4>{plural(offences.length, 'request')} at fault</h4>
      <ol class="exchanges">
        {offences.map(({ exchange, part, value, expected, got }, index) => (
          <li>
            <details>
              <summary>
                <Line exchange={exchange} />
              </summary>
              <Facts
                rows={[
                  [part === '' ? 'sent' : <Text text={part} />, value === null && part === '' ? undefined : <Value value={value} />],
                  ['expected', <Text text={cut(expected, FACT_LENGTH).shown} />],
                  ['got', <Text text={cut(got, FACT_LENGTH).shown} />],
                ]}
              />
              {index < DECODED ? <ExchangeView exchange={exchange} /> : <RawExchange exchange={exchange} />}
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}

/** How the requests of the rule ended, whatever its verdict: what a pass rests on. */
function Outcomes({ outcomes }: { readonly outcomes: readonly Outcome[] }): JSX.Element | null {
  if (outcomes.length === 0) return null;
  return (
    <p class="outcomes">
      <span class="label">Its requests </span>
      {groupBy(outcomes, ({ purpose }) => purpose).map(([purpose, group], index) => (
        <>
          {index > 0 && '; '}
          <Text text={purpose} />: {group.map(({ answer, count: times }) => `${answer} × ${count(times)}`).join(', ')}
        </>
      ))}
    </p>
  );
}

/** Where the rule is written. */
function Written({ finding: { citation } }: { readonly finding: Finding }): JSX.Element {
  const { source, statement, lines, note } = citation;
  const others = source.filter((name) => name !== 'doc').map(sourceText);
  return (
    <div class="written">
      <p class="label">Where it is written</p>
      <ul>
        {statement.map((number, index) => (
          <li>
            <StatementLink number={number} local />
            <span class="aside"> ({linesText(lines[index])})</span>
          </li>
        ))}
        {(others.length > 0 || note !== undefined) && (
          <li>
            <Text text={others.join(', ')} />
            {note !== undefined && (
              <>
                {others.length > 0 && ': '}
                <Text text={note} />
              </>
            )}
          </li>
        )}
      </ul>
    </div>
  );
}

/** `line 12 of the page`, `lines 6 to 7 of the page`. */
export function linesText(lines: readonly [from: number, to: number] | undefined): string {
  if (lines === undefined) return 'the page';
  const [from, to] = lines;
  return from === to ? `line ${String(from)} of the page` : `lines ${String(from)} to ${String(to)} of the page`;
}
