import { expect } from 'chai';
import { countVerdicts, type Finding, type Run, type Verdict } from '../../contracts/finding.js';
import { exitCodeOf } from './exit-code.js';

type Ended = Pick<Run, 'findings' | 'status' | 'failOn' | 'counts' | 'baseline'>;

/** A run with these verdicts; the `pinned` ones contradict a choice of the configuration. */
function run(verdicts: readonly (Verdict | 'pinned' | 'accepted')[], more: Partial<Ended> = {}): Ended {
  const findings = verdicts.map((verdict, index): Finding => ({
    ruleId: `sample/${String(index)}`,
    level: 'open',
    verdict: verdict === 'pinned' ? 'observed' : verdict === 'accepted' ? 'fail' : verdict,
    title: 'a sample',
    citation: { source: ['doc'], statement: [], lines: [] },
    reason: 'because',
    requests: 1,
    judged: 1,
    durationMs: 1,
    ...(verdict === 'pinned' ? { expected: 'case: another reading' } : {}),
    ...(verdict === 'accepted' ? { accepted: { reason: 'known' } } : {}),
  }));
  return { findings, counts: countVerdicts(findings), status: 'complete', failOn: 'must', ...more };
}

describe('exit-code', () => {
  const rows: readonly (readonly [verdicts: readonly (Verdict | 'pinned' | 'accepted')[], more: Partial<Ended>, code: number])[] = [
    [['pass'], {}, 0],
    [['pass', 'warn', 'observed', 'skipped'], {}, 0],
    [['warn'], {}, 0],
    [['observed'], {}, 0],
    [['pass', 'fail'], {}, 1],
    [['pass', 'flaky'], {}, 1],
    [['pass', 'warn'], { failOn: 'should' }, 1],
    [['pass', 'observed', 'skipped'], { failOn: 'should' }, 0],
    [['pass', 'pinned'], {}, 1],
    [['pass', 'blocked'], {}, 2],
    [['blocked'], { status: 'blocked' }, 2],
    // What is known to be broken is said before what is not known.
    [['fail', 'blocked'], {}, 1],
    [['flaky', 'blocked'], {}, 1],
    [['pinned', 'blocked'], {}, 1],
    [['warn', 'blocked'], { failOn: 'should' }, 1],
    [['warn', 'blocked'], {}, 2],
    // A run in which nothing was checked is not green.
    [[], {}, 2],
    [['skipped'], {}, 2],
    [['skipped', 'skipped'], { failOn: 'should' }, 2],
    // What the baseline accepts fails nothing, and hides nothing.
    [['pass', 'accepted'], {}, 0],
    [['accepted'], {}, 0],
    [['accepted', 'fail'], {}, 1],
    [['accepted', 'blocked'], {}, 2],
    [['accepted', 'pass'], { baseline: { stale: [{ rule: 'sample/1', reason: 'known' }], expired: [] } }, 1],
    [['fail', 'pass'], { baseline: { stale: [], expired: [{ rule: 'sample/0', reason: 'known' }] } }, 1],
    [['pass'], { status: 'interrupted', baseline: { stale: [{ rule: 'sample/0', reason: 'known' }], expired: [] } }, 130],
    [['pass'], { status: 'interrupted' }, 130],
    [['fail', 'blocked'], { status: 'interrupted' }, 130],
    [[], { status: 'interrupted' }, 130],
  ];
  for (const [verdicts, more, code] of rows) {
    const besides = Object.entries(more).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    it(`${[...verdicts, ...besides].join(', ') || 'no finding'}: ${String(code)}`, () => {
      expect(exitCodeOf(run(verdicts, more))).to.equal(code);
    });
  }
});
