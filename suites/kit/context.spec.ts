import { expect } from 'chai';
import { RULES } from '../../contracts/rules/index.js';
import { Context, HANGS_OF_A_RULE, headerOf } from './context.js';
import type { Observation } from './observation.js';
import { observed } from './observed.spec-help.js';
import { configOf } from './target.spec-help.js';

const IDS = RULES.map(({ id }) => id);
const [FIRST = '', SECOND = ''] = IDS;
const LAST = IDS.at(-1) ?? '';

function made(maxRequests = 300, more: Parameters<typeof configOf>[1] = {}, runToken = 'rtest'): Context {
  return new Context(configOf('http://127.0.0.1:9/pre///', more), maxRequests, runToken);
}

describe('context: what it is made of', () => {
  it('the URL of the target has no slash at its end, and its account is the one that is sent', () => {
    const context = made();
    const { merchantId, apiKey } = configOf('').target;
    expect(context.url).to.equal('http://127.0.0.1:9/pre');
    expect(context.account).to.deep.equal({ merchantId, apiKey });
    expect([context.runToken, context.throttled, context.unreachable, context.readableAfterMs]).to.deep.equal(['rtest', false, false, 0]);
  });

  it('no target is known to have reads before somebody has looked', async () => {
    expect(await made().reads.available()).to.equal(false);
  });

  it('sends as much at a time and in all as the run was given', () => {
    const { pacing } = made(7, { concurrency: 3 });
    expect([pacing.concurrency, pacing.left]).to.deep.equal([3, 7]);
  });

  it('an interruption of the run is one of its requests', () => {
    const interruption = new AbortController();
    const { pacing } = made(7, { signal: interruption.signal });
    expect(pacing.ended).to.equal(undefined);
    interruption.abort();
    expect(pacing.ended).to.equal('the run was interrupted');
  });

  it('the keys of both merchants are secrets, where there is a second', () => {
    const [one, two] = ['FirstKeyOfTheSpecs', 'SecondKeyOfTheSpecs'];
    const target = { url: 'http://127.0.0.1:9', merchantId: 'm', apiKey: one, embedded: false };
    const alone = made(1, { target });
    const both = made(1, { target: { ...target, secondMerchant: { merchantId: 'n', apiKey: two } } });
    expect([alone, both].map(({ redactor }) => [redactor.secrets.includes(one), redactor.secrets.includes(two)])).to.deep.equal([
      [true, false],
      [true, true],
    ]);
    expect(both.redactor.text(`${one} ${two}`)).to.equal('${API_KEY} ${API_KEY}');
    expect(alone.redactor.text(two)).to.equal(two);
  });

  it('a key that is a word of every answer is no secret to look for', () => {
    const { target } = configOf('http://127.0.0.1:9');
    for (const apiKey of ['customer', 'error_message', 'response/id'])
      expect(made(1, { target: { ...target, apiKey } }).redactor.secrets, apiKey).to.deep.equal([]);
  });

  it('a rule is found by its id', () => {
    const context = made();
    for (const id of [FIRST, LAST, 'response/id']) expect(context.rule(id)?.id).to.equal(id);
    expect(context.rule('response/none')).to.equal(undefined);
  });

  it('of a rule that nothing was sent for nothing is spent', () => {
    expect(made().spent(FIRST)).to.deep.equal({ requests: 0, durationMs: 0, hangs: 0 });
    expect(HANGS_OF_A_RULE).to.be.above(0);
  });
});

describe('context: where in the run a rule was first broken', () => {
  it('the first place is kept, whichever breach is told of first', () => {
    const context = made();
    for (const position of [9, 4, 6]) context.noteBreach(FIRST, position);
    context.noteBreach(SECOND, 5);
    expect([...context.firstBreaches]).to.deep.equal([
      [FIRST, 4],
      [SECOND, 5],
    ]);
  });

  it('what the ledger sees broken is noted at once', () => {
    const context = made();
    context.ledger.record(observed({ members: { id: undefined } }));
    context.ledger.record({ ...observed({ members: { 'juspay.client_auth_token': undefined } }), position: 7 });
    expect(context.firstBreaches.get('response/id')).to.equal(1);
    expect(context.firstBreaches.get('token/iff-asked')).to.equal(7);
    expect(context.firstBreaches.has('response/object')).to.equal(false);
  });
});

describe('context: requests to spare', () => {
  const taken = (context: Context, times: number): boolean[] => Array.from({ length: times }, () => context.takeSpare());

  it('all that is left where nothing was set aside', () => {
    expect(taken(made(2), 9)).to.deep.equal(Array.from({ length: 9 }, () => true));
  });

  it('as many as were set aside, and none more', () => {
    const context = made();
    context.reserve(2);
    expect(taken(context, 4)).to.deep.equal([true, true, false, false]);
    context.reserve(1);
    expect(taken(context, 2), 'set aside anew').to.deep.equal([true, false]);
  });

  it('none where nothing may be sent any more, and those set aside stay', async () => {
    const context = made(1);
    context.reserve(1);
    await context.pacing.turn(() => Promise.resolve());
    expect(context.takeSpare()).to.equal(false);
    const ended = made(9);
    ended.reserve(9);
    expect(ended.takeSpare()).to.equal(true);
    ended.pacing.end('enough');
    expect(ended.takeSpare()).to.equal(false);
  });
});

describe('context: references', () => {
  it('the same rule and number has the same in every run, but for the token of the run', () => {
    const reference = made().reference(FIRST, 7);
    expect(reference)
      .to.match(/^[a-z0-9]{20}$/)
      .and.to.include('rtest');
    expect(made().reference(FIRST, 7)).to.equal(reference);
    expect(made(1, {}, 'rxyz1').reference(FIRST, 7)).to.include('rxyz1');
  });

  it('no two rules and no two numbers share one; what is no rule has its own', () => {
    const context = made();
    const all = [...IDS, 'control'].flatMap((id) => [0, 1, 5000].map((n) => context.reference(id, n)));
    expect(all.filter((each, index) => all.indexOf(each) !== index)).to.deep.equal([]);
  });

  it('it is of the length and alphabet that is asked for', () => {
    expect(made().reference(FIRST, 0, 14, 'digits')).to.match(/^\d{14}$/);
    expect(made().reference(FIRST, 0, 31)).to.match(/^[a-z0-9]{31}$/);
  });

  it('repetitions of a rule are counted by themselves, from behind its first attempts', () => {
    const context = made();
    const [one, two, other, three] = [FIRST, FIRST, SECOND, FIRST].map((id) => context.repetition(id));
    expect(one).to.be.at.least(1000);
    expect([two, other, three]).to.deep.equal([(one ?? 0) + 1, one, (one ?? 0) + 2]);
  });
});

describe('context: a create that was refused before', () => {
  const REFUSED = observed({ status: 400, text: '{"status":"Bad Request"}' });
  const ACCEPTED = observed();
  const of = (observation: Observation | undefined): Promise<Observation | undefined> => Promise.resolve(observation);

  it('is given once, by its field and whether that was absent', async () => {
    const context = made();
    context.noteBadCreate('first_name', false, of(REFUSED));
    expect(await context.takeRefused('last_name', false), 'another field').to.equal(undefined);
    expect(await context.takeRefused('first_name', true), 'an absent field').to.equal(undefined);
    expect(await context.takeRefused('first_name', false)).to.equal(REFUSED);
    expect(await context.takeRefused('first_name', false), 'a second time').to.equal(undefined);
  });

  it('is the first of its kind, whatever goes out later', async () => {
    const context = made();
    const later = observed({ status: 400, text: '{"status":"later"}' });
    context.noteBadCreate('first_name', true, of(REFUSED));
    context.noteBadCreate('first_name', true, of(later));
    expect(await context.takeRefused('first_name', true)).to.equal(REFUSED);
    context.noteBadCreate('first_name', true, of(later));
    expect(await context.takeRefused('first_name', true), 'one that goes out when it was given').to.equal(undefined);
  });

  it('is none where it was accepted, or could not be sent', async () => {
    const context = made();
    context.noteBadCreate('first_name', false, of(ACCEPTED));
    context.noteBadCreate('last_name', false, of(undefined));
    expect([await context.takeRefused('first_name', false), await context.takeRefused('last_name', false)]).to.deep.equal([undefined, undefined]);
  });

  it('is waited for: two that ask while it is on its way do not both get it', async () => {
    const context = made();
    let answer = (_observation: Observation): void => undefined;
    context.noteBadCreate('first_name', false, new Promise((resolve) => (answer = resolve)));
    const asked = [context.takeRefused('first_name', false), context.takeRefused('first_name', false)];
    answer(REFUSED);
    expect(await Promise.all(asked)).to.deep.equal([REFUSED, undefined]);
  });
});

describe('context: a header of an answer', () => {
  it('is found in any letter case, the first of its name', () => {
    const observation = observed({
      headers: [
        ['RETRY-After', '7'],
        ['Retry-After', '8'],
      ],
    });
    expect(headerOf(observation, 'retry-after')).to.equal('7');
    expect(headerOf(observation, 'x-none')).to.equal(undefined);
  });

  it('there is none without an answer', () => {
    expect(headerOf(observed({ silent: true }), 'retry-after')).to.equal(undefined);
  });
});
