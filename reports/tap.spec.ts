import { expect } from 'chai';
import fc from 'fast-check';
import { Parser, type Result } from 'tap-parser';
import { parse } from 'yaml';
import type { Run } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';
import { hostileRun } from './hostile.fixture.js';
import { renderTap } from './tap.js';
import { printable } from './text.js';

interface Parsed {
  readonly points: readonly Result[];
  readonly bailout: string | boolean;
  /** Lines that are no TAP. */
  readonly strange: readonly string[];
  readonly ok: boolean;
}

function parsed(run: Run): Parsed {
  const points: Result[] = [];
  const strange: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (result: Result) => points.push(result));
  parser.on('extra', (line: string) => strange.push(line));
  parser.end(renderTap(run));
  return { points, strange, bailout: parser.results?.bailout ?? false, ok: parser.results?.ok ?? false };
}

describe('TAP', () => {
  it('is read by a strict parser, and fails where the run does', () => {
    const { points, strange, ok } = parsed(fixtureRun());
    expect([points.length, strange, ok]).to.deep.equal([16, [], false]);
    const green = fixtureRun({
      findings: fixtureRun().findings.filter(
        ({ verdict, expected }) => verdict === 'warn' || verdict === 'pass' || (verdict === 'observed' && expected === undefined),
      ),
    });
    expect(parsed(green)).to.include({ ok: true });
  });

  it('is not ok where a rule is broken or could not be checked; a warning is TODO, and what was left out SKIP', () => {
    const by = (verdict: string) =>
      parsed(fixtureRun()).points.filter(({ name }) => fixtureRun().findings.some((each) => each.verdict === verdict && name.startsWith(`${each.ruleId}:`)));
    for (const verdict of ['fail', 'flaky', 'blocked'])
      expect(
        by(verdict).map(({ ok }) => ok),
        verdict,
      )
        .to.include(false)
        .and.not.include(true);
    expect(by('warn').map(({ ok, todo }) => [ok, todo])).to.deep.equal([[false, 'an id did not begin with cst_']]);
    expect(by('skipped').map(({ ok, skip }) => [ok, skip])).to.deep.equal([[true, 'no GET succeeded: the target lacks it'], [true, 'it needs the credentials of a second merchant']]); // prettier-ignore
    expect(by('observed').map(({ name, ok }) => [name.split(':', 1)[0], ok])).to.deep.equal([['content-type/json', false], ['mobile_number/plus', true]]); // prettier-ignore
    expect(parsed(fixtureRun({ failOn: 'should' })).points.find(({ name }) => name.startsWith('response/id-prefix'))).to.include({ ok: false, todo: false });
  });

  it('bails out where nothing could be checked', () => {
    const { points, bailout } = parsed(fixtureRun({ status: 'blocked', blockedBy: 'refused with 401 # and more' }));
    expect([points, bailout]).to.deep.equal([[], 'refused with 401 # and more']);
  });

  it('lists the requests of a client that are at fault', () => {
    const { points } = parsed(fixtureClientRun());
    const broken = points.find(({ name }) => name.startsWith('first_name/charset')) ?? expect.fail();
    expect(broken.diag).to.have.property('requests').with.length(3);
  });

  it('has the same points whatever a target answers', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const { points, strange, bailout } = parsed(run);
        expect(strange).to.deep.equal([]);
        if (run.status === 'blocked') {
          expect(points).to.deep.equal([]);
          expect(bailout).to.not.equal(false);
          return;
        }
        expect(points.map(({ id }) => id)).to.deep.equal(run.findings.map((_, index) => index + 1));
        expect(points.filter(({ skip }) => skip !== false)).to.have.length(run.counts.skipped);
        const blocks = [...renderTap(run).matchAll(/^ {2}---\n([^]*?)\n {2}\.\.\.$/gm)].map(([, yaml = '']) => parse(yaml) as { message: string });
        for (const { message } of blocks) expect(message).to.equal(printable(run.findings[0]?.reason ?? ''));
      }),
      { numRuns: 30 },
    );
  });
});
