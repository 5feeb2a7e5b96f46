import { expect } from 'chai';
import { FORMAT_NAMES, normalise, OPTION_TABLE, RunOptionsSchema, validate } from './options.js';
import { UsageError } from './errors.js';

const right = (values: Record<string, unknown>): unknown => validate(normalise(values), {});

describe('options', () => {
  it('are all on the command line and in the environment, but for readings', () => {
    expect(OPTION_TABLE.map(({ name }) => name)).to.have.members(Object.keys(RunOptionsSchema.properties).filter((name) => name !== 'readings'));
    for (const { flag, variable } of OPTION_TABLE)
      expect(variable).to.equal(`CONFORM_${(/^--([a-z-]+)/.exec(flag)?.[1] ?? '').replaceAll('-', '_').toUpperCase()}`);
  });

  it('may come as text, as they do on the command line', () => {
    expect(right({ seed: '7', rate: '2.5/s', format: 'json, junit', rule: 'a/b', verbose: '1', allowProduction: 'false', maxRequests: '10' })).to.deep.equal({
      seed: 7,
      rate: 2.5,
      format: ['json', 'junit'],
      rule: ['a/b'],
      verbose: true,
      allowProduction: false,
      maxRequests: 10,
    });
    expect(right({ rate: 3, rule: ['a', 'b'] })).to.deep.equal({ rate: 3, rule: ['a', 'b'] });
  });

  const refused: readonly (readonly [values: Record<string, unknown>, message: string | RegExp])[] = [
    [{ seed: 'abc' }, 'seed: got "abc", wanted a whole number from 0 to 2,147,483,647.'],
    [{ seed: '-1' }, /^seed: got "-1"/],
    [{ seed: '1e3' }, /^seed: got "1e3"/],
    [{ seed: 1.5 }, /^seed: got 1.5/],
    [{ concurrency: '0' }, 'concurrency: got 0, wanted a whole number from 1 to 256.'],
    [{ rate: '10/min' }, 'rate: got "10/min", wanted requests a second, such as 10/s.'],
    [{ rate: 0 }, /^rate: got 0/],
    [{ timeout: '' }, /^timeout: got ""/],
    [{ budget: 'standart' }, 'budget: got "standart", wanted one of smoke, standard, deep. Did you mean standard?'],
    [{ failOn: 'could' }, 'failOn: got "could", wanted one of must, should.'],
    [{ format: 'json,xml' }, `format: got "xml", wanted one of ${FORMAT_NAMES.join(', ')}.`],
    [{ format: [] }, `format: got [], wanted one or more of ${FORMAT_NAMES.join(', ')}.`],
    [{ rule: '' }, /^rule: got "", wanted the id of a rule, or a pattern\./],
    [{ verbose: 'yes' }, 'verbose: got "yes", wanted true or false.'],
    [{ readings: { 'content-type/json': 'refused' } }, /^readings: got "refused", wanted readings by rule and case, such as/],
    [{ merchantID: 'm' }, 'the options: there is no option "merchantID". Did you mean merchantId?'],
    [{ budgets: 'deep' }, 'the options: there is no option "budgets". Did you mean budget?'],
  ];
  for (const [values, message] of refused) {
    it(`${JSON.stringify(values)} is refused, and the message says what would be right`, () => {
      expect(() => right(values)).to.throw(UsageError, message);
    });
  }

  it('that hold a key by mistake are not repeated in the message', () => {
    for (const values of [{ apiKey: 'sk_live_1234567890' }, { apiKeyEnv: 1234567890 }, { secondMerchant: ['sk_live_1234567890'] }, { url: 1234567890 }]) {
      expect(() => right(values))
        .to.throw(UsageError)
        .with.property('message')
        .that.does.not.include('1234567890');
    }
  });

  it('are called as they were given', () => {
    expect(() => validate({ seed: 'x' }, { seed: 'CONFORM_SEED' })).to.throw('CONFORM_SEED: got "x"');
  });
});
