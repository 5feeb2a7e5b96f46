import { expect } from 'chai';
import { conclude, type Conclusion } from './conclude.js';
import { candidateOf, isBad, MUST, notes, of, recipe, takesBad } from './conclude.spec-help.js';
import { fieldOf } from './draft.js';
import type { Observation } from './observation.js';
import { ScriptedContext, type Script } from './scripted.spec-help.js';

const DROP = { silent: true, failure: { kind: 'dropped', message: 'the connection was closed' } } as const;
const HANG = { silent: true, failure: { kind: 'timeout', message: 'no complete answer within 100 ms' } } as const;
const ended: Script = () => 'ended';
const refuses: Script = () => ({ status: 400 });
const isSilent = ({ failure }: Observation): boolean => failure !== undefined;

/** A run whose target was not there when it was last asked. */
class Gone extends ScriptedContext {
  override get unreachable(): boolean {
    return true;
  }
}

const silence = (given: typeof DROP | typeof HANG, more: Partial<Conclusion> = {}): Conclusion =>
  of({ candidate: candidateOf({}, {}, recipe, given), isBroken: isSilent, reason: 'it gave no answer', ...more });

describe('conclude: what cannot be confirmed', () => {
  for (const given of [DROP, HANG]) {
    const { kind } = given.failure;

    it(`${kind}: blocked where nothing more may be sent`, async () => {
      const finding = await conclude(new ScriptedContext(ended), MUST, silence(given));
      expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'it gave no answer, and it could not be confirmed: nothing more may be sent']);
      expect([finding.counterexample, finding.confirmed]).to.deep.equal([undefined, undefined]);
    });

    it(`${kind}: blocked where nothing is spare`, async () => {
      const context = new ScriptedContext(takesBad);
      context.reserve(0);
      const finding = await conclude(context, MUST, silence(given));
      expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'it gave no answer, and it could not be confirmed: nothing more may be sent']);
    });

    it(`${kind}: blocked for another reason where the target went away`, async () => {
      const finding = await conclude(new Gone(ended), MUST, silence(given));
      expect([finding.verdict, finding.reason]).to.deep.equal(['blocked', 'it gave no answer, and then the target could not be reached any more']);
      expect(finding.counterexample).to.equal(undefined);
    });

    it(`${kind}: a failure where one exchange proves it`, async () => {
      for (const context of [new ScriptedContext(ended), new Gone(ended)]) {
        const finding = await conclude(context, MUST, silence(given, { proven: true }));
        expect([finding.verdict, finding.reason, finding.got]).to.deep.equal(['fail', 'it gave no answer', given.failure.message]);
      }
    });

    it(`${kind}: a failure where it was confirmed before the target went away`, async () => {
      const context = new Gone(({ draft }) => (fieldOf(draft, 'first_name') === 'bad' ? given : {}));
      const finding = await conclude(context, MUST, silence(given));
      expect([finding.verdict, finding.confirmed]).to.deep.equal(['fail', { tries: 2, repeats: 2 }]);
    });
  }

  it('what was answered stays a failure where the target went away', async () => {
    for (const proven of [false, true]) {
      const finding = await conclude(new Gone(ended), MUST, of({ proven }));
      expect([finding.verdict, finding.reason], `proven: ${proven}`).to.deep.equal(['fail', 'a bad request was not refused']);
    }
  });

  it('a 500 is confirmed and made small: only silence costs a whole timeout', async () => {
    const error = { status: 500, text: '' };
    const context = new ScriptedContext(({ draft }) => (fieldOf(draft, 'first_name') === 'bad' ? error : {}));
    const conclusion = of({ candidate: candidateOf({}, {}, recipe, error), isBroken: ({ outcome }) => outcome === 'broken' });
    const finding = await conclude(context, MUST, conclusion);
    expect([finding.verdict, finding.got, finding.counterexample?.shrunk]).to.deep.equal(['fail', '500', true]);
    expect(notes(context).filter((note) => note.startsWith('shrink'))).to.have.lengthOf(2);
  });
});

describe('conclude: what does not come again', () => {
  it('is flaky, with its rate', async () => {
    const finding = await conclude(new ScriptedContext(refuses), MUST, of());
    expect([finding.verdict, finding.confirmed, finding.rate]).to.deep.equal(['flaky', { tries: 8, repeats: 0 }, { broken: 1, of: 13 }]);
  });

  it('is a failure where the exchanges show it by themselves', async () => {
    const finding = await conclude(new ScriptedContext(refuses), MUST, of({ witnessed: true }));
    expect([finding.verdict, finding.confirmed, finding.rate, finding.reason]).to.deep.equal([
      'fail',
      { tries: 0, repeats: 0 },
      undefined,
      'a bad request was not refused',
    ]);
  });

  it('is flaky where it comes again sometimes, whatever shows it', async () => {
    const context = new ScriptedContext((_, number) => (number % 2 === 0 ? {} : { status: 400 }));
    const finding = await conclude(context, MUST, of({ witnessed: true, isBroken: isBad }));
    expect([finding.verdict, finding.confirmed, finding.rate]).to.deep.equal(['flaky', { tries: 8, repeats: 4 }, { broken: 5, of: 13 }]);
  });

  it('what comes again each time is told with its confirmations, whatever shows it', async () => {
    const finding = await conclude(new ScriptedContext(takesBad), MUST, of({ witnessed: true }));
    expect([finding.verdict, finding.confirmed]).to.deep.equal(['fail', { tries: 2, repeats: 2 }]);
  });
});
