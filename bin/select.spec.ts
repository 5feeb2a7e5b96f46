import { expect } from 'chai';
import { UsageError } from './errors.js';
import { checkPatterns } from './select.js';

describe('patterns of rules', () => {
  it('are ids, or have a * in them for anything', () => {
    expect(() => checkPatterns(['*', 'first_name/charset', '*/charset', 'options.get*'], '--rule')).to.not.throw();
  });

  it('that no rule matches are refused, and what was probably meant is named', () => {
    const refused = (pattern: string): Chai.Assertion =>
      expect(() => checkPatterns(['*', pattern], '--rule'))
        .to.throw(UsageError)
        .with.property('message');
    refused('first_name/charst').that.equals('--rule: there is no rule "first_name/charst". Did you mean first_name/charset? `conform rules` lists them.');
    refused('first_name').that.equals('--rule: there is no rule "first_name". Did you mean first_name/*?');
    refused('frist_name/*').that.includes('Did you mean first_name/*?');
    refused('zzz/*').that.includes('`conform rules` lists them.');
  });
});
