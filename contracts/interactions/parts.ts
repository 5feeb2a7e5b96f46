/** The parts that examples are put together from: safe fields, and answers with what the must rules say of them. */
import { createHash } from 'node:crypto';
import { FIELDS, type CredentialForm, type EchoedField, type FieldName, type Rule } from '../model.js';
import { fieldPattern, memberPattern, mustsOn } from '../patterns.js';
import { ruleById } from '../rules/index.js';
import {
  exampleFresh,
  freshOf,
  type Call,
  type Example,
  type ExpectedAnswer,
  type FieldExample,
  type FreshParameters,
  type MemberExample,
  type ProviderState,
} from './model.js';

export const TOKEN_FIELD = 'options.get_client_auth_token';
const REFERENCE = 'object_reference_id';

/** Values that no reading refuses, all of them documented samples or made up. */
const SAFE: Readonly<Record<Exclude<FieldName, typeof REFERENCE>, string>> = {
  mobile_number: '9988776655',
  email_address: 'John.Smith@example.com',
  first_name: 'John',
  last_name: 'Smith',
  mobile_country_code: '65',
  [TOKEN_FIELD]: 'false',
};

export const FRESH: FreshParameters = { fresh_length: '12', fresh_alphabet: 'word' };

/** What to send instead of the safe value; `null` leaves the field out. */
export type Changes = Readonly<Partial<Record<FieldName, string | null>>>;

/** Three characters of the example's own in its reference, behind a capital: the answer to another request, or one in small letters, would not have them. */
function tagOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 3);
}

/** The fields of a create in the order of the page, the changed ones without a pattern: their value is the point. */
export function fieldsOf(id: string, changes: Changes = {}, fresh: FreshParameters = FRESH): FieldExample[] {
  return FIELDS.flatMap((name): FieldExample[] => {
    const change = changes[name];
    if (change === null) return [];
    const safe = name === REFERENCE ? `cust_{fresh}_Z${tagOf(id)}` : SAFE[name];
    // The token decides what comes back, so its value is always meant as it is.
    if (change !== undefined || name === TOKEN_FIELD)
      return [{ name, value: change ?? safe, ...(isPattern(name, change, fresh) ? { pattern: fieldPattern(name) } : {}) }];
    return [{ name, value: safe, pattern: fieldPattern(name) }];
  });
}

/** A changed value that other values could stand for: a good reference, which has to be unique. */
function isPattern(name: FieldName, change: string | undefined, fresh: FreshParameters): boolean {
  return name === REFERENCE && change?.includes('{fresh}') === true && new RegExp(fieldPattern(name)).test(change.replace('{fresh}', exampleFresh(fresh)));
}

export const noCustomer = (fresh: FreshParameters = FRESH): ProviderState => ({ name: 'no customer has the object_reference_id', params: fresh });
export const credentialIs = (form: CredentialForm): ProviderState => ({ name: 'the credential has the form', params: { form } });

/** The customer that came of these fields: every member that a must rule speaks of, echoes as they were sent. */
export function accepted(fields: readonly FieldExample[], { without = false }: { readonly without?: boolean } = {}): ExpectedAnswer {
  const sent = new Map(fields.map(({ name, value }) => [name, value]));
  const token = sent.get(TOKEN_FIELD) === 'true';
  const members: Record<string, MemberExample> = {};
  let status = 200;
  let mediaType: ExpectedAnswer['mediaType'];
  for (const { id: rule, check } of mustsOn('created', ...(token ? (['created-with-token'] as const) : []))) {
    const like = memberPattern(check);
    if (like !== undefined) members[like.member] = { rule, value: SAMPLE[like.member] ?? 'text', pattern: like.pattern };
    if (check.kind === 'constant') members[check.member] = { rule, value: check.is };
    if (check.kind === 'echo') {
      const value = sent.get(check.field);
      if (value !== undefined) members[check.field] = { rule, value };
    }
    if (check.kind === 'status') status = check.is;
    if (check.kind === 'media-type') mediaType = { rule, is: check.is };
  }
  return {
    status,
    statusRule: 'response/status',
    ...(mediaType === undefined ? {} : { mediaType }),
    members,
    ...(without ? { without: { rule: 'token/iff-asked', member: 'juspay' } } : {}),
  };
}

/** Values of the published sample, for what varies. */
const SAMPLE: Readonly<Record<string, string>> = {
  id: 'cst_afdeuvmfhs3j1acm',
  date_created: '2020-03-17T14:13:37Z',
  last_updated: '2020-03-17T14:13:37Z',
  'juspay.client_auth_token': 'tkn_24543c6a278f45d680d09edb32e78061',
  'juspay.client_auth_token_expiry': '2020-03-17T14:28:37Z',
};

const SAMPLE_ERROR: Readonly<Record<string, string>> = {
  status: 'invalid_request_error',
  error_code: 'nullable',
  error_message: 'A field is missing or wrong.',
};

/** The refusal of a missing or invalid field: what the must rules about errors say. */
export function refusedFor(offence: 'missing' | 'invalid'): ExpectedAnswer {
  const members: Record<string, MemberExample> = {};
  let status: ExpectedAnswer['status'] = 'clientError';
  let statusRule: string | undefined;
  let mediaType: ExpectedAnswer['mediaType'];
  for (const { id: rule, check } of mustsOn('missing-or-invalid', offence)) {
    if (check.kind === 'strings') for (const member of check.members) members[member] = { rule, value: SAMPLE_ERROR[member] ?? 'text', pattern: '^[\\s\\S]*$' };
    if (check.kind === 'status') [status, statusRule] = [check.is, rule];
    if (check.kind === 'media-type') mediaType = { rule, is: check.is };
  }
  return { status, ...(statusRule === undefined ? {} : { statusRule }), ...(mediaType === undefined ? {} : { mediaType }), members };
}

/** A refusal of which no more is certain than that it is one: of a duplicate, of a credential, of an unknown customer. */
export const REFUSED: ExpectedAnswer = { status: 'clientError', members: {} };

/** The rule; throws a RangeError where there is none, so that an example cannot cite a rule that is gone. */
export function ruleOf(id: string): Rule {
  const rule = ruleById(id);
  if (rule === undefined) throw new RangeError(`there is no rule ${id}`);
  return rule;
}

export interface Parts {
  readonly id: string;
  readonly description: string;
  readonly rules: readonly [string, ...string[]];
  readonly changes?: Changes;
  readonly states?: readonly [ProviderState, ...ProviderState[]];
  readonly credential?: CredentialForm;
  readonly contentType?: string;
  readonly answer?: ExpectedAnswer | 'missing' | 'invalid' | 'without-token';
}

const FORM = 'application/x-www-form-urlencoded';

/** An example of a create; accepted unless an answer is given. */
export function create({ id, description, rules, changes, states = [noCustomer()], credential = 'canonical', contentType = FORM, answer }: Parts): Example {
  const fields = fieldsOf(id, changes, freshOf({ states }));
  return {
    id: `create/${id}`,
    call: 'create' satisfies Call,
    description,
    rules,
    level: rules.every((rule) => ruleOf(rule).level === 'must') ? 'must' : 'should',
    states: credential === 'canonical' ? states : [...states, credentialIs(credential)],
    request: { method: 'POST', path: '/customers', credential, merchant: true, contentType, fields },
    answer:
      answer === undefined
        ? accepted(fields)
        : answer === 'without-token'
          ? accepted(fields, { without: true })
          : typeof answer === 'string'
            ? refusedFor(answer)
            : answer,
  };
}

/** Fields of a customer as parameters of a state. */
export function stateFields(fields: readonly FieldExample[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** The echoes of a customer with these fields. */
export function echoes(fields: readonly FieldExample[], rule: string): Record<string, MemberExample> {
  const echoed = (name: FieldName): name is EchoedField => name !== TOKEN_FIELD;
  return Object.fromEntries(fields.filter(({ name }) => echoed(name)).map(({ name, value }) => [name, { rule, value }]));
}
