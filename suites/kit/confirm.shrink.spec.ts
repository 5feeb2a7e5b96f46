import { expect } from 'chai';
import fc from 'fast-check';
import type { FieldName } from '../../contracts/model.js';
import { ShrinkingArbitrary, type InputArbitrary, type Shape } from '../../generators/input.js';
import { shrink, type Shrinking, type Shrunk } from './confirm.js';
import type { RunConfig } from './config.js';
import { fieldOf, type Draft, type Recipe } from './draft.js';
import type { Observation } from './observation.js';
import { create, exchanged, ScriptedContext } from './scripted.spec-help.js';

type RunShape = Extract<Shape, { readonly kind: 'run' }>;
const run = (length: number): RunShape => ({ kind: 'run', length, bytesEach: 1 });
const lengthOf = (shape: Shape | undefined): number | undefined => (shape?.kind === 'run' ? shape.length : undefined);
const isRun = (shape: unknown): shape is Shape => typeof shape === 'object' && shape !== null && 'kind' in shape && shape.kind === 'run';

/** First names of so many letters. They get smaller by half, or by one; what would be drawn is longer than anything that was sent. */
function names(smaller: (length: number) => readonly number[] = (n) => [Math.floor(n / 2), n - 1], isOne = isRun): InputArbitrary {
  return {
    boundaries: [],
    arbitrary: new ShrinkingArbitrary(fc.constant(run(999)), isOne, (shape) =>
      smaller(lengthOf(shape) ?? 0)
        .filter((n) => n > 0)
        .map(run),
    ),
    render: (shape) => ({ part: 'field', field: 'first_name', value: 'a'.repeat(lengthOf(shape) ?? 0) }),
    describe: (shape) => `${lengthOf(shape) ?? 0} letters`,
  };
}

const named = (first_name: string, fields: Readonly<Record<string, string | null>> = {}, more: Partial<Draft> = {}): Recipe => {
  return (fresh) => ({ ...create(fresh(20, 'word'), { ...fields, first_name }), ...more });
};
const seen = (recipe: Recipe): Observation =>
  exchanged(
    recipe(() => 'q1rtest0000000000001'),
    { ruleId: 'first_name/length', n: 5, purpose: 'violating', note: 'a long name', create: true },
    {},
    recipe,
  );

const nameOf = ({ draft }: { readonly draft: Draft }): string => fieldOf(draft, 'first_name') ?? '';
/** Broken where the name has so many letters, and each of these fields was sent. */
const longer =
  (least: number, ...required: readonly FieldName[]) =>
  (observation: Observation): boolean =>
    nameOf(observation).length >= least && required.every((field) => fieldOf(observation.draft, field) !== undefined);

const OPTIONAL: readonly FieldName[] = ['options.get_client_auth_token', 'mobile_country_code', 'first_name', 'last_name', 'email_address'];
/** The optional fields that a request went without. */
const missing = ({ draft }: { readonly draft: Draft }): FieldName[] => OPTIONAL.filter((field) => fieldOf(draft, field) === undefined);

interface Shrank extends Shrunk {
  readonly context: ScriptedContext;
  readonly first: Observation;
}

async function shrank(
  recipe: Recipe,
  isBroken: Shrinking['isBroken'],
  { keep = ['first_name'], config, spare, ...more }: Partial<Pick<Shrinking, 'keep' | 'input'>> & { config?: Partial<RunConfig>; spare?: number } = {},
): Promise<Shrank> {
  const context = new ScriptedContext(() => ({}), config);
  if (spare !== undefined) context.reserve(spare);
  const first = seen(recipe);
  return { ...(await shrink(context, { observation: first, isBroken, keep, ...more })), context, first };
}

/** Makes a name of so many letters small. */
const shrankName = (length: number, isBroken: Shrinking['isBroken'], input = names(), more: Parameters<typeof shrank>[2] = {}): Promise<Shrank> =>
  shrank(named('a'.repeat(length)), isBroken, {
    keep: OPTIONAL,
    ...more,
    input: { input, shape: run(length), recipe: (shape) => named('a'.repeat(lengthOf(shape) ?? 0)) },
  });

describe('shrink: fields that a failure does without', () => {
  const BUT_EMAIL: readonly FieldName[] = ['options.get_client_auth_token', 'mobile_country_code', 'last_name'];

  it('all at once, the e-mail address behind the others', async () => {
    const { context, observation, dropped, complete } = await shrank(named('ab'), longer(2));
    expect(context.sent.map(missing)).to.deep.equal([BUT_EMAIL, [...BUT_EMAIL, 'email_address']]);
    expect(context.sent.every(({ intent }) => intent.purpose === 'shrink')).to.equal(true);
    expect([dropped, complete]).to.deep.equal([[...BUT_EMAIL, 'email_address'], true]);
    expect(observation.draft).to.equal(context.sent[1]?.draft);
    expect(observation.draft.fields.map(([name]) => name)).to.deep.equal(['object_reference_id', 'mobile_number', 'first_name']);
  });

  it('an address that it takes stays', async () => {
    const { context, observation, dropped, complete } = await shrank(named('ab'), longer(2, 'email_address'));
    expect([dropped, complete, context.sent.length]).to.deep.equal([BUT_EMAIL, true, 2]);
    expect(observation.draft).to.equal(context.sent[0]?.draft);
  });

  it('one after the other where it does not do without all: what it takes stays', async () => {
    const { context, observation, dropped, complete } = await shrank(named('ab'), longer(2, 'mobile_country_code'));
    expect(context.sent.map(missing)).to.deep.equal([
      BUT_EMAIL,
      ['options.get_client_auth_token'],
      ['options.get_client_auth_token', 'mobile_country_code'],
      ['options.get_client_auth_token', 'last_name'],
      ['options.get_client_auth_token', 'last_name', 'email_address'],
    ]);
    expect([dropped, complete]).to.deep.equal([['options.get_client_auth_token', 'last_name', 'email_address'], true]);
    expect(missing(observation)).to.deep.equal(['options.get_client_auth_token', 'last_name', 'email_address']);
  });

  it('not those that it is about', async () => {
    const { context, dropped } = await shrank(named('ab'), longer(2), { keep: ['first_name', 'email_address', 'last_name'] });
    expect(context.sent.map(missing)).to.deep.equal([['options.get_client_auth_token', 'mobile_country_code']]);
    expect(dropped).to.deep.equal(['options.get_client_auth_token', 'mobile_country_code']);
  });

  it('not those that were not sent', async () => {
    const fields = { 'options.get_client_auth_token': null, mobile_country_code: null, last_name: null };
    const { context, dropped } = await shrank(named('ab', fields), longer(2));
    expect([context.sent.length, dropped]).to.deep.equal([1, ['email_address']]);
  });

  it('where there are none nothing is sent, and it is as small as it was', async () => {
    const { context, observation, first, dropped, complete, ...rest } = await shrank(named('ab'), longer(2), { keep: OPTIONAL });
    expect([context.sent.length, dropped, complete]).to.deep.equal([0, [], true]);
    expect(observation).to.equal(first);
    expect(rest).to.not.have.property('shape');
  });

  it('none of a body that is not made of them: it stays as it is, and is not called small', async () => {
    const { context, observation, first, dropped, complete } = await shrank(named('ab', {}, { body: Buffer.from('{}') }), longer(2));
    expect([context.sent.length, dropped, complete]).to.deep.equal([0, [], false]);
    expect(observation).to.equal(first);
  });
});

describe('shrink: the input', () => {
  it('gets as small as it still breaks, without what was dropped', async () => {
    const { context, observation, shape, dropped, complete } = await shrankName(20, longer(3), names(), { keep: ['first_name'] });
    expect([lengthOf(shape), nameOf(observation), complete]).to.deep.equal([3, 'aaa', true]);
    expect(dropped).to.have.lengthOf(4);
    expect(missing(observation)).to.have.members([...dropped]);
    expect(context.sent.slice(2).every((each) => missing(each).length === 4)).to.equal(true);
  });

  it('what is known to break is not sent again, and nothing is drawn', async () => {
    const { context, shape } = await shrankName(6, longer(6));
    expect(context.sent.map((each) => nameOf(each).length)).to.deep.equal([3, 5]);
    expect(lengthOf(shape)).to.equal(6);
  });

  it('each step down begins from the last that broke', async () => {
    const { context } = await shrankName(8, longer(3));
    expect(context.sent.map((each) => nameOf(each).length)).to.deep.equal([4, 2, 3, 1, 2]);
  });

  it('of a shape that is none of its inputs stays as it is', async () => {
    const { context, shape, complete } = await shrankName(
      9,
      longer(1),
      names(undefined, (given): given is Shape => isRun(given) && lengthOf(given) === 0),
    );
    expect([context.sent.length, lengthOf(shape), complete]).to.deep.equal([0, 9, true]);
  });

  it('is made small in a body that is not made of fields too', async () => {
    const body = Buffer.from('{}');
    const { context, complete, shape } = await shrank(named('aaaa', {}, { body }), longer(2), {
      input: { input: names(), shape: run(4), recipe: (each) => named('a'.repeat(lengthOf(each) ?? 0), {}, { body }) },
    });
    expect([lengthOf(shape), complete]).to.deep.equal([2, true]);
    expect(context.sent.every((each) => missing(each).length === 0)).to.equal(true);
  });

  it('whose requests all break ends at the smallest there is', async () => {
    const { shape, complete, observation } = await shrankName(40, () => true);
    expect([lengthOf(shape), nameOf(observation), complete]).to.deep.equal([1, 'a', true]);
  });
});

describe('shrink: what it may take', () => {
  /** Smaller by one letter a request. */
  const slowly = names((length) => [length - 1]);

  it('sixty requests unless told otherwise', async () => {
    const { context, shape, complete } = await shrankName(200, longer(1), slowly);
    expect([context.sent.length, lengthOf(shape), complete]).to.deep.equal([60, 140, false]);
  });

  for (const shrinkRequests of [0, 1, 5]) {
    it(`${shrinkRequests} where it was told so`, async () => {
      const { context, shape, complete } = await shrankName(50, longer(1), slowly, { config: { shrinkRequests } });
      expect([context.sent.length, lengthOf(shape), complete]).to.deep.equal([shrinkRequests, 50 - shrinkRequests, false]);
    });
  }

  it('what is to spare', async () => {
    const { context, shape, complete } = await shrankName(50, longer(1), slowly, { spare: 4 });
    expect([context.sent.length, lengthOf(shape), complete]).to.deep.equal([4, 46, false]);
  });

  it('exactly what it needs is enough to be complete', async () => {
    const { complete } = await shrankName(5, longer(1), slowly, { config: { shrinkRequests: 4 } });
    expect(complete).to.equal(true);
  });

  it('the fields count too: with nothing to spare for them they stay', async () => {
    const { context, dropped, complete } = await shrank(named('ab'), longer(2), { config: { shrinkRequests: 0 } });
    expect([context.sent.length, dropped, complete]).to.deep.equal([0, [], false]);
  });
});
