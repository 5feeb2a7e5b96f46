/** A target that is a function: what searches find out about it can be held against what it is. */
import type { Got } from '../../contracts/atlas.js';
import type { Answer, Probe, Search } from './search.js';

export interface Asked<T> {
  readonly result: T;
  /** Values that were sent, in their order. */
  readonly sent: readonly (string | null)[];
}

/** Runs a search to its end; `take` says what comes of a value, the n-th of all from 0. */
export function searched<T>(search: Search<T>, take: (value: string | null, probe: Probe, n: number) => Got | Omit<Answer, 'sent' | 'requests'>): Asked<T> {
  const sent: (string | null)[] = [];
  const unique = (length: number): string => `u${String(sent.length)}`.padEnd(length, 'x').slice(0, length);
  let step = search.next([]);
  while (step.done !== true) {
    const answers = step.value.map((probe): Answer => {
      const value = probe.value(unique);
      sent.push(value);
      const taken = take(value, probe, sent.length - 1);
      return { sent: value, requests: 1, ...(typeof taken === 'string' ? { got: taken } : taken) };
    });
    step = search.next(answers);
  }
  return { result: step.value, sent };
}
