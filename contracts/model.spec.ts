import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { defineRule, ECHOED_FIELDS, FIELDS } from './model.js';

const about = { id: 'first_name/sample', title: 'a sample', citation: { sources: ['doc'], statements: [28] } } as const;
const constraint = { kind: 'length', field: 'first_name', min: 1, max: 64, below: 'open', above: 'open', alphabet: 'letters' } as const;
const accepted = { outcome: 'accepted' } as const;
const refused = { outcome: 'refused', offence: 'invalid' } as const;
const yes = { id: 'yes', means: 'it is' } as const;
const no = { id: 'no', means: 'it is not' } as const;

const input = { ...about, level: 'must', kind: 'input', constraint, whenConforming: accepted, whenViolating: refused } as const;
const answer = { ...about, level: 'must', kind: 'response', on: 'created', check: { kind: 'status', is: 200 }, whenConforming: {}, whenViolating: {} } as const;
const several = { ...about, level: 'should', kind: 'sequence', sequence: 'race', whenConforming: 'one is', whenViolating: 'no second one is' } as const;
const open = { ...about, level: 'open', kind: 'open-input', constraint, readings: [yes, no] } as const;

/** The object without a member. */
function without<T extends object, const K extends keyof T>(whole: T, member: K): Omit<T, K> {
  const { [member]: _left, ...rest } = whole;
  return rest;
}

describe('model: what compiles', function () {
  // Reading the types of the standard library takes its time.
  this.timeout(30_000);

  it('a rule is what it was declared as', () => {
    for (const rule of [defineRule(input), defineRule(answer), defineRule(several), defineRule(open)]) expect(rule.id).to.equal('first_name/sample');
  });

  it('a must rule without both halves does not', () => {
    // @ts-expect-error a bad request has to be provided for: good input alone proves nothing
    defineRule(without(input, 'whenViolating'));
    // @ts-expect-error a good request has to be provided for too
    defineRule(without(input, 'whenConforming'));
    // @ts-expect-error a response that the rule must reject is missing
    defineRule(without(answer, 'whenViolating'));
    // @ts-expect-error a response that keeps the rule is missing
    defineRule(without(answer, 'whenConforming'));
    // @ts-expect-error a rule over several requests says what must not come of them
    defineRule(without(several, 'whenViolating'));
    // @ts-expect-error and what must
    defineRule(without(several, 'whenConforming'));
  });

  it('nor a should rule', () => {
    // @ts-expect-error a should needs a bad half as much as a must
    defineRule(without({ ...input, level: 'should' } as const, 'whenViolating'));
    // @ts-expect-error a should about responses too
    defineRule(without({ ...answer, level: 'should' } as const, 'whenViolating'));
  });

  it('a bad half without what it comes to does not', () => {
    // @ts-expect-error which rules about errors apply is decided by the offence
    defineRule({ ...input, whenViolating: { outcome: 'refused' } });
    // @ts-expect-error what is left open is left to a rule that observes it
    defineRule({ ...input, whenViolating: { outcome: 'left-open' } });
    // @ts-expect-error why there is no bad input has to be said
    defineRule({ ...input, whenViolating: { outcome: 'no-such-input' } });
    // @ts-expect-error a bad request is not accepted
    defineRule({ ...input, whenViolating: accepted });
  });

  it('an open rule with fewer than two readings does not', () => {
    // @ts-expect-error with one reading nothing is open
    defineRule({ ...open, readings: [yes] });
    // @ts-expect-error with none even less
    defineRule({ ...open, readings: [] });
    // @ts-expect-error readings cannot be left out
    defineRule(without(open, 'readings'));
    // @ts-expect-error a reading says what it means
    defineRule({ ...open, readings: [yes, { id: 'no' }] });
  });

  it('an open rule does not pass for a must, nor a must for an open one', () => {
    // @ts-expect-error an open rule has no halves that anything could break
    defineRule({ ...open, level: 'must' });
    // @ts-expect-error a rule with halves has a level that they break
    defineRule({ ...input, level: 'open' });
  });

  it('a rule without its source, or about a field that is not documented, does not', () => {
    // @ts-expect-error every rule is written somewhere
    defineRule({ ...input, citation: { sources: [], statements: [28] } });
    // @ts-expect-error there is no such source
    defineRule({ ...input, citation: { sources: ['hearsay'], statements: [28] } });
    // @ts-expect-error the document has no middle name
    defineRule({ ...input, constraint: { ...constraint, field: 'middle_name' } });
    // @ts-expect-error only fields that come back can be echoed
    defineRule({ ...answer, check: { kind: 'echo', field: 'options.get_client_auth_token' } });
  });

  it('the compiler finds exactly that', () => {
    const program = ts.createProgram([fileURLToPath(import.meta.url)], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node', 'mocha'],
    });
    const file = program.getSourceFile(fileURLToPath(import.meta.url));
    const found = program.getSemanticDiagnostics(file).map(({ messageText, start = 0 }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `line ${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(found, 'lines that compile though they must not, and others that do not').to.deep.equal([]);
  });
});

describe('model: fields', () => {
  it('every field but the option comes back', () => {
    expect([...ECHOED_FIELDS].sort()).to.deep.equal(FIELDS.filter((field) => field !== 'options.get_client_auth_token').sort());
  });
});
