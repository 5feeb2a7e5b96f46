import { expect } from 'chai';
import type { Exchange, Run } from '../../contracts/finding.js';
import { VERDICTS } from '../../contracts/finding.js';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { MERCHANT, startReference } from '../../contracts/reference/server.js';
import { RULES } from '../../contracts/rules/index.js';
import { createSession } from '../create-customer/run.js';
import { headersOf, refusedUrl, serve, serveBytes, wait, type Answer } from './server.spec-help.js';
import { accusations, changed, configOf, runOf, watch, type Watched } from './target.spec-help.js';

const IDS = RULES.map(({ id }) => id);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What holds of every run, however it ended. */
function assertSound({ run, exchanges }: Watched, rules: readonly string[] = IDS): void {
  expect(
    run.findings.map(({ ruleId }) => ruleId),
    'findings, in the order of the rules',
  ).to.deep.equal(rules);
  expect(
    Object.values(run.counts).reduce((sum, count) => sum + count, 0),
    'the sum of the counts',
  ).to.equal(rules.length);
  for (const verdict of VERDICTS) expect(run.counts[verdict], verdict).to.equal(run.findings.filter((finding) => finding.verdict === verdict).length);
  expect(run.requestsSent, 'requests sent, and exchanges kept').to.equal(exchanges.length);
  // What was answered 429 is the same request again, and keeps its id.
  const ids = exchanges.filter(({ response }) => response?.status !== 429).map(({ id }) => id);
  expect(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    'ids that two exchanges have',
  ).to.deep.equal([]);
  for (const finding of run.findings) expect(finding.reason, `the reason of ${finding.ruleId}`).to.match(/\S/);
}

/** A run that could not learn anything: it says why, and blames nobody. */
function assertBlocked(watched: Watched, why: RegExp): void {
  assertSound(watched);
  const { run } = watched;
  expect([run.status, run.exitCode, run.counts.blocked]).to.deep.equal(['blocked', 2, RULES.length]);
  expect(run.blockedBy).to.match(why);
  expect(accusations(run)).to.deep.equal([]);
}

async function watchServer(answer: Answer, more: Parameters<typeof watch>[1] = {}): Promise<Watched & { readonly received: number }> {
  const server = await serve(answer);
  try {
    return { ...(await watch(server.url, more)), received: server.received.length };
  } finally {
    await server.close();
  }
}

const json = (status: number, body: object): Answer => {
  return (response) => void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};

describe('run', function () {
  this.timeout(30_000);

  describe('against the reference', () => {
    let watched: Watched;
    before(async () => {
      const reference = await startReference();
      const { url, apiKey, merchantId, secondMerchant } = reference;
      watched = await watch(url, { target: { url, apiKey, merchantId, secondMerchant, embedded: true } });
      await reference.close();
    });

    it('every rule has a finding, and counts add up', () => assertSound(watched));

    it('nobody is accused, nothing is blocked, and every must and should was checked', () => {
      const { run } = watched;
      expect(accusations(run)).to.deep.equal([]);
      expect([run.status, run.exitCode, run.counts.blocked]).to.deep.equal(['complete', 0, 0]);
      const unchecked = run.findings.filter(({ level, verdict }) => level !== 'open' && verdict !== 'pass');
      expect(unchecked.map(({ ruleId, verdict, reason }) => `${verdict} ${ruleId}: ${reason}`)).to.deep.equal([]);
    });

    it('a smoke run takes at most 300 requests', () => {
      expect(watched.run.requestsSent).to.be.at.most(300);
    });

    it('what was created is listed, and carries the token of the run where it is long enough for it', () => {
      const { idsCreated, runToken } = watched.run;
      const accepted = watched.exchanges.filter(
        ({ request, response }) => request.method === 'POST' && request.path === '/customers' && response?.status === 200,
      );
      const references = accepted.flatMap(({ response }) => /"object_reference_id":"([^"\\]*)"/.exec(response?.body.text ?? '')?.[1] ?? []);
      expect(references).to.have.length.above(50);
      expect(
        references.filter((reference) => !idsCreated.includes(reference)),
        'references that were accepted and are not listed',
      ).to.deep.equal([]);
      // Number-like references carry it as digits.
      const long = idsCreated.filter((id) => id.length >= 12 && !/\d{8}/.test(id));
      expect(
        long.filter(
          (id) =>
            !id
              .toLowerCase()
              .replaceAll(/[^a-z0-9]/g, '')
              .includes(runToken),
        ),
        `ids without ${runToken}`,
      ).to.deep.equal([]);
    });

    it('probes with wrong credentials come last', () => {
      const isWrong = ({ ruleId, request }: Exchange): boolean =>
        ruleId.startsWith('credentials/') &&
        request.headers.some(([name, value]) => name === 'Authorization' && !/^basic \$\{base64:\$\{API_KEY\}:\}$/i.test(value));
      const places = watched.exchanges.map(isWrong);
      const others = watched.exchanges.filter(({ ruleId }) => !ruleId.startsWith('credentials/') && !ruleId.startsWith('customers/read-credential'));
      expect(places.indexOf(true), 'the first wrong one').to.be.at.least(others.length);
    });
  });

  it('a selection of rules is checked and nothing else', async () => {
    const rules = ['first_name/*', 'response/id'];
    const watched = await runOf(() => ({}), { rules });
    assertSound(
      watched,
      IDS.filter((id) => id.startsWith('first_name/') || id === 'response/id'),
    );
    expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['complete', 0]);
    expect(new Set(watched.exchanges.map(({ ruleId }) => ruleId.split('/')[0]))).to.deep.equal(new Set(['control', 'first_name']));
  });

  it('a finding can be awaited by itself, one that is not of the run cannot', async () => {
    const target = await changed();
    const session = createSession(configOf(target.url, { rules: ['first_name/charset'] }));
    const running = session.run();
    expect((await session.finding('first_name/charset')).verdict).to.equal('pass');
    expect(() => session.finding('last_name/charset')).to.throw(RangeError, 'the run has no rule last_name/charset');
    await running;
    await target.close();
  });

  describe('a target that lets nothing be learnt', () => {
    it('nobody listens', async () => {
      const watched = await watch(await refusedUrl());
      assertBlocked(watched, /^the target cannot be reached: .*ECONNREFUSED/);
      expect(watched.run.requestsSent).to.equal(3);
    });

    it('TLS is asked of a server that speaks none', async () => {
      const server = await serve();
      assertBlocked(await watch(server.url.replace('http:', 'https:')), /^TLS with the target failed: /);
      await server.close();
    });

    it('it never answers', async () => {
      const server = await serveBytes(() => undefined);
      assertBlocked(await watch(server.url, { timeoutMs: 100 }), /^the target gave no answer: no complete answer within 100 ms/);
      await server.close();
    });

    it('401 for everything', async () => {
      const watched = await watchServer(json(401, { status: 'error', error_code: 'access_denied' }));
      assertBlocked(watched, /the API key or merchant id is not accepted.*401 .*access_denied/);
      expect(watched.received).to.equal(3);
    });

    it('404 for everything', async () => {
      assertBlocked(
        await watchServer((response) => void response.writeHead(404).end('no such page')),
        /there is no POST \/customers under this URL.*404 no such page/,
      );
    });

    it('403 for callers from this address', async () => {
      const body = {
        error: true,
        error_info: { code: 'BAD_ORIGIN', category: 'USER_ERROR', user_message: 'Bad Origin.', developer_message: 'IP Verification Failed' },
      };
      assertBlocked(await watchServer(json(403, body)), /does not let this address in \(403 BAD_ORIGIN\)/);
    });

    it('another 403', async () => {
      assertBlocked(await watchServer(json(403, { status: 'error', error_code: 'forbidden' })), /no published sample was accepted.*403/);
    });

    it('400 and 500 for everything', async () => {
      assertBlocked(await watchServer(json(400, { status: 'Bad Request' })), /no published sample was accepted.*the target refuses them all.*400/);
      assertBlocked(await watchServer((response) => void response.writeHead(500).end()), /no published sample was accepted.*500/);
    });

    it('429 for ever', async () => {
      const watched = await watchServer((response) => void response.writeHead(429, { 'Retry-After': '0' }).end());
      assertBlocked(watched, /^the target kept answering 429 after 5 waits$/);
      expect(watched.received).to.equal(6);
    });

    it('a redirect for everything', async () => {
      assertBlocked(await watchServer((response) => void response.writeHead(302, { Location: '/login' }).end()), /no published sample was accepted.*302/);
    });
  });

  describe('a target that changes under the run', () => {
    it('that asks to wait now and then is waited for, and nobody is accused', async () => {
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) =>
          call.number % 9 === 8 ? { status: 429, headers: { 'Retry-After': '0' }, body: '' } : beforehand(call, world, behaviour),
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect([watched.run.status, watched.finding('error/throttling').reading]).to.deep.equal(['complete', { '429': 'seen' }]);
    });

    it('that throttles for ever from some request on: nobody is accused, the rest is blocked', async () => {
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) =>
          call.number > 80 ? { status: 429, headers: { 'Retry-After': '0' }, body: '' } : beforehand(call, world, behaviour),
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect(watched.run.exitCode).to.equal(2);
    });

    it('that no longer lets the address in: blocked, and nobody is accused', async () => {
      const body = JSON.stringify({ error: true, error_info: { code: 'BAD_ORIGIN' } });
      const target = await changed(({ beforehand }) => ({
        beforehand: (call, world, behaviour) => (call.number > 60 ? { status: 403, headers: {}, body } : beforehand(call, world, behaviour)),
      }));
      const watched = await watch(target.url);
      await target.close();
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['blocked', 2]);
    });

    it('that is stopped: nobody is accused, and the run ends soon', async () => {
      const target = await changed();
      let closed: Promise<void> | undefined;
      const watched = await watch(target.url, { onProgress: ({ requestsSent }) => void (requestsSent > 60 ? (closed ??= target.close()) : undefined) });
      await closed;
      assertSound(watched);
      expect(accusations(watched.run)).to.deep.equal([]);
      expect(watched.run.exitCode).to.equal(2);
      expect(watched.run.requestsSent, 'requests').to.be.below(120);
    });
  });

  it('a target that takes the least of the samples only is checked with that, and blamed for what it refuses', async () => {
    const least = new Set(['object_reference_id', 'mobile_number', 'email_address', 'mobile_country_code']);
    const change = ({ problems }: Behaviour): Partial<Behaviour> => ({
      problems: (found, fields, call) => [
        ...problems(found, fields, call),
        ...(['first_name', 'last_name', 'options.get_client_auth_token'] as const)
          .filter((field) => fields.has(field) && !least.has(field))
          .map((field) => ({ field, kind: 'invalid' as const })),
      ],
    });
    const watched = await runOf(change);
    assertSound(watched);
    expect(watched.run.status).to.equal('complete');
    for (const ruleId of ['first_name/charset', 'last_name/charset', 'options.get_client_auth_token/true']) {
      const { verdict, counterexample } = watched.finding(ruleId);
      expect(verdict, ruleId).to.equal('fail');
      expect(counterexample?.part, ruleId).to.equal(ruleId.split('/')[0]);
    }
    for (const ruleId of ['object_reference_id/length', 'mobile_number/length', 'email_address/charset', 'response/id', 'credentials/form']) {
      expect(watched.finding(ruleId).verdict, ruleId).to.equal('pass');
    }
  });

  describe('an interruption', () => {
    for (const after of [0, 40, 150]) {
      it(`after ${String(after)} requests ends the run soon, with a whole report`, async () => {
        const interruption = new AbortController();
        if (after === 0) interruption.abort();
        const target = await changed();
        const watched = await watch(target.url, {
          signal: interruption.signal,
          onProgress: ({ requestsSent }) => void (requestsSent >= after && interruption.abort()),
        });
        await target.close();
        assertSound(watched);
        const { run } = watched;
        expect([run.status, run.exitCode]).to.deep.equal(['interrupted', 130]);
        expect(run.requestsSent, 'requests').to.be.within(after, after + 40);
        expect(run.counts.blocked).to.be.above(0);
        expect(accusations(run)).to.deep.equal([]);
      });
    }

    it('while the target is silent is noticed when the time for that request is over', async () => {
      const interruption = new AbortController();
      const server = await serveBytes(() => undefined);
      const running = watch(server.url, { signal: interruption.signal, timeoutMs: 300 });
      await wait(50);
      interruption.abort();
      const watched = await running;
      await server.close();
      assertSound(watched);
      expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['interrupted', 130]);
      expect(watched.run.requestsSent).to.equal(1);
    });
  });

  describe('the budget', () => {
    for (const maxRequests of [1, 2, 10, 60, 150]) {
      it(`of ${String(maxRequests)} requests is never exceeded, and what it does not reach is blocked`, async () => {
        let arrived = 0;
        const watched = await runOf(({ beforehand }) => ({ beforehand: (...call) => ((arrived += 1), beforehand(...call)) }), { maxRequests });
        assertSound(watched);
        expect(arrived, 'requests that arrived').to.be.at.most(maxRequests);
        expect(watched.run.requestsSent).to.equal(arrived);
        expect(watched.run.budget).to.deep.equal({ name: 'smoke', maxRequests });
        expect(accusations(watched.run)).to.deep.equal([]);
        expect([watched.run.status, watched.run.exitCode]).to.deep.equal(['complete', 2]);
      });
    }

    it('is not exceeded either where nearly everything is broken and has to be confirmed', async () => {
      let arrived = 0;
      const acceptsAll = ({ problems: _problems, beforehand }: Behaviour): Partial<Behaviour> => ({
        problems: () => [],
        beforehand: (...call) => ((arrived += 1), beforehand(...call)),
      });
      const watched = await runOf(acceptsAll, { maxRequests: 200 });
      assertSound(watched);
      expect(arrived).to.be.within(100, 200);
      expect(watched.run.counts.fail).to.be.above(3);
    });
  });

  describe('the key', () => {
    const { apiKey } = MERCHANT;
    const forms = [apiKey, encodeURIComponent(apiKey), base64(`${apiKey}:`), base64(apiKey)].flatMap((text) => [text, text.replace(/=+$/, '')]);
    const echoes: Readonly<Record<string, (behaviour: Behaviour) => Partial<Behaviour>>> = {
      'gives the Authorization header back in a header': ({ finished }) => ({
        finished: (reply, call) => {
          const done = finished(reply, call);
          return { ...done, headers: { ...done.headers, 'X-Debug': call.headers.authorization ?? '' } };
        },
      }),
      'gives it back in its refusals': ({ finished }) => ({
        finished: (reply, call) => {
          const done = finished(reply, call);
          return done.status < 400 ? done : { ...done, body: JSON.stringify({ status: 'error', got: call.headers.authorization ?? '', error_code: 'x' }) };
        },
      }),
      'gives the key itself back among the members of a customer': ({ members }) => ({
        members: (given, customer, call) => ({ ...members(given, customer, call), merchant_key: apiKey }),
      }),
      'writes it into a text that is no JSON': ({ finished }) => ({
        finished: (reply, call) => {
          const done = finished(reply, call);
          return done.status < 400 ? done : { ...done, headers: { 'Content-Type': 'text/html' }, body: `<p>bad key ${encodeURIComponent(apiKey)}</p>` };
        },
      }),
    };
    for (const [what, change] of Object.entries(echoes)) {
      it(`a target that ${what} fails, and the key is in nothing that the run gives out`, async () => {
        const watched = await runOf(change);
        assertSound(watched);
        const finding = watched.finding('privacy/key');
        expect([finding.verdict, watched.run.exitCode]).to.deep.equal(['fail', 1]);
        const out = `${JSON.stringify(watched.run)}\n${JSON.stringify(watched.exchanges)}`;
        for (const form of forms) expect(out.includes(form), `${form} in what the run gives out`).to.equal(false);
        expect(JSON.stringify(finding.counterexample)).to.include('${');
      });
    }

    it('is in no exchange of the credential rules either, in any form that was sent', async () => {
      const server = await serve(json(200, {}));
      const { exchanges } = await watch(server.url, { rules: ['credentials/*'] });
      const sent = server.received.flatMap((received) => headersOf(received, 'authorization'));
      await server.close();
      const shown = JSON.stringify(exchanges);
      expect(new Set(sent).size, 'different credentials').to.be.above(5);
      const secret = sent.map((value) => value.split(' ')[1] ?? '').filter((value) => Buffer.from(value, 'base64').toString().includes(apiKey.slice(0, 8)));
      expect(secret).to.have.length.above(3);
      for (const value of secret) expect(shown.includes(value), `${value} is shown`).to.equal(false);
    });
  });

  describe('the seed', () => {
    /** A request without what differs from run to run: the token, and references that are made of it. */
    const plain = ({ run, exchanges }: Watched): string[] =>
      exchanges
        .map(({ id, purpose, note, request }) => {
          const text = JSON.stringify({ id, purpose, note, request }).replaceAll(run.runToken, '<token>');
          return text
            .replaceAll(/cst_\w+/g, '<id>')
            .replaceAll(/(object_reference_id(?:=|\\":\\"))([^&\\"]*)/g, (_all, name: string, value: string) => `${name}<${String(value.length)}>`);
        })
        .sort();
    /** Answers after a time that has nothing to do with the request. */
    const whenever = ({ pause }: Behaviour): Partial<Behaviour> => ({ pause: async (call) => (await pause(call), wait((call.number * 7919) % 11)) });
    let first: Watched;
    before(async () => {
      first = await runOf(() => ({}));
    });

    it('the same gives the same requests but for the token of the run, whatever the order of the answers', async () => {
      const second = await runOf(whenever);
      expect(second.run.runToken).to.not.equal(first.run.runToken);
      const [ours, theirs] = [plain(first), plain(second)];
      expect(
        theirs.filter((request) => !ours.includes(request)),
        'requests of the second run alone',
      ).to.deep.equal([]);
      expect(
        ours.filter((request) => !theirs.includes(request)),
        'requests of the first run alone',
      ).to.deep.equal([]);
      expect(theirs).to.have.lengthOf(ours.length);
    });

    it('the same gives the same findings, whatever the order of the answers', async () => {
      // Which of several simultaneous creates wins is the target's choice, and so is how many answers had a token.
      const findings = ({ findings }: Run): unknown => findings.map(({ ruleId, verdict, requests, reading }) => ({ ruleId, verdict, requests, reading }));
      const second = await runOf(whenever);
      expect(findings(second.run)).to.deep.equal(findings(first.run));
    });

    it('the same gives the same counterexamples', async () => {
      const rules = ['first_name/charset', 'email_address/charset', 'object_reference_id/length', 'error/*'];
      const lax = ({ checks, ...behaviour }: Behaviour): Partial<Behaviour> => ({
        checks: { ...checks, first_name: () => true, object_reference_id: () => true },
        ...whenever({ checks, ...behaviour }),
      });
      const shown = ({ run }: Watched): unknown =>
        JSON.parse(
          JSON.stringify(run.findings.map(({ ruleId, verdict, reason, counterexample }) => ({ ruleId, verdict, reason, counterexample })))
            .replaceAll(/"(?:startedAt|durationMs)":[^,}]+/g, '"time":0')
            .replaceAll(/(object_reference_id(?:=|\\?":\\?"))[^&\\" ]*/g, '$1<reference>')
            .replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"|cst_\w+|tkn_\w+|:\d{5}\b|Date",\s*"[^"]*"|\d{4}-\d\d-\d\dT[\d:]*Z/g, '<chosen>')
            .replaceAll(/"Date","[^"]*"|"date","[^"]*"/gi, '"date"')
            .replaceAll(/[A-Za-z0-9]*<token>[A-Za-z0-9]*/g, '<reference>'),
        );
      const [one, other] = [await runOf(lax, { rules }), await runOf(lax, { rules })];
      expect(one.run.counts.fail).to.be.above(1);
      expect(shown(other)).to.deep.equal(shown(one));
    });

    it('another gives others', async () => {
      const other = await runOf(() => ({}), { seed: 8 });
      const [ours, theirs] = [new Set(plain(first)), plain(other)];
      expect(theirs.filter((request) => !ours.has(request))).to.have.length.above(50);
    });
  });
});
