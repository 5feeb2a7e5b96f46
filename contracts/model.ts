/**
 * What a rule of the document is, as data. Inputs, checks, recorded contracts, the judge of clients and every
 * report derive from values of these types; nothing here acts.
 */

import type { Constraint } from './constraint.js';

export * from './constraint.js';

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
