/**
 * Does this response keep this rule: one predicate per kind of check. Pure but for `ResponseMemory`, which holds what
 * earlier responses of the same run showed.
 */
import { domainToUnicode } from 'node:url';
import { parseDateTime, precisionGap, type DateTime } from './date-time.js';
import { isJsonObject, memberAt, type JsonObject, type JsonValue, type ParsedJson } from './json.js';
import { type EchoedField, type FieldName, type Judgement, type Occasion, type ResponseCheck } from './model.js';
import { fieldNamesIn, fieldsNamed, isSpokenOf } from './named-fields.js';

/** A value that went out, and whether it is good. */
export interface SentValue {
  readonly value: string;
  readonly judgement: Judgement;
}

export interface JudgedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly complete: boolean;
  readonly json: ParsedJson;
  /** What the request sent, as a form parser reads it; undefined for a body whose reading is open. */
  readonly sent: Readonly<Partial<Record<FieldName, SentValue>>> | undefined;
  /** Fields that were sent more than once, with all their values. */
  readonly repeated: readonly { readonly field: FieldName; readonly values: readonly string[] }[];
  /** By the rules of the field: whether a value of it is good. */
  readonly judgeField: (field: FieldName, value: string) => Judgement;
  readonly tokenAsked: 'yes' | 'no' | 'open';
  /** The fields that are at fault in a refused request. */
  readonly atFault: readonly FieldName[];
  /** Texts that no response may show: the key, raw and in base64. */
  readonly secrets: readonly string[];
}

/** What of other customers must not be seen in a response. */
export interface ResponseMemory {
  /** True, once, for a value that an earlier response had in this member. */
  seenBefore(member: string, value: string): boolean;
  /** An `object_reference_id` or other value of another customer that the text shows. */
  otherCustomerIn(text: string): string | undefined;
}

export type ResponseJudgement =
  { readonly outcome: 'holds' } | { readonly outcome: 'not-applicable' } | { readonly outcome: 'broken'; readonly expected: string; readonly got: string };

const HOLDS: ResponseJudgement = { outcome: 'holds' };
const NOT_APPLICABLE: ResponseJudgement = { outcome: 'not-applicable' };
const broken = (expected: string, got: string): ResponseJudgement => ({ outcome: 'broken', expected, got });

/** The value as JSON, cut to what fits a line. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 100)}… (${text.length} characters)` : text;
}

function header(response: JudgedResponse, name: string): string | undefined {
  return response.headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** A header's date; undefined when there is none or it cannot be read. */
function dateHeader(response: JudgedResponse): number | undefined {
  const value = header(response, 'date');
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function dateTimeAt(response: JudgedResponse, member: string): DateTime | undefined {
  const value = memberAt(response.json.value, member);
  return typeof value === 'string' ? parseDateTime(value) : undefined;
}

/** Rules about members say nothing where the body is no object: the rule that wants one does. */
function object(response: JudgedResponse): JsonObject | undefined {
  return isJsonObject(response.json.value) ? response.json.value : undefined;
}

const COUNTRY_CODE = /^\+?\d{1,4}$/;

function judgeEcho(response: JudgedResponse, field: EchoedField): ResponseJudgement {
  if (response.sent === undefined) return NOT_APPLICABLE;
  const sent = response.sent[field];
  const got = memberAt(response.json.value, field);
  // That a create without a reference was accepted is for the rule that requires one; what becomes of it is no further defect.
  if (sent === undefined && field === 'object_reference_id') return NOT_APPLICABLE;
  // An empty value that was accepted is a field that was not sent, under another name.
  if (sent === undefined || (sent.value === '' && sent.judgement === 'open')) {
    const nothing = got === undefined || got === null || got === '';
    const standard = field === 'mobile_country_code' && typeof got === 'string' && COUNTRY_CODE.test(got);
    return nothing || standard
      ? HOLDS
      : broken(`${field} null, "" or absent, since it was ${sent === undefined ? 'not sent' : 'sent empty'}`, `${field} = ${show(got)}`);
  }
  // A value that breaks its own rule fails that rule; what becomes of it then is no further defect.
  if (sent.judgement === 'violating') return NOT_APPLICABLE;
  if (sent.judgement === 'open') {
    if (typeof got === 'string' && isNormalised(sent.value, got)) return HOLDS;
    return broken(`${field} = ${show(sent.value)}, as it was sent or normalised`, `${field} = ${show(got)}`);
  }
  return got === sent.value ? HOLDS : broken(`${field} = ${show(sent.value)}, exactly as it was sent`, `${field} = ${show(got)}`);
}

/** A value without regard to letter case, Unicode normal form, kinds of blanks, and the ASCII form of an address's domain. */
function folded(value: string): string {
  return value
    .replace(/(?<=@)[^@]*xn--[^@]*$/i, (domain) => domainToUnicode(domain) || domain)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\s\p{Cc}]+/gu, ' ');
}

/** What of a value survives trimming, case folding, Unicode normalisation and the loss of signs. */
function skeleton(value: string): string {
  return folded(value).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether the text can be made of the other one by leaving characters out. */
function isLeftOf(whole: string, text: string): boolean {
  let at = 0;
  for (const character of text) {
    at = whole.indexOf(character, at) + character.length;
    if (at < character.length) return false;
  }
  return true;
}

/**
 * Whether the echo can be the sent value normalised: the same letters and digits in the same order, and nothing that was
 * not sent (an escape, a doubled quote, a question mark for what was not understood are no normal form). A value may
 * have been cut at its end, and a number may have lost what stands before it (`+`, zeros, a country code).
 */
export function isNormalised(sent: string, echo: string): boolean {
  if (echo === sent) return true;
  if (!isLeftOf(folded(sent), folded(echo))) return false;
  const [before, after] = [skeleton(sent), skeleton(echo)];
  if (before === after) return true;
  if (/^[\s+]*\d[\d\s]*$/.test(sent) && after !== '' && before.endsWith(after)) return true;
  return [...sent].length > 64 && after !== '' && before.startsWith(after);
}

function judgeErrorInfo(response: JudgedResponse): ResponseJudgement {
  const info = memberAt(response.json.value, 'error_info');
  if (info === undefined || info === null) return NOT_APPLICABLE;
  if (!isJsonObject(info)) return broken('error_info is an object', `error_info = ${show(info)}`);
  const wrong = ['user_message', 'developer_message', 'code', 'category'].filter((member) => typeof info[member] !== 'string');
  return wrong.length === 0
    ? HOLDS
    : broken(`strings in error_info: ${wrong.join(', ')}`, wrong.map((member) => `${member} = ${show(info[member])}`).join(', '));
}

function judgeErrorInfoFields(response: JudgedResponse): ResponseJudgement {
  const info = memberAt(response.json.value, 'error_info');
  if (!isJsonObject(info)) return NOT_APPLICABLE;
  const fields = info['fields'];
  const expected = `error_info.fields a list of {field_name, reason} that names ${response.atFault.join(' or ')}`;
  if (!Array.isArray(fields)) return broken(expected, `fields = ${show(fields)}`);
  const entries = fields as readonly JsonValue[];
  const shaped = entries.every((entry) => typeof memberAt(entry, 'field_name') === 'string' && typeof memberAt(entry, 'reason') === 'string');
  const names = entries.flatMap((entry) => {
    const name = memberAt(entry, 'field_name');
    return typeof name === 'string' ? fieldNamesIn(name) : [];
  });
  return shaped && names.some((name) => response.atFault.includes(name)) ? HOLDS : broken(expected, `fields = ${show(fields)}`);
}

function judgeContentLength(response: JudgedResponse): ResponseJudgement {
  const values = response.headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value);
  if (values.length === 0) return NOT_APPLICABLE;
  // What is counted then is the packed body, and it comes unpacked.
  if ((header(response, 'content-encoding') ?? 'identity').toLowerCase() !== 'identity') return NOT_APPLICABLE;
  const length = Number(values[0]);
  if (response.body.length === length && response.complete) return HOLDS;
  return broken(`a body of ${values.join(', ')} bytes, as Content-Length says`, `${response.body.length} bytes`);
}

/** That a part of the token is there is for the rule about being asked; what it is, for its own. */
function isMissingTokenPart(member: string, value: JsonValue | undefined): boolean {
  return value === undefined && member.startsWith('juspay.');
}

function judgeTokenIffAsked(response: JudgedResponse): ResponseJudgement {
  if (object(response) === undefined || response.tokenAsked === 'open') return NOT_APPLICABLE;
  const juspay = memberAt(response.json.value, 'juspay');
  const token = memberAt(juspay, 'client_auth_token');
  const expiry = memberAt(juspay, 'client_auth_token_expiry');
  const shown = (value: JsonValue | undefined): boolean => value !== undefined && value !== null && value !== '';
  if (response.tokenAsked === 'yes') {
    return token !== undefined && expiry !== undefined
      ? HOLDS
      : broken('juspay with client_auth_token and client_auth_token_expiry, since the token was asked for', `juspay = ${show(juspay)}`);
  }
  return shown(token) || shown(expiry) ? broken('no client_auth_token, since it was not asked for', `juspay = ${show(juspay)}`) : HOLDS;
}

function judgeDates(response: JudgedResponse, members: readonly string[], wrong: (date: DateTime) => boolean, expected: string): ResponseJudgement {
  let judged = false;
  for (const member of members) {
    const date = dateTimeAt(response, member);
    if (date === undefined) continue;
    judged = true;
    if (wrong(date)) return broken(expected.replace('{member}', member), `${member} = ${show(memberAt(response.json.value, member))}`);
  }
  return judged ? HOLDS : NOT_APPLICABLE;
}

function judgeOrder(response: JudgedResponse, earlier: string, later: string, strictly: boolean): ResponseJudgement {
  const [first, second] = [dateTimeAt(response, earlier), dateTimeAt(response, later)];
  if (first === undefined || second === undefined) return NOT_APPLICABLE;
  const distance = second.epochMs - first.epochMs + precisionGap(first, second);
  if (strictly ? distance > 0 : distance >= 0) return HOLDS;
  const shown = [earlier, later].map((member) => `${member} = ${show(memberAt(response.json.value, member))}`).join(', ');
  return broken(`${later} ${strictly ? 'after' : 'not before'} ${earlier}`, shown);
}

/** Everything a response shows: its header values and its body, as it is on the wire. */
function shownText(response: JudgedResponse): string {
  return `${response.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${response.json.text}`;
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The same with the escapes of JSON strings (RFC 8259, section 7) as what they stand for: the u0627 of \u0627 is part of no word. */
function shownValues(response: JudgedResponse): string {
  return shownText(response).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, unit: string | undefined, one: string | undefined) =>
    unit === undefined ? (ESCAPED[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

/**
 * Judges a response by a check. The caller has made sure that the occasion fits; `not-applicable` says that this
 * response has nothing the check is about.
 */
export function judgeResponse(check: ResponseCheck, response: JudgedResponse, memory: ResponseMemory): ResponseJudgement {
  const value = (member: string): JsonValue | undefined => memberAt(response.json.value, member);
  switch (check.kind) {
    case 'status':
      return response.status === check.is ? HOLDS : broken(`status ${check.is}`, `status ${response.status}`);
    case 'media-type': {
      const type = header(response, 'content-type');
      return type?.split(';')[0]?.trim().toLowerCase() === check.is ? HOLDS : broken(`Content-Type ${check.is}`, `Content-Type ${type ?? 'absent'}`);
    }
    case 'json':
      return response.json.error === undefined ? HOLDS : broken('a JSON text in UTF-8', response.json.error);
    case 'json-object':
      if (response.json.error !== undefined) return NOT_APPLICABLE;
      return object(response) === undefined ? broken('a JSON object', show(response.json.value)) : HOLDS;
    case 'members-once':
      if (object(response) === undefined) return NOT_APPLICABLE;
      return response.json.repeated.length === 0 ? HOLDS : broken('every member once', `twice: ${response.json.repeated.join(', ')}`);
    case 'content-length':
      return judgeContentLength(response);
    case 'string': {
      if (object(response) === undefined) return NOT_APPLICABLE;
      const got = value(check.member);
      if (isMissingTokenPart(check.member, got)) return NOT_APPLICABLE;
      return typeof got === 'string' && (!check.nonEmpty || got !== '')
        ? HOLDS
        : broken(`${check.member} a ${check.nonEmpty ? 'non-empty ' : ''}string`, `${check.member} = ${show(got)}`);
    }
    case 'strings': {
      if (object(response) === undefined)
        return broken(`a JSON object with the strings ${check.members.join(', ')}`, response.json.error ?? show(response.json.value));
      const wrong = check.members.filter((member) => typeof value(member) !== 'string');
      return wrong.length === 0
        ? HOLDS
        : broken(`the strings ${check.members.join(', ')}`, wrong.map((member) => `${member} = ${show(value(member))}`).join(', '));
    }
    case 'constant': {
      if (object(response) === undefined) return NOT_APPLICABLE;
      return value(check.member) === check.is ? HOLDS : broken(`${check.member} = ${show(check.is)}`, `${check.member} = ${show(value(check.member))}`);
    }
    case 'pattern': {
      const got = value(check.member);
      if (typeof got !== 'string' || got === '') return NOT_APPLICABLE;
      return new RegExp(check.pattern, 'u').test(got) ? HOLDS : broken(`${check.member}: ${check.reads}`, `${check.member} = ${show(got)}`);
    }
    case 'distinct': {
      const got = value(check.member);
      if (typeof got !== 'string' || got === '') return NOT_APPLICABLE;
      return memory.seenBefore(check.member, got) ? broken(`a ${check.member} that no other customer got`, `${check.member} = ${show(got)} again`) : HOLDS;
    }
    case 'echo':
      return object(response) === undefined ? NOT_APPLICABLE : judgeEcho(response, check.field);
    case 'repeated-echo': {
      if (response.repeated.length === 0) return NOT_APPLICABLE;
      for (const { field, values } of response.repeated) {
        const got = value(field);
        // A good value that comes back changed is for the rule about the echo.
        const kept = typeof got === 'string' && values.some((sent) => response.judgeField(field, sent) === 'violating' && got.includes(sent));
        const joined = typeof got === 'string' && values.every((sent) => got.includes(sent)) && new Set(values).size > 1;
        if (
          (typeof got !== 'string' && got !== null && got !== undefined) ||
          ((kept || joined) && typeof got === 'string' && response.judgeField(field, got) === 'violating')
        ) {
          return broken(`${field} with a value that its own rules allow, or a refusal`, `${field} = ${show(got)}`);
        }
      }
      return HOLDS;
    }
    case 'date-time': {
      if (object(response) === undefined) return NOT_APPLICABLE;
      const got = value(check.member);
      if (isMissingTokenPart(check.member, got)) return NOT_APPLICABLE;
      return typeof got === 'string' && parseDateTime(got) !== undefined
        ? HOLDS
        : broken(`${check.member} a date and time with an offset`, `${check.member} = ${show(got)}`);
    }
    case 'utc':
      return judgeDates(response, check.members, (date) => date.offsetMinutes !== 0, '{member} in UTC');
    case 'near-date-header': {
      const now = dateHeader(response);
      if (now === undefined) return NOT_APPLICABLE;
      const far = (date: DateTime): boolean => Math.abs(date.epochMs - now) > check.withinSeconds * 1000;
      return judgeDates(response, check.members, far, `{member} within ${check.withinSeconds / 60} minutes of Date: ${header(response, 'date') ?? ''}`);
    }
    case 'not-before':
      return judgeOrder(response, check.earlier, check.later, false);
    case 'after':
      return judgeOrder(response, check.earlier, check.later, true);
    case 'lifetime': {
      const [from, to] = [dateTimeAt(response, check.from), dateTimeAt(response, check.to)];
      if (from === undefined || to === undefined) return NOT_APPLICABLE;
      const seconds = (to.epochMs - from.epochMs) / 1000;
      return Math.abs(seconds - check.seconds) <= check.tolerance
        ? HOLDS
        : broken(`${check.to} ${check.seconds / 60} minutes after ${check.from}`, `${seconds} seconds after it`);
    }
    case 'token-iff-asked':
      return judgeTokenIffAsked(response);
    case 'no-credential': {
      const text = `${shownText(response)}\n${shownValues(response)}`;
      // The value itself is never put into a report.
      return response.secrets.some((secret) => text.includes(secret))
        ? broken('a response without the API key', 'the API key, or its base64, in the response')
        : HOLDS;
    }
    case 'no-other-customer': {
      const other = memory.otherCustomerIn(shownValues(response));
      return other === undefined ? HOLDS : broken('a response about its own request alone', `${show(other)}, which belongs to another customer`);
    }
    case 'names-field': {
      if (object(response) === undefined || response.atFault.length === 0) return NOT_APPLICABLE;
      const sentValues = Object.values(response.sent ?? {}).map((sent) => sent.value);
      const named = fieldsNamed(response.json.value, sentValues);
      if (named.length === 0 || named.some((field) => response.atFault.includes(field))) return HOLDS;
      if (response.atFault.some((field) => isSpokenOf(response.json.text, field))) return HOLDS;
      return broken(`${response.atFault.join(' or ')} among the fields that the refusal names`, `it names ${named.join(', ')}`);
    }
    case 'error-info':
      return judgeErrorInfo(response);
    case 'error-info-fields':
      return response.atFault.length === 0 ? NOT_APPLICABLE : judgeErrorInfoFields(response);
  }
}

/** Whether a rule for `on` is judged on a response of `occasion`. */
export function occasionFits(on: Occasion, occasion: Exclude<Occasion, 'any' | 'missing-or-invalid' | 'refused'> | 'other'): boolean {
  if (on === 'any' || on === occasion) return true;
  if (on === 'created') return occasion === 'created-with-token';
  if (on === 'refused') return ['missing', 'invalid', 'duplicate', 'credential', 'unknown-customer'].includes(occasion);
  return on === 'missing-or-invalid' && (occasion === 'missing' || occasion === 'invalid');
}
