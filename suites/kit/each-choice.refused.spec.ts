import { expect } from 'chai';
import type { Candidate } from './check.js';
import { fieldOf } from './draft.js';
import { NAMES, played, run, valuesOf, type Play } from './each-choice.spec-help.js';
import type { Script } from './scripted.spec-help.js';
import { rejection } from './sending.spec-help.js';
import { wait } from './server.spec-help.js';

const REFUSED = { status: 400, text: '{"status":"Bad Request"}' };
const ABC = { first_name: ['a'], last_name: ['b'], mobile_number: ['c'] };

/** Refuses what has any of these values in one of the names. */
const refusing =
  (...values: readonly string[]): Script =>
  ({ draft }) =>
    NAMES.some((field) => values.includes(fieldOf(draft, field) ?? '')) ? REFUSED : {};

const sentOf = ({ context }: Play): string[] => context.sent.map((sent) => valuesOf(sent));
const probesOf = ({ events }: Play): string[] => events.filter((event) => event.startsWith('probe')).map((event) => event.slice('probe '.length));
/** What was put down to rules that did not send it. */
const evidenceOf = ({ controls }: Play): (readonly [ruleId: string, Candidate])[] =>
  ['object_reference_id/length', 'mobile_number/length', 'first_name/charset', 'last_name/charset', 'credentials/form'].flatMap((id) =>
    controls.evidence(id).map((candidate) => [id, candidate] as const),
  );
const blamed = (play: Play): string[] => evidenceOf(play).map(([ruleId]) => ruleId);

describe('each choice: a request that is taken', () => {
  it('has a good input of each rule, and nothing more is sent', async () => {
    const all = await played(ABC);
    await run(all);
    expect(all.events).to.deep.equal(['note mobile_number=c', 'note first_name=a', 'note last_name=b']);
    expect([sentOf(all).length, all.context.firstBreaches.size, blamed(all)]).to.deep.equal([1, 0, []]);
  });

  it('may be answered otherwise than it should be for one of the values: that is tried, and the others are good', async () => {
    const all = await played(ABC, undefined, { holds: (value) => value !== 'a' });
    await run(all);
    expect(all.events).to.deep.equal(['note mobile_number=c', 'note last_name=b', 'probe first_name=a']);
    expect([sentOf(all).length, blamed(all)]).to.deep.equal([1, []]);
  });
});

describe('each choice: a request that is refused', () => {
  it('has each value tried by itself', async () => {
    const all = await played(ABC, refusing('a'), { probe: (value) => value !== 'a' });
    await run(all);
    expect(all.events).to.deep.equal(['probe mobile_number=c', 'probe first_name=a', 'probe last_name=b']);
    expect(sentOf(all)).to.have.lengthOf(1);
  });

  it('breaks the rule of the value that is refused by itself, as of when it was sent', async () => {
    let tried = 0;
    const all: Play = await played(ABC, refusing('a'), {
      probe: async (value) => {
        await all.context.pacing.turn(() => Promise.resolve((tried += 1)));
        return value !== 'a';
      },
    });
    await run(all);
    expect(tried, 'requests that trying took').to.equal(3);
    expect([...all.context.firstBreaches]).to.deep.equal([['first_name/charset', 1]]);
    expect(blamed(all), 'the check that tried it keeps the evidence').to.deep.equal([]);
  });

  for (const [spare, probes] of [
    [0, []],
    [2, ['mobile_number=c', 'first_name=a']],
  ] as const) {
    it(`with ${spare} requests to spare ${probes.length} values are tried`, async () => {
      const all = await played(ABC, () => REFUSED, { spare });
      await run(all);
      expect([probesOf(all), sentOf(all).length]).to.deep.equal([probes, 1]);
    });
  }
});

describe('each choice: a field of which a value was refused by itself', () => {
  /** Of both names a value comes up at the same time as one of the other; the first request has `a` and `B`. */
  const LISTS = { first_name: ['a', 'A', 'z'], last_name: ['b', 'B', 'y'] };
  const isFine = (...bad: readonly string[]): { readonly probe: (value: string) => boolean } => ({ probe: (value) => !bad.includes(value) });

  it('is left out of the next request that is refused: what is taken without it is good', async () => {
    const all = await played(LISTS, refusing('a', 'A'), isFine('a', 'A'));
    await run(all);
    const safe = all.controls.draft(0, 'any');
    const [name, number] = [fieldOf(safe, 'first_name'), fieldOf(safe, 'mobile_number')];
    expect(sentOf(all)).to.deep.equal([`a B ${number}`, `A y ${number}`, `${name} y ${number}`, `z b ${number}`]);
    expect(all.events).to.deep.equal(['probe first_name=a', 'probe last_name=B', 'note last_name=y', 'note first_name=z', 'note last_name=b']);
    const [, refused, again] = all.context.sent;
    expect(again?.intent.n, 'the number of the request without it').to.equal((refused?.intent.n ?? 0) + 1);
  });

  it('may not be all that is wrong: where it is refused without it too, the others are tried', async () => {
    const all = await played(LISTS, refusing('a', 'A', 'y'), isFine('a', 'A', 'y'));
    await run(all);
    expect(probesOf(all)).to.deep.equal(['first_name=a', 'last_name=B', 'last_name=y']);
    expect([...all.context.firstBreaches.keys()]).to.deep.equal(['first_name/charset', 'last_name/charset']);
  });

  it('all of the others are tried where the request without it is not right for one of them', async () => {
    const lists = { ...LISTS, mobile_number: ['m', 'n', 'o'] };
    const all = await played(lists, refusing('a', 'A'), { ...isFine('a', 'A'), holds: (value, { outcome }) => outcome === 'accepted' && value !== 'y' });
    await run(all);
    expect(probesOf(all)).to.deep.equal(['mobile_number=n', 'first_name=a', 'last_name=B', 'mobile_number=o', 'last_name=y']);
  });

  it('explains the refusal where each of the others is taken by itself', async () => {
    const all = await played(LISTS, refusing('a', 'A', 'y'), isFine('a', 'A'));
    await run(all);
    expect([probesOf(all), blamed(all)]).to.deep.equal([['first_name=a', 'last_name=B', 'last_name=y'], []]);
    expect(sentOf(all)).to.have.lengthOf(4);
  });

  it('explains it by itself where no other value is in doubt', async () => {
    const all = await played({ first_name: ['a', 'A'] }, refusing('a', 'A'), isFine('a', 'A'));
    await run(all);
    expect(probesOf(all), 'values that were tried').to.have.lengthOf(1);
    expect([sentOf(all).length, blamed(all)]).to.deep.equal([2, []]);
  });

  const MANY = { first_name: [...'abcdefghij'], last_name: [...'ABCDEFGHIJ'] };

  it('is left out of six requests, and of no more', async () => {
    const all = await played(MANY, refusing(...MANY.first_name), isFine(...MANY.first_name));
    await run(all);
    expect(sentOf(all), 'ten requests, and six of them again').to.have.lengthOf(16);
    expect([probesOf(all).length, all.events.length]).to.deep.equal([2, 8]);
  });

  it('is left out of as many as there are requests to spare', async () => {
    const all = await played(MANY, refusing(...MANY.first_name), { ...isFine(...MANY.first_name), spare: 4 });
    await run(all);
    expect(sentOf(all), 'two requests to spare went into trying').to.have.lengthOf(12);
  });
});

describe('each choice: values of which each is taken by itself, and all of them are not', () => {
  /** Refuses what has both of these values. */
  const refusingBoth =
    (one: string, other: string, given = REFUSED): Script =>
    ({ draft }) =>
      [one, other].every((value) => draft.fields.some(([, sent]) => sent === value)) ? given : {};

  it('it is put down to the first without which the others are taken', async () => {
    const all = await played(ABC, refusingBoth('a', 'b'));
    await run(all);
    const safe = all.controls.draft(0, 'any');
    expect(sentOf(all)).to.deep.equal(['a b c', `a b ${fieldOf(safe, 'mobile_number')}`, `${fieldOf(safe, 'first_name')} b c`]);
    const numbers = all.context.sent.map(({ intent }) => intent.n - (all.context.sent[0]?.intent.n ?? 0));
    expect(numbers, 'numbers from that of the first on').to.deep.equal([0, 2, 3]);
    const [[ruleId, candidate] = expect.fail('nothing is blamed'), ...others] = evidenceOf(all);
    expect([ruleId, others]).to.deep.equal(['first_name/charset', []]);
    expect(candidate).to.deep.include({
      half: 'conforming',
      observation: all.looked[0],
      describe: 'a beside other good values',
      expected: '200 with the customer',
      field: 'first_name',
    });
    expect(all.context.firstBreaches.has('first_name/charset')).to.equal(true);
  });

  it('the good request beside it has a safe value in that field alone', async () => {
    const all = await played(ABC, refusingBoth('a', 'b'));
    await run(all);
    const [[, { control } = expect.fail('no evidence')] = expect.fail('nothing is blamed')] = evidenceOf(all);
    const draft = control?.(() => 'q1rtest0000000000001') ?? expect.fail('no control');
    expect(valuesOf({ draft })).to.equal(`${fieldOf(all.controls.draft(0, 'any'), 'first_name')} b c`);
    expect(fieldOf(draft, 'object_reference_id')).to.equal('q1rtest0000000000001');
  });

  it('it is put down to the first of all where no single one explains it', async () => {
    const all = await played(ABC, () => REFUSED);
    await run(all);
    expect([blamed(all), sentOf(all).length]).to.deep.equal([['mobile_number/length'], 4]);
  });

  it('it is put down to the credential where it was answered 401', async () => {
    const all = await played(ABC, refusingBoth('a', 'b', { ...REFUSED, status: 401 }));
    await run(all);
    expect(blamed(all)).to.deep.equal(['credentials/form']);
  });

  it('a reference has an ordinary one beside it', async () => {
    const all = await played({ object_reference_id: ['r'], first_name: ['a'] }, ({ draft }) =>
      (fieldOf(draft, 'object_reference_id')?.length ?? 0) === 8 && fieldOf(draft, 'first_name') === 'a' ? REFUSED : {},
    );
    await run(all);
    const [[ruleId, candidate] = expect.fail('nothing is blamed')] = evidenceOf(all);
    expect([ruleId, candidate.field]).to.deep.equal(['object_reference_id/length', 'object_reference_id']);
    const draft = candidate.control?.((length) => 'r'.repeat(length)) ?? expect.fail('no control');
    expect([fieldOf(draft, 'object_reference_id'), fieldOf(draft, 'first_name')]).to.deep.equal(['r'.repeat(20), 'a']);
  });

  it('a value of which it is not known whether it is taken may be what is wrong: nobody is blamed', async () => {
    const all = await played(ABC, refusingBoth('a', 'b'), { probe: (value) => (value === 'a' ? undefined : true) });
    await run(all);
    expect([probesOf(all).length, sentOf(all).length, blamed(all), all.context.firstBreaches.size]).to.deep.equal([3, 1, [], 0]);
  });

  it('a request that broke was not refused: nobody is blamed', async () => {
    const all = await played(ABC, () => ({ status: 500, text: '' }));
    await run(all);
    expect([probesOf(all).length, sentOf(all).length, blamed(all)]).to.deep.equal([3, 1, []]);
  });

  it('nobody is blamed where there was nothing to spare for finding out whom', async () => {
    const all = await played(ABC, refusingBoth('a', 'b'), { spare: 4 });
    await run(all);
    expect([probesOf(all).length, sentOf(all).length, blamed(all)]).to.deep.equal([3, 2, []]);
  });
});

describe('each choice: the order of what is looked into', () => {
  /** First names in the order in which they go out, all at once; those that are refused are not known by themselves. */
  async function atOnce(script: Script): Promise<{ readonly all: Play; readonly running: Promise<unknown>; release(): void }> {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const probe = async (value: string): Promise<undefined> => {
      if (value === 'a') await held;
    };
    const all = await played({ first_name: ['a', 'b', 'c'] }, script, { probe });
    return { all, running: Promise.all(all.eachChoice.items().map((item) => item.run())), release };
  }

  it('is that in which it was sent, however soon it is answered', async () => {
    const { all, running, release } = await atOnce(refusing('a', 'c'));
    await wait(10);
    // What was taken in between waits for nobody, and the last waits for the first all the same.
    expect(all.events, 'while the first is looked into').to.deep.equal(['note first_name=b', 'probe first_name=a']);
    release();
    await running;
    expect(probesOf(all)).to.deep.equal(['first_name=a', 'first_name=c']);
  });

  it('goes on behind one that could not be sent', async () => {
    const { all, running } = await atOnce((_, number) => (number === 1 ? 'ended' : REFUSED));
    await running;
    expect(probesOf(all)).to.deep.equal(['first_name=b', 'first_name=c']);
  });

  it('an error of our own is none of the target', async () => {
    const all = await played({ first_name: ['a'] }, () => {
      throw new TypeError('a defect of ours');
    });
    expect(await rejection(run(all))).to.be.instanceOf(TypeError);
  });
});
