// A create with axios: URLSearchParams makes it send a form, and the empty password comes of `auth`.
import axios from 'axios';

const { CONFORM_URL, CONFORM_API_KEY, CONFORM_MERCHANT_ID } = process.env;

const { data } = await axios.post(
  `${CONFORM_URL}/customers`,
  new URLSearchParams({
    object_reference_id: `cust_axios_${process.pid}`,
    mobile_number: '987654321',
    email_address: 'ana.souza@example.com',
    'options.get_client_auth_token': 'true',
  }),
  { auth: { username: CONFORM_API_KEY, password: '' }, headers: { 'x-merchantid': CONFORM_MERCHANT_ID }, timeout: 10_000 },
);
if (typeof data.id !== 'string') throw new Error('the answer is no customer');
console.log(`created ${data.id}`);
