/** Exchanges for specs that look at what came back: good creates answered by the published sample, but for what is given. */
import type { Exchange } from '../../contracts/finding.js';
import { customer as sample, CUSTOMER } from '../../contracts/samples.spec-help.js';
import { FORM_TYPE, type Draft } from './draft.js';
import { outcomeOf, parseBody, type Intent, type Observation } from './observation.js';
import type { WireFailure, WireResponse } from './transport.js';

export const TOKEN = 'r7abc';
export const MINE = `mine${TOKEN}0001`;

const tokenOf = (reference: string): string => `tkn_${Buffer.from(reference).toString('hex').padEnd(32, '0').slice(0, 32)}`;

export interface Given {
  readonly intent?: Partial<Intent>;
  readonly draft?: Partial<Draft>;
  readonly reference?: string;
  /** Members of the published sample to replace. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly status?: number;
  readonly headers?: WireResponse['headers'];
  readonly failure?: WireFailure;
  readonly silent?: boolean;
}

export const FIELDS = {
  mobile_number: CUSTOMER.mobile_number,
  email_address: 'mine@example.com',
  first_name: CUSTOMER.first_name,
  last_name: CUSTOMER.last_name,
  mobile_country_code: CUSTOMER.mobile_country_code,
  'options.get_client_auth_token': 'true',
};

/** One exchange: a good create of a customer of one's own, answered by the published sample, but for what is given. */
export function observed({
  intent,
  draft,
  reference = MINE,
  members = {},
  text,
  status = 200,
  headers = [],
  failure,
  silent = false,
}: Given = {}): Observation {
  const own = {
    object_reference_id: reference,
    email_address: FIELDS.email_address,
    id: `cst_of_${reference}`,
    'juspay.client_auth_token': tokenOf(reference),
  };
  const body = Buffer.from(text ?? sample({ members: { ...own, ...members } }).body);
  const response: WireResponse | undefined = silent
    ? undefined
    : { status, headers: [['Content-Type', 'application/json'], ['Content-Length', String(body.length)], ...headers], body, complete: failure === undefined };
  const json = parseBody(response);
  const made: Draft = {
    method: 'POST',
    path: '/customers',
    fields: Object.entries({ object_reference_id: reference, ...FIELDS }),
    account: { merchantId: 'merchant', apiKey: 'key' },
    credential: 'canonical',
    merchant: 'canonical',
    contentType: FORM_TYPE,
    ...draft,
  };
  return {
    intent: { ruleId: 'first_name/charset', n: 0, purpose: 'conforming', note: 'a sample', create: true, good: true, ...intent },
    position: 1,
    recipe: () => made,
    draft: made,
    reference,
    outcome: outcomeOf(response, failure, json),
    ...(response === undefined ? {} : { response }),
    ...(failure === undefined ? {} : { failure }),
    json,
    exchange: (): Exchange => {
      throw new Error('nobody looks at the exchange of a made-up observation');
    },
  };
}
