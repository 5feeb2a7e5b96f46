import { expect } from 'chai';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Root } from 'mdast';
import { hostileText } from './hostile.fixture.js';
import { code, codeBlock, codeCell, folded, prose, table } from './markdown-text.js';
import { printable } from './text.js';

const parse = (markdown: string): Root => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
const types = (node: Nodes): string[] => [node.type, ...('children' in node ? node.children.flatMap(types) : [])];
const textOf = (node: Nodes): string =>
  'value' in node ? (node.type === 'html' ? '' : node.value) : 'children' in node ? node.children.map(textOf).join('') : '';
const withoutJoiners = (text: string): string => text.replaceAll('\u2060', '');
/** Joiners are ours; one of the text is printed as an escape. */
const shown = (text: string): string => printable(text.trim());

describe('text in Markdown', () => {
  it('is text and nothing else as prose, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tree = parse(`before ${prose(text)} after`);
        expect(types(tree), prose(text)).to.deep.equal(['root', 'paragraph', 'text']);
        expect(withoutJoiners(textOf(tree))).to.equal(`before ${shown(text)} after`);
      }),
      { numRuns: 120 },
    );
  });

  it('begins no list, heading, quotation or code as prose at the start of a line', () => {
    for (const text of [
      '# a',
      '- a',
      '1. a',
      '1) a',
      '> a',
      '    a',
      '---',
      '===',
      '```',
      '<div>',
      '| a |',
      '[a]: b',
      '~~~',
      '+ a',
      '* a',
      '_ _ _',
      '$a$',
      '=',
      '1.',
    ]) {
      expect(types(parse(prose(text))), text).to.deep.equal(['root', 'paragraph', 'text']);
    }
  });

  it('mentions nobody and links nothing', () => {
    expect(prose('@octocat #12 http://h.example www.h.example a@b.example')).to.equal(
      '@\u2060octocat #\u206012 http:\u2060//h.example www.\u2060h.example a@\u2060b.example',
    );
  });

  it('is whole as code, in a line and in a block', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        if (text !== '') {
          const tree = parse(`before ${code(text)} after`);
          expect(types(tree), code(text)).to.deep.equal(['root', 'paragraph', 'text', 'inlineCode', 'text']);
          expect(textOf(tree)).to.equal(`before ${printable(text)} after`);
        }
        const block = parse(codeBlock([text, 'a', text]));
        expect(types(block)).to.deep.equal(['root', 'code']);
        expect(textOf(block)).to.equal([text, 'a', text].map(printable).join('\n'));
      }),
      { numRuns: 120 },
    );
  });

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const [node] = parse(
          table(
            ['one', 'two'],
            [
              [prose(a), codeCell(b)],
              ['x', 'y'],
            ],
          ),
        ).children;
        if (node?.type !== 'table') expect.fail('there is no table');
        const cells = node.children.map((row) => row.children.map((each) => withoutJoiners(textOf(each)).trim()));
        expect(cells).to.deep.equal([
          ['one', 'two'],
          [shown(a), printable(b).trim()],
          ['x', 'y'],
        ]);
      }),
      { numRuns: 120 },
    );
  });

  it('does not open what is folded, or end it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tree = parse(folded(text, `body ${prose(text)}`));
        expect(tree.children.map(({ type }) => type)).to.deep.equal(['html', 'paragraph', 'html']);
      }),
    );
  });
});
