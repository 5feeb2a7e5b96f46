import { expect } from 'chai';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { conforming } from '../../generators/index.js';
import { RULES } from '../../contracts/rules/index.js';
import { Controls, isUnset, ruleOfGoodField } from './controls.js';
import { fieldOf } from './draft.js';
import { ScriptedContext, type Script, type Sent } from './scripted.spec-help.js';

const REFUSED = { status: 400, text: '{"status":"Bad Request"}' };
const opened = async (
  script: Script = () => ({}),
  config: ConstructorParameters<typeof ScriptedContext>[1] = {},
): Promise<{ context: ScriptedContext; controls: Controls; reason: string | undefined }> => {
  const context = new ScriptedContext(script, config);
  const controls = new Controls(context);
  return { context, controls, reason: await controls.open() };
};
const sentOf = ({ sent }: ScriptedContext): string[] => sent.map(({ intent }) => `${intent.ruleId}#${intent.n} ${intent.purpose}: ${intent.note}`);
const has = ({ draft }: Sent, field: FieldName, value: string): boolean => fieldOf(draft, field) === value;

describe('controls: what opens a run', () => {
  it('the first sample, where it is accepted', async () => {
    const { context, controls, reason } = await opened();
    expect(reason).to.equal(undefined);
    expect(sentOf(context)).to.deep.equal(['control#0 control: a published sample']);
    expect(context.sent[0]?.intent).to.deep.include({ good: true, create: true });
    expect(context.sent[0]?.draft.fields.map(([name]) => name)).to.deep.equal([...FIELDS]);
    expect((await controls.accepted(0))?.intent.n, 'the sample is the first safe request').to.equal(0);
    expect(context.sent).to.have.lengthOf(1);
  });

  it('fields that came back of it are known to come back; the token option is no member', async () => {
    expect([...(await opened()).controls.echoed]).to.deep.equal([
      'object_reference_id',
      'mobile_number',
      'mobile_country_code',
      'email_address',
      'first_name',
      'last_name',
    ]);
    const some = await opened(() => ({ members: { first_name: null, last_name: '', email_address: undefined } }));
    expect([...some.controls.echoed]).to.deep.equal(['object_reference_id', 'mobile_number', 'mobile_country_code']);
    for (const [member, expected] of [
      [undefined, true],
      [null, true],
      ['', true],
      ['a', false],
      [0, false],
      [false, false],
    ] as const)
      expect(isUnset(member), String(member)).to.equal(expected);
  });

  it('another sample, where the first is refused: its parts are tried one at a time, and what is refused is put down to its rule', async () => {
    const { context, controls, reason } = await opened((sent) => (has(sent, 'mobile_number', '99887766') || has(sent, 'first_name', 'John') ? REFUSED : {}));
    expect(reason).to.equal(undefined);
    expect(sentOf(context)).to.deep.equal([
      'control#0 control: a published sample',
      'control#1 control: a published sample',
      ...FIELDS.slice(1).map((field, index) => `control#${61 + index} conforming: ${field} of another published sample`),
    ]);
    const [number, name] = [controls.evidence('mobile_number/length'), controls.evidence('first_name/charset')];
    expect([number.length, name.length, controls.evidence('last_name/charset').length]).to.deep.equal([1, 1, 0]);
    expect(number[0]).to.deep.include({ half: 'conforming', describe: 'a safe mobile_number', expected: 'accepted', field: 'mobile_number' });
    expect(fieldOf(number[0]?.observation.draft ?? expect.fail('no request'), 'first_name'), 'the others are those of the accepted one').to.equal('Maria');
    const control = number[0]?.control?.(() => 'q1rtest0000000000001');
    expect(control === undefined ? undefined : fieldOf(control, 'mobile_number')).to.equal('9988776655');
    expect(context.firstBreaches.has('mobile_number/length') && context.firstBreaches.has('first_name/charset')).to.equal(true);
  });

  it('a field that is refused in one sample and taken in another is a part of safe requests', async () => {
    const { controls } = await opened((sent) => (has(sent, 'first_name', 'John') ? REFUSED : {}));
    expect(controls.draft(1, 'x').fields.map(([name]) => name)).to.include('first_name');
  });

  it('with little but an e-mail address: what is never taken is in no safe request', async () => {
    const { context, controls, reason } = await opened(({ draft }) => (fieldOf(draft, 'first_name') === undefined ? {} : REFUSED));
    expect(reason).to.equal(undefined);
    const names = controls.draft(1, 'x').fields.map(([name]) => name);
    expect(names).to.deep.equal(FIELDS.filter((field) => field !== 'first_name'));
    // The parts of both refused samples are tried, each under numbers of its own.
    const numbers = context.sent.map(({ intent }) => intent.n);
    expect(new Set(numbers).size).to.equal(numbers.length);
    expect(numbers).to.include.members([0, 1, 2, 61, 71]);
  });

  const closed: readonly (readonly [what: string, script: Script, reason: RegExp])[] = [
    [
      'a refusal of all',
      () => REFUSED,
      /^no published sample was accepted, so nothing can be learnt \(the target refuses them all\): 400 \{"status":"Bad Request"\}$/,
    ],
    ['401', () => ({ status: 401, text: '' }), /\(the API key or merchant id is not accepted\): 401$/],
    ['403', () => ({ status: 403, text: '' }), /\(the API key or merchant id is not accepted\): 403$/],
    ['404', () => ({ status: 404, text: '' }), /\(there is no POST \/customers under this URL\): 404$/],
    ['nobody there', () => ({ silent: true, failure: { kind: 'unreachable', message: 'ECONNREFUSED' } }), /^the target cannot be reached: ECONNREFUSED$/],
    ['no TLS', () => ({ silent: true, failure: { kind: 'tls', message: 'a certificate' } }), /^TLS with the target failed: a certificate$/],
    ['silence', () => ({ silent: true, failure: { kind: 'timeout', message: 'nothing for 1 s' } }), /^the target gave no answer: nothing for 1 s$/],
    // An answer says more than silence does.
    ['silence and then a refusal', (_, n) => (n === 1 ? { silent: true, failure: { kind: 'timeout', message: 'x' } } : REFUSED), /: 400 /],
  ];
  for (const [what, script, reason] of closed) {
    it(`nothing can be judged behind ${what}`, async () => {
      const { context, ...run } = await opened(script);
      expect(run.reason).to.match(reason);
      expect(context.sent).to.have.lengthOf(3);
    });
  }
});

describe('controls: safe requests', () => {
  for (const [budget, count] of [
    ['smoke', 4],
    ['standard', 12],
    ['deep', 24],
  ] as const) {
    it(`${budget}: ${count}, different in every value, the token asked for in every second`, async () => {
      const { controls } = await opened(() => ({}), { budget });
      expect(controls.count).to.equal(count);
      const all = Array.from({ length: count }, (_, index) => controls.draft(index, `reference${index}`));
      for (const field of ['mobile_number', 'email_address', 'first_name', 'last_name'] as const)
        expect(new Set(all.map((draft) => fieldOf(draft, field))).size, field).to.equal(count);
      expect(all.slice(0, 4).map((draft) => fieldOf(draft, 'options.get_client_auth_token'))).to.deep.equal(['true', 'false', 'true', 'false']);
      expect(all[2]).to.deep.include({
        method: 'POST',
        path: '/customers',
        credential: 'canonical',
        merchant: 'canonical',
        contentType: 'application/x-www-form-urlencoded',
      });
      expect(fieldOf(all[2] ?? expect.fail('none'), 'object_reference_id')).to.equal('reference2');
    });
  }

  it('go out as the merchant that is given', async () => {
    const { context, controls } = await opened();
    expect(controls.draft(1, 'x').account).to.equal(context.account);
    const other = { merchantId: 'other', apiKey: 'another_key_of_specs' };
    expect([controls.draft(0, 'x', other).account, controls.draft(1, 'x', other).account]).to.deep.equal([other, other]);
  });

  it('each is sent once in a run', async () => {
    const { context, controls } = await opened();
    const [one, again] = await Promise.all([controls.accepted(2), controls.accepted(2)]);
    expect(one).to.equal(again);
    expect(sentOf(context).slice(1)).to.deep.equal(['control#22 control: a safe request']);
    expect(await controls.indexFor(2)).to.equal(2);
    expect(await controls.indexFor(6), 'the fifth begins again').to.equal(2);
    expect(context.sent).to.have.lengthOf(2);
  });

  it('one that is refused is looked into part by part, and the first serves in its place', async () => {
    const names: string[] = [];
    const { context, controls } = await opened((sent) => {
      const name = fieldOf(sent.draft, 'last_name') ?? '';
      if (sent.intent.n === 21) names.push(name);
      return names.includes(name) ? REFUSED : {};
    });
    expect(await controls.indexFor(1)).to.equal(0);
    expect(sentOf(context).slice(1)).to.deep.equal([
      'control#21 control: a safe request',
      ...FIELDS.slice(1).map((field, index) => `control#${108 + index} conforming: another safe ${field}`),
    ]);
    const [evidence] = controls.evidence('last_name/charset');
    expect(fieldOf(evidence?.observation.draft ?? expect.fail('no evidence'), 'last_name')).to.equal(names[0]);
    expect(fieldOf(evidence?.observation.draft ?? expect.fail('no evidence'), 'first_name')).to.equal('John');
    for (const { intent } of context.sent.slice(2)) expect(intent).to.deep.include({ good: true, create: true });
    expect(controls.evidence('first_name/charset')).to.deep.equal([]);
  });

  it('one without an answer is not looked into', async () => {
    const { context, controls } = await opened(({ intent }) => (intent.n === 21 ? { silent: true, failure: { kind: 'dropped', message: 'closed' } } : {}));
    expect(await controls.indexFor(1)).to.equal(0);
    expect(context.sent).to.have.lengthOf(2);
  });

  it('a part under test takes the place of the safe one; a reference under test has unique characters of its own', async () => {
    const { context, controls } = await opened();
    const rule = RULES.find(({ id }) => id === 'object_reference_id/length') ?? expect.fail('no rule');
    const name = RULES.find(({ id }) => id === 'first_name/charset') ?? expect.fail('no rule');
    const given: number[] = [];
    const fresh = (length: number): string => (given.push(length), context.reference('control', given.length, length));
    const of = (each: typeof rule): ReturnType<typeof controls.draft> => {
      const input = ('constraint' in each ? conforming(each.constraint) : undefined) ?? expect.fail('no inputs');
      const shape = input.boundaries[0] ?? expect.fail('no boundary');
      return controls.withInput(1, input, shape)(fresh);
    };
    expect(fieldOf(of(rule), 'object_reference_id')).to.have.lengthOf(8);
    expect(given, 'one reference for one request').to.deep.equal([8]);
    const named = of(name);
    expect(given.slice(1)).to.deep.equal([20]);
    expect(fieldOf(named, 'object_reference_id')).to.have.lengthOf(20);
    expect(fieldOf(named, 'last_name')).to.equal(fieldOf(controls.draft(1, 'x'), 'last_name'));
    expect(fieldOf(named, 'first_name')).to.not.equal(fieldOf(controls.draft(1, 'x'), 'first_name'));
  });

  it('which rule says of a good value of a field that it is accepted', () => {
    expect(FIELDS.map((field) => ruleOfGoodField(field, 'true'))).to.deep.equal([
      'object_reference_id/length',
      'mobile_number/length',
      'email_address/charset',
      'first_name/charset',
      'last_name/charset',
      'mobile_country_code/values',
      'options.get_client_auth_token/true',
    ]);
    for (const value of ['false', undefined]) expect(ruleOfGoodField('options.get_client_auth_token', value)).to.equal('options.get_client_auth_token/false');
    for (const field of FIELDS) expect(RULES.map(({ id }) => id)).to.include(ruleOfGoodField(field, 'true'));
  });

  it('what is put down to a rule is kept in its order, and noted at once', async () => {
    const { context, controls } = await opened();
    const first = await controls.accepted(0);
    const candidate = { half: 'conforming', observation: first ?? expect.fail('not accepted'), describe: 'one', expected: '' } as const;
    controls.report('response/id', candidate);
    controls.report('response/id', { ...candidate, describe: 'two' });
    expect(controls.evidence('response/id').map(({ describe }) => describe)).to.deep.equal(['one', 'two']);
    expect(context.firstBreaches.has('response/id')).to.equal(true);
  });
});
