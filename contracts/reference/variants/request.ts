/** Readings of requests as a whole: path, credential, merchant, media type, encoding. */
import type { Variant } from './variant.js';

export const REQUEST_VARIANTS: readonly Variant[] = [
  {
    name: 'merchant-optional',
    reading: 'A request without x-merchantid acts for the merchant of the key.',
    rule: 'merchant/absent',
    takes: 'accepted',
    question: 'merchant-absent',
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) => (call.headers['x-merchantid'] === undefined ? merchant : merchantOf(merchant, call, world)),
    }),
  },
];
