import { expect } from 'chai';
import { Controls } from './controls.js';
import type { Given } from './observed.spec-help.js';
import { Reads } from './reads.js';
import { ScriptedContext, type Sent } from './scripted.spec-help.js';
import { REFERENCES_OF_A_ROUND } from './steps.js';

interface Looked {
  readonly available: boolean;
  readonly reads: Reads;
  readonly context: ScriptedContext;
  readonly gets: readonly Sent[];
}

/** Looks for reads at a target that answers creates and reads in its own way; what is sent is numbered from 0 for each of the two. */
async function looked(read: (number: number) => Given, create: (number: number) => Given = () => ({})): Promise<Looked> {
  const numbers = { GET: 0, POST: 0 };
  const context = new ScriptedContext(({ draft }) => (draft.method === 'GET' ? read(numbers.GET++) : create(numbers.POST++)));
  const reads = new Reads(context, new Controls(context));
  return { available: await reads.available(), reads, context, gets: context.sent.filter(({ draft }) => draft.method === 'GET') };
}

const BROKEN = { status: 500, text: '' };

describe('reads: whether the target has them', () => {
  it('two customers are read, each of a create of its own', async () => {
    const { available, gets, context } = await looked(() => ({}));
    expect(available).to.equal(true);
    expect(gets).to.have.lengthOf(2);
    expect(new Set(gets.map(({ draft }) => draft.path)).size, 'paths').to.equal(2);
    for (const { draft } of gets) expect(draft.path).to.match(/^\/customers\/cst_of_\w+$/);
    const creates = context.sent.filter(({ draft }) => draft.method === 'POST');
    expect(creates.map(({ intent }) => [intent.purpose, intent.note])).to.deep.equal(creates.map(() => ['control', 'a safe request']));
    expect(creates).to.have.lengthOf(2);
  });

  it('they are steps of the rule about reads, behind all of its own rounds', async () => {
    const { gets } = await looked(() => ({}));
    for (const { intent } of gets) {
      expect(intent).to.deep.include({ ruleId: 'customers/read', purpose: 'step', note: 'does the target have reads' });
      expect(intent.n).to.be.at.least(100 * REFERENCES_OF_A_ROUND);
    }
    expect(new Set(gets.map(({ intent }) => intent.n)).size, 'numbers').to.equal(2);
  });

  it('is asked once in a run, whoever asks', async () => {
    const { reads, context } = await looked(() => ({}));
    const before = context.sent.length;
    expect(await Promise.all([reads.available(), reads.available()])).to.deep.equal([true, true]);
    expect(context.sent).to.have.lengthOf(before);
  });

  for (const works of [0, 1]) {
    it(`one of the two that succeeds is enough: the ${works === 0 ? 'first' : 'second'}`, async () => {
      expect((await looked((number) => (number === works ? {} : BROKEN))).available).to.equal(true);
    });

    it(`one of the two that was created is enough: the ${works === 0 ? 'first' : 'second'}`, async () => {
      const { available, gets } = await looked(
        () => ({}),
        (number) => (number === works ? {} : BROKEN),
      );
      expect([available, gets.length]).to.deep.equal([true, 1]);
    });
  }

  it('a customer that is not found at once is looked for again', async () => {
    const { available, gets } = await looked((number) => (number < 2 ? { status: 404, text: '' } : {}));
    expect([available, gets.length]).to.deep.equal([true, 4]);
  });

  it('it has none where no read succeeds', async () => {
    const { available, gets } = await looked(() => BROKEN);
    expect([available, gets.length]).to.deep.equal([false, 2]);
  });

  it('without a customer nothing is read', async () => {
    const { available, gets } = await looked(
      () => ({}),
      () => BROKEN,
    );
    expect([available, gets.length]).to.deep.equal([false, 0]);
  });
});
