/** Procedures about the credential: judged at every request, before the body, and refused without a trace. */
import type { CredentialForm } from '../../contracts/model.js';
import { fieldsNamed } from '../../contracts/named-fields.js';
import { withField } from '../kit/draft.js';
import type { Procedure } from '../kit/sequence-check.js';
import { blocked, HOLDS, notAccepted } from '../kit/steps.js';

const REFUSED = { good: false, offence: 'credential', family: 'headers' } as const;

export const everyRequest: Procedure = {
  phase: 'credentials',
  rounds: { smoke: 1, standard: 1, deep: 2 },
  cost: 4,
  rank: 1,
  async run(steps) {
    const agent = steps.context.ownConnection(true);
    try {
      const credential: CredentialForm = steps.round === 0 ? 'absent' : 'other-key';
      const good = await steps.create(steps.reference(), 'a good request', { draft: { agent } });
      if (good.outcome !== 'accepted') return notAccepted(good, 'a good request');
      const bad = await steps.create(steps.reference(), 'without the key, on the same connection', { draft: { agent, credential }, more: REFUSED });
      const alone = await steps.create(steps.reference(), 'without the key, on a connection of its own', {
        draft: { agent: steps.context.ownConnection(false), credential },
        more: REFUSED,
      });
      if (bad.outcome === 'accepted' && alone.outcome === 'refused') {
        return {
          outcome: 'broken',
          observation: bad,
          expected: '401: each request has to bring the key',
          reason: 'a request without the key was accepted behind a good one',
        };
      }
      const again = await steps.create(steps.reference(), 'a good request, on the same connection', { draft: { agent } });
      if (again.outcome !== 'refused') return again.outcome === 'accepted' ? HOLDS : blocked('a good request got no usable answer');
      const elsewhere = await steps.create(steps.reference(), 'a good request, on a connection of its own', {
        draft: { agent: steps.context.ownConnection(false) },
      });
      if (elsewhere.outcome !== 'accepted') return blocked('good requests are refused behind wrong credentials: the account may be locked');
      return {
        outcome: 'broken',
        observation: again,
        expected: '200: the refusal before it was about another request',
        reason: 'a good request was refused behind a bad one on the same connection',
      };
    } finally {
      agent.destroy();
    }
  },
};

export const beforeBody: Procedure = {
  phase: 'credentials',
  rounds: { smoke: 1, standard: 1, deep: 2 },
  cost: 5,
  rank: 1.2,
  async run(steps) {
    const credential: CredentialForm = steps.round === 0 ? 'other-key' : 'absent';
    const plain = await steps.create(steps.reference(), 'a wrong key with a good body', { draft: { credential }, more: REFUSED });
    if (plain.outcome !== 'refused') return blocked('a wrong key with a good body was not refused');
    const safe = { ...steps.controls.draft(await steps.base(), steps.reference()), credential };
    const taken = await steps.create(steps.reference(), 'a customer');
    const takenDraft = { ...safe, fields: taken.draft.fields };
    for (const [draft, note] of [
      [withField(safe, 'mobile_number', null), 'a wrong key with a field missing'],
      [withField(safe, 'first_name', 'a b'), 'a wrong key with an invalid field'],
      [takenDraft, 'a wrong key with a reference that is taken'],
    ] as const) {
      const bad = await steps.send(draft, note, { create: true, ...REFUSED });
      if (bad.outcome === 'broken') return blocked('a request got no usable answer');
      const named = fieldsNamed(bad.json.value, []);
      if (bad.response?.status === plain.response?.status && (named.length === 0 || fieldsNamed(plain.json.value, []).length > 0)) continue;
      const what = named.length === 0 ? '' : `, naming ${named.join(', ')}`;
      return {
        outcome: 'broken',
        observation: bad,
        expected: `${plain.response?.status ?? 401}, as with a good body`,
        got: `status ${bad.response?.status ?? 'none'}${what}`,
        reason: 'a wrong key with a bad body is answered as a bad body',
      };
    }
    return HOLDS;
  },
};

export const storesNothing: Procedure = {
  phase: 'credentials',
  rounds: { smoke: 1, standard: 1, deep: 2 },
  cost: 2,
  rank: 1.4,
  async run(steps) {
    const credential: CredentialForm = steps.round === 0 ? 'other-key' : 'absent';
    const reference = steps.reference();
    const refused = await steps.create(reference, 'with a wrong key', { draft: { credential }, more: REFUSED });
    if (refused.outcome !== 'refused') return blocked('a wrong key was not refused');
    const again = await steps.create(reference, 'the same reference with the right key');
    if (again.outcome === 'accepted') return HOLDS;
    if (again.outcome !== 'refused') return blocked('the good request got no usable answer');
    const fresh = await steps.create(steps.reference(), 'another reference with the right key');
    if (fresh.outcome !== 'accepted') return blocked('good requests are refused behind wrong credentials: the account may be locked');
    return {
      outcome: 'broken',
      observation: again,
      expected: '200: nothing was stored under this reference',
      reason: 'a create that was refused for its credential took its reference',
    };
  },
};
