// A create with Juspay's own library for Node, as a merchant's code has it. It takes `apiKey` as it is for the credential:
// with COLON=yes the colon is put behind the key, as the page has it.
const { Juspay } = require('expresscheckout-nodejs');

const { CONFORM_URL, CONFORM_API_KEY, CONFORM_MERCHANT_ID, COLON } = process.env;
const juspay = new Juspay({ merchantId: CONFORM_MERCHANT_ID, apiKey: COLON === 'yes' ? `${CONFORM_API_KEY}:` : CONFORM_API_KEY, baseUrl: CONFORM_URL });

juspay.customer
  .create({ object_reference_id: `cust_sdk_${process.pid}`, mobile_number: '987654321', email_address: 'ana.souza@example.com', first_name: 'Ana' })
  .then(
    (customer) => console.log(`created ${customer.id}`),
    (error) => {
      console.error(`${error.name ?? error.constructor.name}: ${error.message ?? error}`);
      process.exitCode = 1;
    },
  );
