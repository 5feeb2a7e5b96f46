/** What an example of an exchange is, as data: a request, the state that it needs, and what of its answer is certain. */
import type { CredentialForm, FieldName } from '../model.js';

/**
 * A text of a request. `{fresh}` stands for characters that no earlier request had; in the recorded contract they are
 * {@link EXAMPLE_FRESH}, and whoever verifies a provider puts others there.
 */
export interface FieldExample {
  readonly name: FieldName;
  readonly value: string;
  /** The values that would do as well, as a regular expression; absent: this one only. */
  readonly pattern?: string;
}

/** Names and parameters of provider states, as they stand in the recorded contract. */
export type ProviderState =
  /** Gives `fresh`, of the length asked for, and the merchant's own `authorization` and `merchant_id`. */
  | { readonly name: 'no customer has the object_reference_id'; readonly params: FreshParameters }
  /** The same, and the `authorization` is the merchant's in this form. */
  | { readonly name: 'the credential has the form'; readonly params: { readonly form: CredentialForm } }
  /** Creates a customer with these fields first; gives its `id` and `fresh` too. */
  | { readonly name: 'a customer exists'; readonly params: FreshParameters & Record<string, string> }
  /** Creates one more customer with these fields, and gives nothing. */
  | { readonly name: 'another customer was created since'; readonly params: FreshParameters & Record<string, string> }
  /** Sends a create that is refused first: for what it holds, or for its credential. */
  | { readonly name: 'a create was refused'; readonly params: FreshParameters & { readonly form: CredentialForm } & Record<string, string> }
  /** Creates a customer, and then sends its duplicate with other values, which is refused. */
  | { readonly name: 'a duplicate of the customer was refused'; readonly params: FreshParameters & Record<string, string> };

/** What `{fresh}` has to be like. */
export interface FreshParameters {
  /** How many characters; in the contract as text, since parameters of other kinds are not passed on alike by every verifier. */
  readonly fresh_length: string;
  /** Letters and digits, digits, or letters that are two bytes each in UTF-8. */
  readonly fresh_alphabet: 'word' | 'digits' | 'two-byte';
}

/** What a member of the answer is, and the rule that says so. */
export type MemberExample =
  | { readonly rule: string; readonly value: string; readonly pattern: string }
  /** Equal to this text; `{fresh}` as in the request. */
  | { readonly rule: string; readonly value: string };

export interface ExpectedAnswer {
  /** A code, or any of the 4xx: a refusal's exact code is recommended only, but where the page states it. */
  readonly status: number | 'clientError';
  /** The rule that the status rests on, apart from those that the example is of. */
  readonly statusRule?: string;
  readonly mediaType?: { readonly rule: string; readonly is: string };
  /** By dotted name. */
  readonly members: Readonly<Record<string, MemberExample>>;
  /** A member that must not be there. */
  readonly without?: { readonly rule: string; readonly member: string };
}

/** Which of the three contracts it belongs to: each is verified only where the target has the call. */
export type Call = 'create' | 'read' | 'update';

export interface Example {
  /** Stable: the key of the interaction in the recorded contract. */
  readonly id: string;
  readonly call: Call;
  /** "a create with …", unique within its call. */
  readonly description: string;
  /** The rules that the request is an example of: broken where the answer is of the wrong kind. */
  readonly rules: readonly [string, ...string[]];
  /** `should` where one of `rules` is no more: such an interaction is recorded as pending, so that its failure warns. */
  readonly level: 'must' | 'should';
  readonly states: readonly [ProviderState, ...ProviderState[]];
  readonly request: {
    readonly method: 'GET' | 'POST';
    /** `{id}` is the id that the state gives. */
    readonly path: string;
    readonly credential: CredentialForm;
    /** False: without `x-merchantid`. */
    readonly merchant: boolean;
    readonly contentType?: string;
    readonly fields: readonly FieldExample[];
  };
  readonly answer: ExpectedAnswer;
}

/** An example of an open rule: what its answer is depends on the reading that the target takes. */
export interface OpenExample extends Omit<Example, 'answer' | 'level'> {
  /** The case of the rule, as a finding of it names it. */
  readonly case: string;
  readonly answers: { readonly accepted: ExpectedAnswer; readonly refused: ExpectedAnswer };
}

const WORD = 'Ab3dE6gH9kL2mN5pQ8rS1tU4';
const DIGITS = '314159265358979323846264';
const TWO_BYTE = 'éàüñöç';
/** What `{fresh}` is in the recorded contract: characters of both letter cases, so that a change of case would show. */
export function exampleFresh({ fresh_length, fresh_alphabet }: FreshParameters): string {
  return { word: WORD, digits: DIGITS, 'two-byte': TWO_BYTE }[fresh_alphabet].slice(0, Number(fresh_length));
}

/** The parameters of the state that gives `{fresh}`. */
export function freshOf({ states }: Pick<Example, 'states'>): FreshParameters {
  const found = states.map(({ params }) => params).find((params): params is FreshParameters & Record<string, string> => 'fresh_length' in params);
  return found ?? { fresh_length: '12', fresh_alphabet: 'word' };
}

/** The example as it is recorded: `{fresh}` and `{id}` filled in. */
export function filled(template: string, { fresh, id = EXAMPLE_ID }: { readonly fresh: string; readonly id?: string }): string {
  return template.replaceAll('{fresh}', fresh).replaceAll('{id}', id);
}

/** The id of a customer in the recorded contract: that of the published sample. */
export const EXAMPLE_ID = 'cst_afdeuvmfhs3j1acm';
