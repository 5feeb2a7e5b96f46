/** A request as a curl command that a shell runs as it is, with `$API_KEY` from the environment. */
import type { SentRequest } from '../../contracts/finding.js';
import { credentialArgument, quote } from '../../contracts/shell.js';

/** A header as an argument: characters beyond ASCII are single bytes on the wire, which only escapes can say. */
function headerArgument(line: string): string {
  if (!/[^ -~]/.test(line)) return quote(line);
  const escaped = line.replace(/[\\']/g, '\\$&').replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}

/** A path that curl would read otherwise: it takes dots out, and brackets for patterns. */
const ODD_PATH = /[[\]{}]|\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** Bytes of a body that go into the command line; systems take 128 KiB in one argument. */
const LONGEST_ARGUMENT = 100_000;

/**
 * @param url the target's base URL
 * @param request redacted, as it is in a report
 */
export function curl(url: string, request: SentRequest): string {
  const parts = ['curl', '-i', '-sS'];
  if (request.method === 'HEAD') parts.push('-I');
  // With a body curl sends POST unless told.
  else if (request.method !== 'GET' || request.body.text !== '') parts.push('-X', request.method);
  if (ODD_PATH.test(request.path)) parts.push('-g', '--path-as-is');
  for (const [name, value] of request.headers) {
    if (name === 'Authorization') parts.push(credentialArgument(value));
    // curl takes a header without a value off the request, and one that ends in ; as an empty one.
    else parts.push('-H', headerArgument(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (!request.headers.some(([name]) => name.toLowerCase() === 'content-type') && request.body.text !== '') parts.push('-H', quote('Content-Type:'));
  const address = quote(`${url}${request.path}`);
  if (request.body.encoding === 'base64') return `printf %s ${quote(request.body.text)} | base64 -d | ${parts.join(' ')} --data-binary @- ${address}`;
  if (Buffer.byteLength(request.body.text) > LONGEST_ARGUMENT) return `printf %s ${quote(request.body.text)} | ${parts.join(' ')} --data-binary @- ${address}`;
  if (request.body.text !== '') parts.push('--data-raw', quote(request.body.text));
  return [...parts, address].join(' ');
}
