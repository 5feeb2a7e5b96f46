import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { SECTIONS } from './said.js';

describe('self-test: what is said of a target', () => {
  let kept: ReadonlyMap<string, string> | undefined;
  const keptSections = async (): Promise<ReadonlyMap<string, string>> =>
    (kept ??= new Map(
      (await readFile(new URL('./said.txt', import.meta.url), 'utf8')).split(/\n\n/).map((section) => [section.split('\n')[0] ?? '', section.trimEnd()]),
    ));

  for (const [title, make] of SECTIONS) {
    it(`${title} is what is checked in; after a change that is meant, \`npm run generate\` writes it anew`, async () => {
      const expected = (await keptSections()).get(title);
      expect((await make()).trimEnd().split('\n')).to.deep.equal(expected?.split('\n'));
      // A run that never ends is to be noticed soon.
    }).timeout(title.startsWith('all rules') ? 30_000 : 10_000);
  }

  it('nothing else is checked in', async () => {
    expect([...(await keptSections()).keys()]).to.deep.equal([...SECTIONS.keys()]);
  });
});
