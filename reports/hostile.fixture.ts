/** Runs with text in them that formats stumble over, for the property tests of every format. For specs only. */
import fc from 'fast-check';
import type { Finding, Run } from '../contracts/finding.js';
import { fixtureRun } from './fixture.js';
import { fixtureClientRun } from './client.fixture.js';

/** What one format or another takes for its own: ends of CDATA and of blocks, commands, tables, links, line breaks, escapes. */
const PIECES = [
  ']]>', '\u0000', '\ud800', '\udfff', '\n', '\r\n', '\u2028', '\u0085', '\u001b[31m', '\ufffe', '\u202e', '<b>', '</details>', '<!--', '-->', '&amp;', '"', "'",
  '`', '```', '~~~', '|', '\\', '\\|', '#', ' # SKIP', ' # TODO', '---', '...', '  ---', 'not ok 1', 'ok 1', '1..0', 'Bail out!', '::error::', '::stop-commands::x', '##[error]',
  '%0A', '%', ',', ':', '{0}', '{', '}', '[a](b)', '](', '![x](http://h.example)', '*', '_', '@octocat', 'http://h.example', '😀', 'é', '\t', ' ', '=', '- ', '> ', '1. ',
]; // prettier-ignore

/** A text made of such pieces and of any other characters. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''));

/** The run with the text wherever a target, a client or a plugin of either could have put it. */
function withText(run: Run, text: string): Run {
  const findings = run.findings.map((finding): Finding => {
    const { counterexample, offences } = finding;
    return {
      ...finding,
      title: text,
      reason: text,
      got: text,
      ...(finding.expected === undefined ? {} : { expected: text }),
      ...(finding.reading === undefined ? {} : { reading: { [text]: text } }),
      ...(counterexample === undefined ? {} : { counterexample: { ...counterexample, value: text, part: text, curl: text } }),
      ...(offences === undefined ? {} : { offences: offences.map((offence) => ({ ...offence, part: text, value: text, got: text, expected: text })) }),
    };
  });
  return {
    ...run,
    target: { ...run.target, merchantId: text },
    findings,
    ...(run.client === undefined ? {} : { client: { ...run.client, command: [text], notes: [text] } }),
  };
}

/** Runs against a target and runs of a client, complete and not. */
export const hostileRun: fc.Arbitrary<Run> = fc
  .tuple(
    hostileText,
    fc.boolean(),
    fc.constantFrom('must' as const, 'should' as const),
    fc.constantFrom('complete' as const, 'interrupted' as const, 'blocked' as const),
  )
  .map(([text, isClient, failOn, status]) => ({
    ...withText(isClient ? fixtureClientRun() : fixtureRun(), text),
    failOn,
    status,
    ...(status === 'blocked' ? { blockedBy: text } : {}),
  }));
