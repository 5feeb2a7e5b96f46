/** The part of the battery that tells one legal reading from another. */
import { form } from './client.fixture.js';
import type { Topic } from './observer.fixture.js';

/** What the document leaves open, as far as the other topics leave it out. */
export const OPEN_QUESTIONS: Topic = {
  name: 'open questions',
  observe: async (watched) => {
    const { create, send, fresh, reference } = watched;
    const { apiKey, merchantId, secondMerchant } = reference;
    const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const seen: string[] = [];
    for (const authorization of [
      encoded(`${apiKey}:word`),
      encoded(apiKey),
      encoded(`${apiKey}:`).replace(/=+$/, ''),
      `${encoded(`${apiKey}:`)}==`,
      encoded(`${apiKey}:`).replaceAll('+', '-').replaceAll('/', '_'),
    ])
      seen.push(await create({}, { authorization }));
    for (const merchant of [null, '', 'another', merchantId.toUpperCase(), secondMerchant.merchantId, 'odd !'])
      seen.push(
        await create({ object_reference_id: merchant === 'another' ? 'once_for_each' : fresh() }, { 'x-merchantid': merchant }),
        await create({ object_reference_id: merchant === 'another' ? 'once_for_each' : fresh() }),
      );
    const json = JSON.stringify({ object_reference_id: fresh(), mobile_number: 99887766, options: { get_client_auth_token: true } });
    for (const sent of [
      { path: '/v2/customers', body: form({ object_reference_id: fresh() }) },
      { body: json, headers: { 'content-type': 'application/json' } },
      ...['text/plain', 'multipart/form-data', null].map((type) => ({ body: form({ object_reference_id: fresh() }), headers: { 'content-type': type } })),
      ...['&unknown=1', '&mobile_number=12345678', '&last_name=%'].map((more) => ({
        body: `${form({ object_reference_id: fresh(), last_name: null })}${more}`,
      })),
      ...['%FF', '%00', '+%20', '%0A', '%E9%BE%8D'].map((more) => ({ body: `object_reference_id=${fresh()}${more}&mobile_number=99887766&first_name=ab` })),
      ...[{}, { 'accept-encoding': 'gzip' }].map((headers) => ({ method: 'GET', path: '/customers/cst_unknown', headers })),
      ...[{ method: 'OPTIONS' }, { method: 'GET', path: '/nothing', headers: { authorization: null } }, { method: 'PUT' }],
    ])
      seen.push(await send(sent));
    const lists: Readonly<Record<string, readonly string[]>> = {
      object_reference_id: [
        'Open_Question_1',
        'open_question_1',
        ' open_question_1',
        'open_question_1 ',
        'e\u0301_open_question',
        '\u00e9_open_question',
        'd'.repeat(129),
        'e'.repeat(300),
        '😀😀😀😀',
        'e\u0301e\u0301e\u0301e\u0301',
        'a b c d e f',
      ],
      mobile_number: ['+9988776655', '0998877665', '1234567', '1'.repeat(12), '1'.repeat(30)],
      mobile_country_code: ['+55', '83', '123456', ''],
      'options.get_client_auth_token': ['TRUE', 'FALSE', '1', '', 'maybe'],
      email_address: [
        'a@.b',
        'a@_b',
        'a@b.',
        'a@b_',
        'a@b@c',
        'a..b@c',
        'a@b!c',
        'a@b',
        'a@-b.c',
        'É@b.c',
        'a\u0001@b.c',
        `${'a'.repeat(70)}@b.c`,
        `a@${'b'.repeat(150)}.c`,
        `a@${'b'.repeat(300)}.c`,
        '',
      ],
      ...Object.fromEntries(['first_name', 'last_name'].map((field) => [field, ['é', '龍', '😀', 'a\u0001', '', 'a'.repeat(65), 'a'.repeat(256)]])),
    };
    for (const [field, list] of Object.entries(lists)) for (const value of list) seen.push(await create({ [field]: value }));
    seen.push(await create({ object_reference_id: 'for_reading_1' }));
    seen.push(
      await send({ method: 'GET', path: '/customers/for_reading_1' }),
      await send({ method: 'GET', path: `/customers/${watched.lastId}?options.get_client_auth_token=true` }),
    );
    seen.push(
      await create({ mobile_number: null, object_reference_id: null }),
      await create({ mobile_number: 'x', first_name: 'a/b' }),
      await create({ mobile_number: '' }),
    );
    seen.push(
      await send({ body: form({ object_reference_id: fresh(), email_address: null }), headers: { 'accept-encoding': 'gzip' } }),
      await send({ body: `a=${'x'.repeat(70_000)}` }),
    );
    return seen;
  },
};
