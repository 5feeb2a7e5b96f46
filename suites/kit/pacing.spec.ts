import { expect } from 'chai';
import fc from 'fast-check';
import { Pacing, retryDelay, SendingEnded, type PacingOptions } from './pacing.js';
import { timed, wait } from './server.spec-help.js';

const pacing = (options: Partial<PacingOptions> = {}): Pacing => new Pacing({ concurrency: 4, maxRequests: 1000, ...options });

/** Counts what is under way at one time. */
class Counter {
  underWay = 0;
  most = 0;
  readonly starts: number[] = [];

  request = async (milliseconds = 5): Promise<number> => {
    this.starts.push(performance.now());
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    await wait(milliseconds);
    this.underWay -= 1;
    return this.starts.length;
  };
}

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('pacing', function () {
  this.timeout(10_000);

  describe('turns', () => {
    it('as many at a time as there is room for, never more', async () => {
      for (const concurrency of [1, 3, 16]) {
        const pace = pacing({ concurrency });
        const counter = new Counter();
        await Promise.all(Array.from({ length: 40 }, () => pace.turn(() => counter.request(2))));
        expect(counter.most, `at a time, of ${String(concurrency)}`).to.equal(concurrency);
        expect(pace.sent).to.equal(40);
      }
    });

    it('a request that fails gives its place back', async () => {
      const pace = pacing({ concurrency: 1 });
      for (let time = 0; time < 3; time += 1) expect(await rejected(pace.turn(() => Promise.reject(new Error('lost'))))).to.have.property('message', 'lost');
      expect(await pace.turn(() => Promise.resolve('here'))).to.equal('here');
    });

    it('no more than the rate in any second, wherever the second begins', async () => {
      const pace = pacing({ concurrency: 16, ratePerSecond: 40 });
      const counter = new Counter();
      await pace.turn(() => counter.request(1));
      // Where seconds are counted from the first request, its second is nearly over and the next is about to begin.
      await wait(900);
      const [took] = await timed(Promise.all(Array.from({ length: 60 }, () => pace.turn(() => counter.request(1)))));
      expect(took, 'milliseconds for 60 at 40 a second').to.be.within(900, 2_500);
      const inASecond = counter.starts.map((start) => counter.starts.filter((other) => other >= start && other < start + 950).length);
      expect(Math.max(...inASecond), 'most in 0.95 seconds').to.be.at.most(40);
    });
  });

  describe('budget', () => {
    it('exactly as many requests as were allowed, then the reason', async () => {
      const pace = pacing({ maxRequests: 10 });
      const counter = new Counter();
      const results = await Promise.allSettled(Array.from({ length: 25 }, () => pace.turn(() => counter.request())));
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(10);
      expect([counter.starts.length, pace.sent, pace.left]).to.deep.equal([10, 10, 0]);
      const error = await rejected(pace.turn(() => counter.request()));
      expect(error).to.be.an.instanceOf(SendingEnded);
      expect(error).to.have.property('message', 'the budget of 10 requests is spent');
    });

    it('what is left goes down with what is sent', async () => {
      const pace = pacing({ maxRequests: 3 });
      expect([pace.left, pace.ended]).to.deep.equal([3, undefined]);
      await pace.turn(() => Promise.resolve());
      expect([pace.left, pace.ended]).to.deep.equal([2, undefined]);
    });

    it('what is given back goes out again, at most once as many as there were', async () => {
      const pace = pacing({ maxRequests: 3 });
      const counter = new Counter();
      const send = async (): Promise<void> => {
        await pace.turn(() => counter.request());
        pace.giveBack();
      };
      await Promise.all([send(), send(), send()]);
      expect([pace.sent, pace.left, pace.ended]).to.deep.equal([3, 3, undefined]);
      await Promise.all([send(), send()]);
      expect([pace.sent, pace.left]).to.deep.equal([5, 1]);
      await send();
      expect([pace.sent, pace.left, pace.ended]).to.deep.equal([6, 0, 'the budget of 3 requests is spent']);
      expect(await rejected(pace.turn(() => counter.request()))).to.be.an.instanceOf(SendingEnded);
      expect(counter.starts).to.have.lengthOf(6);
    });

    it('a gathering that would go beyond it sends none', async () => {
      const pace = pacing({ concurrency: 4, maxRequests: 3 });
      const counter = new Counter();
      const error = await rejected(pace.together(Array.from({ length: 4 }, () => () => counter.request())));
      expect(error).to.be.an.instanceOf(SendingEnded);
      expect(error).to.include({ name: 'SendingEnded', message: '3 requests of the budget are left, and 4 go out together' });
      await wait(20);
      expect([counter.starts.length, pace.sent]).to.deep.equal([0, 0]);
      expect(await pace.together(Array.from({ length: 3 }, () => () => counter.request()))).to.have.lengthOf(3);
      expect(pace.sent).to.equal(3);
    });

    it('a run that was ended sends nothing more, for the reason that was given first', async () => {
      const pace = pacing();
      pace.end('the target is gone');
      pace.end('and gone again');
      expect([pace.left, pace.ended]).to.deep.equal([0, 'the target is gone']);
      for (const send of [pace.turn(() => Promise.resolve()), pace.together([() => Promise.resolve()])]) {
        expect(await rejected(send))
          .to.be.an.instanceOf(SendingEnded)
          .with.property('message', 'the target is gone');
      }
    });
  });

  describe('interruption', () => {
    it('what waits for its turn is told, what is under way ends', async () => {
      const interruption = new AbortController();
      const pace = pacing({ concurrency: 2, signal: interruption.signal });
      const counter = new Counter();
      const all = Promise.allSettled(Array.from({ length: 10 }, () => pace.turn(() => counter.request(30))));
      await wait(10);
      interruption.abort();
      const results = await all;
      expect(results.map(({ status }) => status)).to.deep.equal([...Array<string>(2).fill('fulfilled'), ...Array<string>(8).fill('rejected')]);
      expect(results[9]).to.have.nested.property('reason.message', 'the run was interrupted');
      expect(pace.ended).to.equal('the run was interrupted');
    });

    it('a pause ends with it', async () => {
      const interruption = new AbortController();
      const pace = pacing({ signal: interruption.signal });
      pace.pause(60_000);
      const waiting = rejected(pace.turn(() => Promise.resolve()));
      await wait(20);
      interruption.abort();
      const [took, error] = await timed(waiting);
      expect(error).to.be.an.instanceOf(SendingEnded);
      expect(took, 'milliseconds until it was noticed').to.be.below(1_000);
    });
  });

  describe('pauses', () => {
    it('nothing is sent while a pause lasts, by turns or together, and all of it afterwards', async () => {
      const pace = pacing({ concurrency: 4 });
      const counter = new Counter();
      const start = performance.now();
      pace.pause(250);
      await Promise.all([
        pace.turn(() => counter.request()),
        pace.together([() => counter.request(), () => counter.request()]),
        pace.turn(() => counter.request()),
      ]);
      expect(counter.starts).to.have.lengthOf(4);
      expect(Math.min(...counter.starts) - start, 'milliseconds until the first').to.be.at.least(245);
    });

    it('the longest of several pauses counts', async () => {
      const pace = pacing();
      const counter = new Counter();
      const start = performance.now();
      pace.pause(150);
      pace.pause(10);
      await pace.turn(() => counter.request());
      expect((counter.starts[0] ?? 0) - start).to.be.at.least(145);
    });
  });

  describe('how many at a time', () => {
    const most = async (pace: Pacing, requests: number): Promise<number> => {
      const counter = new Counter();
      await Promise.all(Array.from({ length: requests }, () => pace.turn(() => counter.request(2))));
      return counter.most;
    };
    const oneByOne = async (pace: Pacing, requests: number): Promise<void> => {
      for (let sent = 0; sent < requests; sent += 1) await pace.turn(() => Promise.resolve());
    };
    const paused = async (pace: Pacing): Promise<void> => {
      pace.pause(1);
      await wait(5);
    };

    it('half as many from each pause on, and one at least', async () => {
      const pace = pacing({ concurrency: 9 });
      for (const expected of [5, 3, 2, 1, 1]) {
        await paused(pace);
        expect(await most(pace, 12)).to.equal(expected);
      }
      expect(pace.concurrency, 'what was asked for').to.equal(9);
    });

    it('half once for all that were asked to wait at a time', async () => {
      const pace = pacing({ concurrency: 8 });
      for (const milliseconds of [30, 60, 20]) pace.pause(milliseconds);
      expect(await most(pace, 12)).to.equal(4);
    });

    it('one more with the fiftieth request since', async () => {
      const pace = pacing({ concurrency: 2 });
      await paused(pace);
      await oneByOne(pace, 47);
      expect(await most(pace, 2), 'with the 48th and 49th').to.equal(1);
      expect(await most(pace, 2), 'with the 50th and 51st').to.equal(2);
    });

    it('counted anew at each change, and no more than were asked for', async () => {
      const pace = pacing({ concurrency: 3 });
      await oneByOne(pace, 40);
      await paused(pace);
      await paused(pace);
      expect(await most(pace, 40), 'behind the pauses').to.equal(1);
      await oneByOne(pace, 10);
      expect(await most(pace, 40), 'after 50').to.equal(2);
      await oneByOne(pace, 10);
      expect(await most(pace, 40), 'after 100').to.equal(3);
      await oneByOne(pace, 60);
      expect(await most(pace, 40), 'after 200').to.equal(3);
    });

    it('a gathering has a place for each of its requests, and behind it there are as few as before', async () => {
      const pace = pacing({ concurrency: 4 });
      await paused(pace);
      await paused(pace);
      const gathered = new Counter();
      await pace.together(Array.from({ length: 4 }, () => () => gathered.request(20)));
      expect(gathered.most, 'in the gathering').to.equal(4);
      expect(await most(pace, 6), 'behind it').to.equal(1);
    });

    it('a pause within a gathering takes none of its places', async () => {
      const pace = pacing({ concurrency: 4 });
      const holding = pace.turn(() => wait(30));
      const gathered = new Counter();
      const gathering = pace.together(Array.from({ length: 4 }, () => () => gathered.request(20)));
      await wait(5);
      pace.pause(1);
      await Promise.all([holding, gathering]);
      expect(gathered.most, 'in the gathering').to.equal(4);
      expect(await most(pace, 6), 'behind it').to.equal(2);
    });

    it('what was begun goes before what waits, and nothing else does', async () => {
      const pace = pacing({ concurrency: 1 });
      const order: string[] = [];
      const say = (what: string) => (): Promise<void> => (order.push(what), wait(1));
      await Promise.all([pace.turn(say('first')), pace.turn(say('second')), pace.turn(say('third')), pace.turn(say('begun'), true)]);
      expect(order).to.deep.equal(['first', 'begun', 'second', 'third']);
    });
  });

  describe('gatherings', () => {
    it('all of them start at one moment, though others hold places', async () => {
      const pace = pacing({ concurrency: 8 });
      const others = new Counter();
      const gathered = new Counter();
      const busy = Array.from({ length: 30 }, (_, index) => pace.turn(() => others.request(5 + (index % 7) * 5)));
      const results = await pace.together(Array.from({ length: 8 }, () => () => gathered.request(20)));
      await Promise.all(busy);
      expect(results).to.have.lengthOf(8);
      expect(gathered.most, 'under way at one time').to.equal(8);
      expect(Math.max(...gathered.starts) - Math.min(...gathered.starts), 'milliseconds from first to last start').to.be.below(15);
    });

    it('they go before whatever else waits for its turn', async () => {
      const pace = pacing({ concurrency: 2 });
      const order: string[] = [];
      const say = (what: string) => async (): Promise<void> => {
        order.push(what);
        await wait(2);
      };
      const turns = Array.from({ length: 8 }, () => pace.turn(say('turn')));
      await wait(1);
      const gathered = pace.together([say('together'), say('together')]);
      await Promise.all([...turns, gathered]);
      expect(order.lastIndexOf('together'), order.join(', ')).to.be.below(6);
    });

    it('as many as there is room for', async () => {
      const pace = pacing({ concurrency: 3 });
      expect(await pace.together(Array.from({ length: 5 }, (_, index) => () => Promise.resolve(index)))).to.deep.equal([0, 1, 2]);
      expect(pace.sent).to.equal(3);
      expect(await pacing({ concurrency: 1 }).together([() => Promise.resolve('a'), () => Promise.resolve('b')])).to.deep.equal(['a']);
      expect(await pace.together([])).to.deep.equal([]);
    });

    it('several at once do not wait for each other for ever, and the pool is never overfull', async () => {
      const pace = pacing({ concurrency: 4 });
      const counter = new Counter();
      const gather = (): Promise<number[]> => pace.together(Array.from({ length: 4 }, () => () => counter.request(3)));
      const turn = (): Promise<number> => pace.turn(() => counter.request(2));
      const all = Promise.all([gather(), turn(), gather(), turn(), turn(), gather(), turn(), gather()]);
      const ended = await Promise.race([all.then(() => 'done'), wait(5_000).then(() => 'still waiting')]);
      expect(ended).to.equal('done');
      expect(counter.starts).to.have.lengthOf(20);
      expect(counter.most).to.be.at.most(4);
    });

    it('one that fails does not stand in the way of the next', async () => {
      const pace = pacing({ concurrency: 2 });
      const failing = pace.together([() => Promise.reject(new Error('lost')), () => Promise.resolve(1)]);
      expect(await rejected(failing)).to.have.property('message', 'lost');
      expect(await pace.together([() => Promise.resolve(1), () => Promise.resolve(2)])).to.deep.equal([1, 2]);
    });

    it('an interruption ends one that waits', async () => {
      const interruption = new AbortController();
      const pace = pacing({ concurrency: 2, signal: interruption.signal });
      const holding = pace.turn(() => wait(60));
      const gathering = rejected(pace.together([() => wait(1), () => wait(1)]));
      await wait(5);
      interruption.abort();
      expect(await gathering).to.be.an.instanceOf(SendingEnded);
      await holding;
    });
  });
});

describe('pacing: how long to wait after a 429', () => {
  const date = 'Tue, 17 Mar 2020 14:13:37 GMT';
  const rows: readonly (readonly [retryAfter: string | undefined, attempt: number, milliseconds: number])[] = [
    ['0', 0, 20],
    ['0', 1, 40],
    ['0', 4, 320],
    ['2', 0, 2_000],
    ['2', 4, 2_000],
    [' 3 ', 0, 3_000],
    ['1.5', 0, 1_500],
    ['-1', 0, 20],
    ['100000', 0, 60_000],
    ['Tue, 17 Mar 2020 14:13:47 GMT', 0, 10_000],
    ['Tue, 17 Mar 2020 14:13:07 GMT', 0, 20],
    ['Wed, 18 Mar 2020 14:13:37 GMT', 0, 60_000],
    [undefined, 0, 1_000],
    [undefined, 1, 2_000],
    [undefined, 4, 16_000],
    [undefined, 9, 60_000],
    ['', 0, 1_000],
    [' ', 0, 1_000],
    ['soon', 0, 1_000],
    ['soon', 2, 4_000],
  ];
  for (const [retryAfter, attempt, milliseconds] of rows) {
    it(`${retryAfter === undefined ? 'no Retry-After' : `Retry-After: ${retryAfter}`}, attempt ${String(attempt)}: ${String(milliseconds)} ms`, () => {
      expect(retryDelay(retryAfter, attempt, date)).to.equal(milliseconds);
    });
  }

  it('a date is one of the clock of the answer, however wrong that goes, and of ours where the answer has none', () => {
    const retryAfter = new Date(Date.now() + 20_000).toUTCString();
    for (const without of [undefined, '', 'today']) expect(retryDelay(retryAfter, 0, without)).to.be.within(15_000, 20_000);
    expect(retryDelay(retryAfter, 0, new Date(Date.now() + 3_600_000).toUTCString())).to.equal(20);
  });

  it('whatever a target says, it is a time between a moment and a minute', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), fc.nat({ max: 10 }), fc.option(fc.string(), { nil: undefined }), (retryAfter, attempt, said) => {
        expect(retryDelay(retryAfter, attempt, said)).to.be.within(20, 60_000);
      }),
    );
  });
});
