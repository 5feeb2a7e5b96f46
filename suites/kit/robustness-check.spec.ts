import { expect } from 'chai';
import type { Finding } from '../../contracts/finding.js';
import type { InputRule, RobustnessConstraint, RobustnessFamily } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { oddBodies, oddTogether } from '../../generators/wire.js';
import type { Item } from './check.js';
import { Controls } from './controls.js';
import { FIRST, FURTHER } from './plan.js';
import { RobustnessCheck } from './robustness-check.js';
import { exchanged, ScriptedContext, type Script } from './scripted.spec-help.js';

const HANG = { silent: true, failure: { kind: 'timeout', message: 'no complete answer within 100 ms' } } as const;
const FAILS = { status: 500, text: '' };

interface Set {
  readonly context: ScriptedContext;
  readonly check: RobustnessCheck;
  readonly items: readonly Item[];
}

function setUp(family: RobustnessFamily, script: Script, config: ConstructorParameters<typeof ScriptedContext>[1] = {}): Set {
  const found = RULES.find(({ id }) => id === `robustness/${family}`);
  const rule: InputRule = found?.kind === 'input' ? found : expect.fail(`there is no rule robustness/${family}`);
  const context = new ScriptedContext(script, config);
  const check = new RobustnessCheck(context, new Controls(context), rule, rule.constraint as RobustnessConstraint);
  return { context, check, items: check.items() };
}

async function all({ context, check, items }: Set): Promise<Finding> {
  for (const item of items) await item.run();
  // What a target's exchanges come to is counted by the ledger, which a script has none of.
  for (const { draft, intent } of context.sent) context.ledger.record(exchanged(draft, intent));
  return check.settle();
}

const odd = (family: RobustnessFamily): ReturnType<typeof oddBodies> => oddBodies(family, [['object_reference_id', 'x'.repeat(20)]]);

describe('robustness check', () => {
  it('every odd request of the family goes out once, by its name, and as it is', async () => {
    for (const family of ['bodies', 'methods', 'paths', 'headers'] as const) {
      const set = setUp(family, () => ({}));
      const finding = await all(set);
      const names = odd(family).map(({ name }) => name);
      const together = oddTogether(family, [])?.name;
      expect(set.context.sent.map(({ intent }) => intent.note)).to.deep.equal(together === undefined ? names : [together, ...names]);
      for (const { intent } of set.context.sent) expect(intent).to.deep.include({ ruleId: `robustness/${family}`, purpose: 'robustness', family });
      for (const { draft, intent } of set.context.sent) {
        const one = odd(family).find(({ name }) => name === intent.note);
        if (one === undefined) continue;
        expect([draft.method, draft.path, draft.readingOpen], one.name).to.deep.equal([one.method ?? 'POST', one.path ?? '/customers', true]);
        expect(draft.contentType, one.name).to.equal(one.contentType === undefined ? 'application/x-www-form-urlencoded' : one.contentType);
        expect(draft.headers ?? [], one.name).to.deep.equal(one.headers ?? []);
      }
      expect([finding.verdict, finding.reason, finding.judged]).to.deep.equal([
        'pass',
        `${String(set.context.sent.length)} such requests were answered`,
        set.context.sent.length,
      ]);
    }
  });

  it('a body holds the reference of its own request', async () => {
    const { context, items } = setUp('headers', () => ({}));
    await items[1]?.run();
    const [sent] = context.sent;
    const reference = sent?.draft.fields[0]?.[1] ?? '';
    expect(sent?.draft.body?.toString()).to.include(`object_reference_id=${reference}`);
    expect(reference).to.have.lengthOf(20);
  });

  it('many odd parts go out first, one of each family next, a few early, the rest in their order', () => {
    const { items } = setUp('headers', () => ({}));
    const ranks = items.map(({ rank }) => rank);
    expect(items.every(({ cost }) => cost === 1)).to.equal(true);
    expect(ranks.slice(0, 2)).to.deep.equal([FIRST.oddTogether, FIRST.robustness]);
    expect(ranks.slice(2, 7).map((rank) => Math.round((rank - FURTHER) * 100) / 100)).to.deep.equal([-0.2, -0.15, -0.1, -0.05, 4.5]);
    expect(ranks.slice(7).every((rank, index) => rank > (ranks[index + 6] ?? 0))).to.equal(true);
    expect(setUp('bodies', () => ({})).items[0]?.rank, 'nothing of bodies goes together').to.equal(FIRST.robustness);
  });

  it('where the many are not answered each is tried by itself, until one is not either; none goes out twice', async () => {
    const culprit = odd('headers')[3]?.name;
    const set = setUp('headers', ({ intent }) => (intent.n >= 4000 || intent.note === culprit ? FAILS : {}));
    await set.items[0]?.run();
    expect(set.context.sent.slice(1).map(({ intent }) => intent.n)).to.deep.equal([0, 1, 2, 3]);
    for (const item of set.items.slice(1)) await item.run();
    const names = set.context.sent.map(({ intent }) => intent.note);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('where they are answered, or nothing is spare, they are not', async () => {
    const answered = setUp('headers', () => ({}));
    await answered.items[0]?.run();
    expect(answered.context.sent).to.have.lengthOf(1);
    const spent = setUp('headers', () => FAILS);
    spent.context.reserve(0);
    await spent.items[0]?.run();
    expect(spent.context.sent).to.have.lengthOf(1);
  });

  it('a run that ends in between is no error, and the rule is blocked with the reason where nothing went out', async () => {
    const { context, check, items } = setUp('bodies', () => 'ended');
    for (const item of items.slice(0, 2)) await item.run();
    expect(context.sent).to.have.lengthOf(2);
    const finding = await check.settle();
    expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'no such request could be sent: the budget is spent']);
    const untouched = await setUp('bodies', () => ({})).check.settle();
    expect(untouched.reason).to.equal('no such request could be sent: the budget did not reach it');
  });

  it('an error of our own is none of the target', async () => {
    const { items } = setUp('bodies', () => {
      throw new TypeError('a defect of ours');
    });
    let thrown: unknown;
    await items[0]?.run().catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });

  describe('what is not answered', () => {
    const broken = async (family: RobustnessFamily, script: Script, given: Parameters<typeof exchanged>[2]): Promise<Finding> => {
      const { context, check, items } = setUp(family, script);
      await items[0]?.run();
      const [sent] = context.sent;
      if (sent === undefined) return expect.fail('nothing was sent');
      context.ledger.record(exchanged(sent.draft, sent.intent, given));
      return check.settle();
    };

    it('fails with the request, the status, and how often it was judged', async () => {
      const finding = await broken('bodies', () => FAILS, FAILS);
      expect([finding.verdict, finding.expected, finding.got, finding.judged]).to.deep.equal(['fail', 'a complete answer below 500', '500', 1]);
      expect(finding.reason).to.equal(`a request was not answered: ${odd('bodies')[0]?.name ?? ''}`);
      expect(finding.counterexample?.part).to.equal(odd('bodies')[0]?.name);
    });

    it('several that timed out while many others were answered met no slow moment', async () => {
      const waiting = async (meanwhile: number, times: number): Promise<string> => {
        const { context, check, items } = setUp('good-requests', () => ({}));
        await items[0]?.run();
        const [sent] = context.sent;
        if (sent === undefined) return expect.fail('nothing was sent');
        for (let n = 0; n < times; n += 1) context.ledger.record({ ...exchanged(sent.draft, { ...sent.intent, n }, HANG), meanwhile });
        return (await check.settle()).verdict;
      };
      expect([await waiting(20, 2), await waiting(19, 2), await waiting(20, 1)]).to.deep.equal(['flaky', 'blocked', 'blocked']);
    });

    it('a good request that timed out once may have met a slow moment', async () => {
      let number = 0;
      const once: Script = () => ((number += 1), {});
      const good = await broken('good-requests', once, HANG);
      expect(`${good.verdict}: ${good.reason}`).to.match(
        /^blocked: a request was not answered: .*, but not each time: 1 of 9: a timeout that does not repeat proves nothing/,
      );
      expect(number).to.be.above(1);
      expect((await broken('bodies', once, HANG)).verdict, 'an odd one').to.equal('blocked');
      let odd = 0;
      const twice: Script = () => ((odd += 1) === 3 ? HANG : {});
      expect((await broken('bodies', twice, HANG)).verdict, 'an odd one that repeats').to.equal('flaky');
      expect((await broken('good-requests', twice, HANG)).verdict, 'a good one that repeats once').to.equal('blocked');
      expect((await broken('good-requests', () => HANG, HANG)).verdict, 'each time').to.equal('fail');
      expect((await broken('good-requests', once, FAILS)).verdict, 'a 5xx').to.equal('flaky');
    });
  });
});
