/**
 * What the reference decides, decision by decision. The pipeline (`create.ts`, `siblings.ts`, `server.ts`) calls these
 * in order and they never call one another, so that another legal reading, or a defect, is one of them written otherwise.
 */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** The fields of the form that the document names; anything else is an unknown field. */
export const FORM_FIELDS = [
  'object_reference_id',
  'mobile_number',
  'email_address',
  'first_name',
  'last_name',
  'mobile_country_code',
  'options.get_client_auth_token',
] as const;
export type FormField = (typeof FORM_FIELDS)[number];

/** The members of a customer that repeat what was sent, in the order of the published sample. */
export const CUSTOMER_FIELDS = ['object_reference_id', 'mobile_country_code', 'mobile_number', 'email_address', 'first_name', 'last_name'] as const;
export type CustomerField = (typeof CUSTOMER_FIELDS)[number];

/** What `POST /customers/{id}` can change. */
export const CHANGEABLE_FIELDS = [
  'mobile_number',
  'email_address',
  'first_name',
  'last_name',
  'mobile_country_code',
] as const satisfies readonly CustomerField[];
export type OptionalField = 'email_address' | 'first_name' | 'last_name' | 'mobile_country_code';

export interface Merchant {
  readonly merchantId: string;
  readonly apiKey: string;
}

export type CustomerValues = Partial<Record<CustomerField, string>>;

export interface Customer {
  readonly id: string;
  /** Whose it is: what `scope` made of the merchant. */
  readonly scope: string;
  values: CustomerValues;
  /** Milliseconds since 1970. */
  createdAt: number;
  updatedAt: number;
}

export type Route =
  | { readonly kind: 'create' }
  | { readonly kind: 'read' | 'update'; readonly id: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-allowed'; readonly allow: string };

/** One request, complete with its body, on its way through the reference. */
export interface Call {
  /** The how-manyeth request it is since the start, from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values as they came, alternating. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly route: Route;
  /** The same object for every request that came over one connection. */
  readonly connection: object;
  /** How many requests are under way, this one included. */
  readonly underWay: () => number;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}
export type Fields = ReadonlyMap<string, string>;

export interface Problem {
  readonly field: FormField;
  readonly kind: 'missing' | 'invalid';
}

export type Refusal =
  | 'missing'
  | 'invalid'
  | 'undecodable'
  | 'duplicate'
  | 'credential'
  | 'merchant'
  | 'unknown-customer'
  | 'no-such-path'
  | 'method'
  | 'media-type'
  | 'too-large'
  | 'full';

/** What a refusal can speak of. */
export interface Detail {
  /** The documented fields at fault, in the document's order; empty where none is. */
  readonly fields: readonly FormField[];
  /** The same as an answer writes them. */
  readonly names: readonly string[];
  readonly call: Call;
  /** The customer that is there already, for a duplicate. */
  readonly existing?: Customer;
}

/** Members in the order in which they are written. */
export type Members = Record<string, unknown>;

/** The parts of an address that the document leaves open: `true` where the reading accepts. */
export interface AddressReading {
  /** Characters that may be the first of the domain, of `_` and `.`; and the last. */
  readonly domainStart: string;
  readonly domainEnd: string;
  readonly severalAt: boolean;
  readonly twoDots: boolean;
  readonly domainSpecials: boolean;
  readonly domainWithoutDot: boolean;
  readonly labelHyphens: boolean;
  readonly nonAscii: boolean;
  readonly control: boolean;
  /** Longest local part and longest address, in characters. */
  readonly longestLocalPart: number;
  readonly longest: number;
}

export interface NameReading {
  readonly nonAscii: 'refused' | 'letters' | 'all';
  readonly control: boolean;
  readonly longest: number;
}

export interface ReferenceReading {
  /** Is a character that no rule speaks of (neither letter, digit, nor usual in an address) accepted? Gets a code point. */
  readonly character: (character: string) => boolean;
  readonly length: (value: string) => number;
  readonly longest: number;
}

export interface NumberReading {
  readonly plus: boolean;
  readonly leadingZero: boolean;
  readonly shortest: number;
  readonly longest: number;
}

export interface CountryReading {
  readonly plus: boolean;
  readonly longest: number;
  readonly known: (digits: string) => boolean;
}

export interface Credential {
  readonly user: string;
  readonly password: string;
}

export interface CredentialReading {
  readonly password: boolean;
  readonly withoutColon: boolean;
  /** `=` may be missing, or be too many. */
  readonly padding: boolean;
  readonly urlAlphabet: boolean;
}

export interface DecodingReading {
  readonly malformedEscape: 'refused' | 'kept';
  readonly invalidUtf8: 'refused' | 'replaced';
  readonly nul: 'refused' | 'kept' | 'dropped';
}

export interface Behaviour {
  // The wire
  readonly keepAliveTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** One body of the pieces in which it came. */
  joined(pieces: readonly Buffer[]): Buffer;
  /** What has to pass before the answer, where something has to. */
  pause(call: Call): Promise<void> | undefined;
  /** The last hand on a reply. */
  finished(reply: Reply, call: Call): Reply;
  send(response: ServerResponse, reply: Reply, call: Call): void;
  serialised(members: object): string;
  route(method: string, path: string): Route;
  /** An answer given before anything is looked at, where there is one. */
  beforehand(call: Call, world: World, behaviour: Behaviour): Reply | undefined;

  // Who asks
  readonly credentialReading: CredentialReading;
  /** The user name and password of an `Authorization` header. */
  credential(header: string | undefined, reading: CredentialReading): Credential | undefined;
  keyMatches(presented: string, key: string): boolean;
  /** The last word on who asks. */
  admitted(merchant: Merchant | undefined, call: Call, world: World): Merchant | undefined;
  /** The merchant to act for, from the key's merchant and the `x-merchantid` header. */
  merchantOf(merchant: Merchant, call: Call, world: World): Merchant | undefined;

  // What is said
  /** How to read a body of this media type; none where it is not supported. */
  reader(call: Call): ((body: Buffer, behaviour: Behaviour) => readonly Pair[] | undefined) | undefined;
  /** The body, a character for each byte, in pieces `key=value`. */
  pairs(body: string): readonly string[];
  keyAndValue(pair: string): readonly [key: string, value: string];
  readonly decodingReading: DecodingReading;
  decodedKey(raw: string, reading: DecodingReading): string | undefined;
  decodedValue(raw: string, reading: DecodingReading, key: string): string | undefined;
  /** One value for each field, of pairs that may repeat; none where the body is refused as a whole. */
  collected(pairs: readonly Pair[]): Fields | undefined;

  // Whether it is right
  readonly required: readonly FormField[];
  readonly whenEmpty: Readonly<Record<OptionalField, 'refused' | 'kept' | 'unsent'>>;
  readonly unknownFieldRefused: boolean;
  readonly addressReading: AddressReading;
  readonly firstNameReading: NameReading;
  readonly lastNameReading: NameReading;
  readonly referenceReading: ReferenceReading;
  readonly numberReading: NumberReading;
  readonly countryReading: CountryReading;
  /** Is this non-empty value right for the field? */
  readonly checks: Readonly<Record<FormField, (value: string, behaviour: Behaviour) => boolean>>;
  /** Is the token asked for? Undefined where the value is refused. */
  asksForToken(value: string | undefined): boolean | undefined;
  /** The last word on what is wrong. */
  problems(found: readonly Problem[], fields: Fields, call: Call): readonly Problem[];

  // What becomes of it
  /** What is kept of an accepted value. */
  readonly kept: Readonly<Record<CustomerField, (value: string, values: CustomerValues) => string>>;
  scope(merchant: Merchant): string;
  /** Two references with one key are one customer. */
  referenceKey(reference: string, fields: Fields): string;
  isDuplicate(existing: Customer, call: Call, fields: Fields): boolean;
  /** Stands between the look for a duplicate and the storing. */
  beforeStoring(call: Call, fields: Fields): Promise<void> | undefined;
  makeId(values: CustomerValues, serial: number): string;
  now(): number;
  /** Side effects of refusals; none in the reference. */
  onRefused(problems: readonly Problem[], fields: Fields, merchant: Merchant, world: World): void;
  onDuplicate(existing: Customer, fields: Fields, world: World): void;

  // What is answered
  readonly createdStatus: number;
  /** A member of the customer; undefined leaves it out. */
  echo(field: CustomerField, value: string | undefined, customer: Customer, call: Call): unknown;
  date(time: number, member: 'date_created' | 'last_updated' | 'client_auth_token_expiry', call: Call): unknown;
  token(customer: Customer, call: Call): unknown;
  tokenExpiry(createdAt: number): number;
  /** The last hand on a customer's members. */
  members(members: Members, customer: Customer, call: Call): object;
  /** How a refusal writes the name of a field. */
  fieldName(field: FormField): string;
  readonly statuses: Readonly<Record<Refusal, number>>;
  readonly bodies: Readonly<Record<Refusal, (detail: Detail) => object>>;

  // The siblings
  readonly reads: boolean;
  readonly updates: boolean;
  found(id: string, scope: string, world: World, call: Call): Customer | undefined;
  readable(customer: Customer, now: number): boolean;
  asksForTokenAtRead(query: string): boolean;
  changed(customer: Customer, values: CustomerValues): CustomerValues;
}

export interface Store {
  readonly size: number;
  byReference(scope: string, key: string): Customer | undefined;
  byId(scope: string, id: string): Customer | undefined;
  /** All of them, oldest first. */
  all(): Iterable<Customer>;
  /** False where the store is full; nothing is ever evicted. */
  add(customer: Customer, key: string): boolean;
}

/** What one running reference knows. */
export interface World {
  readonly merchants: readonly Merchant[];
  readonly store: Store;
}

/** A part of the behaviour, written otherwise. */
export type Change = (behaviour: Behaviour) => Partial<Behaviour>;
