/** The reference in a process of its own, answering after so many milliseconds; says how to reach it in a line of JSON. */
import { startReference } from '../../contracts/reference/server.js';

const reference = await startReference({ latencyMs: Number(process.argv[2] ?? 50) });
const { url, apiKey, merchantId, secondMerchant } = reference;
console.log(JSON.stringify({ url, apiKey, merchantId, secondMerchant }));
