// A create with supertest, as it stands in many a test suite: it takes a URL as well as an app.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import request from 'supertest';

const { CONFORM_URL, CONFORM_API_KEY, CONFORM_MERCHANT_ID } = process.env;

test('a customer is created', async () => {
  const { body } = await request(CONFORM_URL)
    .post('/customers')
    .auth(CONFORM_API_KEY, '')
    .set('x-merchantid', CONFORM_MERCHANT_ID)
    .type('form')
    .send({ object_reference_id: `cust_supertest_${process.pid}`, mobile_number: '987654321', email_address: 'ana.souza@example.com' })
    .expect(200);
  assert.equal(body.object, 'customer');
});
