/** Readings of what is answered to a bad request. */
import type { Behaviour, Change, Detail, FormField, Refusal } from '../behaviour.js';
import { camelCase, invalidBody } from '../answers.js';
import type { Variant } from './variant.js';

type Text = Readonly<Record<string, unknown>>;

/** The bodies of some kinds of refusal, made of what they are. */
const bodies =
  (kinds: readonly Refusal[], written: (body: Text, detail: Detail) => Text): Change =>
  (behaviour) => ({
    bodies: {
      ...behaviour.bodies,
      ...Object.fromEntries(kinds.map((kind) => [kind, (detail: Detail) => written({ ...behaviour.bodies[kind](detail) }, detail)])),
    },
  });
const instead = (kind: Refusal, written: Behaviour['bodies'][Refusal]): Change => bodies([kind], (_, detail) => ({ ...written(detail) }));

const flat = ({ error_info: _, ...rest }: Text): Text => ({ error_message: 'The request was refused.', ...rest });
const KINDS: readonly Refusal[] = ['missing', 'invalid', 'duplicate', 'credential', 'unknown-customer'];

const inWords = (field: FormField): string => field.replace(/[._]/g, ' ').replace(/^./, (letter) => letter.toUpperCase());

const PORTUGUESE: Readonly<Record<string, (detail: Detail) => string>> = {
  missing: ({ names }) => `O campo ${names.join(', ')} é obrigatório.`,
  invalid: ({ names }) => `Valor inválido em ${names.join(', ')}.`,
  duplicate: () => 'Já existe um cliente com esta referência.',
  credential: () => 'Chave de API inválida.',
  'unknown-customer': () => 'Cliente não encontrado.',
};

function translated(kind: Refusal): Change {
  return bodies([kind], (body, detail) => {
    const message = PORTUGUESE[kind]?.(detail) ?? 'Solicitação recusada.';
    const info = body['error_info'];
    if (typeof info !== 'object' || info === null) return { ...body, error_message: message };
    const fields = detail.names.map((name) => ({ field_name: name, reason: 'Valor inválido.' }));
    return {
      ...body,
      error_message: message,
      error_info: { ...info, user_message: 'Solicitação inválida.', developer_message: message, ...('fields' in info && { fields }) },
    };
  });
}

const throttled =
  (everyNth: number, headers: () => Readonly<Record<string, string>>): Change =>
  ({ beforehand }) => ({
    beforehand: (call, world, behaviour) =>
      call.number % everyNth === 0
        ? {
            status: 429,
            headers: { 'Content-Type': 'application/json', ...headers() },
            body: '{"status":"error","error_code":"too_many_requests","error_message":"Slow down."}',
          }
        : beforehand(call, world, behaviour),
  });

export const ERROR_VARIANTS: readonly Variant[] = [
  {
    name: 'errors-flat',
    reading: 'Refusals have no error_info.',
    rule: 'error/form',
    takes: 'flat',
    question: 'error-form',
    change: bodies(KINDS, flat),
  },
  {
    name: 'errors-of-fields-flat',
    reading: 'Refusals of a field have no error_info, the others have.',
    rule: 'error/form',
    takes: 'differs by kind',
    question: 'error-form',
    change: bodies(['missing', 'invalid'], flat),
  },
  {
    name: 'errors-with-error-info',
    reading: 'Refusals of an absent field have error_info like the rest.',
    rule: 'error/form',
    takes: 'with error_info',
    question: 'error-form',
    conflictsWith: ['missing-body'],
    change: instead('missing', (detail) => ({
      ...invalidBody(detail),
      error_message: `Missing ${detail.names.join(', ')}`,
      error_info: {
        user_message: 'Please fill in all fields.',
        developer_message: 'Mandatory parameter missing',
        code: 'MISSING_MANDATORY_PARAMETER',
        category: 'USER_ERROR',
        fields: detail.names.map((name) => ({ field_name: name, reason: 'Missing.' })),
      },
    })),
  },
  {
    name: 'missing-body-of-the-document',
    reading: 'An absent field is answered with the text of the document as the code.',
    rule: 'error/missing-body',
    takes: 'Mandatory fields are missing',
    question: 'missing-body',
    change: instead('missing', ({ names }) => ({
      status: 'Bad Request',
      error_code: 'Mandatory fields are missing',
      error_message: `Missing: ${names.join(', ')}`,
    })),
  },
  {
    name: 'missing-body-as-invalid',
    reading: 'An absent field is answered as a wrong one.',
    rule: 'error/missing-body',
    takes: 'as for an invalid field',
    question: 'missing-body',
    change: instead('missing', invalidBody),
  },
  {
    name: 'missing-body-names-nothing',
    reading: 'The answer to an absent field says that fields are missing, and not which.',
    rule: 'error/missing-body',
    takes: 'without names',
    question: 'missing-body',
    change: instead('missing', () => ({ status: 'Bad Request', error_code: 'Mandatory fields are missing', error_message: 'Details of keys missing' })),
  },
  {
    name: 'empty-as-missing',
    reading: 'A mandatory field that is empty is answered as one that is absent.',
    rule: 'error/invalid-body',
    takes: 'empty as missing',
    question: 'empty-body',
    change: ({ problems }) => ({
      problems: (found, fields, call) =>
        problems(found, fields, call).map((problem) =>
          fields.get(problem.field) === '' && (problem.field === 'object_reference_id' || problem.field === 'mobile_number')
            ? { ...problem, kind: 'missing' as const }
            : problem,
        ),
    }),
  },
  {
    name: 'invalid-body-short',
    reading: 'An invalid field is answered in a flat body with a code of its own.',
    rule: 'error/invalid-body',
    takes: 'another code',
    question: 'invalid-body',
    change: instead('invalid', ({ names }) => ({
      status: 'invalid_request_error',
      error_code: 'INVALID_INPUT',
      error_message: `${names.join(', ')} is not valid.`,
    })),
  },
  {
    name: 'invalid-body-names-nothing',
    reading: 'The answer to an invalid field names no field, and has no error_info.',
    rule: 'error/texts',
    takes: 'without names',
    question: 'invalid-body',
    change: instead('invalid', () => ({ status: 'Bad Request', error_code: 'invalid.request', error_message: 'The request is not valid.' })),
  },
  {
    name: 'first-problem-only',
    reading: 'Of several fields at fault the first is answered.',
    rule: 'error/texts',
    takes: 'first only',
    question: 'problems-answered',
    change: ({ problems }) => ({ problems: (found, fields, call) => problems(found, fields, call).slice(0, 1) }),
  },
  {
    name: 'last-problem-only',
    reading: 'Of several fields at fault the last is answered.',
    rule: 'error/texts',
    takes: 'last only',
    question: 'problems-answered',
    change: ({ problems }) => ({ problems: (found, fields, call) => problems(found, fields, call).slice(-1) }),
  },
  {
    name: 'duplicate-body-of-v2',
    reading: 'A duplicate is answered without error_info, as in the older edition.',
    rule: 'error/duplicate-body',
    takes: 'v2',
    question: 'duplicate-body',
    change: instead('duplicate', () => ({
      status: 'invalid_request_error',
      error_code: 'unique',
      error_message: 'Customer with given object reference id already exist for your account.',
    })),
  },
  {
    name: 'duplicate-body-with-fields',
    reading: 'The answer to a duplicate says in fields which one it is about.',
    rule: 'error/duplicate-body',
    takes: 'with fields',
    question: 'duplicate-body',
    change: bodies(['duplicate'], ({ error_info: info, ...body }, { names }) =>
      typeof info === 'object' ? { ...body, error_info: { ...info, fields: names.map((name) => ({ field_name: name, reason: 'Not unique.' })) } } : body,
    ),
  },
  {
    name: 'credential-body-of-v2',
    reading: 'A refused credential is answered as missing, as in the older edition.',
    rule: 'error/credential-body',
    takes: 'v2',
    question: 'credential-body',
    change: instead('credential', () => ({ status: 'invalid_request_error', error_code: 'missing_authentication', error_message: 'Missing authentication' })),
  },
  {
    name: 'credential-challenge',
    reading: 'A refused credential is answered with a challenge, as HTTP has it.',
    rule: 'error/credential-body',
    takes: 'with WWW-Authenticate',
    question: 'credential-challenge',
    change: ({ finished }) => ({
      finished: (given, call) => {
        const reply = finished(given, call);
        return reply.status === 401 ? { ...reply, headers: { ...reply.headers, 'WWW-Authenticate': 'Basic realm="customers"' } } : reply;
      },
    }),
  },
  {
    name: 'unknown-customer-body-of-v2',
    reading: 'An unknown customer is answered without error_info.',
    rule: 'error/unknown-customer-body',
    takes: 'v2',
    question: 'unknown-customer-body',
    change: instead('unknown-customer', () => ({ status: 'invalid_request_error', error_code: 'object_not_found' })),
  },
  {
    name: 'errors-in-portuguese',
    reading: 'The messages of refusals are in Portuguese.',
    rule: 'error/texts',
    takes: 'another language',
    question: 'error-language',
    change: (behaviour) => KINDS.map(translated).reduce<Partial<Behaviour>>((done, change) => ({ ...done, ...change({ ...behaviour, ...done }) }), {}),
  },
  {
    name: 'error-names-in-camel-case',
    reading: 'Refusals write the names of fields in camel case.',
    rule: 'error/texts',
    takes: 'camel case',
    question: 'error-names',
    change: () => ({ fieldName: camelCase }),
  },
  {
    name: 'error-names-in-words',
    reading: 'Refusals write the names of fields in words.',
    rule: 'error/texts',
    takes: 'words',
    question: 'error-names',
    change: () => ({ fieldName: inWords }),
  },
  {
    name: 'throttled',
    reading: 'Every hundredth request is answered 429, with a second to wait.',
    rule: 'error/throttling',
    takes: 'Retry-After in seconds',
    question: 'throttling',
    change: throttled(100, () => ({ 'Retry-After': '1' })),
  },
  {
    name: 'throttled-until-a-date',
    reading: 'Every 150th request is answered 429, with the time from which on to try again.',
    rule: 'error/throttling',
    takes: 'Retry-After as a date',
    question: 'throttling',
    change: throttled(150, () => ({ 'Retry-After': new Date(Date.now() + 1_000).toUTCString() })),
  },
  {
    name: 'throttled-without-a-word',
    reading: 'Every 150th request is answered 429, and nothing says how long to wait.',
    rule: 'error/throttling',
    takes: 'without Retry-After',
    question: 'throttling',
    change: throttled(150, () => ({})),
  },
  {
    name: 'address-refused',
    reading: 'The address of the caller is not on the list.',
    rule: 'error/address-refused',
    takes: '403',
    question: 'address-refused',
    blocks: true,
    change: () => ({
      beforehand: () => ({
        status: 403,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          error: true,
          error_message: 'Internal Server error.',
          user_message: 'Bad Origin.',
          error_info: { code: 'BAD_ORIGIN', category: 'USER_ERROR', user_message: 'Bad Origin.', developer_message: 'IP Verification Failed' },
        }),
      }),
    }),
  },
];
