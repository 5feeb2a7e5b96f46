import { expect } from 'chai';
import { MERCHANT } from '../../contracts/reference/server.js';
import { encodeForm } from '../../generators/wire.js';
import { HOLDS } from '../kit/steps.js';
import {
  answering,
  breachOf,
  costOf,
  DENIED,
  DUPLICATE,
  fieldsOf,
  INVALID,
  inRound,
  isCreate,
  NO_ANSWER,
  played,
  SECOND,
  shown,
  valueOf,
  type Customer,
  type Way,
} from './round.spec-help.js';
import { edgeBlanks, letterCase, normalForm, otherMerchantHeader, unique, uniquePerMerchant } from './uniqueness.js';

const ROUNDS = Array.from({ length: unique.rounds.standard }, (_, round) => round);
const TWICE = 'a second create with the same object_reference_id was accepted';

/** A target that does not see a customer of its own. */
const overlooking = (isOverlooked: (customer: Customer, email: string | undefined) => boolean): Way => ({
  instead: (sent, target) => {
    const known = isCreate(sent) ? target.taken(sent.draft) : undefined;
    return known !== undefined && isOverlooked(known, valueOf(sent.draft, 'email_address')) ? shown(target.store(sent.draft)) : undefined;
  },
});

describe('unique: a target that refuses what is taken', () => {
  it('holds in every round, with three creates under one reference, and none of another round', async () => {
    const references: string[] = [];
    for (const round of ROUNDS) {
      const { result, sent, told } = await played(unique, {}, { round, budget: 'standard' });
      expect([result, sent.length], `round ${round}`).to.deep.equal([HOLDS, costOf(unique)]);
      expect(told.map((each) => each.slice(-3))).to.deep.equal(['200', '400', '400']);
      const own = [...new Set(sent.map(({ draft }) => valueOf(draft, 'object_reference_id') ?? ''))];
      expect(own, `references of round ${round}`).to.have.lengthOf(1);
      references.push(...own);
      for (const { intent } of sent.slice(1)) {
        expect([intent.good, intent.offence, intent.atFault]).to.deep.equal([false, 'duplicate', ['object_reference_id']]);
        expect(new Set(intent.own)).to.deep.equal(new Set(own));
      }
    }
    expect(new Set(references).size).to.equal(ROUNDS.length);
  });

  it('is asked with references of every form, in turn', async () => {
    const forms = [
      /^[A-Z0-9]{14}@example\.com$/,
      /^[a-z0-9]{8}$/,
      /^[a-z0-9]{20}$/,
      /^[a-z0-9]{128}$/,
      /^[A-Z0-9]{20}$/,
      /^\d{14}$/,
      /^cust_\d{12}$/,
      /^[a-z0-9]{12}$/,
    ];
    for (const [round, form] of [...forms, ...forms.slice(0, 2)].entries())
      expect((await played(unique, {}, { round })).observations[0]?.reference, `round ${round}`).to.match(form);
  });

  it('is asked with the very same request in even rounds, and with the reference alone in odd ones', async () => {
    for (const round of ROUNDS) {
      const [first, second] = (await played(unique, {}, { round, budget: 'standard' })).sent.map(({ draft }) => draft.fields);
      if (round % 2 === 0) expect(second, `round ${round}`).to.deep.equal(first);
      else {
        const shared = second?.filter(([name, value]) => first?.some(([each, other]) => each === name && other === value)).map(([name]) => name) ?? [];
        // Of three country codes and two options some are the same by chance.
        expect(shared.filter((name) => name !== 'mobile_country_code' && !name.startsWith('options'))).to.deep.equal(['object_reference_id']);
      }
    }
  });

  it('is asked without some optional fields, and the third time with all of them in another spelling', async () => {
    const all = ['options.get_client_auth_token', 'mobile_country_code', 'first_name', 'last_name', 'email_address'];
    const left = [all, [], ['last_name'], ['email_address'], ['first_name'], ['mobile_country_code'], [], all];
    const spellings = new Set<string>();
    for (const [round, names] of left.entries()) {
      const [first, second, third] = (await played(unique, {}, { round })).sent;
      for (const sent of [first, second]) {
        const there = sent === undefined ? [] : fieldsOf(sent.draft).map(([name]) => name);
        expect(names.filter((name) => there.includes(name as 'last_name'))).to.deep.equal([]);
        expect(there.length, `fields of round ${round}`).to.equal(7 - names.length);
      }
      const draft = third?.draft ?? expect.fail('no third create');
      expect([fieldsOf(draft).length, draft.readingOpen]).to.deep.equal([7, true]);
      spellings.add(third?.intent.note ?? '');
      if (!third?.intent.note.endsWith('hex-case')) expect(String(draft.body)).to.not.equal(String(encodeForm(draft.fields)));
    }
    expect([...spellings].map((note) => note.replace(/.* /, ''))).to.deep.equal(['needless-escape', 'hex-case', 'escaped-key', 'field-order']);
  });

  it('is given more than a second once', async () => {
    for (const round of ROUNDS) expect((await played(unique, {}, { round })).waits, `round ${round}`).to.deep.equal(round === 3 ? [1200] : []);
  });
});

describe('unique: a target that accepts what is taken', () => {
  const DEFECTS: readonly (readonly [what: string, round: number, way: Way, at: string])[] = [
    ['looks for nothing', 0, { isSame: () => false }, 'the same request again'],
    ['looks for nothing', 1, { isSame: () => false }, 'another customer under the same reference'],
    ['looks for the address too', 1, overlooking((known, email) => known['email_address'] !== email), 'another customer under the same reference'],
    [
      'looks for the address too',
      2,
      overlooking((known, email) => known['email_address'] !== email),
      'a third create under the same reference, in the spelling escaped-key',
    ],
    [
      'forgets within a second',
      3,
      overlooking(({ date_created }) => performance.now() - Date.parse(String(date_created)) + Date.UTC(2026, 10, 22) > 1000),
      'another customer under the same reference',
    ],
    ['does not see customers without a last name', 2, overlooking((known) => known['last_name'] === null), 'the same request again'],
    ['does not see customers without an address', 3, overlooking((known) => known['email_address'] === null), 'another customer under the same reference'],
    ['does not see customers without a first name', 4, overlooking((known) => known['first_name'] === null), 'the same request again'],
    [
      'does not see customers without a country code',
      5,
      overlooking((known) => known['mobile_country_code'] === null),
      'another customer under the same reference',
    ],
    ['keeps 100 characters', 3, { isSame: (stored, reference) => stored.slice(0, 100) === reference }, 'another customer under the same reference'],
    ['keeps small letters', 4, { isSame: (stored, reference) => stored.toLowerCase() === reference }, 'the same request again'],
  ];
  for (const [what, round, way, at] of DEFECTS) {
    it(`breaks round ${round} when it ${what}`, async () => {
      const breach = breachOf(await played(unique, way, { round }));
      expect(breach).to.include({ reason: TWICE, expected: 'a refusal, since the reference is taken', at: `${at}: 200`, witnessed: true });
    });
  }

  it('is a witness only where the customer came back under the reference', async () => {
    expect(breachOf(await played(unique, answering({ 2: { text: 'made' } }))).witnessed).to.equal(false);
    expect(breachOf(await played(unique, answering({ 2: { members: { object_reference_id: 'another' } } }))).witnessed).to.equal(false);
  });
});

describe('unique: what is not judged', () => {
  it('a third create that was read as one of another reference', async () => {
    expect((await played(unique, answering({ 3: { members: { object_reference_id: 'another' } } }))).result).to.equal(HOLDS);
    expect((await played(unique, answering({ 3: NO_ANSWER }))).result).to.equal(HOLDS);
  });

  it('a target that requires optional fields is asked with more of them, the address first', async () => {
    const requiring = (...names: string[]): Way => ({ isBad: (draft) => !names.every((name) => fieldsOf(draft).some(([each]) => each === name)) });
    const email = await played(unique, requiring('email_address'));
    expect(email.result).to.equal(HOLDS);
    expect(email.told).to.deep.equal([
      'the first create: 400',
      'the first create, with more fields: 200',
      'the same request again: 400',
      'a third create under the same reference, in the spelling needless-escape: 400',
    ]);
    expect(email.sent.slice(1, 3).map(({ draft }) => fieldsOf(draft).map(([name]) => name))).to.deep.equal(
      [1, 2].map(() => ['object_reference_id', 'mobile_number', 'email_address']),
    );
    const names = await played(unique, requiring('first_name'));
    expect([names.result, names.told.filter((each) => each.startsWith('the first create'))]).to.deep.equal([
      HOLDS,
      ['the first create: 400', 'the first create, with more fields: 400', 'the first create, with more fields: 200'],
    ]);
    const last = await played(unique, requiring('last_name'), { round: 2 });
    expect([last.result, last.sent.length]).to.deep.equal([HOLDS, 4]);
  });

  it('a target that does not accept the first create', async () => {
    for (const [round, requests] of [
      [0, 3],
      [1, 1],
      [2, 2],
    ] as const) {
      const { result, sent } = await played(unique, { instead: (each) => (inRound(each) ? INVALID : undefined) }, { round });
      expect(result).to.deep.equal({ outcome: 'blocked', reason: 'the first create was not accepted (status 400)' });
      expect(sent, `requests of round ${round}`).to.have.lengthOf(requests);
    }
  });

  it('a second create without a usable answer', async () => {
    const { result, sent } = await played(unique, answering({ 2: NO_ANSWER }));
    expect([result, sent.length]).to.deep.equal([{ outcome: 'blocked', reason: 'the second create got no usable answer' }, 2]);
  });
});

describe('unique per merchant', () => {
  it('holds where a reference is free for another merchant', async () => {
    const { result, sent, told } = await played(uniquePerMerchant);
    expect([result, sent.length]).to.deep.equal([HOLDS, costOf(uniquePerMerchant)]);
    expect(told).to.deep.equal([
      'the first merchant creates it: 200',
      'the second merchant creates a customer of its own: 200',
      'the second merchant creates it: 200',
    ]);
    expect(sent.map(({ draft }) => draft.account.merchantId)).to.deep.equal([MERCHANT.merchantId, SECOND.merchantId, SECOND.merchantId]);
    const [first, alone, second] = sent.map(({ draft }) => valueOf(draft, 'object_reference_id'));
    expect([second, alone === first]).to.deep.equal([first, false]);
  });

  it('breaks where it is taken by a customer of the other', async () => {
    const across: Way = {
      instead: ({ draft }, { kept }) =>
        kept.some(({ customer }) => customer['object_reference_id'] === valueOf(draft, 'object_reference_id')) ? DUPLICATE : undefined,
    };
    expect(breachOf(await played(uniquePerMerchant, across))).to.include({
      at: 'the second merchant creates it: 400',
      expected: '200: the reference is free for this merchant',
      reason: "the reference of another merchant's customer was refused",
    });
  });

  it('is not judged where either merchant cannot create at all', async () => {
    expect((await played(uniquePerMerchant, answering({ 1: INVALID }))).result).to.deep.equal({
      outcome: 'blocked',
      reason: 'the first create was not accepted (status 400)',
    });
    const { result, sent } = await played(uniquePerMerchant, { instead: ({ draft }) => (draft.account.apiKey === SECOND.apiKey ? DENIED : undefined) });
    expect([result, sent.length]).to.deep.equal([{ outcome: 'blocked', reason: "the second merchant's credentials are not accepted" }, 2]);
  });

  it('is not judged where the second create got no usable answer', async () => {
    expect((await played(uniquePerMerchant, answering({ 3: NO_ANSWER }))).result).to.deep.equal({
      outcome: 'blocked',
      reason: "the second merchant's create got no usable answer",
    });
  });
});

describe('open questions about references', () => {
  const CASES = [
    ['upper case beside lower case', letterCase, (reference: string) => reference.toLowerCase(), /^[A-Z0-9]{20}$/],
    ['a blank in front beside none', edgeBlanks, (reference: string) => reference.trim(), /^ [a-z0-9]{20}$/],
    ['U+0065 U+0301 beside U+00E9', normalForm, (reference: string) => reference.normalize('NFC'), /^[a-z0-9]{20}e\u0301$/],
  ] as const;
  const anything: Way = { isBad: () => false };

  for (const [name, procedure, made, form] of CASES) {
    it(`${name}: two customers, or one`, async () => {
      const two = await played(procedure, anything);
      expect(two.result).to.deep.equal({ name, reading: 'two customers', observation: two.observations[2] });
      expect(two.sent).to.have.lengthOf(costOf(procedure));
      const [alone, first, second] = two.observations.map(({ reference }) => reference ?? '');
      expect([second, alone]).to.satisfy((all: string[]) => all.every((each) => form.test(each)), 'the form of those that are asked about');
      expect([first === second, made(first ?? ''), alone === second]).to.deep.equal([false, made(second ?? ''), false]);
      expect(two.observations[2]?.intent.own).to.include.members([first, second]);
      expect(two.sent.map(({ intent }) => intent.good)).to.deep.equal([false, false, false]);
      const one = await played(procedure, { ...anything, isSame: (stored, reference) => made(stored) === made(reference) });
      expect(one.result).to.deep.equal({ name, reading: 'one customer', observation: one.observations[2] });
    });

    it(`${name}: a form that is not taken by itself is no reading of two`, async () => {
      const alone = await played(procedure, answering({ 1: INVALID }));
      expect(alone.result).to.deep.equal({ name, reading: 'not accepted', observation: alone.observations[0] });
      const first = await played(procedure, { ...anything, ...answering({ 2: INVALID }) });
      expect(first.result).to.deep.equal({ name, reading: 'not accepted', observation: first.observations[1] });
    });

    it(`${name}: without an answer there is no reading`, async () => {
      for (const number of [1, 2, 3])
        expect((await played(procedure, { ...anything, ...answering({ [number]: NO_ANSWER }) })).result).to.equal('no usable answer');
    });
  }

  describe("another merchant's id in the header", () => {
    const name = "another merchant's id";
    const heeding: Way = {
      instead: (sent, target) =>
        inRound(sent) && sent.draft.merchant === 'other' ? shown({ ...target.store(sent.draft), ...target.kept.pop()?.customer, id: 'elsewhere' }) : undefined,
    };

    it('is refused, or ignored, or another store', async () => {
      const refused = await played(otherMerchantHeader, answering({ 1: DENIED }));
      expect(refused.result).to.deep.equal({ name, reading: 'refused', observation: refused.observations[0] });
      const ignored = await played(otherMerchantHeader);
      expect(ignored.result).to.deep.equal({ name, reading: 'ignored', observation: ignored.observations[1] });
      expect(ignored.sent.map(({ draft }) => draft.merchant)).to.deep.equal(['other', 'canonical']);
      expect(new Set(ignored.observations.map(({ reference }) => reference)).size).to.equal(1);
      expect(ignored.sent).to.have.lengthOf(costOf(otherMerchantHeader));
      const separate = await played(otherMerchantHeader, heeding);
      expect(separate.result).to.deep.equal({ name, reading: 'separate', observation: separate.observations[1] });
    });

    it('without an answer there is no reading', async () => {
      for (const number of [1, 2])
        expect((await played(otherMerchantHeader, answering({ [number]: NO_ANSWER }))).result, `request ${number}`).to.equal('no usable answer');
    });
  });
});
