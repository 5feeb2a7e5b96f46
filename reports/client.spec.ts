import { expect } from 'chai';
import type { Client, Finding, Run } from '../contracts/finding.js';
import { clientConclusion } from './client.js';
import { exchange, fixtureRun } from './fixture.js';
import { renderJunit } from './junit.js';
import { renderTerminal } from './terminal.js';
import { WIDTH } from './text.js';

const CLIENT: Client = {
  command: ['npm', 'run', 'create it'],
  exitCode: 0,
  timedOut: false,
  durationMs: 12,
  notes: ['1 of 2 requests was answered by the script'],
};

const offence = (n: number) => ({
  exchange: { ...exchange(`client#${String(n)}`, 'first_name=a+b', undefined), n, note: `first_name = "a b", n = ${String(n)} \u001b[31m` },
  part: 'first_name',
  value: 'a b',
  expected: 'letters',
  got: 'a blank in it',
});

function clientRun(more: Partial<Run> = {}): Run {
  const [example] = fixtureRun().findings.filter(({ ruleId }) => ruleId === 'first_name/charset');
  const failing: Finding = { ...(example ?? expect.fail()), expected: 'letters', got: 'a blank in it', offences: [1, 2, 3, 4, 5].map(offence) };
  const open: Finding = {
    ...failing,
    ruleId: 'encoding/unknown-fields',
    level: 'open',
    verdict: 'observed',
    reading: { 'tier: a field of its own': 'sent in 1 request' },
  };
  const { expected: _e, got: _g, ...observed } = open;
  return fixtureRun({ client: CLIENT, findings: [failing, observed], ...more });
}

describe('the report of a client', () => {
  it('names the client, shows the first requests at fault with the lines of the page, and how to run it again', () => {
    const text = renderTerminal(clientRun());
    expect(text).to.match(/^the client npm run create it\n/);
    expect(text).to.match(/line +22 of the page/);
    expect(text).to.match(/requests +1 {2}POST \/customers {2}first_name = "a b", n = 1 \\u001b\[31m/);
    expect(text).to.include('and 2 more, in report.json').and.not.to.include('n = 4');
    expect(renderTerminal(clientRun(), { verbose: true })).to.include('n = 5');
    expect(text).to.include("again     conform client -- npm run 'create it'");
    expect(text).to.not.include('seed');
    expect(renderJunit(clientRun())).to.include('<testsuites name="the client npm run create it"');
  });

  it('shows what the page leaves open, and the notes', () => {
    const text = renderTerminal(clientRun());
    expect(text).to.include('encoding/unknown-fields   tier: a field of its own (sent in 1 request)');
    expect(text).to.include('1 of 2 requests was answered by the script');
  });

  it('has one table of answers × what the client did, no line of it wider than the report', () => {
    const row = (answer: string, verdict: 'pass' | 'fail' | 'skipped', did: string) =>
      ({ answer, means: '', expects: 'ok', verdict, ended: verdict === 'skipped' ? '' : 'exit 0', did, creates: 2, durationMs: 1234 }) as const;
    const explored = [
      row('created', 'pass', 'went on as it should'),
      row('cut-off', 'fail', 'storm: '.repeat(20).trim()),
      row('created-with-token', 'skipped', 'it does not ask'),
    ];
    const text = renderTerminal(clientRun({ findings: [], client: { ...CLIENT, explored } }));
    expect(text).to.match(/^answers × what the client did$/m);
    expect(text).to.match(/^pass +created +ok +exit 0 +2 +1\.2 s +went on as it should$/m);
    expect(text).to.match(/^skipped +created-with-token +ok +it does not ask$/m);
    for (const line of text.split('\n')) expect([...line].length, line).to.be.at.most(WIDTH);
  });

  it('says in a sentence what came of it', () => {
    const said = (more: Partial<Run>): string => clientConclusion(clientRun(more));
    expect(said({ exitCode: 1 })).to.equal('The client departs from what is asked of it in 1 point.');
    expect(said({ exitCode: 2, status: 'blocked', blockedBy: 'Nothing was sent.' })).to.equal('Nothing could be judged: Nothing was sent.');
    expect(said({ exitCode: 3 })).to.match(/^The script was not used/);
    expect(said({ exitCode: 0 })).to.equal('Every request keeps what the page asks.');
    expect(said({ exitCode: 0, client: { ...CLIENT, explored: [] } })).to.equal('The client goes on as it should with every answer.');
    expect(said({ exitCode: 130, status: 'interrupted' })).to.match(/^Interrupted/);
  });
});
