/** Judges every request of a client, each by itself and in the light of those before it. */
import { isJsonObject, parseJson } from '../../contracts/json.js';
import { fieldOf, isAccepted, type Captured } from './captured.js';
import { judgeEncoding } from './judge-encoding.js';
import { judgeFields, NO_VALUE } from './judge-fields.js';
import { judgeHeaders, type Identity } from './judge-headers.js';
import type { Judged, Offence } from './offence.js';

const UNIQUE = 'object_reference_id/unique';
const PATH = 'path/v2';

/** What is found of each request, in the order of the requests. */
export function judgeRequests(requests: readonly Captured[], identity: Identity): readonly Judged[] {
  const created = new Map<string, Captured>();
  /** What a customer of this run can be asked for by. */
  const ids = new Set<string>();
  return requests.map((request) => {
    const judged = judgeOne(request, identity);
    if (request.kind === 'read' || request.kind === 'update') return { ...judged, offences: [...judged.offences, ...idOffences(request, ids)] };
    if (request.kind !== 'create') return judged;
    const reference = fieldOf(request, 'object_reference_id');
    if (isAccepted(request)) for (const id of [idOf(request), reference]) if (id !== undefined) ids.add(id);
    if (reference === undefined) return judged;
    const before = created.get(reference);
    // Whoever did not get the whole answer does not know of the customer, and does right to ask again with the same reference.
    if (isAccepted(request) && request.delivery === 'whole') created.set(reference, request);
    if (before === undefined) return { ...judged, applied: [...judged.applied, UNIQUE] };
    return { applied: [...judged.applied, UNIQUE], offences: [...judged.offences, reused(reference, before)] };
  });
}

function judgeOne(request: Captured, identity: Identity): Judged {
  if (request.kind === 'elsewhere') return { applied: [PATH], offences: [elsewhere(request)] };
  const parts = [judgeHeaders(request, identity)];
  if (request.kind !== 'read') parts.push(judgeFields(request, identity.apiKey), judgeEncoding(request, identity.apiKey));
  return { applied: [PATH, ...parts.flatMap(({ applied }) => applied)], offences: parts.flatMap(({ offences }) => offences) };
}

function idOf({ reply }: Captured): string | undefined {
  const { value } = parseJson(Buffer.from(reply.body));
  return isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : undefined;
}

/** The id in the path. One that no create of the run returned may be that of a customer made elsewhere, and is left open. */
function idOffences({ method, path }: Captured, ids: ReadonlySet<string>): Offence[] {
  const segment = path.split('/').at(-1) ?? '';
  const id = decoded(segment);
  if (ids.has(id)) return [];
  const offence = { ruleId: PATH, part: 'the id in the path', value: `${method} ${path}` };
  if (NO_VALUE.has(id))
    return [{ ...offence, verdict: 'warn', expected: "the id of the create's answer", got: `the word ${id}, which programs write where they have no value` }];
  return [{ ...offence, verdict: 'observed', expected: 'POST /customers to create', got: `no create of this run returned the id ${JSON.stringify(id)}` }];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function elsewhere({ method, path }: Captured): Offence {
  const expected = 'POST /customers to create, GET or POST /customers/{id} to read and change';
  return {
    ruleId: PATH,
    verdict: 'observed',
    part: 'the request line',
    value: `${method} ${path}`,
    expected,
    got: `${method} ${path}, which the page does not describe`,
  };
}

function reused(reference: string, before: Captured): Offence {
  return {
    ruleId: UNIQUE,
    verdict: 'fail',
    part: 'object_reference_id',
    value: reference,
    expected: 'a reference of its own for every customer',
    got: `the one of request ${String(before.number)}, which had created a customer`,
  };
}
