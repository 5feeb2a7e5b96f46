import { expect } from 'chai';
import { fieldOf, type Draft } from '../kit/draft.js';
import { exchanged } from '../kit/scripted.spec-help.js';
import { HOLDS } from '../kit/steps.js';
import {
  answering,
  breachOf,
  costOf,
  INVALID,
  inRound,
  isBad,
  isCreate,
  isRead,
  NO_ANSWER,
  played,
  shown,
  UNKNOWN,
  valueOf,
  type Customer,
  type Played,
  type Target,
  type Way,
} from './round.spec-help.js';
import { duplicateChangesNothing, duplicateShowsNothing, refusedStoresNothing } from './stored.js';

const blocked = (reason: string): object => ({ outcome: 'blocked', reason });
const referencesOf = ({ sent }: Played): (string | undefined)[] => sent.map(({ draft }) => fieldOf(draft, 'object_reference_id'));

/** A target that checks some requests behind storing them. */
const storing = (isStored: (draft: Draft) => boolean): Way => ({
  instead: (sent, target) => {
    if (!isCreate(sent) || !isBad(sent.draft) || !isStored(sent.draft)) return undefined;
    if (target.taken(sent.draft) === undefined) target.store(sent.draft);
    return INVALID;
  },
});

describe('refused stores nothing: several ways to be refused under one reference', () => {
  it('holds where the good create behind them is accepted', async () => {
    const play = await played(refusedStoresNothing, { isBad: (draft) => isBad(draft) || fieldOf(draft, 'options.get_client_auth_token') === 'maybe' });
    expect(play.result).to.equal(HOLDS);
    expect(play.sent).to.have.lengthOf(costOf(refusedStoresNothing));
    expect(new Set(referencesOf(play)).size, 'references').to.equal(1);
    expect(play.told.at(-1)).to.equal('the same reference in a good request: 200');
    expect(play.told.slice(0, -1).every((each) => each.endsWith(': 400'))).to.equal(true);
    expect(play.sent.map(({ draft }) => isBad(draft))).to.deep.equal([false, true, true, true, true, true, false]);
  });

  it('holds where some are accepted: the others are asked under another reference', async () => {
    const play = await played(refusedStoresNothing, { isBad: (draft) => isBad({ ...draft, contentType: 'application/x-www-form-urlencoded' }) });
    expect(play.result).to.equal(HOLDS);
    expect(play.told.slice(0, 3)).to.deep.equal([
      'a create with options.get_client_auth_token = "maybe": 200',
      'a create with Content-Type text/plain: 200',
      'a create with mobile_country_code = "5a": 400',
    ]);
    const [first, second, ...others] = referencesOf(play);
    expect([first === second, others.includes(first), others.includes(second), new Set(others).size]).to.deep.equal([false, false, false, 1]);
  });

  const ASKED: readonly (readonly [round: number, what: string, isStored: (draft: Draft) => boolean])[] = [
    [0, 'Content-Type text/plain', ({ contentType }) => contentType === 'text/plain'],
    [0, 'mobile_country_code = "5a"', (draft) => fieldOf(draft, 'mobile_country_code') === '5a'],
    [0, 'email_address = ".a@example.com"', (draft) => fieldOf(draft, 'email_address') === '.a@example.com'],
    [0, 'first_name = "a b"', (draft) => fieldOf(draft, 'first_name') === 'a b'],
    [0, 'mobile_number missing', (draft) => fieldOf(draft, 'mobile_number') === undefined],
    [1, 'no Content-Type', ({ contentType }) => contentType === null],
    [1, 'Content-Type application/xml', ({ contentType }) => contentType === 'application/xml'],
    [1, 'mobile_number = ""', (draft) => fieldOf(draft, 'mobile_number') === ''],
    [1, 'last_name = "a;b"', (draft) => fieldOf(draft, 'last_name') === 'a;b'],
    [1, 'email_address = "a b@example.com"', (draft) => fieldOf(draft, 'email_address') === 'a b@example.com'],
  ];
  for (const [round, what, isStored] of ASKED) {
    it(`breaks where a create with ${what} is stored, and says that it was this one`, async () => {
      const play = await played(refusedStoresNothing, storing(isStored), { round });
      expect(breachOf(play)).to.include({
        at: `the same reference in a good request, behind ${what}: 400`,
        expected: '200: nothing was stored under this reference',
        reason: `a create that was refused for ${what} took its reference`,
      });
      expect(play.told.at(-1)).to.equal('another reference in the same good request: 200');
      expect(play.told.at(-3)).to.equal(`a create with ${what}: 400`);
      const [alone, good, fresh] = referencesOf(play).slice(-3);
      expect([alone === good, alone === fresh, alone === referencesOf(play)[0]]).to.deep.equal([true, false, false]);
    });
  }

  for (const [field, round] of [
    ['options.get_client_auth_token', 0],
    ['first_name', 1],
    ['last_name', 1],
    ['email_address', 1],
    ['mobile_country_code', 1],
  ] as const) {
    it(`breaks where an odd ${field} is refused and stored`, async () => {
      const isOdd = (draft: Draft): boolean => ['', 'maybe'].includes(fieldOf(draft, field) ?? 'none');
      const { instead } = storing(() => false);
      const way: Way = {
        instead: (sent, target) => {
          if (!isCreate(sent) || !isOdd(sent.draft)) return instead?.(sent, target);
          if (target.taken(sent.draft) === undefined) target.store(sent.draft);
          return INVALID;
        },
        isBad: (draft) => isBad(draft) || ['', '+99999'].some((value) => draft.fields.some(([, each]) => each === value)),
      };
      expect(breachOf(await played(refusedStoresNothing, way, { round })).reason).to.match(
        new RegExp(`^a create that was refused for ${field.replaceAll('.', '\\.')} = "(?:maybe)?" took its reference$`),
      );
    });
  }

  it('is not judged where nothing is refused, or the good create got no usable answer', async () => {
    expect((await played(refusedStoresNothing, { isBad: () => false })).result).to.deep.equal(blocked('no bad create was refused'));
    expect((await played(refusedStoresNothing, answering({ 7: NO_ANSWER }))).result).to.deep.equal(blocked('the good request got no usable answer'));
  });

  it('is not judged where the refusal of the good create does not come again', async () => {
    const play = await played(refusedStoresNothing, answering({ 7: INVALID }));
    expect(play.result).to.deep.equal(blocked('the refusal of the good request did not come again'));
    // Each of the five that were refused is asked about by itself.
    expect(play.sent).to.have.lengthOf(costOf(refusedStoresNothing) + 2 * 5);
  });

  it('is not judged where no good create is accepted any more', async () => {
    let isFull = false;
    const way: Way = { instead: (sent) => (inRound(sent) && (isFull ||= isBad(sent.draft)) ? INVALID : undefined) };
    expect((await played(refusedStoresNothing, way)).result).to.deep.equal(blocked('a good request was not accepted (status 400)'));
  });
});

describe('refused stores nothing: one way to be refused', () => {
  const OFFENCES = [
    [10, 'first_name', 'a b'],
    [11, 'mobile_number', null],
    [2, 'email_address', 'a b@example.com'],
    [3, 'last_name', 'a;b'],
    [4, 'mobile_number', ''],
    [5, 'email_address', '.a@example.com'],
    [6, 'mobile_number', '98765x321'],
    [7, 'first_name', 'a\n'],
    [8, 'mobile_country_code', '5a'],
    [9, 'last_name', '<b>'],
  ] as const;

  for (const [round, field, value] of OFFENCES) {
    it(`${field} = ${JSON.stringify(value)}: holds where it is not stored, and breaks where it is`, async () => {
      const right = await played(refusedStoresNothing, {}, { round, budget: 'standard' });
      expect([right.result, right.told]).to.deep.equal([
        HOLDS,
        [`a create with ${field} = ${JSON.stringify(value)}: 400`, 'the same reference in a good request: 200'],
      ]);
      expect([valueOf((right.sent[0] ?? expect.fail('nothing was sent')).draft, field) ?? null, new Set(referencesOf(right)).size]).to.deep.equal([value, 1]);
      const wrong = await played(
        refusedStoresNothing,
        storing((draft) => (fieldOf(draft, field) ?? null) === value),
        { round, budget: 'standard' },
      );
      expect(breachOf(wrong)).to.include({
        at: 'the same reference in a good request: 400',
        expected: '200: nothing was stored under this reference',
        reason: `a create that was refused for its ${field} took its reference`,
      });
      expect(wrong.told.at(-1)).to.equal('another reference in the same good request: 200');
      expect(wrong.sent).to.have.lengthOf(costOf(refusedStoresNothing, 'standard'));
    });
  }

  it('goes on to the next where a bad value is accepted, four at most', async () => {
    const taking = (...values: string[]): Way => ({
      isBad: (draft) => isBad(draft) && !values.some((value) => draft.fields.some(([, each]) => each === value)),
    });
    const play = await played(refusedStoresNothing, taking('a b@example.com', 'a;b'), { round: 2 });
    expect([play.result, play.told]).to.deep.equal([
      HOLDS,
      [
        'a create with email_address = "a b@example.com": 200',
        'a create with last_name = "a;b": 200',
        'a create with mobile_number = "": 400',
        'the same reference in a good request: 200',
      ],
    ]);
    const none = await played(refusedStoresNothing, taking('a b@example.com', 'a;b', '', '.a@example.com'), { round: 2 });
    expect([none.result, none.sent.length]).to.deep.equal([blocked('no bad create was refused'), 4]);
  });

  describe('that another rule sent before', () => {
    const before = (absent: boolean): { before: (context: Played['context'], controls: unknown, target: Target) => void } => ({
      before: (context, _, target) => {
        const draft: Draft = { ...(context.sent[0] ?? expect.fail('nothing was sent')).draft, fields: [['object_reference_id', 'refused_before']] };
        if (target.taken(draft) === undefined) target.store(draft);
        const intent = { ruleId: 'another', n: 0, purpose: 'violating', note: 'of another rule' } as const;
        context.noteBadCreate('mobile_number', absent, Promise.resolve(exchanged(draft, intent, INVALID)));
      },
    });

    it('is not sent again, and shows what it stored', async () => {
      const play = await played(refusedStoresNothing, {}, { round: 11, budget: 'standard', ...before(true) });
      expect(breachOf(play).reason).to.equal('a create that was refused for its mobile_number took its reference');
      expect(play.told).to.deep.equal(['of another rule: 400', 'the same reference in a good request: 400', 'another reference in the same good request: 200']);
      expect(referencesOf(play)[0]).to.equal('refused_before');
    });

    it('does only where it was refused for the same', async () => {
      expect((await played(refusedStoresNothing, {}, { round: 11, ...before(false) })).result).to.equal(HOLDS);
      expect((await played(refusedStoresNothing, {}, { round: 4, ...before(true) })).result).to.equal(HOLDS);
      expect((await played(refusedStoresNothing, {}, { round: 11, attempt: 0, ...before(true) })).result, 'a repetition').to.equal(HOLDS);
    });
  });

  it('is not judged where good creates got no answer, or are refused under any reference', async () => {
    const round = { round: 2 };
    expect((await played(refusedStoresNothing, answering({ 2: NO_ANSWER }), round)).result).to.deep.equal(blocked('the good request got no usable answer'));
    expect((await played(refusedStoresNothing, answering({ 2: INVALID, 3: INVALID }), round)).result).to.deep.equal(
      blocked('a good request was not accepted (status 400)'),
    );
  });
});

describe('a duplicate changes nothing', () => {
  /** A target that refuses a duplicate behind something that it does to the customer. */
  const doing = (change: (customer: Customer, sent: Draft, target: Target) => void): Way => ({
    instead: (sent, target) => {
      const known = isCreate(sent) ? target.taken(sent.draft) : undefined;
      if (known !== undefined) change(known, sent.draft, target);
      return undefined;
    },
  });

  it('holds where the customer is read as it was', async () => {
    for (const round of [0, 1, 2, 3]) {
      const { result, told, sent, waits } = await played(duplicateChangesNothing, {}, { round, budget: 'standard' });
      expect([result, told]).to.deep.equal([
        HOLDS,
        ['the customer: 200', 'the customer before: 200', 'a duplicate with other values: 400', 'the customer after: 200'],
      ]);
      expect(sent.length).to.be.at.most(costOf(duplicateChangesNothing));
      expect(waits, 'a second is let go by once').to.deep.equal(round === 0 ? [1100] : []);
    }
  });

  it('is asked with other values, and without the country code or without all that is optional', async () => {
    for (const [round, names] of [
      [0, ['object_reference_id', 'mobile_number', 'email_address', 'first_name', 'last_name', 'options.get_client_auth_token']],
      [1, ['object_reference_id', 'mobile_number', 'email_address']],
    ] as const) {
      const { sent } = await played(duplicateChangesNothing, {}, { round });
      const [first, second] = sent.filter(isCreate);
      expect(second?.draft.fields.map(([name]) => name)).to.have.members([...names]);
      for (const name of names.filter((each) => !each.startsWith('options')))
        expect(fieldOf((first ?? expect.fail('none')).draft, name) === fieldOf((second ?? expect.fail('none')).draft, name), name).to.equal(
          name === 'object_reference_id',
        );
      expect([second?.intent.offence, second?.intent.atFault, second?.intent.create]).to.deep.equal(['duplicate', ['object_reference_id'], true]);
    }
  });

  for (const [round, field] of [
    [0, 'mobile_number'],
    [1, 'mobile_number'],
    [0, 'email_address'],
    [0, 'first_name'],
    [0, 'last_name'],
  ] as const) {
    it(`breaks round ${round} where a duplicate replaces ${field}`, async () => {
      const way = doing((customer, sent) => (customer[field] = valueOf(sent, field)));
      const play = await played(duplicateChangesNothing, way, { round });
      const [first, second] = play.sent.filter(isCreate).map(({ draft }) => JSON.stringify(fieldOf(draft, field)));
      expect(breachOf(play)).to.include({
        at: 'the customer after: 200',
        expected: `${field} = ${first}, as before the duplicate`,
        got: `${field} = ${second}`,
        reason: `a refused duplicate changed ${field}`,
      });
    });
  }

  it('breaks where a duplicate takes away what it does not have', async () => {
    for (const [round, field] of [
      [0, 'mobile_country_code'],
      [1, 'first_name'],
    ] as const) {
      const way = doing((customer, sent) => (customer[field] = valueOf(sent, field) ?? null));
      expect(breachOf(await played(duplicateChangesNothing, way, { round }))).to.include({
        got: `${field} = null`,
        reason: `a refused duplicate changed ${field}`,
      });
    }
  });

  it('breaks where a duplicate moves the moment of the last change, be it in whole seconds', async () => {
    const seconds = (): number => Math.floor(performance.now() / 1000) * 1000;
    const way = doing((customer) => (customer['last_updated'] = new Date(Date.UTC(2026, 10, 22) + seconds()).toISOString()));
    expect(breachOf(await played(duplicateChangesNothing, way)).reason).to.equal('a refused duplicate changed last_updated');
  });

  it('breaks where the customer is not found behind a duplicate, or is no customer any more', async () => {
    const breach = { expected: 'the customer as it was', reason: 'the customer cannot be read behind a refused duplicate' };
    const removed = await played(duplicateChangesNothing, {
      instead: (sent, target) => {
        const known = isCreate(sent) ? target.kept.findIndex(({ customer }) => customer === target.taken(sent.draft)) : -1;
        return known < 0 ? undefined : (target.kept.splice(known, 1), INVALID);
      },
    });
    expect(breachOf(removed)).to.include({ ...breach, at: 'the customer after: 404' });
    // A customer may take 2 s to be found again.
    expect(removed.told.filter((each) => each.startsWith('the customer after'))).to.have.lengthOf(5);
    expect(breachOf(await played(duplicateChangesNothing, answering({ 4: { text: '[]' } })))).to.include(breach);
  });

  it('is not judged where a step before it did not come out', async () => {
    for (const [way, reason] of [
      [answering({ 1: INVALID }), 'the first create was not accepted (status 400)'],
      [answering({ 2: NO_ANSWER }), 'the customer could not be read'],
      [answering({ 2: { text: 'made' } }), 'the customer could not be read'],
      [{ instead: (sent) => (isRead(sent) ? UNKNOWN : undefined) }, 'the customer could not be read'],
      [{ isSame: () => false }, 'the duplicate was not refused'],
      [answering({ 3: NO_ANSWER }), 'the duplicate was not refused'],
    ] satisfies [Way, string][])
      expect((await played(duplicateChangesNothing, way)).result).to.deep.equal(blocked(reason));
  });

  it('is not judged where the read behind it got no usable answer', async () => {
    expect((await played(duplicateChangesNothing, answering({ 4: NO_ANSWER }))).result).to.deep.equal(
      blocked('the read behind the duplicate got no usable answer'),
    );
  });
});

describe('a duplicate shows nothing', () => {
  /** A refusal of a duplicate that shows something of the customer. */
  const showing = (made: (customer: Customer, sent: Draft) => { text: string; headers?: [string, string][] }): Way => ({
    instead: (sent, target) => {
      const known = isCreate(sent) ? target.taken(sent.draft) : undefined;
      return known === undefined ? undefined : { status: 400, ...made(known, sent.draft) };
    },
  });

  it('holds where a refusal has nothing of the customer', async () => {
    for (const round of [0, 1, 2, 3]) {
      const play = await played(duplicateShowsNothing, {}, { round, budget: 'standard' });
      expect([play.result, play.told]).to.deep.equal([HOLDS, ['the customer: 200', 'a duplicate with other values: 400']]);
      expect(play.sent).to.have.lengthOf(costOf(duplicateShowsNothing));
      const [first, second] = play.sent.map(({ draft }) => draft);
      for (const name of ['mobile_number', 'email_address', 'first_name', 'last_name'] as const)
        expect(first && fieldOf(first, name), name).to.not.equal(second && fieldOf(second, name));
      expect(second?.fields.length).to.equal(first?.fields.length);
      expect(play.sent[1]?.intent.own).to.include.members(first?.fields.map(([, value]) => value) ?? []);
    }
  });

  for (const [what, member, round] of [
    ['the number', 'mobile_number', 0],
    ['the address', 'email_address', 0],
    ['the last name', 'last_name', 2],
  ] as const) {
    it(`breaks where it has ${what}`, async () => {
      const play = await played(
        duplicateShowsNothing,
        showing((customer) => ({ text: JSON.stringify({ error_message: `there is ${String(customer[member])}` }) })),
        { round },
      );
      expect(breachOf(play)).to.include({
        at: 'a duplicate with other values: 400',
        expected: 'a refusal without values of the stored customer',
        got: `the refusal shows "${fieldOf((play.sent[0] ?? expect.fail('none')).draft, member)}"`,
        reason: 'a refused duplicate shows the stored customer',
      });
    });
  }

  it('breaks where it has the id, in its body or a header', async () => {
    const body = showing(({ id }) => ({ text: `taken by ${id}_of_the_customer` }));
    const header = showing(({ id }) => ({ text: '', headers: [['Location', `/customers/${id}`]] }));
    for (const way of [body, header]) expect(breachOf(await played(duplicateShowsNothing, way)).got).to.match(/^the refusal shows "cst_\d+"$/);
  });

  it('holds where it has what was sent, short values, and words', async () => {
    const way = showing((customer, sent) => ({
      text: `${sent.fields.map(([, value]) => value).join(' ')} ${String(customer['mobile_country_code'])} true false`,
    }));
    for (const round of [0, 1]) expect((await played(duplicateShowsNothing, way, { round })).result).to.equal(HOLDS);
  });

  it('is not judged where a step did not come out', async () => {
    for (const [way, reason] of [
      [answering({ 1: INVALID }), 'the first create was not accepted (status 400)'],
      [answering({ 2: NO_ANSWER }), 'the duplicate was not refused'],
      [{ instead: (sent, target) => (inRound(sent) ? shown(target.store(sent.draft)) : undefined) }, 'the duplicate was not refused'],
    ] satisfies [Way, string][])
      expect((await played(duplicateShowsNothing, way)).result).to.deep.equal(blocked(reason));
  });
});
