/** Good texts that programs take for something else: words of JSON, YAML, SQL and of languages, numbers, members of every object. */
import type { CharsetConstraint } from '../contracts/model.js';
import { DIGITS, LOWER, UPPER } from './characters.js';

/** A form body knows text only, so each of these comes back as the text it is; nothing here is a literal of the document. */
const WORDS = [
  'null',
  'Select-Union.Drop_script',
  '007',
  'No',
  'a',
  'true',
  'McDonald',
  'undefined',
  'on',
  '1e5',
  '__proto__',
  'false',
  'NaN',
  '0x10',
  'constructor',
  'None',
  '-1',
  '1.0',
  '.5',
  'Infinity',
  '-0',
  'NULL',
  'True',
  'toString',
  '1_000',
  'O.-Reilly',
  '00000000',
  '12345678901234567890',
  'Z',
  '0',
  'yes',
  'off',
  'y',
  'nil',
  'Inf',
  'NA',
  'Insert',
  'Delete',
  'Or',
  'script',
  'eval',
  'exec',
  'rm',
] as const;

/**
 * A published sample, then the largest of their length, zeros that a number would lose, powers of two that integers overflow at, and
 * numbers that begin as country codes do.
 */
const NUMBERS = [
  '987654321',
  '9999999999',
  '5598765432',
  '10000000',
  '2147483648',
  '6591234567',
  '4294967296',
  '9198765432',
  '12345678',
  '99887766',
  '9988776655',
  '1000000000',
  '98765432',
] as const;

/** Texts worth sending for a charset rule; those that the rule's other limits refuse are left out by the caller. */
export function goodTexts(constraint: CharsetConstraint): readonly string[] {
  if (constraint.field === 'mobile_number') return NUMBERS;
  // Which codes exist is left open but for these.
  if (constraint.field === 'mobile_country_code') return ['55', '65', '91'];
  const [, longest] = constraint.length;
  return [...WORDS, LOWER.slice(0, longest), UPPER.slice(0, longest), DIGITS.slice(0, longest)];
}
