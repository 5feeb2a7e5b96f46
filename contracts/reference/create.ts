/** `POST /customers`, and what it has in common with the siblings: who asks, and what the body says. */
import type { Behaviour, Call, Customer, Fields, Merchant, Reply, World } from './behaviour.js';
import { isFormField } from './reference.js';
import { customerMembers, json, refuse, tokenMembers } from './answers.js';
import { findProblems, keptValues } from './validation.js';

/** The merchant whose key came with the request; undefined where none did. */
export function merchantOfKey(behaviour: Behaviour, call: Call, world: World): Merchant | undefined {
  const credential = behaviour.credential(call.headers.authorization, behaviour.credentialReading);
  const merchant = credential && world.merchants.find(({ apiKey }) => behaviour.keyMatches(credential.user, apiKey));
  return behaviour.admitted(merchant, call, world);
}

/** The merchant to act for, or the refusal of the credential or of the merchant header. */
export function merchantOrRefusal(behaviour: Behaviour, call: Call, world: World): Merchant | Reply {
  const merchant = merchantOfKey(behaviour, call, world);
  if (merchant === undefined) return refuse('credential', behaviour, call);
  return behaviour.merchantOf(merchant, call, world) ?? refuse('merchant', behaviour, call);
}

/** The fields of the body, or the refusal of its type or encoding. */
export function fieldsOrRefusal(behaviour: Behaviour, call: Call): Fields | Reply {
  const encoding = call.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const reader = encoding === 'identity' ? behaviour.reader(call) : undefined;
  if (reader === undefined) return refuse('media-type', behaviour, call);
  const pairs = reader(call.body, behaviour);
  const fields = pairs && behaviour.collected(pairs);
  if (fields === undefined) return refuse('undecodable', behaviour, call);
  if (behaviour.unknownFieldRefused && [...fields.keys()].some((key) => !isFormField(key))) return refuse('undecodable', behaviour, call);
  return fields;
}

/** The refusal of what is missing, else of what is invalid; undefined where nothing is. */
export function refusalOfProblems(behaviour: Behaviour, call: Call, fields: Fields, merchant: Merchant, world: World): Reply | undefined {
  const problems = behaviour.problems(findProblems(fields, behaviour), fields, call);
  if (problems.length === 0) return undefined;
  behaviour.onRefused(problems, fields, merchant, world);
  const kind = problems.some((problem) => problem.kind === 'missing') ? 'missing' : 'invalid';
  return refuse(kind, behaviour, call, { fields: problems.filter((problem) => problem.kind === kind).map(({ field }) => field) });
}

export function isReply(either: Merchant | Fields | Reply): either is Reply {
  return 'status' in either;
}

export async function create(behaviour: Behaviour, call: Call, world: World): Promise<Reply> {
  const merchant = merchantOrRefusal(behaviour, call, world);
  if (isReply(merchant)) return merchant;
  const fields = fieldsOrRefusal(behaviour, call);
  if (isReply(fields)) return fields;
  const refusal = refusalOfProblems(behaviour, call, fields, merchant, world);
  if (refusal !== undefined) return refusal;

  const values = keptValues(fields, behaviour);
  const scope = behaviour.scope(merchant);
  const key = behaviour.referenceKey(values.object_reference_id ?? '', fields);
  const existing = world.store.byReference(scope, key);
  if (existing !== undefined && behaviour.isDuplicate(existing, call, fields)) {
    behaviour.onDuplicate(existing, fields, world);
    return refuse('duplicate', behaviour, call, { fields: ['object_reference_id'], existing });
  }
  const wait = behaviour.beforeStoring(call, fields);
  if (wait !== undefined) await wait;

  const now = behaviour.now();
  const customer: Customer = { id: behaviour.makeId(values, world.store.size + 1), scope, values, createdAt: now, updatedAt: now };
  if (!world.store.add(customer, key)) return refuse('full', behaviour, call, {}, { 'Retry-After': '60' });
  const members = customerMembers(customer, behaviour, call);
  if (behaviour.asksForToken(fields.get('options.get_client_auth_token')) === true) members['juspay'] = tokenMembers(customer, now, behaviour, call);
  return json(behaviour.createdStatus, behaviour.members(members, customer, call), behaviour);
}
