/** Reading and updating a customer: contracts of their own, for targets that have the calls. */
import { OTHER_VALUES } from './refused.js';
import type { Example, ExpectedAnswer, MemberExample, ProviderState } from './model.js';
import { accepted, credentialIs, echoes, fieldsOf, FRESH, REFUSED, ruleOf, stateFields, TOKEN_FIELD } from './parts.js';

const WITHOUT_TOKEN = { [TOKEN_FIELD]: null } as const;
const exists = (id: string): ProviderState => ({ name: 'a customer exists', params: { ...FRESH, ...stateFields(fieldsOf(id, WITHOUT_TOKEN)) } });

/** The customer as its create gave it: the same id, the same values, dates. The status, and any doubt, is the rule's own. */
function customer(id: string, rule: string): ExpectedAnswer {
  const fields = fieldsOf(id, WITHOUT_TOKEN);
  const { mediaType: _, statusRule: __, members, status } = accepted(fields);
  const own = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, { ...member, rule }]));
  return { status, members: { ...own, ...echoes(fields, rule), id: idOfState(rule) } };
}

const idOfState = (rule: string): MemberExample => ({ rule, value: '{id}' });

type Sibling = Pick<Example, 'description' | 'rules' | 'states' | 'answer'> &
  Partial<Pick<Example['request'], 'credential' | 'path'>> & { readonly id: string };
const read = ({ id, credential = 'canonical', path = '/customers/{id}', rules, states, ...rest }: Sibling): Example => ({
  id: `read/${id}`,
  call: 'read',
  level: rules.every((rule) => ruleOf(rule).level === 'must') ? 'must' : 'should',
  rules,
  states: credential === 'canonical' ? states : [...states, credentialIs(credential)],
  request: { method: 'GET', path, credential, merchant: true, fields: [] },
  ...rest,
});

export const READS: readonly Example[] = [
  read({
    id: 'existing',
    description: 'a read of a customer',
    rules: ['customers/read'],
    states: [exists('read-existing')],
    answer: customer('read-existing', 'customers/read'),
  }),
  read({
    id: 'after-duplicate',
    description: 'a read of a customer whose duplicate was refused',
    rules: ['sequence/duplicate-changes-nothing'],
    states: [
      {
        name: 'a duplicate of the customer was refused',
        params: { ...FRESH, ...stateFields(fieldsOf('read-after-duplicate', WITHOUT_TOKEN)), ...prefixed(OTHER_VALUES) },
      },
    ],
    answer: customer('read-after-duplicate', 'sequence/duplicate-changes-nothing'),
  }),
  read({
    id: 'after-short-duplicate',
    description: 'a read of a customer whose duplicate without optional fields was refused',
    rules: ['sequence/duplicate-changes-nothing'],
    states: [
      {
        name: 'a duplicate of the customer was refused',
        params: {
          ...FRESH,
          ...stateFields(fieldsOf('read-after-short-duplicate', WITHOUT_TOKEN)),
          'duplicate.first_name': '',
          'duplicate.last_name': '',
          'duplicate.mobile_country_code': '',
        },
      },
    ],
    answer: customer('read-after-short-duplicate', 'sequence/duplicate-changes-nothing'),
  }),
  read({
    id: 'older-of-two',
    description: 'a read of a customer that is not the newest',
    rules: ['customers/read'],
    states: [
      exists('read-older-of-two'),
      {
        name: 'another customer was created since',
        params: { ...FRESH, ...stateFields(fieldsOf('read-newer-of-two', { ...OTHER_VALUES, ...WITHOUT_TOKEN })) },
      },
    ],
    answer: customer('read-older-of-two', 'customers/read'),
  }),
  ...(['absent', 'other-key', 'key-prefix'] as const).map((credential) =>
    read({
      id: `refused-credential-${credential}`,
      description: `a read with the credential in the form ${credential} is refused`,
      rules: ['customers/read-credential'],
      states: [exists('read-existing')],
      credential,
      answer: REFUSED,
    }),
  ),
  read({
    id: 'unknown',
    description: 'a read of an id that never was',
    rules: ['customers/read-unknown'],
    states: [{ name: 'no customer has the object_reference_id', params: FRESH }],
    path: '/customers/cst_never{fresh}',
    answer: { status: 404, members: {} },
  }),
];

/** Values of the duplicate among the parameters of the state, told apart from those of the customer. */
function prefixed(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`duplicate.${name}`, value]));
}

const CHANGED = {
  mobile_number: '987654321',
  email_address: 'john@example.org',
  first_name: 'Johnny',
  last_name: 'Smithers',
  mobile_country_code: '91',
} as const;
const UPDATE_RULE = 'customers/update';
const update = (id: string, description: string, changes: Partial<Record<keyof typeof CHANGED, string>>): Example => {
  const before = customer(`update-${id}`, UPDATE_RULE);
  const after = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { rule: UPDATE_RULE, value }]));
  return {
    id: `update/${id}`,
    call: 'update',
    description,
    rules: [UPDATE_RULE],
    level: 'should',
    states: [exists(`update-${id}`)],
    request: {
      method: 'POST',
      path: '/customers/{id}',
      credential: 'canonical',
      merchant: true,
      contentType: 'application/x-www-form-urlencoded',
      fields: Object.entries(changes).map(([name, value]) => ({ name: name as keyof typeof CHANGED, value })),
    },
    answer: { ...before, members: { ...before.members, ...after } },
  };
};

export const UPDATES: readonly Example[] = [
  update('all', 'an update of every field', CHANGED),
  ...(Object.keys(CHANGED) as (keyof typeof CHANGED)[]).map((field) => update(field, `an update of ${field} alone`, { [field]: CHANGED[field] })),
];
