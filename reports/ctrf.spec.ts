import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { schema, type CTRFReport } from 'ctrf';
import fc from 'fast-check';
import type { Run } from '../contracts/finding.js';
import { renderCtrf } from './ctrf.js';
import { fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';
import { hostileRun } from './hostile.fixture.js';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isCtrf = ajv.compile<CTRFReport>(schema);

function ctrfOf(run: Run): CTRFReport {
  const report: unknown = JSON.parse(renderCtrf(run));
  expect(isCtrf(report), JSON.stringify(isCtrf.errors)).to.equal(true);
  return report as CTRFReport;
}

describe('CTRF', () => {
  it('keeps to its schema', () => {
    for (const run of [fixtureRun(), fixtureRun({ findings: [] }), fixtureRun({ status: 'blocked', blockedBy: 'no' }), fixtureClientRun()]) ctrfOf(run);
    expect(isCtrf({ reportFormat: 'CTRF', results: {} }), 'the schema refuses something').to.equal(false);
  });

  it('has a test for each rule: blocked is other, a warning passes, and the counts add up', () => {
    const { summary, tests } = ctrfOf(fixtureRun()).results;
    const statuses = Object.fromEntries(tests.map(({ rawStatus = '', status }) => [rawStatus, status] as const));
    expect(statuses).to.deep.equal({
      pass: 'passed',
      fail: 'failed',
      flaky: 'failed',
      warn: 'passed',
      blocked: 'other',
      skipped: 'skipped',
      observed: 'passed',
    });
    expect(summary).to.include({ tests: 16, passed: 8, failed: 4, skipped: 2, pending: 0, other: 2, duration: 3123 });
    expect(tests.find(({ name }) => name.startsWith('content-type/json'))?.status, 'contradicts a pinned reading').to.equal('failed');
    expect(ctrfOf(fixtureRun({ failOn: 'should' })).results.summary.failed).to.equal(5);
  });

  it('tells of a failure what was sent, expected and got, and of an open rule its readings', () => {
    const { tests } = ctrfOf(fixtureRun()).results;
    const broken = tests.find(({ name }) => name.startsWith('first_name/charset'));
    expect(broken?.trace).to.match(/^sent +first_name = "a b".*\nexpected +a refusal \(400\)\nwritten +statement 28/);
    expect(tests.find(({ name }) => name.startsWith('mobile_number/plus'))?.stdout).to.deep.equal([
      'country code without plus: accepted',
      'plus and 9 digits: refused',
    ]);
    expect(ctrfOf(fixtureClientRun()).results.tests.find(({ name }) => name.startsWith('first_name'))?.extra?.['offences']).to.have.length(3);
  });

  it('keeps to its schema whatever a target answers', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        for (const { name, message, trace } of ctrfOf(run).results.tests)
          // eslint-disable-next-line no-control-regex -- control characters are the subject
          expect(`${name}${message ?? ''}${trace ?? ''}`).to.not.match(/[\u0000-\u0009\u000b-\u001f\p{Surrogate}]/u);
      }),
      { numRuns: 20 },
    );
  });
});
