/** Refusals with the wrong status, type, shape or field. */
import type { Call, Change, FormField, Members, Refusal, Reply } from '../behaviour.js';
import { FORM_FIELDS } from '../behaviour.js';
import { refused, refusedWith, replied, membersOf, type Fault } from './fault.js';

const isRefusal = (reply: Reply, call: Call): boolean => call.route.kind === 'create' && reply.status === 400;
const says = (reply: Reply, text: string): boolean => reply.body.includes(text);
/** Refusals of a wrong value, and of an absent field. */
const isInvalid = (reply: Reply, call: Call): boolean => isRefusal(reply, call) && says(reply, 'Wrong value');
const isMissing = (reply: Reply, call: Call): boolean => isRefusal(reply, call) && says(reply, '"nullable"');
const html = (title: string) => (reply: Reply) => ({
  ...reply,
  headers: { 'Content-Type': 'text/html' },
  body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
});
const info = (kind: Refusal, written: (given: Members) => unknown): Change =>
  refused(kind, (given) => ('error_info' in given ? { ...given, error_info: written(membersOf(given['error_info'])) } : given));
/** Refusals of wrong values that name other fields than the ones at fault. */
const naming =
  (other: (field: FormField) => FormField): Change =>
  ({ bodies }) => ({
    bodies: {
      ...bodies,
      invalid: (detail) => {
        const fields = detail.fields.map(other);
        return bodies.invalid({ ...detail, fields, names: fields });
      },
    },
  });
const next = (field: FormField): FormField => FORM_FIELDS[(FORM_FIELDS.indexOf(field) + 1) % FORM_FIELDS.length] ?? field;

/** What cannot be read as JSON has no shape, and names nothing that a reader finds. */
const NO_BODY = [
  'error/json',
  'error/shape',
  'error/members-once',
  'error/info',
  'error/info-fields',
  'error/duplicate',
  'error/credential-shape',
  'error/unknown-customer-shape',
];

export const REFUSAL_FAULTS: readonly Fault[] = [
  { name: 'missing-answered-422', defect: 'An absent field is answered 422.', breaks: ['error/missing-status'], change: refusedWith('missing', 422) },
  {
    name: 'missing-answered-404',
    defect: 'An absent object_reference_id is taken for a customer that is not found.',
    breaks: ['error/missing-status'],
    mayBreak: ['object_reference_id/required', 'mobile_number/required'],
    change: refusedWith('missing', 404),
  },
  { name: 'missing-answered-409', defect: 'An absent field is answered 409.', breaks: ['error/missing-status'], change: refusedWith('missing', 409) },
  {
    name: 'invalid-answered-422',
    defect: 'A wrong value is answered 422.',
    breaks: ['error/invalid-status'],
    mayBreak: ['error/missing-status'],
    change: refusedWith('invalid', 422),
  },
  {
    name: 'invalid-answered-403',
    defect: 'A wrong value is answered 403, by the filter in front.',
    breaks: ['error/invalid-status'],
    mayBreak: ['error/missing-status'],
    change: refusedWith('invalid', 403),
  },
  { name: 'duplicate-answered-409', defect: 'A duplicate is answered 409.', breaks: ['error/duplicate-status'], change: refusedWith('duplicate', 409) },
  {
    name: 'duplicate-with-another-code',
    defect: 'The error_code of a duplicate is duplicate.',
    breaks: ['error/duplicate'],
    change: refused('duplicate', (given) => ({ ...given, error_code: 'duplicate' })),
  },
  {
    name: 'duplicate-without-status',
    defect: 'The answer to a duplicate has no status.',
    breaks: ['error/duplicate-shape'],
    change: refused('duplicate', ({ status: _, ...given }) => given),
  },
  {
    name: 'duplicate-message-an-object',
    defect: 'The error_message of a duplicate is an object with a text for each language.',
    breaks: ['error/duplicate-shape'],
    change: refused('duplicate', (given) => ({ ...given, error_message: { en: given['error_message'] } })),
  },
  {
    name: 'duplicate-as-text',
    defect: 'A duplicate is answered with a line of text.',
    breaks: ['error/duplicate-shape'],
    mayBreak: ['error/duplicate'],
    change: replied(
      (reply, call) => isRefusal(reply, call) && says(reply, 'unique'),
      (reply) => ({ ...reply, headers: { 'Content-Type': 'text/plain' }, body: 'duplicate key value violates unique constraint' }),
    ),
  },
  {
    name: 'invalid-as-html',
    defect: 'A wrong value is answered with the page that the framework has for errors.',
    breaks: ['error/media-type', 'error/json', 'error/shape'],
    mayBreak: NO_BODY,
    change: replied(isInvalid, html('400 Bad Request')),
  },
  {
    name: 'invalid-as-stack-trace',
    defect: 'A wrong value throws, and the stack trace is the answer.',
    breaks: ['error/json', 'error/media-type', 'error/shape'],
    mayBreak: NO_BODY,
    change: replied(isInvalid, (reply) => ({
      ...reply,
      headers: { 'Content-Type': 'text/plain' },
      body: 'ValidationError: invalid value\n    at validate (/srv/customers/validate.js:41:11)\n    at create (/srv/customers/create.js:17:5)\n',
    })),
  },
  {
    name: 'missing-as-text',
    defect: 'An absent field is answered with a line of text.',
    breaks: ['error/shape', 'error/media-type', 'error/json'],
    mayBreak: NO_BODY,
    change: replied(isMissing, (reply) => ({ ...reply, headers: { 'Content-Type': 'text/plain' }, body: 'Mandatory fields are missing' })),
  },
  {
    name: 'refusals-with-media-type-of-a-page',
    defect: 'Refusals are JSON, and say that they are text/html.',
    breaks: ['error/media-type'],
    mayBreak: ['error/shape'],
    change: replied(isRefusal, (reply) => ({ ...reply, headers: { 'Content-Type': 'text/html;charset=utf-8' } })),
  },
  {
    name: 'refusals-without-media-type',
    defect: 'Refusals have no Content-Type.',
    breaks: ['error/media-type'],
    mayBreak: ['error/shape'],
    change: replied(isRefusal, (reply) => ({ ...reply, headers: {} })),
  },
  {
    name: 'missing-with-a-comma-too-many',
    defect: 'The answer to an absent field is written by hand, with a comma before the closing brace.',
    breaks: ['error/json'],
    mayBreak: NO_BODY,
    change: replied(isMissing, (reply) => ({ ...reply, body: String(reply.body).replace(/}$/, ',}') })),
  },
  {
    name: 'invalid-with-code-twice',
    defect: 'The answer to a wrong value has error_code twice.',
    breaks: ['error/members-once'],
    mayBreak: ['error/shape'],
    change: replied(isInvalid, (reply) => ({ ...reply, body: String(reply.body).replace('{', '{"error_code":"invalid",') })),
  },
  {
    name: 'invalid-with-latin-1-text',
    defect: 'The answer to a wrong value has a dash in Latin-1.',
    breaks: ['error/json'],
    mayBreak: NO_BODY,
    change: replied(isInvalid, (reply) => ({ ...reply, body: Buffer.from(String(reply.body).replace('Invalid value.', 'Invalid value \xad.'), 'latin1') })),
  },
  {
    name: 'invalid-in-a-list',
    defect: 'A wrong value is answered with a list of errors.',
    breaks: ['error/shape'],
    mayBreak: ['error/info', 'error/info-fields'],
    change: refused('invalid', (given) => [given]),
  },
  {
    name: 'invalid-inside-error',
    defect: 'The answer to a wrong value is wrapped into a member error.',
    breaks: ['error/shape'],
    mayBreak: ['error/info', 'error/info-fields'],
    change: refused('invalid', (given) => ({ error: given })),
  },
  {
    name: 'invalid-status-a-number',
    defect: 'The member status of a refusal is the HTTP status.',
    breaks: ['error/shape'],
    change: refused('invalid', (given) => ({ ...given, status: 400 })),
  },
  {
    name: 'missing-message-left-out',
    defect: 'The answer to an absent field has no error_message.',
    breaks: ['error/shape'],
    change: refused('missing', ({ error_message: _, ...given }) => given),
  },
  {
    name: 'missing-code-a-number',
    defect: 'The error_code of an absent field is a number.',
    breaks: ['error/shape'],
    change: refused('missing', (given) => ({ ...given, error_code: 1001 })),
  },
  {
    name: 'missing-message-a-list',
    defect: 'The error_message of an absent field is the list of what is missing.',
    breaks: ['error/shape'],
    change: refused('missing', (given, { names }) => ({ ...given, error_message: names })),
  },
  {
    name: 'refused-names-next-field',
    defect: 'The index of the field at fault is one too high.',
    breaks: ['error/names-field'],
    mayBreak: ['error/info-fields'],
    change: naming(next),
  },
  {
    name: 'refused-names-reference',
    defect: 'The answer to a wrong value was copied from object_reference_id, and names it always.',
    breaks: ['error/names-field'],
    mayBreak: ['error/info-fields'],
    change: naming(() => 'object_reference_id'),
  },
  {
    name: 'refused-names-the-other-name',
    defect: 'A wrong last_name is answered with the text for first_name.',
    breaks: ['error/names-field'],
    mayBreak: ['error/info-fields'],
    change: naming((field) => (field === 'last_name' ? 'first_name' : field)),
  },
  {
    name: 'missing-names-the-wrong-field',
    defect: 'An absent mobile_number is answered with the text for object_reference_id.',
    breaks: ['error/names-field'],
    change: ({ bodies }) => ({
      bodies: { ...bodies, missing: (detail) => bodies.missing({ ...detail, fields: ['object_reference_id'], names: ['object_reference_id'] }) },
    }),
  },
  { name: 'info-without-code', defect: 'error_info has no code.', breaks: ['error/info'], change: info('invalid', ({ code: _, ...given }) => given) },
  {
    name: 'info-message-null',
    defect: 'The user_message of error_info is null where no translation is found.',
    breaks: ['error/info'],
    change: info('invalid', (given) => ({ ...given, user_message: null })),
  },
  {
    name: 'duplicate-info-without-category',
    defect: 'The error_info of a duplicate has no category.',
    breaks: ['error/info'],
    mayBreak: ['error/duplicate'],
    change: info('duplicate', ({ category: _, ...given }) => given),
  },
  {
    name: 'info-fields-left-out',
    defect: 'error_info does not say which fields.',
    breaks: ['error/info-fields'],
    change: info('invalid', ({ fields: _, ...given }) => given),
  },
  {
    name: 'info-fields-empty',
    defect: 'The list of fields in error_info is filled after it is written.',
    breaks: ['error/info-fields'],
    change: info('invalid', (given) => ({ ...given, fields: [] })),
  },
  {
    name: 'info-fields-names-only',
    defect: 'The fields of error_info are names, without reasons.',
    breaks: ['error/info-fields'],
    change: refused('invalid', (given, { names }) => ({ ...given, error_info: { ...membersOf(given['error_info']), fields: names } })),
  },
  {
    name: 'credential-refused-in-words',
    defect: 'A refused credential is answered with a line of text.',
    breaks: ['error/credential-shape'],
    change: replied(
      (reply) => reply.status === 401,
      (reply) => ({ ...reply, headers: { 'Content-Type': 'text/plain' }, body: 'Unauthorized' }),
    ),
  },
  {
    name: 'credential-refused-without-code',
    defect: 'The answer to a refused credential has no error_code.',
    breaks: ['error/credential-shape'],
    change: refused('credential', ({ error_code: _, ...given }) => given),
  },
  {
    name: 'unknown-customer-as-html',
    defect: 'An unknown customer is answered with a page.',
    breaks: ['error/unknown-customer-shape'],
    needs: ['get'],
    change: replied((reply, call) => call.route.kind === 'read' && reply.status === 404, html('404 Not Found')),
  },
  {
    name: 'unknown-customer-without-status',
    defect: 'The answer to an unknown customer has no status.',
    breaks: ['error/unknown-customer-shape'],
    needs: ['get'],
    change: refused('unknown-customer', ({ status: _, ...given }) => given),
  },
  {
    name: 'refusals-of-empty-and-wrong-mixed-up',
    defect: 'A wrong value is answered with a code that depends on how many there were before.',
    breaks: ['error/texts'],
    mayBreak: ['error/invalid-body', 'error/missing-body', 'sequence/equal-requests'],
    change: ({ bodies }) => {
      let count = 0;
      return {
        bodies: { ...bodies, invalid: (detail) => ({ ...bodies.invalid(detail), error_code: (count += 1) % 3 === 0 ? 'INVALID_INPUT' : 'Invalid Request' }) },
      };
    },
  },
];
