import { expect } from 'chai';
import type { Run } from '../../contracts/finding.js';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { MERCHANT } from '../../contracts/reference/server.js';
import { headersOf, serve, wait } from './server.spec-help.js';
import { assertSound, QUICK, runOf, watch, type Watched } from './target.spec-help.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('run', function () {
  this.timeout(30_000);

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
        const watched = await runOf(change, { rules: QUICK });
        assertSound(watched, QUICK);
        const finding = watched.finding('privacy/key');
        expect([finding.verdict, watched.run.exitCode]).to.deep.equal(['fail', 1]);
        const out = `${JSON.stringify(watched.run)}\n${JSON.stringify(watched.exchanges)}`;
        for (const form of forms) expect(out.includes(form), `${form} in what the run gives out`).to.equal(false);
        expect(JSON.stringify(finding.counterexample)).to.include('${');
      });
    }

    it('is in no exchange of the credential rules either, in any form that was sent', async () => {
      const server = await serve((response) => void response.setHeader('Content-Type', 'application/json').end('{}'));
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
    /** A request without what differs from run to run: the token, references that are made of it, and ids that the target gave. */
    const plain = ({ run, exchanges }: Watched): string[] =>
      exchanges
        .map(({ id, purpose, note, request }) => {
          const { encoding, text } = request.body;
          const body = encoding === 'utf-8' ? text : Buffer.from(text, 'base64').toString('latin1');
          return JSON.stringify({ id, purpose, note, request: { ...request, body } })
            .replaceAll(/(object_reference_id(?:=|\\":\\"))([^&\\"]*)/g, (_all, name: string, value: string) => `${name}<${String(value.length)}>`)
            .replaceAll(run.runToken, '<token>')
            .replaceAll(/cst_\w+/g, '<id>');
        })
        .sort();
    /** Answers after a time that has nothing to do with the request. */
    const whenever = ({ pause }: Behaviour): Partial<Behaviour> => ({ pause: async (call) => (await pause(call), wait((call.number * 7919) % 11)) });
    let first: Watched;
    before(async () => {
      first = await runOf(() => ({}), { rules: QUICK });
    });

    it('the same gives the same requests but for the token of the run, whatever the order of the answers', async () => {
      const second = await runOf(whenever, { rules: QUICK });
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
      const second = await runOf(whenever, { rules: QUICK });
      expect(findings(second.run)).to.deep.equal(findings(first.run));
    });

    it('the same gives the same counterexamples', async () => {
      const rules = ['first_name/charset', 'email_address/charset', 'object_reference_id/length', 'error/*'];
      const lax = ({ checks, ...behaviour }: Behaviour): Partial<Behaviour> => ({
        checks: { ...checks, first_name: () => true, object_reference_id: () => true },
        ...whenever({ checks, ...behaviour }),
      });
      const shown = ({ run }: Watched): unknown =>
        run.findings.map(({ ruleId, verdict, reason, counterexample }) => {
          const { part, value = '', controlValue, path, shrunk } = counterexample ?? {};
          const isReference = part === 'object_reference_id';
          return {
            ruleId,
            verdict,
            reason,
            part,
            path,
            shrunk,
            value: isReference ? value?.length : value,
            control: isReference ? controlValue?.length : controlValue,
          };
        });
      const [one, other] = [await runOf(lax, { rules }), await runOf(lax, { rules })];
      expect(one.run.counts.fail).to.be.above(1);
      expect(shown(other)).to.deep.equal(shown(one));
    });

    it('another gives others', async () => {
      const other = await runOf(() => ({}), { seed: 8, rules: QUICK });
      const [ours, theirs] = [new Set(plain(first)), plain(other)];
      expect(theirs.filter((request) => !ours.has(request))).to.have.length.above(50);
    });
  });
});
