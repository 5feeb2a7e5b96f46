/**
 * What a rule of the document is, as data. Inputs, checks, recorded contracts, the judge of clients and every
 * report derive from values of these types; nothing here acts.
 */

/** How firmly a rule is known. A broken must is a failure, a broken should a warning, an open rule is observed. */
export type Level = 'must' | 'should' | 'open';

/**
 * Where a rule is known from: `doc` the page itself, `br` the other Brazil-edition pages of the API, `sea` and `in`
 * other editions, `v3.2` and `v2` older ones, `sdk` Juspay's client libraries, `src` an old public server, `std` a
 * standard that the API stands on, `cons` a plain consequence of a stated rule.
 */
export type Source = 'doc' | 'br' | 'sea' | 'in' | 'v3.2' | 'v2' | 'sdk' | 'src' | 'std' | 'cons';

/** Where it is written. The first source is the one that the level rests on. */
export interface Citation {
  readonly sources: readonly [Source, ...Source[]];
  /** Numbers of statements in `document.ts`; empty when the page itself says nothing of it. */
  readonly statements: readonly number[];
  /** The section of a standard, or what else a reader needs to find the place. */
  readonly note?: string;
}

export const FIELDS = [
  'object_reference_id',
  'mobile_number',
  'email_address',
  'first_name',
  'last_name',
  'mobile_country_code',
  'options.get_client_auth_token',
] as const;
/** A documented field of the request's form body. */
export type FieldName = (typeof FIELDS)[number];

export const ECHOED_FIELDS = [
  'object_reference_id',
  'mobile_number',
  'mobile_country_code',
  'email_address',
  'first_name',
  'last_name',
] as const satisfies readonly FieldName[];
/** A field that the response gives back under the same name. */
export type EchoedField = (typeof ECHOED_FIELDS)[number];

/** `conforming` keeps a rule, `violating` breaks it, `open` is left open by the document. */
export type Judgement = 'conforming' | 'violating' | 'open';

/** Which part of a field's value a constraint is about. */
export type Scope = 'value' | 'local-part';

/** What may fill the parts of a value that are not under test. */
export type Alphabet = 'word' | 'letters' | 'digits';

/** The field has to be there with a value (`required`), or may be left out (`optional`). */
export interface PresenceConstraint {
  readonly kind: 'presence';
  readonly fields: readonly [FieldName, ...FieldName[]];
  readonly presence: 'required' | 'optional';
}

/** Length in code points. Below `min` and above `max` breaks it or is left open, as said. */
export interface LengthConstraint {
  readonly kind: 'length';
  readonly field: FieldName;
  readonly min: number;
  /** Longest value that is certainly good; absent where none is stated. */
  readonly max: number;
  readonly below: 'violating' | 'open';
  readonly above: 'violating' | 'open';
  readonly alphabet: Alphabet;
}

/**
 * Every character of `allowed` is good in the scope, alone, at its ends and inside; every character of `forbidden` is
 * bad anywhere in the value; characters in neither are left open.
 */
export interface CharsetConstraint {
  readonly kind: 'charset';
  readonly field: FieldName;
  readonly scope: Scope;
  readonly allowed: string;
  readonly forbidden: string;
  /** Characters that are allowed inside only; another rule says what happens at the edges. */
  readonly notAtEdges?: string;
  /** Forbidden characters whose appearance in first place is left open (a leading `+`). */
  readonly openInFront?: string;
  /** How long a value that is otherwise good may be; keeps drawn values clear of length rules. */
  readonly length: readonly [min: number, max: number];
  readonly alphabet: Alphabet;
}

/** The characters are good inside the scope and bad as its first or last character. */
export interface EdgesConstraint {
  readonly kind: 'edges';
  readonly field: 'email_address';
  readonly scope: 'local-part';
  readonly characters: string;
}

/** There is a separator with something on each side of it. */
export interface SeparatorConstraint {
  readonly kind: 'separator';
  readonly field: 'email_address';
  readonly separator: '@';
}

/** Each of these values is good; a value outside of them is left open by this rule. */
export interface ExamplesConstraint {
  readonly kind: 'examples';
  readonly field: FieldName;
  readonly values: readonly [string, ...string[]];
}

/** What a merchant typically puts into `object_reference_id`. */
export type ReferenceForm = 'prefixed' | 'email' | 'mobile' | 'database-id';
/** A reference in each of these forms is good; other forms are left open. */
export interface FormsConstraint {
  readonly kind: 'forms';
  readonly field: 'object_reference_id';
  readonly forms: readonly [ReferenceForm, ...ReferenceForm[]];
}

/** Forms of the `Authorization` header: `canonical` is `Basic base64(KEY:)`, the rest differ from it in the one thing that they are named after. */
export const CREDENTIAL_FORMS = [
  'canonical',
  'absent',
  'empty-header',
  'other-key',
  'first-character-changed',
  'middle-character-changed',
  'last-character-changed',
  'characters-swapped',
  'key-prefix',
  'key-extension',
  'key-blank-before',
  'key-blank-behind',
  'key-line-end-behind',
  'key-other-case',
  'inherited-property',
  'prototype',
  'scheme-only',
  'empty-user',
  'key-as-password',
  'not-base64',
  'raw-key',
  'bearer',
  'digest',
  'unknown-scheme',
  'scheme-ending-in-basic',
  'scheme-beginning-with-basic',
  'scheme-lower-case',
  'scheme-upper-case',
  'scheme-mixed-case',
  'with-password',
  'without-colon',
  'padding-missing',
  'padding-doubled',
  'url-alphabet',
] as const;
export type CredentialForm = (typeof CREDENTIAL_FORMS)[number];

/** Forms of the credential that are good, that are bad, and that are left open. */
export interface CredentialConstraint {
  readonly kind: 'credential';
  readonly conforming: readonly CredentialForm[];
  readonly violating: readonly CredentialForm[];
  readonly open: readonly CredentialForm[];
}

/** A form of the `x-merchantid` header. */
export type MerchantForm = 'canonical' | 'name-upper-case' | 'name-mixed-case' | 'absent' | 'empty' | 'other' | 'odd-characters';
export interface MerchantConstraint {
  readonly kind: 'merchant';
  readonly conforming: readonly MerchantForm[];
  readonly open: readonly MerchantForm[];
}

/** Values of `Content-Type` under a form body; `null` stands for no header. */
export interface MediaTypeConstraint {
  readonly kind: 'media-type';
  readonly conforming: readonly string[];
  readonly open: readonly (string | null)[];
  /** What the body is written as. */
  readonly body: 'form' | 'json';
}

/** The body arrives in chunks, without a Content-Length. */
export interface TransferConstraint {
  readonly kind: 'transfer';
}

/** The path that customers are created at. */
export interface PathConstraint {
  readonly kind: 'path';
  readonly open: readonly string[];
}

/** A way to write an equal form body otherwise. */
export type Spelling =
  | 'utf-8'
  | 'percent-once'
  | 'plus-is-blank'
  | 'escaped-plus'
  | 'hex-case'
  | 'needless-escape'
  | 'raw'
  | 'escaped-key'
  | 'semicolon'
  | 'second-equals'
  | 'empty-pairs'
  | 'field-order';
/** A request in this spelling is answered as its plain equal: good ones accepted and echoed decoded, bad ones refused. */
export interface SpellingConstraint {
  readonly kind: 'spelling';
  readonly spelling: Spelling;
}

/** Forms that the document leaves open as a whole body: repeated and unknown fields, broken escapes, odd bytes. */
export type OddForm = 'repeated' | 'unknown-field' | 'malformed-escape' | 'invalid-utf-8' | 'nul';
export interface OddFormConstraint {
  readonly kind: 'odd-form';
  readonly form: OddForm;
}

/** Complete requests of a family that are odd, and still have to be answered. */
export type RobustnessFamily = 'values' | 'bodies' | 'sizes' | 'methods' | 'paths' | 'headers' | 'good-requests';
export interface RobustnessConstraint {
  readonly kind: 'robustness';
  readonly family: RobustnessFamily;
}

/**
 * Values of a field that the document leaves open, by case. In a template `{fill}` stands for ordinary characters
 * (never none, and for `object_reference_id` unique ones), `null` for a field that is not sent.
 */
export interface OpenValuesConstraint {
  readonly kind: 'open-values';
  readonly field: FieldName;
  readonly cases: Readonly<Record<string, string | null>>;
}

/** What a rule asks of a request: one kind, one predicate in `judge.ts`, one pair of arbitraries in `generators/`. */
export type Constraint =
  | PresenceConstraint
  | LengthConstraint
  | CharsetConstraint
  | EdgesConstraint
  | SeparatorConstraint
  | ExamplesConstraint
  | FormsConstraint
  | CredentialConstraint
  | MerchantConstraint
  | MediaTypeConstraint
  | TransferConstraint
  | PathConstraint
  | SpellingConstraint
  | OddFormConstraint
  | RobustnessConstraint
  | OpenValuesConstraint;
/** A constraint that is about the decoded value of one field. */
export type ValueConstraint =
  LengthConstraint | CharsetConstraint | EdgesConstraint | SeparatorConstraint | ExamplesConstraint | FormsConstraint | OpenValuesConstraint;

/** What a refused request got wrong; decides which rules about errors apply to the refusal. */
export type Offence = 'missing' | 'invalid' | 'duplicate' | 'credential' | 'unknown-customer';

export type WhenConforming =
  | { readonly outcome: 'accepted' }
  /** Answered below 500, completely and in time: all that a robustness rule asks. */
  | { readonly outcome: 'answered' };
export type WhenViolating =
  | { readonly outcome: 'refused'; readonly offence: Offence }
  /** The document does not say what happens; the open rule named observes it. */
  | { readonly outcome: 'left-open'; readonly rule: string }
  /** There is no bad input for this rule. */
  | { readonly outcome: 'no-such-input'; readonly because: string };

/** Which responses a rule about responses applies to. */
export type Occasion =
  | 'any'
  /** A create that was accepted. */
  | 'created'
  /** A create that was accepted and asked for the token. */
  | 'created-with-token'
  /** A create refused for a missing mandatory field. */
  | 'missing'
  /** A create refused for an invalid field. */
  | 'invalid'
  /** Either of the two. */
  | 'missing-or-invalid'
  /** A refusal of whatever kind. */
  | 'refused'
  | 'duplicate'
  | 'credential'
  | 'unknown-customer';

/** What a rule asks of a response; one predicate each in `judge-response.ts`. */
export type ResponseCheck =
  | { readonly kind: 'status'; readonly is: number }
  | { readonly kind: 'media-type'; readonly is: string }
  | { readonly kind: 'json' }
  | { readonly kind: 'json-object' }
  | { readonly kind: 'members-once' }
  | { readonly kind: 'content-length' }
  | { readonly kind: 'string'; readonly member: string; readonly nonEmpty: boolean }
  | { readonly kind: 'strings'; readonly members: readonly string[] }
  | { readonly kind: 'constant'; readonly member: string; readonly is: string }
  | { readonly kind: 'pattern'; readonly member: string; readonly pattern: string; readonly reads: string }
  | { readonly kind: 'distinct'; readonly member: string }
  | { readonly kind: 'echo'; readonly field: EchoedField }
  | { readonly kind: 'repeated-echo' }
  | { readonly kind: 'date-time'; readonly member: string }
  | { readonly kind: 'utc'; readonly members: readonly string[] }
  | { readonly kind: 'near-date-header'; readonly members: readonly string[]; readonly withinSeconds: number }
  | { readonly kind: 'not-before'; readonly earlier: string; readonly later: string }
  | { readonly kind: 'after'; readonly earlier: string; readonly later: string }
  | { readonly kind: 'lifetime'; readonly from: string; readonly to: string; readonly seconds: number; readonly tolerance: number }
  | { readonly kind: 'token-iff-asked' }
  | { readonly kind: 'no-credential' }
  | { readonly kind: 'no-other-customer' }
  | { readonly kind: 'names-field' }
  | { readonly kind: 'error-info' }
  | { readonly kind: 'error-info-fields' };

/** A response told by what differs from the sample: the published success, or the refusal of the occasion. */
export interface ResponseExample {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members to replace (a dotted name reaches inside); `undefined` removes one. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The whole body as text, instead of members. */
  readonly text?: string;
  /** The same response a second time, for another customer: for rules about what may not repeat. */
  readonly twice?: boolean;
}

/** Rules over several exchanges; each has a procedure of its own. */
export type Sequence =
  | 'unique'
  | 'unique-per-merchant'
  | 'distinct-references'
  | 'refused-stores-nothing'
  | 'duplicate-changes-nothing'
  | 'duplicate-shows-nothing'
  | 'race'
  | 'own-request'
  | 'equal-requests'
  | 'thousandth'
  | 'model'
  | 'credential-every-request'
  | 'credential-before-body'
  | 'credential-stores-nothing'
  | 'read-by-id'
  | 'read-credential'
  | 'read-second-merchant'
  | 'read-unknown'
  | 'update';

/** Open questions over several exchanges. */
export type OpenSequence = 'letter-case' | 'edge-blanks' | 'normal-form' | 'other-merchant-header' | 'read-by-reference' | 'read-token' | 'read-delay';

/** Open questions that every suitable response answers without a request of their own. */
export type OpenResponse =
  | 'unsent'
  | 'open-echo'
  | 'date-format'
  | 'undocumented-members'
  | 'error-form'
  | 'error-texts'
  | 'missing-body'
  | 'invalid-body'
  | 'duplicate-body'
  | 'credential-body'
  | 'unknown-customer-body'
  | 'address-refused'
  | 'throttling';

/** One way to read an open rule. */
export interface Reading {
  readonly id: string;
  readonly means: string;
}
export type Readings = readonly [Reading, Reading, ...Reading[]];

interface RuleBase {
  /** `topic/aspect`, stable for ever: configuration, baselines and pacts refer to it. */
  readonly id: string;
  /** What holds, as a plain statement: "a name with … is refused". */
  readonly title: string;
  readonly citation: Citation;
}

/** About a request: good ones and bad ones are sent and the answers judged. */
export interface InputRule extends RuleBase {
  readonly kind: 'input';
  readonly level: 'must' | 'should';
  readonly constraint: Constraint;
  readonly whenConforming: WhenConforming;
  readonly whenViolating: WhenViolating;
}

/** About responses: judged on every exchange of the run that it applies to. */
export interface ResponseRule extends RuleBase {
  readonly kind: 'response';
  readonly level: 'must' | 'should';
  readonly on: Occasion;
  readonly check: ResponseCheck;
  /** A response that keeps the rule, and one that it must reject: the specs hold the predicate to both. */
  readonly whenConforming: ResponseExample;
  readonly whenViolating: ResponseExample;
}

/** About several exchanges. Both halves in words, since each has a procedure of its own. */
export interface SequenceRule extends RuleBase {
  readonly kind: 'sequence';
  readonly level: 'must' | 'should';
  readonly sequence: Sequence;
  readonly whenConforming: string;
  readonly whenViolating: string;
}

/** What the document leaves open: the target's reading is recorded per case, and has to stay the same within a run. */
export type OpenRule = RuleBase & { readonly level: 'open'; readonly readings: Readings } & (
    | { readonly kind: 'open-input'; readonly constraint: Constraint }
    | { readonly kind: 'open-response'; readonly observes: OpenResponse }
    | { readonly kind: 'open-sequence'; readonly sequence: OpenSequence }
  );

export type Rule = InputRule | ResponseRule | SequenceRule | OpenRule;

/**
 * Declares a rule. The types demand both halves of a must or should rule, and two readings of an open one: a rule
 * that is checked with good input only proves nothing.
 */
export function defineRule<const R extends Rule>(rule: R): R {
  return rule;
}
