/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** One exchange for people: the request and its answer side by side, bodies decoded, and both as they were on the wire behind a click. */
import type { JSX } from 'preact';
import type { Body, Exchange, ReceivedResponse, SentRequest } from '../../contracts/finding.js';
import { count, duration, plural } from '../text.js';
import { formFields, jsonMembers } from './decode.js';
import { Code, cut, Text, Value } from './parts.js';

/** Rows of a decoded body: more than any documented message has. */
const ROWS = 40;
/** Characters of a raw message that are shown. */
const RAW_LENGTH = 4000;

/** What of an exchange is shown; a counterexample is one without times. */
export type Shown = Pick<Exchange, 'request'> & Partial<Pick<Exchange, 'response' | 'failure' | 'durationMs' | 'id' | 'note'>>;

export function ExchangeView({ exchange }: { readonly exchange: Shown }): JSX.Element {
  const { request, response, failure, durationMs } = exchange;
  return (
    <div class="exchange">
      <RequestView request={request} />
      <div class="message">
        <p class="label">Answer{durationMs !== undefined && <span class="aside"> in {duration(durationMs)}</span>}</p>
        {response !== undefined ? (
          <ResponseView response={response} />
        ) : (
          <p class="start-line">
            <code>{failure?.kind ?? 'none'}</code> {failure !== undefined && <Text text={failure.message} />}
          </p>
        )}
      </div>
    </div>
  );
}

/** The same as it was on the wire, in a single block: for long lists. */
export function RawExchange({ exchange: { request, response, failure } }: { readonly exchange: Shown }): JSX.Element {
  const answer =
    response === undefined ? [failure === undefined ? 'no answer' : `${failure.kind}: ${failure.message}`] : [String(response.status), wire(response)];
  return <Code text={[`${request.method} ${request.path}`, wire(request), '', ...answer].join('\n')} max={RAW_LENGTH} />;
}

const wire = ({ headers, body }: Pick<SentRequest, 'headers' | 'body'>): string =>
  [...headers.map(([header, value]) => `${header}: ${value}`), '', body.text].join('\n');

function RequestView({ request }: { readonly request: SentRequest }): JSX.Element {
  const fields = formFields(request);
  return (
    <div class="message">
      <p class="label">Request</p>
      <p class="start-line">
        <code>
          <Text text={request.method} /> <Text text={cut(request.path, 400).shown} />
        </code>
      </p>
      {fields !== undefined && <Rows of="the request's fields" rows={fields} />}
      <Raw name="request" headers={request.headers} body={request.body} />
    </div>
  );
}

function ResponseView({ response }: { readonly response: ReceivedResponse }): JSX.Element {
  const members = jsonMembers(response.body);
  return (
    <>
      <p class="start-line">
        <code class={`status s${String(Math.floor(response.status / 100))}`}>{response.status}</code>
        {!response.complete && ' (it ended within the body)'}
      </p>
      {members !== undefined ? (
        <Rows of="the response's members" rows={members.map(({ path, type, value }) => [path, value, type === 'string' ? undefined : value] as const)} />
      ) : (
        response.body.text !== '' && <Code text={response.body.text} max={600} />
      )}
      <Raw name="response" headers={response.headers} body={response.body} />
    </>
  );
}

/** Names and values; a bare text is shown without quotes, as JSON writes what is no string. */
function Rows({
  of,
  rows,
}: {
  readonly of: string;
  readonly rows: readonly (readonly [name: string, value: string, bare?: string | undefined])[];
}): JSX.Element {
  return (
    <>
      <table class="rows" aria-label={of}>
        <tbody>
          {rows.slice(0, ROWS).map(([name, value, bare]) => (
            <tr>
              <th scope="row">
                <Text text={cut(name, 120).shown} />
              </th>
              <td>{bare === undefined ? <Value value={value} /> : <code>{cut(bare, 120).shown}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > ROWS && <p class="cut">… and {plural(rows.length - ROWS, 'more row')}</p>}
    </>
  );
}

function Raw({ name, headers, body }: { readonly name: string; readonly headers: SentRequest['headers']; readonly body: Body }): JSX.Element {
  return (
    <details class="raw">
      <summary>
        {plural(headers.length, 'header')} and raw body{' '}
        <span class="aside">({body.text === '' ? 'empty' : `${count(body.text.length)} characters${body.encoding === 'base64' ? ' of base64' : ''}`})</span>
      </summary>
      <Code text={wire({ headers, body })} max={RAW_LENGTH} copy={`the ${name}`} />
    </details>
  );
}
