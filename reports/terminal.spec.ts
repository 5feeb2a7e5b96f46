import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { exchange, fixtureRun } from './fixture.js';
import { GOLDENS } from './golden.js';
import { renderTerminal } from './terminal.js';
import { length, WIDTH } from './text.js';

// eslint-disable-next-line no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;

describe('golden reports', () => {
  for (const [name, render] of Object.entries(GOLDENS)) {
    it(`${name} is what the report makes of the fixture (npm run generate writes it anew)`, () => {
      expect(render()).to.equal(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'));
    });
  }
});

describe('the terminal report', () => {
  const text = renderTerminal(fixtureRun());
  const finding = (ruleId: string) => fixtureRun().findings.find((each) => each.ruleId === ruleId) ?? expect.fail(`no finding of ${ruleId}`);

  it('comes in the order in which it matters: broken, flaky, contradicting, warned of, unchecked, held', () => {
    const places = ['fail  ', 'flaky ', 'observed content-type/json', 'warn  ', 'blocked  ', 'pass  ', 'observed  ', 'skipped  '].map((start) =>
      text.indexOf(`\n${start}`),
    );
    expect(places).to.not.include(-1);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });

  it('fits its width, but for a single word of a command to copy', () => {
    for (const width of [80, WIDTH]) {
      const wide = renderTerminal(fixtureRun(), { width, files: ['conformance-report/report.json'] })
        .split('\n')
        .filter((line) => length(line) > width && !line.includes('--data-raw') && !line.startsWith('statements'));
      expect(wide, `lines of more than ${String(width)} columns`).to.deep.equal([]);
    }
  });

  it('lets no control character of a target reach the terminal', () => {
    for (const verbose of [false, true]) expect(renderTerminal(fixtureRun(), { verbose })).to.not.match(CONTROL);
  });

  it('has colours when asked for them, and says the same', () => {
    const colored = renderTerminal(fixtureRun(), { color: true });
    expect(colored).to.include('\u001b[31m');
    // eslint-disable-next-line no-control-regex -- colours are what is taken out
    expect(colored.replace(/\u001b\[\d+m/g, '')).to.equal(text);
  });

  it('says how to see a failure again against the same target', () => {
    expect(text.replace(/ \\\n +/g, ' ')).to.include('conform run --url http://127.0.0.1:9 --merchant-id acme --rule first_name/charset --seed 7\n');
    const embedded = renderTerminal(
      fixtureRun({ target: { url: 'http://127.0.0.1:9', embedded: true, merchantId: 'm' }, budget: { name: 'smoke', maxRequests: 300 } }),
    );
    expect(embedded).to.include('conform run --rule first_name/charset --seed 7 --budget smoke\n');
  });

  it('shows readings when verbose, and else their number', () => {
    expect(text).to.not.include('plus and 9 digits');
    expect(text).to.include('2 rules the document leaves open: what the target does in 3 cases');
    expect(renderTerminal(fixtureRun(), { verbose: true })).to.include('plus and 9 digits: refused');
  });

  it('leaves a curl command that is too long, or cannot be shown as it is, to report.json', () => {
    const base = finding('first_name/charset');
    const withCurl = (curl: string): string =>
      renderTerminal(fixtureRun({ findings: [{ ...base, counterexample: { ...(base.counterexample ?? expect.fail()), curl } }] }));
    for (const curl of ['', `curl ${'x'.repeat(5000)}`, "curl -d 'a\u0007'"]) expect(withCurl(curl)).to.include('or        the curl command in report.json');
    expect(withCurl('curl http://127.0.0.1/')).to.include('or        curl http://127.0.0.1/');
  });

  it('names what went wrong on the way where there was no response', () => {
    const { response: _response, ...unanswered } = finding('first_name/charset').counterexample ?? expect.fail();
    const { failure = expect.fail() } = exchange('first_name/charset#2', '', undefined);
    const run = fixtureRun({ findings: [{ ...finding('first_name/charset'), counterexample: { ...unanswered, failure } }] });
    expect(renderTerminal(run)).to.include('got       timeout: no answer within 10 s');
  });

  it('says what the run comes to, with the exit code', () => {
    const findings = fixtureRun().findings.filter(({ verdict }) => verdict === 'pass');
    const ending = (replace: Parameters<typeof fixtureRun>[0]): string => renderTerminal(fixtureRun({ findings, exitCode: 0, ...replace }));
    expect(ending({})).to.include('Every rule that was checked holds. (exit 0)');
    expect(ending({ findings: [], exitCode: 2 }))
      .to.include('0 rules')
      .and.to.include('Nothing was checked. (exit 2)');
    expect(ending({ status: 'interrupted', exitCode: 130 })).to.include('Interrupted: what was settled until then is in the report. (exit 130)');
    expect(ending({ findings: [finding('credentials/key')], exitCode: 2 })).to.include('1 rule could not be checked; nothing else is broken. (exit 2)');
    expect(ending({ findings: [finding('response/id-prefix')] })).to.include('holds, but for 1 recommendation. (exit 0)');
    expect(ending({ findings: [finding('response/id-prefix')], failOn: 'should', exitCode: 1 })).to.include('departs from 1 recommendation. (exit 1)');
    expect(ending({ findings: [finding('content-type/json')], exitCode: 1 })).to.include('does not do what the configuration pins. (exit 1)');
  });
});
