/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** What pages are made of: text made visible, badges, code to copy, sections, links to statements and rules. */
import type { ComponentChildren, JSX } from 'preact';
import { PAGE_URL, STATEMENTS } from '../../contracts/document.js';
import type { Finding, Verdict } from '../../contracts/finding.js';
import { count } from '../text.js';
import { isContradiction } from '../words.js';
import { pieces } from './visible.js';

/** How good something is, as a colour; a sign and a word always go with it. */
export type Tone = 'good' | 'bad' | 'warn' | 'note' | 'unknown' | 'none';

/** Colour and sign of each verdict. */
export const VERDICT_STYLE: Readonly<Record<Verdict, { readonly tone: Tone; readonly sign: string }>> = {
  pass: { tone: 'good', sign: '✓' },
  fail: { tone: 'bad', sign: '✕' },
  flaky: { tone: 'bad', sign: '≈' },
  warn: { tone: 'warn', sign: '!' },
  observed: { tone: 'note', sign: '○' },
  blocked: { tone: 'unknown', sign: '?' },
  skipped: { tone: 'none', sign: '–' },
};

/** A sign and a word on a coloured ground. The sign is not read out: the word says it. */
export function Badge({ tone, sign, children }: { readonly tone: Tone; readonly sign: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      {children}
    </span>
  );
}

export function VerdictBadge({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  return <Badge {...VERDICT_STYLE[verdict]}>{verdict}</Badge>;
}

/** The badge of a finding: an open rule that was observed to be otherwise than the configuration pins is as bad as a broken one. */
export function FindingBadge({ finding }: { readonly finding: Finding }): JSX.Element {
  return isContradiction(finding) ? (
    <Badge tone="bad" sign="✕">
      not as pinned
    </Badge>
  ) : (
    <VerdictBadge verdict={finding.verdict} />
  );
}

/** Text of somebody else's, with what is hidden in it shown as a name in a frame. With `lines`, it is broken where it has line feeds. */
export function Text({ text, lines = false }: { readonly text: string; readonly lines?: boolean }): JSX.Element {
  return (
    <>
      {pieces(text, { lines }).map((piece) =>
        'text' in piece ? (
          piece.text
        ) : (
          <span class="hidden-character" title={piece.codePoint}>
            {piece.name}
          </span>
        ),
      )}
    </>
  );
}

/** Characters of a value that are shown; a longer one is cut, and its length told. */
const VALUE_LENGTH = 300;

/** One value that was sent or received: in the fonts of code, between quotes, with what is hidden made visible; null is what was not sent. */
export function Value({
  value,
  max = VALUE_LENGTH,
  absent = 'not sent',
}: {
  readonly value: string | null;
  readonly max?: number;
  readonly absent?: string;
}): JSX.Element {
  if (value === null) return <span class="absent">{absent}</span>;
  const { shown, note } = cut(value, max);
  return (
    <span class="value">
      <bdi class="quoted">
        <Text text={shown} />
      </bdi>
      {note !== undefined && <span class="cut">{note}</span>}
    </span>
  );
}

/** Characters of a block of code that are shown: a screen or two. */
const CODE_LENGTH = 8000;

/**
 * A block of code or of a message as it was on the wire. `copy` names what its button copies and makes it appear; a block that is cut, or in which
 * something hidden is shown by name, is copied whole and as it was where the page holds it.
 */
export function Code({ text, copy, max = CODE_LENGTH }: { readonly text: string; readonly copy?: string; readonly max?: number }): JSX.Element {
  const { shown, note } = cut(text, max);
  return (
    <div class="code">
      <pre tabIndex={0}>
        <code>
          <Text text={shown} lines />
        </code>
      </pre>
      {note !== undefined && <p class="cut">{note}</p>}
      {copy !== undefined && note === undefined && (
        <button type="button" class="copy" data-copy={copy} hidden>
          Copy<span class="visually-hidden"> {copy}</span>
        </button>
      )}
    </div>
  );
}

/** The start of a text that is longer than `max` code units, and a note that says so. */
export function cut(text: string, max: number): { readonly shown: string; readonly note?: string } {
  if (text.length <= max) return { shown: text };
  // No surrogate loses its partner by the cut.
  const end = /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max;
  return { shown: text.slice(0, end), note: `… the first ${count(end)} of ${count(text.length)} characters` };
}

/** A part of the page with a heading and an anchor. */
export function Section({
  id,
  title,
  children,
  level = 2,
}: {
  readonly id: string;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  readonly level?: 2 | 3;
}): JSX.Element {
  const Heading = `h${String(level)}` as 'h2' | 'h3';
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <Heading id={`${id}-title`}>{title}</Heading>
      {children}
    </section>
  );
}

/** Names and what they stand for; rows without a value are left out. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: ComponentChildren, value: ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A table with a caption for screen readers; it scrolls by itself where it is too wide. */
export function Table({
  caption,
  head,
  rows,
}: {
  readonly caption: string;
  readonly head: readonly ComponentChildren[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th scope="col">{cell}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...rest]) => (
            <tr>
              <th scope="row">{first}</th>
              {rest.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The anchor of a rule on the page of a run; the same from run to run, so that it can be pasted. */
export const ruleAnchor = (ruleId: string): string => `rule-${ruleId}`;
/** The anchor of a statement on the page of a run. */
export const statementAnchor = (number: number): string => `statement-${String(number)}`;

/** The address of an anchor on the same page, or on another; a surrogate without a partner, which no address can have, becomes U+FFFD. */
export const hrefOf = (anchor: string, page = ''): string => `${page}#${encodeURI(Buffer.from(anchor, 'utf8').toString('utf8'))}`;

/** A link to a rule: on the same page, or on that of `report` (the address of a report.html). */
export function RuleLink({ ruleId, report = '' }: { readonly ruleId: string; readonly report?: string }): JSX.Element {
  return (
    <a class="rule-link" href={hrefOf(ruleAnchor(ruleId), report)}>
      <Text text={ruleId} />
    </a>
  );
}

/** A statement of the documentation page by number, topic and meaning; without a link to the page of the run, a link to the documentation. */
export function StatementLink({ number, local = false }: { readonly number: number; readonly local?: boolean }): JSX.Element {
  const statement = STATEMENTS[number - 1];
  return (
    <span class="statement-link">
      <a href={local ? `#${statementAnchor(number)}` : PAGE_URL} {...(local ? {} : { rel: 'noreferrer' })}>
        statement {number}
      </a>
      {statement !== undefined && `, ${statement.topic}: ${statement.meaning}`}
    </span>
  );
}
