import { expect } from 'chai';
import type { Counterexample, Finding } from '../../../contracts/finding.js';
import { RULES } from '../../../contracts/rules/index.js';
import { wayOf } from './way.js';

const SURE = { tries: 2, repeats: 2 };
const sentFor = (ruleId?: string): Counterexample =>
  (ruleId === undefined ? { part: 'x' } : { part: 'x', sentAs: { ruleId, n: 0 } }) as unknown as Counterexample; // Nothing else is read.

type Seen = Pick<Finding, 'verdict' | 'confirmed' | 'counterexample'>;
const wayTo = (ruleId: string, seen: Seen): string => {
  const rule = RULES.find(({ id }) => id === ruleId) ?? expect.fail(`no rule ${ruleId}`);
  return wayOf(rule, { ...seen, ruleId } as Finding); // Nothing else is read.
};

describe('replay: how a finding is seen again', () => {
  const sure: Seen = { verdict: 'fail', confirmed: SURE, counterexample: sentFor('first_name/charset') };
  const rows: readonly (readonly [what: string, ruleId: string, seen: Seen, way: string])[] = [
    ['a bad value that was seen each time', 'first_name/charset', sure, 'counterexample'],
    ['a recommendation that is not followed, seen each time', 'mobile_number/digits', { ...sure, verdict: 'warn' }, 'counterexample'],
    ['one that was not always seen', 'first_name/charset', { ...sure, confirmed: { tries: 2, repeats: 1 } }, 'check'],
    ['one that is flaky, however often it was seen', 'first_name/charset', { ...sure, verdict: 'flaky' }, 'check'],
    ['one that was never confirmed', 'first_name/charset', { verdict: 'fail', counterexample: sentFor() }, 'check'],
    ['one that was confirmed in no try', 'first_name/charset', { ...sure, confirmed: { tries: 0, repeats: 0 } }, 'check'],
    ['one without its request', 'first_name/charset', { verdict: 'flaky' }, 'counterexample'],
    ['steps that were seen each time', 'object_reference_id/unique', sure, 'steps'],
    ['steps that were not', 'object_reference_id/unique', { ...sure, verdict: 'flaky' }, 'check'],
    ['a race', 'sequence/race', sure, 'check'],
    ['answers of others at the same moment', 'sequence/own-request', sure, 'check'],
    ['what shows after many customers', 'sequence/thousandth', sure, 'run'],
    ['what shows after many customers now and then', 'sequence/thousandth', { ...sure, verdict: 'flaky' }, 'run'],
    ['an answer to a good value', 'response/echo-first_name', sure, 'counterexample'],
    ['an answer to a safe request', 'response/echo-first_name', { ...sure, counterexample: sentFor('control') }, 'counterexample'],
    ['an answer to a case of an open rule', 'response/echo-first_name', { ...sure, counterexample: sentFor('mobile_number/plus') }, 'counterexample'],
    ['an answer to a step', 'response/echo-first_name', { ...sure, counterexample: sentFor('object_reference_id/unique') }, 'check'],
    ['an answer to a rule that is no more', 'response/echo-first_name', { ...sure, counterexample: sentFor('old/rule') }, 'check'],
    ['an answer to nobody knows what', 'response/echo-first_name', { ...sure, counterexample: sentFor() }, 'check'],
    ['an answer that is not there', 'response/echo-first_name', { verdict: 'fail', confirmed: SURE }, 'check'],
    ['an answer that was not always so', 'response/echo-first_name', { ...sure, verdict: 'flaky' }, 'check'],
    ['two of a kind among many', 'response/id-unique', sure, 'run'],
    ['the customer of somebody else', 'privacy/other-customers', sure, 'run'],
    ['a key in an answer, which is not sent again', 'privacy/key', { verdict: 'fail', counterexample: sentFor('control') }, 'counterexample'],
    ['a key in an answer to a step', 'privacy/key', { verdict: 'fail', counterexample: sentFor('object_reference_id/unique') }, 'check'],
    ['a key in some answers', 'privacy/key', { verdict: 'flaky', counterexample: sentFor('control') }, 'check'],
    ['another answer that was not confirmed', 'response/echo-first_name', { verdict: 'fail', counterexample: sentFor('control') }, 'check'],
    ['a reading that was pinned', 'mobile_number/plus', { verdict: 'observed' }, 'check'],
    ['a reading of answers', 'response/unsent', sure, 'check'],
  ];
  for (const [what, ruleId, seen, way] of rows)
    it(`${what}: by the ${way}`, () => {
      expect(wayTo(ruleId, seen)).to.equal(way);
    });
});
