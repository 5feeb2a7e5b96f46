/** Form bodies on the wire: the plain one, and equal ones in other spellings; and the odd ones of the modules beside. */
import type { FieldName, Spelling } from '../contracts/model.js';
import { encodeText, type Fields } from './form.js';

export { encodeForm, type Fields } from './form.js';
export { oddForm, type OddCase } from './odd-forms.js';
export { oddBodies, oddTogether, type OddRequest } from './odd-requests.js';

/** Names and values as they stand on the wire. */
type Written = readonly (readonly [name: string, value: string])[];

const written = (fields: Fields): Written => fields.map(([name, value]) => [encodeText(name), encodeText(value)]);

const joined = (pairs: Written): Buffer => Buffer.from(pairs.map(([name, value]) => `${name}=${value}`).join('&'), 'latin1');

const inValues = (pairs: Written, change: (value: string) => string): Written => pairs.map(([name, value]) => [name, change(value)]);

/** Every character of ASCII escaped, whether it has to be or not; escapes that are there already stay as they are. */
function escapedAll(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}|./g, (part) => (part.length === 3 ? part : escaped(part)));
}

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * An equal body in that spelling, and of several such bodies the one of that number: by the URL Standard it decodes to the same fields in the same order (but for `field-order`, of
 * which the order is the point). `utf-8`, `percent-once` and `escaped-plus` are what the plain body does already; for them
 * it is the values that matter.
 */
export function spell(spelling: Spelling, fields: Fields, variation = 0): Buffer {
  const plain = written(fields);
  switch (spelling) {
    case 'utf-8':
    case 'percent-once':
    case 'escaped-plus':
      return joined(plain);
    case 'plus-is-blank':
      return joined(inValues(plain, (value) => value.replaceAll('%20', '+')));
    case 'hex-case':
      return Buffer.from(otherHex(joined(plain).toString('latin1')), 'latin1');
    case 'needless-escape':
      return joined(inValues(plain, escapedAll));
    case 'raw':
      return joined(inValues(plain, unescapedAll));
    case 'escaped-key':
      // The first letter too, so that keys without a special character are spelled otherwise as well.
      return joined(plain.map(([name, value]) => [name.replaceAll(/^[A-Za-z]|[._-]/g, escaped), value]));
    case 'semicolon':
      // An equals sign goes out as itself too: what looks like a pair behind the semicolon belongs to the value.
      return joined(inValues(plain, (value) => value.replaceAll('%3B', ';').replaceAll('%3D', '=')));
    case 'second-equals':
      return joined(inValues(plain, (value) => value.replaceAll('%3D', '=')));
    case 'empty-pairs':
      return Buffer.from(emptyPairs(joined(plain).toString('latin1'), variation), 'latin1');
    case 'field-order':
      return joined(plain.toReversed());
    default:
      return spelling satisfies never;
  }
}

/** Empty pairs everywhere, or in one place alone: a target may be wrong about one of them. */
function emptyPairs(body: string, variation: number): string {
  const everywhere = `&${body.replaceAll('&', '&&')}&&`;
  return [everywhere, `${body}&`, `&${body}`, body.replace('&', '&&')][variation % 4] ?? everywhere;
}

/** Small letters for capital ones; of two letters in one escape mostly one is changed, the one and the other in turn. */
function otherHex(text: string): string {
  let met = 0;
  return text.replaceAll(/%([0-9A-F])([0-9A-F])/g, (escape, first: string, second: string) => {
    if (!/[A-F]{2}/.test(escape)) return escape.toLowerCase();
    met += 1;
    return [`%${first}${second}`.toLowerCase(), `%${first.toLowerCase()}${second}`, `%${first}${second.toLowerCase()}`][met % 3] ?? escape;
  });
}

/** `!#$'*,/:?@~`: what people leave as it is when they write a form by hand, and every parser of the URL Standard takes for itself. */
const OFTEN_RAW = /^%(?:2[1347ACF]|3[AF]|40|7E)$/;

/** Their escapes undone. */
function unescapedAll(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (escape) => (OFTEN_RAW.test(escape) ? decodeURIComponent(escape) : escape));
}

/** A value for which a spelling matters: a target that reads the spelling wrongly accepts a bad one, or refuses or changes a good one. */
export interface SpellingProbe {
  readonly field: FieldName;
  readonly value: string;
  readonly half: 'conforming' | 'violating';
  /** In a few words: what is sent, and what a wrong reading would make of it. */
  readonly describe: string;
}

const good = (field: FieldName, value: string, describe: string): SpellingProbe => ({ field, value, half: 'conforming', describe });
const bad = (field: FieldName, value: string, describe: string): SpellingProbe => ({ field, value, half: 'violating', describe });

const PROBES: Readonly<Record<Spelling, readonly SpellingProbe[]>> = {
  'utf-8': [
    bad('object_reference_id', 'éüñç', '4 characters of 2 bytes each: 8 if every byte were a character'),
    good('first_name', 'Joao', 'a name in ASCII, the same in every encoding'),
    bad('object_reference_id', '日本語', '3 characters of 3 bytes each: 9 if every byte were a character'),
    bad('object_reference_id', 'éüñçåäö', '7 characters of 2 bytes each: 14 if every byte were a character'),
  ],
  'percent-once': [
    good('email_address', 'a%41b%42c@example.com', 'the texts %41 and %42 in an address: A and B if decoded twice'),
    bad('first_name', 'a%2Eb', 'the text %2E in a name: an allowed dot if decoded twice'),
    good('email_address', '100%25@example.com', 'the text %25 in an address: % if decoded twice'),
    bad('last_name', 'Silv%61', 'the text %61 in a name: a letter if decoded twice'),
    good('email_address', 'a%zz@example.com', 'a percent sign without hex behind it: malformed if decoded twice'),
    bad('first_name', '%4D', 'the text %4D alone for a name: a letter if decoded twice'),
  ],
  'plus-is-blank': [
    bad('email_address', 'a b@example.com', 'a blank as + in an address: an allowed plus if not decoded'),
    good('email_address', '+a+b+c@example.com', 'escaped plus signs beside blanks that are written as +'),
    bad('first_name', 'a b', 'a blank as + inside a name'),
    bad('last_name', 'Silva ', 'a blank as + at the end of a name'),
    bad('first_name', ' ', 'one blank as + for a name'),
    bad('mobile_number', '98765 4321', 'a blank as + inside a number'),
  ],
  'escaped-plus': [
    good('email_address', 'a+b++c@example.com', 'a plus as %2B in an address, several times: a blank if decoded in the wrong order'),
    bad('first_name', 'a+b', 'a plus as %2B in a name'),
    good('email_address', '+@example.com', 'a plus alone as the local part, as %2B'),
    bad('last_name', 'Silva+', 'a plus as %2B at the end of a name'),
  ],
  'hex-case': [
    good('email_address', 'a/b?c=d{e}@example.com', 'escapes with lower-case hex in an address'),
    bad('object_reference_id', 'éüñçåäö', '7 characters in escapes such as %c3 and %aB: many more if those were kept'),
    bad('first_name', 'a[b', 'a bracket as %5b in a name'),
    good('email_address', 'a+b^c~d|e@example.com', 'more escapes with lower-case hex in an address'),
    bad('last_name', 'a\nb', 'LF as %0a in a name'),
  ],
  'needless-escape': [
    good('first_name', 'Maria', 'every letter of a name escaped'),
    bad('first_name', 'a:b', 'a name with a colon, its letters escaped too'),
    good('mobile_number', '987654321', 'every digit of a number escaped'),
    bad('mobile_number', 'a87654321', 'a number with a letter, all of it escaped'),
    good('email_address', 'a.b_c@example.com', 'letters, dots and low line of an address escaped'),
    bad('email_address', '.a@example.com', 'an address that begins with a dot, all of it escaped'),
    good('mobile_country_code', '55', 'every digit of a country code escaped'),
    good('options.get_client_auth_token', 'true', 'every letter of the word true escaped'),
  ],
  raw: [
    good('email_address', "a#b/c?d'e!f$g^h{i}j|k~l`m*n@example.com", 'an address as people write it, with its @, # and / unescaped'),
    bad('first_name', 'a#b', 'a raw # in a name: a good name if the rest were cut off'),
    good('email_address', 'user@example.com', 'a plain address with its @ unescaped'),
    bad('last_name', 'a@b', 'a raw @ in a name'),
    bad('mobile_number', '987654321#', 'a raw # behind a number: a good number if it were cut off'),
  ],
  'escaped-key': [
    good('first_name', 'Maria', 'the name of every field with its separators escaped'),
    bad('first_name', 'a b', 'a bad name under an escaped key: not seen if keys are not decoded'),
    good('options.get_client_auth_token', 'true', 'the token asked for under an escaped key'),
    bad('last_name', 'a;b', 'a bad name under an escaped key: not seen if keys are not decoded'),
    bad('email_address', '_a@example.com', 'a bad address under an escaped key: not seen if keys are not decoded'),
    good('mobile_number', '987654321', 'a number under an escaped key'),
  ],
  semicolon: [
    bad('first_name', 'a;b;c', 'raw semicolons in a name: a good name if they separated'),
    good('first_name', 'Maria', 'a name without a semicolon: no good value has one'),
    bad('first_name', 'a;last_name=b', 'a raw semicolon and what looks like another pair behind it: two good names if it separated'),
    bad('email_address', 'user@example.com;x', 'a raw semicolon behind an address: a good address if it separated'),
    bad('mobile_number', '987654321;', 'a raw semicolon behind a number: a good number if it separated'),
  ],
  'second-equals': [
    good('email_address', 'a=b=c==d@example.com', 'raw equals signs in an address: cut short if one ended the value'),
    bad('first_name', 'a=b', 'a raw equals sign in a name: a good name if it ended the value'),
    good('email_address', '==@example.com', 'two raw equals signs as the local part'),
    bad('last_name', 'Silva=', 'a raw equals sign at the end of a name: a good name if it were dropped'),
    bad('first_name', 'a=last_name', 'a raw equals sign and the name of a field behind it: a good name if it ended the value'),
  ],
  'empty-pairs': [
    good('first_name', 'Maria', 'empty pairs in front of, between and behind the fields'),
    bad('last_name', 'a,b', 'a bad name, and one & at the end'),
    good('last_name', 'Silva', 'one & in front of the fields'),
    good('email_address', 'user@example.com', 'two & between two fields'),
    bad('first_name', 'a*b', 'a bad name between empty pairs'),
    good('mobile_number', '987654321', 'one & at the end'),
    bad('mobile_number', '98765432a', 'a bad number between empty pairs'),
  ],
  'field-order': [
    good('first_name', 'Maria', 'the fields in the opposite order'),
    bad('first_name', 'a*b', 'a bad name, the fields in the opposite order'),
    bad('last_name', 'a"b', 'a bad name, the fields in the opposite order'),
    good('email_address', 'a.b@example.com', 'an address, the fields in the opposite order'),
  ],
};

/** Good and bad values for which the spelling matters, what finds most first, either half among the first two. */
export function spellingProbes(spelling: Spelling): readonly SpellingProbe[] {
  return PROBES[spelling];
}
