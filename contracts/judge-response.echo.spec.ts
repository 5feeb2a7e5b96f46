import { expect } from 'chai';
import fc from 'fast-check';
import { isNormalised, judgeResponse, show, type JudgedResponse, type ResponseJudgement } from './judge-response.js';
import { ECHOED_FIELDS, type EchoedField, type Judgement, type ResponseCheck } from './model.js';
import { customer, memory, response, sentValues } from './samples.spec-help.js';

type Outcome = ResponseJudgement['outcome'];

const outcome = (check: ResponseCheck, of: JudgedResponse): Outcome => judgeResponse(check, of, memory()).outcome;

/** A customer whose request sent this value, judged so, and that comes back with this member. */
function echoed(field: EchoedField, sent: string | undefined, judgement: Judgement, got: unknown): JudgedResponse {
  const values = { ...sentValues({}), ...(sent === undefined ? {} : { [field]: { value: sent, judgement } }) };
  return customer({ members: { [field]: got } }, { sent: values });
}

describe('judge-response: what was sent and is good comes back exactly', () => {
  const field = fc.constantFrom(...ECHOED_FIELDS);
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('null', 'true', 'a"b\\c', "O'Neil", '😀', '\u0000', 'undefined'));

  it('a value that comes back is kept, any other text is not', () => {
    fc.assert(
      fc.property(field, text, text, (name, sent, got) => {
        const check = { kind: 'echo', field: name } as const;
        expect(outcome(check, echoed(name, sent, 'conforming', sent)), 'the same').to.equal('holds');
        expect(outcome(check, echoed(name, sent, 'conforming', got)), 'another').to.equal(sent === got ? 'holds' : 'broken');
      }),
    );
  });

  const changed: readonly (readonly [what: string, sent: string, got: unknown])[] = [
    ['in lower case', 'John', 'john'],
    ['trimmed', 'John ', 'John'],
    ['in normal form C', 'Jose\u0301', 'Jos\u00e9'],
    ['as a number', '99887766', 99887766],
    ['as true', 'true', true],
    ['as null', 'null', null],
    ['in a list', 'John', ['John']],
    ['not at all', 'John', undefined],
    ['empty', 'John', ''],
  ];
  for (const [what, sent, got] of changed) {
    it(`a good value that comes back ${what} is broken`, () => {
      expect(outcome({ kind: 'echo', field: 'first_name' }, echoed('first_name', sent, 'conforming', got))).to.equal('broken');
    });
  }

  it('a bad value that was accepted breaks its own rule, and no rule about its echo', () => {
    expect(outcome({ kind: 'echo', field: 'first_name' }, echoed('first_name', 'a b', 'violating', 'something else'))).to.equal('not-applicable');
  });

  it('a body that can be read in several ways is held against nothing, and no object neither', () => {
    expect(outcome({ kind: 'echo', field: 'first_name' }, customer({ members: { first_name: 'x' } }, { sent: undefined }))).to.equal('not-applicable');
    expect(outcome({ kind: 'echo', field: 'first_name' }, response('["John"]'))).to.equal('not-applicable');
    expect(outcome({ kind: 'echo', field: 'first_name' }, response('not JSON'))).to.equal('not-applicable');
  });
});

describe('judge-response: what was not sent comes back as nothing', () => {
  it('a reference that was not sent is required: what comes back for it is no further defect', () => {
    const check = { kind: 'echo', field: 'object_reference_id' } as const;
    for (const got of [null, 'made_up_123'])
      expect(outcome(check, echoed('object_reference_id', undefined, 'open', got)), show(got)).to.equal('not-applicable');
  });

  for (const field of ECHOED_FIELDS) {
    if (field === 'object_reference_id') continue;
    it(`${field}: null, "" and absent hold, anything else is broken`, () => {
      const check = { kind: 'echo', field } as const;
      for (const got of [null, '', undefined]) expect(outcome(check, echoed(field, undefined, 'open', got)), show(got)).to.equal('holds');
      for (const got of ['null', ' ', 'undefined', 0, false, [], {}, 'John']) {
        expect(outcome(check, echoed(field, undefined, 'open', got)), show(got)).to.equal('broken');
      }
    });

    it(`${field}: what was sent empty, and accepted, is as what was not sent`, () => {
      const check = { kind: 'echo', field } as const;
      for (const got of [null, '', undefined]) expect(outcome(check, echoed(field, '', 'open', got)), show(got)).to.equal('holds');
      expect(outcome(check, echoed(field, '', 'open', 'John')), 'another value').to.equal('broken');
    });
  }

  it('the country code alone may have a standard value', () => {
    for (const got of ['55', '91', '+91', '1', '1246']) {
      expect(outcome({ kind: 'echo', field: 'mobile_country_code' }, echoed('mobile_country_code', undefined, 'open', got)), got).to.equal('holds');
      expect(outcome({ kind: 'echo', field: 'mobile_number' }, echoed('mobile_number', undefined, 'open', got)), got).to.equal('broken');
    }
    for (const got of ['BR', '12345', '+', '++91', '91 ', 91]) {
      expect(outcome({ kind: 'echo', field: 'mobile_country_code' }, echoed('mobile_country_code', undefined, 'open', got)), show(got)).to.equal('broken');
    }
  });
});

describe('judge-response: what is left open comes back unchanged or normalised', () => {
  const normalised: readonly (readonly [what: string, sent: string, echo: string])[] = [
    ['unchanged', 'a\u0001 "b"😀', 'a\u0001 "b"😀'],
    ['blanks trimmed', '  john \n', 'john'],
    ['blanks run together', 'a \t b', 'a b'],
    ['a plus dropped', '+5511987654321', '5511987654321'],
    ['a leading zero dropped', '0987654321', '987654321'],
    ['a country code dropped', '+55 11987654321', '11987654321'],
    ['normal form C', 'Jose\u0301', 'Jos\u00e9'],
    ['normal form D', 'Jos\u00e9', 'Jose\u0301'],
    ['a compatible form', '\u2160 \uff11', 'I 1'],
    ['in lower case', 'JOS\u00c9@example.com', 'jos\u00e9@example.com'],
    ['a domain in its ASCII form', 'jo@\u00e9xample.com', 'jo@xn--xample-9ua.com'],
    ['an accent dropped', 'Jos\u00e9', 'Jose'],
    ['control characters dropped', 'a\u0000b\u007f', 'ab'],
    ['an emoji dropped', 'ab😀cd', 'abcd'],
    ['quotes dropped', 'ab"cd', 'abcd'],
    ['cut at 64 characters', 'x'.repeat(70), 'x'.repeat(64)],
  ];
  for (const [what, sent, echo] of normalised) {
    it(`${what}: ${show(sent)} as ${show(echo)} holds`, () => {
      expect(isNormalised(sent, echo)).to.equal(true);
      expect(outcome({ kind: 'echo', field: 'first_name' }, echoed('first_name', sent, 'open', echo))).to.equal('holds');
    });
  }

  const spoilt: readonly (readonly [what: string, sent: string, echo: unknown])[] = [
    ['UTF-8 read as Latin-1', 'Jos\u00e9', 'Jos\u00c3\u00a9'],
    ['UTF-8 read as Latin-1', 'ab😀cd', 'abð\u009f\u0098\u0080cd'],
    ['a question mark for what was not understood', 'Jos\u00e9', 'Jos?'],
    ['a question mark for what was not understood', 'ab😀cd', 'ab?cd'],
    ['a replacement character', 'ab😀cd', 'ab\ufffdcd'],
    ['escaped for HTML', 'a<b', 'a&lt;b'],
    ['escaped for HTML', 'a&b', 'a&amp;b'],
    ['escaped for HTML', 'a"b', 'a&quot;b'],
    ['escaped twice for JSON', 'a"b', 'a\\"b'],
    ['escaped twice for JSON', 'a\\b', 'a\\\\b'],
    ['escaped twice for JSON', 'a\u0001b', 'a\\u0001b'],
    ['a quote doubled for SQL', "a'b", "a''b"],
    ['not decoded', 'a b', 'a+b'],
    ['not decoded', 'a b', 'a%20b'],
    ['the characters in another order', 'a b', 'b a'],
    ['a character doubled', 'a b', 'aa b'],
    ['another domain in its ASCII form', 'jo@\u00e9xample.com', 'jo@xn--exmple-cua.com'],
    ['cut where it was not long', 'ab cd', 'ab c'],
    ['a number cut at its end', '+5511987654321', '551198765432'],
    ['another value', 'a b', 'c'],
    ['empty', 'a b', ''],
    ['no text', '+5511987654321', 5511987654321],
  ];
  for (const [what, sent, echo] of spoilt) {
    it(`${what}: ${show(sent)} as ${show(echo)} is broken`, () => {
      if (typeof echo === 'string') expect(isNormalised(sent, echo)).to.equal(false);
      expect(outcome({ kind: 'echo', field: 'first_name' }, echoed('first_name', sent, 'open', echo))).to.equal('broken');
    });
  }

  it('trimming, any letter case and any normal form of any text is normalised', () => {
    const changes = fc.constantFrom<(text: string) => string>(
      (text) => text.trim(),
      (text) => text.normalize('NFC'),
      (text) => text.normalize('NFD'),
      (text) => text.replace(/^\+/, ''),
      (text) => text.replaceAll('\u0000', ''),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), changes, (sent, change) => {
        expect(isNormalised(sent, change(sent)), `${show(sent)} as ${show(change(sent))}`).to.equal(true);
      }),
    );
  });

  it('a letter or digit more, anywhere, is never normalised', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.constantFrom('x', '7', 'é', '?', '\\', '&', '+', '\ufffd'), (sent, at, extra) => {
        const parts = [...sent];
        const echo = parts.toSpliced(at % (parts.length + 1), 0, extra).join('');
        expect(isNormalised(sent, echo), `${show(sent)} as ${show(echo)}`).to.equal(false);
      }),
    );
  });
});

describe('judge-response: repeated fields', () => {
  const rows: readonly (readonly [got: unknown, outcome: Outcome])[] = [
    ['John', 'holds'],
    ['Jo hn', 'broken'],
    ['John,Jo hn', 'broken'],
    [null, 'holds'],
    [['John', 'Jo hn'], 'broken'],
    ['Someone', 'holds'],
  ];
  for (const [got, expected] of rows) {
    it(`what comes back of a good and a bad first_name as ${show(got)}: ${expected}`, () => {
      const of = customer({ members: { first_name: got } }, { sent: undefined, repeated: [{ field: 'first_name', values: ['John', 'Jo hn'] }] });
      expect(outcome({ kind: 'repeated-echo' }, of)).to.equal(expected);
    });
  }

  it('a field that was sent once is none of it', () => {
    expect(outcome({ kind: 'repeated-echo' }, customer({ members: { first_name: 'Jo hn' } }))).to.equal('not-applicable');
  });
});
