/** The parts of Pact that are used here, loaded at their first use: its core is native code, and most commands do without. */
import { createRequire } from 'node:module';
import type PactCore from '@pact-foundation/pact-core';

/** What `require` gives, which is what an import has as its default. */
type Core = typeof PactCore;

const require = createRequire(import.meta.url);
let loaded: Core | undefined;

function core(): Core {
  // It phones home unless told not to before it is loaded.
  process.env['PACT_DO_NOT_TRACK'] = 'true';
  return (loaded ??= require('@pact-foundation/pact-core') as Core);
}

/** V4 of the specification, as the core counts. */
export const V4 = 5;

export type ConsumerPact = ReturnType<Core['makeConsumerPact']>;
export type ConsumerInteraction = ReturnType<ConsumerPact['newInteraction']>;
export type MatchingResult = ReturnType<ConsumerPact['mockServerMismatches']>[number];
export type VerifyOptions = Parameters<Core['default']['verifyPacts']>[0];

/** A pact of the names, in V4. */
export function makeConsumerPact(consumer: string, provider: string): ConsumerPact {
  return core().makeConsumerPact(consumer, provider, V4, 'error');
}

export function verifyPacts(options: VerifyOptions): Promise<string> {
  return core().default.verifyPacts(options);
}
