/** Lengths: off by one, in the wrong unit, of the wrong thing. */
import { codePoints } from '../validation.js';
import { check, WHERE_BAD_VALUES_PASS, type Fault } from './fault.js';

export const LENGTH_FAULTS: readonly Fault[] = [
  {
    name: 'reference-seven-accepted',
    defect: 'The least length of object_reference_id is written as more than 6.',
    breaks: ['object_reference_id/length'],
    mayBreak: WHERE_BAD_VALUES_PASS,
    change: check('object_reference_id', (value, right) => right(codePoints(value) === 7 ? `${value}x` : value)),
  },
  {
    name: 'reference-eight-refused',
    defect: 'The least length of object_reference_id is written as more than 8.',
    breaks: ['object_reference_id/length'],
    mayBreak: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && codePoints(value) > 8),
  },
  {
    name: 'reference-length-in-bytes',
    defect: 'The length of object_reference_id is that of its UTF-8 bytes.',
    breaks: ['object_reference_id/length'],
    mayBreak: WHERE_BAD_VALUES_PASS,
    change: check('object_reference_id', (value, right) => right(Buffer.byteLength(value) >= 8 && value !== '' ? value.padEnd(8, 'x') : value)),
  },
  {
    name: 'reference-length-before-decoding',
    defect: 'The length of object_reference_id is measured before it is percent-decoded.',
    breaks: ['object_reference_id/length'],
    mayBreak: [...WHERE_BAD_VALUES_PASS, 'encoding/needless-escape', 'encoding/utf-8', 'sequence/equal-requests'],
    change: ({ decodedValue, checks }) => {
      let rawLength = 0;
      return {
        decodedValue: (raw, reading, key) => {
          if (key === 'object_reference_id') rawLength = raw.length;
          return decodedValue(raw, reading, key);
        },
        checks: { ...checks, object_reference_id: (value, behaviour) => rawLength >= 8 && checks.object_reference_id(value.padEnd(8, 'x'), behaviour) },
      };
    },
  },
  {
    name: 'reference-longer-than-36-refused',
    defect: 'The column of object_reference_id is as wide as a UUID.',
    breaks: ['object_reference_id/length'],
    mayBreak: ['object_reference_id/forms'],
    change: check('object_reference_id', (value, right) => right(value) && codePoints(value) <= 36),
  },
  {
    name: 'reference-longer-than-64-refused',
    defect: 'The column of object_reference_id has room for 64 characters.',
    breaks: ['object_reference_id/length'],
    change: check('object_reference_id', (value, right) => right(value) && codePoints(value) <= 64),
  },
  {
    name: 'reference-longer-than-100-refused',
    defect: 'The greatest length of object_reference_id is a round number.',
    breaks: ['object_reference_id/length'],
    change: check('object_reference_id', (value, right) => right(value) && codePoints(value) <= 100),
  },
  {
    name: 'first-name-64-refused',
    defect: 'The greatest length of first_name is written as less than 64.',
    breaks: ['first_name/length'],
    change: check('first_name', (value, right) => right(value) && codePoints(value) < 64),
  },
  {
    name: 'last-name-64-refused',
    defect: 'The greatest length of last_name is written as less than 64.',
    breaks: ['last_name/length'],
    change: check('last_name', (value, right) => right(value) && codePoints(value) < 64),
  },
  {
    name: 'last-name-50-at-most',
    defect: 'The column of last_name has room for 50 characters.',
    breaks: ['last_name/length'],
    change: check('last_name', (value, right) => right(value) && codePoints(value) <= 50),
  },
  {
    name: 'first-name-initial-refused',
    defect: 'A first name of one character is taken for a typing error.',
    breaks: ['first_name/length'],
    mayBreak: ['first_name/charset'],
    change: check('first_name', (value, right) => right(value) && codePoints(value) > 1),
  },
  {
    name: 'last-name-initial-refused',
    defect: 'A last name of one character is taken for a typing error.',
    breaks: ['last_name/length'],
    mayBreak: ['last_name/charset'],
    change: check('last_name', (value, right) => right(value) && codePoints(value) > 1),
  },
  {
    name: 'names-64-together',
    defect: 'The limit of 64 characters is applied to both names together.',
    breaks: ['first_name/length', 'last_name/length'],
    change: ({ problems }) => ({
      problems: (found, fields, call) => {
        const [first = '', last = ''] = [fields.get('first_name'), fields.get('last_name')];
        const tooLong = first.length <= 64 && last.length <= 64 && first.length + last.length > 64;
        return tooLong ? [...found, { field: first.length > last.length ? 'first_name' : 'last_name', kind: 'invalid' }] : problems(found, fields, call);
      },
    }),
  },
  {
    name: 'mobile-eight-refused',
    defect: 'A mobile number needs more than 8 digits.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && value.length > 8),
  },
  {
    name: 'mobile-nine-refused',
    defect: 'A mobile number has 8 digits or 10, as in the two countries that were thought of.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && value.length !== 9),
  },
  {
    name: 'mobile-ten-refused',
    defect: 'A mobile number has fewer than 10 digits.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && value.length !== 10),
  },
  {
    name: 'mobile-ten-only',
    defect: 'A mobile number has exactly 10 digits, as in India.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && value.length === 10),
  },
  {
    name: 'mobile-32-bits',
    defect: 'A mobile number has to fit a signed integer of 32 bits.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && Number(value) <= 0x7fffffff),
  },
  {
    name: 'mobile-begins-with-six-to-nine',
    defect: 'A mobile number has to begin with 6, 7, 8 or 9, as in India.',
    breaks: ['mobile_number/length'],
    change: check('mobile_number', (value, right) => right(value) && /^[06-9]/.test(value)),
  },
];
