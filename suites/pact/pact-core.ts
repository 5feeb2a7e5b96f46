/** The parts of Pact that are used here. Its core is CommonJS, and phones home unless told not to. */
process.env['PACT_DO_NOT_TRACK'] = 'true';

// Set before the core is loaded, which is why it is loaded here and nowhere else.
const core = (await import('@pact-foundation/pact-core')).default;

/** V4 of the specification, as the core counts. */
export const V4 = 5;

export const { makeConsumerPact } = core;
type VerifyOptions = Parameters<typeof core.default.verifyPacts>[0];
export const verifyPacts = (options: VerifyOptions): Promise<string> => core.default.verifyPacts(options);
export type { VerifyOptions };
export type ConsumerPact = ReturnType<typeof makeConsumerPact>;
export type ConsumerInteraction = ReturnType<ConsumerPact['newInteraction']>;
export type MatchingResult = ReturnType<ConsumerPact['mockServerMismatches']>[number];
