import { expect } from 'chai';
import { CALLS, EXAMPLES, exampleFresh, examplesOf, filled, freshOf, OPEN_EXAMPLES, ruleOf, type Example } from './interactions.js';
import { judgeField } from './judge.js';
import { FIELDS, type FieldName, type InputRule } from './model.js';
import { RULES } from './rules/index.js';

const inputRules = RULES.filter((rule): rule is InputRule => rule.kind === 'input');
const valueOf = (example: Pick<Example, 'states'>, value: string): string => filled(value, { fresh: exampleFresh(freshOf(example)) });
const creates = examplesOf('create');
const badFields = ({ states, request }: Pick<Example, 'states' | 'request'>): FieldName[] =>
  request.fields.filter(({ name, value }) => judgeField(name, valueOf({ states }, value), inputRules) === 'violating').map(({ name }) => name);

describe('examples of the contract', () => {
  it('have keys and descriptions of their own', () => {
    const keys = [...EXAMPLES, ...OPEN_EXAMPLES].map(({ id }) => id);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const call of CALLS) {
      const descriptions = examplesOf(call).map(({ description }) => description);
      expect(new Set(descriptions).size, call).to.equal(descriptions.length);
    }
  });

  it('name rules that there are, and are pending exactly where one of these is a should', () => {
    for (const { id, rules, level } of EXAMPLES) {
      const levels = rules.map((rule) => ruleOf(rule).level);
      expect(levels, id).not.to.include('open');
      expect(level, id).to.equal(levels.includes('should') ? 'should' : 'must');
    }
    for (const { id, rules } of OPEN_EXAMPLES) expect(ruleOf(rules[0]).level, id).to.equal('open');
  });

  it('that are accepted have good values in every field', () => {
    for (const example of creates.filter(({ answer }) => answer.status === 200)) expect(badFields(example), example.id).to.deep.equal([]);
  });

  it('that are refused for a value have exactly one bad field, and the others as in a good request', () => {
    const refused = creates.filter(({ id, answer }) => /^create\/refused-/.test(id) && answer.members['error_code'] !== undefined);
    expect(refused.length).to.be.greaterThan(30);
    for (const example of refused) {
      const missing = FIELDS.filter((name) => /without-|empty-/.test(example.id) && example.id.endsWith(name));
      const bad = [...new Set([...badFields(example), ...missing])];
      expect(bad, example.id).to.have.length(1);
      expect(example.rules[0], example.id).to.match(new RegExp(`^${bad[0] ?? ''}/`));
    }
  });

  it('have values that match their own patterns', () => {
    for (const example of EXAMPLES)
      for (const { name, value, pattern } of example.request.fields)
        if (pattern !== undefined) expect(valueOf(example, value), `${example.id}, ${name}`).to.match(new RegExp(pattern));
    for (const example of EXAMPLES)
      for (const [name, member] of Object.entries(example.answer.members))
        if ('pattern' in member) expect(valueOf(example, member.value), `${example.id}, ${name}`).to.match(new RegExp(member.pattern));
  });

  it('cover every rule about values, presence, credentials and forms that a contract can hold', () => {
    const named = new Set(EXAMPLES.flatMap(({ rules }) => rules));
    const kinds = new Set(['presence', 'length', 'charset', 'edges', 'separator', 'examples', 'forms', 'credential', 'merchant', 'media-type']);
    const missing = inputRules.filter(({ id, constraint }) => kinds.has(constraint.kind) && !named.has(id)).map(({ id }) => id);
    expect(missing).to.deep.equal([]);
  });

  it('that leave a member out ask for it in no other way', () => {
    for (const { id, answer } of EXAMPLES)
      if (answer.without !== undefined) expect(Object.keys(answer.members).join(), id).not.to.include(answer.without.member);
  });

  it('that are about the token of a create expect it if and only if it is asked for', () => {
    for (const { id, request, answer } of creates.filter((example) => example.answer.status === 200)) {
      const asked = request.fields.find(({ name }) => name === 'options.get_client_auth_token')?.value === 'true';
      expect('juspay.client_auth_token' in answer.members, id).to.equal(asked);
    }
  });

  it('keep the contract of create to POST /customers, and the siblings to theirs', () => {
    for (const { id, request } of creates) expect(`${request.method} ${request.path}`, id).to.equal('POST /customers');
    for (const { id, request } of examplesOf('read')) expect(`${request.method} ${request.path}`, id).to.match(/^GET \/customers\/.+/);
    for (const { id, request } of examplesOf('update')) expect(`${request.method} ${request.path}`, id).to.match(/^POST \/customers\/.+/);
  });
});
