import { expect } from 'chai';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Root } from 'mdast';
import { fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';
import { hostileRun } from './hostile.fixture.js';
import { renderMarkdown } from './markdown.js';

const parse = (markdown: string): Root => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
const all = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(all) : [])];

describe('the report in Markdown', () => {
  it('says first whether the target conforms', () => {
    expect(renderMarkdown(fixtureRun())).to.match(
      /^## Create Customer on http:\u2060\/\/127\.0\.0\.1:9\n\n❌ \*\*The target departs from its documentation in 3 rules\./,
    );
    expect(renderMarkdown(fixtureRun({ findings: [], exitCode: 2 }))).to.include('⚠️ **Nothing was checked.');
    const blocked = renderMarkdown(fixtureRun({ status: 'blocked', blockedBy: 'refused with 401', exitCode: 2 }));
    expect(blocked).to.include('### Nothing could be checked\n\nrefused with 401');
  });

  it('has broken rules open, in the order of what matters, and folds warnings, readings and what was skipped', () => {
    const text = renderMarkdown(fixtureRun());
    const [before = '', ...parts] = text.split('<details>');
    expect([...before.matchAll(/^### (.*)$/gm)].map(([, title]) => title)).to.deep.equal([
      'fail: `object_reference_id/unique`', 'fail: `first_name/charset`', 'flaky: `robustness/values`', 'observed: `content-type/json`', 'Could not be checked',
    ]); // prettier-ignore
    expect(parts.map((part) => /<summary>(.*)<\/summary>/.exec(part)?.[1])).to.deep.equal([
      'warn: response/id-prefix: the id begins with cst_', '2 rules the document leaves open: what was seen', '2 rules skipped, and nothing is wrong with that',
    ]); // prettier-ignore
    expect(renderMarkdown(fixtureRun({ failOn: 'should' })))
      .to.match(/^### warn: `response\/id-prefix`$/m)
      .and.not.to.include('<summary>warn');
  });

  it('shows the requests of a client that are at fault, and what it made of each answer', () => {
    const text = renderMarkdown(fixtureClientRun());
    expect(text).to.include('| 4 | <code>POST /customers</code> | <code>first_name</code> | not sent | it is not there |');
    expect(text).to.include('| fail | <code>cut-off</code> | error | exit 1 | 2 | sent the same create 9 times |');
    expect(text).to.include('1 of 4 requests was answered by the script');
    const [finding] = fixtureClientRun().findings;
    if (finding?.offences === undefined) expect.fail();
    const offences = Array.from({ length: 25 }, () => finding.offences?.[0] ?? expect.fail()).map((each) => ({ ...each, got: 'a', expected: 'b' }));
    const same = renderMarkdown(fixtureClientRun({ findings: [{ ...finding, got: 'a', expected: 'b', offences }] }));
    expect(same).to.include('| request | call | part | sent |\n').and.to.include('and 5 more requests, in report.json');
  });

  it('stays below what GitHub shows, and says what it left out', () => {
    const [finding] = fixtureRun().findings;
    if (finding === undefined) expect.fail();
    const many = fixtureRun({
      findings: Array.from({ length: 1500 }, (_, n) => ({ ...finding, ruleId: `robustness/${String(n)}`, reason: '😀'.repeat(200) })),
    });
    const text = renderMarkdown(many);
    expect(Buffer.byteLength(text)).to.be.within(900_000, 1024 * 1024);
    expect(text).to.match(/\n\n[\d,]+ more sections did not fit in here; report\.json has everything\.\n\nWhat the rules rest on/);
    for (const maxBytes of [0, 400, 700, 1000, 2000, 4000, 8000]) expect(Buffer.byteLength(renderMarkdown(fixtureRun(), { maxBytes }))).to.be.at.most(maxBytes);
    expect(renderMarkdown(fixtureRun(), { maxBytes: 100 })).to.equal('');
  });

  it('has the same headings, links and blocks whatever a target answers', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const nodes = all(parse(renderMarkdown(run)));
        expect(nodes.filter(({ type }) => type === 'link')).to.have.length(1);
        expect(
          nodes.filter(({ type }) => ['image', 'delete', 'blockquote', 'thematicBreak', 'emphasis', 'definition', 'footnoteReference'].includes(type)),
        ).to.deep.equal([]);
        const html = nodes.flatMap((node) => (node.type === 'html' ? [node.value] : []));
        for (const each of html) expect(each).to.match(/^(?:<details>\n<summary>[^<>]*<\/summary>|<\/details>|<\/?code>)$/);
        for (const node of nodes)
          if (node.type === 'table') for (const row of node.children) expect(row.children.length).to.equal(node.children[0]?.children.length);
      }),
      { numRuns: 20 },
    );
  });
});
