/**
 * Which open question a value falls under. The judge says that something about a value is open; here is what. Two of
 * these questions are recommendations of the page, and so warnings: numbers without a plus, and without the country code.
 */
import type { FieldName } from '../../contracts/model.js';

export interface OpenCase {
  readonly ruleId: string;
  readonly verdict: 'warn' | 'observed';
  readonly got: string;
  readonly expected: string;
}

const open = (ruleId: string, got: string, expected = 'the page leaves it open: a target may accept or refuse it'): OpenCase => ({
  ruleId,
  verdict: 'observed',
  got,
  expected,
});
const advice = (ruleId: string, got: string, expected: string): OpenCase => ({ ruleId, verdict: 'warn', got, expected });

/** Lengths up to which an old server took them; nothing is promised beyond (the rules have their sources). */
const LONGEST_NAME = 64;
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 128;
/** Up to here every target takes a reference. */
const LONGEST_REFERENCE = 128;

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;
const characters = (text: string): string[] => [...new Set([...text])];
const shown = (found: readonly string[]): string =>
  found
    .slice(0, 8)
    .map((character) => JSON.stringify(character))
    .join(' ');

/** The open questions that a value raises. `others` gives the other fields of the request. */
export function openCases(field: FieldName, value: string, others: (field: FieldName) => string | undefined): OpenCase[] {
  switch (field) {
    case 'object_reference_id':
      return referenceCases(value);
    case 'mobile_number':
      return numberCases(value, others('mobile_country_code'));
    case 'email_address':
      return addressCases(value);
    case 'first_name':
    case 'last_name':
      return nameCases(field, value);
    case 'mobile_country_code':
      return countryCases(value);
    case 'options.get_client_auth_token':
      // For a client the page is plain: true or false.
      return [];
  }
}

function referenceCases(value: string): OpenCase[] {
  const length = [...value].length;
  const beyond = characters(value).filter((character) => !/[A-Za-z0-9_.@]/.test(character));
  return [
    ...(beyond.length > 0 ? [open('object_reference_id/characters', `${shown(beyond)} in the reference`)] : []),
    ...(length > LONGEST_REFERENCE ? [open('object_reference_id/max-length', `${String(length)} characters`)] : []),
    ...(length < 8 && value.length >= 8
      ? [open('object_reference_id/length-unit', `${String(length)} code points in ${String(value.length)} UTF-16 units`)]
      : []),
  ];
}

/** Country codes of the page and of the published samples. */
const COUNTRY_CODES = ['55', '65', '91'] as const;

function numberCases(value: string, country: string | undefined): OpenCase[] {
  const rule = 'mobile_number/plus';
  if (value.startsWith('+')) return [advice(rule, 'a leading +', 'the number without the + and without the country code, which has a field of its own')];
  if (!/^[0-9]+$/.test(value)) return [];
  const code = [...(country === undefined ? [] : [country.replace(/^\+/, '')]), ...COUNTRY_CODES].find((each) => each !== '' && value.startsWith(each));
  if (value.length > 10 && code !== undefined && value.length - code.length >= 8 && value.length - code.length <= 11) {
    return [advice(rule, `the country code ${code} in front of the number`, 'the number without its country code, which has a field of its own')];
  }
  return [
    ...(value.startsWith('0') ? [open('mobile_number/leading-zero', 'a leading 0')] : []),
    ...(value.length < 8 || value.length > 10
      ? [open('mobile_number/other-lengths', `${String(value.length)} digits`, '8 to 10 digits are sure to be accepted')]
      : []),
  ];
}

function countryCases(value: string): OpenCase[] {
  if (value === '') return [open('mobile_country_code/empty', 'an empty value')];
  if (value.startsWith('+')) return [advice('mobile_country_code/plus', 'a leading +', 'the digits of the country code alone')];
  if (!/^[0-9]+$/.test(value) || COUNTRY_CODES.some((code) => code === value)) return [];
  if (value.length > 4) return [open('mobile_country_code/long', `${String(value.length)} digits`)];
  return [open('mobile_country_code/unknown', `the code ${value}, which the page does not name`)];
}

function nameCases(field: 'first_name' | 'last_name', value: string): OpenCase[] {
  if (value === '') return [open(`${field}/empty`, 'an empty value')];
  const beyond = characters(value).filter((character) => !isAscii(character));
  return [
    ...(beyond.length > 0 ? [open(`${field}/non-ascii`, `${shown(beyond)} in the name`)] : []),
    ...(CONTROL.test(value) ? [open(`${field}/control`, 'a control character')] : []),
    ...([...value].length > LONGEST_NAME ? [open(`${field}/max-length`, `${String([...value].length)} characters`)] : []),
  ];
}

function addressCases(value: string): OpenCase[] {
  const rule = (id: string): string => `email_address/${id}`;
  if (value === '') return [open(rule('empty'), 'an empty value')];
  const at = value.lastIndexOf('@');
  const [local, domain] = [value.slice(0, Math.max(at, 0)), value.slice(at + 1)];
  const beyond = characters(value).filter((character) => !isAscii(character));
  const cases: OpenCase[] = [
    ...(beyond.length > 0 ? [open(rule('non-ascii'), `${shown(beyond)} in the address`)] : []),
    ...(CONTROL.test(value) ? [open(rule('control'), 'a control character')] : []),
    ...(local.includes('@') ? [open(rule('several-at'), 'several @')] : []),
    ...(value.includes('..') ? [open(rule('two-dots'), 'two dots in a row')] : []),
    ...(local.length > LONGEST_LOCAL_PART || value.length > LONGEST_ADDRESS
      ? [open(rule('max-length'), `${String(value.length)} characters, ${String(local.length)} of them before the @`)]
      : []),
  ];
  if (at < 1 || domain === '') return cases;
  const labels = domain.split('.');
  return [
    ...cases,
    ...(/^[._]|[._]$/.test(domain) ? [open(rule('domain-edges'), '_ or . at an edge of the domain')] : []),
    ...(labels.some((label) => label.startsWith('-') || label.endsWith('-')) ? [open(rule('label-hyphens'), 'a hyphen at the edge of a label')] : []),
    ...(labels.length === 1 ? [open(rule('domain-without-dot'), 'a domain without a dot')] : []),
    ...(isAscii(domain) && /[^A-Za-z0-9.-]/.test(domain.replace(/^[._]|[._]$/g, ''))
      ? [open(rule('domain-specials'), 'special characters in the domain')]
      : []),
  ];
}
