import { expect } from 'chai';
import { documentLines, hashLine, LINE_COUNT, LINE_HASHES, linesOf, STATEMENTS, statementOf, verifyDocument } from './document.js';

describe('document', () => {
  it('numbers its statements 1, 2, 3, … in the order of the page', () => {
    expect(STATEMENTS.map(({ number }) => number)).to.deep.equal(STATEMENTS.map((_, index) => index + 1));
    const starts = STATEMENTS.map(({ lines: [from] }) => from);
    expect(starts, 'first lines of the statements').to.deep.equal([...starts].sort((a, b) => a - b));
  });

  it('has every line of the page in a statement, and no line beyond the last', () => {
    const covered = new Set(STATEMENTS.flatMap(({ lines: [from, to] }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)));
    expect([...covered].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: LINE_COUNT }, (_, index) => index + 1));
  });

  it('says something of its own in each statement, and why where none can be tested', () => {
    for (const { number, meaning, topic, testable } of STATEMENTS) {
      expect(meaning, `meaning of statement ${String(number)}`).to.match(/\S/);
      expect(topic, `topic of statement ${String(number)}`).to.match(/\S/);
      if (testable !== true) expect(testable.reason, `reason of statement ${String(number)}`).to.match(/\S/);
    }
    const keys = STATEMENTS.map(({ topic, meaning }) => `${topic}: ${meaning}`);
    expect(new Set(keys).size, 'statements that differ from each other').to.equal(keys.length);
  });

  it('ties each line to the page by a SHA-256', () => {
    for (const [index, hash] of LINE_HASHES.entries()) expect(hash, `hash of line ${String(index + 1)}`).to.match(/^[0-9a-f]{64}$/);
  });

  it('gives first and last line of statements in the order they were asked for', () => {
    expect(linesOf([3, 1])).to.deep.equal([
      [2, 2],
      [1, 1],
    ]);
    expect(linesOf([])).to.deep.equal([]);
  });

  it('refuses a number that is no statement', () => {
    for (const number of [0, STATEMENTS.length + 1, 1.5]) expect(() => statementOf(number)).to.throw(RangeError, `There is no statement ${String(number)}`);
  });
});

describe('verifyDocument', () => {
  const page = ['A title', 'An address', 'Example:-', 'one', 'Example:-', 'two'];
  const hashes = page.map(hashLine);
  const verify = (lines: readonly string[], ending = '\n'): string[] => verifyDocument(lines.join(ending), hashes);

  it('finds nothing in the same text, whatever its line endings and blanks', () => {
    expect(verify(page)).to.deep.equal([]);
    expect(verify([...page, '', ''], '\r\n')).to.deep.equal([]);
    expect(verify(page.map((line) => `  ${line.replaceAll(' ', '\u00a0 ')}\t`))).to.deep.equal([]);
  });

  it('notices a changed line', () => {
    expect(verify(page.with(3, 'One'))).to.deep.equal(['Line 4 was changed (line 4 of the copy).']);
  });

  it('notices an added line, and does not blame the lines behind it', () => {
    expect(verify(page.toSpliced(1, 0, 'New'))).to.deep.equal(['A line was added behind line 1 (line 2 of the copy).']);
    expect(verify([...page, 'New'])).to.deep.equal(['A line was added behind line 6 (line 7 of the copy).']);
    expect(verify(page.toSpliced(2, 0, ''))).to.deep.equal(['A line was added behind line 2 (line 3 of the copy).']);
  });

  it('notices a removed line', () => {
    expect(verify(page.toSpliced(1, 1))).to.deep.equal(['Line 2 was removed.']);
    expect(verify([])).to.have.length(page.length);
  });

  it('notices that another text is not the page', () => {
    expect(verifyDocument('Something else')).to.have.length(LINE_COUNT);
  });

  it('counts empty lines inside the text, and none behind it', () => {
    expect(documentLines('a\n\nb\n\n \n')).to.deep.equal(['a', '', 'b']);
  });
});
