/** Procedures about creates at the same moment: raced for one reference, and each about its own request. */
import { memberAt } from '../../contracts/json.js';
import { ECHOED_FIELDS } from '../../contracts/model.js';
import type { Procedure } from '../kit/sequence-check.js';
import type { Intent, Observation } from '../kit/observation.js';
import { blocked, HOLDS, type RoundResult, type Steps } from '../kit/steps.js';

const ALONE: RoundResult = { outcome: 'skipped', reason: 'creates cannot be simultaneous with a concurrency of 1' };

/**
 * Creates of good customers at the same moment: as many as the pace allows, fewer where every request counts.
 * @returns their answers; none where only one may go out at a time
 */
async function createTogether(steps: Steps, what: string, reference: () => string, more: Partial<Intent> = {}): Promise<readonly Observation[]> {
  const { config, pacing } = steps.context;
  const count = Math.min(config.budget === 'smoke' ? 4 : 8, pacing.concurrency);
  if (count < 2) return [];
  const bases = await Promise.all(Array.from({ length: count }, (_, index) => steps.base(index)));
  return steps.sendTogether(
    bases.map((base) => ({
      draft: steps.controls.draft(base, reference()),
      note: `one of ${count} ${what} at the same moment`,
      more: { create: true, good: true, ...more },
    })),
  );
}

export const race: Procedure = {
  rounds: { smoke: 2, standard: 8, deep: 64 },
  cost: { smoke: 4, standard: 8, deep: 8 },
  rank: 1.5,
  pace: 3,
  proven: true,
  async run(steps) {
    const reference = steps.reference();
    const answers = await createTogether(steps, 'creates', () => reference, { own: [reference] });
    if (answers.length === 0) return ALONE;
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted');
    const second = accepted[1];
    if (second !== undefined) {
      return {
        outcome: 'broken',
        observation: second,
        expected: `one accepted create of ${answers.length} at the same moment with one reference`,
        got: `${accepted.length} were accepted`,
        reason: 'a race for one object_reference_id was won more than once',
      };
    }
    const none = answers[0];
    if (accepted.length === 0 && none !== undefined && answers.every(({ outcome }) => outcome === 'refused')) {
      return {
        outcome: 'broken',
        observation: none,
        expected: 'one accepted create',
        got: 'all were refused',
        reason: 'a race for a free object_reference_id was won by nobody',
      };
    }
    return accepted.length === 1 ? HOLDS : blocked('too many of the creates got no usable answer');
  },
};

export const ownRequest: Procedure = {
  rounds: { smoke: 1, standard: 6, deep: 40 },
  cost: { smoke: 4, standard: 8, deep: 8 },
  rank: 1.2,
  pace: 3,
  proven: true,
  async run(steps) {
    const answers = await createTogether(steps, 'creates of different customers', () => steps.reference());
    if (answers.length === 0) return ALONE;
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted');
    for (const answer of accepted) {
      // Country codes are so few that any may be another's.
      for (const field of ECHOED_FIELDS.filter((each) => each !== 'mobile_country_code')) {
        const sent = answer.draft.fields.find(([name]) => name === field)?.[1];
        const got = memberAt(answer.json.value, field);
        const whose = answers.find(
          (other) => other !== answer && other.draft.fields.some(([name, value]) => name === field && value === got && value !== sent),
        );
        if (whose !== undefined && typeof got === 'string') {
          return {
            outcome: 'broken',
            observation: answer,
            expected: `${field} = ${JSON.stringify(sent)}`,
            got: `${field} = ${JSON.stringify(got)}, which another request sent`,
            reason: 'a response has a value of another request',
          };
        }
      }
    }
    const refused = answers.find(({ outcome }) => outcome === 'refused');
    if (refused !== undefined && accepted.length > 0) {
      return {
        outcome: 'broken',
        observation: refused,
        expected: '200: each of them is a customer of its own',
        reason: 'a good request was refused among simultaneous ones',
      };
    }
    return accepted.length > 0 ? HOLDS : blocked('none of the creates was accepted');
  },
};
