/**
 * Some hundreds of requests, topic by topic, and what comes of them with everything left out that may differ from one
 * start of a server to the next. Two servers that behave alike give the same texts; a fault has to give another one.
 */
import { Agent } from 'node:http';
import { basic, exchange, form, type Answer, type Sent, type Values } from './client.fixture.js';
import type { Reference } from './server.js';

/** What one server has shown so far. */
export interface Observer {
  readonly reference: Reference;
  /** Sends, and gives what came of it as text. */
  send(sent: Sent): Promise<string>;
  /** A create of a reference that is new unless it is given. */
  create(values?: Values, headers?: Sent['headers']): Promise<string>;
  /** The last id that was answered. */
  readonly lastId: string;
  fresh(): string;
}

export interface Topic {
  readonly name: string;
  readonly observe: (observer: Observer) => Promise<readonly string[]>;
}

const USUAL_HEADERS = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'content-type'];

export function observer(reference: Reference): Observer {
  const ids = new Map<string, number>();
  let count = 0;
  let lastId = '';
  const agent = new Agent({ keepAlive: true });
  const fresh = (): string => `battery_${String((count += 1)).padStart(6, '0')}`;
  const send = async (sent: Sent): Promise<string> => {
    try {
      const answer = await exchange(reference, { agent, timeoutMs: 1_000, ...sent });
      lastId = /"id":"([^"]*)"/.exec(answer.text)?.[1] ?? lastId;
      return observed(answer, ids);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    reference,
    send,
    create: (values = {}, headers = {}) => send({ body: form({ object_reference_id: fresh(), ...values }), headers }),
    get lastId() {
      return lastId;
    },
    fresh,
  };
}

function observed({ status, headers, text }: Answer, ids: Map<string, number>): string {
  const others = Object.entries(headers).filter(([name]) => !USUAL_HEADERS.includes(name));
  const length = headers['content-length'] === undefined ? 'chunked' : Number(headers['content-length']) === Buffer.byteLength(text) ? 'whole' : 'cut';
  const dates = [...text.matchAll(/"(\w+)":"(\d{4}-\d\d-\d\dT[\d:.]+\D?[^"]*)"/g)].map(([, name, date]) => [name, Date.parse(date ?? '')] as const);
  const created = dates.find(([name]) => name === 'date_created')?.[1] ?? 0;
  const distances = dates.map(([name, time]) => `${name}${name === 'date_created' ? minutes(time - Date.now()) : Math.round((time - created) / 1_000)}`);
  const masked = text
    .replace(/cst_\w+|tkn_\w+/g, (id) => {
      if (!ids.has(id)) ids.set(id, ids.size);
      return `${id.replace(/[a-z0-9]/g, 'x')}#${ids.get(id)}`;
    })
    .replace(/"(\d{4}-\d\d-\d\dT[^"]*)"/g, (_, date: string) => date.replace(/\d/g, '9'));
  return [status, headers['content-type'], length, ...others.flat(), ...distances, masked].join(' ');
}

const minutes = (milliseconds: number): string => String(Math.round(milliseconds / 60_000));

/** One create for each of the values of a field. */
const values =
  (field: string, list: readonly (string | null)[]): Topic['observe'] =>
  async ({ create }) => {
    const seen: string[] = [];
    for (const value of list) seen.push(await create({ [field]: value }));
    return seen;
  };
const bodies =
  (list: readonly ((reference: string) => string | Buffer)[]): Topic['observe'] =>
  async ({ send, fresh }) => {
    const seen: string[] = [];
    for (const body of list) seen.push(await send({ body: body(fresh()) }));
    return seen;
  };
const requests =
  (list: readonly Sent[]): Topic['observe'] =>
  async ({ send }) => {
    const seen: string[] = [];
    for (const sent of list) seen.push(await send(sent));
    return seen;
  };

const NAMES = [
  ...[
    'a',
    'john',
    'ab1',
    '7ab',
    '77',
    'a_b',
    '(ab',
    'ab)',
    'ab.',
    '.ab',
    '-ab',
    'ab-',
    'a-b',
    'a..b',
    '()',
    'null',
    'true',
    'a'.repeat(31),
    'a'.repeat(33),
    'a'.repeat(51),
  ],
  ...[
    'a'.repeat(64),
    'a b',
    ' ab',
    'ab ',
    'a\tb',
    'ab\n',
    'a/b',
    '/ab',
    'ab/',
    "a'b",
    'a,b',
    'a[b',
    '<ab',
    'a:b',
    'ab\n/',
    'é',
    'a😀b',
    'a\0b',
    'a\u0001b',
    '',
    null,
  ],
  `${'a'.repeat(30)}!`,
];
const ADDRESSES = [
  ...[
    'John.Smith@example.com',
    'a@example.com',
    '1@example.com',
    'a@EXAMPLE.com',
    'a+b@example.com',
    "a'b@example.com",
    'a{b@example.com',
    'a/b@example.com',
    'a%41b@example.com',
  ],
  ...[
    '!a@example.com',
    'a!@example.com',
    'A@example.com',
    'a_b@example.com',
    'a.b@example.com',
    'a.b.c@example.com',
    'a&b#c?d=e@example.com',
    `${'a'.repeat(40)}@example.com`,
  ],
  ...[
    ' a@example.com',
    'a@example.com\n',
    'a,b@example.com',
    'a\\b@example.com',
    'a(b@example.com',
    'a b@example.com',
    'a@exa mple.com',
    'a"b@example.com',
    '(a@example.com',
    'a@example.com(',
  ],
  ...[
    '.a@example.com',
    '_a@example.com',
    'a.@example.com',
    'a_@example.com',
    'a',
    '@example.com',
    'a@',
    'a@b@c',
    'é@example.com',
    `${'a'.repeat(400)}@example.com`,
    '',
    null,
  ],
];

/** Topics in the order in which they tell most; those that take their time last. */
export const TOPICS: readonly Topic[] = [
  {
    name: 'good creates',
    observe: async ({ create }) => [
      await create(),
      await create({ 'options.get_client_auth_token': 'true' }),
      await create({ 'options.get_client_auth_token': 'true', email_address: null }),
      await create({ 'options.get_client_auth_token': null }),
      await create({ email_address: null, first_name: null, last_name: null, mobile_country_code: null }),
      await create({ first_name: 'Jane', last_name: null }),
      await create({ first_name: null, last_name: 'Doe' }),
      await create({ email_address: null }),
      await create({ first_name: 'a'.repeat(40), last_name: 'b'.repeat(40) }),
      await create({ first_name: 'a'.repeat(64), last_name: 'b'.repeat(64), 'options.get_client_auth_token': 'true' }),
    ],
  },
  { name: 'first names', observe: values('first_name', NAMES) },
  { name: 'last names', observe: values('last_name', NAMES) },
  { name: 'addresses', observe: values('email_address', ADDRESSES) },
  {
    name: 'references',
    observe: values('object_reference_id', [
      ...[
        '1234567',
        '12345678',
        '123456789',
        '0012345678',
        'abcdefgh',
        'ABCDEFGHIJ',
        'éééé',
        'a@b.',
        'john.doe@example.com',
        'a'.repeat(35),
        'b'.repeat(40),
        "back\\slash's",
        'quo"ted_one',
      ],
      ...['one.two_three', 'astral_😀_one', 'accent_é_one', 'semi;colon', 'control_\u0001_one', '', null, 'c'.repeat(129)],
    ]),
  },
  {
    name: 'references that are near one another',
    observe: values('object_reference_id', [
      ...[
        `${'p'.repeat(39)}1`,
        `${'p'.repeat(39)}2`,
        `${'q'.repeat(30)}1`,
        `${'q'.repeat(30)}2`,
        'near.one@a.example',
        'near.one@b.example',
        '20000000000000001',
        '20000000000000002',
      ],
      ...['under_score_1', 'under.score_1', 'long_reference_of_many_1', 'long_reference_of_many_2'],
    ]),
  },
  {
    name: 'mobile numbers',
    observe: values('mobile_number', [
      ...[
        '99887766',
        '12345678',
        '987654321',
        '9988776655',
        '9887766554',
        '1234567890',
        '+99887766',
        '+99887766',
        '9988776a',
        '9988 7766',
        '99887766\n',
        '٩٩٨٨٧٧٦٦',
        '1e10',
        '123456.5',
        '99887766x',
      ],
      ...[' 99887766', '1'.repeat(20), '', null],
    ]),
  },
  { name: 'country codes', observe: values('mobile_country_code', ['55', '65', '91', '+55', 'BR', '5 5', '55 ', '5-5', '5_5', '', null]) },
  { name: 'options', observe: values('options.get_client_auth_token', ['true', 'false', 'TRUE', 'False', '1', '0', 'no', '', null]) },
  {
    name: 'encodings',
    observe: bodies([
      (reference) => `object_reference_id=${reference}+x&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}%2Bx&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}%2541&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}%2bx%c3%A9&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}%61%7A&mobile_number=99887766`,
      (reference) => `object%5Freference%5Fid=${reference}&mobile_number=99887766&options%2Eget_client_auth_token=true`,
      (reference) => `object_reference_id=${reference};x&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}=x=y&mobile_number=99887766`,
      (reference) => `object_reference_id=${reference}&mobile_number=99887766&email_address=a%26b@example.com`,
      (reference) => `&object_reference_id=${reference}&&mobile_number=99887766&first_name=ab`,
      (reference) => `object_reference_id=${reference}&mobile_number=99887766&first_name=ab&`,
      (reference) => `mobile_number=99887766&last_name=cd&first_name=ab&object_reference_id=${reference}`,
      (reference) => `object_reference_id=${reference}&mobile_number=99887766&first_name=a/b&first_name=ab`,
      (reference) => `object_reference_id=${reference}&mobile_number=99887766&first_name=ab&first_name=a/b`,
      (reference) => `object_reference_id=${reference}&mobile_number=99887766&first_name=ab&first_name=cd`,
      (reference) =>
        `object_reference_id=${[...reference].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')}&mobile_number=99887766&email_address=${'%61'.repeat(40)}@example.com`,
      () => 'object_reference_id=%41%42%43&mobile_number=99887766',
      () => '',
      () => 'object_reference_id=%',
      () => Buffer.from([0x61, 0x3d, 0xff]),
      () => 'a=%00',
      () => '{"object_reference_id":"x"}',
      () => 'nothing',
      () => `a=${'x'.repeat(70_000)}`,
      () => Array.from({ length: 1_500 }, (_, index) => `f${index}=`).join('&'),
      () => Array.from({ length: 6_000 }, (_, index) => `f${index}=`).join('&'),
    ]),
  },
  {
    name: 'credentials',
    observe: async ({ create, reference: { apiKey } }) => {
      const good = basic(apiKey).slice(6);
      const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
      const seen: string[] = [];
      for (const authorization of [
        ...[
          null,
          '',
          'Basic',
          'Basic ',
          `Basic ${apiKey}`,
          'Basic a*b',
          encoded(':'),
          encoded(`:${apiKey}`),
          encoded('x:'),
          encoded(`${apiKey.slice(0, 12)}${'x'.repeat(apiKey.length - 12)}:`),
        ],
        ...[
          encoded(`${apiKey.slice(0, -1)}:`),
          encoded(`${apiKey.slice(0, -1)}!:`),
          encoded(`${apiKey}x:`),
          encoded(`${apiKey.toUpperCase()}:`),
          encoded(`${'x'.repeat(apiKey.length)}:`),
        ],
        ...[`Bearer ${good}`, `Custom ${good}`, `basic ${good}`, `BASIC ${good}`, `bAsIc ${good}`, basic(apiKey)],
      ])
        seen.push(await create({}, { authorization }));
      return seen;
    },
  },
  {
    name: 'credentials and what goes with them',
    observe: async ({ create, send, fresh }) => {
      const [reference, other] = [fresh(), fresh()];
      return [
        await create({ object_reference_id: reference }, { authorization: 'Basic eA==' }),
        await create({ object_reference_id: reference }),
        await create({ object_reference_id: reference }, { authorization: 'Basic eA==' }),
        await create({ object_reference_id: null }, { authorization: 'Basic eA==' }),
        await create({ object_reference_id: other }, { authorization: null }),
        await create({ object_reference_id: other }, { 'x-merchantid': null, 'X-MerchantId': 'reference_merchant' }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'content-type': 'Application/X-WWW-Form-URLencoded' } }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'transfer-encoding': 'chunked' } }),
      ];
    },
  },
  {
    name: 'duplicates',
    observe: async ({ create, fresh }) => {
      const seen: string[] = [];
      for (const reference of [fresh(), fresh(), fresh(), 'Capital_letters', 'of.an@address.example', ...Array.from({ length: 24 }, fresh)]) {
        seen.push(await create({ object_reference_id: reference }));
        seen.push(
          await create({ object_reference_id: reference, mobile_number: '12345678', email_address: null }),
          await create({ object_reference_id: reference }),
        );
      }
      return seen;
    },
  },
  {
    name: 'refused creates, and good ones of the same reference',
    observe: async ({ create, fresh }) => {
      const seen: string[] = [];
      for (const bad of [
        { first_name: 'a/b' },
        { last_name: 'a/b' },
        { email_address: 'a' },
        { mobile_number: null },
        { mobile_number: 'x' },
        { 'options.get_client_auth_token': 'x' },
      ]) {
        const object_reference_id = fresh();
        seen.push(await create({ object_reference_id, ...bad }), await create({ object_reference_id }));
      }
      return seen;
    },
  },
  {
    name: 'reads and updates',
    observe: async (observer) => {
      const { create, send, reference, fresh } = observer;
      const object_reference_id = fresh();
      const seen = [await create({ object_reference_id, email_address: 'John@example.com' })];
      const path = `/customers/${observer.lastId}`;
      const read = { method: 'GET', path };
      const second = { authorization: basic(reference.secondMerchant.apiKey), 'x-merchantid': reference.secondMerchant.merchantId };
      for (const sent of [
        ...[read, read, { ...read, headers: { authorization: null } }, { ...read, headers: { authorization: 'Basic eA==' } }, { ...read, headers: second }],
        ...[
          { ...read, headers: { ...second, 'x-merchantid': reference.merchantId } },
          { method: 'GET', path: '/customers/cst_unknown' },
        ],
        ...[{ body: form({ object_reference_id, mobile_number: '12345678', email_address: null }) }, read],
        { body: form({ object_reference_id: fresh() }) },
        read,
        ...[{ path, body: 'last_name=Doe' }, read, { path, body: 'mobile_number=12345678' }, read],
        { body: form({ object_reference_id }), headers: second },
      ])
        seen.push(await send(sent));
      const ours = observer.lastId;
      seen.push(await send({ method: 'GET', path: `/customers/${ours}` }), await send(read));
      for (const _ of Array.from({ length: 8 })) seen.push(await send(read));
      return seen;
    },
  },
  {
    name: 'other requests',
    observe: requests([
      ...['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'].map((method) => ({ method })),
      ...['/', '/customer', '/customers/%zz', '/customers/../x', '/customers/%2e%2e', `/${'x'.repeat(2_000)}`].map((path) => ({ method: 'GET', path })),
      { path: '/customers?a=b', body: form({ object_reference_id: 'with_a_query_1' }) },
      ...[
        { accept: 'text/xml' },
        { 'content-encoding': 'br' },
        { 'x-long': 'x'.repeat(5_000) },
        { 'x-other': 'caf\xe9' },
        { 'x-twice': ['1', '2'] },
        Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x-header-${index}`, 'x'])),
      ].map((headers, index) => ({ headers, body: form({ object_reference_id: `with_headers_${index}` }) })),
    ]),
  },
  {
    name: 'simultaneous creates',
    observe: async ({ create, fresh }) => {
      const seen: string[] = [];
      for (const _ of Array.from({ length: 3 })) {
        const one = fresh();
        const raced = await Promise.all(Array.from({ length: 12 }, () => create({ object_reference_id: one })));
        seen.push(
          raced
            .map((text) => text.slice(0, 3))
            .sort()
            .join(' '),
        );
        const own = Array.from({ length: 12 }, (_, index) => ({
          object_reference_id: fresh(),
          email_address: `own.${index}@example.com`,
          'options.get_client_auth_token': 'true',
        }));
        const answers = await Promise.all(own.map((each) => create(each)));
        seen.push(
          ...answers.map(
            (text, index) => `${text.includes(own[index]?.object_reference_id ?? '')} ${text.includes(own[index]?.email_address ?? '')} ${text.slice(0, 3)}`,
          ),
        );
        const names = answers.flatMap((text) => text.match(/(?:cst|tkn)_x+#\d+/g) ?? []);
        seen.push(`${names.length} names, ${new Set(names).size} different`);
      }
      return seen;
    },
  },
  {
    name: 'many creates',
    observe: async ({ create, fresh }) => {
      const seen: string[] = [];
      const first = fresh();
      seen.push(await create({ object_reference_id: first }));
      for (const _ of Array.from({ length: 130 })) seen.push(await create({ 'options.get_client_auth_token': 'true' }));
      for (const _ of Array.from({ length: 25 })) seen.push(await create({ first_name: 'a/b' }), await create({ mobile_number: '+99887766' }));
      return seen;
    },
  },
  {
    name: 'more than a thousand customers',
    observe: async ({ create, fresh }) => {
      const seen: string[] = [];
      const first = fresh();
      seen.push(await create({ object_reference_id: first }));
      for (let round = 0; round < 55; round += 1) {
        await Promise.all(Array.from({ length: 20 }, () => create()));
        if (round % 5 === 0) {
          const answers = [
            await create({ object_reference_id: first }),
            await create({ first_name: 'a/b' }),
            await create({ 'options.get_client_auth_token': 'true' }),
          ];
          // Which of simultaneous creates came first is not the same each time.
          seen.push(...answers.map((text) => text.replace(/#\d+/g, '')));
        }
      }
      return seen;
    },
  },
  {
    name: 'a duplicate after a second',
    observe: async ({ create, fresh }) => {
      const object_reference_id = fresh();
      const first = await create({ object_reference_id });
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      return [first, await create({ object_reference_id })];
    },
  },
];
