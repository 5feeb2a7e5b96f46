import { expect } from 'chai';
import type { Offence } from '../../contracts/model.js';
import { isBadOrigin, isBroken, judged, judgeFieldValue, occasionOf, parseBody } from './observation.js';
import { FIELDS, MINE, observed, type Given } from './observed.spec-help.js';

const BAD_ORIGIN = JSON.stringify({ error_info: { code: 'BAD_ORIGIN' } });
const DROPPED = { kind: 'dropped', message: 'the connection was closed' } as const;

describe('observation: what an answer counts as', () => {
  const cases: readonly (readonly [given: Given, outcome: string, why: string])[] = [
    [{}, 'accepted', '200'],
    [{ status: 201 }, 'accepted', '201'],
    [{ status: 299 }, 'accepted', '299'],
    [{ status: 300 }, 'other', 'a redirect'],
    [{ status: 199 }, 'other', 'an interim status'],
    [{ status: 399 }, 'other', '399'],
    [{ status: 400 }, 'refused', '400'],
    [{ status: 401 }, 'refused', '401'],
    [{ status: 403 }, 'refused', '403'],
    [{ status: 499 }, 'refused', '499'],
    [{ status: 429 }, 'throttled', '429'],
    [{ status: 403, text: BAD_ORIGIN }, 'throttled', '403 for an address that is not let in'],
    [{ status: 400, text: BAD_ORIGIN }, 'refused', '400 with that code'],
    [{ status: 500 }, 'broken', '500'],
    [{ status: 503 }, 'broken', '503'],
    [{ silent: true, failure: DROPPED }, 'broken', 'no answer'],
    [{ failure: DROPPED }, 'accepted', '200 whose body broke off'],
    [{ status: 302, failure: DROPPED }, 'broken', 'a redirect whose body broke off'],
  ];
  for (const [given, outcome, why] of cases) {
    it(`${why} is ${outcome}`, () => expect(observed(given).outcome).to.equal(outcome));
  }

  it('what is 5xx, silent or broken off counts as not answered', () => {
    expect([{}, { status: 400 }, { status: 300 }].map((given) => isBroken(observed(given)))).to.deep.equal([false, false, false]);
    expect([{ status: 500 }, { failure: DROPPED }, { silent: true, failure: DROPPED }].map((given) => isBroken(observed(given)))).to.deep.equal([
      true,
      true,
      true,
    ]);
  });

  it('an address is not let in by 403 with its code, and by nothing else', () => {
    expect(isBadOrigin(observed({ status: 403, text: BAD_ORIGIN }))).to.equal(true);
    for (const given of [{ status: 403 }, { status: 401, text: BAD_ORIGIN }, { silent: true }]) expect(isBadOrigin(observed(given))).to.equal(false);
  });

  it('without a response there is no JSON, and a reason for it', () => {
    expect(parseBody(undefined)).to.deep.include({ text: '', repeated: [] });
    expect(parseBody(undefined).error).to.match(/\S/);
  });
});

describe('observation: what a response is judged by', () => {
  const asked = (value: string): string => judged(observed({ draft: { fields: [['options.get_client_auth_token', value]] } }), []).tokenAsked;

  it('the token was asked for by true alone; other spellings of true leave it open, other values do not ask', () => {
    expect(asked('true')).to.equal('yes');
    for (const value of ['TRUE', ' true', 't', 'yes', 'Y', 'on', '1']) expect(asked(value), value).to.equal('open');
    for (const value of ['false', '', '0', 'no', 'truee', '11']) expect(asked(value), value).to.equal('no');
    expect(judged(observed({ draft: { fields: [] } }), []).tokenAsked).to.equal('no');
  });

  it('every documented field that was sent is held against it, with its judgement; others are not', () => {
    const { sent, repeated } = judged(
      observed({
        draft: {
          fields: [
            ['first_name', 'A'],
            ['last_name', 'a b'],
            ['nickname', 'x'],
          ],
        },
      }),
      [],
    );
    expect(sent).to.deep.equal({ first_name: { value: 'A', judgement: 'conforming' }, last_name: { value: 'a b', judgement: 'violating' } });
    expect(repeated).to.deep.equal([]);
  });

  it('where a field came twice, or the reading of the body is open, nothing sent is held against it', () => {
    const twice = judged(
      observed({
        draft: {
          fields: [
            ['first_name', 'A'],
            ['first_name', 'B'],
          ],
          body: Buffer.from('first_name=A&first_name=B'),
        },
      }),
      [],
    );
    expect([twice.sent, twice.repeated, twice.tokenAsked]).to.deep.equal([undefined, [{ field: 'first_name', values: ['A', 'B'] }], 'open']);
    const open = judged(observed({ draft: { readingOpen: true } }), []);
    expect([open.sent, open.tokenAsked]).to.deep.equal([undefined, 'open']);
  });

  it('the response as it came, the secrets, and the fields at fault', () => {
    const one = judged(observed({ status: 400, text: '{}', intent: { atFault: ['first_name'] } }), ['secret']);
    expect([one.status, Buffer.from(one.body).toString(), one.complete, one.atFault, one.secrets]).to.deep.equal([400, '{}', true, ['first_name'], ['secret']]);
    const none = judged(observed({ silent: true, failure: DROPPED }), []);
    expect([none.status, none.headers, none.body.length, none.complete, none.atFault]).to.deep.equal([0, [], 0, false, []]);
  });

  it('values are judged by all rules of their field', () => {
    expect(judgeFieldValue('first_name', 'a b')).to.equal('violating');
    expect(judgeFieldValue('first_name', 'Maria')).to.equal('conforming');
    expect(judgeFieldValue('mobile_number', '+987654321')).to.equal('open');
    expect(judgeFieldValue('object_reference_id', '1234567')).to.equal('violating');
  });
});

describe('observation: what kind of response it is', () => {
  const withOption = (value: string): Given => ({
    draft: { fields: Object.entries({ object_reference_id: MINE, ...FIELDS, 'options.get_client_auth_token': value }) },
  });
  const refused = (offence: Offence, status = 400): Given => ({ status, intent: { offence } });

  const cases: readonly (readonly [given: Given, occasion: string, why: string])[] = [
    [withOption('true'), 'created-with-token', 'a create that asked for the token'],
    [withOption('false'), 'created', 'one that did not'],
    [{ draft: { readingOpen: true } }, 'created', 'one whose body is read in an open way'],
    [{ draft: { readingOpen: true }, intent: { question: { ruleId: 'content-type/json', case: 'json' } } }, 'other', 'one under another media type'],
    [{ intent: { question: { ruleId: 'content-type/json', case: 'json' } } }, 'created-with-token', 'one in a form beside that question'],
    [{ intent: { create: false } }, 'other', 'a read'],
    [{ status: 302 }, 'other', 'a redirect'],
    [{ status: 400 }, 'other', 'a refusal of nobody knows what'],
    [refused('invalid'), 'invalid', 'a refusal of an invalid field'],
    [refused('missing'), 'missing', 'a refusal of a missing one'],
    [refused('credential', 401), 'credential', 'a refusal of a credential'],
    [refused('unknown-customer', 404), 'unknown-customer', '404 for an unknown customer'],
    [refused('unknown-customer', 400), 'other', '400 for an unknown customer'],
    [{ intent: { offence: 'invalid', create: false } }, 'other', 'a bad request that was accepted'],
  ];
  for (const [given, occasion, why] of cases) it(`${why}: ${occasion}`, () => expect(occasionOf(observed(given))).to.equal(occasion));
});
