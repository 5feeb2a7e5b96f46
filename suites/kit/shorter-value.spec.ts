import { expect } from 'chai';
import fc from 'fast-check';
import type { FieldName } from '../../contracts/model.js';
import { judgeFieldValue, type Observation } from './observation.js';
import { shorterValue } from './shorter-value.js';

/** As much of an observation as making a value shorter looks at. */
const observed = (field: FieldName, value: string): Observation => ({ draft: { fields: [[field, value]] } }) as unknown as Observation; // Nothing else is read.

/** Values that are one step smaller. */
function steps(field: FieldName, value: string): string[] {
  const smaller = shorterValue(observed(field, value), field);
  if (smaller === undefined) return [];
  return [...smaller.input.arbitrary.shrink(smaller.shape, undefined)].flatMap(({ value: shape }) => (shape.kind === 'text' ? [shape.text] : []));
}

describe('shorter value', () => {
  it('what is good stays good, and what is bad bad, with less of the same characters in the same order', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12, unit: 'binary-ascii' }), (value) => {
        for (const each of steps('first_name', value)) {
          expect(each.length, JSON.stringify(each)).to.be.below(value.length);
          expect(judgeFieldValue('first_name', each), JSON.stringify(each)).to.equal(judgeFieldValue('first_name', value));
          let from = 0;
          for (const character of each) from = value.indexOf(character, from) + 1;
          expect(from, `${JSON.stringify(each)} of ${JSON.stringify(value)}`).to.be.above(0);
        }
      }),
    );
  });

  it('the domain of an address stays as it is: no message may reach anyone', () => {
    const all = steps('email_address', 'first.last@mail.example.com');
    expect(all).to.have.length.above(0);
    for (const each of all) expect(each).to.match(/.@mail\.example\.com$/);
  });

  it('a reference is not made shorter: it has to be unique', () => {
    expect(steps('object_reference_id', 'conf_k3x9_0001')).to.deep.equal([]);
  });
});
