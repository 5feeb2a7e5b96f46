/** A Pact Broker by its HAL API: what is published to it, what it says may be deployed, what it wants verified. */
import { retryDelay } from '../kit/pacing.js';

export type BrokerErrorKind =
  /** Nothing answers there, or nothing that stays. */
  | 'unreachable'
  /** The credential is missing or wrong, or may not do this. */
  | 'credential'
  /** Something answers that is no broker. */
  | 'no-broker'
  /** The same version was published with other content. */
  | 'conflict'
  /** The broker does not take what was sent; its message says why. */
  | 'invalid';

export class BrokerError extends Error {
  override readonly name = 'BrokerError';

  constructor(
    readonly kind: BrokerErrorKind,
    message: string,
  ) {
    super(message);
  }
}

export interface BrokerOptions {
  readonly url: string;
  readonly credential?: { readonly username: string; readonly password: string } | { readonly token: string };
  /** Most tries for one request; 5 unless told. */
  readonly tries?: number;
  /** The first wait between two tries, doubled at each; 500 ms unless told, as the Pact CLI has it. */
  readonly backoffMs?: number;
  /** How long one try may take; 30 s unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told before each wait. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
}

export interface Publication {
  readonly consumer: string;
  readonly provider: string;
  readonly version: string;
  readonly branch?: string;
  readonly tags?: readonly string[];
  readonly buildUrl?: string;
  /** The text of the pact, byte for byte. */
  readonly content: string;
}

export interface Selector {
  readonly [name: string]: string | boolean;
}

export interface WantedVerification {
  readonly provider: string;
  readonly selectors: readonly Selector[];
  readonly pending: boolean;
  /** Pacts of branches that were published since, as a date (2026-01-31). */
  readonly wipSince?: string;
  readonly branch?: string;
}

export interface WantedPact {
  readonly href: string;
  readonly name: string;
  readonly pending: boolean;
  readonly notices: readonly string[];
}

export interface Deployable {
  /** null: the broker does not know yet, since results are missing. */
  readonly deployable: boolean | null;
  readonly reason: string;
  readonly notices: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...names: readonly string[]): unknown => names.reduce<unknown>((found, name) => (isObject(found) ? found[name] : undefined), value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

export class BrokerClient {
  readonly #options: BrokerOptions;
  readonly #base: string;
  #links: Promise<Json> | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
  }

  /** Publishes a pact and gives the broker's notices. A second time with the same content changes nothing. Rejects with a BrokerError. */
  async publish({ consumer, provider, version, branch, tags = [], buildUrl, content }: Publication): Promise<string[]> {
    const href = await this.#link('pb:publish-contracts');
    const { json } = await this.#ask('POST', href, {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      ...(branch === undefined ? {} : { branch }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(buildUrl === undefined ? {} : { buildUrl }),
      contracts: [
        {
          consumerName: consumer,
          providerName: provider,
          specification: 'pact',
          contentType: 'application/json',
          content: Buffer.from(content, 'utf8').toString('base64'),
        },
      ],
    });
    return noticesOf(json);
  }

  /** Which pacts a provider is to be verified by. Rejects with a BrokerError. */
  async wanted({ provider, selectors, pending, wipSince, branch }: WantedVerification): Promise<WantedPact[]> {
    const href = await this.#link('pb:provider-pacts-for-verification', { provider });
    const { json } = await this.#ask('POST', href, {
      consumerVersionSelectors: selectors,
      includePendingStatus: pending,
      ...(wipSince === undefined ? {} : { includeWipPactsSince: wipSince }),
      ...(branch === undefined ? {} : { providerVersionBranch: branch }),
    });
    return list(at(json, '_embedded', 'pacts')).flatMap((pact): WantedPact[] => {
      const self = at(pact, '_links', 'self', 'href');
      if (typeof self !== 'string') return [];
      const name = at(pact, '_links', 'self', 'name') ?? at(pact, 'shortDescription');
      return [
        {
          href: self,
          name: typeof name === 'string' ? name : self,
          pending: at(pact, 'verificationProperties', 'pending') === true,
          notices: list(at(pact, 'verificationProperties', 'notices')).map((notice) => textOf(at(notice, 'text'))),
        },
      ];
    });
  }

  /** The text of a pact. Rejects with a BrokerError. */
  async pact(href: string): Promise<string> {
    return (await this.#ask('GET', href)).text;
  }

  /** Whether a version can go to an environment. Rejects with a BrokerError, also for an environment that there is none of. */
  async canIDeploy(pacticipant: string, version: string, environment: string): Promise<Deployable> {
    await this.#index();
    const query = new URLSearchParams({ pacticipant, version, environment });
    const { json } = await this.#ask('GET', `${this.#base}/can-i-deploy?${query.toString()}`);
    const deployable = at(json, 'summary', 'deployable');
    if (!isObject(at(json, 'summary'))) throw new BrokerError('no-broker', `${this.#shown} has no answer to whether something can be deployed`);
    return {
      deployable: typeof deployable === 'boolean' ? deployable : null,
      reason: textOf(at(json, 'summary', 'reason')),
      notices: noticesOf(json),
    };
  }

  get #shown(): string {
    return this.#base.replace(/\/\/[^/@]*@/, '//…@');
  }

  #index(): Promise<Json> {
    return (this.#links ??= this.#ask('GET', `${this.#base}/`).then(({ json }) => {
      const links = at(json, '_links');
      if (!isObject(links) || !Object.keys(links).some((name) => name.startsWith('pb:')))
        throw new BrokerError('no-broker', `${this.#shown} answers, but not as a Pact Broker does. Wanted the address of its start page.`);
      return links;
    }));
  }

  async #link(name: string, values: Readonly<Record<string, string>> = {}): Promise<string> {
    const href = at(await this.#index(), name, 'href');
    if (typeof href !== 'string') throw new BrokerError('no-broker', `${this.#shown} has no ${name}: it is too old a broker, or none`);
    return href.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
  }

  async #ask(method: string, url: string, body?: unknown): Promise<Answer> {
    const { tries = 5, backoffMs = 500, onRetry, signal } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#once(method, url, body);
      if (!('retry' in outcome)) return this.#checked(outcome, method, url);
      if (attempt >= tries || signal?.aborted === true)
        throw new BrokerError('unreachable', `${this.#shown}: ${outcome.retry}${attempt > 1 ? `, ${attempt} times` : ''}`);
      const wait = outcome.after === undefined ? backoffMs * 2 ** (attempt - 1) : retryDelay(outcome.after, attempt);
      onRetry?.(outcome.retry, wait);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async #once(method: string, url: string, body: unknown): Promise<Answer | { readonly retry: string; readonly after?: string }> {
    const { timeoutMs = 30_000, signal } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        headers: {
          Accept: 'application/hal+json, application/json',
          ...this.#authorization(url),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      });
      const text = await response.text();
      const after = response.headers.get('retry-after') ?? undefined;
      if (response.status >= 500 || response.status === 429 || response.status === 408)
        return { retry: `it answers ${response.status}`, ...(after === undefined ? {} : { after }) };
      return { status: response.status, text, json: parse(text) };
    } catch (error) {
      return { retry: reasonOf(error, timeoutMs) };
    }
  }

  /** The credential goes to the broker's own address only: links lead there, but an answer could say anything. */
  #authorization(url: string): Readonly<Record<string, string>> {
    const { credential } = this.#options;
    if (credential === undefined || new URL(url).origin !== new URL(this.#base).origin) return {};
    if ('token' in credential) return { Authorization: `Bearer ${credential.token}` };
    return { Authorization: `Basic ${Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')}` };
  }

  #checked(answer: Answer, method: string, url: string): Answer {
    const { status, json, text } = answer;
    if (status >= 200 && status <= 299) {
      if (json === undefined)
        throw new BrokerError('no-broker', `${this.#shown} answers ${method} ${new URL(url).pathname} with something that is no JSON: it is no Pact Broker`);
      return answer;
    }
    if (status === 401 || status === 403) {
      const given =
        this.#options.credential === undefined ? 'no credential was given' : 'token' in this.#options.credential ? 'the token' : 'user name and password';
      throw new BrokerError(
        'credential',
        `${this.#shown} refuses ${given === 'no credential was given' ? 'the request, and no credential was given' : given} (${status})`,
      );
    }
    const said = [...noticesOf(json), ...errorsOf(at(json, 'errors')), ...errorsOf(at(json, 'error'))].join(' ');
    if (status === 409) throw new BrokerError('conflict', said === '' ? text.slice(0, 300) : said);
    if (status === 400 || status === 422)
      throw new BrokerError('invalid', `${this.#shown} does not take it (${status}): ${said === '' ? text.slice(0, 300) : said}`);
    if (this.#links === undefined || json === undefined)
      throw new BrokerError('no-broker', `${this.#shown} answers ${status} where a Pact Broker has its start page`);
    throw new BrokerError('invalid', `${this.#shown} answers ${method} ${new URL(url).pathname} with ${status}${said === '' ? '' : `: ${said}`}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function noticesOf(json: unknown): string[] {
  return list(at(json, 'notices')).flatMap((notice) => textOf(at(notice, 'text')) || []);
}

/** The broker's errors come as a text, a list, or lists by the name of what is wrong. */
function errorsOf(errors: unknown): string[] {
  if (typeof errors === 'string') return [errors];
  if (Array.isArray(errors)) return errors.flatMap(errorsOf);
  if (!isObject(errors)) return [];
  return Object.entries(errors).flatMap(([name, value]) => errorsOf(value).map((each) => `${name}: ${each}`));
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it does not answer within ${timeoutMs} ms`;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : undefined;
  return `it cannot be reached (${cause?.message === undefined || cause.message === '' ? (code ?? error.message) : cause.message})`;
}
