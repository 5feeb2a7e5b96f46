import { expect } from 'chai';
import type { Finding, Run } from '../../../contracts/finding.js';
import type { Replay } from '../../../contracts/replay.js';
import { startReference, type Reference, type ReferenceOptions } from '../../../contracts/reference/server.js';
import { runConformance } from '../../create-customer/run.js';
import { replayFindings } from '../../create-customer/replay.js';
import { isDeparture } from '../baseline.js';
import type { RunConfig } from '../config.js';

const config = ({ url, apiKey, merchantId, secondMerchant }: Reference, more: Partial<RunConfig> = {}): RunConfig => ({
  target: { url, apiKey, merchantId, secondMerchant, embedded: false },
  rules: ['*'],
  budget: 'smoke',
  seed: 7,
  concurrency: 16,
  timeoutMs: 10_000,
  failOn: 'must',
  ...more,
});

describe('replay', function () {
  this.timeout(30_000);
  const open: Reference[] = [];
  const serve = async (options: ReferenceOptions = {}): Promise<Reference> => {
    const reference = await startReference(options);
    open.push(reference);
    return reference;
  };
  afterEach(async () => {
    for (const reference of open.splice(0)) await reference.close();
  });
  /** What a run of these rules finds, as it is read from a report. */
  const found = async (reference: Reference, rules: readonly string[], more: Partial<RunConfig> = {}): Promise<{ run: Run; findings: readonly Finding[] }> => {
    const run = JSON.parse(JSON.stringify(await runConformance(config(reference, { rules, ...more })))) as Run;
    return { run, findings: run.findings.filter(isDeparture) };
  };
  const said = ({ replayed }: Replay): string[] => replayed.map(({ ruleId, way, outcome }) => `${ruleId}: ${outcome}, by the ${way}`);

  const rows: readonly (readonly [fault: string, rules: readonly string[], finds: readonly string[]])[] = [
    ['last-name-apostrophe-accepted', ['last_name/charset'], ['last_name/charset: %, by the counterexample']],
    ['invalid-answered-422', ['last_name/charset', 'error/invalid-status'], ['error/invalid-status: %, by the counterexample']],
    ['duplicates-accepted', ['object_reference_id/unique'], ['object_reference_id/unique: %, by the steps']],
    ['plus-kept', ['encoding/plus-is-blank'], ['encoding/plus-is-blank: %, by the counterexample']],
    ['nul-fails', ['robustness/values'], ['robustness/values: %, by the counterexample']],
    ['key-prefix-accepted', ['credentials/key'], ['credentials/key: %, by the counterexample']],
    ['id-without-prefix', ['response/id-prefix'], ['response/id-prefix: %, by the counterexample']],
  ];
  for (const [fault, rules, finds] of rows) {
    it(`${fault} is still broken where it is, and fixed where it is not`, async () => {
      const faulty = await serve({ fault });
      const { run, findings } = await found(faulty, rules);
      const there = await replayFindings(config(faulty), run, findings);
      expect(said(there)).to.include.members(finds.map((each) => each.replace('%', 'still broken')));
      expect(there.exitCode).to.equal(1);
      const elsewhere = await replayFindings(config(await serve()), run, findings);
      expect(said(elsewhere)).to.include.members(finds.map((each) => each.replace('%', 'fixed')));
      expect(elsewhere.exitCode).to.equal(0);
    });
  }

  it('what needs many requests is seen by a run with the same seed', async () => {
    const faulty = await serve({ fault: 'id-of-three-digits' });
    const { run, findings } = await found(faulty, ['response/id-unique', 'object_reference_id/*', 'last_name/*'], {
      budget: 'standard',
      maxRequests: 900,
    });
    expect(findings.map(({ ruleId }) => ruleId)).to.deep.equal(['response/id-unique']);
    expect(said(await replayFindings(config(await serve({ fault: 'id-of-three-digits' })), run, findings))).to.deep.equal([
      'response/id-unique: still broken, by the run',
    ]);
  });

  it('a contradiction of a pinned reading is held against the same choice', async () => {
    const readings = { 'mobile_number/plus': { 'plus and 9 digits': 'accepted' } };
    const reference = await serve();
    const { run, findings } = await found(reference, ['mobile_number/plus'], { readings });
    expect(said(await replayFindings(config(reference), run, findings))).to.deep.equal(['mobile_number/plus: still broken, by the check']);
    expect(said(await replayFindings(config(await serve({ variants: ['mobile-plus-accepted'] })), run, findings))).to.deep.equal([
      'mobile_number/plus: fixed, by the check',
    ]);
  });

  describe('where nothing can be seen', () => {
    let run: Run;
    let findings: readonly Finding[];
    beforeEach(async () => ({ run, findings } = await found(await serve({ fault: 'last-name-apostrophe-accepted' }), ['last_name/charset'])));

    it('a key that is refused blocks, and accuses nobody', async () => {
      const { exitCode, blockedBy, replayed } = await replayFindings(config({ ...(await serve()), apiKey: 'AnotherKey12345' }), run, findings);
      expect([exitCode, replayed.map(({ outcome }) => outcome)]).to.deep.equal([2, ['blocked']]);
      expect(blockedBy)
        .to.match(/the API key or merchant id is not accepted/)
        .and.not.include('AnotherKey12345');
    });

    it('a target that cannot be reached blocks', async () => {
      const gone = await serve();
      await gone.close();
      open.pop();
      const { exitCode, blockedBy } = await replayFindings(config(gone), run, findings);
      expect([exitCode, blockedBy?.startsWith('the target cannot be reached')]).to.deep.equal([2, true]);
    });

    it('a good neighbour that is refused by now blocks: a refusal of the bad one is no repair', async () => {
      const [finding] = findings as [Finding];
      const { counterexample } = finding;
      const control = counterexample?.control ?? expect.fail('no control');
      const spoilt = {
        ...control,
        request: { ...control.request, body: { encoding: 'utf-8' as const, text: control.request.body.text.replace('mobile_number=', 'mobile_number=x') } },
      };
      const { replayed } = await replayFindings(config(await serve()), run, [
        { ...finding, counterexample: { ...(counterexample ?? expect.fail()), control: spoilt } },
      ]);
      expect(replayed[0]).to.deep.include({ outcome: 'blocked' });
      expect(replayed[0]?.reason).to.match(/^the good request beside it is not accepted \(400/);
    });

    it('a finding without its counterexample blocks, and so does a rule that is not known', async () => {
      const [{ counterexample: _counterexample, ...bare }] = findings as [Finding];
      const { replayed, exitCode } = await replayFindings(config(await serve()), run, [bare, { ...bare, ruleId: 'old/rule' }]);
      expect(replayed.map(({ outcome, reason }) => [outcome, reason])).to.deep.equal([
        ['blocked', 'the report has no counterexample of it'],
        ['blocked', 'this version of conform does not have the rule'],
      ]);
      expect(exitCode).to.equal(2);
    });
  });
});
