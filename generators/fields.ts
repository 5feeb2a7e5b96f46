/** What is good in each field whatever else is under test, and what fills the parts of a value that do not matter. */
import type { Alphabet, FieldName } from '../contracts/model.js';
import { cycle, LOWER } from './characters.js';
import type { Fresh } from './input.js';

/** How long an ordinary reference is: within 12 to 40, where no reading refuses it. */
export const ORDINARY_REFERENCE_LENGTH = 20;
/** A reference with other characters in it keeps this length at least, so that its unique part stays unique. */
export const SHORTEST_SAFE_REFERENCE = 12;

/** The domain of addresses; reserved, so that no message ever reaches anyone. */
export const DOMAIN = 'example.com';
/** The local part of addresses where it does not matter. */
export const LOCAL_PART = 'user';

const GOOD: Readonly<Record<Exclude<FieldName, 'object_reference_id'>, string>> = {
  mobile_number: '987654321',
  email_address: `${LOCAL_PART}@${DOMAIN}`,
  first_name: 'Maria',
  last_name: 'Silva',
  mobile_country_code: '55',
  'options.get_client_auth_token': 'true',
};

/** A value of the field that no reading refuses. */
export function goodValue(field: FieldName, fresh: Fresh): string {
  return field === 'object_reference_id' ? fresh(ORDINARY_REFERENCE_LENGTH, 'word') : GOOD[field];
}

/** Ordinary characters of a field other than the reference, exactly `length` of them. */
export function ordinary(alphabet: Alphabet, length: number): string {
  return cycle(alphabet === 'digits' ? '987654321' : LOWER, length);
}

/** Whether ordinary characters of a field are digits. */
export function isNumeric(field: FieldName): boolean {
  return field === 'mobile_number' || field === 'mobile_country_code';
}
