/** Values for the atlas: the characters that it looks at, values with one of them or several in known places, and values of a length. */
import type { Position } from '../contracts/atlas.js';
import type { FieldName } from '../contracts/model.js';
import { characters, cycle, LOWER } from './characters.js';
import { UNICODE_BLOCKS } from './unicode-blocks.js';

/** A character that the atlas looks at. */
export interface Sample {
  readonly codePoint: number;
  /** The block that it is a sample of; absent for ASCII. */
  readonly block?: string;
}

/** Characters beside the first of a block that targets are known to treat in a way of their own. */
const NOTABLE: readonly number[] = [
  0x85, // next line, a control character of Latin-1
  0xa0, // no-break space
  0xad, // soft hyphen
  0xb2, // superscript two: a number, and no digit
  0xdf, // sharp s: two letters in upper case
  0xe9, // e with acute
  0x130, // I with a dot: lower case makes two characters of it
  0x301, // combining acute
  0x663, // Arabic-Indic digit
  0x200b, // zero width space
  0x200d, // zero width joiner
  0x2019, // the apostrophe of typesetters
  0x202e, // right-to-left override
  0x2028, // line separator
  0x3000, // ideographic space
  0xfeff, // byte order mark
  0xff15, // fullwidth digit
  0xfffd, // replacement character
  0xffff, // no character at all
  0x1f600, // emoji
];

const ASCII: readonly Sample[] = Array.from({ length: 0x80 }, (_, codePoint) => ({ codePoint }));

function blockOf(codePoint: number): string {
  return UNICODE_BLOCKS.findLast(([, first]) => first <= codePoint)?.[0] ?? 'ASCII';
}

/** One assigned character of each block beyond ASCII, and the notable ones, in their order. */
const BEYOND: readonly Sample[] = [...new Set([...UNICODE_BLOCKS.map(([, , sample]) => sample), ...NOTABLE])]
  .sort((a, b) => a - b)
  .map((codePoint) => ({ codePoint, block: blockOf(codePoint) }));

/** Every character that the atlas looks at: all of ASCII, then samples of every other block. */
export const SAMPLES: readonly Sample[] = [...ASCII, ...BEYOND];

/** A character in a place of a value. */
export interface Placement {
  readonly codePoint: number;
  readonly position: Position;
}

const ON_BOTH_SIDES: readonly Position[] = ['start', 'inside', 'before @', 'after @', 'inside domain', 'end'];
const IN_A_TEXT: readonly Position[] = ['start', 'inside', 'end'];

/** Where in a value of the field characters are looked at. */
export function positionsOf(field: FieldName): readonly Position[] {
  return field === 'email_address' ? ON_BOTH_SIDES : IN_A_TEXT;
}

/** How many characters stand inside one value at most, so that the value is of an ordinary length all the same. */
export function roomInside(field: FieldName, position: Position): number {
  if (position !== 'inside' && position !== 'inside domain') return 1;
  switch (field) {
    case 'first_name':
    case 'last_name':
    case 'email_address':
      return 10;
    case 'object_reference_id':
      return 8;
    case 'mobile_number':
      return 3;
    case 'mobile_country_code':
    case 'options.get_client_auth_token':
      return 1;
  }
}

/** Characters of a reference that no other has, where they are part of a value with other characters. */
export const UNIQUE_PART = 16;

type At = (position: Position) => readonly string[];

/**
 * The value with each of the characters in its place, and ordinary ones between them. `unique` gives characters that no other
 * value has; only `object_reference_id` asks for them.
 */
export function valueWith(field: FieldName, placements: readonly Placement[], unique: (length: number) => string): string {
  const at: At = (position) => placements.filter((each) => each.position === position).map(({ codePoint }) => String.fromCodePoint(codePoint));
  switch (field) {
    case 'object_reference_id': {
      const own = unique(UNIQUE_PART);
      return textWith(at, own.slice(0, UNIQUE_PART / 2), own.slice(UNIQUE_PART / 2));
    }
    case 'first_name':
    case 'last_name':
      return textWith(at, 'Ma', 'ria');
    case 'options.get_client_auth_token':
      return textWith(at, 'tr', 'ue');
    case 'mobile_number':
      return numberWith(at);
    case 'mobile_country_code':
      return codeWith(at);
    case 'email_address':
      return addressWith(at);
  }
}

/** Letters stand between characters inside, so that two of them do not become something together. */
function between(inside: readonly string[]): string {
  return inside.join('o');
}

function textWith(at: At, before: string, after: string): string {
  return `${at('start').join('')}${before}${between(at('inside'))}${after}${at('end').join('')}`;
}

/** Nine digits, in the middle of what is documented, some of them replaced. */
function numberWith(at: At): string {
  const digits = characters('987654321');
  for (const [index, character] of at('inside').entries()) digits[4 + (index === 0 ? 0 : index === 1 ? -2 : 2)] = character;
  for (const character of at('start')) digits[0] = character;
  for (const character of at('end')) digits[digits.length - 1] = character;
  return digits.join('');
}

/** Two digits of which one is replaced, or with a third between them. */
function codeWith(at: At): string {
  return `${at('start')[0] ?? '5'}${at('inside').join('')}${at('end')[0] ?? '5'}`;
}

function addressWith(at: At): string {
  const local = `${at('start').join('')}us${between(at('inside'))}er${at('before @').join('')}`;
  const domain = `${at('after @').join('')}exa${between(at('inside domain'))}mple.com${at('end').join('')}`;
  return `${local}@${domain}`;
}

/** Labels of a domain are no longer than this (RFC 1035, section 2.3.4: 63). */
const LABEL = 50;

/** An ordinary value of so many characters. Of an address the domain grows, since most targets bound its local part by itself. */
export function valueOfLength(field: FieldName, length: number, unique: (length: number) => string): string {
  switch (field) {
    case 'object_reference_id':
      // Twenty unique characters are enough, and many more would take their time.
      return length <= 20 ? unique(length) : unique(20) + cycle(LOWER, length - 20);
    case 'mobile_number':
      return cycle('987654321', length);
    case 'mobile_country_code':
      return '5'.repeat(length);
    case 'first_name':
    case 'last_name':
    case 'options.get_client_auth_token':
      return cycle(LOWER, length);
    case 'email_address':
      return addressOfLength(length);
  }
}

/** An address whose local part has so many characters. */
export function addressWithLocalPart(length: number): string {
  return `${cycle(LOWER, length)}@example.com`;
}

function addressOfLength(length: number): string {
  if (length < 3) return cycle(LOWER, length);
  const local = cycle('user', Math.min(4, Math.max(1, length - 1 - 'example.com'.length)));
  return `${local}@${domainOfLength(length - local.length - 1)}`;
}

function domainOfLength(length: number): string {
  if (length < 4) return cycle(LOWER, length);
  const end = length >= 'example.com'.length ? 'example.com' : `${cycle('example', length - 3)}.co`;
  let domain = end;
  while (domain.length < length) {
    const room = length - domain.length;
    // A label and its dot: at least two characters, and never a single one left over.
    domain = room === 1 ? `a${domain}` : `${cycle(LOWER, Math.min(LABEL, room === LABEL + 2 ? LABEL - 1 : room - 1))}.${domain}`;
  }
  return domain;
}

/** A reference or name of so many code points, as many of them as can be the given character. */
export function valueOfCharacter(
  field: 'object_reference_id' | 'first_name' | 'last_name',
  codePoint: number,
  length: number,
  unique: (length: number) => string,
): string {
  const [before, after] = field === 'object_reference_id' ? [unique(UNIQUE_PART), 'a'] : ['Ma', 'ia'];
  return `${before}${String.fromCodePoint(codePoint).repeat(Math.max(0, length - before.length - after.length))}${after}`;
}
