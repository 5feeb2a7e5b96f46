import { expect } from 'chai';
import { nearest, suggestion } from './errors.js';

const NAMES = ['smoke', 'standard', 'deep'];

describe('suggestions', () => {
  it('name what a slip of the hand was meant to be', () => {
    expect(nearest('standart', NAMES)).to.deep.equal(['standard']);
    expect(nearest('SMOKE', NAMES)).to.deep.equal(['smoke']);
    expect(suggestion('depe', ['deep', 'deer'], 'budgets')).to.equal('Did you mean deep?');
    expect(suggestion('deeq', ['deep', 'deer'], 'budgets')).to.equal('Did you mean deep or deer?');
  });

  it('find a name by a part of it', () => {
    expect(nearest('charset', ['first_name/charset', 'last_name/charset', 'token/value'])).to.deep.equal(['first_name/charset', 'last_name/charset']);
  });

  it('list what there is where nothing is near', () => {
    expect(suggestion('qqqqqq', NAMES, 'budgets')).to.equal('There are the budgets smoke, standard, deep.');
    expect(
      suggestion(
        'x',
        Array.from({ length: 20 }, (_, index) => `name-${String(index)}`),
        'names',
      ),
    ).to.match(/^There are, among others, the names name-0, .*name-7\.$/);
    expect(suggestion('x', [], 'names')).to.equal('There are no names.');
  });
});
