/** Lengths: off by one, in the wrong unit, of the wrong thing. */
import { check, type Fault } from './fault.js';

export const LENGTH_FAULTS: readonly Fault[] = [
  {
    name: 'reference-seven-accepted',
    defect: 'The least length of object_reference_id is written as more than 6.',
    breaks: ['object_reference_id/length'],
    change: check('object_reference_id', (value, right) => right(value) || (value.length === 7 && right(`${value}x`))),
  },
];
