import { expect } from 'chai';
import { fixtureRun } from './fixture.js';
import { inRuleOrder } from './order.js';
import { againCommand, aspectOf, citationLines, gotText, sentText, shortCitation, statementText, topicOf } from './words.js';

describe('citations in words', () => {
  it('begin with the statements where the level rests on the page', () => {
    expect(citationLines({ source: ['doc'], statement: [13], lines: [[12, 12]] })).to.deep.equal(['statement 13, object_reference_id: 8 characters or more']);
  });

  it('begin with the other source where it does not', () => {
    const lines = citationLines({ source: ['v3.2', 'sdk'], statement: [13], lines: [[12, 12]], note: 'a note' });
    expect(lines).to.deep.equal(["edition 3.2, Juspay's client libraries; a note", 'statement 13, object_reference_id: 8 characters or more']);
    expect(citationLines({ source: ['std'], statement: [], lines: [], note: 'RFC 8259' })).to.deep.equal(['RFC 8259']);
    expect(citationLines({ source: ['doc'], statement: [], lines: [] })).to.deep.equal(['the page']);
  });

  it('of a later version are shown by their number', () => {
    expect(statementText(9999)).to.equal('statement 9999');
    expect(citationLines({ source: ['later'], statement: [], lines: [] })).to.deep.equal(['later']);
  });

  it('have a short form', () => {
    expect(shortCitation({ source: ['doc'], statement: [1, 2], lines: [] })).to.equal('statements 1, 2');
    expect(shortCitation({ source: ['sea', 'v2'], statement: [], lines: [] })).to.equal('the SEA edition');
  });
});

describe('rule ids', () => {
  it('are a topic and an aspect', () => {
    expect([topicOf('options.get_client_auth_token/true'), aspectOf('options.get_client_auth_token/true')]).to.deep.equal([
      'options.get_client_auth_token',
      'true',
    ]);
    expect([topicOf('alone'), aspectOf('alone')]).to.deep.equal(['alone', 'alone']);
  });

  it('sort as the rules do, unknown ones last', () => {
    const [any] = fixtureRun().findings;
    const ids = ['robustness/values', 'zebra/new', 'credentials/form', 'alpha/new'].map((ruleId) => ({ ...(any ?? expect.fail()), ruleId }));
    expect(inRuleOrder(ids).map(({ ruleId }) => ruleId)).to.deep.equal(['credentials/form', 'robustness/values', 'alpha/new', 'zebra/new']);
  });
});

describe('the command that sees a finding again', () => {
  it('is safe to paste whatever the merchant is called', () => {
    const run = fixtureRun({ target: { url: 'http://127.0.0.1:9', embedded: false, merchantId: "it's; rm -rf ~" } });
    expect(againCommand(run, run.findings[0] ?? expect.fail())).to.include("--merchant-id 'it'\\''s; rm -rf ~'");
  });

  it('of a client has the options that it was run with', () => {
    const client = { command: ['npm', 'run', 'a b'], options: ['--env', 'A={url}'], timedOut: false, durationMs: 0, notes: [] };
    expect(againCommand(fixtureRun({ client }), { ruleId: 'any' })).to.equal("conform client --env 'A={url}' -- npm run 'a b'");
  });
});

describe('what came back', () => {
  const base = fixtureRun().findings.find(({ ruleId }) => ruleId === 'first_name/charset') ?? expect.fail();
  const got = (text: string, words?: string): string | undefined => {
    const { counterexample = expect.fail() } = base;
    const response = { status: 200, headers: [], body: { encoding: 'utf-8' as const, text }, complete: true };
    return gotText({ ...base, counterexample: { ...counterexample, response }, ...(words === undefined ? {} : { got: words }) });
  };

  it('is shown with the member that it is about', () => {
    const body = '{"id":"cst_1","object":"customer","last_name":null,"first_name":"a b"}';
    expect(got(body)).to.equal('200 {"id":"cst_1","first_name":"a b",…}');
    expect(got(body, '200 {"id":"cst_1","object":"cust… (70 characters)')).to.equal('200 {"id":"cst_1","first_name":"a b",…}');
  });

  it("is the engine's words where those say more than the body", () => {
    expect(got('{"id":"x","first_name":"a b","a":1,"b":2}', 'id = "x"')).to.equal('id = "x"');
  });

  it('is the whole body where nothing in it is the one that matters', () => {
    for (const text of ['{"id":"cst_1","a":1,"b":2}', '[1]', 'null', 'no JSON', '{"id":"cst_1","first_name":"a b"}']) expect(got(text)).to.equal(`200 ${text}`);
  });
});

describe('what was sent', () => {
  const base = fixtureRun().findings.find(({ ruleId }) => ruleId === 'first_name/charset') ?? expect.fail();
  const sent = (part: string, value: string | null, controlValue: string | null, level: 'must' | 'open' = 'must'): string | undefined =>
    sentText({ ...base, level, counterexample: { ...(base.counterexample ?? expect.fail()), part, value, controlValue } }, 20);

  it('is the field with its value, and what was accepted instead', () => {
    expect(sent('first_name', 'a b', 'acb')).to.equal('first_name = "a b"    (the same request with "acb" was accepted)');
    expect(sent('object_reference_id', null, 'cust_123489')).to.equal('no object_reference_id    (the same request with "cust_123489" was accepted)');
    expect(sent('first_name', 'a b', null)).to.equal('first_name = "a b"    (the same request without first_name was accepted)');
    expect(sent('first_name', 'a', 'a')).to.equal('first_name = "a"');
  });

  it('is cut where it is long, with its length', () => {
    expect(sent('first_name', 'x'.repeat(1000), 'a')).to.match(/^first_name = "x+…" \(1,000 characters\) {4}/);
  });

  it('is told in the words of the check where it is no field', () => {
    expect(sent('one of 8 creates at the same moment', null, null)).to.equal('one of 8 creates at the same moment');
    expect(sent('first_name: bad then good', 'accepted', 'last', 'open')).to.equal('first_name: bad then good');
    expect(sent('', null, null)).to.equal('POST /customers');
  });
});
