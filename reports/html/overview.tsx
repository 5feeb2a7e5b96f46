/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** The first screen: does it conform, what is broken, what could not be checked, and what it was run against. */
import type { ComponentChildren, JSX } from 'preact';
import { STATEMENTS } from '../../contracts/document.js';
import { VERDICTS, type Finding, type Run, type Verdict } from '../../contracts/finding.js';
import { count, duration, plural } from '../text.js';
import { acceptedText, baselineSentences, groupBy, gotText, sentText, subjectOf } from '../words.js';
import { answerOf, isBroken } from './answer.js';
import { cut, Facts, FindingBadge, RuleLink, Section, Text, VERDICT_STYLE, VerdictBadge } from './parts.js';

/** Characters of what was sent, or came, in the line of a broken rule. */
const LINE_LENGTH = 110;
/** Rules that are named below a reason; one reason may hold back all of them. */
const NAMED = 12;

/** What is broken, the worst first. */
const BROKEN: readonly Verdict[] = ['fail', 'flaky', 'observed', 'warn'];

export function Overview({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }): JSX.Element {
  const broken = BROKEN.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict && isBroken(run, finding)));
  const warned = findings.filter((finding) => finding.verdict === 'warn' && !broken.includes(finding) && finding.accepted === undefined);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  return (
    <>
      <Hero run={run} />
      <div class="columns">
        <Section id="broken" title={`What is broken${broken.length > 0 ? ` (${String(broken.length)})` : ''}`}>
          {broken.length === 0 ? <p class="nothing">{nothingBroken(run)}</p> : <Problems findings={broken} />}
          {warned.length > 0 && (
            <>
              <h3>Recommendations that are not followed</h3>
              <Problems findings={warned} />
            </>
          )}
          {accepted.length > 0 && (
            <>
              <h3>Accepted by the baseline</h3>
              <ul class="problems">
                {accepted.map((finding) => (
                  <li>
                    <VerdictBadge verdict={finding.verdict} /> <RuleLink ruleId={finding.ruleId} />
                    <p class="aside">
                      <Text text={acceptedText(finding) ?? ''} />
                    </p>
                  </li>
                ))}
              </ul>
            </>
          )}
          {baselineSentences(run).map((sentence) => (
            <p>{sentence}</p>
          ))}
        </Section>
        <Section id="unchecked" title="What could not be checked">
          <Unchecked run={run} findings={findings} />
        </Section>
      </div>
    </>
  );
}

function Hero({ run }: { readonly run: Run }): JSX.Element {
  const { tone, sign, sentence } = answerOf(run);
  const { client, target, rules, status } = run;
  const chosen = rules.length === 1 && rules[0] === '*' ? undefined : rules.join(' ');
  return (
    <header class={`hero ${tone}`}>
      <p class="overline">Create Customer · conformance report</p>
      <h1>
        <span class="hero-sign" aria-hidden="true">
          {sign}
        </span>
        <span>{sentence}</span>
      </h1>
      {status === 'interrupted' && (
        <p class="notice">
          <strong>Interrupted.</strong> The run ended early; what was settled until then is below, and the rest could not be checked.
        </p>
      )}
      {status === 'blocked' && (
        <p class="notice">
          <strong>Blocked.</strong> <Text text={cut(run.blockedBy ?? 'no request could be judged', 800).shown} />
        </p>
      )}
      <Counts run={run} />
      <Facts
        rows={[
          [
            client === undefined ? 'target' : 'client',
            <Text text={client === undefined ? subjectOf(run).replace('Create Customer on ', '') : subjectOf(run).replace('the client ', '')} />,
          ],
          ['merchant', client === undefined ? <Text text={target.merchantId} /> : undefined],
          ['variant', client === undefined || target.variant === undefined ? undefined : <Text text={target.variant} />],
          [
            'when',
            <time dateTime={run.started}>
              {when(run.started)}, {duration(Math.max(0, Date.parse(run.ended) - Date.parse(run.started)))}
            </time>,
          ],
          ['requests', count(run.requestsSent)],
          ['seed', client === undefined ? String(run.seed) : undefined],
          ['budget', client === undefined ? `${run.budget.name} (up to ${count(run.budget.maxRequests)})` : undefined],
          ['rules', chosen === undefined ? undefined : <Text text={chosen} />],
          ['made with', `${run.tool.name} ${run.tool.version}`],
          ['exit code', String(run.exitCode)],
        ]}
      />
    </header>
  );
}

/** `17 March 2026, 14:13 UTC`. */
function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).replace(' at ', ', ')} UTC`;
}

function Counts({ run }: { readonly run: Run }): JSX.Element {
  return (
    <ul class="counts" aria-label="Rules by verdict">
      {VERDICTS.filter((verdict) => run.counts[verdict] > 0).map((verdict) => (
        <li class={VERDICT_STYLE[verdict].tone}>
          <a href="#document" data-only={verdict}>
            <span class="count-number">{count(run.counts[verdict])}</span>
            <span class="count-name">
              <span aria-hidden="true">{VERDICT_STYLE[verdict].sign} </span>
              {verdict}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function nothingBroken(run: Run): string {
  if (run.status === 'blocked') return 'Unknown: no request was accepted.';
  if (run.status === 'interrupted') return 'Nothing until the run was interrupted.';
  return run.client === undefined ? 'Nothing: every documented must that was checked holds.' : 'Nothing: every request keeps what the page asks.';
}

function Problems({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  return (
    <ul class="problems">
      {findings.map((finding) => (
        <li class={VERDICT_STYLE[finding.verdict].tone}>
          <p class="problem-title">
            <FindingBadge finding={finding} /> <Text text={finding.title} />
          </p>
          <p class="problem-line">
            <OneLine finding={finding} />
          </p>
          <RuleLink ruleId={finding.ruleId} />
        </li>
      ))}
    </ul>
  );
}

/** What was sent and what came of it, else the reason. */
function OneLine({ finding }: { readonly finding: Finding }): JSX.Element {
  const sent = sentText(finding, 40)?.split('    (', 1)[0];
  const got = gotText(finding);
  if (sent === undefined || got === undefined) return <Text text={cut(finding.reason, 2 * LINE_LENGTH).shown} />;
  return (
    <>
      <span class="aside">sent</span>{' '}
      <code>
        <Text text={cut(sent, LINE_LENGTH).shown} />
      </code>{' '}
      <span class="aside">{finding.offences === undefined ? 'got' : 'found'}</span>{' '}
      <code>
        <Text text={got.length > LINE_LENGTH ? `${cut(got, LINE_LENGTH).shown}…` : got} />
      </code>
    </>
  );
}

function Unchecked({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }): JSX.Element {
  const blocked = findings.filter(({ verdict }) => verdict === 'blocked');
  const skipped = findings.filter(({ verdict }) => verdict === 'skipped');
  const untestable = STATEMENTS.filter(({ testable }) => testable !== true).length;
  // Of a client most rules are skipped because it did not send what they are about: their number is enough.
  const few = run.client === undefined;
  return (
    <>
      {run.status === 'blocked' ? <p>All {plural(blocked.length, 'rule')}, for the reason above.</p> : <Reasons findings={blocked} />}
      {blocked.length === 0 && (
        <p class="nothing">{few ? 'Every rule that applies to the target was checked.' : 'Every rule about what the client sent was checked.'}</p>
      )}
      {skipped.length > 0 &&
        (few ? (
          <>
            <h3>Skipped, and nothing is wrong with that</h3>
            <Reasons findings={skipped} />
          </>
        ) : (
          <p class="aside">{plural(skipped.length, 'rule')} about what the client did not send.</p>
        ))}
      <p class="aside">
        {plural(untestable, 'statement')} of the page say nothing that a request could show; each says why in <a href="#document">the document</a>.
      </p>
    </>
  );
}

/** Findings that share a reason below it, so that one cause is told once. */
function Reasons({ findings }: { readonly findings: readonly Finding[] }): JSX.Element {
  const item = ({ ruleId }: Finding): ComponentChildren => (
    <li>
      <RuleLink ruleId={ruleId} />
    </li>
  );
  return (
    <ul class="reasons">
      {groupBy(findings, ({ reason }) => reason).map(([reason, group]) => (
        <li>
          <VerdictBadge verdict={group[0]?.verdict ?? 'blocked'} /> <Text text={cut(reason, 300).shown} />
          <ul class="rule-names">{group.slice(0, NAMED).map(item)}</ul>
          {group.length > NAMED && (
            <details>
              <summary>and {plural(group.length - NAMED, 'more rule')}</summary>
              <ul class="rule-names">{group.slice(NAMED).map(item)}</ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
