import { expect } from 'chai';
import fc from 'fast-check';
import { countVerdicts, VERDICTS, type Finding, type Verdict } from '../../contracts/finding.js';
import { RULES } from '../../contracts/rules/index.js';
import { baselineComplaint, baselineFrom, BaselineError, baselineResult, dayOf, parseBaseline, withAcceptance } from './baseline.js';
import { exitCodeOf } from './exit-code.js';

const RULE = 'last_name/charset';
const finding = (verdict: Verdict, more: Partial<Finding> = {}): Finding => ({
  ruleId: RULE,
  level: 'must',
  verdict,
  title: 'a sample',
  citation: { source: ['doc'], statement: [], lines: [] },
  reason: 'because',
  requests: 1,
  judged: 1,
  durationMs: 1,
  ...more,
});
const errorOf = (text: string): string => {
  try {
    parseBaseline(text, 'b.yaml');
  } catch (error) {
    expect(error).to.be.instanceOf(BaselineError);
    return (error as Error).message;
  }
  return expect.fail(`this was taken: ${text}`);
};

describe('baseline: what is read', () => {
  it('YAML and JSON say the same', () => {
    const yaml = parseBaseline(
      `# known\n- rule: ${RULE}\n  reason: names of partners\n  link: https://tickets.example.com/17\n  expires: 2027-03-31\n`,
      'b.yaml',
    );
    const json = parseBaseline(
      `[\n\t{ "rule": "${RULE}", "reason": "names of partners", "link": "https://tickets.example.com/17", "expires": "2027-03-31" }\n]`,
      'b.yaml',
    );
    expect(yaml).to.deep.equal(json);
    expect(yaml.entries[0]).to.deep.include({ rule: RULE, expires: '2027-03-31' });
  });

  it('a file with comments only accepts nothing', () => {
    expect(parseBaseline('# all fixed\n', 'b.yaml').entries).to.deep.equal([]);
    expect(parseBaseline('', 'b.yaml').entries).to.deep.equal([]);
  });

  const rows: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    [
      'a rule that there is none of, with the one that was meant',
      '- rule: last_name/charste\n  reason: a\n',
      /^b\.yaml:1:9: there is no rule "last_name\/charste"\. Did you mean last_name\/charset\?$/,
    ],
    [
      'a pattern',
      '- rule: last_name/*\n  reason: a\n',
      /^b\.yaml:1:9: there is no rule "last_name\/\*"\. A line is about one rule; patterns are not known here\. \S/,
    ],
    ['a rule of which a part was named', '- rule: utf\n  reason: a\n', /there is no rule "utf"\. Did you mean encoding\/utf-8\?$/],
    ['a rule that is near none', '- rule: zzzz_name/charzez\n  reason: a\n', /there is no rule "zzzz_name\/charzez"\. `conform rules` lists them\.$/],
    ['a rule that is just near enough', '- rule: zzzz_name/charsez\n  reason: a\n', /Did you mean last_name\/charset\?$/],
    ['two letters that many rules have', '- rule: te\n  reason: a\n', /there is no rule "te"\. `conform rules` lists them\.$/],
    ['a line without a rule', '- reason: a\n', /^b\.yaml:1:3: rule is missing\. Wanted the id of a rule, such as last_name\/charset\.$/],
    ['a rule that is no text', '- rule: 7\n  reason: a\n', /^b\.yaml:1:9: got 7, wanted /],
    [
      'a reason that is missing beside a rule that is no text',
      '- rule: 7\n',
      /^b\.yaml:1:3: reason is missing\. Every accepted departure says why it is accepted\.$/,
    ],
    [
      'what is wrong in the eleventh line',
      `${RULES.slice(0, 10)
        .map(({ id }) => `- { rule: ${id}, reason: a }\n`)
        .join('')}- { rule: ${RULES[10]?.id ?? ''}, reason: "" }\n`,
      /^b\.yaml:11:\d+: got "", wanted why it is accepted/,
    ],
    ['a line without a reason', `- rule: ${RULE}\n`, /^b\.yaml:1:3: last_name\/charset has no reason\. Every accepted departure says why/],
    ['an empty reason', `- rule: ${RULE}\n  reason: "  "\n`, /^b\.yaml:2:11: got " {2}", wanted why it is accepted, in words\.$/],
    ['a reason that is not there behind its key', `- rule: ${RULE}\n  reason:\n`, /got null, wanted why it is accepted/],
    [
      'a rule twice, with both places',
      `- rule: ${RULE}\n  reason: a\n- rule: ${RULE}\n  reason: b\n`,
      /^b\.yaml:3:9: last_name\/charset is listed twice, first in b\.yaml:1:9/,
    ],
    ['a member that there is none of', `- rule: ${RULE}\n  reason: a\n  expire: 2027-01-01\n`, /^b\.yaml:3:11: there is no "expire"\. Wanted rule, reason/],
    ['a day that there is none of', `- rule: ${RULE}\n  reason: a\n  expires: 2027-02-30\n`, /^b\.yaml:3:12: got "2027-02-30", wanted the last day/],
    ['a link that is none', `- rule: ${RULE}\n  reason: a\n  link: ticket 17\n`, /^b\.yaml:3:9: got "ticket 17", wanted a URL/],
    [
      'a verdict that nobody can accept',
      `- rule: ${RULE}\n  reason: a\n  verdict: blocked\n`,
      /^b\.yaml:3:12: got "blocked", wanted one of fail, flaky, warn, observed/,
    ],
    ['what is no list', `rule: ${RULE}\nreason: a\n`, /^b\.yaml:1:1: got .*, wanted a list of accepted departures/],
    ['what is no YAML', `- rule: ${RULE}\n  reason: a: b\n`, /^b\.yaml:2:11: it is neither YAML nor JSON/],
  ];
  for (const [what, text, message] of rows) {
    it(`${what} is refused`, () => {
      expect(errorOf(text)).to.match(message);
    });
  }

  it('lines of a program are checked too, with their places', () => {
    expect(() => baselineFrom([{ rule: 'nothing', reason: 'a' }])).to.throw(BaselineError, /^baseline\[0\]\.rule: there is no rule "nothing"/);
    const lines = RULES.slice(0, 12).map(({ id }, index) => ({ rule: id, reason: index === 11 ? '' : 'a' }));
    expect(() => baselineFrom(lines))
      .to.throw(BaselineError, /^baseline\[11\]\.reason: got "", wanted why/)
      .with.property('name', 'BaselineError');
  });
});

describe('baseline: what it does to a run', () => {
  const line = (more: object = {}) => baselineFrom([{ rule: RULE, reason: 'names of partners', ...more }]);
  const TODAY = '2026-11-23';

  const rows: readonly (readonly [what: string, finding: Finding, more: object, accepted: boolean, complains: boolean])[] = [
    ['a listed failure is accepted', finding('fail'), {}, true, false],
    ['a listed flaky rule is accepted', finding('flaky'), {}, true, false],
    ['a listed warning is accepted', finding('warn', { level: 'should' }), {}, true, false],
    ['a listed contradiction of a pinned reading is accepted', finding('observed', { level: 'open', expected: 'case: refused' }), {}, true, false],
    ['a failure where only flaky is listed is not accepted', finding('fail'), { verdict: 'flaky' }, false, false],
    ['on its last day it is accepted', finding('fail'), { expires: TODAY }, true, false],
    ['the day after it is not', finding('fail'), { expires: '2026-11-22' }, false, true],
    ['a listed rule that passes is complained of', finding('pass'), {}, false, true],
    ['a listed rule that is observed without contradiction is complained of', finding('observed', { level: 'open' }), {}, false, true],
    ['a listed rule that could not be checked says nothing', finding('blocked'), { expires: '2026-11-22' }, false, false],
    ['a listed rule that was skipped says nothing', finding('skipped'), {}, false, false],
    ['a rule that is not listed says nothing', finding('fail', { ruleId: 'first_name/charset' }), { expires: '2026-11-22' }, false, false],
  ];
  for (const [what, given, more, accepted, complains] of rows) {
    it(what, () => {
      const marked = withAcceptance(given, line(more), TODAY);
      expect(marked.accepted !== undefined).to.equal(accepted);
      expect(marked.verdict).to.equal(given.verdict);
      expect(baselineComplaint(marked, line(more), TODAY) !== undefined).to.equal(complains);
    });
  }

  it('complains in a sentence that says where and why', () => {
    const [named, unnamed] = [{ ...line({ expires: '2026-11-22' }), file: 'b.yaml' }, line({ expires: '2026-11-22' })];
    expect(baselineComplaint(finding('pass'), named, TODAY)).to.equal(`${RULE} holds, and b.yaml lists it as broken: take its line out`);
    expect(baselineComplaint(finding('pass'), unnamed, TODAY)).to.equal(`${RULE} holds, and the baseline lists it as broken: take its line out`);
    expect(baselineComplaint(finding('fail'), named, TODAY)).to.equal(`${RULE} was accepted until 2026-11-22 in b.yaml: that is over`);
    expect(baselineComplaint(finding('fail'), unnamed, TODAY)).to.equal(`${RULE} was accepted until 2026-11-22 in the baseline: that is over`);
    expect(baselineComplaint(finding('fail'), undefined, TODAY)).to.equal(undefined);
  });

  it('lists what fails the run by its line: what holds, and what was accepted until a day that is over', () => {
    const link = 'https://tickets.example.com/17';
    const of = (verdict: Verdict): ReturnType<typeof baselineResult> => baselineResult([finding(verdict)], line({ expires: '2026-11-22', link }), TODAY);
    const entry = { rule: RULE, reason: 'names of partners', link, expires: '2026-11-22' };
    expect(of('pass')).to.deep.equal({ stale: [entry], expired: [] });
    expect(of('fail')).to.deep.equal({ stale: [], expired: [entry] });
    expect(baselineResult([], line({ expires: '2026-11-22' }), TODAY), 'a rule that was not selected').to.deep.equal({ stale: [], expired: [] });
    expect(baselineResult([finding('pass')], { ...line(), file: 'b.yaml' }, TODAY)).to.deep.equal({
      file: 'b.yaml',
      stale: [{ rule: RULE, reason: 'names of partners' }],
      expired: [],
    });
  });

  it('leaves a finding alone that no line is about, or without a baseline', () => {
    const given = finding('fail');
    expect(withAcceptance(given, undefined, TODAY)).to.equal(given);
    expect(withAcceptance(given, baselineFrom([]), TODAY)).to.equal(given);
    expect(withAcceptance(given, line(), TODAY).accepted).to.deep.equal({ reason: 'names of partners' });
  });

  it('counts days in UTC', () => {
    expect(dayOf(new Date('2026-11-23T23:59:59.999Z'))).to.equal('2026-11-23');
    expect(dayOf(new Date('2026-11-24T01:00:00+02:00'))).to.equal('2026-11-23');
  });

  it('says where the departure was accepted, and until when', () => {
    const { accepted } = withAcceptance(finding('fail'), line({ link: 'https://tickets.example.com/17', expires: '2027-03-31', verdict: 'fail' }), TODAY);
    expect(accepted).to.deep.equal({ reason: 'names of partners', link: 'https://tickets.example.com/17', expires: '2027-03-31' });
  });

  it('never makes a run better than its other findings, and never accepts what is not listed', () => {
    const ids = RULES.slice(0, 12).map(({ id }) => id);
    const findings = fc
      .array(fc.constantFrom(...VERDICTS), { minLength: ids.length, maxLength: ids.length })
      .map((verdicts) => verdicts.map((verdict, index) => finding(verdict, { ruleId: ids[index] ?? '' })));
    const entries = fc
      .subarray(ids)
      .chain((rules) =>
        fc.tuple(
          ...rules.map((rule) => fc.record({ rule: fc.constant(rule), reason: fc.constant('known'), expires: fc.constantFrom('2026-11-22', '2026-11-23') })),
        ),
      );
    fc.assert(
      fc.property(findings, entries, fc.constantFrom('must' as const, 'should' as const), (given, lines, failOn) => {
        const baseline = baselineFrom(lines);
        const marked = given.map((each) => withAcceptance(each, baseline, TODAY));
        const result = baselineResult(marked, baseline, TODAY);
        const code = exitCodeOf({ findings: marked, counts: countVerdicts(marked), status: 'complete', failOn, baseline: result });
        const rest = given.filter((_, index) => marked[index]?.accepted === undefined);
        for (const each of marked) if (each.accepted !== undefined) expect(lines.map(({ rule }) => rule)).to.include(each.ruleId);
        const without = exitCodeOf({ findings: rest, counts: countVerdicts(given), status: 'complete', failOn });
        expect(code).to.equal(result.stale.length + result.expired.length > 0 ? 1 : without);
      }),
    );
  });
});
