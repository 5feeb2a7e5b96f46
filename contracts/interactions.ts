/**
 * The examples of the contract: one exchange for each documented behaviour, each naming its rules. The recorded pacts
 * are made of them, a run records them against a real target, and the verifier tells by them which rule was broken.
 */
import { ACCEPTED_VALUES, SHAPES } from './interactions/accepted.js';
import type { Call, Example } from './interactions/model.js';
import { CREDENTIALS, REFUSED_CREATES, SEQUENCES } from './interactions/refused.js';
import { READS, UPDATES } from './interactions/siblings.js';

export { OPEN_EXAMPLES } from './interactions/open.js';
export { ruleOf, TOKEN_FIELD } from './interactions/parts.js';
export {
  EXAMPLE_ID,
  exampleFresh,
  filled,
  freshOf,
  type Call,
  type Example,
  type ExpectedAnswer,
  type FieldExample,
  type FreshParameters,
  type MemberExample,
  type OpenExample,
  type ProviderState,
} from './interactions/model.js';

/** Every example of what the page and its siblings certainly say, in the order of the contract. */
export const EXAMPLES: readonly Example[] = [...SHAPES, ...ACCEPTED_VALUES, ...REFUSED_CREATES, ...SEQUENCES, ...CREDENTIALS, ...READS, ...UPDATES];

/** The calls that a target may have, each with a contract of its own. */
export const CALLS: readonly Call[] = ['create', 'read', 'update'];

export function examplesOf(call: Call): readonly Example[] {
  return EXAMPLES.filter((example) => example.call === call);
}
