/** A run made up by hand, with every verdict and with answers that no report may stumble over. For specs and goldens only. */
import { linesOf } from '../contracts/document.js';
import { countVerdicts, SCHEMA_VERSION, type Counterexample, type Exchange, type Finding, type ReceivedResponse, type Run } from '../contracts/finding.js';

const STARTED = '2026-03-17T14:13:37.000Z';
const SEED = 7;
const TARGET = 'http://127.0.0.1:9';

const cite = (statement: number[], source: string[] = ['doc'], note?: string): Finding['citation'] => ({
  source,
  statement,
  lines: linesOf(statement),
  ...(note === undefined ? {} : { note }),
});

const response = (status: number, text: string): ReceivedResponse => ({
  status,
  headers: [['content-type', 'application/json']],
  body: { encoding: 'utf-8', text },
  complete: true,
});

export const exchange = (id: string, body: string, answer: ReceivedResponse | undefined, purpose = 'violating'): Exchange => ({
  id,
  ruleId: id.split('#', 1)[0] ?? id,
  n: Number(id.split('#')[1] ?? 0),
  purpose,
  note: purpose === 'control' ? 'the safe request' : '',
  request: {
    method: 'POST',
    path: '/customers',
    headers: [
      ['authorization', 'Basic ${API_KEY}'],
      ['content-type', 'application/x-www-form-urlencoded'],
    ],
    body: { encoding: 'utf-8', text: body },
  },
  ...(answer === undefined ? { failure: { kind: 'timeout' as const, message: 'no answer within 10 s' } } : { response: answer }),
  startedAt: STARTED,
  durationMs: 3.5,
});

const curl = (body: string): string => `curl -sS -X POST '${TARGET}/customers' -u "$API_KEY:" -H 'x-merchantid: acme' --data-raw '${body}'`;

const SENT = 'object_reference_id=conf_k3x9_0001&first_name=a+b&mobile_number=987654321';
const shown: Counterexample = {
  part: 'first_name',
  value: 'a b',
  controlValue: 'acb',
  control: exchange('first_name/charset#0', SENT.replace('a+b', 'acb'), response(200, '{"id":"cst_0","first_name":"acb"}'), 'control'),
  request: exchange('first_name/charset#1', SENT, undefined).request,
  response: response(200, `{"id":"cst_1","object":"customer","object_reference_id":"conf_k3x9_0001","first_name":"a b","note":"${'long '.repeat(80)}"}`),
  before: [],
  curl: curl(SENT),
  seed: SEED,
  path: '1',
  shrunk: true,
};

// ESC, BEL and U+FFFE are what a terminal obeys or XML forbids; ]]> and & are what careless XML breaks on.
const HOSTILE = 'bad "\u001b[31mred\u0007" <b>&amp;</b> ]]> \ufffe \u202e 😀 é';

const finding = (
  ruleId: string,
  verdict: Finding['verdict'],
  citation: Finding['citation'],
  more: Partial<Omit<Finding, 'ruleId' | 'verdict' | 'citation'>>,
): Finding => ({
  ruleId,
  verdict,
  citation,
  level: 'must',
  title: `the title of ${ruleId}`,
  reason: 'both halves held',
  requests: 12,
  judged: 12,
  durationMs: 40,
  ...more,
});

// Not in the order of the rules: reports have to put them into it.
const FINDINGS: readonly Finding[] = [
  finding('robustness/values', 'flaky', cite([], ['cons', 'std'], 'RFC 9110, section 15.5: an error of the client is answered as one'), {
    title: 'no value of a field is answered 5xx, with silence or a dropped connection',
    reason: 'a value of 1,000 characters was answered 502 in 2 of 5 tries',
    expected: 'an answer below 500',
    got: `502 ${HOSTILE}`,
    rate: { broken: 2, of: 5 },
    counterexample: {
      ...shown,
      part: 'last_name',
      value: 'x'.repeat(1000),
      controlValue: 'Smith',
      response: response(502, HOSTILE),
      curl: curl(`last_name=${'x'.repeat(1000)}`),
      shrunk: false,
    },
  }),
  finding('first_name/charset', 'fail', cite([28]), {
    title: 'a first_name of letters, digits and ( ) . - _ is accepted, with any other character of ASCII refused',
    reason: 'a first_name with a blank in it was accepted',
    expected: 'a refusal (400)',
    counterexample: shown,
    confirmed: { tries: 5, repeats: 5 },
  }),
  finding('object_reference_id/unique', 'fail', cite([14]), {
    title: 'a second create with the same object_reference_id is refused',
    reason: 'both creates were accepted',
    expected: 'a refusal of the second create',
    got: '200 {"id":"cst_2"}',
    counterexample: {
      part: '',
      value: null,
      controlValue: null,
      request: exchange('object_reference_id/unique#1', 'object_reference_id=conf_k3x9_0002', undefined).request,
      response: response(200, '{"id":"cst_2"}'),
      before: [exchange('object_reference_id/unique#0', 'object_reference_id=conf_k3x9_0002', response(200, '{"id":"cst_1"}'), 'control')],
      curl: curl('object_reference_id=conf_k3x9_0002'),
      seed: SEED,
      path: '0',
      shrunk: false,
    },
    confirmed: { tries: 1, repeats: 1 },
  }),
  finding('response/id-prefix', 'warn', cite([], ['br', 'sea'], 'every published sample'), {
    level: 'should',
    title: 'the id begins with cst_',
    reason: 'an id did not begin with cst_',
    expected: 'an id that begins with cst_',
    got: 'id = "customer-1"',
    counterexample: { ...shown, part: 'a published sample', value: null, controlValue: null, response: response(200, '{"id":"customer-1"}') },
  }),
  finding('credentials/key', 'blocked', cite([5]), { reason: '429 past the retries', title: 'another key is refused' }),
  finding('credentials/scheme', 'blocked', cite([8], ['cons']), { reason: '429 past the retries', title: 'another scheme is refused' }),
  finding('customers/read-second-merchant', 'skipped', cite([], ['cons']), { reason: 'it needs the credentials of a second merchant', requests: 0, judged: 0 }),
  finding('customers/read', 'skipped', cite([2], ['br']), { reason: 'no GET succeeded: the target lacks it', requests: 3, judged: 0 }),
  finding('mobile_number/plus', 'observed', cite([18, 19]), {
    level: 'open',
    reason: 'the same reading each time',
    reading: { 'plus and 9 digits': 'refused', 'country code without plus': 'accepted' },
  }),
  finding('content-type/json', 'observed', cite([11], ['in', 'sea']), {
    level: 'open',
    title: 'a JSON body is accepted or refused',
    reason: 'the configuration pins refused, and a JSON body was accepted',
    reading: { 'application/json': 'accepted' },
    expected: 'refused, as the configuration pins it',
    got: '200 {"id":"cst_3"}',
  }),
  finding('object_reference_id/length', 'pass', cite([13]), {}),
  finding('object_reference_id/forms', 'pass', cite([15, 16]), {}),
  finding('credentials/form', 'pass', cite([4, 5, 7, 8]), {}),
  finding('mobile_number/length', 'pass', cite([20]), {}),
  finding('encoding/hex-case', 'pass', cite([11], ['std'], 'URL Standard, section 5.1'), {}),
  finding('error/info', 'pass', cite([], ['sea']), { level: 'should' }),
];

/** The run; a part of it may be replaced. Counts follow the findings unless they are given. */
export function fixtureRun(replace: Partial<Run> = {}): Run {
  const findings = replace.findings ?? [...FINDINGS];
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'juspay-customer-conformance', version: '0.0.0' },
    target: { url: TARGET, embedded: false, merchantId: 'acme' },
    seed: SEED,
    budget: { name: 'standard', maxRequests: 3000 },
    failOn: 'must',
    rules: ['*'],
    started: STARTED,
    ended: '2026-03-17T14:13:40.123Z',
    status: 'complete',
    exitCode: 1,
    counts: countVerdicts(findings),
    requestsSent: 2914,
    idsCreated: ['conf_k3x9_0002', 'conf_k3x9_0001'],
    runToken: 'k3x9',
    findings,
    ...replace,
  };
}

/** The run held against a baseline: two departures accepted, one line stale, one expired. */
export function acceptedRun(): Run {
  const accepted: Readonly<Record<string, Finding['accepted']>> = {
    'first_name/charset': { reason: 'names of partners have blanks', link: 'https://tickets.example.com/17', expires: '2026-06-30' },
    'content-type/json': { reason: 'the gateway takes JSON; <b>nobody</b> relies on it' },
  };
  return fixtureRun({
    findings: FINDINGS.filter(({ verdict }) => verdict !== 'blocked').map((finding) => {
      const mark = accepted[finding.ruleId];
      return mark === undefined ? finding : { ...finding, accepted: mark };
    }),
    baseline: {
      file: 'conformance.baseline.yaml',
      stale: [{ rule: 'mobile_number/length', reason: 'known since 2026-01-02: a number of 7 digits was accepted' }],
      expired: [{ rule: 'object_reference_id/unique', reason: 'to be repaired in spring', expires: '2026-03-16' }],
    },
  });
}

/** Exchanges of the run: answered, not answered, cut off, and with bodies that are no text. */
export function fixtureExchanges(): Exchange[] {
  const plain = exchange('first_name/charset#0', SENT.replace('a+b', 'acb'), response(200, '{"id":"cst_0","first_name":"acb"}'), 'control');
  const odd = exchange('robustness/bodies#3', '', { ...response(502, ''), body: { encoding: 'base64', text: '/wD+' }, complete: false });
  return [
    exchange('first_name/charset#1', SENT, response(200, `{"note":"${HOSTILE.replaceAll('"', '')}"}`)),
    exchange('robustness/values#2', `last_name=${'x'.repeat(20)}`, undefined),
    {
      ...odd,
      startedAt: '2026-03-17T14:13:36.500Z',
      request: { ...odd.request, path: '/customers/%zz?a=b c&${API_KEY}=\u00e9', body: { encoding: 'base64', text: 'AP8=' } },
    },
    { ...plain, startedAt: '2026-03-17T14:13:36.000Z' },
  ];
}
