/**
 * A Pact Broker in the process, for tests: the parts of its HAL API that are used, with its rules. It is faithful to
 * version 2.118 where that was looked at: links, shapes, the conflict of a changed pact under a version that is there,
 * results that belong to a pact's content, pending and work-in-progress pacts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployability, matrixOf, pactsToVerify } from './broker-double-decisions.js';

export interface Version {
  readonly number: string;
  readonly order: number;
  readonly branches: Set<string>;
  readonly tags: Set<string>;
  buildUrl?: string;
}

export interface Pact {
  readonly consumer: string;
  readonly provider: string;
  readonly version: string;
  readonly content: string;
  /** Pacts of equal content are one to the broker: results belong to it. */
  readonly sha: string;
  readonly order: number;
  readonly publishedAt: Date;
}

export interface Result {
  readonly sha: string;
  readonly provider: string;
  readonly providerVersion: string;
  readonly success: boolean;
  readonly order: number;
  readonly body: unknown;
}

export interface Deployment {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
}

/** Everything that the double has been told. */
export interface Records {
  readonly versions: Map<string, Version[]>;
  readonly pacts: Pact[];
  readonly results: Result[];
  readonly environments: { readonly uuid: string; readonly name: string }[];
  readonly deployments: Deployment[];
}

export interface DoubleOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly token?: string;
  /** So many requests are answered 503 before it answers as it should. */
  readonly failFirst?: number;
  /** Results are refused, as for a credential that may only read. */
  readonly readOnly?: boolean;
}

export interface BrokerDouble {
  readonly url: string;
  readonly records: Records;
  /** Method and path of every request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1. */
export async function startBrokerDouble(options: DoubleOptions = {}): Promise<BrokerDouble> {
  const double = new Double(options);
  await new Promise<void>((resolve) => double.server.listen(0, '127.0.0.1', resolve));
  return {
    url: double.base,
    records: double.records,
    requests: double.requests,
    close: () =>
      new Promise((resolve) => {
        double.server.close(() => resolve());
        double.server.closeAllConnections();
      }),
  };
}

/** What is done for a path; `parts` are what its placeholders stand for. */
type Handler = (parts: readonly string[], body: unknown, query: URLSearchParams) => { readonly status: number; readonly body: object };
type Route = readonly [method: string, path: RegExp, handler: Handler];

const member = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const ok = (body: object, status = 200): { status: number; body: object } => ({ status, body });
const error = (status: number, ...texts: string[]): { status: number; body: object } =>
  ok({ errors: { base: texts }, notices: texts.map((each) => ({ type: 'error', text: each })) }, status);

class Double {
  readonly records: Records = {
    versions: new Map(),
    pacts: [],
    results: [],
    environments: ['test', 'production'].map((name) => ({ uuid: randomUUID(), name })),
    deployments: [],
  };
  readonly requests: string[] = [];
  readonly server: Server;
  readonly #options: DoubleOptions;
  #order = 0;
  #failures: number;

  constructor(options: DoubleOptions) {
    this.#options = options;
    this.#failures = options.failFirst ?? 0;
    this.server = createServer((request, response) => void this.#answer(request, response));
  }

  get base(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? '/', this.base);
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const { status, body } = this.#decide(request, url, Buffer.concat(pieces).toString('utf8'));
    response.writeHead(status, {
      'Content-Type': 'application/hal+json;charset=utf-8',
      ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="Restricted Area"' } : {}),
    });
    response.end(JSON.stringify(body));
  }

  #decide(request: IncomingMessage, url: URL, sent: string): { status: number; body: object } {
    if (this.#failures > 0) {
      this.#failures -= 1;
      return error(503, 'Service Unavailable');
    }
    if (!this.#admits(request.headers.authorization)) return ok({ error: { message: 'Not authorized' } }, 401);
    for (const [method, path, handler] of this.#routes) {
      const match = path.exec(url.pathname);
      if (match === null || method !== request.method) continue;
      let body: unknown;
      try {
        body = sent === '' ? {} : JSON.parse(sent);
      } catch {
        return error(400, 'The request body is not valid JSON.');
      }
      return handler(match.slice(1).map(decodeURIComponent), body, url.searchParams);
    }
    return error(404, 'The requested document was not found on this server.');
  }

  #admits(header: string | undefined): boolean {
    const { basic, token } = this.#options;
    if (basic === undefined && token === undefined) return true;
    const wanted = [
      ...(token === undefined ? [] : [`Bearer ${token}`]),
      ...(basic === undefined ? [] : [`Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`]),
    ];
    return header !== undefined && wanted.includes(header);
  }

  readonly #routes: readonly Route[] = [
    ['GET', /^\/$/, () => ok({ _links: this.#indexLinks() })],
    ['POST', /^\/contracts\/publish$/, (_, body) => this.#publish(body)],
    // The verifier looks at it first, and then posts to its self link.
    ['GET', /^\/pacts\/provider\/([^/]+)\/for-verification$/, ([provider = '']) => this.#wanted(provider, {})],
    ['POST', /^\/pacts\/provider\/([^/]+)\/for-verification$/, ([provider = ''], body) => this.#wanted(provider, body)],
    ['GET', /^\/pacts\/provider\/([^/]+)\/consumer\/([^/]+)\/pact-version\/([0-9a-f]+)(?:\/metadata\/.*)?$/, ([, , sha = '']) => this.#pact(sha)],
    [
      'POST',
      /^\/pacts\/provider\/([^/]+)\/consumer\/([^/]+)\/pact-version\/([0-9a-f]+)(?:\/metadata\/[^/]*)?\/verification-results$/,
      ([provider = '', , sha = ''], body) => this.#result(provider, sha, body),
    ],
    ['PUT', /^\/pacticipants\/([^/]+)\/branches\/([^/]+)\/versions\/([^/]+)$/, ([name = '', branch = '', number = '']) => this.#branch(name, branch, number)],
    [
      'PUT',
      /^\/pacticipants\/([^/]+)\/versions\/([^/]+)\/tags\/([^/]+)$/,
      ([name = '', number = '', tag = '']) => {
        this.#version(name, number).tags.add(tag);
        return ok({ name: tag }, 201);
      },
    ],
    ['GET', /^\/pacticipants\/([^/]+)$/, ([name = '']) => this.#showPacticipant(name)],
    ['GET', /^\/environments$/, () => ok({ _embedded: { environments: this.records.environments } })],
    ['GET', /^\/pacticipants\/([^/]+)\/versions\/([^/]+)$/, ([name = '', number = '']) => this.#showVersion(name, number)],
    [
      'POST',
      /^\/pacticipants\/([^/]+)\/versions\/([^/]+)\/deployed-versions\/environment\/([^/]+)$/,
      ([name = '', number = '', uuid = '']) => this.#deploy(name, number, uuid),
    ],
    ['GET', /^\/can-i-deploy$/, (_, __, query) => this.#canIDeploy(query.get('pacticipant') ?? '', query.get('version') ?? '', query.get('environment') ?? '')],
    [
      'GET',
      /^\/matrix$/,
      (_, __, query) => this.#canIDeploy(query.get('q[][pacticipant]') ?? '', query.get('q[][version]') ?? '', query.get('environment') ?? ''),
    ],
  ];

  #indexLinks(): object {
    const link = (path: string, templated = false): object => ({ href: `${this.base}${path}`, ...(templated ? { templated } : {}) });
    return {
      self: link('/'),
      'pb:publish-contracts': link('/contracts/publish'),
      'pb:provider-pacts-for-verification': link('/pacts/provider/{provider}/for-verification', true),
      'pb:pacticipant-version': link('/pacticipants/{pacticipant}/versions/{version}', true),
      'pb:pacticipant-version-tag': link('/pacticipants/{pacticipant}/versions/{version}/tags/{tag}', true),
      'pb:pacticipant-branch-version': link('/pacticipants/{pacticipant}/branches/{branch}/versions/{version}', true),
      'pb:environments': link('/environments'),
      'pb:can-i-deploy-pacticipant-version-to-environment': link('/can-i-deploy?pacticipant={pacticipant}&version={version}&environment={environment}', true),
    };
  }

  #version(name: string, number: string): Version {
    const versions = this.records.versions.get(name) ?? [];
    this.records.versions.set(name, versions);
    const found = versions.find((version) => version.number === number);
    if (found !== undefined) return found;
    const version: Version = { number, order: this.#order++, branches: new Set(), tags: new Set() };
    versions.push(version);
    return version;
  }

  #publish(body: unknown): { status: number; body: object } {
    const name = text(member(body, 'pacticipantName'));
    const number = text(member(body, 'pacticipantVersionNumber'));
    const contracts = member(body, 'contracts');
    if (name === '' || number === '' || !Array.isArray(contracts))
      return error(400, "pacticipantName can't be blank, pacticipantVersionNumber can't be blank, contracts is missing");
    const pacts = contracts.map((contract: unknown) => {
      const content = Buffer.from(text(member(contract, 'content')), 'base64').toString('utf8');
      return { consumer: text(member(contract, 'consumerName')), provider: text(member(contract, 'providerName')), content, sha: shaOf(content) };
    });
    if (pacts.some(({ consumer }) => consumer !== name)) return error(400, 'consumerName does not match pacticipantName');
    for (const { provider, sha } of pacts) {
      const there = this.records.pacts.find((pact) => pact.consumer === name && pact.provider === provider && pact.version === number);
      if (there !== undefined && there.sha !== sha)
        return error(
          409,
          `Cannot change the content of the pact for ${name} version ${number} and provider ${provider}, as race conditions will cause unreliable results for can-i-deploy. Each pact must be published with a unique consumer version number.`,
        );
    }
    const version = this.#version(name, number);
    const branch = text(member(body, 'branch'));
    if (branch !== '') version.branches.add(branch);
    for (const tag of (member(body, 'tags') as readonly unknown[] | undefined) ?? []) version.tags.add(text(tag));
    const buildUrl = text(member(body, 'buildUrl'));
    if (buildUrl !== '') version.buildUrl = buildUrl;
    const known = pacts.filter(({ provider }) =>
      this.records.pacts.some((pact) => pact.consumer === name && pact.provider === provider && pact.version === number),
    );
    for (const pact of pacts) if (!known.includes(pact)) this.records.pacts.push({ ...pact, version: number, order: this.#order++, publishedAt: new Date() });
    const notices = [
      { type: 'debug', text: `${known.length > 0 ? 'Updated' : 'Created'} ${name} version ${number}${branch === '' ? '' : ` with branch ${branch}`}` },
      ...pacts.map(({ provider }) => ({
        type: 'success',
        text: `Pact successfully ${known.length > 0 ? 'republished' : 'published'} for ${name} version ${number} and provider ${provider}.`,
      })),
    ];
    return ok({ notices, _links: { self: { href: `${this.base}/contracts/publish` } } });
  }

  #href(pact: Pact): string {
    return `${this.base}/pacts/provider/${encodeURIComponent(pact.provider)}/consumer/${encodeURIComponent(pact.consumer)}/pact-version/${pact.sha}`;
  }

  #wanted(provider: string, body: unknown): { status: number; body: object } {
    const pacts = pactsToVerify(this.records, provider, body).map(({ pact, pending, wip, why }) => ({
      shortDescription: why,
      verificationProperties: {
        ...(pending === undefined ? {} : { pending }),
        ...(wip ? { wip } : {}),
        notices: [{ when: 'before_verification', text: `The pact at ${this.#href(pact)} is being verified because it is ${why}` }],
      },
      _links: { self: { href: this.#href(pact), name: `Pact between ${pact.consumer} (${pact.version}) and ${pact.provider}` } },
    }));
    return ok({
      _embedded: { pacts },
      _links: { self: { href: `${this.base}/pacts/provider/${encodeURIComponent(provider)}/for-verification`, title: 'Pacts to be verified' } },
    });
  }

  #pact(sha: string): { status: number; body: object } {
    const pact = this.records.pacts.find((each) => each.sha === sha);
    if (pact === undefined) return error(404, 'No pact found');
    return ok({
      ...(JSON.parse(pact.content) as object),
      createdAt: pact.publishedAt.toISOString(),
      _links: {
        self: { href: this.#href(pact) },
        'pb:consumer': { href: `${this.base}/pacticipants/${encodeURIComponent(pact.consumer)}`, name: pact.consumer },
        'pb:provider': { href: `${this.base}/pacticipants/${encodeURIComponent(pact.provider)}`, name: pact.provider },
        'pb:publish-verification-results': { href: `${this.#href(pact)}/verification-results` },
      },
    });
  }

  #result(provider: string, sha: string, body: unknown): { status: number; body: object } {
    if (this.#options.readOnly === true) return error(403, 'Not allowed');
    const providerVersion = text(member(body, 'providerApplicationVersion'));
    const success = member(body, 'success');
    if (providerVersion === '' || typeof success !== 'boolean') return error(400, "providerApplicationVersion can't be blank");
    this.#version(provider, providerVersion);
    this.records.results.push({ sha, provider, providerVersion, success, order: this.#order++, body });
    return ok({ success, providerApplicationVersion: providerVersion }, 201);
  }

  #branch(name: string, branch: string, number: string): { status: number; body: object } {
    this.#version(name, number).branches.add(branch);
    return ok({ _links: { self: { href: `${this.base}/pacticipants/${name}/branches/${branch}/versions/${number}` } } }, 201);
  }

  #showPacticipant(name: string): { status: number; body: object } {
    const known = this.records.versions.has(name) || this.records.pacts.some(({ consumer, provider }) => consumer === name || provider === name);
    if (!known) return error(404, 'No pacticipant found');
    const href = `${this.base}/pacticipants/${encodeURIComponent(name)}`;
    return ok({
      name,
      _links: {
        self: { href },
        'pb:version': { href: `${href}/versions/{version}`, templated: true },
        'pb:version-tag': { href: `${href}/versions/{version}/tags/{tag}`, templated: true },
        'pb:branch-version': { href: `${href}/branches/{branch}/versions/{version}`, templated: true },
      },
    });
  }

  #showVersion(name: string, number: string): { status: number; body: object } {
    const version = this.records.versions.get(name)?.find((each) => each.number === number);
    if (version === undefined) return error(404, 'No version found');
    const environments = this.records.environments.map(({ uuid, name: title }) => ({
      name: title,
      href: `${this.base}/pacticipants/${name}/versions/${number}/deployed-versions/environment/${uuid}`,
    }));
    return ok({ number, ...(version.buildUrl === undefined ? {} : { buildUrl: version.buildUrl }), _links: { 'pb:record-deployment': environments } });
  }

  #deploy(name: string, number: string, uuid: string): { status: number; body: object } {
    const environment = this.records.environments.find((each) => each.uuid === uuid);
    if (environment === undefined) return error(404, 'No environment found');
    // What was there before is replaced.
    const others = this.records.deployments.filter((each) => each.pacticipant !== name || each.environment !== environment.name);
    this.records.deployments.splice(0, Number.POSITIVE_INFINITY, ...others, { pacticipant: name, version: number, environment: environment.name });
    return ok({ currentlyDeployed: true }, 201);
  }

  #canIDeploy(name: string, number: string, environment: string): { status: number; body: object } {
    if (!this.records.environments.some((each) => each.name === environment)) return error(400, `environment with name '${environment}' does not exist`);
    if (this.records.versions.get(name) === undefined) return error(400, `Pacticipant ${name} not found`);
    const summary = deployability(this.records, name, number, environment);
    return ok({
      summary,
      notices: [{ type: summary.deployable === true ? 'success' : 'error', text: summary.reason }],
      matrix: matrixOf(this.records, name, number, environment),
    });
  }
}

function shaOf(content: string): string {
  return createHash('sha1').update(content).digest('hex');
}
