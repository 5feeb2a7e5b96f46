import { expect } from 'chai';
import { RULES } from '../contracts/rules/index.js';
import { length } from '../reports/text.js';
import { explainCommand } from './explain.js';
import { testIo } from './test-io.js';

describe('conform explain', () => {
  it('tells of every rule what it rests on, within the width', () => {
    for (const { id } of RULES) {
      const io = testIo();
      expect(explainCommand(id, io), id).to.equal(0);
      const { text } = io.stdout;
      expect(text.startsWith(`${id}\n`), text).to.equal(true);
      expect(text, id).to.include('\nlevel       ').and.to.include('\nwritten     ');
      expect(text, id).to.not.match(/undefined|\[object|NaN/);
      const wide = text.split('\n').filter((line) => length(line) > 100);
      expect(wide, `lines of more than 100 columns about ${id}`).to.deep.equal([]);
    }
  });

  it('shows an example of either half of a rule about input', () => {
    const io = testIo();
    explainCommand('first_name/charset', io);
    expect(io.stdout.text)
      .to.match(/good input {2}accepted\n {12}first_name = "/)
      .and.to.match(/bad input {3}refused \(invalid\)\n {12}first_name = "/);
    for (const rule of RULES) {
      if (rule.kind !== 'input') continue;
      const own = testIo();
      explainCommand(rule.id, own);
      expect(own.stdout.text, rule.id).to.match(/good input {2}.+\n {12}\S/);
      if (rule.whenViolating.outcome === 'refused') expect(own.stdout.text, rule.id).to.match(/bad input {3}refused.*\n {12}\S/);
    }
  });

  it('shows the readings of an open rule', () => {
    const io = testIo();
    explainCommand('content-type/json', io);
    expect(io.stdout.text).to.match(/readings {4}accepted: .*\n {12}refused: /);
  });

  it('has colours on a terminal that wants them', () => {
    const io = testIo({ isTTY: true });
    explainCommand('content-type/json', io);
    expect(io.stdout.text).to.include('\u001b[1m');
    const plain = testIo({ isTTY: true, environment: { NO_COLOR: '1' } });
    explainCommand('content-type/json', plain);
    expect(plain.stdout.text).to.not.include('\u001b');
  });
});
