import { expect } from 'chai';
import type { Exchange } from '../../contracts/finding.js';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { startReference } from '../../contracts/reference/server.js';
import { createSession } from '../create-customer/run.js';
import { serveBytes, wait } from './server.spec-help.js';
import { accusations, assertSound, changed, configOf, IDS, QUICK, runOf, watch, type Watched } from './target.spec-help.js';

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
      const long = idsCreated.filter((id) => id.replace('@example.com', '').length >= 12 && !/\d{8}/.test(id));
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
    const watched = await runOf(change, { rules: QUICK });
    assertSound(watched, QUICK);
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
          rules: QUICK,
          signal: interruption.signal,
          onProgress: ({ requestsSent }) => void (requestsSent >= after && interruption.abort()),
        });
        await target.close();
        assertSound(watched, QUICK);
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
        const watched = await runOf(({ beforehand }) => ({ beforehand: (...call) => ((arrived += 1), beforehand(...call)) }), { maxRequests, rules: QUICK });
        assertSound(watched, QUICK);
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
      const watched = await runOf(acceptsAll, { maxRequests: 200, rules: QUICK });
      assertSound(watched, QUICK);
      expect(arrived).to.be.within(100, 200);
      expect(watched.run.counts.fail).to.be.above(3);
    });
  });
});
