import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import type { InputRule, SpellingConstraint } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { spellingProbes, type SpellingProbe } from '../../generators/wire.js';
import { Controls } from './controls.js';
import { fieldOf, write, type Draft } from './draft.js';
import { careful, echo, inputRule, REFUSED } from './input-check.spec-help.js';
import type { Given } from './observed.spec-help.js';
import { FIRST, FURTHER } from './plan.js';
import { create, exchanged, ScriptedContext, type Script, type Sent } from './scripted.spec-help.js';
import { isWrong, SpellingCheck } from './spelling-check.js';

type Pairs = [string, string][];
const bodyOf = (draft: Draft): string => write(draft).wire.body?.toString('latin1') ?? '';

/** A target that takes the fields out of the body itself. */
const reading =
  (decode: (body: string) => Pairs, answer: Script = careful): Script =>
  ({ draft, intent }, number) =>
    answer({ intent, draft: { ...draft, fields: decode(bodyOf(draft)) } }, number);
const standard = (body: string): Pairs => [...new URLSearchParams(body)];
/** By hand: pairs apart at &, and what stands in them undone by a function. */
const byHand =
  (undo: (text: string) => string) =>
  (body: string): Pairs =>
    body.split('&').map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [undo(name), undo(value.join('='))];
    });
const anything: Script = reading(standard, echo);

interface SetUp {
  readonly context: ScriptedContext;
  readonly check: SpellingCheck;
  readonly probes: readonly SpellingProbe[];
  readonly sent: (purpose?: string) => readonly Sent[];
}

async function setUp(name: string, script: Script): Promise<SetUp> {
  const rule: InputRule = inputRule(`encoding/${name}`);
  const constraint = rule.constraint as SpellingConstraint;
  const context = new ScriptedContext(script);
  const controls = new Controls(context);
  expect(await controls.open(), 'why the run does not open').to.equal(undefined);
  return {
    context,
    check: new SpellingCheck(context, controls, rule, constraint),
    probes: spellingProbes(constraint.spelling),
    sent: (purpose) => context.sent.filter(({ intent }) => intent.ruleId === rule.id && (purpose === undefined || intent.purpose === purpose)),
  };
}

async function settled(name: string, script: Script, which?: readonly number[]): Promise<SetUp & { finding: Finding }> {
  const set = await setUp(name, script);
  const items = set.check.items();
  for (const index of which ?? items.keys()) await items[index]?.run();
  return { ...set, finding: await set.check.settle() };
}

const said = ({ finding: { verdict, reason } }: { finding: Finding }): string => `${verdict}: ${reason}`;
const SPELLINGS = RULES.flatMap((rule) => (rule.kind === 'input' && rule.constraint.kind === 'spelling' ? [rule.id.replace('encoding/', '')] : []));

describe('spelling check: what is sent', () => {
  it('the first good and the first bad value early, the others in their order', async () => {
    const { check } = await setUp('hex-case', anything);
    const ranks = check.items().map(({ rank }) => rank);
    expect(ranks.slice(0, 2)).to.deep.equal([FIRST.spelling, FIRST.spelling]);
    expect(ranks.slice(2).map((rank) => Math.round((rank - FURTHER) * 10) / 10)).to.deep.equal([2.4, 3.6, 4.8]);
    expect([check.items().every(({ cost }) => cost === 1), check.phase]).to.deep.equal([true, 'main']);
  });

  it('every value of the spelling, good or bad as it is, and a bad one is nobody’s offence', async () => {
    for (const name of SPELLINGS) {
      const set = await settled(name, reading(standard));
      expect(
        set.sent().map(({ intent }) => [intent.n, intent.purpose, intent.note, intent.good, intent.create, intent.offence]),
        name,
      ).to.deep.equal(set.probes.map(({ half, describe }, n) => [n, half, describe, half === 'conforming', true, undefined]));
      for (const [n, { draft }] of set.sent().entries()) {
        const { field, value } = set.probes[n] ?? expect.fail('a request of no value');
        expect(draft.readingOpen, name).to.equal(true);
        if (field !== 'object_reference_id') expect(fieldOf(draft, field), name).to.equal(value);
        if (field !== 'object_reference_id') expect(fieldOf(draft, 'object_reference_id'), name).to.match(/^[a-z0-9]{20}$/);
        const read = standard(bodyOf(draft)).filter(([key]) => key !== '');
        expect(name === 'field-order' ? read.reverse() : read, name).to.deep.equal(draft.fields);
      }
    }
  });

  it('in the spelling, and each of several bodies of it in turn', async () => {
    const bodies = (await settled('empty-pairs', reading(standard))).sent().map(({ draft }) => bodyOf(draft));
    expect(bodies.map((body) => [body.startsWith('&'), body.endsWith('&'), body.slice(1, -1).includes('&&')])).to.deep.equal(
      [0, 1, 2, 3, 0, 1, 2].map(
        (n) =>
          [
            [true, true, true],
            [false, true, false],
            [true, false, false],
            [false, false, true],
          ][n],
      ),
    );
    const [plus] = (await settled('plus-is-blank', reading(standard))).sent();
    expect(bodyOf(plus?.draft ?? expect.fail('nothing was sent'))).to.include('email_address=a+b%40example.com');
  });

  it('with the values of one safe request after the other', async () => {
    const set = await settled('needless-escape', reading(standard), [1, 2, 5]);
    expect(new Set(set.sent().map(({ draft }) => fieldOf(draft, 'last_name'))).size).to.equal(2);
  });

  it('references of as many characters and bytes, that no other request has', async () => {
    const { check, sent } = await setUp('utf-8', reading(standard));
    const items = check.items();
    for (let times = 0; times < 400; times += 1) await items[3]?.run();
    await items[2]?.run();
    const references = sent().map(({ draft }) => fieldOf(draft, 'object_reference_id') ?? '');
    for (const reference of references.slice(0, -1)) expect(reference).to.match(/^[à-ÿ]{7}$/);
    expect(references.at(-1)).to.match(/^[\u1820-\u183f]{3}$/);
    expect(new Set(references).size).to.equal(references.length);
    expect(new Set(references.slice(0, -1).join('')).size, 'characters that they are made of').to.be.above(24);
    expect(sent('violating')[0]?.draft.fields.map(([name]) => name)[0]).to.equal('object_reference_id');
  });
});

describe('spelling check: what is read as it should be', () => {
  it('passes, with how many of each half there were', async () => {
    for (const name of SPELLINGS) {
      const { finding, probes, sent } = await settled(name, reading(standard));
      const count = (half: string): number => probes.filter((probe) => probe.half === half).length;
      expect(`${finding.verdict}: ${finding.reason}`, name).to.equal(
        `pass: ${String(count('conforming'))} good and ${String(count('violating'))} bad inputs were read as in the plain spelling`,
      );
      expect(sent('confirmation'), `${name}: nothing has to be looked into`).to.deep.equal([]);
    }
  });

  it('a half that could not be judged is blocked, with the reasons', async () => {
    expect(said(await settled('raw', reading(standard), [0]))).to.equal('blocked: no bad input could be judged: the budget did not reach it');
    expect(said(await settled('raw', reading(standard), [1]))).to.equal('blocked: no good input could be judged: the budget did not reach it');
    expect(said(await settled('raw', reading(standard), []))).to.equal('blocked: no good input could be judged: the budget did not reach it');
    const own =
      (given: Given | 'ended'): Script =>
      (sent, n) =>
        sent.intent.ruleId === 'encoding/raw' ? given : careful(sent, n);
    expect(said(await settled('raw', own('ended')))).to.equal('blocked: no good input could be judged: the budget is spent (5 times)');
    const answer = 'x'.repeat(200);
    expect(said(await settled('raw', own({ status: 503, text: answer })))).to.equal(
      `blocked: no good input could be judged: no usable answer (${`503 ${answer}`.slice(0, 80)}) (5 times)`,
    );
  });

  it('an error of our own is none of the target', async () => {
    const set = await setUp('raw', (sent, n) => {
      if (sent.intent.ruleId === 'encoding/raw') throw new TypeError('a defect of ours');
      return careful(sent, n);
    });
    let thrown: unknown;
    await set.check
      .items()[0]
      ?.run()
      .catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe('spelling check: a body that is read otherwise than its plain equal', () => {
  const plusKept = byHand(decodeURIComponent);

  it('fails, with the value and what it was to get', async () => {
    const set = await settled('plus-is-blank', reading(plusKept));
    expect(said(set)).to.equal('fail: the spelling was read otherwise: a blank as + in an address: an allowed plus if not decoded');
    expect(set.finding.expected).to.equal('a refusal, as email_address = "a b@example.com" gets in any spelling');
    expect(set.finding.got).to.match(/^200 /);
    expect(set.finding.counterexample).to.deep.include({ part: 'email_address', value: 'a b@example.com', path: 'violating/0', shrunk: true });
    expect(set.finding.counterexample?.controlValue, 'a safe request is beside it').to.match(/@example\.(?:com|org|net)$/);
    expect(set.context.firstBreaches.has('encoding/plus-is-blank')).to.equal(true);
  });

  it('is held against the same fields in the plain spelling', async () => {
    const { sent } = await settled('plus-is-blank', reading(plusKept), [0]);
    const [spelled, plain] = sent();
    expect(plain?.intent).to.deep.include({
      purpose: 'confirmation',
      note: 'the same, plainly written: a blank as + in an address: an allowed plus if not decoded',
      create: true,
      n: 5001,
    });
    expect([plain?.draft.spelled, plain?.draft.readingOpen, plain?.intent.good]).to.deep.equal([undefined, undefined, undefined]);
    expect(plain?.draft.fields.slice(1)).to.deep.equal(spelled?.draft.fields.slice(1));
    expect(fieldOf(plain?.draft ?? expect.fail('no twin'), 'object_reference_id')).to.not.equal(
      fieldOf(spelled?.draft ?? expect.fail('nothing was sent'), 'object_reference_id'),
    );
  });

  it('is none of the spelling where the plain body gets the same answer', async () => {
    const lax = await settled('plus-is-blank', anything);
    expect(said(lax), 'a target that takes bad values').to.equal('pass: 1 good and 5 bad inputs were read as in the plain spelling');
    const noPlus: Script = (sent, n) => (/\+/.test(fieldOf(sent.draft, 'email_address') ?? '') ? REFUSED : careful(sent, n));
    expect((await settled('plus-is-blank', reading(standard, noPlus))).finding.verdict, 'one that refuses a good one').to.equal('pass');
  });

  it('is none that is known of where the plain body got no answer', async () => {
    for (const given of [
      { status: 503, text: '' },
      { silent: true, failure: { kind: 'timeout', message: 'nothing for 1 s' } },
    ] as const) {
      const lax: Script = (sent, n) => (sent.intent.note.startsWith('the same, plainly written') ? given : anything(sent, n));
      expect(said(await settled('plus-is-blank', lax))).to.match(/^pass: /);
    }
  });

  it('shows where a target judges what it has not decoded, and gives back what it has', async () => {
    const set = await settled('plus-is-blank', ({ draft, intent }, n) => {
      const judged = reading(plusKept)({ draft, intent }, n);
      return judged === 'ended' || judged.status !== undefined ? judged : echo({ draft, intent });
    });
    expect(said(set)).to.match(/^fail: /);
  });

  it('shows in a good value that is refused, or comes back otherwise', async () => {
    const capitalsOnly = byHand((text) => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => decodeURIComponent(escape)));
    const set = await settled('hex-case', reading(capitalsOnly), [0]);
    expect(said(set)).to.match(/^fail: the spelling was read otherwise: escapes with lower-case hex/);
    expect(set.finding.expected).to.equal('200 with email_address = "a/b?c=d{e}@example.com"');
    const firstCut = byHand((text) => new URLSearchParams(`x=${text.split('=')[0] ?? ''}`).get('x') ?? '');
    const cut = await settled('second-equals', reading(firstCut, echo), [0]);
    expect(cut.finding.got, 'it was accepted').to.match(/^200 /);
    expect(said(cut)).to.match(/^fail: /);
  });

  it('the first of several is shown, and how often of its own half', async () => {
    let times = 0;
    const dropped = byHand((text) => decodeURIComponent(text.replaceAll('+', '')));
    // Of what confirms it only the second is read otherwise.
    const sometimes: Script = (sent, n) => reading(sent.intent.attempt === undefined || (times += 1) === 2 ? dropped : standard)(sent, n);
    const { finding } = await settled('plus-is-blank', sometimes, [2, 1, 0]);
    expect([finding.verdict, finding.counterexample?.path]).to.deep.equal(['flaky', 'violating/0']);
    expect(finding.rate, 'two of two bad ones, and one of eight').to.deep.equal({ broken: 3, of: 10 });
  });

  it('is confirmed by what its own value gets', async () => {
    const dropped = byHand((text) => decodeURIComponent(text.replaceAll('+', '')));
    const { finding } = await settled('plus-is-blank', reading(dropped), [2]);
    expect([finding.verdict, finding.confirmed, finding.counterexample?.value]).to.deep.equal(['fail', { tries: 2, repeats: 2 }, 'a b']);
  });
});

describe('spelling check: a value that the plain body spells in the same way', () => {
  const twice = (body: string): Pairs =>
    standard(body).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    });
  // By what is noted at once: a verdict has confirmations behind it, which say more of some targets.
  const misread = async (name: string, script: Script, which: readonly number[]): Promise<boolean> =>
    (await settled(name, script, which)).context.firstBreaches.has(`encoding/${name}`);
  const upperCase: Script = (sent, n) => {
    const given = careful(sent, n);
    return given === 'ended'
      ? given
      : { ...given, ...(given.members === undefined ? {} : { members: { ...given.members, email_address: 'OTHER@example.com' } }) };
  };
  /** Refuses percent signs in addresses, and answers what the other script does. */
  const noPercent =
    (script: Script): Script =>
    (sent, n) =>
      /%/.test(fieldOf(sent.draft, 'email_address') ?? '') ? REFUSED : script(sent, n);

  it('is misread where it comes back otherwise and an ordinary value does not', async () => {
    const set = await settled('percent-once', reading(twice), [0]);
    expect(said(set)).to.match(/^fail: .*A and B if decoded twice$/);
    const [, ordinary] = set.sent();
    expect(ordinary?.intent).to.deep.include({ purpose: 'confirmation', note: 'the same with an ordinary value', create: true });
    expect(fieldOf(ordinary?.draft ?? expect.fail('no twin'), 'email_address')).to.equal('customer@example.com');
    expect(await misread('percent-once', reading(twice), [1]), 'a bad value that is accepted as a good one').to.equal(true);
  });

  it('is not where an ordinary value is answered wrongly as well', async () => {
    expect(await misread('percent-once', reading(twice, upperCase), [0]), 'it comes back otherwise').to.equal(false);
    for (const given of [REFUSED, { status: 400, text: 'no JSON' }]) {
      const closed: Script = (sent, n) => (sent.intent.purpose === 'confirmation' ? given : reading(twice)(sent, n));
      expect(await misread('percent-once', closed, [0]), 'it is not accepted').to.equal(false);
    }
  });

  it('a bad one that is accepted and comes back as it was sent was read as it should be', async () => {
    const set = await settled('percent-once', anything, [1]);
    expect(set.finding.verdict).to.equal('blocked');
    expect(set.sent(), 'nothing has to be looked into').to.have.lengthOf(1);
    const latin1 = (body: string): Pairs => standard(body).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
    expect(await misread('utf-8', reading(latin1), [3]), 'a target that counts bytes').to.equal(true);
    expect(await misread('utf-8', anything, [3]), 'one that takes short references').to.equal(false);
  });

  it('other fields of a bad one are looked at in what is good alone', async () => {
    const other: Script = ({ draft, intent }) => ({ members: { ...echo({ draft, intent }).members, last_name: 'Other' } });
    expect(await misread('percent-once', reading(standard, other), [1])).to.equal(false);
    const inOne: Script = (sent, n) => (sent.intent.purpose === 'violating' ? other(sent, n) : careful(sent, n));
    expect(await misread('percent-once', inOne, [1]), 'where ordinary values do come back').to.equal(false);
    const set = await settled('percent-once', ({ draft, intent }, n) => (intent.n === 0 ? other({ draft, intent }, n) : careful({ draft, intent }, n)), [0]);
    expect(set.sent().length, 'a good one is looked into for any of them').to.be.above(1);
  });

  describe('a good one that is refused', () => {
    it('is read as it should be where the same characters come back in a reference', async () => {
      const set = await settled('percent-once', reading(standard, noPercent(careful)), [0, 1]);
      expect(said(set)).to.equal('pass: 1 good and 1 bad inputs were read as in the plain spelling');
      const reference = set.sent().at(2);
      expect(reference?.intent).to.deep.include({ purpose: 'confirmation', note: 'the same characters in object_reference_id', create: true, n: 5003 });
      expect(fieldOf(reference?.draft ?? expect.fail('no reference was sent'), 'object_reference_id')).to.match(/^[a-z0-9]{20}a%41b%42c@example\.com$/);
    });

    it('is not where they come back otherwise there, or are refused', async () => {
      expect(await misread('percent-once', reading(twice, noPercent(careful)), [4]), 'a malformed one is kept, and comes back').to.equal(false);
      const refusesAll: Script = ({ draft, intent }, n) => (draft.fields.some(([, value]) => value.includes('%')) ? REFUSED : careful({ draft, intent }, n));
      expect(await misread('percent-once', reading(standard, refusesAll), [0])).to.equal(true);
      const inWords: Script = (sent, n) => (refusesAll(sent, n) === REFUSED ? { status: 400, text: 'no JSON' } : careful(sent, n));
      expect(await misread('percent-once', reading(standard, inWords), [0]), 'in whatever form').to.equal(true);
      const showing: Script = (sent, n) => (refusesAll(sent, n) === REFUSED ? { status: 400 } : careful(sent, n));
      expect(await misread('percent-once', reading(standard, showing), [0]), 'a refusal that shows the reference').to.equal(true);
      const changes = noPercent((sent, n) => (/%/.test(sent.draft.fields[0]?.[1] ?? '') ? { members: { object_reference_id: 'other' } } : careful(sent, n)));
      expect(await misread('percent-once', changes, [0])).to.equal(true);
    });

    it('is not asked for of one that was accepted, or is spelled otherwise', async () => {
      const notes = async (name: string, script: Script): Promise<string[]> => (await settled(name, script, [0])).sent().map(({ intent }) => intent.note);
      expect(await notes('percent-once', reading(twice))).to.not.include('the same characters in object_reference_id');
      const noSlash: Script = (sent, n) => (/\//.test(fieldOf(sent.draft, 'email_address') ?? '') ? REFUSED : careful(sent, n));
      expect(await notes('hex-case', reading(standard, noSlash))).to.not.include('the same characters in object_reference_id');
    });
  });
});

describe('spelling check: which answers are wrong', () => {
  const GOOD: SpellingProbe = { field: 'first_name', value: 'Maria', half: 'conforming', describe: '' };
  const BAD: SpellingProbe = { ...GOOD, value: 'a b', half: 'violating' };
  const wrong = (probe: SpellingProbe, given: Given, fields: Parameters<typeof create>[1] = {}): boolean => {
    const draft = create('q1rtest0000000000001', { first_name: probe.value, ...fields });
    const intent = { ruleId: 'encoding/raw', n: 0, purpose: probe.half, note: '' };
    const { members } = echo({ draft, intent });
    return isWrong(exchanged(draft, intent, { ...given, members: { ...members, ...given.members } }), probe);
  };
  const answers: readonly Given[] = [
    {},
    REFUSED,
    { status: 302, text: '' },
    { silent: true, failure: { kind: 'dropped', message: 'closed' } },
    { status: 500, text: '' },
    { status: 429, text: '' },
  ];

  it('a bad one that is not refused, a good one that is not accepted; what tells nothing is not', () => {
    expect(answers.map((given) => wrong(GOOD, given))).to.deep.equal([false, true, true, false, false, false]);
    expect(answers.map((given) => wrong(BAD, given))).to.deep.equal([true, false, true, false, false, false]);
  });

  it('a good one of which any field comes back otherwise', () => {
    expect(wrong(GOOD, { members: { first_name: 'maria' } })).to.equal(true);
    expect(wrong(GOOD, { members: { last_name: undefined } })).to.equal(true);
    expect(wrong(GOOD, { text: 'no JSON' }), 'a body that cannot be read is for other rules').to.equal(false);
  });

  it('a token that was asked for and is missing, or came unasked', () => {
    const option = 'options.get_client_auth_token';
    const token = { juspay: { client_auth_token: 'tkn_1' } };
    expect(wrong(GOOD, {}, { [option]: 'true' })).to.equal(false);
    expect(wrong(GOOD, { members: { juspay: undefined } }, { [option]: 'true' })).to.equal(true);
    expect(wrong(GOOD, { members: { 'juspay.client_auth_token': 17 } }, { [option]: 'true' }), 'no text').to.equal(true);
    expect(wrong(GOOD, {}, { [option]: 'false' })).to.equal(false);
    expect(wrong(GOOD, { members: token }, { [option]: 'false' })).to.equal(true);
    expect(wrong(GOOD, { members: token }, { [option]: null }), 'where the option was not sent nothing is said of it').to.equal(false);
  });
});
