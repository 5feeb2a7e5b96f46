/** A process of its own for Pact's verifier, which writes to the standard output whatever it is told. */
import { verifyPacts, type VerifyOptions } from './pact-core.js';

interface Job {
  readonly number: number;
  readonly options: VerifyOptions;
}

process.on('message', ({ number, options }: Job) => {
  verifyPacts(options).then(
    (text) => process.send?.({ number, text }),
    (error: unknown) => process.send?.({ number, text: error instanceof Error ? error.message : String(error), failed: true }),
  );
});
process.on('disconnect', () => process.exit());
