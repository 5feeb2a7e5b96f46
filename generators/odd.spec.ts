import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { judge } from '../contracts/judge.js';
import { FIELDS, type OddForm, type RobustnessFamily } from '../contracts/model.js';
import { encodeForm, oddBodies, oddForm, oddTogether, type Fields, type OddRequest } from './wire.js';

const FAMILIES: readonly RobustnessFamily[] = ['values', 'bodies', 'sizes', 'methods', 'paths', 'headers', 'good-requests'];
const FORMS: readonly OddForm[] = ['repeated', 'unknown-field', 'malformed-escape', 'invalid-utf-8', 'nul'];
const SAFE: Fields = [
  ['object_reference_id', 'cust_123489012345'],
  ['mobile_number', '987654321'],
  ['email_address', 'user@example.com'],
  ['first_name', 'Maria'],
  ['last_name', 'Silva'],
];

describe('odd requests', function () {
  this.timeout(10_000);
  let server: http.Server;
  let received: { readonly method: string; readonly url: string; readonly length: number }[];

  before((done) => {
    received = [];
    const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      let length = 0;
      request.on('data', (chunk: Buffer) => (length += chunk.length));
      request.on('end', () => {
        received.push({ method: request.method ?? '', url: request.url ?? '', length });
        response.end();
      });
    };
    server = http.createServer(answer);
    server.on('checkExpectation', answer);
    server.listen(0, '127.0.0.1', done);
  });

  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });

  function send(odd: OddRequest): Promise<number | undefined> {
    const { method = 'POST', path = '/customers', contentType = 'application/x-www-form-urlencoded', headers = [], body } = odd;
    const all = [
      ...(contentType === null ? [] : [['Content-Type', contentType] as const]),
      ...(body.length === 0 ? [] : [['Content-Length', String(body.length)] as const]),
      ...headers,
    ];
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, method, path, headers: ['Host', `127.0.0.1:${port}`, ...all.flat()] }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      request.on('error', (error) => reject(new Error(`${odd.name}: ${error.message}`)));
      request.end(body);
    });
  }

  for (const family of FAMILIES) {
    it(`${family}: every request is complete HTTP, and arrives as it was meant`, async () => {
      for (const odd of oddBodies(family, SAFE)) {
        received.length = 0;
        expect(await send(odd), odd.name).to.equal(200);
        expect(received, odd.name).to.deep.equal([{ method: odd.method ?? 'POST', url: odd.path ?? '/customers', length: odd.body.length }]);
      }
    });

    it(`${family}: names are different and visible, bodies within 1 MiB and the same every time`, () => {
      const all = oddBodies(family, SAFE);
      expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
      for (const { name, body } of all) {
        expect(name).to.match(/^[ -~]+$/);
        expect(body.length, name).to.be.at.most(1_048_576);
      }
      expect(oddBodies(family, SAFE)).to.deep.equal(all);
      if (family !== 'good-requests') expect(all.length).to.be.at.least(8);
    });
  }

  it('values: every field has every odd value, and any 7 in a row are of 7 fields', () => {
    const all = oddBodies('values', SAFE);
    expect(new Set(all.slice(0, 7).map(({ name }) => name.split(':')[0])).size).to.equal(7);
    expect(new Set(all.slice(0, 12).map(({ name }) => name.split(': ')[1])).size).to.equal(12);
    expect(new Set(all.map(({ body }) => body.toString('latin1'))).size).to.equal(all.length);
  });

  for (const family of FAMILIES) {
    const together = oddTogether(family, SAFE);
    if (together === undefined) continue;
    it(`${family}: ${together.name} are complete HTTP too, and leave the reference as it is`, async () => {
      received.length = 0;
      expect(await send(together)).to.equal(200);
      expect(received).to.deep.equal([{ method: 'POST', url: together.path ?? '/customers', length: together.body.length }]);
      const fields = new URLSearchParams(together.body.toString('latin1'));
      expect(fields.getAll('object_reference_id')).to.deep.equal(['cust_123489012345']);
      for (const field of FIELDS) expect(fields.getAll(field).length, field).to.be.at.most(1);
    });
  }

  it('together: every header, size or field that one of the family has by itself and that is no reason to refuse the others', () => {
    expect(FAMILIES.filter((family) => oddTogether(family, SAFE) !== undefined)).to.have.members(['values', 'sizes', 'headers', 'paths']);
    const path = oddTogether('paths', SAFE)?.path ?? '';
    for (const part of ['/../', '__proto__', ';', '?', '[]']) expect(path).to.include(part);
    expect(path.split('?')[0]).to.have.length.above(4000);
    const headers = oddTogether('headers', SAFE)?.headers ?? [];
    for (const name of ['accept', 'cookie', 'if-match', 'origin', 'accept-language']) expect(headers.map(([each]) => each.toLowerCase())).to.include(name);
    const sizes = new URLSearchParams(oddTogether('sizes', SAFE)?.body.toString('latin1'));
    expect([...sizes.keys()]).to.have.length.above(10_000);
    const values = new URLSearchParams(oddTogether('values', SAFE)?.body.toString('latin1'));
    for (const field of ['first_name', 'last_name', 'email_address', 'mobile_number']) expect(values.get(field)?.length, field).to.be.above(29);
    expect(values.get('last_name')).to.include('\t').and.to.include('\u001f').and.to.not.include('\0');
  });

  it('good-requests: a safe request as it is', () => {
    expect(oddBodies('good-requests', SAFE)[0]?.body).to.deep.equal(encodeForm(SAFE));
  });
});

describe('odd forms', () => {
  for (const form of FORMS) {
    it(`${form}: each body has the form, to the judge, and no other`, () => {
      const cases = oddForm(form);
      expect(new Set(cases.map(({ case: name }) => name)).size).to.equal(cases.length);
      for (const odd of cases) {
        const body = odd.build(SAFE);
        const request = { method: 'POST', path: '/customers', headers: [], fields: [...new URLSearchParams(body.toString('latin1'))], rawBody: body };
        const has = FORMS.filter((each) => judge({ kind: 'odd-form', form: each }, request) === 'open');
        // An odd name is an unknown name besides.
        const expected = odd.field === undefined ? [...new Set<OddForm>(['unknown-field', form])] : [form];
        expect(has, `${odd.case}: ${body.toString('latin1')}`).to.have.members(expected);
      }
    });
  }

  it('repeated: a good and a bad value come in both orders, for fields whose rules an echo can be held to', () => {
    for (const field of ['first_name', 'last_name', 'email_address', 'mobile_number']) {
      const cases = oddForm('repeated').filter((odd) => odd.field === field);
      const orders = cases.map(({ build }) => new URLSearchParams(build(SAFE).toString('latin1')).getAll(field));
      const good = SAFE.find(([name]) => name === field)?.[1] ?? '';
      expect(orders[0]?.[0]).to.equal(good);
      expect(orders[1]?.[1]).to.equal(good);
      expect(orders[0]?.[1]).to.equal(orders[1]?.[0]).and.to.not.equal(good);
      expect(orders[2]?.[0]).to.equal(good);
      expect(orders[2]?.[1]).to.not.equal(good);
      expect(orders[3]).to.deep.equal([good, good]);
    }
  });

  it('a field that the request leaves out is added, so that every case is what its name says', () => {
    const [odd] = oddForm('repeated').filter(({ field }) => field === 'mobile_country_code');
    expect(new URLSearchParams(odd?.build(SAFE).toString('latin1')).getAll('mobile_country_code')).to.deep.equal(['55', '5a']);
  });
});
