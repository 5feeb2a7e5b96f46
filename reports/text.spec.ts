import { expect } from 'chai';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { clip, count, duration, length, plural, printable, quoted, wrap, wrapCommand } from './text.js';

const anyText = fc.string({ unit: 'binary', maxLength: 300 });

describe('printable', () => {
  it('leaves nothing that a terminal acts on or hides', () => {
    expect(printable('\u001b[31mred\u0007\r\n\u202eabc\u200b\ud800')).to.equal('\\u001b[31mred\\u0007\\r\\n\\u202eabc\\u200b\\ud800');
    fc.assert(
      // eslint-disable-next-line no-control-regex -- control characters are the subject
      fc.property(anyText, (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u.test(printable(text))),
    );
  });

  it('leaves ordinary text, astral characters among it, as it is', () => {
    expect(printable('Zoë 😀 日本 {"a":1}')).to.equal('Zoë 😀 日本 {"a":1}');
    expect(quoted('a "b"\n')).to.equal('"a \\"b\\"\\n"');
  });
});

describe('clip and wrap', () => {
  it('keep to the width, and clip says that it cut', () => {
    expect(clip('abcdef', 4)).to.equal('abc…');
    expect(clip('abcd', 4)).to.equal('abcd');
    fc.assert(fc.property(anyText, fc.integer({ min: 5, max: 80 }), (text, width) => length(clip(text, width)) <= width));
    fc.assert(fc.property(anyText, fc.integer({ min: 5, max: 80 }), (text, width) => wrap(text, width).every((line) => length(line) <= width)));
  });

  it('lose no character but the blanks at the breaks', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 5, max: 80 }), (text, width) => wrap(text, width).join('').replaceAll(' ', '') === text.replaceAll(' ', '')),
    );
  });
});

describe('wrapCommand', () => {
  it('breaks before options and keeps an option with its value', () => {
    expect(wrapCommand("curl -X POST 'http://127.0.0.1/customers' -H 'x-merchantid: m' --data-raw 'a=1&b=it'\\''s'", 44)).to.deep.equal([
      "curl -X POST 'http://127.0.0.1/customers' \\",
      "  -H 'x-merchantid: m' \\",
      "  --data-raw 'a=1&b=it'\\''s'",
    ]);
  });

  it('gives the shell the same words as the command on one line', () => {
    const words = ["'first_name=a b&x=1'", '"$HOME is quoted"', "$'a\\nb\\'c'", "'it'\\''s'", '-H', '-u', '"${API_KEY}:"', 'http://127.0.0.1:1/x'];
    const split = (command: string): string => execFileSync('bash', ['-c', `HOME=/h API_KEY=k; printf '<%s>' ${command}`], { encoding: 'utf8' });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }), fc.integer({ min: 10, max: 40 }), (parts, width) => {
        expect(split(wrapCommand(parts.join(' '), width).join('\n'))).to.equal(split(parts.join(' ')));
      }),
      { numRuns: 30 },
    );
  });
});

describe('numbers in words', () => {
  it('are written as people say them', () => {
    expect([count(2914), plural(1, 'rule'), plural(0, 'rule'), plural(2, 'reply', 'replies')]).to.deep.equal(['2,914', '1 rule', '0 rules', '2 replies']);
    expect([duration(40.4), duration(3123), duration(125_000)]).to.deep.equal(['40 ms', '3.1 s', '2 min 5 s']);
  });
});
