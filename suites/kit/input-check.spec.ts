import { expect } from 'chai';
import { conforming, violating } from '../../generators/index.js';
import { FORM_TYPE } from './draft.js';
import { careful, echo, has, inputRule, REFUSED, refusing, setUp, valuesOf, type SetUp } from './input-check.spec-help.js';
import type { Intent } from './observation.js';
import { FIRST, FURTHER } from './plan.js';
import type { Script } from './scripted.spec-help.js';

const notesOf = (set: SetUp): string[] => set.sent().map(({ intent }) => `${intent.purpose}#${intent.n} ${intent.note}`);
const intentsOf = (set: SetUp): Intent[] => set.sent().map(({ intent }) => intent);

async function all(set: SetUp, upTo = Number.POSITIVE_INFINITY): Promise<SetUp> {
  for (const item of set.check.items().slice(0, upTo)) await item.run();
  return set;
}

describe('input check: what is sent', () => {
  it('good and bad inputs, each under a number of its own', async () => {
    const set = await all(await setUp('credentials/scheme-case'));
    expect(notesOf(set), 'what is bad of it is left open').to.deep.equal([
      'conforming#0 scheme lower case',
      'conforming#2 scheme upper case',
      'conforming#4 scheme mixed case',
    ]);
    expect(notesOf(await all(await setUp('mobile_number/required')))).to.deep.equal([
      'conforming#0 mobile_number sent',
      'violating#1 not sent',
      'violating#3 empty',
    ]);
  });

  it('not the documented credential and header by themselves: every safe request has them', async () => {
    expect(notesOf(await all(await setUp('credentials/form')))).to.deep.equal([
      'violating#1 absent',
      'violating#3 empty header',
      'violating#5 absent, without a merchant',
    ]);
    const standard = await setUp('merchant/header', careful, { budget: 'standard' });
    expect(notesOf(await all(standard))).to.deep.equal(['conforming#0 name upper case', 'conforming#2 name mixed case']);
  });

  it('a few wrong credentials of many in the smallest budget', async () => {
    const count = async (budget: 'smoke' | 'standard'): Promise<number> => (await setUp('credentials/key', careful, { budget })).check.items().length;
    expect([await count('smoke'), await count('standard')]).to.deep.equal([7, 13]);
  });

  it('good values of one field together with those of others only, in the smallest budget', async () => {
    const halves = async (budget: 'smoke' | 'standard'): Promise<Set<string>> => {
      const set = await all(await setUp('email_address/local-edges', careful, { budget }));
      return new Set(intentsOf(set).map(({ purpose }) => purpose));
    };
    expect([...(await halves('smoke'))]).to.deep.equal(['violating']);
    expect([...(await halves('standard'))]).to.deep.equal(['conforming', 'violating']);
    expect((await setUp('first_name/optional')).check.items(), 'what is left out goes out in any').to.have.lengthOf(1);
  });

  it('drawn inputs behind the boundaries in larger budgets, and none where there is nothing to draw', async () => {
    const { constraint } = inputRule('email_address/local-edges');
    const [good, bad] = [conforming(constraint)?.boundaries.length ?? 0, violating(constraint)?.boundaries.length ?? 0];
    const items = async (budget: 'smoke' | 'standard', id = 'email_address/local-edges'): Promise<number> =>
      (await setUp(id, careful, { budget })).check.items().length;
    expect([await items('smoke'), await items('standard')]).to.deep.equal([bad, good + 30 + bad + 20]);
    expect(await items('standard', 'mobile_country_code/values')).to.equal(3 + 12);
    expect(await items('standard', 'credentials/scheme-case')).to.equal(3);
  });

  it('the same drawn inputs for the same seed and rule, others for others', async () => {
    const drawn = async (id: string, seed: number): Promise<string[]> => {
      const set = await setUp(id, careful, { budget: 'standard', seed });
      const boundaries = conforming(inputRule(id).constraint)?.boundaries.length ?? 0;
      for (const item of set.check.items().slice(boundaries, boundaries + 10)) await item.run();
      return intentsOf(set).map(({ note }) => note);
    };
    const first = await drawn('first_name/charset', 7);
    expect(new Set(first).size, 'different ones of one rule').to.be.above(5);
    expect(await drawn('first_name/charset', 7)).to.deep.equal(first);
    expect(await drawn('first_name/charset', 8), 'another seed').to.not.deep.equal(first);
    expect(await drawn('last_name/charset', 7), 'another rule with the same inputs').to.not.deep.equal(first);
  });

  it('the first bad input before the good ones, what is drawn behind all that is certain', async () => {
    const { check } = await setUp('email_address/local-edges', careful, { budget: 'standard' });
    const items = check.items();
    const [good, bad] = [items.slice(0, 36), items.slice(36)];
    expect([bad[0]?.rank, good[0]?.rank]).to.deep.equal([FIRST.violating, FIRST.conforming]);
    const least = (of: typeof items): number => Math.min(...of.map(({ rank }) => rank));
    const most = (of: typeof items): number => Math.max(...of.map(({ rank }) => rank));
    expect(least(good.slice(6)), 'good ones that are drawn').to.be.above(most(good.slice(0, 6)) + 15);
    expect(least(bad.slice(6)), 'bad ones that are drawn').to.be.above(most(bad.slice(0, 6)) + 15);
    expect(good.slice(1).every(({ rank }) => rank > FURTHER)).to.equal(true);
    expect(items.every(({ cost }) => cost === 1)).to.equal(true);
  });

  it('each input once, however often it is asked for', async () => {
    const set = await setUp('email_address/local-edges', careful, { budget: 'standard' });
    const [first] = set.check.goodInputs();
    await first?.probe();
    const [item] = set.check.items();
    await item?.run();
    await item?.run();
    expect(notesOf(set)).to.deep.equal(['conforming#0 _ inside the local part: "a_b_c_d"']);
    await set.check.items()[36]?.run();
    expect(notesOf(set), 'the halves have numbers of their own').to.have.lengthOf(2);
  });

  it('safe in everything else, with the values of one safe request after the other', async () => {
    const set = await all(await setUp('first_name/charset'), 5);
    expect(valuesOf(set.sent(), 'last_name').slice(0, 4)).to.deep.equal([0, 1, 2, 3].map((index) => set.controls.draft(index, 'x').fields[4]?.[1]));
    expect(valuesOf(set.sent(), 'last_name')[4], 'and again from the first on').to.equal(valuesOf(set.sent(), 'last_name')[0]);
    for (const { draft } of set.sent()) expect([draft.method, draft.path, draft.contentType]).to.deep.equal(['POST', '/customers', FORM_TYPE]);
  });

  it('wrong credentials last, and on connections of their own', async () => {
    const wrong = await all(await setUp('credentials/key'));
    expect(wrong.check.phase).to.equal('credentials');
    expect(wrong.sent().map(({ draft }) => draft.agent === wrong.context.singleUse)).to.deep.equal(Array(7).fill(true));
    expect(wrong.sent()[0]?.draft.credential).to.equal('first-character-changed');
    const other = await all(await setUp('mobile_number/required'));
    expect(other.check.phase).to.equal('main');
    expect(other.sent().map(({ draft }) => draft.agent)).to.deep.equal([undefined, undefined, undefined]);
  });
});

describe('input check: what is said of a request', () => {
  it('a good one is good, and nobody’s offence', async () => {
    const [good] = intentsOf(await all(await setUp('mobile_number/required'), 1));
    expect(good).to.deep.include({ ruleId: 'mobile_number/required', purpose: 'conforming', create: true, good: true, family: 'values' });
    expect(good).to.not.have.any.keys('offence', 'atFault');
  });

  it('a bad one is not, and its refusal names the field and what is wrong with it', async () => {
    const [, absent, empty] = intentsOf(await all(await setUp('mobile_number/required')));
    expect(absent).to.deep.include({ purpose: 'violating', create: true, good: false, family: 'values', offence: 'missing', atFault: ['mobile_number'] });
    expect(empty, 'an empty one is there, with a wrong value').to.deep.include({ offence: 'invalid', atFault: ['mobile_number'] });
    const [charset] = intentsOf(await all(await setUp('first_name/charset'), 1));
    expect(charset).to.deep.include({ good: false, offence: 'invalid', atFault: ['first_name'] });
  });

  it('an offence stays what it is where it is named empty without being a missing field', async () => {
    const [, emptyHeader] = intentsOf(await all(await setUp('credentials/form'), 2));
    expect(emptyHeader).to.deep.include({ note: 'empty header', offence: 'credential', atFault: [], family: 'headers', good: false });
    const rule = { ...inputRule('first_name/charset'), whenViolating: { outcome: 'refused', offence: 'missing' } } as const;
    expect(intentsOf(await all(await setUp(rule), 1))[0]?.offence).to.equal('missing');
  });

  it('its input can be made smaller, within the same request', async () => {
    const set = await all(await setUp('first_name/charset'), 1);
    const { shrinkable } = intentsOf(set)[0] ?? expect.fail('nothing was sent');
    expect(shrinkable?.shape).to.deep.include({ kind: 'around', offender: ' ' });
    const recipe = shrinkable?.recipe({ kind: 'around', place: 'value', before: 'x', offender: '/', after: 'y' });
    const draft = recipe?.((length) => 'r'.repeat(length));
    expect(draft?.fields.find(([name]) => name === 'first_name')?.[1]).to.equal('x/y');
    expect(draft?.fields.find(([name]) => name === 'last_name')?.[1]).to.equal(valuesOf(set.sent(), 'last_name')[0]);
  });

  it('the first bad create of a field is kept for who needs one that was refused', async () => {
    const taken = async (id: string, ...about: Parameters<SetUp['context']['takeRefused']>): Promise<string | undefined> => {
      const { intent } = (await (await all(await setUp(id))).context.takeRefused(...about)) ?? {};
      return intent === undefined ? undefined : `${intent.ruleId} ${intent.purpose}#${intent.n}`;
    };
    expect(await taken('first_name/charset', 'first_name', false)).to.equal('first_name/charset violating#1');
    expect(await taken('first_name/charset', 'first_name', true), 'it was there').to.equal(undefined);
    expect(await taken('mobile_number/required', 'mobile_number', true), 'it was absent').to.equal('mobile_number/required violating#1');
    expect(await taken('mobile_number/required', 'mobile_number', false)).to.equal(undefined);
  });

  it('it is told of before it is answered', async () => {
    const set = await setUp('first_name/charset');
    const running = set.check.items()[0]?.run();
    expect(await set.context.takeRefused('first_name', false)).to.deep.include({ outcome: 'refused' });
    await running;
  });

  it('but for references, requests without one field at fault, and whatever is not the first', async () => {
    const told = async (rule: Parameters<typeof setUp>[0], from = 0, config = {}): Promise<unknown[]> => {
      const set = await setUp(rule, careful, config);
      const all: unknown[] = [];
      set.context.noteBadCreate = (...about) => void all.push(about.slice(0, 2));
      for (const item of set.check.items().slice(from, from + 3)) await item.run();
      return all;
    };
    expect(await told('last_name/charset')).to.deep.equal([['last_name', false]]);
    expect(await told('last_name/charset', 1), 'not the first').to.deep.equal([]);
    expect(await told('email_address/separator', 0, { budget: 'standard' }), 'good ones').to.deep.equal([]);
    for (const id of ['object_reference_id/required', 'object_reference_id/length', 'credentials/key']) expect(await told(id), id).to.deep.equal([]);
    const several = {
      ...inputRule('mobile_number/required'),
      constraint: { kind: 'presence', fields: ['mobile_number', 'email_address'], presence: 'required' },
    };
    expect(await told(several as ReturnType<typeof inputRule>, 1), 'of several fields').to.deep.equal([]);
  });
});

describe('input check: good inputs for requests with several', () => {
  it('are all boundaries of a rule about the value of one field', async () => {
    const { check } = await setUp('email_address/local-edges');
    const inputs = check.goodInputs();
    const { constraint } = inputRule('email_address/local-edges');
    expect(inputs.map(({ shape }) => shape)).to.deep.equal(conforming(constraint)?.boundaries);
    expect(inputs.every(({ part, rule }) => part === 'email_address' && rule.id === 'email_address/local-edges')).to.equal(true);
    expect(inputs[0]?.input.render(inputs[0].shape, () => '')).to.deep.equal({ part: 'field', field: 'email_address', value: 'a_b_c_d@example.com' });
  });

  it('are those of a header too that can be written in several ways', async () => {
    const partsOf = async (id: string): Promise<(string | undefined)[]> => (await setUp(id)).check.goodInputs().map(({ part }) => part);
    expect(await partsOf('merchant/header')).to.deep.equal(Array(3).fill('x-merchantid'));
    expect(await partsOf('content-type/form')).to.deep.equal(Array(3).fill('Content-Type'));
    expect(await partsOf('content-type/charset')).to.deep.equal(Array(2).fill('Content-Type'));
  });

  it('are none of other rules', async () => {
    for (const id of ['credentials/scheme-case', 'content-type/chunked', 'mobile_number/required', 'first_name/optional'])
      expect((await setUp(id)).check.goodInputs(), id).to.deep.equal([]);
  });

  it('a field that may be left out gives just that', async () => {
    const { check } = await setUp('names/optional-together');
    const [absent, ...others] = check.absentInputs();
    expect(others).to.deep.equal([]);
    expect([absent?.part, absent?.input.render(absent.shape, () => '')]).to.deep.equal([
      'first_name',
      { part: 'fields', values: { first_name: null, last_name: null } },
    ]);
    for (const id of ['mobile_number/required', 'first_name/charset', 'credentials/scheme-case'])
      expect((await setUp(id)).check.absentInputs(), id).to.deep.equal([]);
  });

  it('hold where the request with them is accepted and answered as the rule says', async () => {
    const answers = async (id: string, script: Script): Promise<boolean | undefined> => {
      const { check, controls, context } = await setUp(id, ({ intent, draft }, n) =>
        intent.note === 'it' ? script({ intent, draft }, n) : echo({ intent, draft }),
      );
      const [input] = check.goodInputs();
      if (input === undefined) return expect.fail(`${id} has no good input`);
      const intent: Intent = { ruleId: 'control', n: 1, purpose: 'conforming', note: 'it' };
      return input.holds(await context.send(controls.withInput(0, input.input, input.shape), intent));
    };
    expect(await answers('first_name/charset', echo)).to.equal(true);
    expect(await answers('first_name/charset', () => REFUSED)).to.equal(false);
    expect(await answers('first_name/charset', () => ({ status: 500, text: '' })), 'not known to be accepted').to.equal(false);
    expect(await answers('options.get_client_auth_token/true', echo)).to.equal(true);
    expect(await answers('options.get_client_auth_token/true', () => ({ members: { juspay: undefined } })), 'without the token').to.equal(false);
  });

  it('that are sent by themselves tell whether they were taken, where that is known', async () => {
    const probed = async (script: Script): Promise<boolean | undefined> => (await setUp('first_name/charset', script)).check.goodInputs()[0]?.probe();
    const it = has('first_name', /^a\(/);
    expect(await probed(careful)).to.equal(true);
    expect(await probed(refusing(it))).to.equal(false);
    expect(await probed(refusing(it, { status: 502, text: '' }))).to.equal(undefined);
    expect(await probed(refusing(it, 'ended'))).to.equal(undefined);
  });
});
