import { expect } from 'chai';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { good, NAMES, played, run, valuesOf, type Told } from './each-choice.spec-help.js';
import { EachChoice, roundRobin } from './each-choice.js';
import { FIRST } from './plan.js';

const letters = (count: number, from = 'a'): string[] => Array.from({ length: count }, (_, index) => String.fromCharCode(from.charCodeAt(0) + index));

describe('each choice: round robin', () => {
  it('takes one of each list in turn until all are through', () => {
    expect(roundRobin([['a', 'b', 'c'], [], ['x'], ['1', '2']])).to.deep.equal(['a', 'x', '1', 'b', '2', 'c']);
    expect(roundRobin([])).to.deep.equal([]);
  });
});

describe('each choice: the requests', () => {
  it('are as many as the longest list has values, and cost one each', async () => {
    const { eachChoice } = await played({ first_name: letters(5), last_name: letters(2) });
    const items = eachChoice.items();
    expect(items.map(({ cost, rank }) => [cost, rank])).to.deep.equal(Array.from({ length: 5 }, () => [1, FIRST.eachChoice]));
  });

  for (const [budget, count] of [
    ['smoke', 16],
    ['standard', 16],
    ['deep', 24],
  ] as const) {
    it(`${budget}: ${count} at most, the first of the list`, async () => {
      const all = await played({ first_name: letters(26) }, undefined, { config: { budget } });
      await run(all);
      expect(all.context.sent.map((sent) => valuesOf(sent, ['first_name']))).to.have.members(letters(26).slice(0, count));
    });
  }

  it('without good values there are none', async () => {
    expect((await played({})).eachChoice.items()).to.deep.equal([]);
  });

  it('each value comes up, and a field with fewer begins again', async () => {
    const all = await played({ first_name: letters(5), last_name: letters(2, 'x') });
    await run(all);
    const sent = all.context.sent.map((each) => valuesOf(each, ['first_name', 'last_name']).split(' '));
    expect(sent.map(([first]) => first)).to.have.members(letters(5));
    expect(sent.map(([, last]) => last).sort()).to.satisfy((last: string[]) => ['xxxyy', 'xxyyy'].includes(last.join('')), 'last names');
  });

  it('of fields with the same list no two are alike in a request', async () => {
    const all = await played({ first_name: letters(5), last_name: letters(5), mobile_number: letters(5) });
    await run(all);
    for (const each of all.context.sent) expect(new Set(valuesOf(each).split(' ')).size, valuesOf(each)).to.equal(NAMES.length);
  });

  it('the checks of one field take turns, what finds most of each first', async () => {
    const told: Told = { events: [], looked: [] };
    const { context, controls } = await played({});
    const lists = [letters(12), [], letters(12, 'A')].map((list) => list.map((value) => good(told, 'first_name', value)));
    for (const item of new EachChoice(context, controls, lists, []).items()) await item.run();
    const sent = context.sent.map((each) => valuesOf(each, ['first_name']));
    expect(sent).to.have.members([...letters(8), ...letters(8, 'A')]);
  });

  it('those that may be left out are left out together, in a request behind the others', async () => {
    const all = await played({ first_name: ['a'] }, undefined, {
      absent: [
        ['last_name', ''],
        ['email_address', ''],
      ],
    });
    expect(all.eachChoice.items().map(({ cost, rank }) => [cost, rank])).to.deep.equal([
      [1, FIRST.eachChoice],
      [1, FIRST.eachChoice],
    ]);
    await run(all);
    expect(all.context.sent.map((sent) => FIELDS.filter((field) => valuesOf(sent, [field]) === '-'))).to.deep.equal([[], ['email_address', 'last_name']]);
    expect(all.events).to.deep.equal(['note first_name=a', 'note last_name=', 'note email_address=']);
  });

  it('are good creates of nobody’s rule, with room between their numbers for what is sent again', async () => {
    const all = await played({ first_name: letters(16) }, undefined, { absent: [['last_name', '']] });
    await run(all);
    for (const { intent } of all.context.sent) expect(intent).to.deep.include({ ruleId: 'control', purpose: 'conforming', create: true, good: true });
    const numbers = all.context.sent.map(({ intent }) => intent.n).sort((a, b) => a - b);
    const [lowest = 0] = numbers;
    expect(lowest, 'above the numbers of safe requests').to.be.above(500);
    expect(numbers).to.deep.equal(Array.from({ length: 17 }, (_, index) => lowest + index * 10));
  });

  it('say which values they have', async () => {
    const all = await played({ first_name: ['a'], last_name: ['b'] });
    await run(all);
    expect(all.context.sent[0]?.intent.note).to.equal('good values: first_name a, last_name b');
  });

  it('have safe values for what has no list', async () => {
    const all = await played({ first_name: ['a'] });
    await run(all);
    const [{ draft } = expect.fail('nothing was sent')] = all.context.sent;
    expect(draft.fields.map(([name]) => name)).to.deep.equal([...FIELDS]);
    const safe = all.controls.draft(0, 'any');
    expect(draft.fields.slice(1)).to.deep.equal(safe.fields.slice(1).map(([name, value]) => [name, name === 'first_name' ? 'a' : value]));
  });

  it('leave out what the target takes in no safe request', async () => {
    const all = await played(
      { first_name: ['a', 'b'], email_address: ['c'] },
      ({ draft }) => (valuesOf({ draft }, ['first_name']) === '-' ? {} : { status: 400, text: '{}' }),
      { opened: true },
    );
    await run(all);
    const fields: readonly FieldName[] = ['first_name', 'email_address'];
    expect(all.context.sent.map((sent) => valuesOf(sent, fields))).to.deep.equal(['- c', '- c']);
  });

  it('are not sent where nothing of them is left', async () => {
    const all = await played({ first_name: ['a', 'b'] }, ({ draft }) => (valuesOf({ draft }, ['first_name']) === '-' ? {} : { status: 400, text: '{}' }), {
      opened: true,
    });
    await run(all);
    expect([all.context.sent.length, all.events]).to.deep.equal([0, []]);
  });

  it('have one reference each, that under test where there is one', async () => {
    const drawnBy = async (...fields: readonly FieldName[]): Promise<readonly [sent: number | undefined, drawn: readonly string[]]> => {
      const all = await played(Object.fromEntries(fields.map((field) => [field, ['a']])));
      await run(all);
      const [observation] = all.looked;
      const drawn: string[] = [];
      observation?.recipe((length, alphabet) => (drawn.push(`${length} of ${alphabet}`), 'q'.repeat(length)));
      return [observation?.reference?.length, drawn];
    };
    expect(await drawnBy('object_reference_id', 'first_name')).to.deep.equal([8, ['8 of word']]);
    expect(await drawnBy('first_name', 'last_name')).to.deep.equal([20, ['20 of word']]);
  });
});
