/** Which values are right, field by field. What the document leaves open is a reading, handed in. */
import type {
  AddressReading,
  Behaviour,
  CountryReading,
  CustomerValues,
  Fields,
  FormField,
  NameReading,
  NumberReading,
  OptionalField,
  Problem,
  ReferenceReading,
} from './behaviour.js';
import { CUSTOMER_FIELDS, FORM_FIELDS } from './behaviour.js';

/** At least 8 characters: doc:12. */
const SHORTEST_REFERENCE = 8;
/** Letters, digits and what addresses are made of: typical values of a reference are addresses, numbers and ids. */
const USUAL_IN_REFERENCES = /^[A-Za-z0-9!#$%&'*+\-/=?^_.{|}~`@]*$/;
const LOCAL_CHARACTER = /[A-Za-z0-9!#$%&'*+\-/=?^_.{|}~`]/;
const DOMAIN_CHARACTER = /[A-Za-z0-9.-]/;
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;
const BEYOND_ASCII = /[\u{80}-\u{10ffff}]/u;
const PRINTABLE_ASCII_NAME = /^[A-Za-z0-9().\-_]*$/;

/** Length in code points. */
export function codePoints(value: string): number {
  let length = 0;
  for (let index = 0; index < value.length; index += 1) {
    length += 1;
    if ((value.codePointAt(index) ?? 0) > 0xffff) index += 1;
  }
  return length;
}

export function referenceIsRight(value: string, reading: ReferenceReading): boolean {
  const length = reading.length(value);
  if (length < SHORTEST_REFERENCE || length > reading.longest) return false;
  if (USUAL_IN_REFERENCES.test(value)) return true;
  for (const character of value) if (!USUAL_IN_REFERENCES.test(character) && !reading.character(character)) return false;
  return true;
}

export function numberIsRight(value: string, reading: NumberReading): boolean {
  const digits = reading.plus && value.startsWith('+') ? value.slice(1) : value;
  if (!/^[0-9]+$/.test(digits) || (digits.startsWith('0') && !reading.leadingZero)) return false;
  return digits.length >= reading.shortest && digits.length <= reading.longest;
}

export function countryIsRight(value: string, reading: CountryReading): boolean {
  const digits = reading.plus && value.startsWith('+') ? value.slice(1) : value;
  return /^[0-9]+$/.test(digits) && digits.length <= reading.longest && reading.known(digits);
}

export function nameIsRight(value: string, reading: NameReading): boolean {
  if (codePoints(value) > reading.longest) return false;
  if (PRINTABLE_ASCII_NAME.test(value)) return true;
  for (const character of value) {
    if (PRINTABLE_ASCII_NAME.test(character)) continue;
    if (CONTROL.test(character) && reading.control) continue;
    if (!BEYOND_ASCII.test(character) || reading.nonAscii === 'refused') return false;
    if (reading.nonAscii === 'letters' && !/[\p{L}\p{M}\p{N}]/u.test(character)) return false;
  }
  return true;
}

/** An address; `_` and `.` stand at no edge of the local part: doc:20. */
export function addressIsRight(value: string, reading: AddressReading): boolean {
  if (codePoints(value) > reading.longest) return false;
  const at = reading.severalAt ? value.lastIndexOf('@') : value.indexOf('@');
  const local = value.slice(0, Math.max(at, 0));
  const domain = value.slice(at + 1);
  if (local === '' || domain === '' || domain.includes('@')) return false;
  if (codePoints(local) > reading.longestLocalPart || /^[._]|[._]$/.test(local)) return false;
  if (value.includes('..') && !reading.twoDots) return false;
  return made(local, reading, (character) => LOCAL_CHARACTER.test(character) || character === '@') && domainIsRight(domain, reading);
}

function domainIsRight(domain: string, reading: AddressReading): boolean {
  if (isEdge(domain.charAt(0)) && !reading.domainStart.includes(domain.charAt(0))) return false;
  if (isEdge(domain.slice(-1)) && !reading.domainEnd.includes(domain.slice(-1))) return false;
  if (!domain.includes('.') && !reading.domainWithoutDot) return false;
  if (!reading.labelHyphens && domain.split('.').some((label) => label.startsWith('-') || label.endsWith('-'))) return false;
  return made(domain, reading, (character) => {
    if (DOMAIN_CHARACTER.test(character)) return true;
    return LOCAL_CHARACTER.test(character) && (reading.domainSpecials || (character === '_' && isEdgeReading(domain, reading)));
  });
}

const isEdge = (character: string): boolean => character === '.' || character === '_';
/** A reading that has `_` at an edge of the domain has it in the domain. */
const isEdgeReading = (domain: string, reading: AddressReading): boolean =>
  (domain.startsWith('_') && reading.domainStart.includes('_')) || (domain.endsWith('_') && reading.domainEnd.includes('_'));

function made(part: string, reading: AddressReading, documented: (character: string) => boolean): boolean {
  for (const character of part) {
    if (documented(character)) continue;
    if (CONTROL.test(character) ? !reading.control : !(BEYOND_ASCII.test(character) && reading.nonAscii)) return false;
  }
  return true;
}

/** What is wrong with the fields, in the document's order; nothing for a good request. */
export function findProblems(fields: Fields, behaviour: Behaviour): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of FORM_FIELDS) {
    const value = fields.get(field);
    if (value === undefined) {
      if (behaviour.required.includes(field)) problems.push({ field, kind: 'missing' });
    } else if (!isRight(field, value, behaviour)) problems.push({ field, kind: 'invalid' });
  }
  return problems;
}

/** Is a value that was sent right for its field, the empty one included? */
export function isRight(field: FormField, value: string, behaviour: Behaviour): boolean {
  if (field === 'options.get_client_auth_token') return behaviour.checks[field](value, behaviour);
  if (value !== '') return behaviour.checks[field](value, behaviour);
  return isOptional(field) && behaviour.whenEmpty[field] !== 'refused' && !behaviour.required.includes(field);
}

/** The accepted values as they are kept. */
export function keptValues(fields: Fields, behaviour: Behaviour): CustomerValues {
  const values: CustomerValues = {};
  for (const field of CUSTOMER_FIELDS) {
    const value = fields.get(field);
    if (value === undefined || (value === '' && isOptional(field) && behaviour.whenEmpty[field] === 'unsent')) continue;
    // A copy: a slice would hold the whole body in memory for as long as the customer lives.
    values[field] = Buffer.from(value, 'utf16le').toString('utf16le');
  }
  for (const field of CUSTOMER_FIELDS) {
    const value = values[field];
    if (value !== undefined) values[field] = behaviour.kept[field](value, values);
  }
  return values;
}

function isOptional(field: FormField): field is OptionalField {
  return field === 'email_address' || field === 'first_name' || field === 'last_name' || field === 'mobile_country_code';
}
