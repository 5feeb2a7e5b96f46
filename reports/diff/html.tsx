/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** The comparison of two runs as one HTML page. */
import type { JSX } from 'preact';
import { SCHEMA_VERSION, type Run } from '../../contracts/finding.js';
import { CHANGES, type Change, type DiffSide, type RunDiff } from '../../contracts/run-diff.js';
import { atlasChangeText } from '../atlas/compare.js';
import { page } from '../html/page.js';
import { Facts, Section, Table, Text, VerdictBadge } from '../html/parts.js';
import { RuleCard } from '../html/rule.js';
import { count, plural } from '../text.js';
import { acceptedText, subjectOf } from '../words.js';
import { caseLines, conclusionText, KIND_MEANS, ruleGroups, sideText } from './words.js';

/** The page, whole: it loads nothing. Ends in a newline. */
export function renderDiffHtml(diff: RunDiff): string {
  const { exitCode, new: now } = diff;
  const kinds = CHANGES.filter((kind) => diff.changes.some((change) => change.kind === kind));
  return page({
    title: `What changed: ${subjectOf(now)}`,
    tone: exitCode === 0 ? 'good' : exitCode === 1 ? 'bad' : 'unknown',
    header: (
      <nav class="bar screen-only" aria-label="Parts of the comparison">
        {kinds.map((kind) => (
          <a href={`#${anchorOf(kind)}`}>
            {kind} ({count(diff.changes.filter((change) => change.kind === kind).length)})
          </a>
        ))}
      </nav>
    ),
    body: (
      <>
        <Head diff={diff} />
        {kinds.map((kind) => (
          <Kind diff={diff} kind={kind} />
        ))}
        <OneSided diff={diff} />
        <AtlasChanges diff={diff} />
      </>
    ),
  });
}

const anchorOf = (kind: string): string => kind.replaceAll(' ', '-');

const HERO = {
  0: { tone: 'good', sign: '✓', sentence: 'NEW is no worse than OLD' },
  1: { tone: 'bad', sign: '✕', sentence: 'NEW is worse than OLD' },
  2: { tone: 'unknown', sign: '?', sentence: 'It cannot be said whether NEW is worse than OLD' },
} as const;

function Head({ diff }: { readonly diff: RunDiff }): JSX.Element {
  const { old, new: now, differences, exitCode } = diff;
  const { tone, sign, sentence } = HERO[exitCode];
  return (
    <header class={`hero ${tone}`}>
      <p class="overline">
        <Text text={subjectOf(now)} /> · comparison of two runs
      </p>
      <h1>
        <span class="hero-sign" aria-hidden="true">
          {sign}
        </span>
        <span>{sentence}</span>
      </h1>
      <p>
        <Text text={conclusionText(diff)} />
      </p>
      <Facts
        rows={[
          ['OLD', <Side name={old.name} text={sideText(old)} />],
          ['NEW', <Side name={now.name} text={sideText(now)} />],
        ]}
      />
      {differences.map(({ what, old: was, new: is, means }) => (
        <p class="notice">
          <strong>{what}</strong> <Text text={`${was} → ${is}. ${means}`} />
        </p>
      ))}
    </header>
  );
}

function Side({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <>
      <code>
        <Text text={name} />
      </code>{' '}
      <Text text={text} />
    </>
  );
}

function Kind({ diff, kind }: { readonly diff: RunDiff; readonly kind: Change['kind'] }): JSX.Element {
  const of = diff.changes.filter((change) => change.kind === kind);
  const full = of.filter(({ finding, accepted }) => finding !== undefined && accepted === undefined);
  const listed = of.filter((change) => !full.includes(change));
  return (
    <Section id={anchorOf(kind)} title={`${kind}: ${plural(of.length, 'rule')}`}>
      <p>{KIND_MEANS[kind]}.</p>
      {full.map((change) => (
        <Problem side={diff.new} change={change} />
      ))}
      {listed.length > 0 && (
        <Table
          caption={kind}
          head={['rule', 'OLD', 'NEW', 'why']}
          rows={listed.map((change) => [
            <code>
              <Text text={change.ruleId} />
            </code>,
            change.old === undefined ? '' : <VerdictBadge verdict={change.old} />,
            change.new === undefined ? '' : <VerdictBadge verdict={change.new} />,
            <Why change={change} />,
          ])}
        />
      )}
    </Section>
  );
}

function Why({ change }: { readonly change: Change }): JSX.Element {
  const cases = caseLines(change);
  const texts = [
    ...(cases.length > 0 ? cases : [change.kind === 'fixed' ? (change.oldReason ?? change.reason) : change.reason]),
    acceptedText(change),
    change.note,
  ];
  return (
    <>
      {texts.map((text) =>
        text === undefined ? null : (
          <p>
            <Text text={text} />
          </p>
        ),
      )}
    </>
  );
}

/** The run as far as the card of a rule looks at it. */
function runOf({ name: _name, ...side }: DiffSide): Run {
  return { ...side, schemaVersion: SCHEMA_VERSION, findings: [], idsCreated: [], runToken: '' };
}

/** What is broken in NEW, as the report of NEW shows it, with what OLD said of it. */
function Problem({ side, change }: { readonly side: DiffSide; readonly change: Change }): JSX.Element | null {
  const { ruleId, finding, old, oldReason, note } = change;
  if (finding === undefined) return null;
  const before = old === undefined ? undefined : `${old}: ${oldReason ?? ''}`;
  return (
    <div class="changed">
      <h3>
        <code>
          <Text text={ruleId} />
        </code>
      </h3>
      {(before !== undefined || note !== undefined) && (
        <p class="aside">
          <Text text={[...(before === undefined ? [] : [`before, ${before}`]), ...(note === undefined ? [] : [note])].join('; ')} />
        </p>
      )}
      <RuleCard run={runOf(side)} finding={finding} />
    </div>
  );
}

function OneSided({ diff }: { readonly diff: RunDiff }): JSX.Element {
  return (
    <>
      {[['added', diff.added, 'NEW'] as const, ['removed', diff.removed, 'OLD'] as const].map(([which, of, has]) =>
        of.length === 0 ? null : (
          <Section id={`rules-${which}`} title={`rules ${which}: ${plural(of.length, 'rule')} that only ${has} has`}>
            {ruleGroups(of, has).map(([why, group]) => (
              <>
                <p>{why}.</p>
                <Table
                  caption={`rules ${which}`}
                  head={['rule', 'verdict']}
                  rows={group.map(({ ruleId, verdict }) => [
                    <code>
                      <Text text={ruleId} />
                    </code>,
                    <VerdictBadge verdict={verdict} />,
                  ])}
                />
              </>
            ))}
          </Section>
        ),
      )}
    </>
  );
}

function AtlasChanges({ diff: { atlas } }: { readonly diff: RunDiff }): JSX.Element | null {
  if (atlas === undefined || atlas.changes.length === 0) return null;
  return (
    <Section id="atlas" title={`atlas: what the target accepts has changed in ${plural(atlas.changes.length, 'way')}`}>
      <Table
        caption="atlas"
        head={['what', 'OLD → NEW']}
        rows={atlas.changes.map(atlasChangeText).map(({ about, change }) => [<Text text={about} />, <Text text={change} />])}
      />
    </Section>
  );
}
