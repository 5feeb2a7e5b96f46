import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import fc from 'fast-check';
import { countVerdicts, VERDICTS, type Finding, type Run, type Verdict } from '../../contracts/finding.js';
import { CHANGES, RunDiffSchema } from '../../contracts/run-diff.js';
import { RULES } from '../../contracts/rules/index.js';
import { fixtureRun } from '../fixture.js';
import { compareRuns } from './compare.js';
import { blockedDiff, fixtureDiff, greenDiff, newRun, oldRun } from './fixture.js';

const ID = 'last_name/charset';
const finding = (verdict: Verdict, more: Partial<Finding> = {}): Finding => ({
  ruleId: ID,
  level: 'must',
  verdict,
  title: 'a sample',
  citation: { source: ['doc'], statement: [], lines: [] },
  reason: 'because',
  requests: 1,
  judged: 1,
  durationMs: 1,
  ...more,
});
const open = (reading: Record<string, string>, more: Partial<Finding> = {}): Finding => finding('observed', { level: 'open', reading, ...more });
const run = (findings: readonly Finding[], more: Partial<Run> = {}): Run => fixtureRun({ findings: [...findings], counts: countVerdicts(findings), ...more });
const compare = (old: Run, now: Run) => compareRuns({ run: old, name: 'old' }, { run: now, name: 'new' });

describe('diff: what became of a rule', () => {
  const held = finding('pass', { ruleId: 'first_name/charset' });
  const accepted = { reason: 'known' };
  const rows: readonly (readonly [old: Finding, now: Finding, kind: string | undefined, exitCode: number, more?: Partial<Run>])[] = [
    [finding('pass'), finding('pass'), undefined, 0],
    [finding('pass'), finding('fail'), 'newly broken', 1],
    [finding('pass'), finding('flaky'), 'newly broken', 1],
    [finding('blocked'), finding('fail'), 'newly broken', 1],
    [finding('skipped'), finding('fail'), 'newly broken', 1],
    [finding('pass'), finding('fail', { accepted }), 'newly broken', 0],
    [finding('fail'), finding('fail'), 'still broken', 0],
    [finding('fail'), finding('flaky'), 'still broken', 0],
    [finding('fail', { accepted }), finding('fail'), 'still broken', 0],
    [finding('fail'), finding('pass'), 'fixed', 0],
    [finding('flaky'), finding('pass'), 'fixed', 0],
    [finding('pass'), finding('blocked'), 'newly blocked', 2],
    [finding('skipped'), finding('blocked'), 'newly blocked', 2],
    // What is not looked at is not fixed.
    [finding('fail'), finding('blocked'), 'newly blocked', 2],
    [finding('fail'), finding('skipped'), 'no longer checked', 2],
    [finding('pass'), finding('skipped'), 'no longer checked', 2],
    [open({ a: 'refused' }), finding('skipped', { level: 'open' }), 'no longer checked', 0],
    [finding('blocked'), finding('blocked'), undefined, 0],
    [finding('blocked'), finding('pass'), 'no longer blocked', 0],
    [finding('skipped'), finding('pass'), 'checked again', 0],
    [finding('blocked'), finding('skipped'), undefined, 0],
    [finding('pass'), finding('warn'), 'warning new', 0],
    [finding('warn'), finding('pass'), 'warning gone', 0],
    [finding('warn'), finding('warn'), undefined, 0],
    [finding('pass'), finding('warn'), 'newly broken', 1, { failOn: 'should' }],
    [finding('warn'), finding('warn'), 'still broken', 0, { failOn: 'should' }],
    [open({ a: 'refused' }), open({ a: 'accepted' }), 'reading changed', 1],
    [open({ a: 'refused' }), open({ a: 'refused' }), undefined, 0],
    [open({ a: 'refused' }), open({ a: 'refused', b: 'accepted' }), 'cases changed', 0],
    [open({ a: 'refused', b: 'accepted' }), open({ a: 'refused' }), 'cases changed', 0],
    // A case may have the name of anything.
    [open({ a: 'refused' }), open({ a: 'refused', constructor: 'accepted' }), 'cases changed', 0],
    [open({ a: 'refused' }), finding('fail', { level: 'open', reading: { a: 'accepted / refused' } }), 'newly broken', 1],
    [open({ a: 'refused' }), open({ a: 'accepted' }, { expected: 'a: refused' }), 'newly broken', 1],
  ];
  for (const [old, now, kind, exitCode, more] of rows) {
    const text = ({ verdict, reading, accepted: mark, expected }: Finding): string =>
      `${verdict}${reading === undefined ? '' : ` ${JSON.stringify(reading)}`}${mark === undefined ? '' : ' (accepted)'}${expected === undefined ? '' : ' (pinned otherwise)'}`;
    it(`${text(old)} → ${text(now)}${more === undefined ? '' : ', failing on should'}: ${kind ?? 'no change'}, exit ${String(exitCode)}`, () => {
      const diff = compare(run([held, old]), run([held, now], more));
      expect(diff.changes.map((change) => change.kind)).to.deep.equal(kind === undefined ? [] : [kind]);
      expect(diff.exitCode, diff.because.join(' ')).to.equal(exitCode);
      expect(diff.unchanged).to.equal(kind === undefined ? 2 : 1);
    });
  }
});

describe('diff: a release gate', () => {
  const rules = [finding('pass'), finding('pass', { ruleId: 'first_name/charset' })];

  it('a NEW that checked nothing is never green', () => {
    for (const now of [
      run([]),
      run(rules.map((each) => ({ ...each, verdict: 'skipped' as const }))),
      run(
        rules.map((each) => ({ ...each, verdict: 'blocked' as const })),
        { status: 'blocked', blockedBy: '401' },
      ),
      run(rules, { status: 'interrupted' }),
    ])
      expect(compare(run(rules), now).exitCode).to.equal(2);
  });

  it('an OLD that checked nothing is nothing to compare with', () => {
    const { exitCode, because } = compare(run([]), run(rules));
    expect([exitCode, because]).to.deep.equal([2, ['OLD checked nothing, so there is nothing to compare with.']]);
  });

  it('what is broken is said before what is not known', () => {
    expect(compare(run(rules), run([finding('fail'), finding('blocked', { ruleId: 'first_name/charset' })])).exitCode).to.equal(1);
  });

  it('rules that NEW was not asked for are not known to hold; rules that its version dropped are no loss', () => {
    const [one] = rules as [Finding];
    const part = compare(run(rules), run([one], { rules: ['last_name/*'] }));
    expect([part.exitCode, part.removed]).to.deep.equal([2, [{ ruleId: 'first_name/charset', verdict: 'pass', why: 'selection' }]]);
    const later = compare(run(rules), run([one], { tool: { name: 'x', version: '9.0.0' } }));
    expect([later.exitCode, later.removed]).to.deep.equal([0, [{ ruleId: 'first_name/charset', verdict: 'pass', why: 'tool' }]]);
  });

  it('a rule that only NEW has and finds broken counts, with a note', () => {
    const [one] = rules as [Finding];
    const diff = compare(run([one]), run([one, finding('fail', { ruleId: 'first_name/charset' })], { tool: { name: 'x', version: '9.0.0' } }));
    expect(diff.exitCode).to.equal(1);
    expect(diff.changes[0]).to.deep.include({ kind: 'newly broken', note: 'OLD does not have the rule: it may have been broken before' });
    expect(diff.added).to.deep.equal([{ ruleId: 'first_name/charset', verdict: 'fail', why: 'tool' }]);
  });

  it('a client whose command fails now is worse, whatever its requests were', () => {
    const client = { command: ['npm', 'test'], timedOut: false, durationMs: 1, notes: [] };
    const diff = compare(run(rules, { client: { ...client, exitCode: 0 }, exitCode: 0 }), run(rules, { client: { ...client, exitCode: 1 }, exitCode: 1 }));
    expect([diff.exitCode, diff.because]).to.deep.equal([1, ['The command of NEW failed, and that of OLD did not.']]);
  });
});

describe('diff: what the two runs were given differently', () => {
  it('is said with what it means', () => {
    const differences = compare(
      run([], { budget: { name: 'smoke', maxRequests: 300 } }),
      run([], { seed: 9, target: { url: 'http://127.0.0.1:10', embedded: false, merchantId: 'other' }, failOn: 'should', rules: ['a/*'] }),
    ).differences;
    expect(differences.map(({ what, old, new: now }) => `${what}: ${old} → ${now}`)).to.deep.equal([
      'target: http://127.0.0.1:9 → http://127.0.0.1:10',
      'merchant: acme → other',
      'rules: * → a/*',
      'budget: smoke (300 requests) → standard (3,000 requests)',
      'seed: 7 → 9',
      'fail-on: must → should',
    ]);
    expect(differences.find(({ what }) => what === 'budget')?.means).to.equal('NEW looked closer than OLD: what it shows broken may have been broken before.');
  });

  it('is nothing for two runs of the same', () => {
    expect(compare(oldRun().run, oldRun().run).differences).to.deep.equal([]);
  });
});

describe('diff: as data', () => {
  const ids = RULES.slice(0, 8).map(({ id }) => id);
  const runs = fc
    .array(fc.option(fc.tuple(fc.constantFrom(...VERDICTS), fc.constantFrom('refused', 'accepted')), { nil: undefined }), {
      minLength: ids.length,
      maxLength: ids.length,
    })
    .map((verdicts) =>
      run(
        verdicts.flatMap((each, index) =>
          each === undefined ? [] : [finding(each[0], { ruleId: ids[index] ?? '', ...(each[0] === 'observed' ? { reading: { case: each[1] } } : {}) })],
        ),
      ),
    );

  it('a run compared with itself shows no change but what is still broken, and each rule is in one place', () => {
    fc.assert(
      fc.property(runs, (one) => {
        const diff = compare(one, one);
        expect(diff.changes.filter(({ kind }) => kind !== 'still broken')).to.deep.equal([]);
        expect(diff.changes.length + diff.unchanged).to.equal(one.findings.length);
        expect([diff.added, diff.removed, diff.differences]).to.deep.equal([[], [], []]);
      }),
    );
  });

  it('seen from the other side, what is broken was fixed, and what came went', () => {
    const mirrored: Readonly<Record<string, readonly string[]>> = {
      fixed: ['newly broken'],
      'still broken': ['still broken'],
      'reading changed': ['reading changed'],
      'warning new': ['warning gone'],
      'cases changed': ['cases changed'],
    };
    fc.assert(
      fc.property(runs, runs, (one, other) => {
        const [there, back] = [compare(one, other), compare(other, one)];
        expect(there.changes.length + there.unchanged + there.removed.length).to.be.at.least(one.findings.length);
        for (const { ruleId, kind } of there.changes) {
          const wanted = mirrored[kind];
          if (wanted !== undefined) expect(wanted, `${ruleId} was ${kind}`).to.include(back.changes.find((change) => change.ruleId === ruleId)?.kind);
        }
        expect(there.added.map(({ ruleId }) => ruleId)).to.deep.equal(back.removed.map(({ ruleId }) => ruleId));
        if (there.exitCode === 0) expect(there.changes.some(({ kind }) => ['newly broken', 'reading changed', 'newly blocked'].includes(kind))).to.equal(false);
      }),
    );
  });

  it('fits its schema', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const fits = ajv.compile(RunDiffSchema);
    for (const diff of [fixtureDiff(), greenDiff(), blockedDiff()]) expect(fits(JSON.parse(JSON.stringify(diff))), JSON.stringify(fits.errors)).to.equal(true);
  });

  it('the fixture has every kind of change, so that every report of it shows all', () => {
    expect([...new Set(fixtureDiff().changes.map(({ kind }) => kind))]).to.have.members([...CHANGES]);
    expect(newRun().run.findings.length).to.be.above(10);
  });
});
