/**
 * Which faults of the reference a contract expresses, told without Pact: those where the faulty reference answers a
 * request of the contract otherwise than the sound one does, each time and on a connection of its own, and the
 * interaction names a rule that the fault breaks.
 */
import { EXAMPLES, type Example } from '../../contracts/interactions.js';
import { parseDateTime } from '../../contracts/date-time.js';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../contracts/json.js';
import type { Fault } from '../../contracts/reference/faults.js';
import type { Reference } from '../../contracts/reference/server.js';
import { attempt, type Attempt } from './attempt.js';
import { Channel } from './channel.js';
import { rulesOf } from './interaction.js';
import { StateError, type StateValues } from './states.js';

/** The answers of a target to the requests of the contract, with what is new each time taken out. */
export type Answers = ReadonlyMap<string, string>;

/** How long an answer of the reference may take: ample, and a hang is soon over. */
const TIMEOUT_MS = 1500;

export function channelTo({ url, apiKey, merchantId }: Reference): Channel {
  return new Channel({ url, apiKey, merchantId, timeoutMs: TIMEOUT_MS, keepAlive: false });
}

/** The answers to all examples. */
export async function answersOf(channel: Channel): Promise<Answers> {
  const answers = new Map<string, string>();
  for (const example of EXAMPLES) answers.set(example.id, await answer(channel, example));
  return answers;
}

/** The examples that show the fault, those that are about its rule first; none where the contract does not express it. */
export async function* showing(fault: Fault, channel: Channel, sound: Answers): AsyncGenerator<Example> {
  if (fault.intermittent === true || fault.oneIn !== undefined || fault.after !== undefined) return;
  const broken = new Set<string>(fault.breaks);
  const named = (example: Example): number => (example.rules.some((rule) => broken.has(rule)) ? 0 : rulesOf(example).some((rule) => broken.has(rule)) ? 1 : 2);
  const candidates = EXAMPLES.filter((example) => named(example) < 2).sort((a, b) => named(a) - named(b));
  for (const example of candidates) {
    const got = await answer(channel, example);
    if (got !== sound.get(example.id) && !got.startsWith(STATE)) yield example;
  }
}

const STATE = 'state: ';

async function answer(channel: Channel, example: Example): Promise<string> {
  try {
    return summary(await attempt(channel, example));
  } catch (error) {
    if (error instanceof StateError) return `${STATE}${error.message}`;
    throw error;
  }
}

function summary({ result: { response }, values }: Attempt): string {
  if (response === undefined || !response.complete) return 'no complete answer';
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const { value } = parseJson(response.body);
  const body = isJsonObject(value) ? JSON.stringify(settled(withoutId(value, values), values['fresh'] ?? '')) : response.body.toString('utf8');
  return `${response.status} ${type} ${body}`;
}

/** The id of a create is any text; that of a read is the one that the state gave. */
function withoutId(body: JsonObject, { id }: StateValues): JsonObject {
  const given = body['id'];
  return typeof given === 'string' && given !== '' && (id === undefined || given === id) ? { ...body, id: '{id}' } : body;
}

/** The value without what is new each time: ids, dates, tokens, the fresh part of references. */
function settled(value: JsonValue, fresh: string): JsonValue {
  if (typeof value === 'string') {
    if (parseDateTime(value) !== undefined) return '{date}';
    const text = fresh === '' ? value : value.replaceAll(fresh, '{fresh}');
    return /^(?:cst_[a-z0-9]{16}|tkn_[0-9a-fA-F]{32})$/.test(text) ? '{new}' : text;
  }
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((each) => settled(each, fresh));
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, settled(each, fresh)])) : value;
}
