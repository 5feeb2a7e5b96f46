/** Customers in memory. They stay as long as the process does: the API has no DELETE. */
import type { Customer, Store } from './behaviour.js';

/** Ample for a deep run (50,000 requests), and small enough for a mock that is left running. */
const MOST_CUSTOMERS = 200_000;
/** Characters of all values together: long values fill the store before they fill the memory. */
const MOST_CHARACTERS = 50_000_000;

export interface StoreLimits {
  readonly customers?: number;
  readonly characters?: number;
}

/** A store that refuses what is beyond its limits and never evicts: a customer once created is there for ever. */
export class CustomerStore implements Store {
  readonly #references = new Map<string, Customer>();
  readonly #ids = new Map<string, Customer>();
  readonly #customers: number;
  readonly #characters: number;
  #size = 0;
  #held = 0;

  constructor({ customers = MOST_CUSTOMERS, characters = MOST_CHARACTERS }: StoreLimits = {}) {
    this.#customers = customers;
    this.#characters = characters;
  }

  get size(): number {
    return this.#size;
  }

  byReference(scope: string, key: string): Customer | undefined {
    return this.#references.get(`${scope}\n${key}`);
  }

  byId(scope: string, id: string): Customer | undefined {
    return this.#ids.get(`${scope}\n${id}`);
  }

  all(): Iterable<Customer> {
    return this.#ids.values();
  }

  add(customer: Customer, key: string): boolean {
    const characters = Object.values(customer.values).reduce((sum, value) => sum + value.length, key.length);
    if (this.#size >= this.#customers || this.#held + characters > this.#characters) return false;
    this.#size += 1;
    this.#held += characters;
    this.#references.set(`${customer.scope}\n${key}`, customer);
    this.#ids.set(`${customer.scope}\n${customer.id}`, customer);
    return true;
  }
}
