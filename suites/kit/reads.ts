/** Whether the target has `GET /customers/{id}` at all: only when no read ever succeeded is it without. */
import type { Context } from './context.js';
import type { Controls } from './controls.js';
import { Steps } from './steps.js';

export class Reads {
  readonly #context: Context;
  readonly #controls: Controls;
  #available: Promise<boolean> | undefined;

  constructor(context: Context, controls: Controls) {
    this.#context = context;
    this.#controls = controls;
  }

  /** Reads two customers of different make, patiently; asked once in a run. */
  available(): Promise<boolean> {
    this.#available ??= this.#look();
    return this.#available;
  }

  async #look(): Promise<boolean> {
    const looks = [0, 1].map(async (base) => {
      const created = await this.#controls.accepted(base);
      if (created === undefined) return false;
      const steps = new Steps(this.#context, this.#controls, 'customers/read', 100 + base, false);
      return (await steps.read(created, 'does the target have reads')).outcome === 'accepted';
    });
    return (await Promise.all(looks)).includes(true);
  }
}
