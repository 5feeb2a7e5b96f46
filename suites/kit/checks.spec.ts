import { expect } from 'chai';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { startReference } from '../../contracts/reference/server.js';
import { RULES } from '../../contracts/rules/index.js';
import { assertSound, runOf, watch, type Watched } from './target.spec-help.js';

/** One rule and more of every kind of check, and what its finding says of a target that keeps it. */
const KEPT: readonly (readonly [ruleId: string, verdict: string, reason: RegExp])[] = [
  ['object_reference_id/length', 'pass', /^(\d+) good and (\d+) bad inputs were answered as documented$/],
  ['mobile_number/required', 'pass', /^(\d+) good and (\d+) bad inputs were answered as documented$/],
  ['email_address/local-edges', 'pass', /^(\d+) good and (\d+) bad inputs were answered as documented$/],
  ['first_name/optional', 'pass', /^(\d+) good and (0) bad inputs were answered as documented$/],
  ['mobile_country_code/values', 'pass', /^(\d+) good and (0) bad inputs were answered as documented; what is not good is left open \(.+\)$/],
  ['options.get_client_auth_token/true', 'pass', /^(\d+) good and (0) bad inputs were answered as documented/],
  ['content-type/form', 'pass', /^(\d+) good and (0) bad inputs were answered as documented/],
  ['credentials/key', 'pass', /^(?:the safe requests) and (\d+) bad inputs were answered as documented$/],
  ['credentials/scheme-case', 'pass', /^(\d+) good and (0) bad inputs were answered as documented; what is not good is left open \(credentials\/scheme\)$/],
  ['encoding/second-equals', 'pass', /^(\d+) good and (\d+) bad inputs were read as in the plain spelling$/],
  ['encoding/escaped-plus', 'pass', /^(\d+) good and (\d+) bad inputs were read as in the plain spelling$/],
  ['robustness/headers', 'pass', /^(\d+) such requests were answered$/],
  ['object_reference_id/unique', 'pass', /^it held in (\d+) rounds?$/],
  ['sequence/race', 'pass', /^it held in (\d+) rounds?$/],
  ['customers/read-credential', 'pass', /^it held in (\d+) rounds?$/],
  ['response/id', 'pass', /^it held on (\d+) responses?$/],
  ['mobile_number/plus', 'observed', /^(\d+) cases?, one reading each$/],
  ['credentials/password', 'observed', /^(\d+) cases?, one reading each$/],
  ['encoding/repeated', 'observed', /^(\d+) cases?, one reading each$/],
  ['merchant/other', 'observed', /^(\d+) cases?, one reading each$/],
  ['error/throttling', 'observed', /^no request was answered 429$/],
  ['error/shape', 'skipped', /^no response that it applies to came up$/],
];

/** Those of which something is sent. */
const ACTIVE = KEPT.map(([id]) => id).filter((id) => !id.startsWith('response/') && !id.startsWith('error/'));
const named = (id: string): (typeof RULES)[number] | undefined => RULES.find((each) => each.id === id);

async function ofReference(rules: readonly string[], more: Parameters<typeof watch>[1] = {}): Promise<Watched> {
  const { url, apiKey, merchantId, secondMerchant, close } = await startReference();
  try {
    return await watch(url, { rules: [...rules], target: { url, apiKey, merchantId, secondMerchant, embedded: true }, ...more });
  } finally {
    await close();
  }
}

/** From some request on nothing is answered but that it is down. */
const down =
  (from: number) =>
  ({ beforehand }: Behaviour): Partial<Behaviour> => ({
    beforehand: (call, world, behaviour) =>
      call.number < from ? beforehand(call, world, behaviour) : { status: 503, body: '{"down":true}', headers: { 'Content-Type': 'application/json' } },
  });

/** From some request on no good create is answered. */
const silent =
  (from: number) =>
  ({ beforeStoring }: Behaviour): Partial<Behaviour> => ({
    beforeStoring: (call, fields) => (call.number < from ? beforeStoring(call, fields) : new Promise(() => undefined)),
  });

describe('checks of one rule', function () {
  this.timeout(30_000);

  for (const [ruleId, verdict, reason] of KEPT) {
    it(`${ruleId}: a target that keeps it is told what was tried, and how often`, async () => {
      const rule = named(ruleId);
      if (rule === undefined) return expect.fail(`there is no rule ${ruleId}`);
      const watched = await ofReference([ruleId]);
      assertSound(watched, [ruleId]);
      const finding = watched.finding(ruleId);
      expect([finding.verdict, finding.reason]).to.satisfy(
        ([was, why]: [string, string]) => was === verdict && reason.test(why),
        `${finding.verdict}: ${finding.reason}`,
      );
      expect(watched.run.exitCode, 'the exit code').to.equal(verdict === 'skipped' ? 2 : 0);

      const own = watched.exchanges.filter((exchange) => exchange.ruleId === ruleId);
      const purposes = (purpose: string): number => own.filter((exchange) => exchange.purpose === purpose).length;
      const counts = (reason.exec(finding.reason) ?? []).slice(1).map(Number);
      expect(finding.requests).to.equal(own.length);
      if (!ACTIVE.includes(ruleId)) expect(own).to.deep.equal([]);
      for (const { note, purpose, n, id } of own) {
        expect(note, 'a note').to.match(/\S/);
        expect(id).to.equal(`${ruleId}#${n}`);
        expect(['conforming', 'violating', 'open', 'step', 'robustness']).to.include(purpose);
      }
      if (rule.kind === 'input' && /inputs were/.test(finding.reason)) {
        const [good, bad] = counts.length === 2 ? counts : [0, ...counts];
        // Good values of several fields may go together into requests of no single rule.
        expect(purposes('conforming')).to.be.at.most(good ?? 0);
        expect(purposes('violating')).to.equal(bad);
        for (const { purpose, response, note } of own)
          expect(response?.status ?? 0, note).to.satisfy((status: number) => (purpose === 'violating' ? status >= 400 : status < 300));
      }
      if (rule.kind === 'input' && rule.constraint.kind === 'robustness')
        expect([purposes('robustness'), finding.judged]).to.deep.equal([counts[0], counts[0]]);
      if (rule.kind === 'response') expect(finding.judged).to.equal(verdict === 'skipped' ? 0 : counts[0]);
      if (verdict === 'observed' && counts.length > 0) expect(Object.keys(finding.reading ?? {}).length).to.equal(counts[0]);
      // Each case is asked twice at least, but for credentials, of which there are to be few.
      if (rule.kind === 'open-input')
        expect(own.length).to.satisfy((sent: number) => (rule.constraint.kind === 'credential' ? sent === counts[0] : sent >= 2 * (counts[0] ?? 0)));
    });
  }

  it('bad inputs are nothing but bad: beside the reference one part differs from a safe request', async () => {
    const { exchanges } = await ofReference(['email_address/local-edges', 'mobile_number/required']);
    const fieldsOf = (index: number): URLSearchParams => new URLSearchParams(exchanges[index]?.request.body.text);
    const safe = exchanges.flatMap(({ ruleId }, index) => (ruleId === 'control' ? [fieldsOf(index)] : []));
    for (const [index, { purpose, note }] of exchanges.entries()) {
      if (purpose !== 'violating') continue;
      const bad = fieldsOf(index);
      const differing = safe.map((good) =>
        [...new Set([...good.keys(), ...bad.keys()])].filter((name) => good.get(name) !== bad.get(name) && name !== 'object_reference_id'),
      );
      expect(Math.min(...differing.map(({ length }) => length)), note).to.equal(1);
    }
  });

  it('customers have values of their own: safe requests differ in each of them', async () => {
    const { exchanges } = await ofReference(['first_name/charset'], { maxRequests: 250 });
    const controls = exchanges.filter(({ purpose }) => purpose === 'control').map(({ request }) => new URLSearchParams(request.body.text));
    expect(controls.length).to.equal(4);
    for (const field of ['object_reference_id', 'mobile_number', 'email_address', 'first_name', 'last_name'])
      expect(new Set(controls.map((control) => control.get(field))).size, field).to.equal(controls.length);
    expect(new Set(controls.map((control) => control.get('options.get_client_auth_token')))).to.deep.equal(new Set(['true', 'false']));
  });

  it('what the budget does not reach is blocked, and says so', async () => {
    const watched = await ofReference(ACTIVE, { maxRequests: 1 });
    assertSound(
      watched,
      RULES.map(({ id }) => id).filter((id) => ACTIVE.includes(id)),
    );
    for (const { ruleId, verdict, reason } of watched.run.findings)
      expect(`${verdict} ${reason}`, ruleId).to.match(/^(?:blocked .*(?:budget|requests)|pass the safe requests and 0 bad)/);
  });

  it('where nothing is answered any more, robustness is broken and everything else blocked, with what came back', async () => {
    const rules = ['object_reference_id/length', 'mobile_number/required', 'encoding/second-equals', 'mobile_number/plus', 'robustness/headers'];
    const watched = await runOf(down(9), { rules });
    const said = Object.fromEntries(watched.run.findings.map(({ ruleId, verdict, reason }) => [ruleId, `${verdict} ${reason}`]));
    expect(said['robustness/headers']).to.match(/^fail a request was not answered: \S/);
    for (const id of rules.slice(0, 4))
      expect(said[id], id).to.match(/^(?:blocked .*(?:no usable answer \(503 \{"down":true\}\)|no safe request)|pass|observed)/);
    expect(Object.values(said).filter((text) => text.startsWith('blocked')).length).to.be.above(1);
    const { got, expected, counterexample } = watched.finding('robustness/headers');
    expect([got, expected]).to.deep.equal(['503 {"down":true}', 'a complete answer below 500']);
    expect(counterexample?.response?.status).to.equal(503);
  });

  it('a rule of which several requests hung sends no more of them', async () => {
    const ruleId = 'first_name/charset';
    const all = (await ofReference([ruleId])).finding(ruleId).requests;
    const { requests, verdict, reason } = (await runOf(silent(9), { rules: [ruleId], timeoutMs: 120, concurrency: 1 })).finding(ruleId);
    expect(requests, 'requests').to.be.below(all);
    expect(`${verdict} ${reason}`).to.match(/^(?:blocked no good input could be judged: .*hung|pass|fail)/);
  });

  it('a good request that is refused with 401 is put down to the rule about credentials', async () => {
    const change = ({ beforehand }: Behaviour): Partial<Behaviour> => ({
      beforehand: (call, world, behaviour) =>
        call.body.includes('first_name=a') && call.method === 'POST' && !call.body.includes('first_name=a%')
          ? { status: 401, headers: { 'Content-Type': 'application/json' }, body: '{"status":"error","error_code":"access_denied"}' }
          : beforehand(call, world, behaviour),
    });
    const watched = await runOf(change, { rules: ['first_name/length', 'credentials/form'] });
    expect(watched.finding('first_name/length').verdict, watched.finding('first_name/length').reason).to.not.equal('fail');
    expect(watched.finding('credentials/form')).to.include({ verdict: 'fail' });
    expect(watched.finding('credentials/form').reason).to.match(/^a good request was not accepted/);
  });
});
