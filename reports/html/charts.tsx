/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/**
 * The charts, as SVG made here. Positions are percentages, so that a chart is as wide as its place and its text keeps
 * its size; colours are those of the page's two themes.
 */
import { bin } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, curveStepAfter, stack } from 'd3-shape';
import type { JSX } from 'preact';
import { VERDICTS, type Finding, type Verdict } from '../../contracts/finding.js';
import { count, plural } from '../text.js';
import { groupBy, topicOf } from '../words.js';
import type { Latency } from './observe.js';
import { hrefOf, Table, Text, VERDICT_STYLE } from './parts.js';
import { spelled } from './visible.js';

/** The order of the segments: what is wrong first, so that it begins at the same place in every bar. */
const ORDER: readonly Verdict[] = ['fail', 'flaky', 'warn', 'blocked', 'pass', 'observed', 'skipped'];

export const topicAnchor = (topic: string): string => `topic-${topic}`;

/** The anchors that the rows of the chart lead to, by topic. */
export type Anchors = ReadonlyMap<string, string>;

/** A bar for each topic: how many of its rules have which verdict. */
export function VerdictChart({ findings, anchors }: { readonly findings: readonly Finding[]; readonly anchors: Anchors }): JSX.Element {
  const rows = groupBy(findings, ({ ruleId }) => topicOf(ruleId)).map(([topic, group]) => ({
    topic,
    total: group.length,
    counts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, group.filter((finding) => finding.verdict === verdict).length])) as Record<Verdict, number>,
  }));
  const x = scaleLinear([0, Math.max(1, ...rows.map(({ total }) => total))], [0, 100]);
  const series = stack<(typeof rows)[number], Verdict>()
    .keys(ORDER)
    .value(({ counts }, verdict) => counts[verdict])(rows);
  const seen = ORDER.filter((verdict) => rows.some(({ counts }) => counts[verdict] > 0));
  return (
    <figure class="chart">
      <figcaption>
        Verdicts by topic
        <ul class="verdict-legend">
          {seen.map((verdict) => (
            <li class={VERDICT_STYLE[verdict].tone}>
              <span class="verdict-swatch" aria-hidden="true">
                {VERDICT_STYLE[verdict].sign}
              </span>
              {verdict}
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="bars">
        {rows.map(({ topic, total, counts }, index) => {
          const words = ORDER.filter((verdict) => counts[verdict] > 0).map((verdict) => `${String(counts[verdict])} ${verdict}`);
          return (
            <>
              <a class="bar-label" href={hrefOf(anchors.get(topic) ?? topicAnchor(topic))}>
                <Text text={topic} />
              </a>
              <svg class="bar-of" width="100%" height="22" role="img" aria-label={`${spelled(topic)}: ${words.join(', ')}`}>
                {series.map((segments) => {
                  const [from, to] = segments[index] ?? [0, 0];
                  if (to <= from) return null;
                  const { tone, sign } = VERDICT_STYLE[segments.key];
                  const wide = x(to) - x(from) > 6;
                  return (
                    <svg class={`segment ${tone}`} x={`${percent(x(from))}%`} width={`${percent(x(to) - x(from))}%`} height="22">
                      <title>{`${spelled(topic)}: ${String(to - from)} ${segments.key}`}</title>
                      <rect width="100%" height="22" rx="3" />
                      <text x="50%" y="15.5" text-anchor="middle">
                        {wide ? `${sign} ${String(to - from)}` : sign}
                      </text>
                    </svg>
                  );
                })}
              </svg>
              <span class="bar-total aside">{total}</span>
            </>
          );
        })}
      </div>
      <details class="as-table">
        <summary>As a table</summary>
        <Table
          caption="Verdicts by topic"
          head={['topic', ...seen, 'rules']}
          rows={rows.map(({ topic, total, counts }) => [<Text text={topic} />, ...seen.map((verdict) => String(counts[verdict])), String(total)])}
        />
      </details>
    </figure>
  );
}

/** Shares of the height of a row that the distribution, its axis and its marks have. */
const ROW_HEIGHT = 40;

/** A row for each kind of request: how its answers are distributed over time, on a scale of powers of ten. */
export function LatencyChart({ latencies }: { readonly latencies: readonly Latency[] }): JSX.Element {
  const all = latencies.flatMap(({ durations }) => [durations[0] ?? 1, durations.at(-1) ?? 1]);
  // A clock that ticks in tenths of a millisecond may say 0, which has no place on this scale.
  const [least, most] = [Math.max(0.1, Math.min(...all)), Math.max(1, ...all)];
  const x = scaleLog([least * 0.9, most * 1.1], [0, 100]).clamp(true);
  const ticks = x.ticks(4).filter((tick) => /^[125]/.test(tick.toExponential()));
  const labelled = ticks.filter((tick) => /^1/.test(tick.toExponential()));
  const edges = Array.from({ length: 49 }, (_, index) => x.invert((index * 100) / 48));
  const histogram = bin<number, number>()
    .domain([edges[0] ?? least, edges.at(-1) ?? most])
    .thresholds(edges.slice(1, -1));
  return (
    <figure class="chart">
      <figcaption>How long answers took, by kind of request (logarithmic)</figcaption>
      <div class="bars latency">
        {latencies.map(({ kind, durations, median, p95 }) => {
          const bins = histogram(durations.map((each) => Math.min(Math.max(each, least), most)));
          const y = scaleLinear([0, Math.max(1, ...bins.map(({ length }) => length))], [ROW_HEIGHT - 1, 4]);
          const steps = bins.flatMap((each) => [
            { at: x(each.x0 ?? least), many: each.length },
            { at: x(each.x1 ?? most), many: each.length },
          ]);
          const path = area<(typeof steps)[number]>()
            .x(({ at }) => at)
            .y0(ROW_HEIGHT - 1)
            .y1(({ many }) => y(many))
            .curve(curveStepAfter)
            .digits(2)(steps);
          const words = `${kind}: ${plural(durations.length, 'request')}, half within ${milliseconds(median)}, 95 % within ${milliseconds(p95)}`;
          return (
            <>
              <span class="bar-label">
                {kind} <span class="aside">{count(durations.length)}</span>
              </span>
              <svg class="distribution" width="100%" height={ROW_HEIGHT} role="img" aria-label={words}>
                <title>{words}</title>
                {labelled.map((tick) => (
                  <line class="grid" x1={`${percent(x(tick))}%`} x2={`${percent(x(tick))}%`} y1="0" y2={ROW_HEIGHT} />
                ))}
                <svg viewBox={`0 0 100 ${String(ROW_HEIGHT)}`} preserveAspectRatio="none" width="100%" height={ROW_HEIGHT}>
                  <path d={path ?? ''} />
                </svg>
                <line class="baseline" x1="0" x2="100%" y1={ROW_HEIGHT - 0.5} y2={ROW_HEIGHT - 0.5} />
                <line class="median" x1={`${percent(x(median))}%`} x2={`${percent(x(median))}%`} y1="2" y2={ROW_HEIGHT} />
              </svg>
              <span class="bar-total">{milliseconds(median)}</span>
            </>
          );
        })}
        <span class="bar-label aside">milliseconds</span>
        <svg class="axis" width="100%" height="18" aria-hidden="true">
          {labelled.map((tick) => (
            <text x={`${percent(x(tick))}%`} y="13" text-anchor={x(tick) < 3 ? 'start' : x(tick) > 97 ? 'end' : 'middle'}>
              {count(tick)}
            </text>
          ))}
        </svg>
        <span class="bar-total aside">median</span>
      </div>
      <details class="as-table">
        <summary>As a table</summary>
        <Table
          caption="How long answers took, by kind of request"
          head={['kind of request', 'requests', 'shortest', 'median', '95 % within', 'longest']}
          rows={latencies.map(({ kind, durations, median, p95 }) => [
            kind,
            count(durations.length),
            milliseconds(durations[0] ?? 0),
            milliseconds(median),
            milliseconds(p95),
            milliseconds(durations.at(-1) ?? 0),
          ])}
        />
      </details>
    </figure>
  );
}

const percent = (share: number): string => String(Number(share.toFixed(3)));

/** With a digit behind the point where that is most of it. */
function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} ms`;
}
