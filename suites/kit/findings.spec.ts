import { expect } from 'chai';
import { linesOf } from '../../contracts/document.js';
import type { Exchange } from '../../contracts/finding.js';
import type { OpenRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { Obstacles } from './check.js';
import { Context } from './context.js';
import type { Draft } from './draft.js';
import { gotOf, makeCounterexample, makeFinding } from './findings.js';
import type { Intent, Observation } from './observation.js';
import { MINE, observed, TOKEN } from './observed.spec-help.js';
import { settleReadings } from './open-check.js';
import { configOf } from './target.spec-help.js';

/** Nothing is sent here. */
const contextOf = (readings: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Context =>
  new Context(configOf('http://127.0.0.1:9/', { readings }), 300, TOKEN);

const ruleOf = (id: string): (typeof RULES)[number] => {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
};
const OPEN = RULES.find((rule): rule is OpenRule => rule.id === 'mobile_number/plus') as OpenRule;

/** An exchange as reports have it. */
function exchanged(text: string, more: Partial<Exchange> = {}, n = 3): Observation {
  const exchange: Exchange = {
    id: `first_name/charset#${n}`,
    ruleId: 'first_name/charset',
    n,
    purpose: 'violating',
    note: 'a sample',
    request: { method: 'POST', path: '/customers', headers: [['x-merchantid', 'acme']], body: { encoding: 'utf-8', text: `object_reference_id=${MINE}` } },
    response: { status: 200, headers: [], body: { encoding: 'utf-8', text }, complete: true },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    ...more,
  };
  return { ...observed({ intent: { n } }), exchange: () => exchange };
}

describe('findings: what came back, in a line', () => {
  it('the status and the text', () => expect(gotOf(exchanged('{"id":1}'))).to.equal('200 {"id":1}'));
  it('the status alone where there is no body', () => expect(gotOf(exchanged(''))).to.equal('200'));
  it('the beginning of a long text, and its length', () => {
    expect(gotOf(exchanged('a'.repeat(200)))).to.equal(`200 ${'a'.repeat(200)}`);
    expect(gotOf(exchanged('a'.repeat(201)))).to.equal(`200 ${'a'.repeat(180)}… (201 characters)`);
  });
  it('how many characters of base64', () => {
    const response = { status: 200, headers: [], body: { encoding: 'base64' as const, text: 'AAAA' }, complete: true };
    expect(gotOf(exchanged('', { response }))).to.equal('200 4 characters of base64');
  });
  it('why there is none, or why it broke off', () => {
    const failure = { kind: 'dropped' as const, message: 'the connection was closed' };
    expect(gotOf(exchanged('{"i', { failure }))).to.equal('200 {"i (the connection was closed)');
    const silent = exchanged('');
    const { response: _, ...exchange } = silent.exchange();
    expect(gotOf({ ...silent, exchange: () => ({ ...exchange, failure }) })).to.equal('the connection was closed');
    expect(gotOf({ ...silent, exchange: () => exchange })).to.equal('no answer');
  });
});

describe('findings: as reports have them', () => {
  it('the rule with its citation, what it came to, and readings in their order', () => {
    const rule = ruleOf('first_name/charset');
    const finding = makeFinding(contextOf(), rule, 'fail', { reason: 'because', got: '200', reading: { b: '2', a: '1' }, confirmed: { tries: 2, repeats: 2 } });
    expect(finding).to.include({
      ruleId: rule.id,
      level: 'must',
      verdict: 'fail',
      title: rule.title,
      reason: 'because',
      got: '200',
      requests: 0,
      judged: 0,
      durationMs: 0,
    });
    expect(Object.keys(finding.reading ?? {})).to.deep.equal(['a', 'b']);
    expect(finding.confirmed).to.deep.equal({ tries: 2, repeats: 2 });
    expect(finding.citation.statement).to.deep.equal([...rule.citation.statements]);
    expect(finding.citation.lines?.length).to.be.above(0);
    expect(finding).to.not.have.any.keys('expected', 'rate', 'counterexample');
    expect(makeFinding(contextOf(), rule, 'flaky', { reason: 'x', judged: 9, rate: { broken: 1, of: 9 } })).to.deep.include({
      judged: 9,
      rate: { broken: 1, of: 9 },
    });
  });

  it('the citation has the sources, the statements and their lines, and a note where there is one', () => {
    for (const rule of RULES) {
      const { sources, statements, note } = rule.citation;
      expect(makeFinding(contextOf(), rule, 'pass', { reason: 'x' }).citation, rule.id).to.deep.equal({
        source: [...sources],
        statement: [...statements],
        lines: linesOf(statements).map((range) => [...range]),
        ...(note === undefined ? {} : { note }),
      });
    }
  });

  it('a counterexample says what was meant by the request, and nothing that was not', () => {
    const details = { part: 'first_name', value: 'a b', controlValue: 'acb', path: 'violating/3', shrunk: true };
    const sentAs = (intent: Partial<Intent>, draft: Partial<Draft> = {}): unknown => {
      const create = exchanged('{}');
      const meant = { ruleId: 'first_name/charset', n: 3, purpose: 'violating', note: 'a sample', ...intent } as const;
      return makeCounterexample(contextOf(), { ...create, intent: meant, draft: { ...create.draft, ...draft } }, details).sentAs;
    };
    expect(sentAs({})).to.deep.equal({ ruleId: 'first_name/charset', n: 3 });
    const all = { create: true, good: false, family: 'paths', offence: 'missing', atFault: ['first_name'] } as const;
    expect(sentAs(all, { readingOpen: true })).to.deep.equal({ ruleId: 'first_name/charset', n: 3, ...all, readingOpen: true });
  });

  it('the command of a body that is no text, or of a request that has no reference, is as it was sent', () => {
    const details = { part: 'first_name', value: 'a b', controlValue: 'acb', path: 'violating/3', shrunk: true };
    const create = exchanged('{}');
    expect(makeCounterexample(contextOf(), { ...create, reference: undefined }, details).curl).to.include(MINE);
    const { request, ...rest } = create.exchange();
    const text = `${TOKEN}AAA`;
    const bytes = { ...create, exchange: () => ({ ...rest, request: { ...request, body: { encoding: 'base64' as const, text } } }) };
    expect(makeCounterexample(contextOf(), bytes, details).curl).to.include(text);
  });

  it('a counterexample keeps what was sent and got; its command sends a reference that no run has', () => {
    const create = exchanged('{}');
    const control = exchanged('{"ok":1}', {}, 4);
    const details = { part: 'first_name', value: 'a b', controlValue: 'acb', control, before: [control], path: 'violating/3', shrunk: true };
    const { curl, sentAs: _, ...made } = makeCounterexample(contextOf(), create, details);
    expect(made).to.deep.equal({
      part: 'first_name',
      value: 'a b',
      controlValue: 'acb',
      control: control.exchange(),
      request: create.exchange().request,
      response: create.exchange().response,
      before: [control.exchange()],
      seed: 7,
      path: 'violating/3',
      shrunk: true,
    });
    expect(curl).to.include('http://127.0.0.1:9/customers').and.to.include(MINE.replace(TOKEN, TOKEN.toUpperCase()));
    const read = { ...create, intent: { ...create.intent, create: false } };
    expect(makeCounterexample(contextOf(), read, details).curl, 'a read asks for the customer that is there').to.include(MINE);
  });

  it('without a control, a value or an answer there is none in it', () => {
    const failure = { kind: 'timeout' as const, message: 'no answer' };
    const silent = exchanged('', { failure });
    const { response: _, ...exchange } = silent.exchange();
    const made = makeCounterexample(
      contextOf(),
      { ...silent, exchange: () => exchange },
      { part: 'x', value: null, controlValue: null, path: 'violating/0', shrunk: false },
    );
    expect(made).to.deep.include({ value: null, controlValue: null, before: [], failure, shrunk: false });
    expect(made).to.not.have.any.keys('control', 'response');
  });
});

describe('findings: readings of an open rule', () => {
  const readings = (cases: Readonly<Record<string, Readonly<Record<string, Observation>>>>): Map<string, Map<string, Observation>> =>
    new Map(Object.entries(cases).map(([name, each]) => [name, new Map(Object.entries(each))]));
  const settle = (cases: Parameters<typeof readings>[0], obstacles = '', pinned = {}): ReturnType<typeof settleReadings> =>
    settleReadings(contextOf({ [OPEN.id]: pinned }), OPEN, readings(cases), obstacles);
  const [one, two] = [exchanged('{"a":1}', {}, 1), exchanged('{"b":2}', {}, 2)];

  it('one reading a case is observed', () => {
    expect(settle({ plus: { accepted: one }, zeros: { refused: two } })).to.deep.include({
      verdict: 'observed',
      reason: '2 cases, one reading each',
      reading: { plus: 'accepted', zeros: 'refused' },
      judged: 2,
    });
    expect(settle({ constructor: { accepted: one } })).to.deep.include({ reason: '1 case, one reading each', reading: { constructor: 'accepted' } });
    expect(settle({ plus: { accepted: one } })).to.not.have.any.keys('expected', 'counterexample');
  });

  it('two readings of a case fail, with the one that came first beside the other', () => {
    const finding = settle({ zeros: { refused: one }, plus: { refused: two, accepted: one } });
    expect(finding).to.deep.include({
      verdict: 'fail',
      reason: 'the same case was answered in two ways: plus',
      expected: 'plus: accepted, as before',
      got: 'plus: refused. 200 {"b":2}',
      judged: 3,
    });
    expect(finding.reading).to.deep.equal({ plus: 'accepted / refused', zeros: 'refused' });
    expect(finding.counterexample).to.deep.include({ part: 'plus', value: 'refused', controlValue: 'accepted', path: 'open/2', shrunk: false });
    expect(finding.counterexample?.control?.n).to.equal(1);
    expect(settle({ b: { x: one, y: two }, a: { x: one, y: two } }).reason, 'the first case in their order').to.contain(': a');
  });

  it('nothing that came up is skipped, what could not be asked is blocked', () => {
    expect(settle({})).to.include({ verdict: 'skipped', reason: 'nothing that it is about came up' });
    expect(settle({}, 'the budget did not reach it')).to.include({ verdict: 'blocked', reason: 'no case could be asked: the budget did not reach it' });
  });

  it('a reading that the configuration pins otherwise is said', () => {
    expect(settle({ plus: { accepted: one } }, '', { plus: 'refused' })).to.include({ verdict: 'observed', expected: 'plus: refused', got: 'plus: accepted' });
    expect(settle({ plus: { accepted: one } }, '', { plus: 'accepted' })).to.not.have.any.keys('expected');
    expect(settle({ plus: { accepted: one } }, '', { constructor: 'x', zeros: 'refused' })).to.not.have.any.keys('expected');
  });

  it('cases that are shown as one have all their readings, and contradict each other no more', () => {
    const shown = settleReadings(contextOf(), OPEN, readings({ 'a: 1': { x: one }, 'a: 2': { y: two } }), '', (name) => name.slice(0, 1));
    expect(shown).to.deep.include({ verdict: 'observed', reading: { a: 'x / y' } });
  });
});

describe('findings: why a half could not be checked', () => {
  it('each reason once, with how often', () => {
    const obstacles = new Obstacles();
    expect([obstacles.any, obstacles.toString()]).to.deep.equal([false, '']);
    for (const reason of ['it hung', 'it was refused', 'it hung']) obstacles.add(reason);
    expect([obstacles.any, obstacles.toString()]).to.deep.equal([true, 'it hung (2 times); it was refused']);
  });
});
