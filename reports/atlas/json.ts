/** `atlas.json`: the atlas as its schema describes it, a character a line, so that two of them can be compared by eye. */
import { AtlasSchema, type Atlas } from '../../contracts/atlas.js';

/** The atlas as JSON that ends in a newline. */
export function renderAtlasJson(atlas: Atlas): string {
  // Characters stand for themselves by their number, and those numbers for their text: an array of numbers is written a line each.
  const [head = '', tail = ''] = JSON.stringify({ ...atlas, fields: [] }, null, 2).split('\n  "fields": [],\n');
  const fields = atlas.fields.map(({ characters, ...field }) => {
    const rows = characters.map((character) => `        ${JSON.stringify(character)}`).join(',\n');
    const rest = JSON.stringify({ ...field, characters: [] }, null, 2).replaceAll('\n', '\n    ');
    // The empty list is the last member.
    return `    ${rest.slice(0, rest.lastIndexOf('[]'))}${characters.length === 0 ? '[]' : `[\n${rows}\n      ]`}\n    }`;
  });
  return `${head}\n  "fields": ${fields.length === 0 ? '[]' : `[\n${fields.join(',\n')}\n  ]`},\n${tail}\n`;
}

/** The JSON Schema of `atlas.json`, as it is published. */
export function renderAtlasSchema(): string {
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...AtlasSchema }, null, 2)}\n`;
}
