/** Every rule, in the order of the page: the order in which reports list them. */
import type { Rule } from '../model.js';
import { credentialRules } from './credentials.js';
import { customerRules } from './customers.js';
import { emailAddressRules } from './email-address.js';
import { encodingRules } from './encoding.js';
import { errorRules } from './error.js';
import { mobileRules } from './mobile.js';
import { nameRules } from './names.js';
import { objectReferenceIdRules } from './object-reference-id.js';
import { requestRules } from './request.js';
import { responseRules } from './response.js';
import { robustnessRules } from './robustness.js';
import { sequenceRules } from './sequences.js';
import { tokenOptionRules } from './token-option.js';
import { tokenRules } from './token.js';

export const RULES: readonly Rule[] = [
  ...credentialRules,
  ...requestRules,
  ...objectReferenceIdRules,
  ...mobileRules,
  ...emailAddressRules,
  ...nameRules,
  ...tokenOptionRules,
  ...encodingRules,
  ...responseRules,
  ...tokenRules,
  ...errorRules,
  ...customerRules,
  ...sequenceRules,
  ...robustnessRules,
];

const byId = new Map(RULES.map((rule) => [rule.id, rule]));

/** The rule of that id; undefined where there is none. */
export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
