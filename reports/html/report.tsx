/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** `report.html`: a run as one page, with the documentation's statements as its heart. */
import type { JSX } from 'preact';
import type { Atlas } from '../../contracts/atlas.js';
import { PAGE_URL } from '../../contracts/document.js';
import type { Exchange, Run } from '../../contracts/finding.js';
import { inRuleOrder } from '../order.js';
import { count, plural } from '../text.js';
import { subjectOf, topicOf } from '../words.js';
import { answerOf } from './answer.js';
import { AtlasView } from './atlas.js';
import { LatencyChart, topicAnchor, VerdictChart } from './charts.js';
import { ClientView } from './client.js';
import { Document, Filters, homeOf, OtherRules } from './document.js';
import { Overview } from './overview.js';
import { Observer, type Observations } from './observe.js';
import { page } from './page.js';
import { Code, Section, statementAnchor, Text } from './parts.js';
import { Shapes } from './shapes.js';

/** What is told with a run. */
export interface Beside {
  /** Drawn of the same target, at another time. */
  readonly atlas?: Atlas;
}

/** The run as HTML that ends in a newline. Without observations of its exchanges, the page says that there are none. */
export function renderHtml(run: Run, observations?: Observations, { atlas }: Beside = {}): string {
  const findings = inRuleOrder(run.findings);
  const others = findings.filter((finding) => homeOf(finding) === undefined);
  // Where the rules of a topic are told, for the chart to lead to.
  const anchors = new Map(
    findings.toReversed().map((finding) => {
      const home = homeOf(finding);
      return [topicOf(finding.ruleId), home === undefined ? topicAnchor(topicOf(finding.ruleId)) : statementAnchor(home)];
    }),
  );
  const { tone } = answerOf(run);
  return page({
    title: `${tone === 'good' ? '✓' : tone === 'bad' ? '✕' : '?'} ${subjectOf(run)} · conformance report`,
    tone,
    header: <Bar run={run} hasOthers={others.length > 0} hasAtlas={atlas !== undefined} />,
    body: (
      <>
        <Overview run={run} findings={findings} />
        {run.client !== undefined && (
          <Section id="client" title="The client">
            <ClientView client={run.client} />
          </Section>
        )}
        <Section id="glance" title="At a glance">
          <VerdictChart findings={findings} anchors={anchors} />
        </Section>
        <Section id="document" title="The document">
          <Filters findings={findings} />
          <Document run={run} findings={findings} observations={observations} />
        </Section>
        {others.length > 0 && (
          <Section id="others" title="Rules from elsewhere">
            <p>Standards that the API stands on, other editions of its documentation, and what follows from what is written.</p>
            <OtherRules run={run} findings={others} observations={observations} />
          </Section>
        )}
        <Answers run={run} observations={observations} />
        {atlas !== undefined && (
          <Section id="atlas" title="What it accepts">
            <p>
              An atlas of the target, drawn {atlas.started.slice(0, 16).replace('T', ' ')} UTC with {plural(atlas.requestsSent, 'request')} of its own.
            </p>
            <AtlasView atlas={atlas} level={3} />
          </Section>
        )}
        {run.idsCreated.length > 0 && !run.target.embedded && (
          <Section id="created" title="What stays behind">
            <p>
              {plural(run.idsCreated.length, 'customer')} created; the API has no way to delete them. Each object_reference_id of the run has{' '}
              <code>
                <Text text={run.runToken} />
              </code>{' '}
              in it where there is room.
            </p>
            <details>
              <summary>All of them</summary>
              <Code text={[...run.idsCreated].sort().join('\n')} copy="the ids" max={200_000} />
            </details>
          </Section>
        )}
      </>
    ),
    footer: (
      <footer class="foot aside">
        <p>
          {run.tool.name} {run.tool.version}. Statements are those of{' '}
          <a href={PAGE_URL} rel="noreferrer">
            the documentation page
          </a>
          , in other words. The API key is in none of this: <code>{'${API_KEY}'}</code> stands for it.
        </p>
      </footer>
    ),
  });
}

/** The same, with the exchanges summed up as they are read: all of them at once would be most of what a run needs to have in memory. */
export async function renderHtmlFrom(run: Run, exchanges: AsyncIterable<Exchange> | Iterable<Exchange>, beside: Beside = {}): Promise<string> {
  const observer = new Observer();
  for await (const exchange of exchanges) observer.add(exchange);
  return renderHtml(run, observer.result(), beside);
}

function Bar({ run, hasOthers, hasAtlas }: { readonly run: Run; readonly hasOthers: boolean; readonly hasAtlas: boolean }): JSX.Element {
  return (
    <nav class="bar screen-only" aria-label="Parts of the report">
      <a href="#broken">Broken</a>
      <a href="#unchecked">Not checked</a>
      {run.client !== undefined && <a href="#client">Client</a>}
      <a href="#glance">At a glance</a>
      <a href="#document">Document</a>
      {hasOthers && <a href="#others">Elsewhere</a>}
      <a href="#shapes">Answers</a>
      {hasAtlas && <a href="#atlas">Atlas</a>}
    </nav>
  );
}

function Answers({ run, observations }: { readonly run: Run; readonly observations: Observations | undefined }): JSX.Element {
  return (
    <Section id="shapes" title="What the answers look like">
      {observations === undefined ? (
        <p>The exchanges of this run were not kept with it, so there is nothing to tell of shapes and times of answers.</p>
      ) : (
        <>
          <p>
            {plural(observations.shapes.length, 'distinct shape')} in {count(observations.exchanges)} exchanges
            {run.client === undefined ? '' : ' (these answers are our own)'}: each once, with how often it came and a sample.
          </p>
          <LatencyChart latencies={observations.latencies} />
          <Shapes observations={observations} />
        </>
      )}
    </Section>
  );
}
