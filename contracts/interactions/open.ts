/**
 * Examples of open rules, one for each case that a form can carry. They are in no contract of the page: a run sends them
 * and records the reading that the target takes.
 */
import { RULES } from '../rules/index.js';
import type { OpenRule } from '../model.js';
import type { OpenExample } from './model.js';
import { nameOf } from './accepted.js';
import { accepted, create, fieldsOf, noCustomer, REFUSED, TOKEN_FIELD } from './parts.js';

/** Values beyond this are for the suites: a contract is read by people. */
const LONGEST = 140;
const FILL = 'Jo';

type OpenInput = Extract<OpenRule, { kind: 'open-input' }>;

/** The template with its fills written out; the reference has characters of its own. */
function fill(template: string, field: string): string {
  if (field !== 'object_reference_id') {
    const text = field.startsWith('mobile') ? '12' : FILL;
    return template.replace(/\{fill(?::(\d+))?\}/g, (_, length: string | undefined) =>
      length === undefined ? text : text.repeat(Number(length)).slice(0, Number(length)),
    );
  }
  let first = true;
  return template.replace(/\{fill(?::(\d+))?\}/g, (_, length: string | undefined) => {
    const wanted = length === undefined ? 12 : Number(length);
    if (!first) return FILL.repeat(3);
    first = false;
    return `{fresh}${'x'.repeat(Math.max(0, wanted - 12))}`;
  });
}

function examplesOf(rule: OpenInput): OpenExample[] {
  if (rule.constraint.kind !== 'open-values') return [];
  const { field, cases } = rule.constraint;
  return Object.entries(cases).flatMap(([name, template]) => {
    const value = template === null ? null : fill(template, field);
    // NUL ends texts in software that a contract passes through.
    if (value !== null && (value.length > LONGEST || value.includes('\u0000') || (field === 'object_reference_id' && !value.includes('{fresh}')))) return [];
    const id = `open-${rule.id.replace('/', '-')}-${name.replace(/[^A-Za-z0-9 ]/g, nameOf).replaceAll(' ', '-')}`;
    const short = /\{fill:6\}/.test(template ?? '');
    const {
      answer: _,
      level: __,
      ...example
    } = create({
      id,
      description: `a create with ${field}: ${name}`,
      rules: [rule.id],
      changes: { [field]: value },
      states: [noCustomer({ fresh_length: short ? '6' : '12', fresh_alphabet: 'word' })],
    });
    const answer = accepted(fieldsOf(id, { [field]: value }));
    // What an accepted open value comes back as is open too, and so is whether such a value of the option gives the token.
    const members = Object.fromEntries(
      Object.entries(answer.members).filter(([member]) => member !== field && (field !== TOKEN_FIELD || !member.startsWith('juspay'))),
    );
    return [{ ...example, case: name, answers: { accepted: { ...answer, members }, refused: REFUSED } }];
  });
}

export const OPEN_EXAMPLES: readonly OpenExample[] = RULES.filter((rule): rule is OpenInput => rule.level === 'open' && rule.kind === 'open-input').flatMap(
  examplesOf,
);
