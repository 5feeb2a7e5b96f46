/** Form decoding and media types: the pairs, the escapes, the characters, what repeats. */
import type { Behaviour, Change, Fields, Pair } from '../behaviour.js';
import { CUSTOMER_FIELDS } from '../behaviour.js';
import { decoded, splitAtAmpersands, splitAtFirstEquals, unescaped, utf8, withBytes } from '../form.js';
import { mediaType } from '../reference.js';
import { findProblems } from '../validation.js';
import { refuse } from '../answers.js';
import type { Fault } from './fault.js';

/** Values decoded from what is made of their raw form. */
const raw =
  (written: (value: string) => string): Change =>
  () => ({ decodedValue: (value, reading) => decoded(written(value), reading) });

/** Of each field the first value. */
function firstOfEach(pairs: readonly Pair[]): Fields {
  return new Map([...pairs].reverse().map(({ key, value }) => [key, value]));
}
/** The first problem that any of several readings of the body has. */
const checkedAs =
  (written: (pairs: readonly Pair[]) => readonly Fields[], used: (pairs: readonly Pair[]) => Fields): Change =>
  (behaviour: Behaviour) => {
    let checked: readonly Fields[] = [];
    return {
      collected: (pairs) => {
        checked = written(pairs);
        return used(pairs);
      },
      problems: (found, fields, call) =>
        call.route.kind === 'create' ? checked.flatMap((each) => findProblems(each, behaviour)) : behaviour.problems(found, fields, call),
    };
  };
const last = (pairs: readonly Pair[]): Fields => new Map(pairs.map(({ key, value }) => [key, value]));
function joined(pairs: readonly Pair[]): Fields {
  const fields = new Map<string, string>();
  for (const { key, value } of pairs) fields.set(key, fields.has(key) ? `${fields.get(key)},${value}` : value);
  return fields;
}

const ALIKE = ['sequence/equal-requests'];
const ECHOES = CUSTOMER_FIELDS.map((field) => `response/echo-${field}`);

export const DECODING_FAULTS: readonly Fault[] = [
  {
    name: 'plus-kept',
    defect: 'Values are percent-decoded with a function that leaves a plus alone.',
    breaks: ['encoding/plus-is-blank'],
    mayBreak: ALIKE,
    change: raw((value) => value.replaceAll('+', '%2B')),
  },
  {
    name: 'escaped-plus-a-blank',
    defect: 'Plus signs become blanks after the percent-decoding instead of before.',
    breaks: ['encoding/escaped-plus', 'email_address/charset'],
    mayBreak: [...ALIKE, 'encoding/plus-is-blank', 'response/echo-object_reference_id'],
    change: ({ decodedValue }) => ({ decodedValue: (value, reading, key) => decodedValue(value, reading, key)?.replaceAll('+', ' ') }),
  },
  {
    name: 'decoded-twice',
    defect: 'The framework has decoded values already, and they are decoded again.',
    breaks: ['encoding/percent-once'],
    mayBreak: [...ALIKE, 'response/echo-email_address', 'response/echo-object_reference_id', 'email_address/charset', 'encoding/utf-8'],
    change: ({ decodedValue }) => ({
      decodedValue: (value, reading, key) => {
        const once = decodedValue(value, reading, key);
        return once === undefined || !once.includes('%') ? once : utf8(withBytes(Buffer.from(once).toString('latin1')), 'replaced');
      },
    }),
  },
  {
    name: 'hex-in-small-letters-kept',
    defect: 'The pattern of an escape has capital hex digits only.',
    breaks: ['encoding/hex-case'],
    mayBreak: ALIKE,
    change: raw((value) => value.replace(/%(?![0-9A-F]{2})/g, '%25')),
  },
  {
    name: 'escaped-letters-kept',
    defect: 'Only escapes of reserved characters are decoded, not those of letters and digits.',
    breaks: ['encoding/needless-escape'],
    mayBreak: [...ALIKE, 'encoding/hex-case'],
    change: raw((value) => value.replace(/%(?=3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])/gi, '%25')),
  },
  {
    name: 'first-plus-only',
    defect: 'The first plus of a value becomes a blank, and the others stay.',
    breaks: ['sequence/equal-requests'],
    mayBreak: ['encoding/plus-is-blank'],
    change: raw((value) => value.replace('+', '%20').replaceAll('+', '%2B')),
  },
  {
    name: 'escapes-in-one-case-only',
    defect: 'The pattern of an escape has capital hex digits or small ones, and none where the two differ.',
    breaks: ['sequence/equal-requests'],
    mayBreak: ['encoding/hex-case'],
    change: raw((value) => value.replace(/%(?![0-9A-F]{2}|[0-9a-f]{2})/g, '%25')),
  },
  {
    name: 'body-cut-at-a-hash',
    defect: 'The body is parsed as the query of a URL, and ends at a raw #.',
    breaks: ['encoding/raw'],
    mayBreak: [...ALIKE, 'robustness/bodies'],
    change: ({ pairs }) => ({ pairs: (body) => pairs(body.replace(/#.*$/s, '')) }),
  },
  {
    name: 'raw-at-refused',
    defect: 'A body with a character that the encoder of the same language would have escaped is taken for broken.',
    breaks: ['encoding/raw'],
    mayBreak: [...ALIKE, 'encoding/needless-escape'],
    change: ({ decodedValue }) => ({ decodedValue: (value, reading, key) => (value.includes('@') ? undefined : decodedValue(value, reading, key)) }),
  },
  {
    name: 'keys-not-decoded',
    defect: 'Values are decoded and keys are not.',
    breaks: ['encoding/escaped-key'],
    mayBreak: [...ALIKE, 'error/names-field'],
    change: () => ({ decodedKey: (key) => key }),
  },
  {
    name: 'escaped-dots-of-keys-kept',
    defect: 'A dot in a key is only seen where it is not escaped, since keys are split at dots first.',
    breaks: ['encoding/escaped-key'],
    mayBreak: [...ALIKE, 'token/iff-asked', 'error/names-field'],
    change: ({ decodedKey }) => ({ decodedKey: (key, reading) => decodedKey(key.replace(/%2e/gi, '%252E'), reading) }),
  },
  {
    name: 'dots-of-keys-become-underscores',
    defect: 'Dots in keys become underscores, as in one well-known language.',
    breaks: ['token/iff-asked'],
    mayBreak: [
      'options.get_client_auth_token/true',
      'options.get_client_auth_token/other-values',
      'encoding/escaped-key',
      'token/value',
      'token/expiry-date',
      'token/expiry',
    ],
    change: ({ decodedKey }) => ({ decodedKey: (key, reading) => decodedKey(key, reading)?.replaceAll('.', '_') }),
  },
  {
    name: 'semicolon-separates',
    defect: 'Pairs are split at semicolons too, as older advice has it.',
    breaks: ['encoding/semicolon'],
    mayBreak: [...ALIKE, 'object_reference_id/characters'],
    change: () => ({ pairs: (body) => body.split(/[&;]/).filter((pair) => pair !== '') }),
  },
  {
    name: 'value-cut-at-second-equals',
    defect: 'A pair is split at every =, and the second piece is the value.',
    breaks: ['encoding/second-equals'],
    mayBreak: ALIKE,
    change: () => ({ keyAndValue: (pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? ''] }),
  },
  {
    name: 'pair-split-at-last-equals',
    defect: 'A pair is split at its last =.',
    breaks: ['encoding/second-equals'],
    mayBreak: [...ALIKE, 'response/echo-email_address', 'encoding/unknown-fields', 'encoding/semicolon'],
    change: () => ({
      keyAndValue: (pair) => (pair.includes('=') ? [pair.slice(0, pair.lastIndexOf('=')), pair.slice(pair.lastIndexOf('=') + 1)] : [pair, '']),
    }),
  },
  {
    name: 'second-equals-refused',
    defect: 'A pair with two = is taken for a broken body.',
    breaks: ['encoding/second-equals'],
    mayBreak: ALIKE,
    change: ({ keyAndValue, decodedValue }) => ({
      keyAndValue,
      decodedValue: (value, reading, key) => (value.includes('=') ? undefined : decodedValue(value, reading, key)),
    }),
  },
  {
    name: 'decoded-before-it-is-split',
    defect: 'The whole body is decoded, and then split into pairs.',
    breaks: ['email_address/charset'],
    mayBreak: [
      ...ALIKE,
      'encoding/percent-once',
      'encoding/escaped-plus',
      'encoding/second-equals',
      'encoding/utf-8',
      'response/echo-email_address',
      'response/echo-object_reference_id',
      'first_name/charset',
      'last_name/charset',
      'encoding/semicolon',
      'encoding/repeated-echo',
    ],
    change: () => ({
      pairs: (body) => splitAtAmpersands(unescaped(body) ?? '%'),
      keyAndValue: splitAtFirstEquals,
      decodedKey: (key) => (key === '%' ? undefined : utf8(key)),
      decodedValue: (value) => utf8(value),
    }),
  },
  {
    name: 'empty-pairs-refused',
    defect: 'An empty pair is taken for a broken body.',
    breaks: ['encoding/empty-pairs'],
    mayBreak: ALIKE,
    change: ({ decodedKey }) => ({
      pairs: (body) => (body === '' ? [] : body.split('&')),
      decodedKey: (key, reading) => (key === '' ? undefined : decodedKey(key, reading)),
    }),
  },
  {
    name: 'last-pair-lost-before-a-final-ampersand',
    defect: 'A body that ends in & loses its last pair with it.',
    breaks: ['encoding/empty-pairs'],
    mayBreak: [
      ...ALIKE,
      'response/echo-mobile_number',
      'response/echo-mobile_country_code',
      'response/echo-email_address',
      'response/echo-first_name',
      'response/echo-last_name',
      'token/iff-asked',
      'error/names-field',
    ],
    change: ({ pairs }) => ({ pairs: (body) => (body.endsWith('&') ? pairs(body).slice(0, -1) : pairs(body)) }),
  },
  {
    name: 'parsing-stops-at-an-empty-pair',
    defect: 'The loop over the pairs ends at the first empty one.',
    breaks: ['encoding/empty-pairs'],
    mayBreak: [
      ...ALIKE,
      'response/echo-mobile_country_code',
      'response/echo-email_address',
      'response/echo-first_name',
      'response/echo-last_name',
      'token/iff-asked',
      'error/names-field',
    ],
    change: ({ pairs }) => ({ pairs: (body) => pairs(body.replace(/(?<=.)&&.*$/s, '')) }),
  },
  {
    name: 'reference-has-to-come-first',
    defect: 'The first field of the body has to be object_reference_id.',
    breaks: ['encoding/field-order'],
    mayBreak: [...ALIKE, 'encoding/empty-pairs', 'encoding/unknown-fields', 'encoding/repeated'],
    change: ({ collected }) => ({
      collected: (pairs) => (pairs.some(({ key }) => key === 'object_reference_id') && pairs[0]?.key !== 'object_reference_id' ? undefined : collected(pairs)),
    }),
  },
  {
    name: 'names-by-position',
    defect: 'The two names are told by their order in the body.',
    breaks: ['encoding/field-order'],
    mayBreak: [...ALIKE, 'response/echo-first_name', 'response/echo-last_name', 'encoding/repeated-echo', 'error/names-field', 'error/info-fields'],
    change: ({ collected }) => ({
      collected: (pairs) => {
        const fields = collected(pairs);
        const [first, second] = pairs.filter(({ key }) => key === 'first_name' || key === 'last_name');
        if (fields === undefined || first?.key !== 'last_name' || second === undefined) return fields;
        return new Map([...fields, ['first_name', first.value], ['last_name', second.value]]);
      },
    }),
  },
  {
    name: 'latin-1',
    defect: 'Bytes are read as Latin-1.',
    breaks: ['encoding/utf-8'],
    mayBreak: [...ALIKE, 'response/echo-object_reference_id', 'object_reference_id/length', 'encoding/repeated-echo', 'encoding/invalid-utf-8'],
    change: () => ({
      decodedValue: (value, { malformedEscape, nul }) => (nul === 'refused' && /%00/.test(value) ? undefined : unescaped(value, malformedEscape)),
    }),
  },
  {
    name: 'beyond-ascii-dropped',
    defect: 'Bytes beyond ASCII are dropped while decoding.',
    breaks: ['response/echo-object_reference_id', 'encoding/utf-8'],
    mayBreak: [
      ...ALIKE,
      ...ECHOES,
      'encoding/invalid-utf-8',
      'mobile_number/digits',
      'encoding/repeated-echo',
      'object_reference_id/length',
      'privacy/other-customers',
    ],
    change: ({ decodedValue }) => ({
      decodedValue: (value, reading, key) => decodedValue(value, reading, key)?.replace(/[^\p{ASCII}]/gu, ''),
    }),
  },
  {
    name: 'checks-first-uses-last',
    defect: 'Of a repeated field the first value is checked and the last one is stored.',
    breaks: ['encoding/repeated-echo'],
    change: checkedAs((pairs) => [firstOfEach(pairs)], last),
  },
  {
    name: 'checks-last-uses-first',
    defect: 'Of a repeated field the last value is checked and the first one is stored.',
    breaks: ['encoding/repeated-echo'],
    change: checkedAs((pairs) => [last(pairs)], firstOfEach),
  },
  {
    name: 'joins-after-the-check',
    defect: 'The values of a repeated field are checked one by one, and then joined with a comma.',
    breaks: ['encoding/repeated-echo'],
    change: checkedAs((pairs) => [firstOfEach(pairs), last(pairs)], joined),
  },
  {
    name: 'repeated-given-back-as-a-list',
    defect: 'A repeated field is given back as the list of its values.',
    breaks: ['encoding/repeated-echo'],
    mayBreak: ECHOES,
    change: ({ collected, echo }) => {
      let values = new Map<string, string[]>();
      return {
        collected: (pairs) => {
          values = new Map();
          for (const { key, value } of pairs) values.set(key, [...(values.get(key) ?? []), value]);
          return collected(pairs);
        },
        echo: (field, value, customer, call) => {
          const list = call.route.kind === 'create' ? (values.get(field) ?? []) : [];
          return list.length > 1 ? list : echo(field, value, customer, call);
        },
      };
    },
  },
  {
    name: 'too-many-escapes-refused',
    defect: 'A filter in front takes a body with many escapes for an attack.',
    breaks: ['sequence/equal-requests'],
    mayBreak: ['encoding/needless-escape', 'encoding/utf-8', 'encoding/hex-case', 'object_reference_id/length', 'email_address/charset'],
    change: ({ pairs }) => ({ pairs: (body) => ((body.match(/%/g)?.length ?? 0) > 40 ? ['%'] : pairs(body)) }),
  },
  {
    name: 'content-type-in-small-letters-only',
    defect: 'The media type is compared as it is written in the document.',
    breaks: ['content-type/form'],
    change: ({ reader }) => ({
      reader: (call) => (mediaType(call.headers['content-type']) === call.headers['content-type']?.split(';')[0]?.trim() ? reader(call) : undefined),
    }),
  },
  {
    name: 'content-type-with-parameter-refused',
    defect: 'The whole Content-Type is compared, parameters included.',
    breaks: ['content-type/charset'],
    change: ({ reader }) => ({ reader: (call) => (call.headers['content-type']?.includes(';') === true ? undefined : reader(call)) }),
  },
  {
    name: 'chunked-refused',
    defect: 'A body has to come with its length.',
    breaks: ['content-type/chunked'],
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) =>
        call.headers['transfer-encoding'] === undefined ? beforehand(call, world, behaviour) : { ...refuse('undecodable', behaviour, call), status: 411 },
    }),
  },
  {
    name: 'first-piece-of-the-body-only',
    defect: 'The body is taken from the first event that brings data.',
    breaks: ['content-type/chunked'],
    mayBreak: ['robustness/sizes', 'object_reference_id/max-length'],
    change: () => ({ joined: (pieces) => pieces[0] ?? Buffer.alloc(0) }),
  },
];
