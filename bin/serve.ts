/** `conform serve`: the reference as a stand-alone mock. */
import { FAULTS } from '../contracts/reference/faults.js';
import { startReference } from '../contracts/reference/server.js';
import { VARIANTS } from '../contracts/reference/variants.js';
import { messageOf, suggestion, UsageError } from './errors.js';
import type { Io } from './io.js';

export interface ServeFlags {
  readonly port?: string;
  readonly fault?: string;
  readonly variant?: readonly string[];
}

/** Serves until Ctrl-C; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function serveCommand({ port, fault, variant = [] }: ServeFlags, io: Io): Promise<number> {
  const faults = FAULTS.map(({ name }) => name);
  const variants = VARIANTS.map(({ name }) => name);
  if (fault !== undefined) checkName('--fault', fault, faults, 'faults');
  for (const name of variant) checkName('--variant', name, variants, 'variants');
  const number = port === undefined ? 0 : portOf(port);
  const reference = await startReference({ port: number, variants: variant, ...(fault === undefined ? {} : { fault }) }).catch((error: unknown) => {
    throw new UsageError(`--port ${String(number)}: the reference cannot listen there (${messageOf(error)}). Name another port, or none for a free one.`);
  });
  const { url, apiKey, merchantId, secondMerchant } = reference;
  io.stdout.write(
    [
      `url          ${url}`,
      `API key      ${apiKey}`,
      `merchant id  ${merchantId}`,
      `a second one ${secondMerchant.merchantId}, API key ${secondMerchant.apiKey}`,
      ...variant.map((name) => `variant      ${name}: ${VARIANTS.find((each) => each.name === name)?.reading ?? ''}`),
      ...(fault === undefined ? [] : [`fault        ${fault}: ${FAULTS.find((each) => each.name === fault)?.defect ?? ''}`]),
      '',
      'Create a customer:',
      `  curl -u '${apiKey}:' -H 'x-merchantid: ${merchantId}' \\`,
      `    --data-urlencode object_reference_id=cust_123489 --data-urlencode mobile_number=987654321 \\`,
      `    --data-urlencode email_address=customer@example.com ${url}/customers`,
      '',
      'Check it:',
      `  CONFORM_API_KEY=${apiKey} conform run --url ${url} --merchant-id ${merchantId}`,
      '',
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
  const ended = new Promise<void>((resolve) => {
    if (io.interrupted.aborted) resolve();
    else io.interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([ended, io.crash]);
  await reference.close();
  // Ending is what Ctrl-C is for here.
  return 0;
}

function checkName(flag: string, given: string, names: readonly string[], what: string): void {
  if (!names.includes(given)) throw new UsageError(`${flag}: there is no ${flag.slice(2)} ${JSON.stringify(given)}. ${suggestion(given, names, what)}`);
}

function portOf(given: string): number {
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port: got ${JSON.stringify(given)}, wanted a whole number from 0 (a free port) to 65535.`);
  return port;
}
