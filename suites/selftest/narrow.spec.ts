/**
 * One rule at a time, as `--rule` asks for it: a fault is found by its rule with a few requests, and what is said of it can
 * be read, sent again, and trusted. The suites beside this file do the same with whole runs.
 */
import { expect } from 'chai';
import type { Counterexample, Exchange, Finding } from '../../contracts/finding.js';
import type { Rule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { assertSound } from '../kit/target.spec-help.js';
import { ACCUSES, ONE_FOR_EACH_RULE, tryFault, type Narrow } from './narrow.js';

const ruleOf = (id: string): Rule => {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
};

const bodyOf = ({ body }: Exchange['request']): URLSearchParams => new URLSearchParams(body.text);
const headerNames = ({ headers }: Exchange['request']): string[] => headers.map(([name]) => name);

/** The control is a good request, and differs from the counterexample in what is under test. */
function assertControl({ control, request, part, path, value, controlValue }: Counterexample): void {
  if (control === undefined) return;
  // Beside an open case stands the same case, answered otherwise.
  if (!path.startsWith('open/')) expect(control.response?.status, 'status of the control').to.be.within(200, 299);
  const [bad, good] = [bodyOf(request), bodyOf(control.request)];
  if (bad.has(part) && typeof value === 'string' && request.body.encoding === 'utf-8' && bad.get(part) === value) {
    expect(good.get(part), `${part} of the control`).to.equal(controlValue);
    // A minimal pair: one part differs, and the reference.
    const differing = [...new Set([...bad.keys(), ...good.keys()])].filter((name) => bad.get(name) !== good.get(name));
    expect(differing.filter((name) => name !== 'object_reference_id' && name !== part)).to.deep.equal([]);
    expect(headerNames(control.request)).to.deep.equal(headerNames(request));
  }
  if (bad.has('object_reference_id') && part !== 'object_reference_id') {
    expect(good.get('object_reference_id'), 'reference of the control').to.not.equal(bad.get('object_reference_id'));
  }
}

/** What holds of every accusation, whatever broke. */
function assertReadable(finding: Finding, { run, key, exchanges }: Narrow): void {
  const { reason, expected = '', got = '', counterexample, confirmed, rate, requests, verdict } = finding;
  for (const [name, text] of Object.entries({ reason, expected, got })) expect(text, name).to.match(/\S/);
  expect(requests, 'requests').to.equal(exchanges.filter(({ ruleId }) => ruleId === finding.ruleId).length);
  expect(JSON.stringify(finding)).to.not.include(key);
  if (counterexample === undefined) throw new Error('it has no counterexample');
  const { curl, seed, path, request, response, failure, shrunk, before } = counterexample;
  expect(curl).to.match(/^(?:printf .*)?curl /s);
  expect(curl).to.include(run.target.url);
  expect(seed).to.equal(1);
  expect(path).to.match(/^(?:conforming|violating|open)\/\d+$/);
  expect(response !== undefined || failure !== undefined, 'an answer, or why there is none').to.equal(true);
  // Each of these was sent, and is in the list of exchanges as it stands here.
  const sent = exchanges.map((exchange) => JSON.stringify(exchange.request));
  expect(sent).to.include(JSON.stringify(request));
  for (const each of before ?? []) expect(sent).to.include(JSON.stringify(each.request));
  if (confirmed !== undefined && verdict !== 'flaky') expect(confirmed.repeats, 'repeats').to.equal(confirmed.tries);
  if (verdict === 'flaky') expect(rate?.broken, 'times broken').to.be.below(rate?.of ?? 0);
  if (shrunk) expect(confirmed?.tries, 'what was made small was confirmed').to.equal(2);
  assertControl(counterexample);
}

describe('self-test: one rule at a time', function () {
  this.timeout(30_000);

  for (const fault of ONE_FOR_EACH_RULE) {
    const [named] = fault.breaks;
    it(`${named} finds ${fault.name}, and says so in words that lead back to it`, async () => {
      const trial = await tryFault(fault);
      const finding = trial.finding(named);
      expect(ACCUSES, `${finding.verdict}: ${finding.reason}`).to.include(finding.verdict);
      if (finding.level === 'should') expect(finding.verdict).to.equal('warn');
      else expect(finding.verdict).to.not.equal('warn');
      assertSound(
        trial,
        trial.run.findings.map(({ ruleId }) => ruleId),
      );
      for (const each of trial.run.findings.filter(({ verdict }) => ACCUSES.includes(verdict))) assertReadable(each, trial);
      expect(trial.run.exitCode).to.equal(trial.run.findings.some(({ verdict }) => verdict === 'fail' || verdict === 'flaky') ? 1 : 0);
      const rule = ruleOf(named);
      if (rule.kind === 'input' && 'field' in rule.constraint && finding.counterexample?.shrunk === true) {
        expect(finding.counterexample.control, 'the good request beside it').to.not.equal(undefined);
      }
    });
  }
});
