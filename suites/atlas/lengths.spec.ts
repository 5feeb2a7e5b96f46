import { expect } from 'chai';
import fc from 'fast-check';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { searched } from './fake.spec-help.js';
import { bisect, FARTHEST, fieldLengthOf, LENGTH_REQUESTS, lengthSearch, unitSearch } from './lengths.js';

const length = (value: string | null): number => value?.length ?? 0;
const KNOWN: Readonly<Record<Exclude<FieldName, 'options.get_client_auth_token'>, number>> = {
  object_reference_id: 20,
  mobile_number: 8,
  email_address: 20,
  first_name: 4,
  last_name: 5,
  mobile_country_code: 2,
};
const fields = Object.keys(KNOWN) as (keyof typeof KNOWN)[];

/** A length that people choose, or any. */
const limit = (from: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: from, max: 300 }), fc.integer({ min: from, max: FARTHEST }), fc.constantFrom(64, 255, 256, 65_535, FARTHEST));

describe('the lengths of a field', () => {
  it('are found for every limit, in at most 20 requests', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fields).chain((field) => fc.tuple(fc.constant(field), fc.integer({ min: 1, max: KNOWN[field] }), limit(KNOWN[field]))),
        ([field, min, max]) => {
          const { result, sent } = searched(lengthSearch(field, KNOWN[field]), (value) =>
            length(value) >= min && length(value) <= max ? 'accepted' : 'refused',
          );
          expect(result.longest.accepted, 'longest').to.equal(max);
          expect(result.longest.beyond, 'refused beyond it').to.equal(max === FARTHEST ? undefined : max + 1);
          expect(sent.length, 'requests').to.be.at.most(LENGTH_REQUESTS);
          expect(result.requests).to.equal(sent.length);
          // Where a limit far off took most of the requests, what is left may not do for the other end; then it says so.
          expect(result.shortest.accepted, 'shortest').to.be.at.least(min);
          if (max < 256 && field !== 'email_address') expect(result.shortest.accepted, 'shortest, with requests to spare').to.equal(min);
          if (result.shortest.beyond !== undefined) expect(result.shortest.beyond).to.be.below(min);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('take few requests where the limit is one that people choose', () => {
    for (const max of [64, 128, 255, 256, 512, 1024]) {
      const { sent, result } = searched(lengthSearch('first_name', 5), (value) => (length(value) >= 1 && length(value) <= max ? 'accepted' : 'refused'));
      expect(result.longest.accepted).to.equal(max);
      expect(sent.length, `requests for ${max}`).to.be.at.most(13);
    }
  });

  it('stay open where nothing answers, and say how far they were looked at', () => {
    const { result } = searched(lengthSearch('first_name', 5), (_, __, n) => (n < 2 ? 'refused' : 'not looked at'));
    expect(result.longest).to.deep.include({ accepted: 5, beyond: 65, got: 'refused' });
    expect(result.shortest).to.deep.equal({ accepted: 5, upTo: 1 });
  });

  it('mark what is no refusal as what it was', () => {
    const { result } = searched(lengthSearch('last_name', 5), (value) => (length(value) > 64 ? 'error' : 'accepted'));
    expect(result.longest).to.deep.include({ accepted: 64, beyond: 65, got: 'error', documented: 'open' });
  });

  it('send a short reference again where another run has made it', () => {
    const { result, sent } = searched(lengthSearch('object_reference_id', 20), (value, _, n) => {
      if (length(value) === 1 && n < 3) return { got: 'refused', taken: true };
      return length(value) <= 20 ? 'accepted' : 'refused';
    });
    expect(result.shortest.accepted).to.equal(1);
    expect(sent.length).to.be.at.most(LENGTH_REQUESTS);
  });

  it('of an address are those of the whole and of the part before the @', () => {
    const { result, sent } = searched(lengthSearch('email_address', 20), (value) => {
      const [local = '', domain = ''] = (value ?? '').split('@');
      return local.length > 0 && local.length <= 64 && domain.length > 0 && length(value) <= 254 ? 'accepted' : 'refused';
    });
    expect(result.longest).to.deep.include({ accepted: 254, beyond: 255 });
    expect(result.longestLocalPart).to.deep.include({ accepted: 64, beyond: 65 });
    expect(sent.length).to.be.at.most(LENGTH_REQUESTS);
  });

  it('start from a value that the control had', () => {
    const draft = (sent: readonly (readonly [string, string])[]) => ({
      method: 'POST',
      path: '/customers',
      fields: sent,
      account: { merchantId: 'm', apiKey: 'k' },
      credential: 'canonical' as const,
      merchant: 'canonical' as const,
      contentType: null,
    });
    expect(FIELDS.map((field) => fieldLengthOf(draft([['first_name', 'João']]), field))).to.deep.equal([
      undefined,
      undefined,
      undefined,
      4,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('bisect', () => {
  it('never asks for more than its budget, and narrows what it is given', () => {
    fc.assert(
      fc.property(fc.nat(FARTHEST), fc.integer({ min: 0, max: 25 }), fc.array(fc.nat(FARTHEST)), (max, budget, likely) => {
        const search = bisect({ accepted: 0, beyond: FARTHEST + 1 }, budget, likely);
        let asked = 0;
        let step = search.next();
        while (step.done !== true) {
          asked += 1;
          step = search.next({ got: step.value <= max ? 'accepted' : 'refused', requests: 1 });
        }
        expect(asked).to.be.at.most(budget);
        expect(step.value.accepted).to.be.at.most(max);
        expect(step.value.beyond).to.be.above(max);
        if (budget >= 17) expect(step.value.accepted).to.equal(max);
      }),
    );
  });
});

describe('what a length is counted in', () => {
  const lengths = (accepted: number) => ({ longest: { accepted, beyond: accepted + 1, upTo: FARTHEST }, shortest: { accepted: 1, upTo: 1 }, requests: 6 });
  const unit = (count: (value: string) => number) =>
    searched(unitSearch('first_name', lengths(64), { inPlane: 0xe9, beyondPlane: 0x10400 }), (value) => (count(value ?? '') <= 64 ? 'accepted' : 'refused'))
      .result.unit?.is;

  it('is told by characters of several bytes and units', () => {
    expect(unit((value) => [...value].length)).to.equal('code points');
    expect(unit((value) => value.length)).to.equal('UTF-16 units');
    expect(unit((value) => Buffer.byteLength(value))).to.equal('bytes');
  });

  it('is not told where no such character is accepted, or no request is left', () => {
    const none = searched(unitSearch('first_name', lengths(64), {}), () => 'accepted');
    expect(none.result.unit).to.deep.equal({ is: 'unclear', because: 'no character beyond ASCII was seen accepted' });
    const spent = searched(unitSearch('first_name', { ...lengths(64), requests: LENGTH_REQUESTS - 1 }, { inPlane: 0xe9 }), () => 'accepted');
    expect([spent.result.unit?.is, spent.sent.length]).to.deep.equal(['unclear', 0]);
  });
});
