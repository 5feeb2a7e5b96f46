import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import type { ResponseRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { Controls } from './controls.js';
import { fieldOf } from './draft.js';
import type { Intent, Observation } from './observation.js';
import type { Given } from './observed.spec-help.js';
import { ResponseCheck } from './response-check.js';
import { create, exchanged, ScriptedContext, type Script } from './scripted.spec-help.js';

function ruleOf(id: string): ResponseRule {
  const rule = RULES.find((each) => each.id === id);
  return rule?.kind === 'response' ? rule : expect.fail(`there is no rule ${id} about responses`);
}

const GOOD: Intent = { ruleId: 'last_name/charset', n: 4, purpose: 'conforming', note: 'a good name', create: true, good: true };
const fresh = (number: number): string => `q${number}rtest00000000000000`.slice(0, 20);

/** An exchange of another rule, as the run kept it. */
function seen(number: number, given: Given, intent: Partial<Intent> = {}, fields: Readonly<Record<string, string | null>> = {}): Observation {
  const recipe = (make: (length: number, alphabet: 'word') => string): ReturnType<typeof create> => create(make(20, 'word'), fields);
  return exchanged(create(fresh(number), fields), { ...GOOD, n: number, ...intent }, given, recipe);
}

interface Settled {
  readonly finding: Finding;
  readonly context: ScriptedContext;
}

async function settled(
  ruleId: string,
  observations: readonly Observation[],
  script: Script,
  prepare: (context: ScriptedContext) => void = () => undefined,
): Promise<Settled> {
  const context = new ScriptedContext(script);
  for (const each of observations) context.ledger.record(each);
  prepare(context);
  return { finding: await new ResponseCheck(context, new Controls(context), ruleOf(ruleId)).settle(), context };
}

/** What a target that changes every first name answers. */
const changes: Script = ({ draft }) => ({ members: { first_name: `${fieldOf(draft, 'first_name') ?? ''}!` } });

describe('response check', () => {
  it('sends nothing of its own', () => {
    const context = new ScriptedContext(() => ({}));
    const check = new ResponseCheck(context, new Controls(context), ruleOf('response/id'));
    expect([check.items(), check.phase, check.rule.id]).to.deep.equal([[], 'main', 'response/id']);
  });

  it('a rule that held everywhere passes, with how often it was judged', async () => {
    const { finding, context } = await settled('response/id', [seen(1, {}), seen(2, {})], () => ({}));
    expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal(['pass', 'it held on 2 responses', 2]);
    expect(context.sent).to.have.lengthOf(0);
    expect((await settled('response/id', [seen(1, {})], () => ({}))).finding.reason).to.equal('it held on 1 response');
  });

  it('one that nothing came up for is skipped; blocked where the run had to end', async () => {
    const { finding } = await settled('response/id', [], () => ({}));
    expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal(['skipped', 'no response that it applies to came up', 0]);
    const ended = await settled(
      'response/id',
      [],
      () => ({}),
      ({ pacing }) => pacing.end('the target kept answering 429'),
    );
    expect([ended.finding.verdict, ended.finding.reason, ended.finding.judged]).to.deep.equal([
      'blocked',
      'no response that it applies to came up before the target kept answering 429',
      0,
    ]);
  });

  it('one that is interrupted before anything came up is blocked', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const context = new ScriptedContext(() => ({}), { signal: interruption.signal });
    const finding = await new ResponseCheck(context, new Controls(context), ruleOf('response/id')).settle();
    expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'no response that it applies to came up before the run was interrupted']);
  });

  it('a broken one is sent again, made small around its field, and counted', async () => {
    const { finding, context } = await settled('response/echo-first_name', [seen(1, {}), seen(2, { members: { first_name: 'John!' } })], changes);
    expect([finding.verdict, finding.reason, finding.judged, finding.confirmed]).to.deep.equal([
      'fail',
      'it did not hold on 1 of 2 responses',
      2,
      { tries: 2, repeats: 2 },
    ]);
    const { counterexample } = finding;
    expect([counterexample?.part, counterexample?.value?.length, counterexample?.shrunk, counterexample?.path]).to.deep.equal([
      'first_name',
      1,
      true,
      'conforming/2',
    ]);
    const sent = new URLSearchParams(counterexample?.request.body.text);
    expect([...sent.keys()]).to.deep.equal(['object_reference_id', 'mobile_number', 'first_name']);
    expect(finding.expected).to.equal(`first_name = "${sent.get('first_name') ?? ''}", exactly as it was sent`);
    expect(finding.got).to.equal(`first_name = ${JSON.stringify(`${sent.get('first_name') ?? ''}!`)}`);
    expect(context.sent.every(({ intent }) => intent.ruleId === GOOD.ruleId)).to.equal(true);
  });

  it('each of them is counted, and one of one is told as such', async () => {
    const of = async (...numbers: number[]): Promise<string> =>
      (
        await settled(
          'response/echo-first_name',
          numbers.map((n) => seen(n, { members: { first_name: 'x' } })),
          changes,
        )
      ).finding.reason;
    expect(await of(1)).to.equal('it did not hold on 1 of 1 responses');
    expect(await of(1, 2)).to.equal('it did not hold on 2 of 2 responses');
  });

  it('what comes only sometimes has a rate over the run and its repetitions', async () => {
    const { finding } = await settled('response/echo-first_name', [seen(1, {}), seen(2, { members: { first_name: 'x' } })], (sent, number) =>
      number % 2 === 0 ? changes(sent, number) : {},
    );
    expect([finding.verdict, finding.rate]).to.deep.equal(['flaky', { broken: 5, of: 10 }]);
  });

  it('a refusal is made small around the field at fault', async () => {
    const bad = seen(
      3,
      { status: 400, text: '{"status":"Bad Request"}' },
      { purpose: 'violating', good: false, offence: 'invalid', atFault: ['last_name'] },
      { last_name: 'a b c' },
    );
    const { finding } = await settled('error/shape', [bad], ({ draft }) =>
      /[^A-Za-z]/.test(fieldOf(draft, 'last_name') ?? '') ? { status: 400, text: '{"status":"Bad Request"}' } : {},
    );
    expect([finding.verdict, finding.counterexample?.part, finding.counterexample?.value]).to.deep.equal(['fail', 'last_name', ' ']);
  });

  it('what is about no field is told by what was special about the request', async () => {
    const { finding } = await settled('response/status', [seen(5, { status: 201 })], () => ({ status: 201 }));
    expect(finding.counterexample).to.deep.include({ part: 'a good name', value: null });
    const sent = new URLSearchParams(finding.counterexample?.request.body.text);
    expect([...sent.keys()]).to.deep.equal(['object_reference_id', 'mobile_number']);
  });

  /** What a target answers that gives a token where none is asked for, and none where one is. */
  const inverts: Script = ({ draft }) => (fieldOf(draft, 'options.get_client_auth_token') === 'true' ? { members: { juspay: undefined } } : {});
  for (const [ruleId, given, script] of [
    ['token/value', { members: { 'juspay.client_auth_token': '' } }, (): Given => ({ members: { 'juspay.client_auth_token': '' } })],
    ['token/iff-asked', { members: { juspay: undefined } }, inverts],
  ] as const) {
    it(`${ruleId}: every request goes on asking for the token`, async () => {
      const { finding, context } = await settled(ruleId, [seen(1, given)], script);
      const sent = new URLSearchParams(finding.counterexample?.request.body.text);
      expect([...sent.keys()]).to.deep.equal(['object_reference_id', 'mobile_number', 'options.get_client_auth_token']);
      expect(context.sent.map(({ draft }) => fieldOf(draft, 'options.get_client_auth_token'))).to.deep.equal(['true', 'true', 'true', 'true']);
    });
  }

  it('what was given twice was given twice: nothing is sent to see it again', async () => {
    const { finding, context } = await settled(
      'response/id-unique',
      [seen(1, { members: { id: 'cst_one' } }), seen(2, { members: { id: 'cst_one' } })],
      () => ({}),
    );
    expect([finding.verdict, finding.confirmed]).to.deep.equal(['fail', { tries: 0, repeats: 0 }]);
    expect(context.sent).to.have.lengthOf(0);
  });

  it('a key that was shown was shown: nothing is sent to see it again', async () => {
    const script: Script = () => ({});
    const { apiKey } = new ScriptedContext(script).account;
    const { finding, context } = await settled('privacy/key', [seen(1, { headers: [['x-echo', apiKey]] })], script);
    expect([finding.verdict, finding.confirmed, context.sent.length]).to.deep.equal(['fail', { tries: 0, repeats: 0 }, 0]);
  });

  it('a value of another customer that was shown was shown: nothing is sent to see it again', async () => {
    const other = { id: 'cst_of_another' };
    const { finding, context } = await settled('privacy/other-customers', [seen(1, { members: other }), seen(2, { members: { hint: other.id } })], () => ({}));
    expect([finding.verdict, finding.confirmed, context.sent.length]).to.deep.equal(['fail', { tries: 0, repeats: 0 }, 0]);
  });

  describe('behind wrong credentials', () => {
    const wrong = (status: number): Observation =>
      seen(1, { status, text: '{"status":"error"}' }, { ruleId: 'credentials/key', purpose: 'violating', good: false, offence: 'credential' });
    const refused = { status: 403, text: '{"status":"error"}' };

    it('a target that refuses good requests by now may have locked the account: nothing is said of it', async () => {
      const { finding, context } = await settled('error/credential-shape', [wrong(403)], () => refused);
      expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal([
        'blocked',
        'good requests are refused behind wrong credentials: the account may be locked',
        1,
      ]);
      expect(context.sent.map(({ intent }) => [intent.purpose, intent.note, intent.good, intent.create])).to.deep.equal([
        ['confirmation', 'a safe request behind the wrong credentials', true, true],
      ]);
    });

    it('one that takes them is told of', async () => {
      const { finding } = await settled('error/credential-shape', [wrong(403)], ({ intent }) => (intent.good === true ? {} : refused));
      expect(finding.verdict).to.equal('warn');
    });

    it('where nothing can be sent to find out it is told of as it was seen', async () => {
      const spent = await settled(
        'error/credential-shape',
        [wrong(403)],
        () => refused,
        (context) => context.reserve(0),
      );
      expect([spent.finding.verdict, spent.context.sent.length]).to.deep.equal(['warn', 0]);
      expect((await settled('error/credential-shape', [wrong(403)], () => 'ended')).finding.verdict).to.equal('warn');
    });

    it('an error of our own is none of the target', async () => {
      let thrown: unknown;
      // Of the first request alone: those that confirm it go well.
      const fails = (context: ScriptedContext): void => {
        const send = context.send.bind(context);
        context.send = () => {
          context.send = send;
          return Promise.reject(new TypeError('a defect of ours'));
        };
      };
      await settled('error/credential-shape', [wrong(403)], () => refused, fails).catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.instanceOf(TypeError);
    });
  });

  describe('a field that was sent twice', () => {
    const twice = (bad: string): Observation => {
      const draft = create(fresh(1));
      const fields = [...draft.fields, ['first_name', bad] as const];
      const body = Buffer.from(new URLSearchParams(fields as unknown as [string, string][]).toString());
      return exchanged({ ...draft, fields, body }, { ...GOOD, purpose: 'open' }, { members: { first_name: bad } });
    };

    it('whose bad value came back breaks the rule', async () => {
      const { finding } = await settled('encoding/repeated-echo', [twice('a b')], ({ draft }) => ({ members: { first_name: draft.fields.at(-1)?.[1] } }));
      expect(finding.verdict).to.equal('fail');
    });

    it('is for the field’s own rule where the target takes the bad value by itself too', async () => {
      const { finding } = await settled(
        'encoding/repeated-echo',
        [twice('a b')],
        () => ({}),
        (context) => context.acceptedBad.add('first_name'),
      );
      expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal(['pass', 'it came back as the target takes it anyway', 1]);
    });

    it('two of which one has a bad value that the target takes by itself break the rule all the same', async () => {
      const once = twice('a b');
      const fields = [...once.draft.fields, ['last_name', 'c d'] as const];
      const body = Buffer.from(new URLSearchParams(fields as unknown as [string, string][]).toString());
      const members = { first_name: 'a b', last_name: 'c d' };
      const both = exchanged({ ...once.draft, fields, body }, once.intent, { members });
      const verdictOf = async (...taken: readonly ('first_name' | 'last_name')[]): Promise<string> => {
        const takes = (context: ScriptedContext): void => taken.forEach((field) => context.acceptedBad.add(field));
        return (await settled('encoding/repeated-echo', [both], () => ({ members }), takes)).finding.verdict;
      };
      expect([await verdictOf('first_name'), await verdictOf('last_name'), await verdictOf('first_name', 'last_name')]).to.deep.equal(['fail', 'fail', 'pass']);
    });
  });
});
