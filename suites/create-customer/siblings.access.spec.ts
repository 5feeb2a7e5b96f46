import { expect } from 'chai';
import type { Sent } from '../kit/scripted.spec-help.js';
import { HOLDS } from '../kit/steps.js';
import {
  answering,
  breachOf,
  costOf,
  DENIED,
  hasKey,
  INVALID,
  inRound,
  isCreate,
  isRead,
  isUpdate,
  NO_ANSWER,
  played,
  SECOND,
  shown,
  UNKNOWN,
  type Target,
  type Way,
} from './round.spec-help.js';
import { readCredential, readSecondMerchant } from './siblings.js';

const blocked = (reason: string): object => ({ outcome: 'blocked', reason });

/** What a request without the right key gets of a target that does not look at it. */
const unlocked = (isHit: (sent: Sent) => boolean): Way => ({
  instead: (sent, target) => (inRound(sent) && isHit(sent) ? target.right({ ...sent, draft: { ...sent.draft, credential: 'canonical' } }) : undefined),
});
const isHead = ({ draft }: Sent): boolean => draft.method === 'HEAD';

describe('reads need the key', () => {
  it('holds where nothing is read or changed without it', async () => {
    for (const [round, another, update] of [
      [0, 'other-key', 'absent'],
      [1, 'key-prefix', 'other-key'],
    ] as const) {
      const { result, sent, told, context } = await played(readCredential, {}, { round, budget: 'standard' });
      expect([result, told]).to.deep.equal([
        HOLDS,
        [
          'the customer: 200',
          'a read with the key: 200',
          'a read with the credential absent: 401',
          `a read with the credential ${another}: 401`,
          'HEAD without the key: 401',
          `an update with the credential ${update}: 401`,
        ],
      ]);
      expect(sent.length).to.equal(costOf(readCredential));
      // A connection that was let in before may be let in for that.
      for (const each of sent.filter((one) => !hasKey(one))) expect(each.draft.agent, each.intent.note).to.equal(context.singleUse);
    }
  });

  for (const [credential, round] of [
    ['absent', 0],
    ['other-key', 0],
    ['key-prefix', 1],
  ] as const) {
    it(`breaks where a customer is read with the credential ${credential}`, async () => {
      const way = unlocked((sent) => isRead(sent) && sent.draft.credential === credential);
      const play = await played(readCredential, way, { round });
      expect(breachOf(play)).to.include({
        at: `a read with the credential ${credential}: 200`,
        expected: '401, and no customer',
        reason: 'a customer is read without the key',
      });
      expect(play.told.at(-1)).to.equal(`a create with the credential ${credential}: 401`);
      expect(play.sent.at(-1)?.intent).to.include({ good: false, offence: 'credential', family: 'headers' });
    });
  }

  it('does not break where creates take any credential too: that is for their own rule', async () => {
    for (const round of [0, 1])
      expect(
        (
          await played(
            readCredential,
            unlocked((sent) => !isHead(sent)),
            { round },
          )
        ).result,
      ).to.equal(HOLDS);
  });

  it('breaks where HEAD finds a customer without the key, and no other', async () => {
    const play = await played(readCredential, unlocked(isHead));
    expect(breachOf(play)).to.include({ at: 'HEAD without the key: 200', expected: '401', reason: 'HEAD finds a customer without the key' });
    expect(play.told.at(-1)).to.equal('HEAD of an id that was never given: 404');
  });

  it('does not break where HEAD finds whatever is asked for', async () => {
    expect((await played(readCredential, { instead: (sent) => (isHead(sent) ? { text: '' } : undefined) })).result).to.equal(HOLDS);
  });

  describe('and so do updates', () => {
    const breach = { expected: '401, and the customer as it was', reason: 'a customer is changed or shown by an update without the key' };

    it('breaks where one is made and shown', async () => {
      for (const [round, credential] of [
        [0, 'absent'],
        [1, 'other-key'],
      ] as const) {
        const play = await played(readCredential, unlocked(isUpdate), { round });
        expect(breachOf(play)).to.include({ ...breach, at: `an update with the credential ${credential}: 200` });
      }
    });

    it('breaks where one is shown alone, or made alone', async () => {
      const shownAlone: Way = { instead: (sent, target) => (isUpdate(sent) ? shown(target.found(sent.draft) ?? { id: '' }) : undefined) };
      expect(breachOf(await played(readCredential, shownAlone))).to.include(breach);
      const made = unlocked(isUpdate);
      const madeAlone: Way = { instead: (sent, target) => (made.instead?.(sent, target) === undefined ? undefined : { text: '{}' }) };
      const play = await played(readCredential, madeAlone);
      expect(breachOf(play)).to.include(breach);
      expect(play.told.at(-2)).to.equal('the customer after it: 200');
    });

    it('does not break where one is answered with 200 and not made', async () => {
      const { result, told } = await played(readCredential, { instead: (sent) => (isUpdate(sent) ? { text: '{}' } : undefined) });
      expect([result, told.at(-1)]).to.deep.equal([HOLDS, 'the customer after it: 200']);
    });
  });

  it('is not judged where the customer cannot be read with the key', async () => {
    expect((await played(readCredential, answering({ 1: INVALID }))).result).to.deep.equal(blocked('the create was not accepted (status 400)'));
    expect((await played(readCredential, answering({ 2: NO_ANSWER }))).result).to.deep.equal(blocked('the customer could not be read with the key'));
  });

  it('requests without an answer accuse nobody', async () => {
    expect((await played(readCredential, { instead: (sent) => (hasKey(sent) ? undefined : NO_ANSWER) })).result).to.equal(HOLDS);
  });
});

describe('neither merchant reads the customers of the other', () => {
  const isOwn = ({ draft }: Sent, { kept }: Target): boolean =>
    kept.some(({ customer, merchantId }) => draft.path.endsWith(`/${customer.id}`) && merchantId === draft.account.merchantId);
  /** A target that finds every customer for requests of this kind. */
  const finding = (isHit: (sent: Sent, target: Target) => boolean): Way => ({
    instead: (sent, target) => {
      const customer = !isCreate(sent) && isHit(sent, target) ? target.found(sent.draft, () => true) : undefined;
      if (customer !== undefined && isUpdate(sent)) target.change(customer, sent.draft.fields);
      return customer === undefined ? undefined : shown(customer);
    },
  });
  const READ = { reason: "a merchant reads the other's customer" };

  it('holds where each reads its own', async () => {
    // The first round leaves out what finds least.
    for (const [budget, round, requests] of [
      ['smoke', 0, costOf(readSecondMerchant)],
      ['standard', 1, 12],
    ] as const) {
      const { result, sent, told } = await played(readSecondMerchant, {}, { budget, round });
      expect(result).to.equal(HOLDS);
      expect(sent, `requests of round ${round}`).to.have.lengthOf(requests);
      expect(told.filter((each) => each.endsWith(': 200')).map((each) => each.slice(0, 8))).to.deep.equal(['a custom', 'its own ', 'a custom', 'its own ']);
    }
  });

  it('breaks where a read does not look whose the customer is', async () => {
    expect(
      breachOf(
        await played(
          readSecondMerchant,
          finding((sent) => isRead(sent)),
        ),
      ),
    ).to.include({
      ...READ,
      at: 'the other merchant reads it: 200',
      expected: '404: it is no customer of this merchant',
    });
  });

  it('breaks where the second merchant alone is kept out', async () => {
    const breach = breachOf(
      await played(
        readSecondMerchant,
        finding((sent) => isRead(sent) && sent.draft.account.apiKey !== SECOND.apiKey),
      ),
    );
    expect(breach).to.include({ ...READ, at: 'the other merchant reads it: 200' });
    expect(breach.observation.draft.account.apiKey).to.not.equal(SECOND.apiKey);
  });

  it('breaks where the header says whose customers are read', async () => {
    expect(
      breachOf(
        await played(
          readSecondMerchant,
          finding((sent, target) => isRead(sent) && isOwn(sent, target)),
        ),
      ),
    ).to.include({
      ...READ,
      at: 'the other merchant reads it, naming the owner: 200',
      expected: 'no customer of another merchant',
    });
  });

  it('breaks where a read without the header is not looked at', async () => {
    const way = finding(({ draft }) => draft.method === 'GET' && draft.merchant === 'absent');
    expect(breachOf(await played(readSecondMerchant, way, { round: 1 })).at).to.equal('the other merchant reads it, naming none: 200');
  });

  it('holds where the key decides, and a header that names the owner gives a customer of its own', async () => {
    const own: Way = {
      instead: (sent) =>
        isRead(sent) && sent.draft.account.apiKey === SECOND.apiKey && sent.draft.account.merchantId !== SECOND.merchantId ? { text: '{}' } : undefined,
    };
    expect((await played(readSecondMerchant, own)).result).to.equal(HOLDS);
  });

  it('breaks where an update does not look whose the customer is', async () => {
    expect(
      breachOf(
        await played(
          readSecondMerchant,
          finding((sent) => isUpdate(sent)),
        ),
      ),
    ).to.include({
      at: 'the other merchant updates it: 200',
      expected: '404: it is no customer of this merchant',
      reason: "a merchant changes or is shown the other's customer",
    });
  });

  it('is skipped without a second merchant', async () => {
    const { result, sent } = await played(readSecondMerchant, {}, { secondMerchant: false });
    expect([result, sent]).to.deep.equal([{ outcome: 'skipped', reason: 'no second merchant was given' }, []]);
  });

  it('is not judged where a merchant cannot create, or read its own', async () => {
    const second = (isHit: (sent: Sent) => boolean, answer: typeof DENIED): Way => ({
      instead: (sent) => (sent.draft.account.apiKey === SECOND.apiKey && isHit(sent) ? answer : undefined),
    });
    expect((await played(readSecondMerchant, second(isCreate, DENIED))).result).to.deep.equal(blocked('the create was not accepted (status 401)'));
    expect((await played(readSecondMerchant, second(isRead, UNKNOWN))).result).to.deep.equal(blocked('the customer could not be read by its own merchant'));
    expect((await played(readSecondMerchant, answering({ 2: NO_ANSWER }))).result).to.deep.equal(blocked('the customer could not be read by its own merchant'));
  });
});
