/** Every fault, in order: the reference with one defect each. The self-test holds the checks to them. */
import type { Fault } from './faults/fault.js';
import { LENGTH_FAULTS } from './faults/lengths.js';

export type { Fault, Need } from './faults/fault.js';

export const FAULTS: readonly Fault[] = [...LENGTH_FAULTS];
