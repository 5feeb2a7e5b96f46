/** A request as a curl command that a shell runs as it is, with `$API_KEY` from the environment. */
import type { SentRequest } from '../../contracts/finding.js';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `Basic ${base64:${API_KEY}:}` is what curl makes of a user; other forms of the credential are computed by the shell. */
function credential(value: string): string {
  if (value === 'Basic ${base64:${API_KEY}:}') return '-u "$API_KEY:"';
  const inner = /\$\{base64:(.*)\}/.exec(value)?.[1];
  if (inner === undefined) return `-H "Authorization: ${value.replaceAll('${API_KEY}', '$API_KEY').replace(/[!"`]/g, '\\$&')}"`;
  const text = inner
    .replaceAll('${API_KEY without its last character}', '${API_KEY%?}')
    .replaceAll('${API_KEY with its last character changed}', '${API_KEY%?}_')
    .replaceAll('${API_KEY in the other case}', '${API_KEY~~}')
    .replaceAll('${OTHER_KEY}', 'not_the_key');
  const scheme = value.split(' ')[0] ?? '';
  return `-H "Authorization: ${scheme} $(printf %s "${text}" | base64 -w0)"`;
}

/**
 * @param url the target's base URL
 * @param request redacted, as it is in a report
 */
export function curl(url: string, request: SentRequest): string {
  const parts = ['curl', '-i', '-sS'];
  if (request.method === 'HEAD') parts.push('-I');
  else if (request.method !== 'GET') parts.push('-X', request.method);
  for (const [name, value] of request.headers) {
    if (name === 'Authorization') parts.push(credential(value));
    // curl takes a header without a value off the request, and one that ends in ; as an empty one.
    else parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (!request.headers.some(([name]) => name.toLowerCase() === 'content-type') && request.body.text !== '') parts.push('-H', quote('Content-Type:'));
  const address = quote(`${url}${request.path}`);
  if (request.body.encoding === 'base64') return `printf %s ${quote(request.body.text)} | base64 -d | ${parts.join(' ')} --data-binary @- ${address}`;
  if (request.body.text !== '') parts.push('--data-raw', quote(request.body.text));
  return [...parts, address].join(' ');
}
