import { expect } from 'chai';
import { confirm, repeat } from './confirm.js';
import { fieldOf, type Recipe } from './draft.js';
import type { Intent, Observation } from './observation.js';
import { SendingEnded } from './pacing.js';
import { create, exchanged, ScriptedContext, type Script } from './scripted.spec-help.js';
import { messageOf, rejection } from './sending.spec-help.js';

const recipe: Recipe = (fresh) => create(fresh(20, 'word'), { first_name: 'a b' });
const INTENT: Intent = { ruleId: 'first_name/charset', n: 5, purpose: 'violating', note: 'a blank', create: true, offence: 'invalid', atFault: ['first_name'] };

function seen(more: Partial<Intent> = {}): Observation {
  return exchanged(
    recipe(() => 'q1rtest0000000000001'),
    { ...INTENT, ...more },
    {},
    recipe,
  );
}

const accepted = ({ outcome }: Observation): boolean => outcome === 'accepted';
const REFUSED = { status: 400, text: '{}' };
/** Breaks, or not, as the letters say: a request for each, and the last for all that follow. */
const breaking =
  (pattern: string): Script =>
  (_, number) =>
    (pattern[number - 1] ?? pattern.at(-1)) === 'x' ? {} : REFUSED;

describe('repeat', () => {
  it('is the same request with a reference of its own, known as a repetition', async () => {
    const context = new ScriptedContext(() => ({}));
    const first = seen();
    const again = await repeat(context, first, 'confirmation');
    const { attempt, ...intent } = again.intent;
    expect(intent).to.deep.equal({ ...INTENT, purpose: 'confirmation' });
    expect(attempt).to.be.a('number');
    expect(again.reference).to.not.equal(first.reference);
    expect(fieldOf(again.draft, 'first_name')).to.equal('a b');
    expect((await repeat(context, first, 'shrink')).intent.purpose).to.equal('shrink');
  });

  it('repetitions are numbered by their rule', async () => {
    const context = new ScriptedContext(() => ({}));
    const [one, two] = [(await repeat(context, seen(), 'confirmation')).intent.attempt, (await repeat(context, seen({ n: 6 }), 'shrink')).intent.attempt];
    const other = (await repeat(context, seen({ ruleId: 'last_name/charset' }), 'confirmation')).intent.attempt;
    expect([two, other]).to.deep.equal([(one ?? 0) + 1, one]);
  });

  it('is no longer what could be done again or made smaller in another way', async () => {
    const context = new ScriptedContext(() => ({}));
    const shrinkable = { input: undefined, shape: undefined, recipe: undefined } as unknown as NonNullable<Intent['shrinkable']>;
    const { intent } = await repeat(context, seen({ again: () => Promise.resolve(undefined), shrinkable }), 'confirmation');
    expect(intent).to.not.have.any.keys('again', 'shrinkable');
  });

  it('may be made in another way', async () => {
    const context = new ScriptedContext(() => ({}));
    const { draft } = await repeat(context, seen(), 'shrink', (fresh) => create(fresh(8, 'word'), { first_name: 'b' }));
    expect([fieldOf(draft, 'first_name'), fieldOf(draft, 'object_reference_id')?.length]).to.deep.equal(['b', 8]);
  });
});

describe('confirm', () => {
  for (const [what, pattern, tries, repeats] of [
    ['what breaks each time is sent again twice', 'x', 2, 2],
    ['what never breaks again is sent eight times', '.', 8, 0],
    ['what breaks the second time only is sent eight times', '.x.', 8, 1],
    ['what breaks the first time only is sent eight times', 'x.', 8, 1],
    ['what breaks every time but one is sent eight times', 'x.x', 8, 7],
  ] as const) {
    it(what, async () => {
      const context = new ScriptedContext(breaking(pattern));
      expect(await confirm(context, seen(), accepted)).to.deep.equal({ tries, repeats });
      expect(context.sent.map(({ intent }) => intent.purpose)).to.deep.equal(Array.from({ length: tries }, () => 'confirmation'));
    });
  }

  for (const spare of [0, 1, 5]) {
    it(`where ${spare} requests are to spare it takes no more`, async () => {
      const context = new ScriptedContext(breaking('.'));
      context.reserve(spare);
      expect(await confirm(context, seen(), accepted)).to.deep.equal({ tries: spare, repeats: 0 });
      expect(context.sent).to.have.lengthOf(spare);
    });
  }

  it('a request that needs others before it is done again by who knows how, told which time it is', async () => {
    const context = new ScriptedContext(() => ({}));
    const times: number[] = [];
    const again = (attempt: number): Promise<Observation | undefined> => {
      times.push(attempt);
      return Promise.resolve(attempt === 1 ? undefined : seen());
    };
    // What does not come back did not break, whatever is asked of it.
    expect(await confirm(context, seen({ again }), () => true)).to.deep.equal({ tries: 8, repeats: 7 });
    expect(times).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(context.sent).to.have.lengthOf(0);
  });

  it('nobody is there to break anything: it is given up', async () => {
    const context = new ScriptedContext(() => ({ silent: true, failure: { kind: 'unreachable', message: 'ECONNREFUSED' } }));
    const error = await rejection(confirm(context, seen(), () => true));
    expect(error).to.be.instanceOf(SendingEnded);
    expect(messageOf(error)).to.equal('the target cannot be reached any more');
    expect(context.sent).to.have.lengthOf(1);
  });

  it('a hang is an answer like any other', async () => {
    const context = new ScriptedContext(() => ({ silent: true, failure: { kind: 'timeout', message: 'nothing for 1 s' } }));
    expect(await confirm(context, seen(), ({ failure }) => failure?.kind === 'timeout')).to.deep.equal({ tries: 2, repeats: 2 });
  });
});
