import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding } from '../contracts/finding.js';
import { annotationsOf } from './annotations.js';
import { acceptedRun, fixtureRun } from './fixture.js';
import { hostileRun } from './hostile.fixture.js';

/** What GitHub's runner makes of a line: the kind, and title and text with their escapes undone. */
function read(line: string): { readonly kind: string; readonly title: string; readonly text: string } {
  const [, kind = '', title = '', text = ''] = /^::(error|warning|notice) title=([^,:]*)::([^\r\n]*)$/.exec(line) ?? expect.fail(`no command: ${line}`);
  const undone = (escaped: string, escapes: readonly string[]): string =>
    escaped.replace(/%[0-9A-F]{2}/g, (escape) => (escapes.includes(escape) ? decodeURIComponent(escape) : escape));
  return { kind, title: undone(title, ['%25', '%0D', '%0A', '%3A', '%2C']), text: undone(text, ['%25', '%0D', '%0A']) };
}

describe('annotations for GitHub', () => {
  it('are errors for what fails the run, warnings for what does not hold it up, notices for what is accepted', () => {
    expect(annotationsOf(fixtureRun()).map(read).map(({ kind, title }) => [kind, title])).to.deep.equal([
      ['error', 'object_reference_id/unique (fail)'],
      ['error', 'first_name/charset (fail)'],
      ['error', 'robustness/values (flaky)'],
      ['error', 'content-type/json (observed)'],
      ['warning', '2 rules of 1 topic could not be checked'],
      ['warning', 'response/id-prefix (warn)'],
    ]); // prettier-ignore
    expect(annotationsOf(acceptedRun()).map(read).filter(({ kind }) => kind === 'notice').map(({ title }) => title)).to.deep.equal([
      'content-type/json (observed)', 'first_name/charset (fail)',
    ]); // prettier-ignore
    expect(
      annotationsOf(fixtureRun({ failOn: 'should' }))
        .map(read)
        .find(({ title }) => title.startsWith('response/id-prefix'))?.kind,
    ).to.equal('error');
  });

  it('say what was sent, expected and got, and how to see it again', () => {
    const [, broken] = annotationsOf(fixtureRun()).map(read);
    expect(broken?.text.split('\n')).to.deep.equal([
      'a first_name with a blank in it was accepted',
      'sent: first_name = "a b"    (the same request with "acb" was accepted)',
      'expected: a refusal (400)',
      'got: 200 {"id":"cst_1","first_name":"a b",…}',
      'again: conform run --url http://127.0.0.1:9 --merchant-id acme --rule first_name/charset --seed 7',
    ]);
  });

  it('of a run that nothing came of are one', () => {
    const lines = annotationsOf(
      fixtureRun({ status: 'blocked', blockedBy: 'refused with 401', findings: fixtureRun().findings.filter(({ verdict }) => verdict === 'blocked') }),
    );
    expect(lines).to.deep.equal(['::error title=Nothing could be checked::refused with 401']);
  });

  it('are ten of a kind at most, the last of which names the others', () => {
    const [finding] = fixtureRun().findings;
    if (finding === undefined) expect.fail();
    const findings = Array.from({ length: 25 }, (_, n): Finding => ({ ...finding, ruleId: `robustness/${String(n).padStart(2, '0')}` }));
    const lines = annotationsOf(fixtureRun({ findings })).map(read);
    expect(lines).to.have.length(10);
    expect(lines.at(-1)).to.include({ title: '16 more' });
    expect(lines.at(-1)?.text)
      .to.match(/^robustness\/09 \(flaky\)\n/)
      .and.match(/\nrobustness\/24 \(flaky\)$/);
  });

  it('are one command a line whatever a target answers', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        for (const line of annotationsOf(run)) {
          expect(line).to.not.match(/[\r\n]/);
          const { title } = read(line);
          expect(title).to.match(/^(?:[\w/-]+ \((?:fail|flaky|warn|observed)\)|.* could not be checked|Nothing could be checked)$/u);
        }
      }),
      { numRuns: 40 },
    );
  });
});
