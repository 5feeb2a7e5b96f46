/** Which rules stand in which suite. */
import type { Rule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';

/** Beginnings of rule ids, by suite. */
export const TOPICS = {
  credentials: ['credentials/'],
  requests: [
    'merchant/',
    'path/',
    'content-type/',
    'object_reference_id/',
    'mobile_number/',
    'mobile_country_code/',
    'email_address/',
    'first_name/',
    'last_name/',
    'names/',
    'options.',
  ],
  uniqueness: ['sequence/', 'customers/'],
  encoding: ['encoding/'],
  responses: ['response/', 'token/', 'privacy/'],
  errors: ['error/'],
  robustness: ['robustness/'],
} as const;

export function rulesOf(topic: keyof typeof TOPICS): readonly Rule[] {
  return RULES.filter(({ id }) => TOPICS[topic].some((beginning) => id.startsWith(beginning)));
}
