/**
 * One pool and one pace for all requests of a run: so many at a time, so many a second, and a pause for all of them
 * when the target asks for one.
 */
import PQueue from 'p-queue';

/** Thrown into a check that wants to send when nothing may be sent any more. */
export class SendingEnded extends Error {
  override readonly name = 'SendingEnded';
}

export interface PacingOptions {
  readonly concurrency: number;
  /** Requests a second; no limit where absent. */
  readonly ratePerSecond?: number;
  /** Those that are given back go out again. */
  readonly maxRequests: number;
  readonly signal?: AbortSignal;
}

/** After so many requests without a pause one more goes out at a time. */
const RAISED_AFTER = 50;

export class Pacing {
  readonly #queue: PQueue;
  readonly #options: PacingOptions;
  #sent = 0;
  /** Requests that were asked to wait: the budget has them back. */
  #returned = 0;
  #ended: string | undefined;
  /** Gatherings of several requests take slots one after the other: two at once could wait for each other for ever. */
  #gathering: Promise<void> = Promise.resolve();
  #resumeAt = 0;
  /** Requests at a time: fewer from each pause on, and more again while none is asked for. */
  #atATime: number;
  #sentSinceChange = 0;
  #isGathering = false;

  constructor(options: PacingOptions) {
    this.#options = options;
    this.#atATime = options.concurrency;
    this.#queue = new PQueue({
      concurrency: options.concurrency,
      ...(options.ratePerSecond === undefined ? {} : { interval: 1000, intervalCap: options.ratePerSecond, strict: true }),
    });
  }

  get sent(): number {
    return this.#sent;
  }

  get concurrency(): number {
    return this.#options.concurrency;
  }

  /** Requests that may still be sent. */
  get left(): number {
    return this.#ended === undefined ? Math.max(0, this.#options.maxRequests - this.#counted) : 0;
  }

  get #counted(): number {
    return this.#sent - this.#returned;
  }

  /**
   * Gives a request back to the budget that was answered 429: a target that asks to wait is not to have less of it checked. At most
   * as many as the budget has, so that one that asks for ever comes to an end.
   */
  giveBack(): void {
    this.#returned = Math.min(this.#returned + 1, this.#options.maxRequests);
  }

  /** From now on every check that wants to send is told why it cannot. */
  end(reason: string): void {
    this.#ended ??= reason;
  }

  /** Why nothing may be sent any more; undefined while something may. */
  get ended(): string | undefined {
    if (this.#options.signal?.aborted === true) return 'the run was interrupted';
    if (this.#ended !== undefined) return this.#ended;
    return this.#counted >= this.#options.maxRequests ? `the budget of ${this.#options.maxRequests} requests is spent` : undefined;
  }

  /** @throws SendingEnded when interrupted, ended or out of budget */
  #take(requests: number): void {
    const ended = this.ended ?? (this.left < requests ? `${this.left} requests of the budget are left, and ${requests} go out together` : undefined);
    if (ended !== undefined) throw new SendingEnded(ended);
    this.#sent += requests;
    this.#sentSinceChange += requests;
    if (this.#sentSinceChange >= RAISED_AFTER && this.#atATime < this.#options.concurrency) this.#allow(this.#atATime + 1);
  }

  /**
   * Runs one request in its turn.
   * @param soon before those that wait already: what was begun is to come to its end first
   * @throws SendingEnded when nothing may be sent any more
   */
  async turn<T>(request: () => Promise<T>, soon = false): Promise<T> {
    const run = async (): Promise<T> => {
      await this.#waitOut();
      this.#take(1);
      return request();
    };
    return this.#queue.add(run, { priority: soon ? 1 : 0 });
  }

  /**
   * Runs several requests at the same moment, as many as there is room for.
   * @returns their results; fewer than asked where the concurrency is smaller
   * @throws SendingEnded when they may not all be sent
   */
  async together<T>(requests: readonly (() => Promise<T>)[]): Promise<T[]> {
    const batch = requests.slice(0, this.#options.concurrency);
    const before = this.#gathering;
    let release = (): void => undefined;
    this.#gathering = new Promise((resolve) => (release = resolve));
    await before;
    this.#makeRoom(true);
    try {
      let waiting = batch.length;
      let open = (_admitted: Promise<void>): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const run = async (request: () => Promise<T>): Promise<T> => {
        waiting -= 1;
        if (waiting === 0) open(this.#waitOut().then(() => this.#take(batch.length)));
        await gate;
        return request();
      };
      // Before anything else that waits, since each slot that is held idles until the last is there.
      return await Promise.all(batch.map((request) => this.#queue.add(() => run(request), { priority: 2 })));
    } finally {
      this.#makeRoom(false);
      release();
    }
  }

  #allow(atATime: number): void {
    this.#atATime = atATime;
    this.#sentSinceChange = 0;
    this.#makeRoom(this.#isGathering);
  }

  /** A gathering needs a place for each of its requests, however few go out at a time else. */
  #makeRoom(isGathering: boolean): void {
    this.#isGathering = isGathering;
    this.#queue.concurrency = isGathering ? this.#options.concurrency : this.#atATime;
  }

  /**
   * Nothing more is sent for so long, by any check, and half as many at a time from then on: what is sent at once beyond what a target
   * lets through is sent in vain.
   */
  pause(milliseconds: number): void {
    // All that were under way when the target began to ask are asked alike.
    if (Date.now() >= this.#resumeAt) this.#allow(Math.ceil(this.#atATime / 2));
    this.#resumeAt = Math.max(this.#resumeAt, Date.now() + milliseconds);
  }

  async #waitOut(): Promise<void> {
    for (let wait = this.#resumeAt - Date.now(); wait > 0; wait = this.#resumeAt - Date.now()) {
      if (this.ended !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 200)));
    }
  }
}

/** Longest wait that a Retry-After is honoured for, in milliseconds. */
const LONGEST_WAIT_MS = 60_000;

/** Shortest wait before a request is sent for the second time, in milliseconds; doubled each time from then on. */
const SHORTEST_WAIT_MS = 20;

/**
 * How long to wait after a 429, in milliseconds: what `Retry-After` says (seconds or a date, RFC 9110, section 10.2.3), else a
 * second, doubled at each attempt.
 * @param date the `Date` of the answer: a date in `Retry-After` is one of the same clock, which may be off; ours where there is none
 */
export function retryDelay(retryAfter: string | undefined, attempt: number, date?: string): number {
  const clock = Date.parse(date ?? '');
  const now = Number.isNaN(clock) ? Date.now() : clock;
  const seconds = retryAfter === undefined || retryAfter.trim() === '' ? Number.NaN : Number(retryAfter);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - now;
  const wait = Number.isNaN(asked) ? 1000 * 2 ** attempt : asked;
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS * 2 ** attempt), LONGEST_WAIT_MS);
}
