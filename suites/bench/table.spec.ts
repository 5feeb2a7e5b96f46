import { expect } from 'chai';
import fc from 'fast-check';
import { isPast, median, renderTable } from './table.js';

describe('bench: table', () => {
  it('a median is the middle, or between the two in the middle', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
    expect(median([7])).to.equal(7);
    expect(Number.isNaN(median([]))).to.equal(true);
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const half = values.length / 2;
        expect(values.filter((value) => value < middle).length, 'below').to.be.at.most(half);
        expect(values.filter((value) => value > middle).length, 'above').to.be.at.most(half);
      }),
    );
  });

  it('a median above its limit is past it, and so is one that is no number', () => {
    const row = { what: 'a', unit: 's' };
    expect(isPast({ ...row, values: [5, 6, 9], limit: 6 })).to.equal(false);
    expect(isPast({ ...row, values: [5, 6.01, 9], limit: 6 })).to.equal(true);
    expect(isPast({ ...row, values: [], limit: 6 })).to.equal(true);
    expect(isPast({ ...row, values: [Number.NaN], limit: 6 })).to.equal(true);
    expect(isPast({ ...row, values: [99] })).to.equal(false);
  });

  it('numbers stand under each other, and what is past its limit says so', () => {
    const text = renderTable([
      { what: 'a run', unit: 's', values: [3, 2.5, 3.25], limit: 6 },
      { what: 'memory', unit: 'MB', values: [260], limit: 250 },
      { what: 'a ratio', unit: '', values: [1.5] },
    ]);
    expect(text.split('\n')).to.deep.equal([
      '         median   least    most   limit',
      'a run    3.00 s  2.50 s  3.25 s  6.00 s',
      'memory   260 MB  260 MB  260 MB  250 MB  past the limit',
      'a ratio    1.50    1.50    1.50',
      '',
    ]);
  });
});
