import { expect } from 'chai';
import fc from 'fast-check';
import type { Exchange, ReceivedResponse } from '../../contracts/finding.js';
import { exchange } from '../fixture.js';
import { kindOf, observe, structureOf } from './observe.js';

const answer = (status: number, text: string, type = 'application/json'): ReceivedResponse => ({
  status,
  headers: [['Content-Type', type]],
  body: { encoding: 'utf-8', text },
  complete: true,
});
const of = (status: number, text: string, type?: string): Exchange => exchange('first_name/charset#1', 'a=b', answer(status, text, type));
const structure = (text: string): string => structureOf({ encoding: 'utf-8', text }).structure;

describe('what exchanges come to', () => {
  it('each distinct shape once, the most frequent first, with how often it came and its first sample', () => {
    const customer = of(200, '{"id":"cst_1","first_name":"a"}');
    const found = observe([
      of(200, '{"id":"cst_0","first_name":null}'),
      customer,
      of(200, '{"first_name":"b","id":"cst_2"}'),
      of(200, '{"id":"cst_3","first_name":"c"}', 'application/json; charset=utf-8'),
      of(400, '{"status":"x"}'),
    ]);
    expect(found?.exchanges).to.equal(5);
    expect(found?.shapes.map(({ kind, status, structure: types, count }) => [kind, status, types.replace(/\s+/g, ' '), count])).to.deep.equal([
      ['create accepted', 200, '{ id: string first_name: string }', 3],
      ['create accepted', 200, '{ id: string first_name: null }', 1],
      ['create refused', 400, '{ status: string }', 1],
    ]);
    expect(found?.shapes[0]?.sample).to.equal(customer);
  });

  it('another status, media type or kind of request is another shape', () => {
    const read: Exchange = { ...of(200, '{"a":1}'), request: { ...of(200, '').request, method: 'GET', path: '/customers/cst_1' } };
    expect(observe([of(200, '{"a":1}'), of(201, '{"a":1}'), of(200, '{"a":1}', 'text/html'), read])?.shapes.map(({ count }) => count)).to.deep.equal([
      1, 1, 1, 1,
    ]);
  });

  it('structures: types and nesting, lists by what is in them, words for what is no JSON', () => {
    expect(structure('{"a":[{"b":1},{"b":2},"c"],"d":{},"e":[]}')).to.equal('{\n  a: [string | {\n    b: number\n  }]\n  d: {}\n  e: []\n}');
    expect(structure('')).to.equal('no body');
    expect(structure('<!DOCTYPE html><p>')).to.equal('HTML');
    expect(structure('{"a":')).to.equal('text that begins like JSON');
    expect(structure('no')).to.equal('text');
    expect(structureOf({ encoding: 'base64', text: 'AA==' }, false).structure).to.equal('bytes, cut off');
  });

  it('a structure does not grow with the body: members beyond fifty are counted, and levels beyond eight left out', () => {
    const many = structure(JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`m${String(index)}`, 1]))));
    expect(many.split('\n')).to.have.length(53);
    expect(many).to.include('… 2950 more');
    expect(structure(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`)).to.include('a: …');
  });

  it('the order of members makes no other shape', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        const key = (value: unknown): string => structureOf({ encoding: 'utf-8', text: JSON.stringify(value) }).key;
        expect(key(turned)).to.equal(key(object));
      }),
    );
  });

  it('kinds of requests are told by method, path and how they ended', () => {
    const kind = (method: string, path: string, status?: number): string =>
      kindOf({ request: { ...of(200, '').request, method, path }, ...(status === undefined ? {} : { response: answer(status, '') }) });
    expect(kind('POST', '/customers', 200)).to.equal('create accepted');
    expect(kind('POST', '/v2/customers?a=b', 400)).to.equal('create refused');
    expect(kind('POST', '/customers', 502)).to.equal('create answered 5xx');
    expect(kind('POST', '/customers', 429)).to.equal('create throttled');
    expect(kind('POST', '/customers')).to.equal('create without an answer');
    expect(kind('GET', '/customers/cst_1', 200)).to.equal('read accepted');
    expect(kind('POST', '/customers/cst_1', 404)).to.equal('update refused');
    expect(kind('DELETE', '/nowhere', 302)).to.equal('other request answered 302');
  });

  it('times are summed up by kind, in milliseconds', () => {
    const times = [5, 1, 3, 2, 4].map((durationMs) => ({ ...of(200, '{}'), durationMs }));
    const [latency] = observe(times)?.latencies ?? [];
    expect(latency).to.deep.equal({ kind: 'create accepted', durations: [1, 2, 3, 4, 5], median: 3, p95: 4.8 });
  });

  it('the requests of a rule are counted by what they were sent as and how they ended', () => {
    const found = observe([of(400, '{}'), of(400, '{}'), of(200, '{}'), exchange('first_name/charset#2', '', undefined, 'control')]);
    expect(found?.outcomes.get('first_name/charset')).to.deep.equal([
      { purpose: 'control', answer: 'timeout', count: 1 },
      { purpose: 'violating', answer: '200', count: 1 },
      { purpose: 'violating', answer: '400', count: 2 },
    ]);
  });

  it('of none there is nothing to tell', () => expect(observe([])).to.equal(undefined));
});
