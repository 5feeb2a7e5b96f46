import { expect } from 'chai';
import { violating } from '../../generators/index.js';
import { conclude, type Conclusion } from './conclude.js';
import { candidateOf, INTENT, MUST, namesOf, notes, of, recipe, SHOULD, takesBad } from './conclude.spec-help.js';
import { fieldOf, withField, type Recipe } from './draft.js';
import type { Observation } from './observation.js';
import { create, exchanged, ScriptedContext } from './scripted.spec-help.js';

describe('conclude', () => {
  it('a failure is sent again twice, made small, and has the good request beside it without the same fields', async () => {
    const context = new ScriptedContext(takesBad);
    const finding = await conclude(context, MUST, of());
    expect([finding.verdict, finding.confirmed, finding.rate, finding.reason]).to.deep.equal([
      'fail',
      { tries: 2, repeats: 2 },
      undefined,
      'a bad request was not refused',
    ]);
    expect(notes(context)).to.deep.equal([
      'confirmation: a bad name',
      'confirmation: a bad name',
      'shrink: a bad name',
      'shrink: a bad name',
      'confirmation: the good request beside it',
    ]);
    const { counterexample } = finding;
    expect(counterexample).to.deep.include({ part: 'first_name', value: 'bad', controlValue: 'good', path: 'violating/3', seed: 7, shrunk: true, before: [] });
    const [small, control] = context.sent.slice(-2).map(({ draft }) => draft);
    expect(namesOf(small)).to.deep.equal(['object_reference_id', 'mobile_number', 'first_name']);
    expect(namesOf(control)).to.deep.equal(namesOf(small));
    expect(counterexample?.request.body.text).to.include(`object_reference_id=${small?.fields[0]?.[1] ?? ''}`);
    expect(context.sent.at(-1)?.intent).to.deep.include({ good: true, purpose: 'confirmation' });
  });

  it('fields that it is about are kept', async () => {
    const context = new ScriptedContext(takesBad);
    const { counterexample } = await conclude(context, MUST, of({ keep: ['last_name', 'options.get_client_auth_token'] }));
    const sent = new URLSearchParams(counterexample?.request.body.text);
    expect([...sent.keys()]).to.deep.equal(['object_reference_id', 'mobile_number', 'first_name', 'last_name', 'options.get_client_auth_token']);
  });

  it('what is proven by one exchange is not sent again, and still has a control', async () => {
    const context = new ScriptedContext(takesBad);
    const finding = await conclude(context, MUST, of({ proven: true }));
    expect([finding.verdict, finding.confirmed, finding.counterexample?.shrunk]).to.deep.equal(['fail', { tries: 0, repeats: 0 }, false]);
    expect(notes(context)).to.deep.equal(['confirmation: the good request beside it']);
  });

  it('what repeats only sometimes is flaky, with its rate over all attempts, and is not made small', async () => {
    const context = new ScriptedContext((_, number) => (number % 2 === 0 ? {} : { status: 400 }));
    const finding = await conclude(context, MUST, of());
    expect([finding.verdict, finding.confirmed, finding.rate]).to.deep.equal(['flaky', { tries: 8, repeats: 4 }, { broken: 5, of: 13 }]);
    expect(finding.reason).to.equal('a bad request was not refused, but not each time: 5 of 13');
    expect(finding.counterexample?.shrunk).to.equal(false);
    expect(notes(context).filter((note) => note.startsWith('shrink'))).to.deep.equal([]);
  });

  it('a broken should is a warning, also where it repeats only sometimes', async () => {
    expect((await conclude(new ScriptedContext(takesBad), SHOULD, of())).verdict).to.equal('warn');
    const sometimes = new ScriptedContext((_, number) => (number % 2 === 0 ? {} : { status: 400 }));
    expect((await conclude(sometimes, SHOULD, of())).verdict).to.equal('warn');
  });

  it('a hang is confirmed and not made small', async () => {
    const hang = { silent: true, failure: { kind: 'timeout', message: 'no complete answer within 100 ms' } } as const;
    const context = new ScriptedContext(({ draft }) => (fieldOf(draft, 'first_name') === 'bad' ? hang : {}));
    const observation = exchanged(
      recipe(() => 'q1rtest0000000000001'),
      INTENT,
      hang,
      recipe,
    );
    const finding = await conclude(context, MUST, of({ candidate: { ...candidateOf(), observation }, isBroken: ({ failure }) => failure !== undefined }));
    expect([finding.verdict, finding.got, finding.counterexample?.shrunk]).to.deep.equal(['fail', 'no complete answer within 100 ms', false]);
    expect(notes(context)).to.deep.equal(['confirmation: a bad name', 'confirmation: a bad name', 'confirmation: the good request beside it']);
  });

  it('a connection that is dropped is made small all the same', async () => {
    const drop = { silent: true, failure: { kind: 'dropped', message: 'the connection was closed' } } as const;
    const context = new ScriptedContext(({ draft }) => (fieldOf(draft, 'first_name') === 'bad' ? drop : {}));
    const observation = exchanged(
      recipe(() => 'q1rtest0000000000001'),
      INTENT,
      drop,
      recipe,
    );
    const finding = await conclude(context, MUST, of({ candidate: { ...candidateOf(), observation }, isBroken: ({ failure }) => failure !== undefined }));
    expect([finding.verdict, finding.counterexample?.shrunk]).to.deep.equal(['fail', true]);
    expect(notes(context).filter((note) => note.startsWith('shrink'))).to.have.lengthOf(2);
  });

  it('what does itself again is not made small', async () => {
    const context = new ScriptedContext(takesBad);
    const observation = candidateOf().observation;
    const tries: number[] = [];
    const again = (attempt: number): Promise<Observation> => (tries.push(attempt), Promise.resolve(observation));
    const finding = await conclude(context, MUST, of({ candidate: candidateOf({}, { again }) }));
    expect([finding.verdict, finding.confirmed, tries]).to.deep.equal(['fail', { tries: 2, repeats: 2 }, [0, 1]]);
    expect(notes(context)).to.deep.equal(['confirmation: the good request beside it']);
  });

  it('a good request that is refused is not the target’s fault where the safe one beside it is refused by now', async () => {
    const refused = { status: 400, text: '{"status":"Bad Request"}' };
    const breaks = ({ outcome }: Observation): boolean => outcome === 'refused';
    const of_ = (): Conclusion => of({ candidate: candidateOf({ half: 'conforming' }), isBroken: breaks });
    const locked = await conclude(new ScriptedContext(() => refused), MUST, of_());
    expect([locked.verdict, locked.reason]).to.deep.equal(['blocked', 'the safe request beside it is not accepted any more: 400 {"status":"Bad Request"}']);
    const only = new ScriptedContext(({ draft }) => (fieldOf(draft, 'first_name') === 'bad' ? refused : {}));
    expect((await conclude(only, MUST, of_())).verdict).to.equal('fail');
    // A bad request has no need of it.
    expect((await conclude(new ScriptedContext(() => ({ status: 400 })), MUST, of({ isBroken: breaks }))).verdict).to.equal('fail');
  });

  it('a control that is refused is not shown', async () => {
    const { counterexample } = await conclude(new ScriptedContext(({ draft }) => (fieldOf(draft, 'first_name') === 'good' ? { status: 400 } : {})), MUST, of());
    expect([counterexample?.control, counterexample?.controlValue]).to.deep.equal([undefined, null]);
  });

  it('the control of an input is that of the smallest one, and differs in the offender alone', async () => {
    const rule = MUST.kind === 'input' ? MUST : expect.fail('no rule about inputs');
    const input = violating(rule.constraint) ?? expect.fail('there are no bad inputs');
    const shape = input.boundaries.find((each) => each.kind === 'around' && each.offender === ' ' && each.before !== '') ?? expect.fail('no blank');
    const drawn =
      (each: typeof shape): Recipe =>
      (fresh) => {
        const part = input.render(each, fresh);
        return part.part === 'field' ? withField(create(fresh(20, 'word')), part.field, part.value) : expect.fail('no field');
      };
    const context = new ScriptedContext(takesBad);
    const { counterexample } = await conclude(
      context,
      MUST,
      of({
        candidate: { ...candidateOf({}, {}, drawn(shape)), input, shape, recipe: drawn },
        isBroken: ({ draft }) => fieldOf(draft, 'first_name')?.includes(' ') === true,
      }),
    );
    expect([counterexample?.value, counterexample?.controlValue]).to.deep.equal([' ', 'm']);
    expect(namesOf(context.sent.at(-1)?.draft)).to.deep.equal(['object_reference_id', 'mobile_number', 'first_name']);
  });

  it('what is about no field is told by what is special about it', async () => {
    const { field: _field, ...about } = candidateOf();
    const { counterexample } = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate: about }));
    expect(counterexample).to.deep.include({ part: 'a bad name', value: null, controlValue: null });
  });

  it('a field that was not sent has no value', async () => {
    const absent: Recipe = (fresh) => create(fresh(20, 'word'), { first_name: null });
    const { counterexample } = await conclude(new ScriptedContext(takesBad), MUST, of({ candidate: candidateOf({}, {}, absent), isBroken: () => true }));
    expect(counterexample).to.deep.include({ part: 'first_name', value: null, controlValue: 'good' });
  });

  it('what came is told as the check tells it, what led up to it and how often it was judged too', async () => {
    const before = candidateOf().observation;
    const finding = await conclude(new ScriptedContext(takesBad), MUST, of({ got: () => 'two of them', judged: 99, before: [before] }));
    expect([finding.got, finding.judged]).to.deep.equal(['two of them', 99]);
    expect(finding.counterexample?.before.map(({ id }) => id)).to.deep.equal([`${MUST.id}#3`]);
    expect((await conclude(new ScriptedContext(takesBad), MUST, of())).judged).to.equal(0);
  });

  it('where nothing may be sent any more it is told as far as it is known', async () => {
    for (const from of [1, 2, 4, 5]) {
      const context = new ScriptedContext((_, number) => (number >= from ? 'ended' : {}));
      const finding = await conclude(context, MUST, of());
      expect([finding.verdict, finding.counterexample?.control], `from request ${from} on`).to.deep.equal(['fail', undefined]);
      expect(finding.counterexample?.shrunk, `from request ${from} on`).to.equal(from === 5);
    }
  });

  it('where nothing is spare it is told as it was seen', async () => {
    const context = new ScriptedContext(takesBad);
    context.reserve(0);
    const finding = await conclude(context, MUST, of());
    expect([finding.verdict, finding.confirmed, finding.counterexample?.shrunk, context.sent.length]).to.deep.equal([
      'fail',
      { tries: 0, repeats: 0 },
      false,
      0,
    ]);
  });

  it('an error of our own is none of the target', async () => {
    const context = new ScriptedContext(() => {
      throw new TypeError('a defect of ours');
    });
    let thrown: unknown;
    await conclude(context, MUST, of()).catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
