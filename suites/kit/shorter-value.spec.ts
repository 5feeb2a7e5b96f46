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

  it('one character that matters is left alone, wherever it stands, in a few steps', () => {
    for (const value of ['a b c', 'abcdefgh ', ' abcdefgh', `${'a'.repeat(40)} ${'b'.repeat(23)}`]) {
      let [text, tries] = [value, 0];
      const isBroken = (each: string): boolean => each.includes(' ');
      for (let next: string | undefined = text; next !== undefined;) {
        text = next;
        next = steps('first_name', text).find((each) => ((tries += 1), isBroken(each)));
      }
      expect(text, value).to.equal(' ');
      expect(tries, value).to.be.below(30);
    }
  });

  it('no step leaves nothing, and what matters as a whole cannot be made smaller', () => {
    expect(steps('first_name', 'a')).to.deep.equal([]);
    expect(steps('email_address', 'a@example.com')).to.deep.equal([]);
    expect(steps('email_address', '@example.com')).to.deep.equal([]);
    expect(steps('first_name', 'ab')).to.deep.equal(['b', 'a']);
    expect(steps('first_name', '\u{1f600}a'), 'whole characters').to.deep.equal(['\u{1f600}']);
  });

  it('a field that is not sent, or a body that is not made of the fields, has no value to make shorter', () => {
    expect(steps('last_name', 'Silva')).to.have.length.above(0);
    expect(shorterValue(observed('last_name', 'Silva'), 'first_name')).to.equal(undefined);
    const raw = { draft: { fields: [['last_name', 'Silva']], body: Buffer.from('last_name=Silva') } } as unknown as Observation;
    expect(shorterValue(raw, 'last_name')).to.equal(undefined);
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
