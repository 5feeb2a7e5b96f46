import { expect } from 'chai';
import fc from 'fast-check';
import type { InputArbitrary, Shape } from '../../generators/input.js';
import type { Candidate } from './check.js';
import { conclude } from './conclude.js';
import { candidateOf, MUST, notes, of, recipe, takesBad } from './conclude.spec-help.js';
import { fieldOf, type Draft, type Recipe } from './draft.js';
import type { Observation } from './observation.js';
import { create, ScriptedContext } from './scripted.spec-help.js';

const SHAPE: Shape = { kind: 'text', text: 'bad' };
/** Its one shape is as small as it gets. */
const PLAIN: InputArbitrary = {
  boundaries: [SHAPE],
  arbitrary: fc.constant(SHAPE),
  render: () => ({ part: 'field', field: 'first_name', value: 'rendered' }),
  describe: () => 'a bad name',
};
const WITH_CONTROL: InputArbitrary = { ...PLAIN, control: () => ({ part: 'field', field: 'first_name', value: 'mended' }) };

/** A good request that is known by its mobile number. */
const safe: Recipe = (fresh) => create(fresh(20, 'word'), { first_name: 'good', mobile_number: '11223344' });

/** The candidate without its control. */
function alone(more: Partial<Candidate> = {}): Candidate {
  const { control: _control, ...rest } = candidateOf(more);
  return rest;
}

const isBadName = ({ draft }: Observation): boolean => fieldOf(draft, 'first_name') === 'bad';
const lastOf = ({ sent }: ScriptedContext): Draft => sent.at(-1)?.draft ?? expect.fail('nothing was sent');

describe('conclude: the good request beside it', () => {
  it('is in the counterexample, with its request', async () => {
    const context = new ScriptedContext(takesBad);
    const { counterexample } = await conclude(context, MUST, of({ candidate: candidateOf({ control: safe }) }));
    const text = counterexample?.control?.request.body.text ?? expect.fail('there is no control');
    expect([new URLSearchParams(text).get('mobile_number'), counterexample?.controlValue]).to.deep.equal(['11223344', 'good']);
  });

  it('is the safe request with the input mended by its own control', async () => {
    const context = new ScriptedContext(takesBad);
    const candidate = candidateOf({ control: safe, input: WITH_CONTROL, shape: SHAPE });
    const { counterexample } = await conclude(context, MUST, of({ candidate, proven: true }));
    expect(counterexample?.controlValue).to.equal('mended');
    expect(fieldOf(lastOf(context), 'mobile_number')).to.equal('11223344');
  });

  it('is the request itself with the input mended where there is no safe one', async () => {
    const context = new ScriptedContext(takesBad);
    const { counterexample } = await conclude(context, MUST, of({ candidate: alone({ input: WITH_CONTROL, shape: SHAPE }), proven: true }));
    expect(counterexample?.controlValue).to.equal('mended');
    expect(fieldOf(lastOf(context), 'mobile_number')).to.equal(fieldOf(candidateOf().observation.draft, 'mobile_number'));
  });

  it('is the safe request where the input has no control of its own, or no shape', async () => {
    for (const more of [{ input: PLAIN, shape: SHAPE }, { input: WITH_CONTROL }, { shape: SHAPE }]) {
      const candidate = candidateOf({ control: safe, ...more });
      const { counterexample } = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate, proven: true }));
      expect(counterexample?.controlValue, Object.keys(more).join()).to.equal('good');
    }
  });

  it('is the safe request where the input is a good one, which is not mended', async () => {
    const candidate = candidateOf({ half: 'conforming', control: safe, input: WITH_CONTROL, shape: SHAPE });
    const { counterexample } = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate, proven: true }));
    expect([counterexample?.controlValue, counterexample?.path]).to.deep.equal(['good', 'conforming/3']);
  });

  it('is missing where there is none to send', async () => {
    const context = new ScriptedContext(takesBad);
    const { verdict, counterexample } = await conclude(context, MUST, of({ candidate: alone(), proven: true }));
    expect([verdict, counterexample?.control, counterexample?.controlValue, context.sent.length]).to.deep.equal(['fail', undefined, null, 0]);
  });

  it('is not sent where nothing is spare', async () => {
    const context = new ScriptedContext(takesBad);
    context.reserve(0);
    const { verdict, counterexample } = await conclude(context, MUST, of({ proven: true }));
    expect([verdict, counterexample?.control, context.sent.length]).to.deep.equal(['fail', undefined, 0]);
  });

  it('is sent once more, as a confirmation, where a good request failed', async () => {
    const context = new ScriptedContext(takesBad);
    await conclude(context, MUST, of({ candidate: candidateOf({ half: 'conforming', control: safe }), proven: true }));
    expect(notes(context)).to.deep.equal(['confirmation: a bad name', 'confirmation: the good request beside it']);
    expect(context.sent.map(({ draft }) => fieldOf(draft, 'mobile_number'))).to.deep.equal(['11223344', '11223344']);
  });

  it('a good request that failed is not sent in place of a safe one that is missing', async () => {
    const context = new ScriptedContext(() => ({ status: 400 }));
    const { verdict } = await conclude(context, MUST, of({ candidate: alone({ half: 'conforming' }), proven: true }));
    expect([verdict, context.sent.length]).to.deep.equal(['fail', 0]);
  });
});

describe('conclude: what is made small', () => {
  /** A body that is not made of the fields cannot be made small by them. */
  const inBody: Recipe = (fresh) => ({ ...recipe(fresh), body: Buffer.from('{}') });
  const whole = { input: PLAIN, shape: SHAPE, recipe: (): Recipe => inBody };

  it('an input with its shape and its recipe', async () => {
    const finding = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate: candidateOf(whole, {}, inBody), isBroken: isBadName }));
    expect([finding.verdict, finding.counterexample?.shrunk]).to.deep.equal(['fail', true]);
  });

  for (const missing of ['input', 'shape', 'recipe'] as const) {
    it(`no input where its ${missing} is missing`, async () => {
      const more = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== missing));
      const finding = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate: candidateOf(more, {}, inBody), isBroken: isBadName }));
      expect([finding.verdict, finding.counterexample?.shrunk]).to.deep.equal(['fail', false]);
    });
  }

  it('no input where there is only a recipe', async () => {
    const candidate = candidateOf({ recipe: (): Recipe => inBody }, {}, inBody);
    const finding = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate, isBroken: isBadName }));
    expect(finding.counterexample?.shrunk).to.equal(false);
  });
});

describe('conclude: what was to come', () => {
  it('is told as the candidate tells it', async () => {
    expect((await conclude(new ScriptedContext(takesBad), MUST, of())).expected).to.equal('400 with an error body');
  });

  it('is told of the smallest request where it depends on it', async () => {
    const expected = ({ draft }: Observation): string => `a refusal of ${draft.fields.length} fields`;
    expect((await conclude(new ScriptedContext(takesBad), MUST, of({ expected }))).expected).to.equal('a refusal of 3 fields');
  });
});
