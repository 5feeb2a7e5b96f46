/** Some hundreds of requests, topic by topic: a fault has to answer one of them otherwise than the reference. */
import { TEXT_TOPICS, VALUE_TOPICS } from './battery-values.fixture.js';
import { basic, form } from './client.fixture.js';
import { requests, type Topic } from './observer.fixture.js';

/** Topics in the order in which they tell most for their time. */
export const TOPICS: readonly Topic[] = [
  ...VALUE_TOPICS,
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
        ...[`!${apiKey.slice(1)}`, ` ${apiKey}`, `${apiKey} `, `${apiKey}\n`, [...apiKey].reverse().join(''), 'constructor', '__proto__'].map((key) =>
          encoded(`${key}:`),
        ),
        ...[`XBasic ${good}`, `Basicx ${good}`],
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
        await create({ object_reference_id: fresh() }, { authorization: null, 'x-merchantid': null }),
        await create({ object_reference_id: other }, { 'x-merchantid': null, 'X-MerchantId': 'reference_merchant' }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'content-type': 'Application/X-WWW-Form-URLencoded' } }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } }),
        await send({ body: form({ object_reference_id: fresh() }), headers: { 'transfer-encoding': 'chunked' } }),
      ];
    },
  },
  {
    name: 'refused creates, and good ones of the same reference',
    observe: async (watched) => {
      const { create, send, fresh } = watched;
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
        seen.push(await send({ method: 'GET', path: `/customers/${watched.lastId}` }));
      }
      return seen;
    },
  },
  {
    name: 'reads and updates',
    observe: async (observer) => {
      const { create, send, reference, fresh } = observer;
      const object_reference_id = fresh();
      const seen = [await create({ last_name: 'a'.repeat(64) })];
      seen.push(await send({ method: 'GET', path: `/customers/${observer.lastId}` }));
      seen.push(await create({ object_reference_id, email_address: 'John@example.com' }));
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
        ...[{ ...read, method: 'HEAD', headers: { authorization: null } }, { path, body: 'last_name=Roe', headers: { authorization: null } }, read],
        ...[{ path, body: 'last_name=Roe', headers: second }, read],
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
  ...TEXT_TOPICS,
  {
    name: 'duplicates',
    observe: async ({ create, send, fresh }) => {
      const seen: string[] = [];
      const [nameless, spelled] = [fresh(), fresh()];
      for (const _ of [1, 2]) seen.push(await create({ object_reference_id: nameless, last_name: null }));
      seen.push(await create({ object_reference_id: spelled }));
      seen.push(
        await send({ body: form({ object_reference_id: spelled }).replace(/(?<=object_reference_id=)./, (letter) => `%${letter.charCodeAt(0).toString(16)}`) }),
      );
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

/** How many of the topics send one request at a time and wait for nothing. */
export const WITHOUT_CROWDS = TOPICS.findIndex(({ name }) => name === 'simultaneous creates');
