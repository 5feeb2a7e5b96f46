/** What a rule asks of a request, as data: one kind of constraint each for a predicate and a pair of arbitraries. */
import type { FieldName } from './model.js';

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
