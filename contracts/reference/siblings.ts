/** `GET /customers/{id}` and `POST /customers/{id}`: they show what a create stored. */
import type { Behaviour, Call, Reply, World } from './behaviour.js';
import { CHANGEABLE_FIELDS } from './behaviour.js';
import { customerMembers, json, refuse, tokenMembers } from './answers.js';
import { fieldsOrRefusal, isReply, merchantOrRefusal, refusalOfProblems } from './create.js';
import { keptValues } from './validation.js';

export function read(behaviour: Behaviour, call: Call, id: string, world: World): Reply {
  const merchant = merchantOrRefusal(behaviour, call, world);
  if (isReply(merchant)) return merchant;
  const customer = behaviour.found(id, behaviour.scope(merchant), world, call);
  const now = behaviour.now();
  if (customer === undefined || !behaviour.readable(customer, now)) return refuse('unknown-customer', behaviour, call);
  const members = customerMembers(customer, behaviour, call);
  if (behaviour.asksForTokenAtRead(call.query)) members['juspay'] = tokenMembers(customer, now, behaviour, call);
  return json(200, behaviour.members(members, customer, call), behaviour);
}

export function update(behaviour: Behaviour, call: Call, id: string, world: World): Reply {
  const merchant = merchantOrRefusal(behaviour, call, world);
  if (isReply(merchant)) return merchant;
  const fields = fieldsOrRefusal(behaviour, call);
  if (isReply(fields)) return fields;
  const customer = behaviour.found(id, behaviour.scope(merchant), world, call);
  if (customer === undefined) return refuse('unknown-customer', behaviour, call);
  const sent = new Map([...fields].filter(([key]) => (CHANGEABLE_FIELDS as readonly string[]).includes(key)));
  // Nothing is required of an update: what is not sent stays.
  const refusal = refusalOfProblems({ ...behaviour, required: [] }, call, sent, merchant, world);
  if (refusal !== undefined) return refusal;
  customer.values = behaviour.changed(customer, keptValues(sent, behaviour));
  customer.updatedAt = Math.max(behaviour.now(), customer.updatedAt);
  return json(200, behaviour.members(customerMembers(customer, behaviour, call), customer, call), behaviour);
}
