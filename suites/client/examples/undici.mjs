// A create with the fetch of undici (and so of Node), which retries what is worth another try with the same reference.
import { fetch } from 'undici';
import { setTimeout as wait } from 'node:timers/promises';

const { CONFORM_URL, CONFORM_API_KEY, CONFORM_MERCHANT_ID } = process.env;
const body = new URLSearchParams({
  object_reference_id: `cust_undici_${process.pid}`,
  mobile_number: '987654321',
  email_address: 'ana.souza@example.com',
  first_name: 'Ana',
  last_name: 'Souza',
});

async function create() {
  const response = await fetch(`${CONFORM_URL}/customers`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CONFORM_API_KEY}:`)}`, 'x-merchantid': CONFORM_MERCHANT_ID },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 429 || response.status === 503) return { again: true, afterMs: 1000 * Number(response.headers.get('retry-after') ?? 1) };
  if (response.status >= 500) return { again: true, afterMs: 200 };
  if (!response.ok) throw new Error(`refused: ${response.status} ${await response.text()}`);
  const customer = await response.json();
  if (typeof customer.id !== 'string') throw new Error('the answer is no customer');
  return { customer };
}

for (let attempt = 1; ; attempt++) {
  const { customer, afterMs } = await create();
  if (customer) {
    console.log(`created ${customer.id}`);
    break;
  }
  if (attempt === 2) throw new Error('no answer that is of use');
  await wait(afterMs);
}
