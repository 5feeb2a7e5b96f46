/**
 * The client's own contract, from what it sent and was answered: one interaction for each distinct shape of a request, in
 * Pact's specification V4. Values are examples of their field with the rules' patterns as matchers, and what is volatile
 * is generalised, so that the same client gives the same bytes on every run. Provider states are those of `conform pact`.
 */
import { CREDENTIAL_PATTERN, fieldPattern, mediaTypePattern, memberPattern, mustsOn } from '../../contracts/patterns.js';
import { ECHOED_FIELDS, FIELDS, type FieldName } from '../../contracts/model.js';
import { fieldOf, headerOf, isAccepted, type Captured } from './captured.js';

export interface PactNames {
  /** Under which name it is published. */
  readonly consumer: string;
  readonly provider: string;
}

export interface WrittenPact {
  /** The file: JSON that ends in a newline. */
  readonly text: string;
  readonly interactions: number;
  /** Requests that are no part of it, and why. */
  readonly left: readonly { readonly number: number; readonly why: string }[];
}

const TOKEN = 'options.get_client_auth_token';
const FORM = 'application/x-www-form-urlencoded';
const FRESH = { fresh_alphabet: 'word', fresh_length: '12' } as const;
/** A reference as the state gives it, with its example. */
const REFERENCE = { example: 'cust_Ab3dE6gH9kL2', expression: 'cust_${fresh}', pattern: '^cust_[A-Za-z0-9]{12}$' } as const;
const EXAMPLES: Readonly<Record<string, string>> = {
  mobile_number: '9988776655',
  email_address: 'john.smith@example.com',
  first_name: 'John',
  last_name: 'Smith',
  mobile_country_code: '65',
};
const MEMBERS: Readonly<Record<string, string>> = {
  id: 'cst_afdeuvmfhs3j1acm',
  date_created: '2020-03-17T14:13:37Z',
  last_updated: '2020-03-17T14:13:37Z',
  'juspay.client_auth_token': 'tkn_24543c6a278f45d680d09edb32e78061',
  'juspay.client_auth_token_expiry': '2020-03-17T14:28:37Z',
};

type Json = Readonly<Record<string, unknown>>;
type Outcome = 'accepted' | 'duplicate' | 'unknown';

/** Makes the pact of what a client sent. Requests that break a must, and answers that no provider can be held to, are left out. */
export function pactOf(requests: readonly Captured[], broken: ReadonlySet<number>, { consumer, provider }: PactNames): WrittenPact {
  const interactions = new Map<string, Json>();
  const left: { number: number; why: string }[] = [];
  for (const request of requests) {
    const outcome = outcomeOf(request, broken);
    if (typeof outcome !== 'string') {
      left.push({ number: request.number, why: outcome.why });
      continue;
    }
    const key = keyOf(request, outcome);
    if (!interactions.has(key)) interactions.set(key, interactionOf(request, outcome, key));
  }
  const pact = {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: [...interactions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, interaction]) => interaction),
    metadata: { pactSpecification: { version: '4.0' } },
  };
  return { text: `${JSON.stringify(sorted(pact), null, 2)}\n`, interactions: interactions.size, left };
}

/** What a provider can be held to of the answer, or why there is nothing. */
function outcomeOf(request: Captured, broken: ReadonlySet<number>): Outcome | { readonly why: string } {
  const { kind, reply, scripted, delivery, bodyForm } = request;
  if (kind === 'elsewhere') return { why: 'it is about nothing that the page describes' };
  if (broken.has(request.number)) return { why: 'it breaks what the page asks of requests' };
  if (kind !== 'read' && bodyForm !== 'form') return { why: 'its body is no form' };
  if (delivery !== 'whole') return { why: 'its answer did not arrive as a whole' };
  if (isAccepted(request) && /json/.test(reply.headers['Content-Type'] ?? '')) return 'accepted';
  const honestDuplicate = kind === 'create' && /"error_code":"unique"/.test(reply.body.toString());
  if (honestDuplicate) return 'duplicate';
  if (scripted === undefined && kind !== 'create' && reply.status === 404) return 'unknown';
  return { why: `no provider can be held to the answer ${String(reply.status)}${scripted === undefined ? '' : ` (${scripted})`}` };
}

/** The fields that a request has, in the order of the page; those that it does not name behind them. */
function namesOf(request: Captured): string[] {
  const sent = new Set(request.fields?.map(([name]) => name) ?? []);
  const known = FIELDS.filter((field) => sent.delete(field));
  return [...known, ...[...sent].sort()];
}

function shapeOf(request: Captured): string {
  const token = fieldOf(request, TOKEN);
  return namesOf(request)
    .map((name) => (name === TOKEN ? `${TOKEN}=${token ?? ''}` : name))
    .join(' ');
}

function keyOf(request: Captured, outcome: Outcome): string {
  return [request.kind, outcome, `${prefixOf(request)}${shapeOf(request)}`, queryOf(request).toString()].filter((part) => part !== '').join('/');
}

/** What stands in front of `/customers`: other paths than those of the page are open, and a provider that has them is held to them. */
function prefixOf({ path }: Captured): string {
  return path.slice(0, Math.max(path.indexOf('/customers'), 0));
}

/** The parameters of the query; of the token's option with its value, of others with an example, since they may be new each time. */
function queryOf({ target }: Captured): URLSearchParams {
  const sent = new URLSearchParams(target.split('?')[1]);
  return new URLSearchParams([...sent].map(([name, value]) => [name, isMatched(name) ? (EXAMPLES[name] ?? 'text') : value]));
}

const NAMED: Readonly<Record<Captured['kind'], string>> = { create: 'a create', read: 'a read', update: 'an update', elsewhere: 'a request' };
const ENDING: Readonly<Record<Outcome, string>> = {
  accepted: '',
  duplicate: ', of a customer that is there already',
  unknown: ', of a customer that is not there',
};

function interactionOf(request: Captured, outcome: Outcome, key: string): Json {
  const shape = shapeOf(request);
  const [prefix, query] = [prefixOf(request), queryOf(request).toString()];
  return {
    type: 'Synchronous/HTTP',
    key,
    description: `${NAMED[request.kind]}${prefix === '' ? '' : ` below ${prefix}`}${query === '' ? '' : ` with the query ${query}`}${shape === '' ? '' : ` with ${shape.replaceAll(' ', ', ')}`}${ENDING[outcome]}`,
    pending: false,
    providerStates: [stateOf(request, outcome)],
    request: requestOf(request, outcome),
    response: responseOf(request, outcome),
  };
}

function stateOf({ kind }: Captured, outcome: Outcome): Json {
  if (outcome === 'unknown' || (kind === 'create' && outcome === 'accepted')) return { name: 'no customer has the object_reference_id', params: FRESH };
  return { name: 'a customer exists', params: { ...FRESH, object_reference_id: 'cust_{fresh}', ...EXAMPLES } };
}

const regex = (pattern: string): Json => ({ combine: 'AND', matchers: [{ match: 'regex', regex: pattern }] });
const fromState = (expression: string): Json => ({ type: 'ProviderState', expression });
/** The place of a field or member in Pact's notation: a name with a dot is one name. */
const place = (name: string): string => (name.includes('.') ? `$['${name}']` : `$.${name}`);

function requestOf(request: Captured, outcome: Outcome): Json {
  const values = namesOf(request).map((name) => [name, exampleOf(name, request)] as const);
  const body = new URLSearchParams(values.map(([name, value]): [string, string] => [name, value])).toString();
  const isCustomer = request.kind !== 'create';
  const hasReference = values.some(([name]) => name === 'object_reference_id');
  const contentType = headerOf(request, 'content-type') ?? FORM;
  const prefix = prefixOf(request);
  const query = queryOf(request);
  const open = [...query.keys()].filter(isMatched);
  const id = outcome === 'unknown' ? 'cst_unknown_to_everybody' : 'cst_afdeuvmfhs3j1acm';
  return {
    method: request.method,
    path: `${prefix}/customers${isCustomer ? `/${id}` : ''}`,
    ...(query.size === 0 ? {} : { query: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])) }),
    headers: {
      Authorization: ['Basic QVBJX0tFWV9HT0VTX0hFUkU6'],
      'x-merchantid': ['merchant_id'],
      ...(request.kind === 'read' ? {} : { 'Content-Type': [contentType] }),
    },
    ...(request.kind === 'read' ? {} : { body: { content: body, contentType: FORM, encoded: false } }),
    matchingRules: {
      header: { Authorization: regex(CREDENTIAL_PATTERN), 'x-merchantid': regex('^.+$') },
      ...(request.kind === 'read'
        ? {}
        : { body: Object.fromEntries(values.filter(([name]) => isMatched(name)).map(([name]) => [place(name), regex(patternOf(name))])) }),
      ...(open.length === 0 ? {} : { query: Object.fromEntries(open.map((name) => [name, regex(patternOf(name))])) }),
      ...(isCustomer ? { path: regex(`^${prefix}/customers/[^/]+$`) } : {}),
    },
    generators: {
      header: { Authorization: fromState('${authorization}'), 'x-merchantid': fromState('${merchant_id}') },
      ...(hasReference ? { body: { [place('object_reference_id')]: fromState(REFERENCE.expression) } } : {}),
      ...(isCustomer && outcome === 'accepted' ? { path: fromState(`${prefix}/customers/\${id}`) } : {}),
    },
  };
}

const isField = (name: string): name is FieldName => FIELDS.some((field) => field === name);
/** The token's option decides what comes back: its value is meant as it is. */
const isMatched = (name: string): boolean => name !== TOKEN;
const patternOf = (name: string): string => (isField(name) ? fieldPattern(name) : '^[\\s\\S]*$');

function exampleOf(name: string, request: Captured): string {
  if (name === TOKEN) return fieldOf(request, TOKEN) ?? 'false';
  if (name === 'object_reference_id') return REFERENCE.example;
  return EXAMPLES[name] ?? 'text';
}

function responseOf(request: Captured, outcome: Outcome): Json {
  if (outcome !== 'accepted') return { status: outcome === 'unknown' ? 404 : 400 };
  const token = request.kind === 'create' && fieldOf(request, TOKEN) === 'true';
  const content: Record<string, unknown> = {};
  const matchers: Record<string, Json> = {};
  for (const { check } of mustsOn('created', ...(token ? (['created-with-token'] as const) : []))) {
    const like = memberPattern(check);
    if (like === undefined) continue;
    setMember(content, like.member, check.kind === 'constant' ? check.is : (MEMBERS[like.member] ?? 'text'));
    // Members of `juspay` are members of an object: the dot is a step here.
    matchers[`$.${like.member}`] = regex(like.pattern);
  }
  for (const name of ECHOED_FIELDS) {
    if (request.fields?.some(([sent]) => sent === name) !== true) continue;
    content[name] = exampleOf(name, request);
    // The verifier puts fresh references into requests and not into answers: what it asks for has to have their form.
    if (name === 'object_reference_id') matchers[place(name)] = regex(REFERENCE.pattern);
  }
  return {
    status: 200,
    headers: { 'Content-Type': ['application/json'] },
    body: { content, contentType: 'application/json', encoded: false },
    matchingRules: { body: matchers, header: { 'Content-Type': regex(mediaTypePattern('application/json')) } },
  };
}

function setMember(content: Record<string, unknown>, path: string, value: string): void {
  const [first = path, rest] = [path.split('.', 1)[0], path.split('.').slice(1).join('.')];
  if (rest === '') content[first] = value;
  else {
    const inner = (content[first] ??= {}) as Record<string, unknown>;
    setMember(inner, rest, value);
  }
}

/** With the members of every object in order of their names: the order in which they were made means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
