/* eslint-disable no-control-regex -- control characters are the subject */
import { expect } from 'chai';
import fc from 'fast-check';
import { PAGE_URL, STATEMENTS } from '../../contracts/document.js';
import type { Exchange, Run } from '../../contracts/finding.js';
import { fixtureClientRun } from '../client.fixture.js';
import { acceptedRun, exchange, fixtureRun } from '../fixture.js';
import { hostileRun, hostileText } from '../hostile.fixture.js';
import { observe } from './observe.js';
import { renderHtml, renderHtmlFrom } from './report.js';

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<]*")?)*)\s*(\/?)>/y;
const ATTRIBUTE = /\s+([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<]*)")?/g;
const VOID = new Set(['meta', 'link', 'input']);
const HIDDEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What is wrong with the mark-up: a tag that is none, one that closes another, an attribute that acts, an address that leads elsewhere, text that hides. */
function complaints(html: string): string[] {
  const inner = html
    .replace('<!doctype html>', '')
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<script>[^]*?<\/script>/, '');
  const found: string[] = [];
  const open: string[] = [];
  for (let at = 0; at < inner.length;) {
    const next = inner.indexOf('<', at);
    if (HIDDEN.test(inner.slice(at, next === -1 ? inner.length : next))) found.push(`hidden text: ${JSON.stringify(inner.slice(at, at + 80))}`);
    if (next === -1) break;
    TAG.lastIndex = next;
    const [whole, closes, name = '', attributes = '', closed] = TAG.exec(inner) ?? [];
    if (whole === undefined) return [...found, `no tag: ${JSON.stringify(inner.slice(next, next + 80))}`];
    for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
      if (/^(?:on|style$|src$|srcdoc$|action$|formaction$)/i.test(attribute)) found.push(`${name} has ${attribute}`);
      if (attribute === 'href' && !value.startsWith('#') && value !== PAGE_URL && !value.startsWith('data:image/svg+xml,')) found.push(`an address: ${value}`);
      if (!/^(?:id|value|data-.*)$/.test(attribute) && HIDDEN.test(value)) found.push(`hidden in ${attribute}: ${JSON.stringify(value)}`);
    }
    if (/^(?:script|style|img|iframe|object|embed|base|video|audio)$/.test(name)) found.push(`${name} came in`);
    if (closes === '/') {
      const opened = open.pop();
      if (opened !== name) return [...found, `${name} closes ${opened ?? 'nothing'}`];
    } else if (closed !== '/' && !VOID.has(name)) open.push(name);
    at = next + whole.length;
  }
  return [...found, ...open.map((name) => `${name} is not closed`)];
}

const withAnswer = (text: string): Exchange => {
  const sent = exchange('first_name/charset#9', `first_name=${encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))}`, {
    status: 200,
    headers: [[text, text]],
    body: { encoding: 'utf-8', text },
    complete: true,
  });
  return { ...sent, note: text, request: { ...sent.request, method: text, path: text, headers: [...sent.request.headers, [text, text]] } };
};

/** The run with the text in every exchange of its findings too, in ids and in what blocked it. */
const withExchanges = (run: Run, text: string): Run => ({
  ...run,
  blockedBy: text,
  idsCreated: [text],
  rules: [text],
  target: { ...run.target, url: text },
  findings: run.findings.map((finding, index) => ({
    ...finding,
    ruleId: index === 0 ? text : finding.ruleId,
    ...(finding.counterexample === undefined
      ? {}
      : { counterexample: { ...finding.counterexample, ...withAnswer(text), control: withAnswer(text), before: [withAnswer(text)] } }),
  })),
});

describe('the HTML report', () => {
  const html = renderHtml(fixtureRun());
  const textOf = (markup: string): string =>
    markup
      .replace(/<(style|script)>[^]*?<\/\1>/g, '')
      .replace(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');

  it('has no text that becomes mark-up, acts, leads elsewhere or hides, whatever was sent and answered', function () {
    this.timeout(30_000);
    fc.assert(
      fc.property(hostileRun, hostileText, (run, text) => {
        const exchanges = [withAnswer(text), withAnswer(`{"${text}":"${text}"}`), withAnswer(JSON.stringify({ [text]: [text] }))];
        expect(
          complaints(renderHtml(withExchanges(run, text), observe(exchanges)))
            .slice(0, 3)
            .join(', '),
        ).to.equal('');
      }),
      { numRuns: 25 },
    );
  });

  it('is sound mark-up for the fixtures', () => {
    for (const run of [fixtureRun(), fixtureClientRun(), acceptedRun()]) expect(complaints(renderHtml(run))).to.deep.equal([]);
  });

  it('has every statement of the document once, in its order', () => {
    const ids = [...html.matchAll(/id="statement-(\d+)"/g)].map(([, number]) => Number(number));
    expect(ids).to.deep.equal(STATEMENTS.map(({ number }) => number));
    for (const { meaning, testable } of STATEMENTS) {
      expect(textOf(html)).to.include(meaning);
      if (testable !== true) expect(textOf(html)).to.include(testable.reason);
    }
  });

  it('has every finding once, with an anchor that can be pasted', () => {
    for (const { ruleId } of fixtureRun().findings) expect(html.split(`id="rule-${ruleId}"`), ruleId).to.have.length(2);
  });

  it('has no id twice', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).to.deep.equal([...new Set(ids)]);
  });

  it('leads nowhere within the page that is not there', () => {
    const ids = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    for (const [, anchor = ''] of html.matchAll(/href="#([^"]*)"/g)) expect(ids.has(decodeURI(anchor)), anchor).to.equal(true);
  });

  const sentences: readonly (readonly [what: string, run: Run, sentence: string])[] = [
    ['broken rules', fixtureRun(), 'The target does not conform: 4 rules are broken.'],
    [
      'nothing broken',
      fixtureRun({ findings: fixtureRun().findings.filter(({ verdict }) => verdict === 'pass') }),
      'The target conforms: every rule that was checked holds.',
    ],
    [
      'a warning',
      fixtureRun({ findings: fixtureRun().findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'warn') }),
      'The target conforms: every rule that was checked holds, but for 1 recommendation.',
    ],
    [
      'what could not be checked',
      fixtureRun({ findings: fixtureRun().findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'blocked') }),
      'Nothing is broken, but for 2 rules that could not be checked.',
    ],
    ['a blocked run', fixtureRun({ status: 'blocked', blockedBy: '401' }), 'Nothing could be checked, so nothing is known of the target.'],
    ['an interrupted run', fixtureRun({ status: 'interrupted', findings: [] }), 'Interrupted before everything was checked. Nothing was broken until then.'],
    ['nothing at all', fixtureRun({ findings: [] }), 'Nothing was checked.'],
    ['a client', fixtureClientRun(), 'The client does not conform: 1 rule is broken.'],
  ];
  for (const [what, run, sentence] of sentences) {
    it(`says first of ${what}: ${sentence}`, () => expect(/<h1>([^]*?)<\/h1>/.exec(renderHtml(run))?.[1]?.replace(/<[^>]*>/g, '')).to.include(sentence));
  }

  it('says at its top that a run was blocked, and by what', () => {
    const [top = ''] = renderHtml(fixtureRun({ status: 'blocked', blockedBy: 'the control was refused with 401' })).split('id="glance"');
    expect(textOf(top)).to.include('Blocked. the control was refused with 401');
  });

  it('tells the rate of what is flaky, and the cases of what is open', () => {
    expect(textOf(html)).to.include('broken in 2 of 5 tries');
    expect(textOf(html)).to.include('plus and 9 digits');
  });

  it('has the commands that see a finding again', () => {
    const [, told = ''] = textOf(html).split('a first_name with a blank in it was accepted');
    for (const command of ["curl -sS -X POST 'http://127.0.0.1:9/customers'", 'conform replay . first_name/charset', '--rule first_name/charset --seed 7'])
      expect(told).to.include(command);
  });

  it('marks what differs within a value beside its accepted control', () => {
    expect(html).to.include('a<mark>c</mark>b').and.to.include('a<mark> </mark>b');
  });

  it('cuts a body of a megabyte, and says how long it is', () => {
    const [finding] = fixtureRun().findings;
    const large = { status: 200, headers: [], body: { encoding: 'utf-8' as const, text: '<'.repeat(1 << 20) }, complete: true };
    const counterexample = finding?.counterexample;
    if (finding === undefined || counterexample === undefined) return expect.fail('the fixture has changed');
    const text = renderHtml(fixtureRun({ findings: [{ ...finding, counterexample: { ...counterexample, response: large } }] }));
    expect(text.length).to.be.lessThan(400_000);
    expect(text).to.include('of 1,048,576 characters');
  });

  it('says so where no exchanges were kept, and else tells shapes and times', async () => {
    expect(textOf(html)).to.include('The exchanges of this run were not kept');
    const answer = { status: 200, headers: [], body: { encoding: 'utf-8' as const, text: '{"id":"cst_1"}' }, complete: true };
    const told = textOf(await renderHtmlFrom(fixtureRun(), [exchange('first_name/charset#1', 'a=b', answer)]));
    expect(told).to.include('1 distinct shape in 1 exchanges');
    expect(told).to.include('create accepted: 1 request, half within 3.5 ms');
  });

  it('tells every request at fault of a client, and what it made of each answer', () => {
    const told = textOf(renderHtml(fixtureClientRun()));
    expect(told).to.include('3 requests at fault');
    for (const { did } of fixtureClientRun().client?.explored ?? []) expect(told).to.include(did);
  });

  it('tells what the baseline accepts apart from what is broken', () => {
    const run = acceptedRun();
    const accepted = run.findings.find((finding) => finding.accepted !== undefined);
    expect(textOf(renderHtml(run))).to.include(accepted?.accepted?.reason ?? 'a reason');
  });

  it('is the same for the same run', () => expect(renderHtml(fixtureRun())).to.equal(html));
});
