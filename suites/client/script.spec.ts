import { expect } from 'chai';
import { ANSWERS, answerReserved, reservedReference } from './answers.js';
import { parseScript, planOf, ScriptError } from './script.js';

const refusal = (text: string): string => {
  try {
    parseScript(text);
  } catch (error) {
    if (error instanceof ScriptError) return error.message;
    throw error;
  }
  return expect.fail(`not refused: ${text}`);
};

const create = (fields: readonly (readonly [string, string])[] = []) => ({ method: 'POST', kind: 'create' as const, path: '/customers', fields });

describe('scripts', () => {
  it('are a list of steps, or steps with what COMMAND comes to, in YAML as in JSON', () => {
    const expected = { answer: 'throttled', nth: [2], expects: 'error' };
    for (const text of ['- { answer: throttled, nth: 2, expects: error }', '{"answers": [{"answer": "throttled", "nth": [2], "expects": "error"}]}']) {
      const [step] = parseScript(text).steps;
      expect({ answer: step?.answer.name, nth: step?.nth, expects: step?.expects }, text).to.deep.equal(expected);
    }
  });

  it('match creates unless they say otherwise, by method, path and decoded fields', () => {
    const [any, ofField, read] = planOf([
      { answer: 'duplicate' },
      { answer: 'duplicate', match: { fields: { email_address: '*@example.com' } } },
      { answer: 'not-found', match: { method: 'get', path: '/customers/*' } },
    ]).steps;
    expect(any?.matches(create())).to.equal(true);
    expect(any?.matches({ ...create(), path: '/v2/customers' })).to.equal(true);
    expect(any?.matches({ ...create(), kind: 'update', path: '/customers/cst_1' })).to.equal(false);
    expect(ofField?.matches(create([['email_address', 'a.b@example.com']]))).to.equal(true);
    expect(ofField?.matches(create([['email_address', 'a.b@example.org']]))).to.equal(false);
    expect(ofField?.matches({ ...create(), fields: undefined })).to.equal(false);
    expect(read?.matches({ method: 'GET', kind: 'read', path: '/customers/cst_1', fields: [] })).to.equal(true);
  });

  const WRONG: readonly (readonly [text: string, message: RegExp])[] = [
    ['', /it is empty/],
    ['{', /neither YAML nor JSON/],
    ['7', /wanted/],
    ['[]', /answers: got \[\]/],
    ['[{ nth: 1 }]', /answers\.0: answer is missing/],
    ['[{ answer: duplicat }]', /there is no answer "duplicat"\. Did you mean duplicate/],
    ['[{ answer: zzzzzz }]', /There are created, /],
    ['[{ answer: duplicate, nth: 0 }]', /answers\.0\.nth: got 0, wanted a whole number from 1/],
    ['[{ answer: duplicate, time: 1 }]', /there is no "time"/],
    ['[{ answer: duplicate, expects: maybe }]', /answers\.0\.expects: got "maybe", wanted ok/],
    ['[{ answer: duplicate, field: phone }]', /answers\.0\.field: got "phone", wanted one of object_reference_id/],
    ['[{ answer: slow, afterMs: -1 }]', /afterMs: got -1/],
    ['{ answer: [] }', /there is no "answer"\. Did you mean answers\?/],
  ];
  for (const [text, message] of WRONG) {
    it(`${JSON.stringify(text)} is refused`, () => expect(refusal(text)).to.match(message));
  }

  it('reserved references are good references, one for each answer, and may go on behind two underscores', () => {
    const references = ANSWERS.map(reservedReference);
    expect(new Set(references).size).to.equal(ANSWERS.length);
    for (const [index, reference] of references.entries()) {
      expect(reference).to.match(/^[a-z0-9_]{8,40}$/);
      expect(answerReserved(reference)?.name).to.equal(ANSWERS[index]?.name);
      expect(answerReserved(`${reference}__42`)?.name).to.equal(ANSWERS[index]?.name);
    }
    expect(answerReserved('conform_something')).to.equal(undefined);
  });
});
