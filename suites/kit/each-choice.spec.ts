import { expect } from 'chai';
import fc from 'fast-check';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import { roundRobin } from './each-choice.js';
import { runOf, type Watched } from './target.spec-help.js';

const ONLY = ['first_name/charset', 'last_name/charset', 'email_address/charset', 'mobile_number/length'];

/** Requests with good values of several fields. */
const together = ({ exchanges }: Watched): Watched['exchanges'] =>
  exchanges.filter(({ ruleId, note }) => ruleId === 'control' && note.startsWith('good values:'));
const valuesOf = (watched: Watched, field: string): string[] =>
  together(watched).flatMap(({ request }) => new URLSearchParams(request.body.text).getAll(field));

const refusing =
  (field: 'first_name' | 'last_name' | 'email_address', pattern: RegExp): ((behaviour: Behaviour) => Partial<Behaviour>) =>
  (behaviour) => ({
    checks: { ...behaviour.checks, [field]: (value: string, given: Behaviour) => !pattern.test(value) && behaviour.checks[field](value, given) },
  });

describe('each choice', () => {
  it('round robin gives every item once, and any beginning has some of each list that is long enough', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat())), (lists) => {
        const tagged = lists.map((list, which) => list.map((value, place) => ({ which, place, value })));
        const all = roundRobin(tagged);
        expect(all).to.have.lengthOf(tagged.flat().length);
        expect(new Set(all).size).to.equal(all.length);
        // What stands earlier in its list never stands behind what stands later in any.
        expect(all.map(({ place }) => place)).to.deep.equal(all.map(({ place }) => place).sort((a, b) => a - b));
      }),
    );
  });

  describe('a target that takes everything good', () => {
    let watched: Watched;
    before(async () => (watched = await runOf(() => ({}), { rules: ONLY, budget: 'smoke' })));

    it('the smallest budget sees good values of a field only together with those of others', () => {
      const alone = watched.exchanges.filter(({ ruleId, purpose }) => ruleId !== 'control' && purpose === 'conforming');
      expect(alone.map(({ id }) => id)).to.deep.equal([]);
      expect(together(watched)).to.have.lengthOf(16);
      for (const field of ['first_name', 'last_name', 'email_address']) expect(new Set(valuesOf(watched, field)).size, field).to.equal(16);
    });

    it('they are good inputs of each rule that gave one', () => {
      for (const id of ONLY) expect(watched.finding(id).reason, id).to.match(/^\d+ good and \d+ bad inputs|^\d+ good/);
    });

    it('no request has the same value in both names', () => {
      for (const { request, note } of together(watched)) {
        const body = new URLSearchParams(request.body.text);
        expect(body.get('first_name'), note).to.not.equal(body.get('last_name'));
      }
    });
  });

  describe('a target that refuses an underscore in last names', () => {
    let watched: Watched;
    before(async () => (watched = await runOf(refusing('last_name', /_/), { rules: ONLY, budget: 'smoke' })));

    it('is found wrong about last names, and about nothing else', () => {
      expect(ONLY.map((id) => [id, watched.finding(id).verdict])).to.deep.equal(ONLY.map((id) => [id, id === 'last_name/charset' ? 'fail' : 'pass']));
    });

    it('the counterexample is an underscore', () => {
      expect(watched.finding('last_name/charset').counterexample?.value).to.equal('_');
    });
  });

  describe('a target that refuses two names of more than 17 characters together', () => {
    const long = (behaviour: Behaviour): Partial<Behaviour> => ({
      finished: (reply, call) => {
        const body = new URLSearchParams(call.body.toString('latin1'));
        const length = (body.get('first_name') ?? '').length + (body.get('last_name') ?? '').length;
        const given = behaviour.finished(reply, call);
        return length > 17 && given.status === 200 ? { ...given, status: 400, body: '{"status":"error","error_message":"names are too long"}' } : given;
      },
    });

    it('fails, though each of the names is taken by itself', async () => {
      const watched = await runOf(long, { rules: ONLY, budget: 'smoke' });
      const accused = ONLY.filter((id) => watched.finding(id).verdict === 'fail');
      expect(accused, 'rules that fail').to.have.length.above(0);
    });
  });
});
