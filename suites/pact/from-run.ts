/**
 * The contract of a real target, recorded behind a run of the checks: of the named examples one for each rule and
 * reading is sent, and those are written whose rules all held in the run and whose own answer is as it should be.
 * What is written depends on the target alone: not on the seed, the time, or the order of answers.
 */
import type { Finding, Run } from '../../contracts/finding.js';
import { examplesOf, OPEN_EXAMPLES, type Example, type ExpectedAnswer, type OpenExample } from '../../contracts/interactions.js';
import { SendingEnded } from '../kit/pacing.js';
import { attempt, unmet } from './attempt.js';
import { Channel, type TargetOptions } from './channel.js';
import { rulesOf } from './interaction.js';
import { CONSUMER, pactText, PROVIDER, type Names } from './recorder.js';
import { StateError } from './states.js';

/** An example that is not in the contract, and why. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

export interface RunRecording {
  /** The text of the pact; undefined where nothing held. */
  readonly text: string | undefined;
  readonly interactions: number;
  readonly leftOut: readonly LeftOut[];
  readonly requestsSent: number;
  readonly idsCreated: readonly string[];
}

interface Candidate {
  readonly example: Example;
  readonly findings: readonly Finding[];
}

/** Sends the examples and gives the contract. Rejects for nothing that the target does. */
export async function recordRun(run: Run, target: TargetOptions, { consumer = CONSUMER, provider = PROVIDER }: Partial<Names> = {}): Promise<RunRecording> {
  const leftOut: LeftOut[] = [];
  const channel = new Channel(target);
  const kept: Example[] = [];
  try {
    for (const { example } of candidates(run, leftOut)) {
      const reason = await whyNot(channel, example);
      if (reason === undefined) kept.push(example);
      else leftOut.push({ id: example.id, reason });
    }
    return {
      text: kept.length === 0 ? undefined : await pactText(kept, { consumer, provider }, 'conform run --pact'),
      interactions: kept.length,
      leftOut,
      requestsSent: channel.sent,
      idsCreated: [...channel.created],
    };
  } finally {
    channel.close();
  }
}

/** The examples whose rules all held, the first for each rule and reading. */
function candidates(run: Run, leftOut: LeftOut[]): Candidate[] {
  const findings = new Map(run.findings.map((finding) => [finding.ruleId, finding]));
  const seen = new Set<string>();
  const first = (key: string): boolean => !seen.has(key) && seen.add(key).has(key);
  const certain = examplesOf('create').flatMap((example): Candidate[] => {
    const held = rulesOf(example).map((rule) => findings.get(rule));
    const not = rulesOf(example).find((rule) => findings.get(rule)?.verdict !== 'pass');
    if (not !== undefined) {
      leftOut.push({ id: example.id, reason: `${not} is ${findings.get(not)?.verdict ?? 'not in the run'}` });
      return [];
    }
    const key = `${example.rules.join()} ${example.answer.status === 200 ? 'accepted' : 'refused'} ${example.answer.without?.member ?? ''}`;
    return first(key) ? [{ example, findings: held.filter((finding) => finding !== undefined) }] : [];
  });
  const open = OPEN_EXAMPLES.flatMap((example): Candidate[] => {
    const finding = findings.get(example.rules[0]);
    const reading = finding?.verdict === 'observed' ? finding.reading?.[example.case] : undefined;
    const answer = reading === undefined ? undefined : answerOf(example, reading);
    if (finding === undefined || answer === undefined || !first(`${example.rules[0]} ${reading ?? ''}`)) return [];
    return [{ example: withReading(example, reading ?? '', answer), findings: [finding] }];
  });
  return [...certain, ...open];
}

function answerOf({ answers }: OpenExample, reading: string): ExpectedAnswer | undefined {
  if (reading === 'refused') return answers.refused;
  return reading.startsWith('accepted') ? answers.accepted : undefined;
}

function withReading({ answers: _, case: __, ...example }: OpenExample, reading: string, answer: ExpectedAnswer): Example {
  return { ...example, description: `${example.description} (${reading})`, level: 'must', answer };
}

/** Why the example is not of the contract; undefined where it is. */
async function whyNot(channel: Channel, example: Example): Promise<string | undefined> {
  try {
    const problems = unmet(example, example.answer, await attempt(channel, example));
    return problems.length === 0 ? undefined : problems.map(({ text }) => text).join('; ');
  } catch (error) {
    if (error instanceof StateError || error instanceof SendingEnded) return error.message;
    throw error;
  }
}
