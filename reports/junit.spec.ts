import { expect } from 'chai';
import fc from 'fast-check';
import { convert } from 'xmlbuilder2';
import type { Run } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { renderJunit } from './junit.js';

const count = (xml: string, pattern: RegExp): number => [...xml.matchAll(pattern)].length;

describe('JUnit XML', () => {
  it('counts broken rules as failures, unchecked ones as errors, and adds up', () => {
    const xml = renderJunit(fixtureRun());
    expect(xml).to.include('tests="16" failures="4" errors="2" skipped="2"');
    expect([count(xml, /<testcase /g), count(xml, /<failure /g), count(xml, /<error /g), count(xml, /<skipped /g)]).to.deep.equal([16, 4, 2, 2]);
    const suites = [...xml.matchAll(/<testsuite name="[^"]*" tests="(\d+)"/g)].reduce((sum, [, tests]) => sum + Number(tests), 0);
    expect(suites, 'tests of the suites together').to.equal(16);
  });

  it('lets a warning pass, unless the run was to fail on it', () => {
    expect(renderJunit(fixtureRun())).to.match(/<testcase [^>]*response\/id-prefix[^]*?<system-out>warning: an id did not begin with cst_/);
    expect(renderJunit(fixtureRun({ failOn: 'should' }))).to.include('<failure type="warn" message="an id did not begin with cst_">');
  });

  it('stays well-formed whatever a target answers', () => {
    const withGot = (got: string): Run => fixtureRun({ findings: fixtureRun().findings.map((finding) => ({ ...finding, got, reason: got, title: got })) });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (got) => {
        const xml = renderJunit(withGot(`${got}]]>\u0000\ud800<&"`));
        // eslint-disable-next-line no-control-regex -- control characters are the subject
        expect(xml).to.not.match(/[^\u{9}\u{a}\u{d}\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
        expect(convert(xml, { format: 'object' })).to.have.property('testsuites');
      }),
      { numRuns: 40 },
    );
  });
});
