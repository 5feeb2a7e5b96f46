import { expect } from 'chai';
import type { Recipe } from './draft.js';
import type { Intent, Observation } from './observation.js';
import { create } from './scripted.spec-help.js';
import { creating, intentOf, json, READING, sending, type Sending } from './sending.spec-help.js';
import { wait, type Answer } from './server.spec-help.js';

const RULE = 'first_name/charset';
const OK = json(200, { id: 'cst_1' });
const REFUSED = json(400, { status: 'Bad Request' });

/** Answers a create with its own reference, and whatever is given. */
const taking: Answer = (response, received, number) =>
  json(200, { id: `cst_${number}`, object_reference_id: new URLSearchParams(received.body.toString()).get('object_reference_id') })(response, received, number);

describe('context: references of a request', () => {
  const drawing = (...lengths: readonly number[]): { readonly recipe: Recipe; readonly drawn: string[] } => {
    const drawn: string[] = [];
    return { drawn, recipe: (fresh) => (lengths.forEach((length) => drawn.push(fresh(length, 'word'))), create(drawn[0] ?? '')) };
  };

  it('the first is that of its number, further ones are used by nothing else', async () => {
    await sending(OK, async ({ context }) => {
      const { recipe, drawn } = drawing(20, 12, 20);
      const { reference } = await context.send(recipe, intentOf({ n: 7 }));
      expect(drawn[0]).to.equal(context.reference(RULE, 7));
      expect(reference).to.equal(drawn[0]);
      expect(drawn[1]).to.have.lengthOf(12);
      const [, , third] = drawn;
      const ofNumbers = Array.from({ length: 1000 }, (_, n) => context.reference(RULE, n));
      expect(ofNumbers).to.not.include(third);
      expect(new Set(drawn).size).to.equal(3);
    });
  });

  it('a repetition has none that was given before', async () => {
    await sending(OK, async ({ context }) => {
      const { recipe, drawn } = drawing(20);
      for (const attempt of [undefined, 0, 1]) await context.send(recipe, intentOf({ n: 7, ...(attempt === undefined ? {} : { attempt }) }));
      expect(new Set(drawn).size).to.equal(3);
      expect(drawn.filter((each) => each === context.reference(RULE, 7))).to.have.lengthOf(1);
    });
  });

  it('it is known whose it is: another’s answer that shows it is a breach', async () => {
    let shown = '';
    const answer: Answer = (...given) => json(200, { id: 'cst_9', seen: shown })(...given);
    await sending(answer, async ({ context }) => {
      const first = await context.send(creating(), intentOf({ create: true, n: 1 }));
      shown = first.reference ?? '';
      await context.send(creating(), intentOf({ create: true, n: 2 }));
      expect(context.ledger.tally('privacy/other-customers')).to.deep.include({ judged: 2, broken: 1 });
    });
  });

  it('a request without one has none', async () => {
    await sending(OK, async ({ context }) => {
      const { reference, outcome } = await context.send(READING, intentOf());
      expect([reference, outcome]).to.deep.equal([undefined, 'accepted']);
    });
  });
});

describe('context: what is kept of a request', () => {
  it('the answer, read as JSON, and what it counts as', async () => {
    await sending(REFUSED, async ({ context }) => {
      const recipe = creating();
      const observation = await context.send(recipe, intentOf({ note: 'a bad one' }));
      expect(observation).to.deep.include({ outcome: 'refused', recipe, intent: intentOf({ note: 'a bad one' }) });
      expect(observation.json.value).to.deep.equal({ status: 'Bad Request' });
      expect(observation.response?.status).to.equal(400);
      for (const absent of ['failure', 'meanwhile']) expect(observation).to.not.have.property(absent);
    });
  });

  it('the failure, and no answer where there was none', async () => {
    await sending(
      (response) => void response.destroy(),
      async ({ context }) => {
        const observation = await context.send(creating(), intentOf());
        expect([observation.outcome, observation.failure?.kind]).to.deep.equal(['broken', 'dropped']);
        for (const absent of ['response', 'meanwhile']) expect(observation).to.not.have.property(absent);
      },
    );
  });

  it('it is judged by the rules, and told of', async () => {
    await sending(OK, async ({ context, exchanges }) => {
      const { exchange } = await context.send(creating(), intentOf({ create: true }));
      expect(context.ledger.tally('response/id')).to.deep.include({ judged: 1, broken: 0 });
      expect(context.ledger.tally('response/object')?.judged).to.equal(1);
      expect(exchanges).to.deep.equal([exchange()]);
    });
  });

  it('where nothing is to be judged it is counted and told of alone', async () => {
    await sending(
      taking,
      async ({ context, exchanges }) => {
        await context.send(creating(), intentOf({ create: true }));
        expect(context.ledger.tally('response/id')).to.equal(undefined);
        expect([exchanges.length, context.spent(RULE).requests, context.created.length]).to.deep.equal([1, 1, 1]);
      },
      { isJudged: false },
    );
  });

  it('requests and time are summed up by rule, and so is what hung', async () => {
    let silent = false;
    const answer: Answer = async (...given) => {
      await wait(30);
      if (!silent) await OK(...given);
    };
    await sending(
      answer,
      async ({ context }) => {
        for (const n of [0, 1]) await context.send(creating(), intentOf({ n }));
        await context.send(creating(), intentOf({ ruleId: 'last_name/charset' }));
        const { durationMs, ...counts } = context.spent(RULE);
        expect(counts).to.deep.equal({ requests: 2, hangs: 0 });
        expect(durationMs, 'ms of two requests').to.be.above(55);
        expect(context.spent('last_name/charset').durationMs, 'ms of one request').to.be.at.least(28);
        silent = true;
        for (const n of [2, 3]) await context.send(creating(), intentOf({ n }));
        expect(context.spent(RULE)).to.deep.include({ requests: 4, hangs: 2 });
        expect(context.spent('last_name/charset')).to.deep.include({ requests: 1, hangs: 0 });
      },
      { timeoutMs: 500 },
    );
  });

  it('what is dropped did not hang', async () => {
    await sending(
      (response) => void response.destroy(),
      async ({ context }) => {
        await context.send(creating(), intentOf());
        expect(context.spent(RULE)).to.deep.include({ requests: 1, hangs: 0 });
      },
    );
  });

  it('its place in the run: how many had gone out with it', async () => {
    await sending(OK, async ({ context }) => {
      const one = (n: number) => ({ recipe: (fresh: (length: number, alphabet: 'word') => string) => create(fresh(20, 'word')), intent: intentOf({ n }) });
      const alone = [];
      for (const n of [0, 1]) alone.push(await context.send(one(n).recipe, one(n).intent));
      const together = await context.sendTogether([one(2), one(3)]);
      expect([...alone, ...together].map(({ position }) => position)).to.deep.equal([1, 2, 4, 4]);
    });
  });

  it('of what hung, how many others were sent and soon answered meanwhile', async () => {
    const answer: Answer = (response, received, number) => {
      const name = new URLSearchParams(received.body.toString()).get('first_name');
      if (name === 'drop') response.destroy();
      else if (name === 'late') setTimeout(() => void OK(response, received, number), 150);
      else if (name === 'slow') setTimeout(() => void OK(response, received, number), 320);
      else if (name !== 'hang') void OK(response, received, number);
    };
    await sending(
      answer,
      async ({ context }) => {
        const send = (first_name: string, n: number): Promise<Observation> =>
          context.send((fresh) => create(fresh(20, 'word'), { first_name }), intentOf({ n }));
        await send('before', 0);
        await wait(5);
        const hanging = send('hang', 1);
        await wait(5);
        await Promise.all([send('one', 2), send('two', 3), send('drop', 4), send('late', 5)]);
        expect((await hanging).meanwhile).to.equal(2);
        expect((await send('hang', 6)).meanwhile, 'with nothing else under way').to.equal(0);
        const [again] = await Promise.all([send('hang', 7), send('slow', 8), send('three', 9)]);
        expect(again.meanwhile, 'where another answer took its time').to.equal(0);
      },
      { timeoutMs: 500 },
    );
  });
});

describe('context: customers that were created', () => {
  const createdBy = (
    answer: Answer,
    intent: Partial<Intent>,
    recipe: Recipe = creating(),
  ): Promise<Pick<Sending, 'context'> & { readonly reference: string }> =>
    sending(answer, async ({ context }) => ({ context, reference: (await context.send(recipe, intentOf(intent))).reference ?? '' }));

  it('a create that was accepted, in the order of acceptance', async () => {
    await sending(taking, async ({ context }) => {
      const references: (string | undefined)[] = [];
      for (const n of [2, 1]) references.push((await context.send(creating(), intentOf({ create: true, n }))).reference);
      expect(context.created).to.deep.equal(references);
    });
  });

  it('one that was refused is none', async () => {
    expect((await createdBy(REFUSED, { create: true })).context.created).to.deep.equal([]);
  });

  it('what is no create made none, whatever was sent with it', async () => {
    for (const create of [false, undefined]) {
      const { context } = await createdBy(taking, create === undefined ? {} : { create });
      expect(context.created, `create: ${String(create)}`).to.deep.equal([]);
    }
  });

  it('a create without a reference leaves nothing to list', async () => {
    const { context } = await createdBy(OK, { create: true }, () => create('x', { object_reference_id: null }));
    expect(context.created).to.deep.equal([]);
  });

  it('an odd request made the one that its answer names', async () => {
    const answer = json(200, { object_reference_id: 'as it was read' });
    expect((await createdBy(answer, { purpose: 'robustness' })).context.created).to.deep.equal(['as it was read']);
    expect((await createdBy(answer, { purpose: 'robustness' }, READING)).context.created, 'by a read').to.deep.equal([]);
    expect((await createdBy(answer, { purpose: 'open' })).context.created, 'by a request that is not odd').to.deep.equal([]);
    expect((await createdBy(json(200, { object_reference_id: 7 }), { purpose: 'robustness' })).context.created, 'no text').to.deep.equal([]);
    expect((await createdBy(json(400, { object_reference_id: 'x' }), { purpose: 'robustness' })).context.created, 'refused').to.deep.equal([]);
  });
});

describe('context: fields of which a bad value was accepted', () => {
  const after = (answer: Answer, intent: Partial<Intent>): Promise<readonly string[]> =>
    sending(answer, async ({ context }) => {
      await context.send(creating(), intentOf(intent));
      return [...context.acceptedBad];
    });
  const BAD = { offence: 'invalid', atFault: ['first_name', 'last_name'] } as const;

  it('are those at fault', async () => {
    expect(await after(OK, BAD)).to.deep.equal(['first_name', 'last_name']);
  });

  it('are none where it was refused', async () => {
    expect(await after(REFUSED, BAD)).to.deep.equal([]);
  });

  it('are none where a value was missing, and not bad', async () => {
    expect(await after(OK, { ...BAD, offence: 'missing' })).to.deep.equal([]);
  });

  it('are none where no field was at fault', async () => {
    expect(await after(OK, { offence: 'invalid' })).to.deep.equal([]);
  });

  it('are none where the same is asked again at the end of the run: that is for the rule that asks', async () => {
    expect(await after(OK, { ...BAD, ruleId: 'sequence/thousandth' })).to.deep.equal([]);
  });
});
