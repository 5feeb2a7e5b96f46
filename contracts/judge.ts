/**
 * Does this request keep this rule: one predicate for each kind of constraint. Three answers, since much of what can be
 * sent is left open: `violating` only what no reading of the document allows, `conforming` only what none forbids.
 */
import {
  FIELDS,
  type CharsetConstraint,
  type Constraint,
  type CredentialConstraint,
  type CredentialForm,
  type EdgesConstraint,
  type FieldName,
  type FormsConstraint,
  type InputRule,
  type Judgement,
  type LengthConstraint,
  type MediaTypeConstraint,
  type MerchantConstraint,
  type MerchantForm,
  type OddForm,
  type PresenceConstraint,
  type ReferenceForm,
  type SeparatorConstraint,
  type ValueConstraint,
} from './model.js';

/** A request as the judge sees it: decoded. */
export interface JudgedRequest {
  readonly method: string;
  /** As on the wire, with its query. */
  readonly path: string;
  /** Names in the letter case in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The fields of the body in their order; `undefined` where it cannot be decoded. */
  readonly fields: readonly (readonly [name: string, value: string])[] | undefined;
  readonly rawBody?: Uint8Array;
  /** Without it a credential is judged by its form alone. */
  readonly apiKey?: string;
}

/** The worst of several: one violation spoils all, one open question leaves all open. */
function worst(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes('violating')) return 'violating';
  return judgements.includes('open') ? 'open' : 'conforming';
}

const within = <T>(list: readonly T[], value: T): Judgement => (list.includes(value) ? 'conforming' : 'open');

/** Judges one decoded value of the field that the constraint is about. */
export function judgeValue(constraint: ValueConstraint, value: string): Judgement {
  switch (constraint.kind) {
    case 'length':
      return judgeLength(constraint, value);
    case 'charset':
      return judgeCharset(constraint, value);
    case 'edges':
      return judgeEdges(constraint, value);
    case 'separator':
      return judgeSeparator(constraint, value);
    case 'examples':
      return within(constraint.values, value);
    case 'forms':
      return judgeForms(constraint, value);
    case 'open-values':
      return 'open';
    default:
      return constraint satisfies never;
  }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a target may count as characters: UTF-16 units, code points, graphemes. Bytes are no reading. */
function lengthsOf(value: string): number[] {
  // Printable ASCII counts alike in all of them, and taking graphemes apart is slow.
  if (/^[ -~]*$/.test(value)) return [value.length];
  return [value.length, [...value].length, [...graphemes.segment(value)].length];
}

function judgeLength(constraint: LengthConstraint, value: string): Judgement {
  const lengths = lengthsOf(value);
  const { min, max, below, above } = constraint;
  if (lengths.every((length) => length < min)) return below;
  if (lengths.every((length) => length > max)) return above;
  return lengths.every((length) => length >= min && length <= max) ? 'conforming' : 'open';
}

/** The two sides of an address with exactly one `@`; how several part it is left open. */
function sides(value: string): { readonly local: string; readonly domain: string } | undefined {
  const [local = '', domain, ...others] = value.split('@');
  return domain === undefined || others.length > 0 ? undefined : { local, domain };
}

/** Two labels or more, of lower-case letters, digits and inner hyphens: what of a domain is certainly good. */
const PLAIN_DOMAIN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)+$/;

function judgeCharset(constraint: CharsetConstraint, value: string): Judgement {
  const { allowed, forbidden, notAtEdges = '', openInFront = '' } = constraint;
  const bad = [...value].some((character, index) => forbidden.includes(character) && !(index === 0 && openInFront.includes(character)));
  if (bad) return 'violating';
  let scope = value;
  if (constraint.scope === 'local-part') {
    const parts = sides(value);
    if (!parts || !PLAIN_DOMAIN.test(parts.domain)) return 'open';
    scope = parts.local;
  }
  if (scope === '' || ![...scope].every((character) => allowed.includes(character))) return 'open';
  // What happens to these at the edges is for another rule to say.
  return isAtEdge(scope, notAtEdges) ? 'open' : 'conforming';
}

/** Whether a text begins or ends with one of the characters. */
function isAtEdge(text: string, characters: string): boolean {
  return [...characters].some((character) => text.startsWith(character) || text.endsWith(character));
}

function judgeEdges(constraint: EdgesConstraint, value: string): Judgement {
  const parts = sides(value);
  if (!parts || parts.local === '') return 'open';
  return isAtEdge(parts.local, constraint.characters) ? 'violating' : 'conforming';
}

function judgeSeparator(constraint: SeparatorConstraint, value: string): Judgement {
  const separators = value.split(constraint.separator).length - 1;
  // An empty address, and one with several separators, are left open.
  if (value === '' || separators > 1) return 'open';
  return separators === 1 && !value.startsWith(constraint.separator) && !value.endsWith(constraint.separator) ? 'conforming' : 'violating';
}

const FORMS: Readonly<Record<ReferenceForm, RegExp>> = {
  prefixed: /^[A-Za-z0-9_]{8,}$/,
  // The characters of addresses, in front of the @ and neither `_` nor `.` at the edges nor two dots in a row.
  email: /^(?![_.])(?!.*\.\.)[A-Za-z0-9!#$%&'*+\-/=?^_.{|}~`]+(?<![_.])@[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/,
  mobile: /^[0-9]{8,}$/,
  'database-id': /^[0-9]{8,}$/,
};

function judgeForms(constraint: FormsConstraint, value: string): Judgement {
  return constraint.forms.some((form) => FORMS[form].test(value) && value.length >= 8) ? 'conforming' : 'open';
}

/** Whether nothing about the value is left open that no single constraint tells: facts about fields, beside those about rules. */
function isCertain(field: FieldName, value: string): boolean {
  switch (field) {
    case 'mobile_number':
      return !value.startsWith('0');
    case 'email_address': {
      const parts = sides(value);
      // 64 and 128 are limits of an old server, beyond which nothing is promised.
      return parts !== undefined && PLAIN_DOMAIN.test(parts.domain) && !value.includes('..') && parts.local.length <= 64 && value.length <= 128;
    }
    case 'object_reference_id':
    case 'first_name':
    case 'last_name':
    case 'mobile_country_code':
    case 'options.get_client_auth_token':
      return value !== '';
  }
}

const isAbout = (rule: InputRule, field: FieldName): boolean => {
  const { constraint } = rule;
  if ('field' in constraint) return constraint.field === field;
  return constraint.kind === 'presence' && constraint.fields.includes(field);
};

/**
 * Judges a value of a field by all that the rules say of the field: violating if one of them is broken, conforming if each is
 * kept and nothing about the value is left open. Good values that are listed add up: one list that has the value is enough.
 */
export function judgeField(field: FieldName, value: string, rules: readonly InputRule[]): Judgement {
  const about = rules.filter((rule) => isAbout(rule, field)).map(({ constraint }) => constraint);
  const isList = (constraint: Constraint): boolean => constraint.kind === 'examples' || constraint.kind === 'forms';
  const judgeOne = (constraint: Constraint): Judgement => judge(constraint, { method: 'POST', path: '/customers', headers: [], fields: [[field, value]] });
  // Rules of the presence of several fields say nothing of the value of one.
  const single = about.filter((constraint) => constraint.kind !== 'presence' || constraint.fields.length === 1);
  const lists = single.filter(isList).map(judgeOne);
  const listed: Judgement = lists.length === 0 || lists.includes('conforming') ? 'conforming' : 'open';
  const together = worst([...single.filter((constraint) => !isList(constraint)).map(judgeOne), listed]);
  return together === 'conforming' && !isCertain(field, value) ? 'open' : together;
}

/** Judges a request by one constraint. A constraint on the value of a field that is not sent is kept; whether the field may be absent is for presence to say. */
export function judge(constraint: Constraint, request: JudgedRequest): Judgement {
  switch (constraint.kind) {
    case 'presence':
      return judgePresence(constraint, request);
    case 'length':
    case 'charset':
    case 'edges':
    case 'separator':
    case 'examples':
    case 'forms':
      return judgeSent(constraint, request);
    case 'open-values':
      return valuesOf(request, constraint.field)?.length === 0 && !Object.values(constraint.cases).includes(null) ? 'conforming' : 'open';
    case 'credential':
      return judgeCredential(constraint, request);
    case 'merchant':
      return judgeMerchant(constraint, request);
    case 'media-type':
      return judgeMediaType(constraint, request);
    case 'transfer':
      return headersOf(request, 'transfer-encoding').length + headersOf(request, 'content-length').length === 1 ? 'conforming' : 'open';
    case 'path':
      return /^\/customers(?:\?|$)/.test(request.path) ? 'conforming' : 'open';
    // Equal spellings are equal requests: none of them is wrong, and only a body that cannot be read at all is left open.
    case 'spelling':
      return request.fields ? 'conforming' : 'open';
    case 'odd-form':
      return hasOddForm(constraint.form, request) ? 'open' : 'conforming';
    // It is for the server to keep, whatever the request.
    case 'robustness':
      return 'conforming';
    default:
      return constraint satisfies never;
  }
}

/** Every value sent for a field; `undefined` where the body cannot be decoded. */
function valuesOf(request: JudgedRequest, field: FieldName): string[] | undefined {
  return request.fields?.filter(([name]) => name === field).map(([, value]) => value);
}

function judgeSent(constraint: ValueConstraint, request: JudgedRequest): Judgement {
  const values = valuesOf(request, constraint.field);
  // An undecodable body has no field at fault, and which of several values counts is left open.
  if (!values || values.length > 1) return 'open';
  const [value] = values;
  return value === undefined ? 'conforming' : judgeValue(constraint, value);
}

function judgePresence(constraint: PresenceConstraint, request: JudgedRequest): Judgement {
  return worst(
    constraint.fields.map((field) => {
      const values = valuesOf(request, field);
      if (!values || values.length > 1) return 'open';
      const [value] = values;
      if (constraint.presence === 'required') return value === undefined || value === '' ? 'violating' : 'conforming';
      // "May be left out" says nothing of sending it empty.
      return value === '' ? 'open' : 'conforming';
    }),
  );
}

/** The values of a header, however its name is written. */
function headersOf(request: JudgedRequest, name: string): string[] {
  return request.headers.filter(([sent]) => sent.toLowerCase() === name).map(([, value]) => value);
}

/** What a request departs in from the canonical form, judged by the lists of the constraint: nothing is good, what is on no list is open. */
function judgeForm<Form>(
  departures: readonly Form[] | undefined,
  lists: { readonly conforming: readonly Form[]; readonly violating?: readonly Form[] },
): Judgement {
  if (!departures) return 'open';
  return worst(departures.map((form) => (lists.violating?.includes(form) ? 'violating' : within(lists.conforming, form))));
}

function judgeCredential(constraint: CredentialConstraint, request: JudgedRequest): Judgement {
  const values = headersOf(request, 'authorization');
  if (values.length > 1) return 'open';
  return judgeForm(credentialDepartures(values[0], request.apiKey), constraint);
}

function schemeDeparture(scheme: string): CredentialForm[] {
  if (scheme === 'Basic') return [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return [scheme === 'basic' ? 'scheme-lower-case' : scheme === 'BASIC' ? 'scheme-upper-case' : 'scheme-mixed-case'];
    case 'bearer':
      return ['bearer'];
    case 'digest':
      return ['digest'];
    default:
      return ['unknown-scheme'];
  }
}

/** How a credential departs from `Basic base64(KEY:)`, in every way that it does; `undefined` where that cannot be told. */
function credentialDepartures(header: string | undefined, apiKey: string | undefined): readonly CredentialForm[] | undefined {
  if (header === undefined) return ['absent'];
  const value = header.trim();
  if (value === '') return ['empty-header'];
  if (value === apiKey) return ['raw-key'];
  const [scheme = '', ...rest] = value.split(/\s+/);
  const credential = rest.join(' ');
  const ofScheme = schemeDeparture(scheme);
  if (credential === '') return [...ofScheme, 'scheme-only'];
  if (credential === apiKey) return [...ofScheme, 'raw-key'];
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(credential)) return [...ofScheme, 'not-base64'];
  const ofKey = keyDepartures(Buffer.from(credential, 'base64').toString('utf8'), apiKey);
  return ofKey && [...ofScheme, ...base64Departures(credential), ...ofKey];
}

function base64Departures(credential: string): CredentialForm[] {
  const digits = credential.replace(/=+$/, '');
  const padding = credential.length - digits.length;
  const needed = (4 - (digits.length % 4)) % 4;
  return [
    ...(/[-_]/.test(digits) ? (['url-alphabet'] as const) : []),
    ...(padding < needed ? (['padding-missing'] as const) : []),
    ...(padding > needed ? (['padding-doubled'] as const) : []),
  ];
}

/** How the decoded credential departs from the key and a colon. */
function keyDepartures(decoded: string, apiKey: string | undefined): CredentialForm[] | undefined {
  const colon = decoded.indexOf(':');
  const user = colon < 0 ? decoded : decoded.slice(0, colon);
  const password = colon < 0 ? '' : decoded.slice(colon + 1);
  const form: CredentialForm[] = [...(colon < 0 ? (['without-colon'] as const) : []), ...(password === '' ? [] : (['with-password'] as const))];
  if (user === '') return [password !== '' && password === apiKey ? 'key-as-password' : 'empty-user'];
  // Without the key at hand any user name may be the right one.
  if (apiKey === undefined) return undefined;
  if (user === apiKey) return form;
  return [...form, otherKey(user, apiKey)];
}

function otherKey(user: string, apiKey: string): CredentialForm {
  if (user.startsWith(apiKey)) return 'key-extension';
  if (apiKey.startsWith(user)) return 'key-prefix';
  if (user.toLowerCase() === apiKey.toLowerCase()) return 'key-other-case';
  return user.length === apiKey.length && user.slice(0, -1) === apiKey.slice(0, -1) ? 'last-character-changed' : 'other-key';
}

function judgeMerchant(constraint: MerchantConstraint, request: JudgedRequest): Judgement {
  const sent = request.headers.filter(([name]) => name.toLowerCase() === 'x-merchantid');
  return sent.length > 1 ? 'open' : judgeForm(merchantDepartures(sent[0]), constraint);
}

/** Which merchant is meant cannot be told from the request, so that another one is not among these. */
function merchantDepartures(header: readonly [name: string, value: string] | undefined): MerchantForm[] {
  if (!header) return ['absent'];
  const [name, value] = header;
  const ofName: MerchantForm[] = name === 'x-merchantid' ? [] : [name === name.toUpperCase() ? 'name-upper-case' : 'name-mixed-case'];
  if (value.trim() === '') return [...ofName, 'empty'];
  return /^[A-Za-z0-9_.-]+$/.test(value.trim()) ? ofName : [...ofName, 'odd-characters'];
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A media type without what means nothing in it: letter case of type, parameter name and charset, blanks, quotes. */
function normalised(mediaType: string): string {
  return mediaType.toLowerCase().replaceAll(/[\s"]/g, '');
}

function judgeMediaType(constraint: MediaTypeConstraint, request: JudgedRequest): Judgement {
  const [value, ...others] = headersOf(request, 'content-type');
  if (value === undefined || others.length > 0) return 'open';
  return normalised(value) === FORM_TYPE ? 'conforming' : within(constraint.conforming.map(normalised), normalised(value));
}

function hasOddForm(form: OddForm, request: JudgedRequest): boolean {
  const { fields, rawBody } = request;
  switch (form) {
    case 'repeated':
      return fields !== undefined && new Set(fields.map(([name]) => name)).size < fields.length;
    case 'unknown-field':
      return fields?.some(([name]) => !FIELDS.some((field) => field === name)) ?? false;
    case 'malformed-escape':
      return rawBody !== undefined && /%(?![0-9A-Fa-f]{2})/.test(Buffer.from(rawBody).toString('latin1'));
    case 'invalid-utf-8':
      return rawBody !== undefined && !isUtf8(percentDecoded(rawBody));
    case 'nul':
      return (rawBody !== undefined && percentDecoded(rawBody).includes(0)) || (fields?.some(([name, value]) => (name + value).includes('\0')) ?? false);
    default:
      return form satisfies never;
  }
}

/** The bytes that escapes stand for, in their place (URL Standard, percent-decode). */
function percentDecoded(body: Uint8Array): Buffer {
  const text = Buffer.from(body).toString('latin1');
  return Buffer.from(
    text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
