/** Requests of a client as reports keep them: redacted, with what they hold decoded. */
import type { Body, Exchange, SentRequest } from '../../contracts/finding.js';
import { quote } from '../../contracts/shell.js';
import { curl } from '../kit/curl.js';
import type { Redactor } from '../kit/redact.js';
import { isAccepted, type Captured, type Fields } from './captured.js';

/** A header as reports show it; what a credential is made of shows, the key does not. */
function shownHeader(name: string, value: string, redactor: Redactor, apiKey: string): string {
  if (name.toLowerCase() !== 'authorization') return redactor.text(value);
  const [scheme = '', token = ''] = value.split(/\s+/, 2);
  const decoded = Buffer.from(token, 'base64').toString('utf8');
  // Whatever stands beside the key in it (a password) is shown: it is part of what is wrong.
  if (decoded.includes(apiKey) && isText(decoded)) return `${scheme} \${base64:${decoded.replaceAll(apiKey, '${API_KEY}')}}`;
  return redactor.text(value);
}

// eslint-disable-next-line no-control-regex -- bytes that are no text are looked for
const isText = (text: string): boolean => !/[\u0000-\u001f\u007f\ufffd]/.test(text);

/** The value of a part of a request as reports show it. */
export function shownValue(part: string, value: string | null, redactor: Redactor, apiKey: string): string | null {
  return value === null ? null : shownHeader(part, value, redactor, apiKey);
}

export function bodyOf(bytes: Buffer, redactor: Redactor): Body {
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes) && !text.includes('\0')) return { encoding: 'utf-8', text: redactor.text(text) };
  return { encoding: 'base64', text: bytes.toString('base64') };
}

export function requestOf(request: Captured, redactor: Redactor, apiKey: string): SentRequest {
  return {
    method: request.method,
    path: redactor.text(request.target),
    headers: request.headers.map(([name, value]): [string, string] => [name, shownHeader(name, value, redactor, apiKey)]),
    body: bodyOf(request.body, redactor),
  };
}

/** The fields decoded, a text that people read: `first_name = "a b", mobile_number = "987654321"`. */
export function decodedText(fields: Fields | undefined): string {
  if (fields === undefined) return 'a body that cannot be read as a form';
  return fields.length === 0 ? 'no fields' : fields.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ');
}

/** The exchange of a request for a rule. */
export function exchangeOf(request: Captured, ruleId: string, redactor: Redactor, apiKey: string): Exchange {
  const { reply, delivery, number, scripted } = request;
  const answered = delivery !== 'reset';
  return {
    id: `client#${String(number)}`,
    ruleId,
    n: number,
    purpose: request.kind,
    note: redactor.text(`${decodedText(request.fields)}${scripted === undefined ? '' : `; answered as ${scripted}`}`),
    request: requestOf(request, redactor, apiKey),
    ...(answered
      ? {
          response: {
            status: reply.status,
            headers: Object.entries(reply.headers).map(([name, value]): [string, string] => [name, value]),
            body: bodyOf(Buffer.from(reply.body), redactor),
            complete: delivery !== 'cut off',
          },
        }
      : { failure: { kind: 'dropped' as const, message: 'the connection was reset, as the answer has it' } }),
    startedAt: new Date(request.startedAt).toISOString(),
    durationMs: Math.max(0, request.endedAt - request.startedAt),
  };
}

/** The request as a curl command to whatever server there is then. Headers that curl writes by itself are left to it. */
export function curlOf(request: Captured, redactor: Redactor, apiKey: string): string {
  const sent = requestOf(request, redactor, apiKey);
  const headers = sent.headers
    .filter(([name]) => !['host', 'content-length', 'connection', 'transfer-encoding'].includes(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name.toLowerCase() === 'authorization' ? 'Authorization' : name, value]);
  const line = curl('', { ...sent, headers });
  const path = quote(sent.path);
  return `${line.slice(0, -path.length)}"$CONFORM_URL"${path}`;
}

/** `200`, `400 duplicate`, `the connection reset`: the answer in a few words. */
export function answerText({ reply, delivery, scripted }: Captured): string {
  const name = scripted === undefined ? '' : ` (${scripted})`;
  if (delivery === 'reset') return `the connection reset${name}`;
  return `${String(reply.status)}${name}${delivery === 'cut off' ? ', cut off' : ''}`;
}

/** What the reference made of a request by itself: `refused 400 here`; undefined where the answer was another, or did not arrive. */
export function honestText(request: Captured): string | undefined {
  if (request.scripted !== undefined || request.delivery !== 'whole') return undefined;
  return isAccepted(request) ? 'accepted here' : `refused ${String(request.reply.status)} here`;
}

export const wasCreated = (request: Captured): boolean => request.kind === 'create' && isAccepted(request) && request.reply.status !== 0 && isJson(request);
const isJson = ({ reply }: Captured): boolean => /json/.test(reply.headers['Content-Type'] ?? '');
