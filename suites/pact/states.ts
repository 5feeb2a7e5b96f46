/** Provider states: what has to be so at the target before an interaction is verified, and what the interaction needs to know of it. */
import { randomInt } from 'node:crypto';
import { isJsonObject, memberAt, parseJson } from '../../contracts/json.js';
import { FIELDS, type CredentialForm } from '../../contracts/model.js';
import { filled, type FreshParameters, type ProviderState } from '../../contracts/interactions.js';
import { credentialHeader } from '../kit/credentials.js';
import { FORM_TYPE, write } from '../kit/draft.js';
import type { WireResponse } from '../kit/transport.js';
import type { Channel } from './channel.js';

export type Parameters = Readonly<Record<string, string>>;
/** What a state gives: the values that the generators of an interaction ask for. */
export type StateValues = Readonly<Record<string, string>>;

/** The target could not be brought into the state, so that the interaction says nothing of it. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** U+00E0 to U+00F6: small Latin letters with accents. */
const ACCENTED = Array.from({ length: 0xf7 - 0xe0 }, (_, offset) => String.fromCodePoint(0xe0 + offset)).join('');
const CHARACTERS = { word: `${LETTERS}0123456789`, digits: '0123456789', 'two-byte': ACCENTED } as const;
const FIRST = { word: LETTERS, digits: '123456789', 'two-byte': ACCENTED } as const;

/** Characters that no earlier request had, but by a chance that is negligible from 8 on. */
export function makeFresh(parameters: Partial<FreshParameters>): string {
  const given = parameters.fresh_alphabet ?? 'word';
  const alphabet = given in CHARACTERS ? given : 'word';
  const length = Number(parameters.fresh_length ?? '12');
  if (!Number.isInteger(length) || length < 1 || length > 128) throw new StateError(`fresh_length is ${JSON.stringify(parameters.fresh_length)}`);
  const one = (from: string): string => from.charAt(randomInt(from.length));
  return one(FIRST[alphabet]) + Array.from({ length: length - 1 }, () => one(CHARACTERS[alphabet])).join('');
}

const KNOWN: ReadonlySet<string> = new Set<ProviderState['name']>([
  'no customer has the object_reference_id',
  'the credential has the form',
  'a customer exists',
  'another customer was created since',
  'a create was refused',
  'a duplicate of the customer was refused',
]);

/** Whether the state is one of ours; a foreign one is answered too, with what most interactions need. */
export function isKnownState(name: string): boolean {
  return KNOWN.has(name);
}

/** Brings the target into the state. Rejects with a StateError where that fails. */
export async function setUp(channel: Channel, name: string, parameters: Parameters): Promise<StateValues> {
  const { apiKey, merchantId } = channel.options;
  if (name === 'the credential has the form') {
    const header = credentialHeader((parameters['form'] ?? 'canonical') as CredentialForm, apiKey);
    return header === undefined ? {} : { authorization: header };
  }
  const fresh = makeFresh(parameters);
  const values = { fresh, authorization: credentialHeader('canonical', apiKey) ?? '', merchant_id: merchantId };
  switch (name) {
    case 'a customer exists':
      return { ...values, id: await existing(channel, parameters, fresh) };
    case 'another customer was created since':
      await existing(channel, parameters, fresh);
      return {};
    case 'a duplicate of the customer was refused': {
      const id = await existing(channel, parameters, fresh);
      // Its own values, and where one is empty none: what a duplicate does not send is not to be cleared either.
      const own = Object.entries(parameters).flatMap(([name, value]) =>
        name.startsWith('duplicate.') ? [[name.slice('duplicate.'.length), value] as const] : [],
      );
      const kept = Object.fromEntries([...Object.entries(parameters), ...own].filter(([name]) => !name.startsWith('duplicate.')));
      const duplicate = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== ''));
      await refused(channel, { ...duplicate, object_reference_id: parameters['object_reference_id'] ?? '' }, fresh, 'canonical');
      return { ...values, id };
    }
    case 'a create was refused':
      await refused(channel, parameters, fresh, (parameters['form'] ?? 'canonical') as CredentialForm);
      return values;
    default:
      return values;
  }
}

/** Sends a create with these fields. Rejects with a StateError where no answer comes. */
export async function create(channel: Channel, parameters: Parameters, fresh: string, credential: CredentialForm): Promise<WireResponse> {
  const { apiKey, merchantId } = channel.options;
  const fields = FIELDS.flatMap((name) => (parameters[name] === undefined ? [] : [[name, filled(parameters[name], { fresh })] as const]));
  const draft = {
    method: 'POST',
    path: '/customers',
    fields,
    account: { apiKey, merchantId },
    credential,
    merchant: 'canonical',
    contentType: FORM_TYPE,
  } as const;
  const { response, failure } = await channel.send(write(draft).wire);
  if (response === undefined) throw new StateError(failure?.message ?? 'no answer');
  return response;
}

/** The id of the customer that was created; undefined where none was. */
export function idOf({ status, body }: WireResponse): string | undefined {
  const { value } = parseJson(body);
  const id = isJsonObject(value) ? memberAt(value, 'id') : undefined;
  return status >= 200 && status <= 299 && typeof id === 'string' ? id : undefined;
}

async function existing(channel: Channel, parameters: Parameters, fresh: string): Promise<string> {
  const response = await create(channel, parameters, fresh, 'canonical');
  const id = idOf(response);
  if (id === undefined) throw new StateError(`the customer that has to exist could not be created: the target answered ${response.status}`);
  await readable(channel, id);
  return id;
}

/** Waits until the customer can be read, where the target is known to be asked for that: it may take up to 2 seconds. */
async function readable(channel: Channel, id: string): Promise<void> {
  if (channel.awaitReadable === undefined) return;
  const { apiKey, merchantId } = channel.options;
  const { wire } = write({
    method: 'GET',
    path: `/customers/${encodeURIComponent(id)}`,
    fields: [],
    account: { apiKey, merchantId },
    credential: 'canonical',
    merchant: 'canonical',
    contentType: null,
  });
  for (const until = Date.now() + channel.awaitReadable; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 100)))
    if ((await channel.send(wire)).response?.status === 200) return;
}

async function refused(channel: Channel, parameters: Parameters, fresh: string, credential: CredentialForm): Promise<void> {
  const { status } = await create(channel, parameters, fresh, credential);
  if (status < 400 || status > 499) throw new StateError(`the create that has to be refused was answered ${status}`);
}
