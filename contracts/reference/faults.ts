/** Every fault, in order: the reference with one defect each. The self-test holds the checks to them. */
import { ADDRESS_CHARACTER_FAULTS } from './faults/address-characters.js';
import { CREDENTIAL_FAULTS } from './faults/credentials.js';
import { DECODING_FAULTS } from './faults/decoding.js';
import { ECHO_FAULTS } from './faults/echo.js';
import { inAnyOrder, type Fault } from './faults/fault.js';
import { IDENTITY_FAULTS } from './faults/identity.js';
import { LEAK_FAULTS } from './faults/leaks.js';
import { LENGTH_FAULTS } from './faults/lengths.js';
import { LOAD_FAULTS } from './faults/load.js';
import { NAME_CHARACTER_FAULTS } from './faults/name-characters.js';
import { ODD_REQUEST_FAULTS } from './faults/odd-requests.js';
import { ORDER_FAULTS } from './faults/order.js';
import { PRESENCE_FAULTS } from './faults/presence.js';
import { REFUSAL_FAULTS } from './faults/refusals.js';
import { ROBUSTNESS_FAULTS } from './faults/robustness.js';
import { SIBLING_FAULTS } from './faults/siblings.js';
import { STORING_FAULTS } from './faults/storing.js';
import { TOKEN_FAULTS } from './faults/token.js';
import { VALUE_CHARACTER_FAULTS } from './faults/value-characters.js';
import { WIRE_FAULTS } from './faults/wire.js';

export type { Fault, Need } from './faults/fault.js';

export const FAULTS: readonly Fault[] = [
  ...LENGTH_FAULTS,
  ...NAME_CHARACTER_FAULTS,
  ...ADDRESS_CHARACTER_FAULTS,
  ...VALUE_CHARACTER_FAULTS,
  ...inAnyOrder(PRESENCE_FAULTS),
  ...ECHO_FAULTS,
  ...TOKEN_FAULTS,
  ...inAnyOrder(IDENTITY_FAULTS),
  ...DECODING_FAULTS,
  ...inAnyOrder(CREDENTIAL_FAULTS),
  ...REFUSAL_FAULTS,
  ...inAnyOrder(STORING_FAULTS),
  ...inAnyOrder(SIBLING_FAULTS),
  ...WIRE_FAULTS,
  ...LEAK_FAULTS,
  ...ROBUSTNESS_FAULTS,
  ...ODD_REQUEST_FAULTS,
  ...inAnyOrder(LOAD_FAULTS),
  ...ORDER_FAULTS,
];
