import { expect } from 'chai';
import { nearest } from './nearest.js';

describe('the nearest names', () => {
  it('begin with the one that was mistyped', () => {
    expect(nearest('token-alwys', ['id-twice', 'token-never', 'token-always'])[0]).to.equal('token-always');
  });

  it('begin with those that contain what was typed', () => {
    expect(nearest('token', ['tokyo', 'id-twice', 'token-never'])[0]).to.equal('token-never');
  });

  it('are five at most', () => {
    expect(nearest('', ['a', 'b', 'c', 'd', 'e', 'f'])).to.have.length(5);
  });
});
