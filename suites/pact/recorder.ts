/**
 * Records the contracts: the typed client is tested against Pact's mock server, example by example, and the pacts are
 * written whole from what passed, in one order and with fixed examples, so that two recordings are equal byte for byte.
 */
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS, examplesOf, type Call, type Example } from '../../contracts/interactions.js';
import { CustomersClient, Refused, type Customer } from './client.js';
import { addInteraction, EXAMPLE_ID, EXAMPLE_MERCHANT, exampleAuthorization, exampleValue, newPact } from './interaction.js';
import type { MatchingResult } from './pact-core.js';

export const CONSUMER = 'merchant';
export const PROVIDER = 'juspay-customers';
/** How often an example is tried: under load the mock server now and then forgets a request that it answered. */
const TRIES = 5;
/** When the mock server is asked again for a request that it answered and does not know of yet, in milliseconds. */
const ASKED_AGAIN_AFTER = [5, 20, 100, 400];

/** The names in one contract: each call has a consumer of its own, so that it is verified by itself. */
export interface Names {
  readonly consumer: string;
  readonly provider: string;
}

export function consumerOf(call: Call, consumer: string): string {
  return call === 'create' ? consumer : `${consumer}-${call}`;
}

export function fileOf(call: Call, { consumer, provider }: Names): string {
  return `${consumerOf(call, consumer)}-${provider}.json`;
}

/** Tests the client by one example against a mock server of its own. Rejects where the client or its request is not as the example says. */
export async function testConsumer(example: Example): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const mismatches = await once(example);
    if (mismatches.length === 0) return;
    if (attempt === TRIES) throw new Error(`${example.id}: the client's request is not the one of the example: ${JSON.stringify(mismatches)}`);
  }
}

async function once(example: Example): Promise<MatchingResult[]> {
  const pact = newPact('consumer', 'provider');
  addInteraction(pact, example, TEST_NAME);
  const port = pact.createMockServer('127.0.0.1', 0, false);
  try {
    const outcome = await call(example, `http://127.0.0.1:${port}`).catch((error: unknown) => error);
    let mismatches = mismatchesOf(pact, port);
    for (const wait of ASKED_AGAIN_AFTER) {
      if (!mismatches.some((each) => 'type' in each && each.type === 'missing-request')) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
      mismatches = mismatchesOf(pact, port);
    }
    if (mismatches.length === 0) expectOutcome(example, outcome);
    return mismatches;
  } finally {
    pact.cleanupMockServer(port);
  }
}

function mismatchesOf(pact: ReturnType<typeof newPact>, port: number): MatchingResult[] {
  if (pact.mockServerMatchedSuccessfully(port)) return [];
  return pact.mockServerMismatches(port).filter((each) => !('type' in each && each.type === 'request-match'));
}

const TEST_NAME = 'suites/pact/consumer.suite.ts';

/** What the client does for the example. */
function call(example: Example, baseUrl: string): Promise<Customer> {
  const { request } = example;
  const authorization = exampleAuthorization(example);
  const client = new CustomersClient({
    baseUrl,
    ...(authorization === undefined ? {} : { authorization }),
    ...(request.merchant ? { merchantId: EXAMPLE_MERCHANT } : {}),
    ...(request.contentType === undefined ? {} : { contentType: request.contentType }),
  });
  const fields = Object.fromEntries(request.fields.map(({ name, value }) => [name, exampleValue(example, value)]));
  const id = exampleValue(example, request.path).split('/').at(-1) ?? EXAMPLE_ID;
  switch (example.call) {
    case 'create':
      return client.create(fields);
    case 'read':
      return client.read(id);
    case 'update':
      return client.update(id, fields);
  }
}

/** The client has to make of the answer what the example says. */
function expectOutcome(example: Example, outcome: unknown): void {
  const { status, members } = example.answer;
  const wrong = (what: string): Error => new Error(`${example.id}: the client ${what}`, outcome instanceof Error ? { cause: outcome } : {});
  if (status !== 200) {
    if (!(outcome instanceof Refused)) throw wrong('took a refusal for something else');
    if (members['error_code'] !== undefined && outcome.code !== members['error_code'].value) throw wrong('lost the error code');
    return;
  }
  if (outcome instanceof Error) throw wrong(`did not understand the customer: ${outcome.message}`);
  const customer = outcome as Customer;
  for (const [name, { value }] of Object.entries(members)) {
    const got = name in customer.values ? customer.values[name as keyof Customer['values']] : undefined;
    if (ECHOES.has(name) && got !== exampleValue(example, value)) throw wrong(`has ${name} = ${JSON.stringify(got)}`);
  }
  if ((members['juspay.client_auth_token'] !== undefined) !== (customer.token !== undefined)) throw wrong('has the token wrong');
}

const ECHOES: ReadonlySet<string> = new Set(['object_reference_id', 'mobile_number', 'mobile_country_code', 'email_address', 'first_name', 'last_name']);

/** The text of the pact of these examples. Their requests and answers are taken as they are: give it what passed. */
export async function pactText(examples: readonly Example[], { consumer, provider }: Names, testName = TEST_NAME): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-pact-'));
  try {
    const pact = newPact(consumer, provider);
    for (const example of examples) addInteraction(pact, example, testName);
    pact.writePactFile(folder, false);
    return normalised(await readFile(join(folder, `${consumer}-${provider}.json`), 'utf8'), examples);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Written {
  interactions: { description: string; key?: string }[];
  metadata: Record<string, unknown>;
}

/** Interactions in the order of the examples, each with its key, members sorted, and without the versions of what wrote it: a new release of Pact is no new contract. */
function normalised(text: string, examples: readonly Example[]): string {
  const written = JSON.parse(text) as Written;
  const order = new Map(examples.map(({ description }, index) => [description, index]));
  const at = ({ description }: { description: string }): number => order.get(description) ?? Number.MAX_SAFE_INTEGER;
  const { pactRust: _, ...metadata } = written.metadata;
  const interactions = [...written.interactions].sort((a, b) => at(a) - at(b)).map((each) => ({ ...each, key: examples[at(each)]?.id ?? each.description }));
  return `${JSON.stringify(sorted({ ...written, metadata, interactions }), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

export interface RecordOptions extends Partial<Names> {
  /** The folder of the pacts. */
  readonly out: string;
  /** Called for each example that passed. */
  readonly onExample?: (example: Example) => void;
}

export interface Recorded {
  readonly call: Call;
  readonly file: string;
  readonly interactions: number;
}

/** Tests the client by every example and writes one pact for each call. Rejects, with nothing written, where a test fails. */
export async function record({ out, consumer = CONSUMER, provider = PROVIDER, onExample }: RecordOptions): Promise<Recorded[]> {
  for (const call of CALLS)
    for (const example of examplesOf(call)) {
      await testConsumer(example);
      onExample?.(example);
    }
  const recorded: Recorded[] = [];
  await mkdir(out, { recursive: true });
  for (const call of CALLS) {
    const examples = examplesOf(call);
    const file = join(out, fileOf(call, { consumer, provider }));
    await writeWhole(file, await pactText(examples, { consumer: consumerOf(call, consumer), provider }));
    recorded.push({ call, file, interactions: examples.length });
  }
  return recorded;
}

/** Writes the file in one step: whoever reads it meanwhile finds the old one or the new one. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
