/** A small typed client of the API: the consumer whose expectations the contracts are recorded from. */
import type { EchoedField, FieldName } from '../../contracts/model.js';

export type NewCustomer = Readonly<Partial<Record<FieldName, string>>>;
export type CustomerChanges = Readonly<Partial<Record<Exclude<EchoedField, 'object_reference_id'>, string>>>;

/** A customer as the API gives it; what was not sent may be missing. */
export interface Customer {
  readonly id: string;
  readonly object: 'customer';
  readonly values: Readonly<Partial<Record<EchoedField, string>>>;
  readonly dateCreated: Date;
  readonly lastUpdated: Date;
  /** The token for the SDK, where it was asked for. */
  readonly token?: { readonly value: string; readonly expires: Date };
}

/** The API refused: `status` is the HTTP status, the rest what the body says, as far as it says it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string | undefined,
    readonly text: string | undefined,
  ) {
    super(`${status}${code === undefined ? '' : ` ${code}`}${text === undefined ? '' : `: ${text}`}`);
  }
}

/** The answer is none that the documentation knows. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** The value of `Authorization`; {@link basic} makes it from a key. None is sent where it is absent. */
  readonly authorization?: string;
  readonly merchantId?: string;
  readonly contentType?: string;
}

/** The documented credential of a key: the key as user name, the empty string as password. */
export function basic(apiKey: string): string {
  return `Basic ${Buffer.from(`${apiKey}:`, 'utf8').toString('base64')}`;
}

const ECHOED: readonly EchoedField[] = ['object_reference_id', 'mobile_number', 'mobile_country_code', 'email_address', 'first_name', 'last_name'];

export class CustomersClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Creates a customer. Rejects with Refused where the API does. */
  create(customer: NewCustomer): Promise<Customer> {
    return this.#send('POST', '/customers', customer);
  }

  /** Reads a customer by the id that its create gave. */
  read(id: string): Promise<Customer> {
    return this.#send('GET', `/customers/${encodeURIComponent(id)}`);
  }

  /** Changes what is given and nothing else. */
  update(id: string, changes: CustomerChanges): Promise<Customer> {
    return this.#send('POST', `/customers/${encodeURIComponent(id)}`, changes);
  }

  async #send(method: string, path: string, form?: Readonly<Record<string, string | undefined>>): Promise<Customer> {
    const { baseUrl, authorization, merchantId, contentType = 'application/x-www-form-urlencoded' } = this.#options;
    const pairs = Object.entries(form ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        ...(merchantId === undefined ? {} : { 'x-merchantid': merchantId }),
        ...(form === undefined ? {} : { 'Content-Type': contentType }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(pairs).toString() }),
    });
    const body = parse(await response.text());
    if (response.status >= 400 && response.status < 500) throw new Refused(response.status, text(body, 'error_code'), text(body, 'error_message'));
    if (response.status !== 200) throw new Unexpected(`the API answered ${response.status}`);
    return customerOf(body);
  }
}

type Members = Readonly<Record<string, unknown>>;

function parse(body: string): Members {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Members) : {};
  } catch {
    return {};
  }
}

function text(members: Members, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'string' ? value : undefined;
}

function customerOf(body: Members): Customer {
  const id = text(body, 'id');
  if (id === undefined || body['object'] !== 'customer') throw new Unexpected('the answer is no customer');
  const juspay = body['juspay'];
  const value = typeof juspay === 'object' && juspay !== null ? text(juspay as Members, 'client_auth_token') : undefined;
  return {
    id,
    object: 'customer',
    values: Object.fromEntries(ECHOED.flatMap((name) => (text(body, name) === undefined ? [] : [[name, text(body, name)]]))),
    dateCreated: date(text(body, 'date_created')),
    lastUpdated: date(text(body, 'last_updated')),
    ...(value === undefined ? {} : { token: { value, expires: date(text(juspay as Members, 'client_auth_token_expiry')) } }),
  };
}

function date(written: string | undefined): Date {
  // Older samples write the offset as +0000, which Date does not read.
  const parsed = new Date((written ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(parsed.getTime())) throw new Unexpected(`${written ?? 'nothing'} is no date`);
  return parsed;
}
