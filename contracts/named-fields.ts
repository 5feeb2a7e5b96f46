/** Which documented fields a refusal names, and which it speaks of in other words. */
import { memberAt, type JsonValue } from './json.js';
import { FIELDS, type FieldName } from './model.js';

const MEMBER_WORDS: readonly (readonly [FieldName, RegExp])[] = FIELDS.map((field) => {
  // mobile_number is also written mobileNumber, "Mobile number" and mobile.number.
  const words = field.split(/[._]/).join('[\\s_.]*');
  return [field, new RegExp(`(?<![A-Za-z0-9])${words}(?![A-Za-z0-9])`, 'i')];
});

/** The documented fields whose whole name stands in the text, in any of its spellings. */
export function fieldNamesIn(text: string): FieldName[] {
  return MEMBER_WORDS.filter(([, pattern]) => pattern.test(text)).map(([field]) => field);
}

/**
 * The documented fields that a refusal names: those of `error_info.fields`, else those whose whole name stands in one
 * of its texts, the values that were sent left out.
 */
export function fieldsNamed(body: JsonValue | undefined, sentValues: readonly string[]): FieldName[] {
  const listed = memberAt(body, 'error_info.fields');
  if (Array.isArray(listed)) {
    const names = listed.flatMap((entry: JsonValue) => {
      const name = memberAt(entry, 'field_name');
      return typeof name === 'string' ? fieldNamesIn(name) : [];
    });
    if (names.length > 0) return [...new Set(names)];
  }
  const members = ['error_message', 'error_code', 'status', 'user_message', 'error_info.user_message', 'error_info.developer_message'];
  let text = members
    .map((member) => memberAt(body, member))
    .filter((value) => typeof value === 'string')
    .join('\n');
  for (const value of [...sentValues].sort((a, b) => b.length - a.length)) {
    if (value.length >= 3) text = text.replaceAll(value, ' ');
  }
  return fieldNamesIn(text);
}

/** Words by which a text may speak of a field without its name: they clear a refusal, and accuse none. */
const SPOKEN_OF: Readonly<Record<FieldName, RegExp>> = {
  object_reference_id: /\b(?:reference|id|identifier)\b/i,
  mobile_number: /\b(?:mobile|phone|cell)\b(?![\s_.]*country)|\bnumber\b/i,
  email_address: /\be-?mail\b/i,
  first_name: /\b(?:first|given)[\s_.]*name\b/i,
  last_name: /\b(?:last|family)[\s_.]*name\b|\bsurname\b/i,
  mobile_country_code: /\bcountry\b/i,
  'options.get_client_auth_token': /\btoken\b/i,
};

/** Whether a refusal names fields in the words of a sentence alone (no name as the wire or a program has it), and speaks of this one too. */
export function isSpokenOf(text: string, field: FieldName): boolean {
  const inCamelCase = (name: string): string => name.replace(/[._](.)/g, (_, letter: string) => letter.toUpperCase());
  if (FIELDS.some((each) => text.includes(each) || text.includes(inCamelCase(each)))) return false;
  return SPOKEN_OF[field].test(text.replace(/\w*_\w*/g, ' '));
}
