import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { Atlas } from '../../contracts/atlas.js';
import { renderAtlasHtml } from '../html/atlas.js';
import { GOLDENS } from '../golden.js';
import { atlasChangeText, compareAtlas } from './compare.js';
import { fixtureAtlas } from './fixture.js';
import { renderAtlasJson, renderAtlasSchema } from './json.js';
import { renderAtlasTerminal } from './terminal.js';
import { cellsOf, charactersText, limitText } from './words.js';

describe('atlas.json', () => {
  it('is the atlas, as the published schema describes it', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const text = renderAtlasJson(fixtureAtlas());
    expect(JSON.parse(text)).to.deep.equal(fixtureAtlas());
    expect(ajv.validate(JSON.parse(renderAtlasSchema()) as object, JSON.parse(text)), JSON.stringify(ajv.errors)).to.equal(true);
    expect(renderAtlasSchema()).to.equal(readFileSync(new URL('../atlas.schema.json', import.meta.url), 'utf8'));
  });

  it('has a line for each character, also where there are no fields', () => {
    expect(renderAtlasJson(fixtureAtlas()).match(/^ {8}\{"codePoint":\d+,.*\},?$/gm)).to.have.length(36);
    expect(JSON.parse(renderAtlasJson(fixtureAtlas({ fields: [] })))).to.deep.equal(fixtureAtlas({ fields: [] }));
  });
});

describe('the atlas on a terminal', () => {
  it('is the golden file', () => {
    expect(renderAtlasTerminal(fixtureAtlas())).to.equal(readFileSync(new URL('../golden/atlas.txt', import.meta.url), 'utf8'));
    expect(Object.keys(GOLDENS)).to.include('atlas.txt');
  });

  it('says of a blocked one why, and nothing of fields', () => {
    const text = renderAtlasTerminal(fixtureAtlas({ status: 'blocked', because: 'the target cannot be reached', errors: [] }));
    expect(text).to.include('Nothing could be drawn: the target cannot be reached.').and.not.include('first_name');
  });

  it('never obeys what a target sent', () => {
    // eslint-disable-next-line no-control-regex -- what a terminal would act on
    expect(renderAtlasTerminal(fixtureAtlas())).to.not.match(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('words of an atlas', () => {
  it('write alphabets as ranges, and what cannot be seen by name', () => {
    expect(charactersText([0x41, 0x42, 0x43, 0x44, 0x20, 0x00, 0x27, 0x2028, 0xe9])).to.equal("NUL blank ' A–D é U+00E9 U+2028");
    expect(charactersText(Array.from({ length: 0x20 }, (_, index) => index))).to.equal('NUL–US');
    expect(charactersText(Array.from({ length: 50 }, (_, index) => 0x4e00 + index))).to.match(/ and 14 more$/);
  });

  it('say of a limit how sure it is', () => {
    expect(limitText({ accepted: 64, beyond: 65, got: 'refused', documented: 'open', upTo: 100 })).to.equal('64 (65 is refused)');
    expect(limitText({ accepted: 63, beyond: 64, got: 'refused', documented: 'accepted', upTo: 100 })).to.equal(
      '63 (64 is refused, though documented as accepted)',
    );
    expect(limitText({ accepted: 63, beyond: 80, got: 'error', documented: 'open', upTo: 100 })).to.equal(
      '63 at least; 80 is answered 5xx, between them not looked at',
    );
    expect(limitText({ accepted: 100, upTo: 100 })).to.equal('no limit found up to 100');
    expect(limitText({ accepted: 64, upTo: 100 })).to.equal('64 or more, not looked at further');
  });
});

describe('atlas.html', () => {
  const html = renderAtlasHtml(fixtureAtlas());

  it('names every cell, and shows what departs by a sign too', () => {
    expect(html).to.include("' U+0027: documented as refused, accepted");
    expect(html).to.match(/class="warn"[^>]*><span aria-hidden="true" class="glyph">'<span class="mark">\+/);
    expect(html).to.include('refused though documented as accepted');
    expect(html).to.include('Latin 1 Supplement');
  });

  it('has nothing of a target as mark-up', () => {
    expect(html).to.not.include('<b>&amp;');
    expect(html).to.not.include('\u202e');
  });
});

describe('two atlases', () => {
  const changed = (change: (atlas: Atlas) => void): Atlas => {
    const atlas = structuredClone(fixtureAtlas());
    change(atlas);
    return atlas;
  };

  it('that are the same have no changes', () => {
    expect(compareAtlas(fixtureAtlas(), fixtureAtlas({ seed: 8, runToken: 'x' }))).to.deep.equal({ changes: [], notCompared: 0 });
  });

  it('are told apart by every place, length, empty value and refusal', () => {
    const fresh = changed(({ fields: [first], errors: [error] }) => {
      if (first === undefined || error === undefined || first.lengths === undefined) return;
      const apostrophe = first.characters.find(({ codePoint }) => codePoint === 0x27);
      if (apostrophe !== undefined) apostrophe.got = { start: 'refused', inside: 'refused', end: 'refused' };
      const hyphen = first.characters.find(({ codePoint }) => codePoint === 0x2d);
      if (hyphen !== undefined) hyphen.got.inside = 'refused';
      first.lengths.longest = { accepted: 64, beyond: 65, got: 'refused', documented: 'open', upTo: 65_536 };
      first.unsent = { got: 'accepted', documented: 'accepted', as: 'absent' };
      error.texts = ['Bad Request', 'Invalid'];
    });
    const { changes } = compareAtlas(fixtureAtlas(), fresh);
    expect(changes.map(atlasChangeText).map(({ about, change }) => `${about}: ${change}`)).to.deep.equal([
      "first_name '; - (inside): accepted → refused",
      'first_name longest: 63 (64 is refused, though documented as accepted) → 64 (65 is refused)',
      'first_name not sent: accepted, null in the response → accepted, not in the response',
      'refusals: missing: 400 flat: Bad Request · Mandatory fields are missing → missing: 400 flat: Bad Request · Invalid',
    ]);
  });

  it('are not told apart by what only one of them looked at', () => {
    const fresh = changed(({ fields: [first] }) => {
      for (const character of first?.characters ?? [])
        if (character.codePoint === 0x1f600) character.got = { start: 'accepted', inside: 'accepted', end: 'accepted' };
    });
    expect(compareAtlas(fixtureAtlas(), fresh)).to.deep.equal({ changes: [], notCompared: 3 });
  });

  it('have a change for each cell that differs, whichever it is', () => {
    const cells = fixtureAtlas().fields[0]?.characters.flatMap(cellsOf) ?? [];
    fc.assert(
      fc.property(fc.nat(cells.length - 1), fc.constantFrom('accepted', 'refused', 'error', 'varies'), (index, got) => {
        const cell = cells[index];
        const fresh = changed(({ fields: [first] }) => {
          const character = first?.characters.find(({ codePoint }) => codePoint === cell?.codePoint);
          if (character !== undefined && cell !== undefined) character.got[cell.position] = got;
        });
        const expected = cell?.got === got || cell?.got === 'not looked at' ? 0 : 1;
        expect(compareAtlas(fixtureAtlas(), fresh).changes.length).to.equal(expected);
      }),
      { numRuns: 50 },
    );
  });
});
