import addFormats from 'ajv-formats';
import Ajv from 'ajv-draft-04';
import { expect } from 'chai';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import type { Log, Result, Run as SarifRun } from 'sarif';
import { PAGE_URL } from '../contracts/document.js';
import type { Run } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';
import { hostileRun } from './hostile.fixture.js';
import { renderJson } from './json.js';
import { renderSarif } from './sarif.js';

const require = createRequire(import.meta.url);
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile<Log>(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object);

function sarifOf(run: Run): SarifRun {
  const log = JSON.parse(renderSarif(run)) as Log;
  expect(isSarif(log), JSON.stringify(isSarif.errors)).to.equal(true);
  return log.runs[0] ?? expect.fail('there is no run');
}
const resultOf = (run: SarifRun, ruleId: string): Result => run.results?.find((result) => result.ruleId === ruleId) ?? expect.fail(`no result of ${ruleId}`);

describe('SARIF', () => {
  it('keeps to the schema of version 2.1.0', () => {
    for (const run of [fixtureRun(), fixtureRun({ findings: [] }), fixtureRun({ status: 'blocked', blockedBy: 'no' }), fixtureClientRun()]) sarifOf(run);
    expect(isSarif({ version: '2.1.0', runs: [{}] }), 'the schema refuses something').to.equal(false);
  });

  it('has a result for what is broken and for what is not recommended, and for nothing else: each becomes an alert', () => {
    const { results = [], properties } = sarifOf(fixtureRun());
    expect(results.map(({ ruleId, level, kind }) => [ruleId, level, kind])).to.deep.equal([
      ['content-type/json', 'error', 'fail'],
      ['object_reference_id/unique', 'error', 'fail'],
      ['first_name/charset', 'error', 'fail'],
      ['response/id-prefix', 'warning', 'fail'],
      ['robustness/values', 'error', 'fail'],
    ]);
    expect(resultOf(sarifOf(fixtureRun({ failOn: 'should' })), 'response/id-prefix').level).to.equal('error');
    expect(properties?.['verdicts']).to.include({ 'credentials/form': 'pass', 'credentials/key': 'blocked', 'customers/read': 'skipped' });
  });

  it('says as notifications what could not be checked, and that a run did not come to its end', () => {
    const [invocation] = sarifOf(fixtureRun()).invocations ?? [];
    expect(invocation?.executionSuccessful).to.equal(true);
    expect(invocation?.toolExecutionNotifications?.map(({ message, associatedRule }) => [message.text, associatedRule?.id])).to.deep.equal([
      ['credentials/key could not be checked: 429 past the retries', 'credentials/key'],
      ['credentials/scheme could not be checked: 429 past the retries', 'credentials/scheme'],
    ]);
    const [blocked] = sarifOf(fixtureRun({ status: 'blocked', blockedBy: 'refused with 401', exitCode: 2 })).invocations ?? [];
    expect([blocked?.executionSuccessful, blocked?.exitCode, blocked?.toolExecutionNotifications?.[0]?.message.text]).to.deep.equal([
      false,
      2,
      'refused with 401',
    ]);
  });

  it('has rules with level, citation and the address of the page', () => {
    const { tool } = sarifOf(fixtureRun());
    const [rule] = tool.driver.rules?.filter(({ id }) => id === 'first_name/charset') ?? [];
    expect(rule).to.include({ helpUri: PAGE_URL });
    expect(rule?.defaultConfiguration).to.deep.equal({ level: 'error' });
    expect(rule?.fullDescription?.text).to.include('statement 28, first_name: letters');
    for (const result of sarifOf(fixtureRun()).results ?? []) expect(tool.driver.rules?.[result.ruleIndex ?? -1]?.id).to.equal(result.ruleId);
  });

  it('carries the exchange, its control and how to see it again', () => {
    const result = resultOf(sarifOf(fixtureRun()), 'first_name/charset');
    expect(result.webRequest).to.deep.include({ method: 'POST', target: '/customers', protocol: 'HTTP', version: '1.1' });
    expect(result.webRequest?.headers).to.include({ authorization: 'Basic ${API_KEY}' });
    expect(result.webResponse).to.include({ statusCode: 200 });
    expect(result.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => location?.message?.text)).to.deep.equal([
      'control, the safe request: answered 200', 'the counterexample was answered 200',
    ]); // prettier-ignore
    expect(result.properties).to.include({
      seed: 7,
      path: '1',
      again: 'conform run --url http://127.0.0.1:9 --merchant-id acme --rule first_name/charset --seed 7',
    });
  });

  it('places a result at its finding in report.json, and knows it again whatever was drawn', () => {
    const run = fixtureRun();
    const result = resultOf(sarifOf(run), 'first_name/charset');
    const line = result.locations?.[0]?.physicalLocation?.region?.startLine ?? 0;
    expect(renderJson(run).split('\n')[line - 1]).to.equal('      "ruleId": "first_name/charset",');
    const findings = run.findings.map((each) => ({
      ...each,
      ...(each.counterexample === undefined ? {} : { counterexample: { ...each.counterexample, value: 'c d' } }),
    }));
    const other = resultOf(
      sarifOf(fixtureRun({ findings, seed: 8, idsCreated: [], target: { ...run.target, url: 'http://127.0.0.1:10' } })),
      'first_name/charset',
    );
    expect(other.partialFingerprints).to.deep.equal(result.partialFingerprints);
    expect(resultOf(sarifOf(run), 'robustness/values').partialFingerprints).to.not.deep.equal(result.partialFingerprints);
  });

  it('has a result for each request of a client that is at fault', () => {
    const { results = [] } = sarifOf(fixtureClientRun());
    expect(results.map(({ message }) => message.text)).to.deep.equal([
      'first_name has the documented characters. Request 1  POST /customers  first_name = "a b": a blank in it; expected letters, digits and ( ) . - _.',
      'first_name has the documented characters. Request 2  POST /customers  first_name = "a\\u0000\\u202e|`<b>": NUL and 4 more in it; expected letters, digits and ( ) . - _.',
      'first_name has the documented characters. Request 4  POST /customers  no first_name: it is not there; expected letters, digits and ( ) . - _.',
    ]);
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash'])).size).to.equal(3);
  });

  it('keeps to the schema whatever a target answers, with messages that hold no link and no placeholder', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        for (const { message } of sarifOf(run).results ?? []) {
          expect(message.text)
            .to.not.match(/(?<!\{)\{\d+\}/)
            .and.not.match(/(?<!\\)\]\(/);
          // eslint-disable-next-line no-control-regex -- control characters are the subject
          expect(message.text).to.not.match(/[\u0000-\u0009\u000b-\u001f\p{Surrogate}]/u);
        }
      }),
      { numRuns: 30 },
    );
  });
});
