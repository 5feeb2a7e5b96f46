/** Readings of the siblings, and freedoms that HTTP gives a server. */
import { gzipSync } from 'node:zlib';
import { refuse } from '../answers.js';
import type { Behaviour, Change } from '../behaviour.js';
import { merchantOfKey } from '../create.js';
import type { Variant } from './variant.js';

const header =
  (name: string, value: () => string): Change =>
  ({ finished }) => ({
    finished: (given, call) => {
      const reply = finished(given, call);
      return { ...reply, headers: { ...reply.headers, [name]: value() } };
    },
  });
/** The names of all header lines that are ours, written otherwise. */
const headerNames =
  (written: (name: string) => string): Change =>
  () => ({
    send: (response, { status, headers, body }) => {
      const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
      response.writeHead(status, Object.fromEntries(Object.entries(all).map(([name, value]) => [written(name), value])));
      response.end(body);
    },
  });
const pausing =
  (milliseconds: () => number): Change =>
  ({ pause }) => ({
    pause: async (call) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds()));
      await pause(call);
    },
  });
const readableAfter =
  (milliseconds: number): Change =>
  () => ({ readable: (customer, now) => now - customer.createdAt >= milliseconds });

const inPieces: Behaviour['send'] = (response, { status, headers, body }) => {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  const middle = Math.floor(bytes.length / 2);
  response.write(bytes.subarray(0, middle));
  setTimeout(() => response.end(bytes.subarray(middle)), 2);
};

export const WIRE_VARIANTS: readonly Variant[] = [
  {
    name: 'no-get',
    reading: 'There is no GET for a customer: 404.',
    rule: 'customers/read',
    takes: 'lacking',
    question: 'reads',
    change: () => ({ reads: false }),
  },
  {
    name: 'get-not-allowed',
    reading: 'There is no GET for a customer: 405.',
    rule: 'customers/read',
    takes: 'lacking',
    question: 'reads',
    change: ({ route }) => ({
      route: (method, path) => {
        const found = route(method, path);
        return found.kind === 'read' ? { kind: 'not-allowed', allow: 'POST' } : found;
      },
    }),
  },
  {
    name: 'no-update',
    reading: 'There is no update of a customer.',
    rule: 'customers/update',
    takes: 'lacking',
    question: 'updates',
    change: () => ({ updates: false }),
  },
  {
    name: 'read-by-reference',
    reading: 'A customer can be read by its object_reference_id too.',
    rule: 'customers/read-by-reference',
    takes: 'found',
    question: 'read-by-reference',
    change: ({ found }) => ({
      found: (id, scope, world, call) => found(id, scope, world, call) ?? (call.route.kind === 'read' ? world.store.byReference(scope, id) : undefined),
    }),
  },
  {
    name: 'read-token',
    reading: 'A read whose query asks for the token gets one.',
    rule: 'customers/read-token',
    takes: 'given',
    question: 'read-token',
    change: () => ({ asksForTokenAtRead: (query) => new URLSearchParams(query).get('options.get_client_auth_token') === 'true' }),
  },
  {
    name: 'read-delay',
    reading: 'A fresh customer can be read after a second.',
    rule: 'customers/read-delay',
    takes: 'a second',
    question: 'read-delay',
    change: readableAfter(1_000),
  },
  {
    name: 'read-delay-short',
    reading: 'A fresh customer can be read after a fifth of a second.',
    rule: 'customers/read-delay',
    takes: 'less than a second',
    question: 'read-delay',
    change: readableAfter(200),
  },
  {
    name: 'answers-chunked',
    reading: 'Answers come in chunks, without Content-Length.',
    rule: 'response/content-length',
    takes: 'absent',
    question: 'sending',
    change: () => ({
      send: (response, { status, headers, body }) => {
        response.writeHead(status, { ...headers });
        response.write(body.slice(0, 1));
        response.end(body.slice(1));
      },
    }),
  },
  {
    name: 'answers-in-two-pieces',
    reading: 'Answers come in two pieces with a pause between them.',
    rule: 'response/content-length',
    takes: 'in pieces',
    question: 'sending',
    change: () => ({ send: inPieces }),
  },
  {
    name: 'answers-compressed',
    reading: 'Answers are compressed for a client that accepts it.',
    rule: 'response/content-length',
    takes: 'of the compressed body',
    question: 'sending',
    change: ({ send }) => ({
      send: (response, reply, call) => {
        if (!/\bgzip\b/.test(String(call.headers['accept-encoding']))) return send(response, reply, call);
        const body = gzipSync(reply.body, { level: 1 });
        send(response, { ...reply, headers: { ...reply.headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }, body }, call);
      },
    }),
  },
  {
    name: 'header-names-lower-case',
    reading: 'Names of header lines are in lower case.',
    rule: 'response/media-type',
    takes: 'lower case',
    question: 'sending',
    change: headerNames((name) => name.toLowerCase()),
  },
  {
    name: 'header-names-upper-case',
    reading: 'Names of header lines are in upper case.',
    rule: 'response/media-type',
    takes: 'upper case',
    question: 'sending',
    change: headerNames((name) => name.toUpperCase()),
  },
  {
    name: 'connection-closed',
    reading: 'Every answer closes its connection.',
    rule: 'robustness/good-requests',
    takes: 'Connection: close',
    question: 'connection',
    change: header('Connection', () => 'close'),
  },
  {
    name: 'keep-alive-one-second',
    reading: 'An idle connection is closed after a second.',
    rule: 'robustness/good-requests',
    takes: 'idle connections closed',
    question: 'connection',
    change: () => ({ keepAliveTimeoutMs: 1_000 }),
  },
  {
    name: 'no-date-header',
    reading: 'Answers have no Date header.',
    rule: 'response/dates-now',
    takes: 'no Date header',
    question: 'date-header',
    change: ({ send }) => ({
      send: (response, reply, call) => {
        response.sendDate = false;
        send(response, reply, call);
      },
    }),
  },
  {
    name: 'cookies',
    reading: 'Every answer sets a cookie, as balancers do.',
    rule: 'response/undocumented-members',
    takes: 'a cookie',
    question: 'cookies',
    change: header('Set-Cookie', () => `node=${Date.now().toString(36)}; Path=/; HttpOnly`),
  },
  {
    name: 'more-headers',
    reading: 'Answers have the header lines of a gateway.',
    rule: 'response/undocumented-members',
    takes: 'header lines',
    question: 'more-headers',
    change: (behaviour) => {
      const first = header('X-Response-Id', () => `ec_${Math.random().toString(36).slice(2)}`)(behaviour);
      return header('Strict-Transport-Security', () => 'max-age=31536000')({ ...behaviour, ...first });
    },
  },
  {
    name: 'slow',
    reading: 'Every answer takes 50 ms.',
    rule: 'robustness/good-requests',
    takes: 'slow',
    question: 'speed',
    change: pausing(() => 50),
  },
  {
    name: 'uneven',
    reading: 'Answers take up to 20 ms, and overtake one another.',
    rule: 'robustness/good-requests',
    takes: 'uneven',
    question: 'speed',
    change: pausing(() => Math.random() * 20),
  },
  {
    name: 'small-bodies-only',
    reading: 'A body of more than 64 KiB is answered 413.',
    rule: 'robustness/sizes',
    takes: '413',
    question: 'body-size',
    change: () => ({ maxBodyBytes: 64 * 1024 }),
  },
  {
    name: 'other-methods-404',
    reading: 'A method that a path does not know is answered 404.',
    rule: 'robustness/methods',
    takes: '404',
    question: 'other-methods',
    conflictsWith: ['reads'],
    change: ({ route }) => ({
      route: (method, path) => {
        const found = route(method, path);
        return found.kind === 'not-allowed' ? { kind: 'not-found' } : found;
      },
    }),
  },
  {
    name: 'options-answered',
    reading: 'OPTIONS is answered 200, for browsers.',
    rule: 'robustness/methods',
    takes: '200 to OPTIONS',
    question: 'options-method',
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) =>
        call.method === 'OPTIONS'
          ? { status: 200, headers: { Allow: 'POST, OPTIONS', 'Access-Control-Allow-Origin': '*' }, body: '' }
          : beforehand(call, world, behaviour),
    }),
  },
  {
    name: 'credential-before-path',
    reading: 'A request without a credential is answered 401, whatever its path.',
    rule: 'robustness/paths',
    takes: '401',
    question: 'unknown-paths',
    change: ({ beforehand }) => ({
      beforehand: (call, world, behaviour) =>
        call.route.kind === 'not-found' && merchantOfKey(behaviour, call, world) === undefined
          ? refuse('credential', behaviour, call)
          : beforehand(call, world, behaviour),
    }),
  },
];
