/** The first thing that a page says: whether the target conforms, in a sentence. */
import { countVerdicts, type Finding, type Run } from '../../contracts/finding.js';
import { plural } from '../text.js';
import { isContradiction } from '../words.js';

export interface Answer {
  readonly tone: 'good' | 'bad' | 'unknown';
  readonly sign: string;
  readonly sentence: string;
}

const good = (sentence: string): Answer => ({ tone: 'good', sign: '✓', sentence });
const bad = (sentence: string): Answer => ({ tone: 'bad', sign: '✕', sentence });
const unknown = (sentence: string): Answer => ({ tone: 'unknown', sign: '?', sentence });

/** Whether a finding counts against the target: the baseline does not accept it, and the run does not let it pass. */
export function isBroken({ failOn }: Pick<Run, 'failOn'>, finding: Finding): boolean {
  const { verdict, accepted } = finding;
  return accepted === undefined && (verdict === 'fail' || verdict === 'flaky' || isContradiction(finding) || (verdict === 'warn' && failOn === 'should'));
}

export function answerOf(run: Run): Answer {
  const { client, status, findings, exitCode, baseline } = run;
  const broken = findings.filter((finding) => isBroken(run, finding)).length;
  const { warn, blocked, pass, observed } = countVerdicts(findings.filter(({ accepted }) => accepted === undefined));
  const accepted = findings.filter((finding) => finding.accepted !== undefined).length;
  const lines = (baseline?.stale.length ?? 0) + (baseline?.expired.length ?? 0);
  const exceptions = [
    ...(accepted > 0 ? [plural(accepted, 'accepted departure')] : []),
    ...(warn > 0 ? [plural(warn, 'recommendation')] : []),
    ...(blocked > 0 ? [`${plural(blocked, 'rule')} that could not be checked`] : []),
  ];
  const but = exceptions.length === 0 ? '' : `, but for ${[exceptions.slice(0, -1).join(', '), exceptions.at(-1)].filter((part) => part !== '').join(' and ')}`;
  const subject = client === undefined ? 'The target' : 'The client';

  if (status === 'blocked') return unknown(client === undefined ? 'Nothing could be checked, so nothing is known of the target.' : 'Nothing could be judged.');
  if (broken > 0) return bad(`${subject} does not conform: ${plural(broken, 'rule is', 'rules are')} broken.`);
  if (status === 'interrupted') return unknown('Interrupted before everything was checked. Nothing was broken until then.');
  if (lines > 0) return bad(`${plural(lines, 'line')} of the baseline ${lines === 1 ? 'has' : 'have'} to be looked at again.`);
  if (client !== undefined && exitCode === 1) return bad('The client did not end as it should.');
  if (pass + warn + observed === 0) return unknown('Nothing was checked.');
  if (client !== undefined && exitCode !== 0) return unknown('The script was not used as it is written, so nothing is proved.');
  if (blocked > 0) return unknown(`Nothing is broken${but}.`);
  return good(
    client === undefined
      ? `The target conforms: every rule that was checked holds${but}.`
      : `The client conforms: every request keeps what the page asks${but}.`,
  );
}
