/** Every legal variant: no must and no should of the document is broken by one, alone or combined with others. */
import type { Variant } from './variants/variant.js';
import { REQUEST_VARIANTS } from './variants/request.js';

export type { Variant } from './variants/variant.js';

export const VARIANTS: readonly Variant[] = [...REQUEST_VARIANTS];
