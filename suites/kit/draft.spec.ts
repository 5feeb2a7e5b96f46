import { expect } from 'chai';
import type { MerchantForm } from '../../contracts/model.js';
import type { PartInput } from '../../generators/input.js';
import { FORM_TYPE, fieldOf, partValue, withField, withInput, write, type Draft } from './draft.js';

const DRAFT: Draft = {
  method: 'POST',
  path: '/customers',
  fields: [
    ['object_reference_id', 'cust_1'],
    ['first_name', 'A b'],
    ['last_name', 'B'],
  ],
  account: { merchantId: 'acme', apiKey: 'a-key' },
  credential: 'canonical',
  merchant: 'canonical',
  contentType: FORM_TYPE,
};

const headersOf = (draft: Draft): readonly (readonly [string, string])[] => write(draft).wire.headers;
const bodyOf = (draft: Draft): string | undefined => write(draft).wire.body?.toString('utf8');

describe('draft: its fields', () => {
  it('a field is replaced in its place, added at the end, taken out', () => {
    expect(withField(DRAFT, 'first_name', 'C').fields.map(([name, value]) => `${name}=${value}`)).to.deep.equal([
      'object_reference_id=cust_1',
      'first_name=C',
      'last_name=B',
    ]);
    expect(withField(DRAFT, 'mobile_number', '9').fields.at(-1)).to.deep.equal(['mobile_number', '9']);
    expect(withField(DRAFT, 'mobile_number', '9').fields).to.have.lengthOf(4);
    expect(withField(DRAFT, 'first_name', null).fields.map(([name]) => name)).to.deep.equal(['object_reference_id', 'last_name']);
    expect([fieldOf(DRAFT, 'last_name'), fieldOf(DRAFT, 'mobile_number')]).to.deep.equal(['B', undefined]);
  });
});

describe('draft: the part under test', () => {
  const parts: readonly (readonly [input: PartInput, part: string, value: string | null, sent: (draft: Draft) => unknown, expected: unknown])[] = [
    [{ part: 'field', field: 'first_name', value: 'X' }, 'first_name', 'X', (draft) => fieldOf(draft, 'first_name'), 'X'],
    [{ part: 'field', field: 'first_name', value: null }, 'first_name', null, (draft) => fieldOf(draft, 'first_name'), undefined],
    [
      { part: 'fields', values: { last_name: null, first_name: 'Y' } },
      'last_name and first_name',
      'not sent, Y',
      (draft) => draft.fields,
      [
        ['object_reference_id', 'cust_1'],
        ['first_name', 'Y'],
      ],
    ],
    [{ part: 'authorization', form: 'scheme-only' }, 'Authorization', 'Basic', (draft) => headersOf(draft)[0], ['Authorization', 'Basic']],
    [{ part: 'authorization', form: 'absent' }, 'Authorization', null, (draft) => headersOf(draft)[0]?.[0], 'x-merchantid'],
    [{ part: 'merchant', form: 'absent' }, 'x-merchantid', null, (draft) => headersOf(draft).map(([name]) => name), ['Authorization', 'Content-Type']],
    [
      { part: 'content-type', value: 'text/plain', body: 'form' },
      'Content-Type',
      'text/plain',
      (draft) => headersOf(draft).at(-1),
      ['Content-Type', 'text/plain'],
    ],
    [
      { part: 'content-type', value: null, body: 'form' },
      'Content-Type',
      null,
      (draft) => headersOf(draft).map(([name]) => name),
      ['Authorization', 'x-merchantid'],
    ],
    [{ part: 'transfer' }, 'Transfer-Encoding', 'chunked', (draft) => write(draft).wire.chunked, true],
    [{ part: 'path', path: '/v2/customers' }, 'path', '/v2/customers', (draft) => write(draft).wire.path, '/v2/customers'],
  ];
  for (const [input, part, value, sent, expected] of parts) {
    it(`${JSON.stringify(input)} is shown as ${part} ${String(value)}, and sent so`, () => {
      const draft = withInput(DRAFT, input);
      expect(partValue(draft, input)).to.deep.equal({ part, value });
      expect(sent(draft)).to.deep.equal(expected);
    });
  }

  it('a JSON body has the fields as its members; how the target reads it is left open', () => {
    const draft = withInput(DRAFT, { part: 'content-type', value: 'application/json', body: 'json' });
    expect(JSON.parse(bodyOf(draft) ?? '')).to.deep.equal({ object_reference_id: 'cust_1', first_name: 'A b', last_name: 'B' });
    expect(draft.readingOpen).to.equal(true);
    expect(withInput(DRAFT, { part: 'content-type', value: 'text/plain', body: 'form' }).readingOpen).to.equal(undefined);
    expect(withInput(DRAFT, { part: 'transfer' }).readingOpen).to.equal(true);
  });

  it('without chunks there is no transfer coding to show', () => {
    expect(partValue(DRAFT, { part: 'transfer' }).value).to.equal(null);
  });

  const merchants: readonly (readonly [form: MerchantForm, name: string, value: RegExp])[] = [
    ['canonical', 'x-merchantid', /^acme$/],
    ['name-upper-case', 'X-MERCHANTID', /^acme$/],
    ['name-mixed-case', 'X-MerchantId', /^acme$/],
    ['empty', 'x-merchantid', /^$/],
    ['other', 'x-merchantid', /^acme.+$/],
    ['odd-characters', 'x-merchantid', /^acme .*[^A-Za-z0-9 ]$/],
  ];
  for (const [form, name, value] of merchants) {
    it(`merchant header ${form}`, () => {
      const [sentName, sentValue] = headersOf(withInput(DRAFT, { part: 'merchant', form }))[1] ?? ['', ''];
      expect(sentName).to.equal(name);
      expect(sentValue).to.match(value);
      expect(partValue(withInput(DRAFT, { part: 'merchant', form }), { part: 'merchant', form }).value).to.equal(sentValue);
    });
  }
});

describe('draft: what goes out', () => {
  it('the fields as a form, with credential, merchant and media type; the key is in what is sent and not in what is shown', () => {
    const { wire, shownHeaders } = write(DRAFT);
    expect([wire.method, wire.path, wire.body?.toString()]).to.deep.equal(['POST', '/customers', 'object_reference_id=cust_1&first_name=A%20b&last_name=B']);
    expect(wire.headers).to.deep.equal([
      ['Authorization', `Basic ${Buffer.from('a-key:').toString('base64')}`],
      ['x-merchantid', 'acme'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
    expect(shownHeaders).to.deep.equal([['Authorization', 'Basic ${base64:${API_KEY}:}'], ...wire.headers.slice(1)]);
    expect('chunked' in wire || 'agent' in wire).to.equal(false);
  });

  it('a read has neither body nor media type; another body goes out as it is', () => {
    for (const method of ['GET', 'HEAD']) {
      expect(bodyOf({ ...DRAFT, method }), method).to.equal(undefined);
      expect(
        headersOf({ ...DRAFT, method }).map(([name]) => name),
        method,
      ).to.deep.equal(['Authorization', 'x-merchantid']);
    }
    expect(bodyOf({ ...DRAFT, method: 'GET', body: Buffer.from('a') })).to.equal('a');
    expect(bodyOf({ ...DRAFT, body: Buffer.from('first_name') })).to.equal('first_name');
  });

  it('further headers come last', () => {
    expect(headersOf({ ...DRAFT, headers: [['x-odd', '1']] }).at(-1)).to.deep.equal(['x-odd', '1']);
  });
});
