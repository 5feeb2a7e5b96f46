/** A run of a client under test, made up by hand: requests at fault, an open point, answers explored. For specs and goldens only. */
import type { Explored, Finding, Offence, Run } from '../contracts/finding.js';
import { exchange, fixtureRun } from './fixture.js';

const offence = (n: number, value: string | null, got: string): Offence => ({
  exchange: { ...exchange(`client#${String(n)}`, 'first_name=a+b', undefined), n, note: `first_name = ${JSON.stringify(value)}` },
  part: 'first_name',
  value,
  expected: 'letters, digits and ( ) . - _',
  got,
});

const explored = (answer: string, verdict: Explored['verdict'], did: string): Explored => ({
  answer,
  means: `what ${answer} is`,
  expects: 'error',
  verdict,
  ended: verdict === 'skipped' ? '' : 'exit 1',
  did,
  creates: 2,
  durationMs: 1234,
});

/** The run; a part of it may be replaced. */
export function fixtureClientRun(replace: Partial<Run> = {}): Run {
  const [charset, form] = ['first_name/charset', 'credentials/form'].map((id) => fixtureRun().findings.find(({ ruleId }) => ruleId === id));
  if (charset === undefined || form === undefined) throw new Error('the fixture has no such finding');
  const { counterexample: _counterexample, expected: _expected, ...bare } = charset;
  const findings: Finding[] = [
    {
      ...charset,
      title: 'first_name has the documented characters',
      reason: '3 of 4 requests depart from it',
      got: 'a blank in it',
      offences: [offence(1, 'a b', 'a blank in it'), offence(2, 'a\u0000\u202e|`<b>', 'NUL and 4 more in it'), offence(4, null, 'it is not there')],
    },
    form,
    {
      ...bare,
      ruleId: 'encoding/unknown-fields',
      level: 'open',
      verdict: 'observed',
      title: 'fields that the page does not have',
      reason: 'left open',
      reading: { 'tier: a field of its own': 'sent in 1 request' },
    },
  ];
  return fixtureRun({
    client: {
      command: ['npm', 'run', 'create it'],
      exitCode: 1,
      timedOut: false,
      durationMs: 812,
      notes: ['1 of 4 requests was answered by the script'],
      explored: [
        explored('created', 'pass', 'went on as it should'),
        explored('cut-off', 'fail', 'sent the same create 9 times'),
        explored('slow', 'skipped', 'it never waits'),
      ],
    },
    findings,
    requestsSent: 4,
    idsCreated: [],
    ...replace,
  });
}
