import { expect } from 'chai';
import { ANSWERS, answerNamed, type Answer } from './answers.js';
import { explorations, judgeTrial, notApplicable, skippedRow, unfit, type Trial } from './explore.js';
import { listen, type Listening } from './listen.js';
import type { Ended } from './run.js';
import { parseScript } from './script.js';
import { ask, form } from './sender.spec-help.js';

const ended = (more: Partial<Ended> = {}): Ended => ({ command: ['client'], exitCode: 0, timedOut: false, timeoutMs: 1000, durationMs: 10, ...more });
const failed = ended({ exitCode: 1 });
const answer = (name: string): Answer => answerNamed(name) ?? expect.fail(name);
const exploration = (name: string) => explorations([answer(name)], undefined, 1000)[0] ?? expect.fail();

/** A client that does this, with every create answered so. */
async function trial(name: string, use: (listening: Listening) => Promise<void>, end: Ended): Promise<Trial> {
  const listening = await listen();
  listening.script(exploration(name).plan);
  await use(listening);
  await listening.settle(1000);
  await listening.close();
  return { listening, ended: end };
}

const once = async (listening: Listening): Promise<void> => void (await ask(listening).catch(() => undefined));
const times =
  (count: number, pauseMs = 0, body?: string) =>
  async (listening: Listening): Promise<void> => {
    for (let done = 0; done < count; done++) {
      if (done > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      await ask(listening, body === undefined ? {} : { body }).catch(() => undefined);
    }
  };

/** A client that makes everything anew whenever it tries again. */
const anew = async (listening: Listening): Promise<void> => {
  for (const name of ['Ana', 'Bia']) await ask(listening, { body: form({ first_name: name }) }).catch(() => undefined);
};

async function did(name: string, use: (listening: Listening) => Promise<void>, end: Ended): Promise<[verdict: string, did: string]> {
  const control = await trial('created', once, ended());
  const { row, finding } = judgeTrial(exploration(name), await trial(name, use, end), control);
  expect(finding).to.include({ ruleId: `client/answer-${name}`, verdict: row.verdict });
  return [row.verdict, row.did];
}

describe('exploring', () => {
  it('a client that ends as it should passes', async () => {
    expect(await did('created-other-order', once, ended())).to.deep.equal(['pass', 'went on as it should']);
    expect(await did('duplicate', once, failed)).to.deep.equal(['pass', 'went on as it should']);
  });

  it('a client that takes a refusal for a success is found, and one that fails on a success', async () => {
    expect(await did('html', once, ended())).to.deep.equal(['fail', 'went on as if the customer had been created (exit 0)']);
    expect(await did('created-unsent-absent', once, failed)).to.deep.equal(['fail', 'failed although the customer was created (exit 1)']);
  });

  it('a client that hangs or is killed is found', async () => {
    expect(await did('server-error', once, ended({ timedOut: true, signal: 'SIGTERM' }))).to.deep.equal(['fail', 'hung: still running after 1000 ms']);
    const { exitCode: _, ...killed } = ended({ signal: 'SIGSEGV' });
    expect(await did('server-error', once, killed)).to.deep.equal(['fail', 'killed by SIGSEGV']);
  });

  it('a few tries are no storm, more are', async () => {
    expect(await did('server-error', times(4), failed)).to.deep.equal(['pass', 'sent the create 4 times, and went on as it should']);
    expect(await did('server-error', times(6), failed)).to.deep.equal(['fail', 'storm: the same create 6 times']);
  });

  it('a client that does not wait as long as Retry-After says is found', async () => {
    expect(await did('throttled', times(2), failed)).to.deep.equal(['fail', 'sent again sooner than Retry-After says']);
    expect((await did('throttled', times(2, 1000), failed))[0]).to.equal('pass');
  });

  it('a client that sends again what was refused is warned', async () => {
    expect(await did('invalid-field', times(2), failed)).to.deep.equal(['warn', 'sent again although it had been refused (400 (invalid-field))']);
  });

  it('a client that creates the customer twice is found, and one that asks again with the same reference is not', async () => {
    expect((await did('reset-after-create', times(2), failed))[1]).to.match(/^created the customer twice/);
    expect((await did('reset', times(2), failed))[0]).to.equal('pass');
    expect((await did('reset-after-create', times(2, 0, form()), failed))[1]).not.to.match(/twice/);
  });

  it('a client that creates the customer twice with everything new is found, where it makes one create otherwise', async () => {
    expect((await did('cut-off', anew, failed))[1]).to.match(/^created the customer twice/);
    const control = await trial('created', anew, ended());
    expect(judgeTrial(exploration('cut-off'), await trial('cut-off', anew, failed), control).row.verdict).to.equal('pass');
  });

  it('a refusal that the client never got is no refusal to it', async () => {
    const body = form();
    expect(await did('reset-after-create', times(2, 0, body), failed)).to.deep.equal(['pass', 'sent the create 2 times, and went on as it should']);
  });

  it('a finding shows the last create, and those before it', async () => {
    const control = await trial('created', once, ended());
    const { finding } = judgeTrial(exploration('html'), await trial('html', times(2), ended()), control);
    expect(finding.counterexample?.before?.map(({ n }) => n)).to.deep.equal([1]);
    expect(finding.got).to.equal('went on as if the customer had been created (exit 0)');
  });

  it('a run in which no create got the answer, or that was interrupted, proves nothing', async () => {
    const elsewhere = async (listening: Listening): Promise<void> => {
      listening.script({ steps: [] });
      await once(listening);
    };
    expect(await did('duplicate', elsewhere, ended())).to.deep.equal(['blocked', 'none of its creates got this answer']);
    expect(await did('duplicate', () => Promise.resolve(), failed)).to.deep.equal(['blocked', 'it sent no create this time']);
    expect(await did('duplicate', once, ended({ signal: 'SIGTERM', interrupted: true }))).to.deep.equal(['blocked', 'it was interrupted']);
  });

  it('a client that posts to /v2/customers gets the answers where these are creates', async () => {
    const listening = await listen({ variants: ['v2-path'] });
    listening.script(exploration('duplicate').plan);
    expect((await ask(listening, { path: '/v2/customers' })).status).to.equal(400);
    await listening.close();
  });

  it('a client that writes its key is found', async () => {
    expect(await did('created', once, ended({ keyInOutput: 'the API key is in stdout' }))).to.deep.equal(['fail', 'the API key is in stdout']);
  });

  it('a client that makes several customers alike does not retry', async () => {
    const control = await trial('created', times(6), ended());
    const { row } = judgeTrial(exploration('created-extra-members'), await trial('created-extra-members', times(6), ended()), control);
    expect(row).to.include({ verdict: 'pass', creates: 6 });
  });

  it('takes what the script declares for an answer', () => {
    const script = parseScript('{ withinMs: 700, answers: [{ answer: duplicate, expects: ok }, { answer: throttled, withinMs: 50 }] }');
    const of = (name: string) => explorations(ANSWERS, script, 1000).find((each) => each.answer.name === name);
    expect(of('duplicate')).to.include({ expects: 'ok', withinMs: 700 });
    expect(of('throttled')).to.include({ expects: 'error', withinMs: 50 });
    expect(of('created')).to.include({ expects: 'ok', withinMs: 700 });
  });

  it('leaves out answers about the token that would contradict what the client asks for', async () => {
    const without = await trial('created', once, ended());
    const asks = await trial('created', async (listening) => void (await ask(listening, { body: form({ 'options.get_client_auth_token': 'true' }) })), ended());
    expect(notApplicable(answer('created-with-token'), without)).to.equal('the client does not ask for the token');
    expect(notApplicable(answer('created-with-token'), asks)).to.equal(undefined);
    expect(notApplicable(answer('created-without-token'), asks)).to.equal('the client asks for the token');
    expect(skippedRow(exploration('created-with-token'), 'why').row).to.include({ verdict: 'skipped', did: 'why' });
  });

  it('proves nothing with a client that does not work with honest answers', async () => {
    expect(unfit(await trial('created', () => Promise.resolve(), ended()))).to.match(/sends no create/);
    expect(unfit(await trial('duplicate', once, failed))).to.match(/none of its creates is accepted/);
    expect(unfit(await trial('created', once, failed))).to.match(/does not succeed \(exit 1\)/);
    expect(unfit(await trial('created', once, ended()))).to.equal(undefined);
  });
});
