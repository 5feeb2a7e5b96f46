/** `options.get_client_auth_token`: what may be sent. What comes of it is in `token.ts`. */
import { defineRule, type Rule } from '../model.js';

const accepted = { outcome: 'accepted' } as const;
const field = 'options.get_client_auth_token';
const leftOpen = { outcome: 'left-open', rule: 'options.get_client_auth_token/other-values' } as const;

export const tokenOptionRules: readonly Rule[] = [
  defineRule({
    id: 'options.get_client_auth_token/true',
    title: 'options.get_client_auth_token=true is accepted and gives the token',
    level: 'must',
    kind: 'input',
    citation: { sources: ['doc', 'br'], statements: [35, 37] },
    constraint: { kind: 'examples', field, values: ['true'] },
    whenConforming: accepted,
    whenViolating: leftOpen,
  }),
  defineRule({
    id: 'options.get_client_auth_token/false',
    title: 'options.get_client_auth_token=false is accepted and gives no token',
    level: 'must',
    kind: 'input',
    citation: { sources: ['doc', 'br'], statements: [35, 37] },
    constraint: { kind: 'examples', field, values: ['false'] },
    whenConforming: accepted,
    whenViolating: leftOpen,
  }),
  defineRule({
    id: 'options.get_client_auth_token/absent',
    title: 'options.get_client_auth_token may be left out, and then gives no token',
    level: 'must',
    kind: 'input',
    citation: { sources: ['doc', 'br'], statements: [35] },
    constraint: { kind: 'presence', fields: [field], presence: 'optional' },
    whenConforming: accepted,
    whenViolating: { outcome: 'no-such-input', because: 'what may be left out may also be sent' },
  }),
  defineRule({
    id: 'options.get_client_auth_token/other-values',
    title: 'another value of options.get_client_auth_token is refused, taken as false, or for other spellings of true as true',
    level: 'open',
    kind: 'open-input',
    citation: { sources: ['doc'], statements: [37] },
    constraint: {
      kind: 'open-values',
      field,
      cases: {
        TRUE: 'TRUE',
        True: 'True',
        '1': '1',
        yes: 'yes',
        'blank in front of true': ' true',
        empty: '',
        '0': '0',
        no: 'no',
        FALSE: 'FALSE',
        'a word': 'maybe',
      },
    },
    readings: [
      { id: 'refused', means: 'the create is refused' },
      { id: 'accepted, no token', means: 'the customer is created as with false' },
      { id: 'accepted, token', means: 'the customer is created as with true' },
    ],
  }),
];
