import { expect } from 'chai';
import { exchange, fixtureRun } from './fixture.js';
import { renderExchange, renderLine, renderProgress } from './live.js';
import { length, WIDTH } from './text.js';

describe('lines of a run that goes on', () => {
  it('name verdict, rule, title and where it is written', () => {
    const [first] = fixtureRun().findings.filter(({ ruleId }) => ruleId === 'object_reference_id/unique');
    expect(renderLine(first ?? expect.fail())).to.equal('fail     object_reference_id/unique      a second create with the same object_refer…  (statement 14)');
  });

  it('count what was settled and sent', () => {
    const progress = { requestsSent: 1200, requestsPlanned: 2900, settled: 40, rules: 150, failing: 0 };
    expect(renderProgress(progress)).to.equal('1,200 of 2,900 requests · 40 of 150 rules settled');
    expect(renderProgress({ ...progress, failing: 2, requestsPlanned: 1000 })).to.equal('1,200 of 1,200 requests · 40 of 150 rules settled · 2 failing');
  });

  it('show an exchange with both bodies, on one line each', () => {
    const { response, ...unanswered } = exchange('first_name/charset#1', 'first_name=a+b', {
      status: 200,
      headers: [],
      body: { encoding: 'utf-8', text: '{"a":\n1}' },
      complete: true,
    });
    expect(renderExchange({ ...unanswered, response: response ?? expect.fail(), note: 'blank inside' })).to.equal(
      '→ POST /customers 200 in 4 ms  first_name/charset#1 violating: blank inside\n  sent first_name=a+b\n  got  {"a":\\n1}',
    );
    expect(renderExchange(exchange('first_name/charset#2', '', undefined))).to.equal(
      '→ POST /customers timeout in 4 ms  first_name/charset#2 violating\n  got  no answer within 10 s',
    );
  });

  it('fit their width and hold no control character of a target', () => {
    const hostile = exchange('a/b#1', '\u001b[2J'.repeat(100), {
      status: 200,
      headers: [],
      body: { encoding: 'utf-8', text: '\u0007\r\n'.repeat(100) },
      complete: true,
    });
    for (const line of [...renderExchange(hostile).split('\n'), ...fixtureRun().findings.map((finding) => renderLine(finding))]) {
      expect(length(line), line).to.be.at.most(WIDTH);
      // eslint-disable-next-line no-control-regex -- control characters are the subject
      expect(line).to.not.match(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});
