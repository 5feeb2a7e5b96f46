/** The good answer on the wire: its status, its type, its JSON, its length. */
import type { Change, Reply } from '../behaviour.js';
import { CUSTOMER_FIELDS } from '../behaviour.js';
import { WHERE_ECHOES_SHOW, isCreated, replied, type Fault } from './fault.js';

const body = (written: (body: string) => string | Buffer, some: (body: string) => boolean = () => true): Change =>
  replied(
    (reply, call) => isCreated(reply, call) && some(String(reply.body)),
    (reply) => ({ ...reply, body: written(String(reply.body)) }),
  );
const headers = (written: Reply['headers'], some: (body: string) => boolean = () => true): Change =>
  replied(
    (reply, call) => isCreated(reply, call) && some(String(reply.body)),
    (reply) => ({ ...reply, headers: written }),
  );
const withToken = (text: string): boolean => text.includes('"juspay"');
const status = (number: number, some: (body: string) => boolean = () => true): Change =>
  replied(
    (reply, call) => isCreated(reply, call) && some(String(reply.body)),
    (reply) => ({ ...reply, status: number }),
  );

/** Nothing is known of members that can't be read; a customer that a create shows in no readable way is not read back. */
const UNREADABLE = [
  'response/object',
  'response/members-once',
  'response/id',
  'response/id-prefix',
  'response/object-member',
  ...CUSTOMER_FIELDS.map((field) => `response/echo-${field}`),
  'response/date_created',
  'response/last_updated',
  'response/dates-utc',
  'response/dates-now',
  'response/dates-order',
  'token/iff-asked',
  'token/value',
  'token/expiry',
  'token/expiry-date',
  'token/format',
  'token/lifetime',
  'options.get_client_auth_token/true',
  'customers/read',
  ...WHERE_ECHOES_SHOW,
  'content-type/form',
];

export const WIRE_FAULTS: readonly Fault[] = [
  { name: 'created-answered-201', defect: 'A create is answered 201.', breaks: ['response/status'], change: status(201) },
  {
    name: 'created-answered-202-with-token',
    defect: 'A create that asks for the token is answered 202, since the token is made elsewhere.',
    breaks: ['response/status'],
    change: status(202, withToken),
  },
  {
    name: 'created-as-text',
    defect: 'The answer is JSON, and says that it is text/plain.',
    breaks: ['response/media-type'],
    change: headers({ 'Content-Type': 'text/plain; charset=utf-8' }),
  },
  { name: 'created-without-media-type', defect: 'The answer has no Content-Type.', breaks: ['response/media-type'], change: headers({}) },
  {
    name: 'created-with-token-as-html',
    defect: 'The answer with a token is sent by another function, as text/html.',
    breaks: ['response/media-type'],
    change: headers({ 'Content-Type': 'text/html' }, withToken),
  },
  {
    name: 'created-as-json-of-another-kind',
    defect: 'The media type is the one of an old library, text/json.',
    breaks: ['response/media-type'],
    change: headers({ 'Content-Type': 'text/json' }),
  },
  {
    name: 'json-with-a-comma-too-many',
    defect: 'The JSON is made of a template that leaves a comma where there is no token.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body(
      (text) => text.replace(/}$/, ',}'),
      (text) => !withToken(text),
    ),
  },
  {
    name: 'json-in-single-quotes',
    defect: 'The dictionary is printed instead of written as JSON.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body((text) => text.replaceAll('"', "'").replaceAll('null', 'None')),
  },
  {
    name: 'json-cut-at-512-bytes',
    defect: 'The answer is written into a buffer of 512 bytes.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body((text) => Buffer.from(text).subarray(0, 512)),
  },
  {
    name: 'json-with-a-byte-order-mark',
    defect: 'The JSON begins with a byte order mark.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body((text) => `\ufeff${text}`),
  },
  {
    name: 'json-with-nothing-for-unsent',
    defect: 'The JSON is made of a template, and has nothing where a name was not sent.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body(
      (text) => text.replace(/(?<="(?:first|last)_name":)null/g, ''),
      (text) => /_name":null/.test(text),
    ),
  },
  {
    name: 'json-in-latin-1',
    defect: 'The answer is written as Latin-1.',
    breaks: ['response/json'],
    mayBreak: [...UNREADABLE, 'encoding/utf-8'],
    change: body(
      (text) => Buffer.from(text, 'latin1'),
      (text) => /[^\p{ASCII}]/u.test(text),
    ),
  },
  {
    name: 'json-with-quotes-not-escaped',
    defect: 'The JSON is made by hand, and a backslash or a quote in object_reference_id is not escaped.',
    breaks: ['response/json'],
    mayBreak: [...UNREADABLE, 'response/members-once'],
    change: body(
      (text) => text.replace(/\\(["\\])/g, '$1'),
      (text) => /\\["\\]/.test(text),
    ),
  },
  {
    name: 'json-in-a-callback',
    defect: 'The answer is wrapped for scripts of other sites.',
    breaks: ['response/json'],
    mayBreak: UNREADABLE,
    change: body((text) => `callback(${text})`),
  },
  {
    name: 'customer-in-a-list',
    defect: 'The answer is a list of one customer.',
    breaks: ['response/object'],
    mayBreak: UNREADABLE,
    change: body((text) => `[${text}]`),
  },
  {
    name: 'customer-as-json-in-json',
    defect: 'The answer is written as JSON twice.',
    breaks: ['response/object'],
    mayBreak: UNREADABLE,
    change: body((text) => JSON.stringify(text)),
  },
  {
    name: 'empty-answer-without-token',
    defect: 'A create without a token is answered with null.',
    breaks: ['response/object'],
    mayBreak: UNREADABLE,
    change: body(
      () => 'null',
      (text) => !withToken(text),
    ),
  },
  {
    name: 'id-twice',
    defect: 'The member id is written by two layers.',
    breaks: ['response/members-once'],
    mayBreak: ['response/json'],
    change: body((text) => text.replace(/}$/, `,"id":${JSON.stringify(/"id":"([^"]*)"/.exec(text)?.[1] ?? '')}}`)),
  },
  {
    name: 'expiry-twice',
    defect: 'The expiry of the token is written twice.',
    breaks: ['response/members-once'],
    mayBreak: ['response/json'],
    change: body((text) => text.replace(/("client_auth_token_expiry":"[^"]*")/, '$1,$1'), withToken),
  },
  {
    name: 'juspay-null-twice',
    defect: 'Names that were not sent are written a second time, as null.',
    breaks: ['response/members-once'],
    mayBreak: ['response/json'],
    change: body(
      (text) => text.replace(/}$/, ',"first_name":null}'),
      (text) => text.includes('"first_name":null'),
    ),
  },
  {
    name: 'length-in-characters',
    defect: 'Content-Length counts characters, not bytes.',
    breaks: ['response/content-length'],
    mayBreak: [...UNREADABLE, 'response/json', 'encoding/utf-8', 'robustness/values', 'robustness/good-requests', 'object_reference_id/characters'],
    change: ({ send }) => ({
      send: (response, reply, call) => {
        const text = reply.body.toString();
        if (Buffer.byteLength(text) === text.length || !isCreated(reply, call)) return send(response, reply, call);
        const bytes = Buffer.from(text);
        response.writeHead(reply.status, { ...reply.headers, 'Content-Length': text.length, Connection: 'close' });
        response.end(bytes);
      },
    }),
  },
  {
    name: 'length-too-large',
    defect: 'Content-Length counts a final line feed that is not written.',
    breaks: ['response/content-length'],
    mayBreak: [...UNREADABLE, 'response/json', 'robustness/good-requests', 'options.get_client_auth_token/true'],
    change: ({ send }) => ({
      send: (response, reply, call) => {
        if (!isCreated(reply, call) || !withToken(String(reply.body))) return send(response, reply, call);
        response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) + 1, Connection: 'close' });
        response.end(reply.body);
      },
    }),
  },
  {
    name: 'length-too-small',
    defect: 'Content-Length is measured before the last member is added.',
    breaks: ['response/content-length'],
    mayBreak: [...UNREADABLE, 'response/json', 'robustness/good-requests', 'options.get_client_auth_token/true'],
    change: ({ send }) => ({
      send: (response, reply, call) => {
        if (!isCreated(reply, call) || !withToken(String(reply.body))) return send(response, reply, call);
        response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) - 100, Connection: 'close' });
        response.end(reply.body);
      },
    }),
  },
];
