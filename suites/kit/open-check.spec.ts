import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import type { OpenRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { HANGS_OF_A_RULE } from './context.js';
import { Controls } from './controls.js';
import { fieldOf } from './draft.js';
import { echo, REFUSED } from './input-check.spec-help.js';
import type { Given } from './observed.spec-help.js';
import { OpenInputCheck, OpenResponseCheck } from './open-check.js';
import { FIRST, FURTHER } from './plan.js';
import { create, exchanged, ScriptedContext, type Script, type Sent } from './scripted.spec-help.js';

type Config = ConstructorParameters<typeof ScriptedContext>[1];

function openRule<K extends OpenRule['kind']>(id: string, kind: K): OpenRule & { readonly kind: K } {
  const rule = RULES.find((each) => each.id === id);
  return rule?.kind === kind ? (rule as OpenRule & { readonly kind: K }) : expect.fail(`there is no open rule ${id} of this kind`);
}

interface SetUp {
  readonly context: ScriptedContext;
  readonly check: OpenInputCheck;
  /** What the rule itself has sent. */
  readonly sent: () => readonly Sent[];
}

async function setUp(id: string, script: Script = echo, config: Config = {}): Promise<SetUp> {
  const context = new ScriptedContext((sent, n) => (sent.intent.ruleId === id ? script(sent, n) : echo(sent)), config);
  const controls = new Controls(context);
  expect(await controls.open(), 'why the run does not open').to.equal(undefined);
  return {
    context,
    check: new OpenInputCheck(context, controls, openRule(id, 'open-input')),
    sent: () => context.sent.filter(({ intent }) => intent.ruleId === id),
  };
}

async function asked(id: string, script: Script = echo, config: Config = {}): Promise<SetUp & { finding: Finding }> {
  const set = await setUp(id, script, config);
  for (const item of set.check.items()) await item.run();
  return { ...set, finding: await set.check.settle() };
}

const said = ({ finding: { verdict, reason } }: { finding: Finding }): string => `${verdict}: ${reason}`;
const bodyOf = ({ draft }: Sent): string => draft.body?.toString('latin1') ?? '';

describe('open check: what is asked', () => {
  it('each case twice, the first one four times, the second time behind all that is certain', async () => {
    const { check, sent } = await asked('mobile_number/plus');
    expect(sent().map(({ intent }) => [intent.n, intent.note])).to.deep.equal([
      [0, 'plus and 9 digits'],
      [4, 'plus, country code and number'],
      [8, 'country code without plus'],
      [1, 'plus and 9 digits'],
      [5, 'plus, country code and number'],
      [9, 'country code without plus'],
      [2, 'plus and 9 digits'],
      [3, 'plus and 9 digits'],
    ]);
    const from = FURTHER + 1;
    expect(check.items().map(({ rank }) => rank)).to.deep.equal([FIRST.open, from + 1.5, from + 3, from + 9, from + 10.5, from + 12, from + 18, from + 27]);
    expect([check.items().every(({ cost }) => cost === 1), check.phase]).to.deep.equal([true, 'main']);
  });

  it('either order of a good and a bad value of one field early, once', async () => {
    const { check, sent } = await setUp('encoding/repeated');
    for (const item of check.items()) if (item.rank === FIRST.open) await item.run();
    expect(sent().map(({ intent }) => intent.note)).to.deep.equal(['first_name: good then bad', 'first_name: bad then good']);
  });

  it('wrong credentials once each, last, and on connections of their own', async () => {
    const { check, context, sent } = await asked('credentials/base64');
    expect(sent().map(({ intent, draft }) => [intent.n, draft.credential, draft.agent === context.singleUse])).to.deep.equal([
      [0, 'padding-missing', true],
      [4, 'padding-doubled', true],
      [8, 'url-alphabet', true],
    ]);
    expect(check.phase).to.equal('credentials');
    expect((await asked('merchant/absent')).sent()[0]?.draft).to.not.have.property('agent');
  });

  it('the same request each time, but for its reference', async () => {
    const { sent } = await asked('mobile_country_code/plus');
    const [first, second, again] = sent();
    expect(first?.draft.fields.slice(1)).to.deep.equal(again?.draft.fields.slice(1));
    expect(first?.draft.fields[0]).to.not.deep.equal(again?.draft.fields[0]);
    expect([first, second].map((each) => fieldOf(each?.draft ?? expect.fail('no request'), 'mobile_country_code'))).to.deep.equal(['+55', '+91']);
    expect(fieldOf(second?.draft ?? expect.fail('no request'), 'email_address'), 'the safe request that opened the run').to.equal('customer@example.com');
  });

  it('as a create that is neither good nor bad, with its case and its family', async () => {
    const families = {
      'mobile_number/plus': 'values',
      'encoding/nul': 'bodies',
      'merchant/absent': 'headers',
      'credentials/colon': 'headers',
      'path/v2': 'headers',
    };
    for (const [id, family] of Object.entries(families)) {
      const [{ intent }] = (await asked(id)).sent() as [Sent];
      expect(intent, id).to.deep.include({ ruleId: id, purpose: 'open', create: true, family, question: { ruleId: id, case: intent.note } });
      expect(intent, id).to.not.have.any.keys('good', 'offence');
    }
  });

  it('a field that stands twice in the body is known as such; how another odd body is read is open', async () => {
    const [repeated] = (await asked('encoding/repeated')).sent();
    if (repeated === undefined) return expect.fail('nothing was sent');
    expect(bodyOf(repeated)).to.include('first_name=John&first_name=a%20b');
    expect(repeated.draft.fields.slice(-1)).to.deep.equal([['first_name', 'John']]);
    expect(repeated.draft.fields.filter(([name]) => name === 'first_name')).to.have.lengthOf(2);
    expect(repeated.draft).to.not.have.property('readingOpen');
    const [unknown] = (await asked('encoding/unknown-fields')).sent();
    if (unknown === undefined) return expect.fail('nothing was sent');
    expect(bodyOf(unknown)).to.match(/^object_reference_id=[a-z0-9]{20}&.*&nickname=Mia$/);
    expect(unknown.draft.fields).to.have.lengthOf(7);
    expect(unknown.draft.readingOpen).to.equal(true);
    const [malformed] = (await asked('encoding/malformed-escape')).sent();
    expect(malformed?.draft.fields.filter(([name]) => name === 'first_name')).to.deep.equal([['first_name', 'John']]);
  });
});

describe('open check: what the target makes of it', () => {
  it('is noted case by case', async () => {
    const { finding } = await asked('mobile_country_code/unknown', ({ draft, intent }) =>
      fieldOf(draft, 'mobile_country_code') === '999' ? REFUSED : echo({ draft, intent }),
    );
    expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal(['observed', '4 cases, one reading each', 4]);
    expect(finding.reading).to.deep.equal({ '1': 'accepted', '351': 'accepted', '999': 'refused', '00': 'accepted' });
    expect(said(await asked('email_address/absent'))).to.equal('observed: 1 case, one reading each');
  });

  it('of the token option, whether a token came', async () => {
    const id = 'options.get_client_auth_token/other-values';
    const { finding } = await asked(id, ({ draft, intent }) => {
      const value = fieldOf(draft, 'options.get_client_auth_token') ?? '';
      if (value === 'maybe') return REFUSED;
      return value.toLowerCase() === 'true' ? {} : value === '1' ? { members: { 'juspay.client_auth_token': 17 } } : echo({ draft, intent });
    });
    expect(finding.reading).to.include({ TRUE: 'accepted, token', '1': 'accepted, no token', no: 'accepted, no token', 'a word': 'refused' });
    const other = await asked('mobile_number/plus', ({ draft, intent }) => ({ members: { ...echo({ draft, intent }).members, juspay: undefined } }));
    expect(other.finding.reading).to.include({ 'plus and 9 digits': 'accepted' });
  });

  it('of a repeated field, which of its values came back', async () => {
    const readings = async (choose: (values: string[], name: string) => unknown): Promise<unknown[]> => {
      const { finding } = await asked('encoding/repeated', (sent) => {
        const body = new URLSearchParams(bodyOf(sent));
        return { members: Object.fromEntries([...body.keys()].map((name) => [name, choose(body.getAll(name), name)])) };
      });
      return ['first_name: good then bad', 'mobile_number: bad then good', 'last_name: two different good ones', 'first_name: the same twice'].map(
        (name) => finding.reading?.[name],
      );
    };
    expect(await readings(([first]) => first)).to.deep.equal(['first', 'first', 'first', 'accepted']);
    expect(await readings((values) => values.at(-1))).to.deep.equal(['last', 'last', 'last', 'accepted']);
    expect(await readings((values) => values.join(', '))).to.deep.equal(['both', 'both', 'both', 'accepted']);
    expect(await readings((values) => (values.length > 1 ? undefined : values[0])), 'it does not show').to.deep.equal(Array(4).fill('accepted'));
    expect(await readings((values) => (values.length > 1 ? values : values[0])), 'a list is no value').to.deep.equal(Array(4).fill('accepted'));
    const { finding } = await asked('encoding/repeated', () => REFUSED);
    expect(new Set(Object.values(finding.reading ?? {}))).to.deep.equal(new Set(['refused']));
    const unknown = await asked('encoding/unknown-fields');
    expect(new Set(Object.values(unknown.finding.reading ?? {})), 'of other odd bodies it is not looked for').to.deep.equal(new Set(['accepted']));
  });

  it('is not known where there is no usable answer, and then it is blocked with the reasons', async () => {
    const answer = 'x'.repeat(200);
    const of = async (given: Given | 'ended'): Promise<string> => said(await asked('email_address/empty', () => given));
    expect(await of({ status: 503, text: answer })).to.equal(`blocked: no case could be asked: no usable answer (${`503 ${answer}`.slice(0, 80)}) (4 times)`);
    expect(await of({ status: 302, text: '' })).to.equal('blocked: no case could be asked: no usable answer (302) (4 times)');
    expect(await of('ended')).to.equal('blocked: no case could be asked: the budget is spent (4 times)');
    expect(said({ finding: await (await setUp('email_address/empty')).check.settle() })).to.equal(
      'blocked: no case could be asked: the budget did not reach it',
    );
  });

  it('is not asked any more once several requests hung', async () => {
    const set = await setUp('email_address/empty');
    const spentWith = (hangs: number): void => {
      set.context.spent = (ruleId) => ({ requests: 9, durationMs: 1, hangs: ruleId === 'email_address/empty' ? hangs : 0 });
    };
    const [first, second] = set.check.items();
    spentWith(HANGS_OF_A_RULE);
    await first?.run();
    expect(set.sent()).to.deep.equal([]);
    expect(said({ finding: await set.check.settle() })).to.equal('blocked: no case could be asked: not sent after several requests hung');
    spentWith(HANGS_OF_A_RULE - 1);
    await second?.run();
    expect(set.sent()).to.have.lengthOf(1);
  });

  it('an error of our own is none of the target', async () => {
    const { check } = await setUp('email_address/empty', () => {
      throw new TypeError('a defect of ours');
    });
    let thrown: unknown;
    await check
      .items()[0]
      ?.run()
      .catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe('open check: whether the target keeps to it', () => {
  const changing =
    (from: number): Script =>
    ({ intent, draft }) =>
      intent.n >= from && intent.n < from + 2 ? REFUSED : echo({ intent, draft });

  it('two readings of one case are a failure, with both answers', async () => {
    const { finding } = await asked('mobile_number/plus', changing(5));
    expect([finding.verdict, finding.reason]).to.deep.equal(['fail', 'the same case was answered in two ways: plus, country code and number']);
    expect([finding.expected, finding.got]).to.deep.equal([
      'plus, country code and number: accepted, as before',
      'plus, country code and number: refused. 400 {"status":"Bad Request"}',
    ]);
    expect(finding.reading).to.deep.equal({
      'plus and 9 digits': 'accepted',
      'plus, country code and number': 'accepted / refused',
      'country code without plus': 'accepted',
    });
    expect(finding.judged, 'one for each reading').to.equal(4);
    expect(finding.counterexample).to.deep.include({
      part: 'plus, country code and number',
      value: 'refused',
      controlValue: 'accepted',
      path: 'open/5',
      shrunk: false,
    });
    expect(finding.counterexample?.control?.response?.status).to.equal(200);
    expect(finding.counterexample?.response?.status).to.equal(400);
  });

  it('the one that was sent first counts as the former, whichever was answered first', async () => {
    const { check } = await setUp('mobile_number/plus', changing(0));
    const items = check.items();
    // Its third time, and then its first and second.
    for (const index of [6, 0, 3]) await items[index]?.run();
    const finding = await check.settle();
    expect([finding.expected, finding.counterexample?.path]).to.deep.equal(['plus and 9 digits: refused, as before', 'open/2']);
  });

  it('of several such cases the first by name is shown, and readings are in the order of the alphabet', async () => {
    const firstRefused = async (id: string): Promise<Finding> =>
      (await asked(id, ({ intent, draft }) => ([0, 4, 8].includes(intent.n) ? REFUSED : echo({ intent, draft })))).finding;
    expect((await firstRefused('mobile_number/leading-zero')).counterexample?.part).to.equal('one zero in front');
    const { counterexample, reading } = await firstRefused('email_address/two-dots');
    expect(counterexample?.part).to.equal('in the domain');
    expect(reading).to.deep.equal({ 'in the domain': 'accepted / refused', 'in the local part': 'accepted / refused' });
  });

  it('a pinned reading that it contradicts is told; one that it keeps, or that nothing was asked of, is not', async () => {
    const pinned = async (readings: Readonly<Record<string, string>>, id = 'mobile_country_code/plus'): Promise<Finding> =>
      (await asked('mobile_country_code/plus', echo, { readings: { [id]: readings } })).finding;
    const contradicted = await pinned({ '+55': 'accepted', '+91': 'refused' });
    expect([contradicted.verdict, contradicted.reason]).to.deep.equal(['observed', '2 cases, one reading each; the configuration pins another reading of +91']);
    expect([contradicted.expected, contradicted.got]).to.deep.equal(['+91: refused', '+91: accepted']);
    expect([contradicted.reading, contradicted.judged]).to.deep.equal([{ '+55': 'accepted', '+91': 'accepted' }, 2]);
    for (const kept of [await pinned({ '+55': 'accepted', toString: 'refused', '+49': 'refused' }), await pinned({ '+91': 'refused' }, 'mobile_number/plus')])
      expect([kept.reason, kept.expected, kept.got]).to.deep.equal(['2 cases, one reading each', undefined, undefined]);
  });
});

describe('open check: what other exchanges show', () => {
  interface Noted {
    readonly name: string;
    readonly reading: string;
  }

  async function shown(id: string, noted: readonly Noted[], prepare: (context: ScriptedContext) => void = () => undefined): Promise<Finding> {
    const context = new ScriptedContext(echo);
    for (const [n, { name, reading }] of noted.entries()) {
      const intent = { ruleId: 'last_name/charset', n, purpose: 'conforming', note: 'a name', create: true } as const;
      context.ledger.note(id, name, reading, exchanged(create(`q${String(n)}rtest00000000000000`), intent));
    }
    prepare(context);
    const check = new OpenResponseCheck(context, openRule(id, 'open-response'));
    expect([check.items(), check.phase], 'it sends nothing of its own').to.deep.equal([[], 'main']);
    return check.settle();
  }

  it('is told by its cases; skipped where nothing came up', async () => {
    const finding = await shown('response/unsent', [
      { name: 'last_name: x', reading: 'null' },
      { name: 'first_name', reading: 'absent' },
    ]);
    expect([finding.verdict, finding.reading]).to.deep.equal(['observed', { first_name: 'absent', 'last_name: x': 'null' }]);
    const nothing = await shown('response/unsent', []);
    expect([nothing.verdict, nothing.reason]).to.deep.equal(['skipped', 'nothing that it is about came up']);
  });

  it('cases of certain values are shown by what they have in common, and judged one by one', async () => {
    for (const id of [
      'response/undocumented-members',
      'error/form',
      'error/texts',
      'error/invalid-body',
      'error/missing-body',
      'error/duplicate-body',
      'error/credential-body',
      'error/unknown-customer-body',
    ]) {
      const finding = await shown(id, [
        { name: 'one: a', reading: 'x' },
        { name: 'one: b', reading: 'y' },
        { name: 'constructor: a: b', reading: 'x' },
      ]);
      expect([finding.verdict, finding.reason, finding.judged], id).to.deep.equal(['observed', '3 cases, one reading each', 3]);
      expect(finding.reading, id).to.deep.equal({ one: 'x / y', constructor: 'x' });
    }
    const fails = await shown('error/form', [
      { name: 'one: a', reading: 'x' },
      { name: 'one: a', reading: 'y' },
    ]);
    expect([fails.verdict, fails.counterexample?.part]).to.deep.equal(['fail', 'one: a']);
  });

  it('whether the target asked the run to wait', async () => {
    const never = await shown('error/throttling', []);
    expect([never.verdict, never.reason, never.reading]).to.deep.equal(['observed', 'no request was answered 429', { '429': 'not seen' }]);
    const once = await shown('error/throttling', [], (context) => (context.throttled = true));
    expect([once.verdict, once.reason, once.reading]).to.deep.equal(['observed', 'the target asked the run to wait', { '429': 'seen' }]);
  });

  it('whether the address was let in', async () => {
    const letIn = { verdict: 'observed', reason: 'no request was answered 403 BAD_ORIGIN', reading: { address: 'let in' } };
    expect(await shown('error/address-refused', [])).to.deep.include(letIn);
    expect(await shown('error/address-refused', [], ({ pacing }) => pacing.end('the target kept answering 429'))).to.deep.include(letIn);
    const refused = await shown('error/address-refused', [], ({ pacing }) => pacing.end('the target does not let this address in (403 BAD_ORIGIN)'));
    expect(refused).to.deep.include({ verdict: 'observed', reason: '403 BAD_ORIGIN', reading: { address: 'refused' } });
  });
});
