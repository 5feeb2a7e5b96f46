/** Judges every request of a client, each by itself and in the light of those before it. */
import type { Captured } from './captured.js';
import { fieldOf, isAccepted } from './captured.js';
import { judgeEncoding } from './judge-encoding.js';
import { judgeFields } from './judge-fields.js';
import { judgeHeaders, type Identity } from './judge-headers.js';
import type { Judged, Offence } from './offence.js';

const UNIQUE = 'object_reference_id/unique';
const PATH = 'path/v2';

/** What is found of each request, in the order of the requests. */
export function judgeRequests(requests: readonly Captured[], identity: Identity): readonly Judged[] {
  const created = new Map<string, Captured>();
  return requests.map((request) => {
    const judged = judgeOne(request, identity);
    if (request.kind !== 'create') return judged;
    const reference = fieldOf(request, 'object_reference_id');
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
