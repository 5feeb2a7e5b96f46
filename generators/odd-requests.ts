/** Complete requests that are odd: whatever they deserve, they have to be answered, and below 500. */
import { FIELDS, type FieldName, type RobustnessFamily } from '../contracts/model.js';
import { encodeForm, encodeText, type Fields } from './form.js';

/** How a request differs from a safe one. */
export interface OddRequest {
  /** In a few words: what is odd. */
  readonly name: string;
  /** POST where absent. */
  readonly method?: string;
  /** `/customers` where absent. Written as on the wire. */
  readonly path?: string;
  /** `null`: no header. The media type of forms where absent. */
  readonly contentType?: string | null;
  /** Sent beside those of a safe request; a name that the safe request has comes a second time. One character is one byte on the wire. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The safe fields with one of them replaced by what stands raw on the wire; added where it is not sent. */
function withRaw(safe: Fields, field: FieldName, raw: string): Buffer {
  const others = encodeForm(safe.filter(([name]) => name !== field)).toString('latin1');
  return bytes(`${others}${others === '' ? '' : '&'}${encodeText(field)}=${raw}`);
}

/** Values as they stand on the wire. */
const RAW_VALUES: readonly (readonly [name: string, raw: string])[] = [
  ['a lone high surrogate in UTF-8 form', '%ED%A0%80'],
  ['NUL', '%00'],
  ['an emoji of several code points', encodeText('👩‍👩‍👧‍👦')],
  ['markup', encodeText('<script>alert(1)</script>')],
  ['a quote and a comment of SQL', encodeText("' OR '1'='1'; --")],
  ['a backslash and a quote', encodeText('\\"')],
  ['a template expression', encodeText('${7*7}{{7*7}}#{7*7}')],
  ['a path', encodeText('../../../../etc/passwd')],
  ['a right-to-left override', encodeText('\u202Eabc')],
  ['every control character', encodeText(Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(''))],
  ['a thousand combining marks', encodeText(`a${'\u0301'.repeat(1000)}`)],
  ['a JSON object', encodeText('{"$gt":""}')],
];

function oddValues(safe: Fields): OddRequest[] {
  // Each value once with its turn of the fields, then each again with the next field: all pairs in the end, variety from the start.
  return FIELDS.flatMap((_, round) =>
    RAW_VALUES.flatMap(([name, raw], i): OddRequest[] => {
      const field = FIELDS[(i + round) % FIELDS.length];
      return field === undefined ? [] : [{ name: `${field}: ${name}`, body: withRaw(safe, field, raw) }];
    }),
  );
}

function oddFormBodies(safe: Fields): OddRequest[] {
  const plain = encodeForm(safe);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(safe)));
  const withMore = (raw: string): Buffer => Buffer.concat([plain, bytes(`&${raw}`)]);
  return [
    { name: 'an empty body', body: bytes('') },
    { name: 'JSON under the form type', body: json },
    { name: 'a malformed escape in a value', body: withMore('first_name=%zz') },
    { name: 'bytes that are not UTF-8', body: withMore('first_name=\xff\xfe') },
    { name: 'a raw NUL', body: withMore('first_name=a\0b') },
    { name: 'a lone surrogate in UTF-8 form', body: withMore('last_name=\xed\xa0\x80') },
    { name: 'JSON under its own type', body: json, contentType: 'application/json' },
    { name: 'unfinished JSON under its own type', body: json.subarray(0, -2), contentType: 'application/json' },
    { name: 'a JSON array under its own type', body: bytes('[]'), contentType: 'application/json' },
    { name: 'the JSON word null under its own type', body: bytes('null'), contentType: 'application/json' },
    { name: 'an equals sign', body: bytes('=') },
    { name: 'an ampersand', body: bytes('&') },
    { name: 'a percent sign', body: bytes('%') },
    { name: 'an escaped NUL', body: bytes('%00') },
    { name: 'keys with brackets', body: withMore('a[b]=c&a[b][c]=d&a[]=e&a[b=f') },
    { name: 'deep brackets', body: withMore(`a${'[b]'.repeat(500)}=c`) },
    { name: 'keys that every object has', body: withMore('__proto__=x&constructor=x&toString=x&__proto__[x]=y&hasOwnProperty=x') },
    { name: 'a field as an object and as a text', body: withMore('first_name[a]=b&first_name=c') },
    { name: 'an object in place of the reference', body: bytes('object_reference_id[a]=b&mobile_number=987654321') },
    { name: 'XML under the form type', body: bytes('<?xml version="1.0"?><customer/>') },
    { name: 'a byte order mark in front', body: Buffer.concat([bytes('\xef\xbb\xbf'), plain]) },
    { name: 'all bytes', body: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)) },
    { name: 'UTF-16', body: Buffer.from(plain.toString('latin1'), 'utf16le') },
    { name: 'a multipart body without its boundary', body: bytes('--x\r\n\r\n--x--\r\n'), contentType: 'multipart/form-data' },
  ];
}

/** In characters; past the limits that parsers usually have (100 KiB) and within those of servers (1 MiB). */
const HUGE = 100_000;
const MANY = 10_000;

function oddSizes(safe: Fields): OddRequest[] {
  const plain = encodeForm(safe).toString('latin1');
  return [
    ...FIELDS.map((field): OddRequest => ({
      name: `${field} of 100,000 characters`,
      body: withRaw(safe, field, (field === 'mobile_number' ? '9' : 'a').repeat(HUGE)),
    })),
    { name: '10,000 fields', body: bytes(`${plain}&${Array.from({ length: MANY }, (_, i) => `f${i}=${i}`).join('&')}`) },
    { name: '10,000 times the same field', body: bytes(plain + '&first_name=a'.repeat(MANY)) },
    { name: 'a name of 100,000 characters', body: bytes(`${plain}&${'k'.repeat(HUGE)}=v`) },
    { name: '100,000 ampersands', body: bytes(plain + '&'.repeat(HUGE)) },
    { name: '100,000 characters of 2 bytes, raw', body: withRaw(safe, 'first_name', '\xc3\xa9'.repeat(HUGE)) },
    { name: '30,000 escapes', body: withRaw(safe, 'last_name', '%41'.repeat(HUGE * 0.3)) },
  ];
}

function oddMethods(safe: Fields): OddRequest[] {
  const body = encodeForm(safe);
  const none = Buffer.alloc(0);
  return [
    { name: 'GET without a body', method: 'GET', body: none, contentType: null },
    { name: 'PUT', method: 'PUT', body },
    { name: 'DELETE without a body', method: 'DELETE', body: none, contentType: null },
    // Registered methods (RFC 4918, RFC 3253) that a router of an API hardly knows.
    { name: 'PROPFIND', method: 'PROPFIND', body: none, contentType: null },
    { name: 'OPTIONS', method: 'OPTIONS', body: none, contentType: null },
    { name: 'PATCH', method: 'PATCH', body },
    { name: 'HEAD', method: 'HEAD', body: none, contentType: null },
    { name: 'GET with a body', method: 'GET', body },
    { name: 'DELETE with a body', method: 'DELETE', body },
    { name: 'PUT without a body', method: 'PUT', body: none },
    { name: 'PATCH without a body', method: 'PATCH', body: none },
    { name: 'REPORT', method: 'REPORT', body },
  ];
}

function oddPaths(safe: Fields): OddRequest[] {
  const body = encodeForm(safe);
  const paths: readonly (readonly [name: string, path: string])[] = [
    ['an unknown path', '/no-such-path'],
    ['a malformed escape', '/customers/%zz'],
    ['a query', '/customers?a=b&a[]=c&%zz'],
    ['dots', '/customers/../customers'],
    ['a path of 4,000 characters', `/customers/${'a'.repeat(4000)}`],
    ['an escaped NUL', '/customers/%00'],
    ['a slash at the end', '/customers/'],
    ['two slashes in front', '//customers'],
    ['the root', '/'],
    ['a path in capitals', '/CUSTOMERS'],
    ['escaped dots', '/customers/%2e%2e/%2e%2e/etc/passwd'],
    ['an escaped slash', '/customers%2F'],
    ['an escaped letter', '/%63ustomers'],
    ['bytes that are not UTF-8', '/customers/%ff%fe'],
    ['a query of 4,000 characters', `/customers?${'a'.repeat(4000)}`],
    ['a thousand segments', `/customers${'/a'.repeat(1000)}`],
    ['a word that every object has', '/customers/__proto__'],
    ['a semicolon', '/customers;a=b'],
  ];
  return [
    ...paths.map(([name, path]): OddRequest => ({ name, path, body })),
    ...[1, 5, 6]
      .flatMap((index) => paths.slice(index, index + 1))
      .map(([name, path]): OddRequest => ({ name: `${name}, read`, method: 'GET', path, body: Buffer.alloc(0), contentType: null })),
  ];
}

function oddHeaders(safe: Fields): OddRequest[] {
  const body = encodeForm(safe);
  const odd = (name: string, ...headers: readonly (readonly [string, string])[]): OddRequest => ({ name, headers, body });
  const type = (name: string, contentType: string | null): OddRequest => ({ name, contentType, body });
  return [
    odd('a header of 6,000 characters', ['x-long', 'a'.repeat(6000)]),
    odd('an unknown Content-Encoding', ['content-encoding', 'no-such-coding']),
    odd('eighty headers', ...Array.from({ length: 80 }, (_, i) => [`x-many-${i}`, String(i)] as const)),
    type('an empty Content-Type', ''),
    type('a Content-Type that is none', 'form'),
    type('a Content-Type with an unknown charset', 'application/x-www-form-urlencoded; charset=no-such-charset'),
    type('a Content-Type with a broken parameter', 'application/x-www-form-urlencoded; charset'),
    odd('bytes above 7F in a header', ['x-odd', 'Jo\xc3\xa3o']),
    odd('a byte that is not UTF-8 in a header', ['x-odd', '\xff']),
    odd('an Accept that nothing satisfies', ['accept', 'image/png']),
    odd('an Accept that is none', ['accept', ';;q=,']),
    odd('a Content-Encoding that the body is not in', ['content-encoding', 'gzip']),
    odd('another method by header', ['x-http-method-override', 'DELETE']),
    odd('a second merchant header', ['x-merchantid', 'another']),
    odd('a cookie that is none', ['cookie', ';;=;a=b=c;__proto__=x']),
    odd('an If-Match', ['if-match', '"x"']),
    odd('a Range', ['range', 'bytes=9-1']),
    odd('an Accept-Language that is none', ['accept-language', 'xx-;q=9']),
    odd('a forwarded host', ['x-forwarded-host', 'example.invalid'], ['x-forwarded-for', 'not-an-address']),
    odd('an Origin of null', ['origin', 'null']),
    odd('a date that is none', ['if-modified-since', 'yesterday']),
  ];
}

/**
 * Odd parts of a family that one request can have together, where there are any: what is answered with all of them is answered with
 * each, as far as none of them is a reason to refuse the others unread.
 */
export function oddTogether(family: RobustnessFamily, safe: Fields): OddRequest | undefined {
  switch (family) {
    case 'headers': {
      const names = new Set(['eighty headers', 'a header of 6,000 characters', 'bytes above 7F in a header', 'an Accept that nothing satisfies']);
      const more = ['a second merchant header', 'an If-Match', 'an Accept-Language that is none', 'an Origin of null', 'a cookie that is none'];
      const headers = oddHeaders(safe).filter(({ name }) => names.has(name) || more.includes(name));
      return { name: 'many odd headers together', headers: headers.flatMap((each) => each.headers ?? []), body: encodeForm(safe) };
    }
    case 'sizes': {
      const many = Array.from({ length: MANY }, (_, i) => `f${i}=${i}`).join('&');
      const body = `${encodeForm(safe).toString('latin1')}&${many}&${'k'.repeat(HUGE)}=${'v'.repeat(HUGE)}`;
      return { name: '10,000 fields, one of them with a long name and value', body: bytes(body) };
    }
    case 'values': {
      const values: readonly (readonly [FieldName, string])[] = [
        ['first_name', `${'a'.repeat(64)}👩‍👩‍👧‍👦`],
        ['last_name', Array.from({ length: 31 }, (_, code) => String.fromCharCode(code + 1)).join('')],
        ['email_address', `${'a'.repeat(400)}@${'b'.repeat(400)}.example.com`],
        ['mobile_number', '9'.repeat(30)],
      ];
      const others = safe.filter(([name]) => values.every(([each]) => each !== name));
      return { name: 'odd values of all fields together', body: encodeForm([...others, ...values]) };
    }
    case 'paths': {
      // A malformed escape may be refused before anything else is looked at.
      const path = `/customers/../__proto__;a=b/${'a'.repeat(4000)}/?a=b&a[]=c&${'a'.repeat(1000)}`;
      return { name: 'a long path with dots, a semicolon and a query together', path, body: encodeForm(safe) };
    }
    case 'bodies':
    case 'methods':
    case 'good-requests':
      return undefined;
    default:
      return family satisfies never;
  }
}

/**
 * The odd requests of a family, the most telling first. They are complete and valid HTTP, and differ from the safe request with the
 * given fields in what their name says. `good-requests` is about safe requests themselves: one of them as it is.
 */
export function oddBodies(family: RobustnessFamily, safe: Fields): readonly OddRequest[] {
  switch (family) {
    case 'values':
      return oddValues(safe);
    case 'bodies':
      return oddFormBodies(safe);
    case 'sizes':
      return oddSizes(safe);
    case 'methods':
      return oddMethods(safe);
    case 'paths':
      return oddPaths(safe);
    case 'headers':
      return oddHeaders(safe);
    case 'good-requests':
      return [{ name: 'a safe request', body: encodeForm(safe) }];
    default:
      return family satisfies never;
  }
}
