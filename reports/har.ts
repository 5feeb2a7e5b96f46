/**
 * HAR 1.2 of every exchange that was kept, for the network panels of browsers, Charles, Fiddler and other viewers. What
 * HAR has no word for stands in members that begin with an underscore, as its specification asks. The key is
 * `${API_KEY}`, as it is wherever exchanges are kept.
 */
import { STATUS_CODES } from 'node:http';
import type { Content, Entry, Header, PostData, QueryString, Request, Response } from 'har-format';
import type { Body, Exchange, Run } from '../contracts/finding.js';
import { subjectOf } from './words.js';

/** HAR's own members, and ours. */
type OwnEntry = Entry & {
  readonly _id: string;
  readonly _ruleId: string;
  readonly _purpose: string;
  readonly _failure?: Exchange['failure'];
};

const VERSION = 'HTTP/1.1';

/** The exchanges as HAR that ends in a newline, in the order in which they began, an entry a line. */
export function renderHar(run: Run, exchanges: readonly Exchange[]): string {
  const began = [...exchanges].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  const entries = began.map((exchange) => JSON.stringify(entryOf(run, exchange)));
  const creator = JSON.stringify({ name: run.tool.name, version: run.tool.version });
  const comment = JSON.stringify(`${subjectOf(run)}, seed ${String(run.seed)}`);
  return `{"log":{"version":"1.2","creator":${creator},"comment":${comment},"entries":[${entries.length === 0 ? '' : `\n${entries.join(',\n')}\n`}]}}\n`;
}

function entryOf(run: Run, exchange: Exchange): OwnEntry {
  const { id, ruleId, purpose, note, failure, startedAt, durationMs } = exchange;
  return {
    startedDateTime: startedAt,
    time: durationMs,
    request: requestOf(run, exchange),
    response: responseOf(exchange),
    cache: {},
    // How the time divides is not known: all of it was spent between the first byte out and the last byte in.
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: note,
    _id: id,
    _ruleId: ruleId,
    _purpose: purpose,
    ...(failure === undefined ? {} : { _failure: failure }),
  };
}

function requestOf(run: Run, { request: { method, path, headers, body } }: Exchange): Request & { readonly _target?: string } {
  const address = addressOf(path);
  return {
    method,
    url: `${run.target.url}${address}`,
    httpVersion: VERSION,
    cookies: [],
    headers: headers.map(headerOf),
    queryString: queryOf(path),
    ...(body.text === '' ? {} : { postData: postDataOf(body, headers) }),
    headersSize: -1,
    bodySize: sizeOf(body),
    ...(address === path ? {} : { _target: path }),
  };
}

function responseOf({ response }: Exchange): Response & { readonly _complete?: false } {
  const none = { cookies: [], headersSize: -1, redirectURL: '' };
  // Browsers write status 0 for a request that was never answered.
  if (response === undefined)
    return { ...none, status: 0, statusText: '', httpVersion: VERSION, headers: [], content: { size: 0, mimeType: 'x-unknown' }, bodySize: -1 };
  const { status, headers, body, complete } = response;
  return {
    ...none,
    status,
    statusText: STATUS_CODES[status] ?? '',
    httpVersion: VERSION,
    headers: headers.map(headerOf),
    content: contentOf(body, headers),
    redirectURL: valueOf(headers, 'location') ?? '',
    bodySize: sizeOf(body),
    ...(complete ? {} : { _complete: false }),
  };
}

function contentOf(body: Body, headers: readonly (readonly [string, string])[]): Content {
  return {
    size: sizeOf(body),
    mimeType: valueOf(headers, 'content-type') ?? 'x-unknown',
    text: body.text,
    ...(body.encoding === 'base64' ? { encoding: 'base64' } : {}),
  };
}

/** HAR has an encoding for what was received only. */
function postDataOf({ text, encoding }: Body, headers: readonly (readonly [string, string])[]): PostData & { readonly _encoding?: 'base64' } {
  return { mimeType: valueOf(headers, 'content-type') ?? '', text, ...(encoding === 'base64' ? { _encoding: encoding } : {}) };
}

function headerOf([name, value]: readonly [string, string]): Header {
  return { name, value };
}

function valueOf(headers: readonly (readonly [string, string])[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function queryOf(path: string): QueryString[] {
  const start = path.indexOf('?');
  return start < 0 ? [] : Array.from(new URLSearchParams(path.slice(start + 1)), ([name, value]) => ({ name, value }));
}

/** A path with what no URI can hold (RFC 3986, section 3.3) percent-encoded, since viewers parse it. Escapes of the request stay as they are. */
function addressOf(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[^\w.~:/?@!$&'()*+,;=%-]/gu, (character) => encodeURIComponent(character));
}

function sizeOf({ encoding, text }: Body): number {
  return Buffer.byteLength(text, encoding === 'base64' ? 'base64' : 'utf8');
}
