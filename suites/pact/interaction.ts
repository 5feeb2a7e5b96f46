/** An example as an interaction of a pact: matchers from the rules, generators for what has to be new, the rules as references. */
import {
  EXAMPLE_ID,
  exampleFresh,
  filled,
  freshOf,
  ruleOf,
  type Example,
  type ExpectedAnswer,
  type FieldExample,
  type MemberExample,
} from '../../contracts/interactions.js';
import { linesOf } from '../../contracts/document.js';
import { anythingBut, CREDENTIAL_PATTERN, literally, mediaTypePattern } from '../../contracts/patterns.js';
import { credentialHeader } from '../kit/credentials.js';
import { makeConsumerPact, type ConsumerInteraction, type ConsumerPact } from './pact-core.js';

/** What stands for the key in recorded credentials: it opens nothing. */
export const EXAMPLE_KEY = 'API_KEY_GOES_HERE';
export const EXAMPLE_MERCHANT = 'merchant_id';
/** The group that rules stand under among an interaction's references. */
export const REFERENCE_GROUP = 'conformance';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** The matcher JSON of the core. */
type Template = string | Readonly<Record<string, unknown>>;

/** A pact with the specification's form bodies: those of the builder of pact-js are broken. */
export function newPact(consumer: string, provider: string): ConsumerPact {
  return makeConsumerPact(consumer, provider);
}

/** The value in the recorded example. */
export function exampleValue(example: Example, template: string): string {
  return filled(template, { fresh: exampleFresh(freshOf(example)) });
}

/** The `Authorization` of the recorded example; undefined for none. */
export function exampleAuthorization({ request }: Pick<Example, 'request'>): string | undefined {
  return credentialHeader(request.credential, EXAMPLE_KEY);
}

/** Puts the example into the pact. */
export function addInteraction(pact: ConsumerPact, example: Example, testName: string): ConsumerInteraction {
  const interaction = pact.newInteraction(example.description);
  // Parameters keep `{fresh}`, so that the state can put what it made in its place.
  for (const { name, params } of example.states) interaction.givenWithParams(name, JSON.stringify(params));
  addRequest(interaction, example);
  addAnswer(interaction, example, example.answer);
  for (const id of rulesOf(example)) interaction.addInteractionReference(REFERENCE_GROUP, id, citationOf(id));
  if (example.level === 'should') interaction.setPending(true);
  interaction.setInteractionTestName(testName);
  return interaction;
}

/** Every rule that the interaction holds a provider to: those of the request, then those of what is expected of the answer. */
export function rulesOf({ rules, answer }: Pick<Example, 'rules' | 'answer'>): string[] {
  const { statusRule, mediaType, members, without } = answer;
  const ofAnswer = [statusRule, mediaType?.rule, ...Object.values(members).map(({ rule }) => rule), without?.rule];
  return [...new Set([...rules, ...ofAnswer.filter((rule) => rule !== undefined)])];
}

/** Where a rule is written, in a line. */
function citationOf(id: string): string {
  const { level, citation } = ruleOf(id);
  const lines = linesOf(citation.statements).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
  const statements = citation.statements.length === 0 ? '' : `; statements ${citation.statements.join(', ')}; lines ${lines.join(', ')}`;
  return `${level}; source ${citation.sources.join(', ')}${statements}${citation.note === undefined ? '' : `; ${citation.note}`}`;
}

function addRequest(interaction: ConsumerInteraction, example: Example): void {
  const { method, path, credential, merchant, contentType, fields } = example.request;
  interaction.withRequest(method, pathTemplate(example, path));
  const authorization = exampleAuthorization(example);
  if (authorization !== undefined)
    header(
      interaction,
      'Authorization',
      credential === 'canonical' || example.answer.status === 200
        ? { ...matching(CREDENTIAL_PATTERN, authorization), ...fromState('${authorization}') }
        : { 'pact:matcher:type': 'equality', value: authorization, ...fromState('${authorization}') },
    );
  if (merchant) header(interaction, 'x-merchantid', { ...matching('^.+$', EXAMPLE_MERCHANT), ...fromState('${merchant_id}') });
  if (contentType === undefined) return;
  interaction.withRequestHeader('Content-Type', 0, contentType);
  interaction.withRequestBody(JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, fieldTemplate(example, field)]))), FORM);
}

function header(interaction: ConsumerInteraction, name: string, template: Template): void {
  interaction.withRequestHeader(name, 0, JSON.stringify(template));
}

function pathTemplate(example: Example, path: string): string {
  const value = exampleValue(example, path);
  if (value === path) return path;
  return JSON.stringify({ ...matching('^/customers/[A-Za-z0-9_-]+$', value), ...fromState(path.replace('{id}', '${id}').replace('{fresh}', '${fresh}')) });
}

function fieldTemplate(example: Example, { value, pattern }: FieldExample): Template {
  const written = exampleValue(example, value);
  if (written === value) return pattern === undefined ? value : matching(pattern, value);
  const expression = value.replace('{fresh}', '${fresh}');
  return { ...(pattern === undefined ? { 'pact:matcher:type': 'type', value: written } : matching(pattern, written)), ...fromState(expression) };
}

function matching(regex: string, value: string): Record<string, unknown> {
  return { 'pact:matcher:type': 'regex', regex, value };
}

/** A pattern alone would match a number, a list or null too, by what they look like as text. */
function stringMatching(regex: string, value: string): Record<string, unknown> {
  return { 'pact:matcher:type': [{ 'pact:matcher:type': 'type' }, { 'pact:matcher:type': 'regex', regex }], value };
}

function fromState(expression: string): Record<string, unknown> {
  return { 'pact:generator:type': 'ProviderState', expression };
}

function addAnswer(interaction: ConsumerInteraction, example: Example, { status, mediaType, members, without }: ExpectedAnswer): void {
  interaction.withStatus(status === 'clientError' ? 400 : status);
  const rules: Record<string, unknown> = {};
  if (status === 'clientError') rules['status'] = { combine: 'AND', matchers: [{ match: 'statusCode', status }] };
  const named = Object.entries(members);
  if (named.length > 0) {
    const body: Record<string, unknown> = {};
    // A rule for all names of members takes the place of plain equality, so each member says what it is.
    for (const [name, member] of named) put(body, name, memberTemplate(example, member, without !== undefined));
    interaction.withResponseBody(JSON.stringify(body), JSON_TYPE);
  }
  // A body brings the header along as it is written here; the type of an answer may have parameters and capitals.
  if (mediaType !== undefined || named.length > 0)
    interaction.withResponseHeader('Content-Type', 0, JSON.stringify(matching(mediaTypePattern(mediaType?.is ?? JSON_TYPE), JSON_TYPE)));
  if (without !== undefined)
    rules['body'] = { $: { combine: 'AND', matchers: [{ match: 'eachKey', rules: [{ match: 'regex', regex: anythingBut(without.member) }] }] } };
  if (Object.keys(rules).length > 0) interaction.withResponseMatchingRules(JSON.stringify(rules));
}

/** Sets a member by its dotted name. */
function put(body: Record<string, unknown>, name: string, value: unknown): void {
  const [first = name, ...rest] = name.split('.');
  if (rest.length === 0) {
    body[first] = value;
    return;
  }
  const inside = (body[first] ??= {}) as Record<string, unknown>;
  put(inside, rest.join('.'), value);
}

/**
 * Generators of answers are not applied when a provider is verified (pact-core 19.2), so a text with something new in
 * it is told by a pattern: what stands around the new characters as it is, and as many characters of their kind.
 */
function memberTemplate(example: Example, member: MemberExample, explicit: boolean): Template {
  const written = exampleValue(example, member.value);
  if ('pattern' in member) return stringMatching(member.pattern, written);
  if (written !== member.value) return stringMatching(freshPattern(example, member.value), written);
  return explicit ? { 'pact:matcher:type': 'equality', value: written } : written;
}

/** The text with `{fresh}` or `{id}` as a pattern of what may stand there. */
export function freshPattern(example: Pick<Example, 'states'>, template: string): string {
  const { fresh_length, fresh_alphabet } = freshOf(example);
  const fresh = `${{ digits: '[0-9]', word: '[A-Za-z0-9]', 'two-byte': '[À-ž]' }[fresh_alphabet]}{${fresh_length}}`;
  return `^${template
    .split(/(\{fresh\}|\{id\})/)
    .map((part) => (part === '{fresh}' ? fresh : part === '{id}' ? '[\\s\\S]+' : literally(part)))
    .join('')}$`;
}

export { EXAMPLE_ID };
