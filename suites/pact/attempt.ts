/** An example sent to a target by ourselves, without Pact: what a run records its contract from. */
import { filled, freshOf, type Example, type ExpectedAnswer, type MemberExample } from '../../contracts/interactions.js';
import { isJsonObject, memberAt, parseJson } from '../../contracts/json.js';
import { mediaTypePattern } from '../../contracts/patterns.js';
import type { CredentialForm } from '../../contracts/model.js';
import { write } from '../kit/draft.js';
import type { WireResult } from '../kit/transport.js';
import type { Channel } from './channel.js';
import { freshPattern } from './interaction.js';
import { setUp, type StateValues } from './states.js';

/** What of an answer is not as it should be, and the rule that says how it should; none for what the example's own rules are about. */
export interface Unmet {
  readonly rule?: string;
  readonly text: string;
}

type Sendable = Pick<Example, 'states' | 'request'>;

export interface Attempt {
  readonly result: WireResult;
  readonly values: StateValues;
}

/** Brings the target into the example's states and sends its request. Rejects with a StateError where a state cannot be had. */
export async function attempt(channel: Channel, example: Sendable): Promise<Attempt> {
  let values: StateValues = {};
  for (const { name, params } of example.states) values = { ...values, ...(await setUp(channel, name, { ...params })) };
  const { apiKey, merchantId } = channel.options;
  const { method, path, credential, merchant, contentType, fields } = example.request;
  const fill = (template: string): string => filled(template, { fresh: values['fresh'] ?? '', id: values['id'] ?? '' });
  const { wire } = write({
    method,
    path: fill(path),
    fields: fields.map(({ name, value }) => [name, fill(value)] as const),
    account: { apiKey, merchantId },
    credential: credential satisfies CredentialForm,
    merchant: merchant ? 'canonical' : 'absent',
    contentType: contentType ?? null,
  });
  return { result: await channel.send(wire), values };
}

/** What of the answer the expectation does not hold of; none where all of it does. */
export function unmet(example: Sendable, expected: ExpectedAnswer, { result: { response } }: Attempt): Unmet[] {
  if (response === undefined || !response.complete) return [{ text: 'no complete answer came' }];
  const { status, statusRule, mediaType, members, without } = expected;
  const asked = status === 'clientError' ? response.status >= 400 && response.status <= 499 : response.status === status;
  if (!asked) {
    // Another code of the right kind is the matter of the rule about codes.
    const kind = typeof status === 'number' && Math.floor(response.status / 100) === Math.floor(status / 100);
    return [
      {
        ...(kind && statusRule !== undefined ? { rule: statusRule } : {}),
        text: `the status is ${response.status}, not ${status === 'clientError' ? '4xx' : status}`,
      },
    ];
  }
  const found: Unmet[] = [];
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (mediaType !== undefined && !new RegExp(mediaTypePattern(mediaType.is)).test(type))
    found.push({ rule: mediaType.rule, text: `the media type is ${type}` });
  const { value } = parseJson(response.body);
  if ((Object.keys(members).length > 0 || without !== undefined) && !isJsonObject(value)) return [...found, { text: 'the body is no JSON object' }];
  for (const [name, member] of Object.entries(members))
    if (!fits(example, member, memberAt(value, name)))
      found.push({ rule: member.rule, text: `${name} is ${JSON.stringify(memberAt(value, name)) ?? 'absent'}` });
  if (without !== undefined && memberAt(value, without.member) !== undefined) found.push({ rule: without.rule, text: `${without.member} is there` });
  return found;
}

function fits(example: Sendable, member: MemberExample, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if ('pattern' in member) return new RegExp(member.pattern).test(value);
  return /\{(?:fresh|id)\}/.test(member.value) ? new RegExp(freshPattern(example, member.value)).test(value) : value === member.value;
}

export { freshOf };
