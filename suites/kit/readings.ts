/** Readings of open rules that a response shows by itself, whatever its request was sent for. */
import { isJsonObject, memberAt, type JsonValue } from '../../contracts/json.js';
import { parseDateTime } from '../../contracts/date-time.js';
import { isNormalised } from '../../contracts/judge-response.js';
import { ECHOED_FIELDS, FIELDS } from '../../contracts/model.js';
import { fieldOf } from './draft.js';
import { judgeFieldValue, occasionOf, type Observation } from './observation.js';

export interface PassiveReading {
  readonly question: string;
  readonly name: string;
  readonly reading: string;
}

const DOCUMENTED = new Set(['id', 'object', 'date_created', 'last_updated', 'juspay', ...ECHOED_FIELDS]);

function unsentReading(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return value === '' ? 'empty' : 'default';
}

function* ofCreated(observation: Observation): Generator<PassiveReading> {
  const { draft, json, intent } = observation;
  if (draft.readingOpen === true || !isJsonObject(json.value)) return;
  for (const field of ECHOED_FIELDS) {
    const sent = fieldOf(draft, field);
    const got = json.value[field];
    if (sent === undefined) {
      const reading = unsentReading(got);
      // A value that nobody sent is no reading: the rule about the echo says so.
      if (reading !== 'default' || field === 'mobile_country_code') yield { question: 'response/unsent', name: field, reading };
    } else if (intent.question !== undefined && judgeFieldValue(field, sent) === 'open') {
      const reading = got === sent ? 'unchanged' : sent === '' ? 'empty' : typeof got === 'string' && isNormalised(sent, got) ? 'normalised' : 'empty';
      yield { question: 'response/open-echo', name: `${field}: ${intent.question.case}`, reading };
    }
  }
  for (const member of ['date_created', 'last_updated', 'juspay.client_auth_token_expiry']) {
    const value = memberAt(json.value, member);
    const date = typeof value === 'string' ? parseDateTime(value) : undefined;
    // A fraction of zero is left out by many a formatter, so it is no reading of its own.
    if (date !== undefined) yield { question: 'response/date-format', name: member, reading: date.format.replace(' with a fraction', '') };
  }
  if (intent.good === true) {
    const extra = Object.keys(json.value).filter((member) => !DOCUMENTED.has(member));
    const sent = FIELDS.filter((field) => fieldOf(draft, field) === undefined);
    const token = fieldOf(draft, 'options.get_client_auth_token') === 'true' ? 'with a token' : 'without a token';
    const values = FIELDS.slice(1).map((field) => fieldOf(draft, field) ?? '');
    yield {
      question: 'response/undocumented-members',
      // What a target says of some values only is another case with others.
      name: `${sent.length === 0 ? token : `${token}, without ${sent.join(', ')}`}: ${values.join(' ')}`,
      reading: extra.sort().join(', ') || 'none',
    };
  }
}

/** A member as text; undefined where it is none. */
function textAt(value: JsonValue | undefined, member: string): string | undefined {
  const got = memberAt(value, member);
  return typeof got === 'string' ? got : undefined;
}

/** Which documented body a refusal is, by its code; the wording is nobody's promise. */
export function bodyOf(value: JsonValue): 'page' | 'sea' | 'v2' | 'other' {
  const code = textAt(value, 'error_code') ?? '';
  const flat = memberAt(value, 'error_info') === undefined;
  if (code === 'Mandatory fields are missing') return 'page';
  if (!flat && ['Invalid Request', 'unique', 'access_denied', 'object_not_found'].includes(code)) return 'sea';
  return flat && ['nullable', 'unique', 'missing_authentication'].includes(code) ? 'v2' : 'other';
}

function* ofRefusal(observation: Observation, kind: string): Generator<PassiveReading> {
  const { draft, json, intent } = observation;
  if (!isJsonObject(json.value)) return;
  // The same value, where it is at fault: a code may depend on all of it.
  const values = (intent.atFault ?? []).filter((field) => field !== 'object_reference_id').map((field) => fieldOf(draft, field) ?? '');
  const name = [`${intent.ruleId}: ${intent.note}`, ...values].join(' ');
  yield { question: 'error/form', name, reading: isJsonObject(json.value['error_info']) ? 'with error_info' : 'flat' };
  yield { question: `error/${kind}-body`, name, reading: bodyOf(json.value) };
  const texts = [String(observation.response?.status ?? ''), ...['status', 'error_code', 'error_info.code'].map((member) => textAt(json.value, member))];
  yield { question: 'error/texts', name, reading: texts.filter((text) => text !== undefined).join(' · ') };
}

/** Everything that is open and that this response answers. */
export function passiveReadings(observation: Observation): readonly PassiveReading[] {
  const occasion = occasionOf(observation);
  switch (occasion) {
    case 'created':
    case 'created-with-token':
      return [...ofCreated(observation)];
    case 'other':
      return [];
    default:
      return [...ofRefusal(observation, occasion)];
  }
}
