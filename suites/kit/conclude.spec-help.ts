/** Failures of a bad first name for specs of what they are concluded to, without a target. */
import { expect } from 'chai';
import type { Rule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import type { Candidate } from './check.js';
import type { Conclusion } from './conclude.js';
import { fieldOf, type Draft, type Recipe } from './draft.js';
import type { Intent, Observation } from './observation.js';
import type { Given } from './observed.spec-help.js';
import { create, exchanged, type ScriptedContext, type Script } from './scripted.spec-help.js';

export const MUST = ruleOf('first_name/charset');
export const SHOULD = ruleOf('mobile_number/digits');

function ruleOf(id: string): Rule {
  return RULES.find((rule) => rule.id === id) ?? expect.fail(`there is no rule ${id}`);
}

/** A target that takes a first name with the word bad in it, and everything else that is good. */
export const takesBad: Script = () => ({});
export const isBad = ({ draft, outcome }: Observation): boolean => outcome === 'accepted' && fieldOf(draft, 'first_name')?.includes('bad') === true;

export const recipe: Recipe = (fresh) => create(fresh(20, 'word'), { first_name: 'bad' });
const good: Recipe = (fresh) => create(fresh(20, 'word'), { first_name: 'good' });
export const INTENT: Intent = { ruleId: MUST.id, n: 3, purpose: 'violating', note: 'a bad name', create: true, offence: 'invalid', atFault: ['first_name'] };

export function candidateOf(more: Partial<Candidate> = {}, intent: Partial<Intent> = {}, sentAs: Recipe = recipe, given: Given = {}): Candidate {
  const observation = exchanged(
    sentAs(() => 'q1rtest0000000000001'),
    { ...INTENT, ...intent },
    given,
    sentAs,
  );
  return { half: 'violating', observation, describe: 'a bad name', expected: '400 with an error body', control: good, field: 'first_name', ...more };
}

export function of(more: Partial<Conclusion> = {}): Conclusion {
  return { candidate: candidateOf(), isBroken: isBad, rate: { broken: 1, of: 5 }, reason: 'a bad request was not refused', ...more };
}

export const notes = ({ sent }: ScriptedContext): string[] => sent.map(({ intent }) => `${intent.purpose}: ${intent.note}`);
export const namesOf = (draft: Draft | undefined): string[] => (draft?.fields ?? []).map(([name]) => name);
