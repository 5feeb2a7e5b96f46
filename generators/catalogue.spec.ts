import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { catalogue } from './catalogue.js';

const SECTION = /\n\n/;

describe('generators: the catalogue', () => {
  it('what is sent is what the checked-in catalogue says; after a change that is meant, `npm run generate` writes it anew', async () => {
    const kept = (await readFile(new URL('./catalogue.txt', import.meta.url), 'utf8')).split(SECTION);
    const made = catalogue().split(SECTION);
    // Rule by rule: a failure shows the inputs of one rule and not those of all.
    for (const [index, section] of made.entries()) expect(section.split('\n')).to.deep.equal(kept[index]?.split('\n'));
    expect(made.length).to.equal(kept.length);
  });
});
