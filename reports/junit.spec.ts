import { expect } from 'chai';
import fc from 'fast-check';
import { convert } from 'xmlbuilder2';
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import { acceptedRun, fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';
import { hostileRun } from './hostile.fixture.js';
import { renderJunit } from './junit.js';

const XSD = { fileName: 'junit.xsd', contents: readFileSync(new URL('junit.xsd', import.meta.url), 'utf8') };

const count = (xml: string, pattern: RegExp): number => [...xml.matchAll(pattern)].length;

describe('JUnit XML', () => {
  it('counts broken rules as failures, unchecked ones as errors, and adds up', () => {
    const xml = renderJunit(fixtureRun());
    expect(xml).to.include('tests="16" failures="4" errors="2"');
    expect(
      [...xml.matchAll(/<testsuite .* skipped="(\d+)"/g)].reduce((sum, [, skipped]) => sum + Number(skipped), 0),
      'skipped of the suites',
    ).to.equal(2);
    expect([count(xml, /<testcase /g), count(xml, /<failure /g), count(xml, /<error /g), count(xml, /<skipped /g)]).to.deep.equal([16, 4, 2, 2]);
    const suites = [...xml.matchAll(/<testsuite name="[^"]*" tests="(\d+)"/g)].reduce((sum, [, tests]) => sum + Number(tests), 0);
    expect(suites, 'tests of the suites together').to.equal(16);
  });

  it('lets a warning pass, unless the run was to fail on it', () => {
    expect(renderJunit(fixtureRun())).to.match(/<testcase [^>]*response\/id-prefix[^]*?<system-out>should, warn: an id did not begin with cst_/);
    expect(renderJunit(fixtureRun({ failOn: 'should' }))).to.include('<failure type="warn" message="an id did not begin with cst_">');
  });

  it('has the reason in the message and in the text: some show only the one, some the other', () => {
    expect(renderJunit(fixtureRun())).to.include('<failure type="fail" message="both creates were accepted">both creates were accepted\nsent ');
  });

  it('is what Jenkins reads: it keeps to the schema', async () => {
    const runs = [fixtureRun(), acceptedRun(), fixtureRun({ failOn: 'should' }), fixtureRun({ findings: [] }), fixtureClientRun()];
    const xml = runs.map((run, index) => ({ fileName: `${String(index)}.xml`, contents: renderJunit(run) }));
    const refused = { fileName: 'refused.xml', contents: '<testsuites><testsuite/></testsuites>' };
    const { errors } = await validateXML({ xml: [...xml, refused], schema: [XSD] });
    expect(errors.map(({ loc, message }) => `${loc?.fileName ?? ''} ${message}`).filter((error) => !error.startsWith('refused.xml '))).to.deep.equal([]);
    expect(errors, 'the schema refuses something').to.not.deep.equal([]);
  });

  it('lets an accepted departure pass and says so, and fails a stale or expired line', () => {
    const xml = renderJunit(acceptedRun());
    expect(xml).to.match(/<testcase [^>]*first_name\/charset[^]*?<system-out>must, fail: [^]*?\naccepted +until 2026-06-30: names of partners have blanks/);
    expect(xml).to.include('<failure type="pass" message="mobile_number/length holds, and conformance.baseline.yaml lists it as broken: take its line out.">');
    expect(xml).to.include(
      'message="object_reference_id/unique was accepted until 2026-03-16 in conformance.baseline.yaml (to be repaired in spring): that is over."',
    );
  });

  it('stays well-formed whatever a target answers', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const xml = renderJunit(run);
        // eslint-disable-next-line no-control-regex -- control characters are the subject
        expect(xml).to.not.match(/[^\u{9}\u{a}\u{d}\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
        expect(convert(xml, { format: 'object' })).to.have.property('testsuites');
        expect(count(xml, /<testcase /g)).to.equal(run.findings.length);
      }),
      { numRuns: 40 },
    );
  });
});
