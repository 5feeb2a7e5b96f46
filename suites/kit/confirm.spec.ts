import { expect } from 'chai';
import type { Behaviour } from '../../contracts/reference/behaviour.js';
import type { Exchange } from '../../contracts/finding.js';
import { runOf, type Watched } from './target.spec-help.js';

/** Takes a blank in a first name for a letter. */
const blankAccepted = ({ checks }: Behaviour): Partial<Behaviour> => ({
  checks: { ...checks, first_name: (value, behaviour) => checks.first_name(value.replaceAll(' ', 'x'), behaviour) },
});

/** Looks at the first 8 characters only. */
const endIgnored = ({ checks }: Behaviour): Partial<Behaviour> => ({
  checks: { ...checks, first_name: (value, behaviour) => checks.first_name(value.slice(0, 8), behaviour) },
});

/** Takes it so in one of two requests that have one. */
function sometimesAccepted(): (behaviour: Behaviour) => Partial<Behaviour> {
  let met = 0;
  return ({ checks }) => ({
    checks: {
      ...checks,
      first_name: (value, behaviour) => (value.includes(' ') && (met += 1) % 2 === 1) || checks.first_name(value, behaviour),
    },
  });
}

/** Never answers a create with a blank in the first name. */
const blankNeverAnswered = ({ beforeStoring, checks }: Behaviour): Partial<Behaviour> => ({
  ...blankAccepted({ checks } as Behaviour),
  beforeStoring: (call, fields) => (fields.get('first_name')?.includes(' ') === true ? new Promise(() => undefined) : beforeStoring(call, fields)),
});

const ONLY = ['first_name/charset'];
const bodyOf = ({ body }: { readonly body: { readonly text: string } }): URLSearchParams => new URLSearchParams(body.text);
const withPurpose = ({ exchanges }: Watched, purpose: string): readonly Exchange[] => exchanges.filter((exchange) => exchange.purpose === purpose);

describe('confirm and shrink', function () {
  this.timeout(20_000);

  describe('a target that accepts a blank in first names', () => {
    let watched: Watched;
    before(async () => {
      watched = await runOf(blankAccepted, { rules: ONLY });
    });

    it('fails, confirmed twice', () => {
      const finding = watched.finding('first_name/charset');
      expect([finding.verdict, finding.confirmed, finding.rate]).to.deep.equal(['fail', { tries: 2, repeats: 2 }, undefined]);
      expect(watched.run.exitCode).to.equal(1);
    });

    it('the counterexample is a single blank, and no field that could be left out', () => {
      const { counterexample } = watched.finding('first_name/charset');
      expect([counterexample?.part, counterexample?.value, counterexample?.shrunk]).to.deep.equal(['first_name', ' ', true]);
      const body = counterexample === undefined ? undefined : bodyOf(counterexample.request);
      expect([...(body?.keys() ?? [])].sort()).to.deep.equal(['first_name', 'mobile_number', 'object_reference_id']);
      expect(counterexample?.response?.status).to.equal(200);
    });

    it('the good request beside it differs in that character and in its reference, and was accepted', () => {
      const { counterexample } = watched.finding('first_name/charset');
      const [bad, good] = [counterexample?.request, counterexample?.control?.request].map((sent) => (sent === undefined ? undefined : bodyOf(sent)));
      expect(counterexample?.control?.response?.status).to.equal(200);
      expect(counterexample?.controlValue).to.match(/^[A-Za-z0-9().\-_]$/);
      expect(good?.get('first_name')).to.equal(counterexample?.controlValue);
      expect([...(good?.keys() ?? [])]).to.deep.equal([...(bad?.keys() ?? [])]);
      expect(good?.get('mobile_number')).to.equal(bad?.get('mobile_number'));
      expect(good?.get('object_reference_id')).to.not.equal(bad?.get('object_reference_id'));
      expect(good?.get('object_reference_id')).to.have.lengthOf(bad?.get('object_reference_id')?.length ?? 0);
    });

    it('every attempt has a reference of its own, of one length', () => {
      const references = watched.exchanges.map(({ request }) => bodyOf(request).get('object_reference_id') ?? '');
      expect(new Set(references).size).to.equal(references.length);
      const shrinking = withPurpose(watched, 'shrink').map(({ request }) => bodyOf(request).get('object_reference_id')?.length);
      expect(new Set(shrinking)).to.deep.equal(new Set([20]));
    });

    it('making it small takes a few requests', () => {
      expect(withPurpose(watched, 'shrink')).to.have.length.within(2, 20);
    });
  });

  it('a long name is cut down to the shortest that still breaks the rule, around the one character that matters', async () => {
    const watched = await runOf(endIgnored, { rules: ONLY, budget: 'standard' });
    const { counterexample } = watched.finding('first_name/charset');
    const { value } = counterexample ?? {};
    expect(value).to.match(/^[A-Za-z0-9().\-_]{8,}[^A-Za-z0-9().\-_][A-Za-z0-9().\-_]?$/);
    expect(value?.length, `length of ${JSON.stringify(value)}`).to.be.within(9, 10);
    expect(counterexample?.shrunk).to.equal(true);
    expect(withPurpose(watched, 'shrink')).to.have.length.within(3, 60);
  });

  it('an e-mail address that is required stays in the counterexample, and nothing else that could be left out', async () => {
    const watched = await runOf((behaviour) => ({ ...blankAccepted(behaviour), required: [...behaviour.required, 'email_address'] }), { rules: ONLY });
    const { counterexample } = watched.finding('first_name/charset');
    const body = counterexample === undefined ? undefined : bodyOf(counterexample.request);
    expect([...(body?.keys() ?? [])].sort()).to.deep.equal(['email_address', 'first_name', 'mobile_number', 'object_reference_id']);
    expect([counterexample?.value, counterexample?.shrunk]).to.deep.equal([' ', true]);
  });

  for (const shrinkRequests of [0, 1, 3]) {
    it(`a budget of ${String(shrinkRequests)} requests is kept to, and the counterexample is not called shrunk`, async () => {
      const watched = await runOf(endIgnored, { rules: ONLY, budget: 'standard', shrinkRequests });
      expect(withPurpose(watched, 'shrink')).to.have.lengthOf(shrinkRequests);
      const finding = watched.finding('first_name/charset');
      expect([finding.verdict, finding.counterexample?.shrunk]).to.deep.equal(['fail', false]);
    });
  }

  it('no finding takes more than 60 requests to be made small', async () => {
    // Which characters it takes depends on the whole value, so that hardly any step down is one.
    const whimsical = ({ checks }: Behaviour): Partial<Behaviour> => ({
      checks: {
        ...checks,
        first_name: (value, behaviour) => checks.first_name(value, behaviour) || [...value].reduce((sum, one) => sum + one.charCodeAt(0), 0) % 3 > 0,
      },
    });
    const watched = await runOf(whimsical, { rules: ONLY, budget: 'standard' });
    expect(watched.finding('first_name/charset').verdict).to.equal('fail');
    expect(withPurpose(watched, 'shrink')).to.have.length.within(1, 60);
  });

  it('what breaks in one of two requests is flaky, with how often, and is not made small', async () => {
    const watched = await runOf(sometimesAccepted(), { rules: ONLY });
    const finding = watched.finding('first_name/charset');
    expect(finding.verdict).to.equal('flaky');
    const { tries = 0, repeats = 0 } = finding.confirmed ?? {};
    expect(tries, 'tries').to.equal(8);
    expect(repeats, 'repeats').to.be.within(1, 7);
    expect(finding.rate?.of).to.be.above(finding.rate?.broken ?? Infinity);
    expect(finding.reason).to.match(/but not each time: \d+ of \d+$/);
    expect(withPurpose(watched, 'shrink')).to.have.lengthOf(0);
    expect(watched.run.exitCode).to.equal(1);
  });

  it('a should that is broken is a warning, and one that breaks only sometimes too', async () => {
    const lettersAccepted = ({ checks }: Behaviour): Partial<Behaviour> => ({
      checks: { ...checks, mobile_number: (value, behaviour) => checks.mobile_number(value.replaceAll(/[a-z]/gi, '1'), behaviour) },
    });
    let met = 0;
    const sometimes = ({ checks }: Behaviour): Partial<Behaviour> => ({
      checks: { ...checks, mobile_number: (value, behaviour) => (/[a-z]/i.test(value) && (met += 1) % 2 === 1) || checks.mobile_number(value, behaviour) },
    });
    for (const change of [lettersAccepted, sometimes]) {
      const { run, ...watched } = await runOf(change, { rules: ['mobile_number/digits'] });
      expect([watched.finding('mobile_number/digits').verdict, run.exitCode]).to.deep.equal(['warn', 0]);
    }
  });

  it('a hang is sent again twice and never made small', async () => {
    const watched = await runOf(blankNeverAnswered, { rules: ['first_name/charset', 'robustness/values'], timeoutMs: 500 });
    const finding = watched.finding('robustness/values');
    expect([finding.verdict, finding.confirmed]).to.deep.equal(['fail', { tries: 2, repeats: 2 }]);
    expect(finding.got).to.equal('no complete answer within 500 ms');
    expect(withPurpose(watched, 'shrink')).to.have.lengthOf(0);
    // For the rule about the input, silence is neither accepted nor refused.
    expect(watched.finding('first_name/charset').verdict).to.be.oneOf(['pass', 'blocked']);
  });

  it('the run stays within its budget while it confirms and shrinks', async () => {
    for (const maxRequests of [10, 25, 40]) {
      const { run, exchanges } = await runOf(blankAccepted, { rules: ['first_name/*'], maxRequests });
      expect(exchanges.length, 'requests').to.be.at.most(maxRequests);
      expect(run.requestsSent).to.equal(exchanges.length);
    }
  });
});
