import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import { create, exchanged, type Script } from './scripted.spec-help.js';
import { HANGS_OF_A_RULE } from './context.js';
import { fieldOf } from './draft.js';
import { breaks, expectation } from './input-check.js';
import { careful, echo, has, inputRule, REFUSED, refusing, setUp, valuesOf, type SetUp } from './input-check.spec-help.js';
import type { Observation } from './observation.js';
import type { Given } from './observed.spec-help.js';

type Config = Parameters<typeof setUp>[2];

/** The finding after so many items and good inputs; all of them unless told. */
async function settled(
  rule: Parameters<typeof setUp>[0],
  script: Script = careful,
  { items = Infinity, goods = 0, config = {} }: { items?: number; goods?: number; config?: Config } = {},
): Promise<SetUp & { finding: Finding }> {
  const set = await setUp(rule, script, config);
  const inputs = set.check.goodInputs();
  for (const item of set.check.items().slice(0, items)) await item.run();
  for (const input of inputs.slice(0, goods)) await input.probe();
  return { ...set, finding: await set.check.settle() };
}

const said = ({ finding: { verdict, reason } }: { finding: Finding }): string => `${verdict}: ${reason}`;
const confirmations = ({ context }: SetUp): string[] =>
  context.sent.filter(({ intent }) => intent.purpose === 'confirmation').map(({ draft }) => fieldOf(draft, 'first_name') ?? '');

describe('input check: what is answered as documented', () => {
  it('passes, with how many of each half there were', async () => {
    expect(said(await settled('mobile_number/required'))).to.equal('pass: 1 good and 2 bad inputs were answered as documented');
    expect(said(await settled('first_name/charset', careful, { goods: 3, items: 4 }))).to.equal('pass: 3 good and 4 bad inputs were answered as documented');
  });

  it('names who says what becomes of the rest where that is left open', async () => {
    expect(said(await settled('credentials/scheme-case'))).to.equal(
      'pass: 3 good and 0 bad inputs were answered as documented; what is not good is left open (credentials/scheme)',
    );
    expect(said(await settled('first_name/optional'))).to.equal('pass: 1 good and 0 bad inputs were answered as documented');
  });

  it('counts good inputs that were seen beside others', async () => {
    const { check } = await setUp('mobile_country_code/values');
    const [first, second] = check.goodInputs();
    first?.note();
    second?.note();
    expect((await check.settle()).reason).to.match(/^2 good and 0 bad inputs/);
  });

  it('needs no good input of its own where every safe request is one', async () => {
    expect(said(await settled('first_name/charset', careful, { items: 2 }))).to.equal('pass: the safe requests and 2 bad inputs were answered as documented');
    expect(said(await settled('credentials/form'))).to.equal('pass: the safe requests and 3 bad inputs were answered as documented');
  });
});

describe('input check: a half that could not be judged', () => {
  it('is blocked, with the reasons', async () => {
    expect(said(await settled('first_name/charset', careful, { items: 0 }))).to.equal('blocked: no bad input could be judged: the budget did not reach it');
    expect(said(await settled('email_address/local-edges'))).to.equal('blocked: no good input could be judged: the budget did not reach it');
    expect(said(await settled('email_address/local-edges', careful, { goods: 1 }))).to.match(/^pass: 1 good and 6 bad/);
    const ofAbsent = await setUp('first_name/optional');
    ofAbsent.check.absentInputs();
    expect(said({ finding: await ofAbsent.check.settle() })).to.equal('blocked: no good input could be judged: the budget did not reach it');
  });

  it('tells how often there was no usable answer, and the beginning of it', async () => {
    const answer = `{"detail":"${'x'.repeat(200)}"}`;
    const set = await settled('mobile_number/required', refusing(has('mobile_number', /^$/), { status: 503, text: answer }));
    expect(said(set)).to.equal(`blocked: no bad input could be judged: no usable answer (${`503 ${answer}`.slice(0, 80)}) (2 times)`);
    const silent = { silent: true, failure: { kind: 'timeout', message: 'nothing for 1 s' } } as const;
    expect(
      said(
        await settled(
          'first_name/optional',
          refusing(({ draft }) => fieldOf(draft, 'first_name') === undefined, silent),
        ),
      ),
    ).to.equal('blocked: no good input could be judged: no usable answer (nothing for 1 s)');
  });

  it('tells why nothing more could be sent', async () => {
    expect(said(await settled('mobile_number/required', refusing(has('mobile_number', /^$/), 'ended')))).to.equal(
      'blocked: no bad input could be judged: the budget is spent (2 times)',
    );
  });

  it('sends nothing more once several requests hung, and says so', async () => {
    const set = await setUp('first_name/charset');
    const spent = { requests: 9, durationMs: 1 };
    set.context.spent = () => ({ ...spent, hangs: HANGS_OF_A_RULE - 1 });
    const items = set.check.items();
    await items[0]?.run();
    expect(set.sent(), 'before the last of them').to.have.lengthOf(1);
    set.context.spent = (ruleId) => ({ ...spent, hangs: ruleId === 'first_name/charset' ? HANGS_OF_A_RULE : 0 });
    await items[1]?.run();
    expect(set.sent()).to.have.lengthOf(1);
    const hung = await setUp('first_name/charset');
    hung.context.spent = set.context.spent;
    await hung.check.items()[0]?.run();
    expect(said({ finding: await hung.check.settle() })).to.equal('blocked: no bad input could be judged: not sent after several requests hung');
  });

  it('an error of our own is none of the target', async () => {
    const thrown = async (work: () => Promise<unknown>): Promise<unknown> =>
      work().then(
        () => 'nothing',
        (error: unknown) => error,
      );
    const failing: Script = () => {
      throw new TypeError('a defect of ours');
    };
    const set = await setUp('first_name/charset', (sent, n) => (sent.intent.ruleId === 'control' ? careful(sent, n) : failing(sent, n)));
    expect(await thrown(() => set.check.items()[0]?.run() ?? Promise.resolve())).to.be.instanceOf(TypeError);
    // Other requests would be sent when the failure is confirmed, and show it all the same.
    const later = await setUp('first_name/charset', (sent, n) =>
      has('first_name', /^a{64}$/)(sent) ? failing(sent, n) : refusing(has('first_name', /^a\(/))(sent, n),
    );
    await later.check.goodInputs()[0]?.probe();
    expect(await thrown(() => later.check.settle()), 'when it is settled').to.be.instanceOf(TypeError);
  });
});

describe('input check: a bad request that is not refused', () => {
  const takesBlanks: Script = (sent, n) => (/ /.test(fieldOf(sent.draft, 'first_name') ?? '') ? echo(sent) : careful(sent, n));

  it('fails, confirmed and made small, with the same value made good beside it', async () => {
    const set = await settled('first_name/charset', takesBlanks, { items: 5 });
    const { finding } = set;
    expect(said(set)).to.equal('fail: a bad request was not refused (blank inside)');
    expect([finding.expected, finding.confirmed]).to.deep.equal(['400 with an error body', { tries: 2, repeats: 2 }]);
    expect(finding.got).to.match(/^200 /);
    expect(finding.counterexample).to.deep.include({ part: 'first_name', value: ' ', controlValue: 'm', path: 'violating/1', shrunk: true });
    expect(finding.counterexample?.control?.request.body.text).to.match(/last_name|mobile_number/);
    expect(set.context.firstBreaches.has('first_name/charset')).to.equal(true);
    expect(set.context.firstBreaches.has('credentials/form')).to.equal(false);
  });

  it('says of how many where there are several, and begins with the first', async () => {
    const set = await setUp('first_name/charset', (sent, n) => (/[ ']/.test(fieldOf(sent.draft, 'first_name') ?? '') ? echo(sent) : careful(sent, n)));
    const items = set.check.items();
    for (const index of [2, 1, 0]) await items[index]?.run();
    const finding = await set.check.settle();
    expect(finding.reason).to.equal('a bad request was not refused (blank inside; 2 of 3 inputs of this half)');
    expect(finding.counterexample?.path).to.equal('violating/1');
  });

  it('counts its own half alone', async () => {
    const set = await settled('mobile_number/required', ({ draft }) => (fieldOf(draft, 'mobile_number') === '987654321' ? REFUSED : {}));
    expect(set.finding.reason, 'the good one comes first').to.equal('a good request was not accepted (mobile_number sent)');
    const bad = await settled('mobile_number/required', echo);
    expect(bad.finding.reason).to.equal('a bad request was not refused (not sent; 2 of 2 inputs of this half)');
  });

  it('has a rate over the run and its confirmations where it comes only sometimes', async () => {
    let times = 0;
    const sometimes: Script = (sent, n) => (has('first_name', / /)(sent) && (times += 1) % 2 === 1 ? echo(sent) : careful(sent, n));
    const { finding } = await settled('first_name/charset', sometimes, { items: 1 });
    expect([finding.verdict, finding.rate]).to.deep.equal(['flaky', { broken: 5, of: 9 }]);
  });

  it('of a credential is told by its form, and was to get 401', async () => {
    const { finding } = await settled('credentials/key', (sent, n) => (sent.draft.credential === 'key-prefix' ? {} : careful(sent, n)));
    expect([finding.verdict, finding.reason, finding.expected]).to.deep.equal(['fail', 'a bad request was not refused (key prefix)', '401, and no customer']);
    expect(finding.counterexample).to.deep.include({ part: 'key prefix', value: null });
  });
});

describe('input check: a good request that is not accepted', () => {
  it('fails, made small, with the safe request beside it', async () => {
    const set = await settled('first_name/charset', refusing(has('first_name', /\(/)), { items: 1, goods: 1 });
    expect(said(set)).to.match(/^fail: a good request was not accepted \("a\(\(.*"\)$/);
    expect([set.finding.expected, set.finding.counterexample?.value, set.finding.counterexample?.controlValue]).to.deep.equal([
      '200 with the customer',
      '(',
      'John',
    ]);
    expect(set.finding.counterexample?.path).to.equal('conforming/0');
  });

  it('without several fields is about no one of them', async () => {
    const { finding } = await settled(
      'names/optional-together',
      refusing(({ draft }) => fieldOf(draft, 'first_name') === undefined),
    );
    expect([finding.verdict, finding.counterexample?.part, finding.counterexample?.value]).to.deep.equal(['fail', 'none of them sent', null]);
  });

  it('is told apart from one that is answered otherwise', async () => {
    const noToken: Script = (sent) => ({ members: { ...echo(sent).members, juspay: undefined } });
    expect(said(await settled('options.get_client_auth_token/true', noToken, { goods: 1 }))).to.equal('fail: a good request was answered otherwise ("true")');
  });

  it('of 401 is refused for its credential, whatever else it holds', async () => {
    const unauthorised = { status: 401, text: '{}' };
    const set = await settled('first_name/charset', refusing(has('first_name', /^a\(/), unauthorised), { items: 1, goods: 1 });
    expect(said(set), 'nothing of its own').to.equal('pass: 1 good and 1 bad inputs were answered as documented');
    expect(set.controls.evidence('credentials/form').map(({ half, field }) => [half, field])).to.deep.equal([['conforming', 'first_name']]);
    expect(set.context.firstBreaches.has('first_name/charset')).to.equal(false);
    const scheme = await settled(
      'credentials/scheme-case',
      refusing(({ draft }) => draft.credential === 'scheme-upper-case', unauthorised),
    );
    expect(said(scheme), 'a rule about credentials keeps it').to.equal('fail: a good request was not accepted (scheme upper case)');
    const bad = await settled('first_name/charset', refusing(has('first_name', / /), unauthorised), { items: 1 });
    expect(said(bad), 'a bad one is refused with it as well').to.match(/^pass: /);
  });

  it('elsewhere is put down to this rule, counted, and made small by itself', async () => {
    const set = await setUp('first_name/charset', refusing(has('first_name', /[Q(]/)));
    await set.check.goodInputs()[0]?.probe();
    const draft = create('q1rtest0000000000001', { first_name: 'Quim' });
    const recipe = (fresh: (length: number, alphabet: 'word') => string): ReturnType<typeof create> => create(fresh(20, 'word'), { first_name: 'Quim' });
    const observation = (n: number): Observation =>
      exchanged(draft, { ruleId: 'control', n, purpose: 'conforming', note: 'a safe request', create: true, good: true }, REFUSED, recipe);
    const candidate = { half: 'conforming', describe: 'a safe first_name', expected: 'accepted', field: 'first_name' } as const;
    for (const n of [-1, -2]) set.controls.report('first_name/charset', { ...candidate, observation: observation(n) });
    const finding = await set.check.settle();
    expect(finding.reason).to.equal('a good request was not accepted (a safe first_name; 3 of 3 inputs of this half)');
    expect([finding.counterexample?.path, finding.counterexample?.value, finding.counterexample?.shrunk]).to.deep.equal(['conforming/-2', 'Q', true]);
    const other = await setUp('first_name/charset', refusing(has('first_name', /Q/)));
    const { field: _, ...ofNone } = candidate;
    other.controls.report('first_name/charset', { ...ofNone, observation: observation(1) });
    expect((await other.check.settle()).counterexample?.value, 'of no field').to.equal(null);
  });
});

describe('input check: a good value that is refused for its length', () => {
  const LONG = /^.{18,}$/;
  /** The first and the third good input have 64 characters each. */
  const probed = async (id: string, script: Script, which: readonly number[], spare = Infinity): Promise<SetUp & { finding: Finding }> => {
    const set = await setUp(id, script);
    const inputs = set.check.goodInputs();
    for (const index of which) await inputs[index]?.probe();
    const [bad] = set.check.items();
    if (bad !== undefined) await bad.run();
    set.context.reserve(spare);
    return { ...set, finding: await set.check.settle() };
  };

  it('is put down to the rule about the length', async () => {
    const set = await probed('first_name/charset', refusing(has('first_name', LONG)), [0, 2]);
    expect(said(set)).to.equal('pass: 2 good and 1 bad inputs were answered as documented');
    expect(set.controls.evidence('first_name/length').map(({ describe, field }) => [describe, field])).to.deep.equal([
      ['64 characters', 'first_name'],
      ['64 characters', 'first_name'],
    ]);
    expect(confirmations(set), 'asked once for each number of characters').to.deep.equal(['a'.repeat(64)]);
  });

  it('is asked for with characters of its field', async () => {
    const digits = await probed('mobile_number/digits', refusing(has('mobile_number', /^.{10}$/)), [1]);
    const twin = digits.context.sent.find(({ intent }) => intent.purpose === 'confirmation');
    expect(fieldOf(twin?.draft ?? expect.fail('no twin'), 'mobile_number')).to.equal('9999999999');
    expect(digits.controls.evidence('mobile_number/length').map(({ describe }) => describe)).to.include('10 characters');
    const references = await probed('object_reference_id/forms', refusing(has('object_reference_id', /^.{25}$/)), [0]);
    const sent = valuesOf(references.context.sent.slice(-2), 'object_reference_id');
    expect(sent[1], 'a reference of this run').to.match(/^(?=.*rtest)[a-z0-9]{25}$/);
    expect(sent[1]).to.not.equal(sent[0]);
    expect(references.controls.evidence('object_reference_id/length').map(({ describe }) => describe)).to.deep.equal(['25 characters']);
  });

  it('stays where ordinary characters of the same length are taken, beside what is of the length', async () => {
    const set = await probed(
      'first_name/charset',
      refusing((sent) => has('first_name', LONG)(sent) || has('first_name', /null/)(sent)),
      [0, 1],
    );
    expect(said(set)).to.equal('fail: a good request was not accepted ("null")');
    expect(confirmations(set).slice(0, 2)).to.deep.equal(['a'.repeat(64), 'aaaa']);
    expect(set.controls.evidence('first_name/length')).to.have.lengthOf(1);
  });

  it('a bad value that is taken has nothing to do with it, nor has a field that was left out', async () => {
    const bad = await settled('first_name/charset', echo, { items: 1 });
    expect(said(bad)).to.match(/^fail: a bad request/);
    expect(confirmations(bad).filter((value) => /^a+$/.test(value))).to.deep.equal([]);
    const absent = await settled(
      'first_name/optional',
      refusing(({ draft }) => fieldOf(draft, 'first_name') === undefined),
    );
    expect(said(absent)).to.equal('fail: a good request was not accepted (not sent)');
    expect(absent.context.sent.filter(({ draft }) => /^a*$/.test(fieldOf(draft, 'first_name') ?? 'x'))).to.deep.equal([]);
  });

  it('a rule about the length, and a field without one, keep what they have', async () => {
    const length = await settled('first_name/length', refusing(has('first_name', LONG)), { goods: 2 });
    expect(said(length)).to.equal('fail: a good request was not accepted (64 characters)');
    expect(
      confirmations(length).filter((value) => /^a+$/.test(value)),
      'it is about lengths alone',
    ).to.deep.equal([]);
    const email = await settled('email_address/separator', refusing(has('email_address', /\.invalid$/)), { items: 1, goods: 5 });
    expect(said(email)).to.equal('warn: a good request was not accepted (the address "x@a.invalid")');
  });

  it('stays where nothing can be sent to find out', async () => {
    const spent = await probed('first_name/charset', refusing(has('first_name', LONG)), [0], 0);
    expect(said(spent)).to.match(/^fail: a good request was not accepted/);
    const ended = await probed(
      'first_name/charset',
      (sent, n) => (sent.intent.purpose === 'confirmation' ? 'ended' : refusing(has('first_name', LONG))(sent, n)),
      [0],
    );
    expect(said(ended)).to.match(/^fail: a good request was not accepted/);
  });
});

describe('input check: which answers break a rule', () => {
  const broken = (
    id: string,
    half: 'conforming' | 'violating',
    given: Given,
    fields: Parameters<typeof create>[1] = {},
    echoed: readonly 'last_name'[] = ['last_name'],
  ): boolean => {
    const intent = { ruleId: id, n: 0, purpose: half, note: '' };
    return breaks(inputRule(id), half, exchanged(create('q1rtest0000000000001', fields), intent, given), new Set(echoed));
  };
  const silent: Given = { silent: true, failure: { kind: 'dropped', message: 'closed' } };
  const redirect: Given = { status: 302, text: '' };

  it('a bad request that is accepted, and a good one that is not; what tells nothing breaks nothing', () => {
    const of = (half: 'conforming' | 'violating'): boolean[] =>
      [{}, REFUSED, redirect, silent, { status: 500, text: '' }, { status: 429, text: '' }].map((given) => broken('first_name/charset', half, given));
    expect(of('conforming')).to.deep.equal([false, true, true, false, false, false]);
    expect(of('violating')).to.deep.equal([true, false, true, false, false, false]);
  });

  it('a token that was asked for and is missing, or came unasked', () => {
    const without = { members: { juspay: undefined } };
    const option = 'options.get_client_auth_token';
    const of = (id: string, value: string | null, given: Given): boolean => broken(`${option}/${id}`, 'conforming', given, { [option]: value });
    expect([of('true', 'true', {}), of('false', 'false', without), of('absent', null, without)]).to.deep.equal([false, false, false]);
    expect([of('true', 'true', without), of('false', 'false', {}), of('absent', null, {})]).to.deep.equal([true, true, true]);
    expect(of('true', 'true', { members: { 'juspay.client_auth_token': 17 } }), 'no text').to.equal(true);
    expect(of('true', 'true', { text: 'no JSON' }), 'a body that cannot be read is for other rules').to.equal(false);
    expect(broken('first_name/charset', 'conforming', without), 'of other fields').to.equal(false);
  });

  it('a body that was read in part, where its form is under test', () => {
    for (const id of ['content-type/chunked', 'content-type/charset']) {
      expect(broken(id, 'conforming', { members: { last_name: undefined } }), id).to.equal(true);
      expect(broken(id, 'conforming', { members: { last_name: 'x' } }), `${id}: all of it came back`).to.equal(false);
      expect(broken(id, 'conforming', { members: { last_name: undefined } }, { last_name: null }), `${id}: it was not sent`).to.equal(false);
      expect(broken(id, 'conforming', { members: { last_name: undefined } }, {}, []), `${id}: it never comes back`).to.equal(false);
    }
    expect(broken('merchant/header', 'conforming', { members: { last_name: undefined } })).to.equal(false);
  });

  it('what was to come instead', () => {
    expect(expectation(inputRule('first_name/charset'), 'conforming')).to.equal('200 with the customer');
    expect(expectation(inputRule('first_name/charset'), 'violating')).to.equal('400 with an error body');
    expect(expectation(inputRule('credentials/key'), 'violating')).to.equal('401, and no customer');
    expect(expectation(inputRule('merchant/header'), 'violating')).to.equal('a refusal');
  });
});
