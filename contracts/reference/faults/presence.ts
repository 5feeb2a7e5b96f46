/** Required and optional confused, also for the empty value. */
import type { Change, FormField } from '../behaviour.js';
import { WHERE_BAD_VALUES_PASS, type Fault } from './fault.js';

const alsoRequired =
  (field: FormField): Change =>
  ({ required }) => ({ required: [...required, field] });
const notRequired =
  (field: FormField): Change =>
  ({ required }) => ({ required: required.filter((other) => other !== field) });
/** An empty value of the field is not a problem. */
const emptyAccepted =
  (field: FormField): Change =>
  ({ problems }) => ({
    problems: (found, fields, call) => problems(found, fields, call).filter((problem) => problem.field !== field || fields.get(field) !== ''),
  });

export const PRESENCE_FAULTS: readonly Fault[] = [
  {
    name: 'reference-absent-accepted',
    defect: 'object_reference_id is not in the list of required fields.',
    breaks: ['object_reference_id/required'],
    mayBreak: ['error/missing-status', 'error/shape'],
    change: (behaviour) => {
      let made = 0;
      return {
        ...notRequired('object_reference_id')(behaviour),
        referenceKey: (reference, fields) => (reference === '' ? `made-up-${(made += 1)}` : behaviour.referenceKey(reference, fields)),
      };
    },
  },
  {
    name: 'reference-empty-accepted',
    defect: 'object_reference_id is looked for with "is not null", so that an empty one passes.',
    breaks: ['object_reference_id/required'],
    mayBreak: ['object_reference_id/length', ...WHERE_BAD_VALUES_PASS],
    change: (behaviour) => {
      let made = 0;
      return {
        ...emptyAccepted('object_reference_id')(behaviour),
        referenceKey: (reference, fields) => (reference === '' ? `empty-${(made += 1)}` : behaviour.referenceKey(reference, fields)),
      };
    },
  },
  {
    name: 'mobile-absent-accepted',
    defect: 'mobile_number is not in the list of required fields.',
    breaks: ['mobile_number/required'],
    mayBreak: ['error/missing-status'],
    change: notRequired('mobile_number'),
  },
  {
    name: 'mobile-empty-accepted',
    defect: 'mobile_number is looked for with "is not null", so that an empty one passes.',
    breaks: ['mobile_number/required'],
    mayBreak: ['mobile_number/digits', ...WHERE_BAD_VALUES_PASS],
    change: emptyAccepted('mobile_number'),
  },
  {
    name: 'first-name-required',
    defect: 'first_name is in the list of required fields.',
    breaks: ['first_name/optional', 'names/optional-together'],
    change: alsoRequired('first_name'),
  },
  {
    name: 'last-name-required',
    defect: 'last_name is in the list of required fields.',
    breaks: ['last_name/optional', 'names/optional-together'],
    change: alsoRequired('last_name'),
  },
  {
    name: 'one-name-required',
    defect: 'One of the two names has to be there.',
    breaks: ['names/optional-together'],
    change: ({ problems }) => ({
      problems: (found, fields, call) => {
        const before = problems(found, fields, call);
        const either = call.route.kind !== 'create' || fields.has('first_name') || fields.has('last_name');
        return either ? before : [...before, { field: 'first_name', kind: 'missing' }];
      },
    }),
  },
  {
    name: 'last-name-required-with-first',
    defect: 'A first_name that comes without a last_name is refused.',
    breaks: ['last_name/optional'],
    change: ({ problems }) => ({
      problems: (found, fields, call) => {
        const before = problems(found, fields, call);
        const alone = call.route.kind === 'create' && fields.has('first_name') && !fields.has('last_name');
        return alone ? [...before, { field: 'last_name', kind: 'missing' }] : before;
      },
    }),
  },
  {
    name: 'country-code-required',
    defect: 'mobile_country_code is in the list of required fields.',
    breaks: ['mobile_country_code/optional'],
    change: alsoRequired('mobile_country_code'),
  },
  {
    name: 'token-option-required',
    defect: 'options.get_client_auth_token is in the list of required fields.',
    breaks: ['options.get_client_auth_token/absent'],
    change: alsoRequired('options.get_client_auth_token'),
  },
];
