import { expect } from 'chai';
import fc from 'fast-check';
import { judgeResponse, occasionFits, show, type JudgedResponse, type ResponseJudgement } from './judge-response.js';
import { type Occasion, type ResponseCheck } from './model.js';
import { API_KEY, CUSTOMER, customer, memory, response } from './samples.spec-help.js';

type Outcome = ResponseJudgement['outcome'];
type Row<T> = readonly [what: string, of: T, outcome: Outcome];

const outcome = (check: ResponseCheck, of: JudgedResponse): Outcome => judgeResponse(check, of, memory()).outcome;

describe('judge-response: the token', () => {
  const asked = { client_auth_token: 'tkn_1', client_auth_token_expiry: '2020-03-17T14:28:37Z' };
  const rows: readonly (readonly [asked: JudgedResponse['tokenAsked'], juspay: unknown, outcome: Outcome])[] = [
    ['yes', asked, 'holds'],
    ['yes', undefined, 'broken'],
    ['yes', null, 'broken'],
    ['yes', {}, 'broken'],
    ['yes', 'tkn_1', 'broken'],
    ['yes', { client_auth_token: 'tkn_1' }, 'broken'],
    ['yes', { client_auth_token_expiry: '2020-03-17T14:28:37Z' }, 'broken'],
    // Whether it is empty, or no text, is for the rule about its value.
    ['yes', { ...asked, client_auth_token: null }, 'holds'],
    ['yes', { ...asked, client_auth_token: '' }, 'holds'],
    ['no', asked, 'broken'],
    ['no', { client_auth_token: 'tkn_1' }, 'broken'],
    ['no', { client_auth_token_expiry: '2020-03-17T14:28:37Z' }, 'broken'],
    ['no', undefined, 'holds'],
    ['no', null, 'holds'],
    ['no', {}, 'holds'],
    ['no', { client_auth_token: null, client_auth_token_expiry: null }, 'holds'],
    ['no', { client_auth_token: '' }, 'holds'],
    ['open', asked, 'not-applicable'],
    ['open', undefined, 'not-applicable'],
  ];
  for (const [tokenAsked, juspay, expected] of rows) {
    it(`asked for: ${tokenAsked}; juspay = ${show(juspay)}: ${expected}`, () => {
      expect(outcome({ kind: 'token-iff-asked' }, customer({ members: { juspay } }, { tokenAsked }))).to.equal(expected);
    });
  }

  it('a token that was seen before is broken, and an empty one is for another rule', () => {
    const check = { kind: 'distinct', member: 'juspay.client_auth_token' } as const;
    const seen = memory();
    expect(judgeResponse(check, customer(), seen).outcome).to.equal('holds');
    expect(judgeResponse(check, customer({ members: { 'juspay.client_auth_token': 'tkn_other' } }), seen).outcome).to.equal('holds');
    expect(judgeResponse(check, customer(), seen).outcome).to.equal('broken');
    for (const got of ['', null, 17, undefined]) {
      expect(judgeResponse(check, customer({ members: { 'juspay.client_auth_token': got } }), seen).outcome, show(got)).to.equal('not-applicable');
    }
  });

  const lifetimes: readonly Row<string>[] = [
    ['15 minutes', '2020-03-17T14:28:37Z', 'holds'],
    ['5 seconds more', '2020-03-17T14:28:42Z', 'holds'],
    ['5 seconds less', '2020-03-17T14:28:32Z', 'holds'],
    ['6 seconds more', '2020-03-17T14:28:43Z', 'broken'],
    ['6 seconds less', '2020-03-17T14:28:31Z', 'broken'],
    ['15 minutes, under another offset', '2020-03-17T19:58:37+05:30', 'holds'],
    ['15 seconds', '2020-03-17T14:13:52Z', 'broken'],
    ['no date', 'soon', 'not-applicable'],
  ];
  for (const [what, expiry, expected] of lifetimes) {
    it(`a lifetime of ${what}: ${expected}`, () => {
      const check = { kind: 'lifetime', from: 'date_created', to: 'juspay.client_auth_token_expiry', seconds: 900, tolerance: 5 } as const;
      expect(outcome(check, customer({ members: { 'juspay.client_auth_token_expiry': expiry } }))).to.equal(expected);
    });
  }
});

describe('judge-response: dates', () => {
  const order: readonly (readonly [created: string, updated: string, notBefore: Outcome, after: Outcome])[] = [
    ['2020-03-17T14:13:37Z', '2020-03-17T14:13:37Z', 'holds', 'broken'],
    ['2020-03-17T14:13:37Z', '2020-03-17T14:13:38Z', 'holds', 'holds'],
    ['2020-03-17T14:13:38Z', '2020-03-17T14:13:37Z', 'broken', 'broken'],
    // One of them was cut to the second.
    ['2020-03-17T14:13:37.999Z', '2020-03-17T14:13:37Z', 'holds', 'holds'],
    ['2020-03-17T14:13:38.001Z', '2020-03-17T14:13:37Z', 'broken', 'broken'],
    // Both have milliseconds, so a millisecond counts.
    ['2020-03-17T14:13:37.002Z', '2020-03-17T14:13:37.001Z', 'broken', 'broken'],
    ['2020-03-17T14:13:37.001Z', '2020-03-17T14:13:37.002Z', 'holds', 'holds'],
    ['2020-03-17T14:13:37Z', '2020-03-17T19:43:37+05:30', 'holds', 'broken'],
    ['2020-03-17T14:13:37Z', '2020-03-17T14:13:37+05:30', 'broken', 'broken'],
    ['soon', '2020-03-17T14:13:37Z', 'not-applicable', 'not-applicable'],
    ['2020-03-17T14:13:37Z', '2020-03-17T14:13:37', 'not-applicable', 'not-applicable'],
  ];
  for (const [date_created, last_updated, notBefore, after] of order) {
    it(`${last_updated} is not before ${date_created}: ${notBefore}; after it: ${after}`, () => {
      const of = customer({ members: { date_created, last_updated } });
      expect(outcome({ kind: 'not-before', earlier: 'date_created', later: 'last_updated' }, of)).to.equal(notBefore);
      expect(outcome({ kind: 'after', earlier: 'date_created', later: 'last_updated' }, of)).to.equal(after);
    });
  }

  it('the same instant, cut to whatever fraction on either side, is in order', () => {
    const digits = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), digits, digits, (microseconds, one, other) => {
        const written = (length: number): string => {
          const fraction = String(microseconds).padStart(6, '0').slice(0, length);
          return `2020-03-17T14:13:37${fraction === '' ? '' : `.${fraction}`}Z`;
        };
        const of = customer({ members: { date_created: written(one), last_updated: written(other) } });
        expect(outcome({ kind: 'not-before', earlier: 'date_created', later: 'last_updated' }, of)).to.equal('holds');
      }),
    );
  });

  const utc: readonly Row<string>[] = [
    ['Z', '2020-03-17T14:13:37Z', 'holds'],
    ['+00:00', '2020-03-17T14:13:37+00:00', 'holds'],
    ['-00:00', '2020-03-17T14:13:37-00:00', 'holds'],
    ['+0000', '2020-03-17T14:13:37+0000', 'holds'],
    ['+05:30', '2020-03-17T14:13:37+05:30', 'broken'],
    ['-0300', '2020-03-17T14:13:37-0300', 'broken'],
  ];
  for (const [what, date, expected] of utc) {
    it(`${what} as UTC, in either date: ${expected}`, () => {
      const check = { kind: 'utc', members: ['date_created', 'last_updated'] } as const;
      expect(outcome(check, customer({ members: { date_created: date } }))).to.equal(expected);
      expect(outcome(check, customer({ members: { last_updated: date } }))).to.equal(expected);
    });
  }

  const now: readonly Row<Readonly<Record<string, string>>>[] = [
    ['the same second', { Date: 'Tue, 17 Mar 2020 14:13:37 GMT' }, 'holds'],
    ['5 minutes later', { dAtE: 'Tue, 17 Mar 2020 14:18:37 GMT' }, 'holds'],
    ['5 minutes and a second later', { date: 'Tue, 17 Mar 2020 14:18:38 GMT' }, 'broken'],
    ['5 minutes and a second earlier', { date: 'Tue, 17 Mar 2020 14:08:36 GMT' }, 'broken'],
    ['no Date', {}, 'not-applicable'],
    ['a Date that cannot be read', { date: 'today' }, 'not-applicable'],
  ];
  for (const [what, headers, expected] of now) {
    it(`a Date of ${what}: ${expected}`, () => {
      expect(outcome({ kind: 'near-date-header', members: ['date_created', 'last_updated'], withinSeconds: 300 }, customer({ headers }))).to.equal(expected);
    });
  }
});

describe('judge-response: the head and the body as a whole', () => {
  const types: readonly (readonly [type: string, outcome: Outcome])[] = [
    ['application/json', 'holds'],
    ['application/json; charset=utf-8', 'holds'],
    ['Application/JSON;charset=UTF-8', 'holds'],
    ['text/json', 'broken'],
    ['application/problem+json', 'broken'],
    ['application/jsonp', 'broken'],
    ['', 'broken'],
  ];
  for (const [type, expected] of types) {
    it(`Content-Type ${JSON.stringify(type)} for application/json: ${expected}`, () => {
      expect(outcome({ kind: 'media-type', is: 'application/json' }, customer({ headers: { 'content-type': type } }))).to.equal(expected);
    });
  }

  it('no Content-Type is broken', () => {
    expect(outcome({ kind: 'media-type', is: 'application/json' }, customer({}, { headers: [] }))).to.equal('broken');
  });

  it('Content-Length counts bytes, and a body that broke off is not as long as it says', () => {
    const check = { kind: 'content-length' } as const;
    expect(outcome(check, response('"é"', { headers: { 'content-length': '4' } }))).to.equal('holds');
    expect(outcome(check, response('"é"', { headers: { 'content-length': '3' } }))).to.equal('broken');
    expect(outcome(check, response('{}', { headers: { 'content-length': '20' } }, { complete: false }))).to.equal('broken');
    expect(outcome(check, response('{}', {}, { headers: [] }))).to.equal('not-applicable');
    // It counts the packed bytes, which are not there to be counted any more.
    expect(outcome(check, response('{}', { headers: { 'content-length': '22', 'content-encoding': 'gzip' } }))).to.equal('not-applicable');
    expect(outcome(check, response('{}', { headers: { 'content-length': '22', 'content-encoding': 'identity' } }))).to.equal('broken');
  });

  it('what is no JSON breaks the rule about JSON, and rules about its members say nothing', () => {
    const of = response('{"id": "cst_1"');
    expect(outcome({ kind: 'json' }, of)).to.equal('broken');
    expect(outcome({ kind: 'json-object' }, of)).to.equal('not-applicable');
    for (const check of [
      { kind: 'members-once' },
      { kind: 'string', member: 'id', nonEmpty: true },
      { kind: 'constant', member: 'object', is: 'customer' },
      { kind: 'pattern', member: 'id', pattern: '^cst_', reads: 'cst_' },
      { kind: 'date-time', member: 'date_created' },
      { kind: 'token-iff-asked' },
    ] as const) {
      expect(outcome(check, of), check.kind).to.equal('not-applicable');
    }
    // A refusal without its strings has none of them, whatever else it is.
    expect(outcome({ kind: 'strings', members: ['status'] }, of)).to.equal('broken');
  });

  for (const text of ['[]', '"text"', 'null', '17', 'true']) {
    it(`${text} is JSON, and no object`, () => {
      expect(outcome({ kind: 'json' }, response(text))).to.equal('holds');
      expect(outcome({ kind: 'json-object' }, response(text))).to.equal('broken');
      expect(outcome({ kind: 'strings', members: ['status'] }, response(text))).to.equal('broken');
    });
  }

  it('a member that stands twice is named, wherever it stands', () => {
    const judgement = judgeResponse({ kind: 'members-once' }, response('{"a": {"b": 1, "b": 2}, "a": 1}'), memory());
    expect(judgement).to.deep.include({ outcome: 'broken', got: 'twice: a.b, a' });
  });

  it('a number, null and nothing are no strings; an empty one is, unless it may not be empty', () => {
    for (const got of [17, null, undefined, true, {}, []]) {
      expect(outcome({ kind: 'string', member: 'id', nonEmpty: false }, customer({ members: { id: got } })), show(got)).to.equal('broken');
    }
    expect(outcome({ kind: 'string', member: 'id', nonEmpty: false }, customer({ members: { id: '' } }))).to.equal('holds');
    expect(outcome({ kind: 'string', member: 'id', nonEmpty: true }, customer({ members: { id: '' } }))).to.equal('broken');
  });
});

describe('judge-response: what no response may show', () => {
  const secret = Buffer.from(`${API_KEY}:`).toString('base64');
  const places: readonly (readonly [where: string, of: (text: string) => JudgedResponse])[] = [
    ['in a member', (text) => customer({ members: { debug: text } })],
    ['inside a longer text', (text) => customer({ members: { debug: `got "${text}" from you` } })],
    ['in the name of a member', (text) => customer({ members: { [`x${text}`]: 1 } })],
    ['in a header', (text) => customer({ headers: { 'x-debug': text } })],
    ['in a body that is no JSON', (text) => response(`<html>${text}</html>`)],
    ['in bytes that are no UTF-8', (text) => response(Buffer.concat([Buffer.from([0xff]), Buffer.from(text)]))],
  ];
  for (const [where, of] of places) {
    it(`the key, or its base64, ${where} is broken, and the finding does not repeat it`, () => {
      for (const text of [API_KEY, secret]) {
        const judgement = judgeResponse({ kind: 'no-credential' }, of(text), memory());
        expect(judgement.outcome).to.equal('broken');
        expect(JSON.stringify(judgement)).to.not.include(text);
      }
    });
    it(`another customer's value ${where} is broken`, () => {
      const judgement = judgeResponse({ kind: 'no-other-customer' }, of('reference_of_another'), memory(['reference_of_another']));
      expect(judgement).to.have.property('outcome', 'broken');
    });
  }

  it('a response without them holds', () => {
    expect(outcome({ kind: 'no-credential' }, customer())).to.equal('holds');
    expect(outcome({ kind: 'no-other-customer' }, customer())).to.equal('holds');
  });
});

describe('judge-response: occasions', () => {
  const all = ['created', 'created-with-token', 'missing', 'invalid', 'duplicate', 'credential', 'unknown-customer', 'other'] as const;
  const rows: Readonly<Record<Occasion, readonly (typeof all)[number][]>> = {
    any: all,
    created: ['created', 'created-with-token'],
    'created-with-token': ['created-with-token'],
    missing: ['missing'],
    invalid: ['invalid'],
    'missing-or-invalid': ['missing', 'invalid'],
    refused: ['missing', 'invalid', 'duplicate', 'credential', 'unknown-customer'],
    duplicate: ['duplicate'],
    credential: ['credential'],
    'unknown-customer': ['unknown-customer'],
  };
  for (const [on, fitting] of Object.entries(rows) as [Occasion, (typeof all)[number][]][]) {
    it(`a rule for ${on} is judged on ${fitting.join(', ')}, and on nothing else`, () => {
      expect(all.filter((each) => occasionFits(on, each))).to.deep.equal([...fitting]);
    });
  }
});

describe('judge-response: show', () => {
  it('a value is shown as JSON, cut to a line', () => {
    expect(show(CUSTOMER.juspay)).to.equal(JSON.stringify(CUSTOMER.juspay));
    expect(show(undefined)).to.equal('nothing');
    expect(show('x'.repeat(200))).to.match(/^"x{99}… \(202 characters\)$/);
    fc.assert(
      fc.property(fc.string({ maxLength: 500, size: 'max' }), (text) => {
        expect(show(text).length).to.be.at.most(120);
      }),
    );
  });
});
