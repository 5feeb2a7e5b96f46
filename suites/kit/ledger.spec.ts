import { expect } from 'chai';
import fc from 'fast-check';
import { RULES } from '../../contracts/rules/index.js';
import { Ledger } from './ledger.js';
import { FIELDS, MINE, observed, TOKEN, type Given } from './observed.spec-help.js';
import type { Intent, Observation } from './observation.js';

const SECRET = 'a-secret-of-the-run';
const ORDER = new Map(RULES.map(({ id }, index) => [id, index]));
const OTHERS = `other${TOKEN}0002`;

const ledger = (onBreach: (ruleId: string) => void = () => undefined): Ledger => new Ledger(RULES, ORDER, [SECRET], TOKEN, onBreach);

/** The rules that a ledger counted a breach of, robustness among them. */
function broken(of: Ledger): string[] {
  return RULES.flatMap(({ id }) => ((of.tally(id)?.broken ?? 0) > 0 ? [id] : []));
}

function recorded(...observations: readonly Observation[]): Ledger {
  const made = ledger();
  for (const reference of [MINE, OTHERS]) made.expect(reference);
  for (const observation of observations) made.record(observation);
  return made;
}

describe('ledger: what it counts', () => {
  it('a good answer keeps every rule that it is judged by', () => {
    const made = recorded(observed());
    expect(broken(made)).to.deep.equal([]);
    for (const id of ['response/status', 'response/echo-first_name', 'token/iff-asked', 'privacy/key', 'robustness/good-requests']) {
      expect(made.tally(id), id).to.deep.equal({ judged: 1, broken: 0, meanwhile: 0 });
    }
    expect(made.tally('error/shape'), 'a rule about refusals').to.equal(undefined);
  });

  it('a breach is counted beside the answers that held, and told as it comes', () => {
    const told: string[] = [];
    const made = ledger((ruleId) => told.push(ruleId));
    made.record(observed({ intent: { n: 0 } }));
    made.record(observed({ intent: { n: 1 }, reference: OTHERS, members: { first_name: 'Jon' } }));
    const { judged, broken: times, first } = made.tally('response/echo-first_name') ?? {};
    expect([judged, times]).to.deep.equal([2, 1]);
    expect(first).to.include({ expected: 'first_name = "John", exactly as it was sent', got: 'first_name = "Jon"' });
    expect(told).to.deep.equal(['response/echo-first_name']);
  });

  it('the first breach in (rule, n, repetition) is kept, whichever came first', () => {
    const given = [
      { ruleId: 'first_name/charset', n: 2 },
      { ruleId: 'first_name/charset', n: 10 },
      { ruleId: 'last_name/charset', n: 0 },
      { ruleId: 'robustness/values', n: 1 },
      { ruleId: 'object_reference_id/length', n: 7 },
      { ruleId: 'object_reference_id/length', n: 7, attempt: 5000 },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(given, { minLength: 1 }), (some) => {
        const made = recorded(...some.map((intent) => observed({ intent, members: { object: 'order' } })));
        const [lowest] = [...some].sort((a, b) => {
          const order = (ORDER.get(a.ruleId) ?? 0) - (ORDER.get(b.ruleId) ?? 0);
          return order || a.n - b.n || (a.attempt ?? -1) - (b.attempt ?? -1);
        });
        const kept = made.tally('response/object-member')?.first?.observation.intent;
        expect([kept?.ruleId, kept?.n, kept?.attempt]).to.deep.equal([lowest?.ruleId, lowest?.n, lowest?.attempt]);
        expect(made.tally('response/object-member')).to.include({ judged: some.length, broken: some.length });
      }),
    );
  });

  it('repetitions of a failure count for nothing', () => {
    const made = recorded(
      observed({ intent: { purpose: 'confirmation' }, members: { object: 'order' } }),
      observed({ intent: { purpose: 'shrink' }, status: 500, text: '' }),
    );
    expect(broken(made)).to.deep.equal([]);
    expect(made.tally('response/object-member')).to.equal(undefined);
  });

  it('429 and an address that is not let in are no answers', () => {
    const made = recorded(observed({ status: 429, text: 'slow down' }), observed({ status: 403, text: '{"error_info":{"code":"BAD_ORIGIN"}}' }));
    for (const { id } of RULES) expect(made.tally(id), id).to.equal(undefined);
  });

  it('silence says nothing about responses', () => {
    const made = recorded(observed({ silent: true, failure: { kind: 'timeout', message: 'no complete answer within 10 ms' } }));
    expect(broken(made)).to.deep.equal(['robustness/good-requests']);
    expect(made.tally('response/status')).to.equal(undefined);
  });

  it('a body that broke off is judged by its length alone', () => {
    const made = recorded(observed({ text: '{"id": ', failure: { kind: 'dropped', message: 'closed' }, headers: [] }));
    expect(made.tally('response/json'), 'rules about the rest of it').to.equal(undefined);
    expect(made.tally('response/content-length')).to.include({ judged: 1, broken: 1 });
  });

  it('the Content-Length of an answer to HEAD, and of a 304, speaks of a body that is not there', () => {
    const headers = [['content-length', '99']] as const;
    for (const given of [{ draft: { method: 'HEAD' } }, { status: 304 }]) {
      expect(recorded(observed({ ...given, headers, intent: { create: false } })).tally('response/content-length')).to.equal(undefined);
    }
  });

  it('a refusal is judged by what it is for', () => {
    const text = '{"status":"x","error_code":"y","error_message":"last_name is wrong"}';
    const refused = (offence: Intent['offence']): string[] => {
      const atFault = ['first_name'] as const;
      return broken(recorded(observed({ status: 422, text, intent: { good: false, ...(offence === undefined ? {} : { offence, atFault }) } })));
    };
    expect(refused('missing')).to.deep.equal(['error/missing-status', 'error/names-field']);
    expect(refused('invalid')).to.deep.equal(['error/invalid-status', 'error/names-field']);
    expect(refused('duplicate')).to.include.members(['error/duplicate-status', 'error/duplicate']);
    expect(refused('credential')).to.deep.equal(['credentials/status']);
    expect(refused(undefined)).to.deep.equal([]);
  });
});

describe('ledger: robustness', () => {
  const families = [
    ['a good request', { good: true, family: 'values' }, 'robustness/good-requests'],
    ['a bad value', { good: false, family: 'values' }, 'robustness/values'],
    ['odd headers', { good: false, family: 'headers' }, 'robustness/headers'],
    ['nothing said', { good: false }, 'robustness/values'],
  ] as const;
  for (const [what, intent, ruleId] of families) {
    it(`${what}: a 500, a dropped connection and silence break ${ruleId}`, () => {
      const made = recorded(
        observed({ intent: { ...intent, n: 0 }, status: 500, text: 'oops' }),
        observed({ intent: { ...intent, n: 1 }, silent: true, failure: { kind: 'dropped', message: 'closed' } }),
        observed({ intent: { ...intent, n: 2 }, silent: true, failure: { kind: 'timeout', message: 'silence' } }),
        observed({ intent: { ...intent, n: 3 }, silent: true, failure: { kind: 'malformed', message: 'not HTTP' } }),
        observed({ intent: { ...intent, n: 4 }, status: 400, text: '{}' }),
      );
      expect(made.tally(ruleId)).to.include({ judged: 5, broken: 4 });
      expect(made.tally(ruleId)?.first).to.include({ expected: 'a complete answer below 500', got: 'status 500' });
    });
  }

  it('without a connection there was no request', () => {
    const made = recorded(
      observed({ silent: true, failure: { kind: 'unreachable', message: 'refused' } }),
      observed({ silent: true, failure: { kind: 'tls', message: 'no TLS' } }),
    );
    expect(made.tally('robustness/good-requests')).to.equal(undefined);
  });

  it('a body shorter than its Content-Length is for the rule about that', () => {
    const made = recorded(observed({ failure: { kind: 'dropped', message: 'closed' } }));
    expect(broken(made)).to.deep.equal(['response/content-length']);
  });
});

describe('ledger: what belongs to another customer', () => {
  const RULE = 'privacy/other-customers';
  const leaks = (given: Given, ...before: readonly Observation[]): boolean => broken(recorded(...before, observed(given))).includes(RULE);

  it("another customer's reference is found in a header, in a member, in a text, and in either letter case", () => {
    expect(leaks({ headers: [['X-Last', OTHERS]] })).to.equal(true);
    expect(leaks({ members: { hint: `see ${OTHERS}.` } })).to.equal(true);
    expect(leaks({ status: 400, text: `<p>not like ${OTHERS}</p>` })).to.equal(true);
    expect(leaks({ headers: [['X-Last', OTHERS.toUpperCase()]] })).to.equal(true);
  });

  it('the token of the run in a word that no request sent is there by chance', () => {
    expect(leaks({ headers: [['Set-Cookie', `s=q8${TOKEN}x0`]], members: { hint: TOKEN } })).to.equal(false);
  });

  it("one's own is one's own, wherever it stands, trimmed or in another letter case", () => {
    expect(leaks({ headers: [['Location', `/customers/${MINE}`]], members: { hint: MINE.toUpperCase() } })).to.equal(false);
    expect(leaks({ reference: ` ${MINE}-x`, members: { object_reference_id: MINE } })).to.equal(false);
    expect(leaks({ reference: `mine.${TOKEN}`, members: { hint: `mine${TOKEN}` } })).to.equal(false);
  });

  it("one's own is one's own behind an escape of JSON, whose letters are part of no word", () => {
    const reference = `\u0627${MINE}`;
    const escaped = JSON.stringify({ object_reference_id: reference, hint: `\n${MINE}` }).replace('\u0627', '\\u0627');
    expect(escaped).to.include(`\\u0627${MINE}`);
    expect(leaks({ reference, text: escaped })).to.equal(false);
    expect(leaks({ reference, text: escaped.replace(MINE, OTHERS) })).to.equal(true);
  });

  it("a request's other values, its path and what it is known to show are its own too", () => {
    expect(leaks({ draft: { path: `/customers/${OTHERS}` }, headers: [['X-Path', OTHERS]] })).to.equal(false);
    expect(leaks({ draft: { body: Buffer.from(`a=${OTHERS}`) }, headers: [['X-Got', OTHERS]] })).to.equal(false);
    expect(leaks({ intent: { own: [OTHERS] }, headers: [['X-Got', OTHERS]] })).to.equal(false);
  });

  it("another customer's id is found once it was given, and one's own is not another's", () => {
    const other = observed({ reference: OTHERS, members: { id: 'cst_secret17' } });
    expect(leaks({ headers: [['X-Last', 'cst_secret17']] }, other)).to.equal(true);
    expect(leaks({ headers: [['X-Last', 'cst_secret17']] }), 'before it was given').to.equal(false);
    expect(leaks({ headers: [['X-Id', `cst_of_${MINE}`]] }, observed())).to.equal(false);
  });

  it("another customer's e-mail address is found, where it is that of a safe request", () => {
    const fields = Object.entries({ object_reference_id: OTHERS, ...FIELDS, email_address: 'other.one@example.org' });
    const control = observed({
      reference: OTHERS,
      draft: { fields },
      members: { email_address: 'other.one@example.org' },
      intent: { purpose: 'control', n: 21 },
    });
    expect(leaks({ members: { hint: 'ask other.one@example.org' } }, control)).to.equal(true);
    expect(leaks({ members: { hint: 'ask support@example.org' } }, control)).to.equal(false);
    // Help texts have the values of published samples in them.
    const sample = { ...control, intent: { ...control.intent, n: 2 } };
    expect(leaks({ members: { hint: 'such as other.one@example.org' } }, sample)).to.equal(false);
  });

  it('a long text is looked through in no time', () => {
    const start = performance.now();
    expect(leaks({ text: 'a'.repeat(300_000) })).to.equal(false);
    expect(leaks({ text: `${'@example.'.repeat(20_000)}` })).to.equal(false);
    expect(performance.now() - start, 'milliseconds').to.be.below(2_000);
  });
});

describe('ledger: what no two customers share', () => {
  const twice = (id: string): Observation[] => [observed({ members: { id } }), observed({ reference: OTHERS, members: { id }, intent: { n: 1 } })];

  it('an id or a token that another customer got is found', () => {
    expect(broken(recorded(...twice('cst_same')))).to.include('response/id-unique');
    const tokens = [
      observed({ members: { 'juspay.client_auth_token': 'tkn_same' } }),
      observed({ reference: OTHERS, members: { 'juspay.client_auth_token': 'tkn_same' } }),
    ];
    expect(broken(recorded(...tokens))).to.include('token/unique');
  });

  it('it is for the rule about ids, and not also a leak', () => {
    expect(broken(recorded(...twice('cst_same')))).to.not.include('privacy/other-customers');
  });

  it('a repetition is remembered too: its customer is another one', () => {
    const repeated = observed({ members: { id: 'cst_same' }, intent: { purpose: 'confirmation', attempt: 5000 } });
    expect(broken(recorded(repeated, observed({ reference: OTHERS, members: { id: 'cst_same' } })))).to.include('response/id-unique');
  });

  it('what was refused is remembered by nobody', () => {
    const refused = observed({ status: 400, members: { id: 'cst_same' }, intent: { good: false } });
    expect(broken(recorded(refused, observed({ reference: OTHERS, members: { id: 'cst_same' } })))).to.not.include('response/id-unique');
  });
});

describe('ledger: readings', () => {
  it('a case has every reading that it got, each with its first exchange', () => {
    const made = ledger();
    const [early, late, other] = [1, 5, 3].map((n) => observed({ intent: { n } })) as [Observation, Observation, Observation];
    made.note('mobile_number/plus', 'a plus', 'accepted', late);
    made.note('mobile_number/plus', 'a plus', 'accepted', early);
    made.note('mobile_number/plus', 'a plus', 'refused', other);
    made.note('mobile_number/plus', 'two', 'refused', other);
    const readings = made.readings('mobile_number/plus');
    expect([...readings.keys()]).to.deep.equal(['a plus', 'two']);
    expect([...(readings.get('a plus') ?? [])]).to.deep.equal([
      ['accepted', early],
      ['refused', other],
    ]);
  });

  it('a good answer answers by itself how dates are written, and what is there beside the document', () => {
    const made = recorded(observed({ members: { date_created: '2020-03-17T14:13:37+0000', extra: 1 } }));
    expect([...(made.readings('response/date-format').get('date_created')?.keys() ?? [])]).to.deep.equal(['+hhmm']);
    expect([...(made.readings('response/undocumented-members').values() ?? [])].flatMap((readings) => [...readings.keys()])).to.deep.equal(['extra']);
  });
});
