/** The atlas in short, for a terminal: of each field what is accepted beyond the document, what is refused within it, and what it takes. */
import pc from 'picocolors';
import type { Atlas, AtlasField } from '../../contracts/atlas.js';
import { flow, indented } from '../style.js';
import { count, duration, plural, printable, WIDTH, wrap } from '../text.js';
import { atlasSubject, charactersText, conclusionText, lengthRows, placesOf, positionsText, returnedText, standingsOf, type Cell } from './words.js';

export interface AtlasTerminalOptions {
  /** Colours and bold; false by default. */
  readonly color?: boolean;
  /** Columns; 100 by default. */
  readonly width?: number;
  /** Paths of the files that were written. */
  readonly files?: readonly string[];
}

const INDENT = 6;
const LABEL = 22;

/** Labels of what is neither accepted nor refused. */
const UNCLEAR: Readonly<Record<string, string>> = {
  varies: 'taken by turns',
  error: 'answered 5xx',
  silent: 'not answered',
  dropped: 'connection lost',
  other: 'answered otherwise',
};

type Row = readonly [label: string, text: string];

/** The atlas for people, ending in a newline. */
export function renderAtlasTerminal(atlas: Atlas, { color = false, width = WIDTH, files = [] }: AtlasTerminalOptions = {}): string {
  const colors = pc.createColors(color);
  const room = width - INDENT - LABEL;
  const rows = (list: readonly Row[]): string[] =>
    list.flatMap(([label, text]) =>
      indented(
        wrap(text, room).map((line, row) => `${colors.dim((row === 0 ? label : '').padEnd(LABEL))}${line}`),
        INDENT,
      ),
    );
  const sections = [
    [
      colors.bold(`What ${atlasSubject(atlas)} accepts in Create Customer`),
      colors.dim(
        `merchant ${printable(atlas.target.merchantId)} · seed ${atlas.seed} · ${plural(atlas.requestsSent, 'request')} in ${duration(Date.parse(atlas.ended) - Date.parse(atlas.started))}`,
      ),
    ],
    ...(atlas.status === 'blocked' ? [] : atlas.fields.map((field) => [colors.bold(field.field), ...rows(fieldRows(field))])),
    ...(atlas.errors.length === 0 ? [] : [[colors.bold('refusals'), ...rows(errorRows(atlas))]]),
    [
      ...wrap(`${conclusionText(atlas)} (exit ${atlas.exitCode})`, width).map((line) => colors.bold(line)),
      ...(atlas.target.embedded || atlas.idsCreated.length === 0
        ? []
        : wrap(`${plural(atlas.idsCreated.length, 'customer')} created on the target, listed in atlas.json; the API has no way to delete them.`, width)),
      ...flow(files.map(printable), width - 12).map((line, row) => `${(row === 0 ? 'atlas' : '').padEnd(12)}${line}`),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function fieldRows(field: AtlasField): Row[] {
  const { characters, positions, lengths, unsent, empty } = field;
  const counts = standingsOf(field);
  const list = (which: (cell: Cell) => boolean): string =>
    placesOf(characters, which)
      .map((group) => `${charactersText(group.codePoints)}${positionsText(group.positions, positions)}`)
      .join('; ');
  const isAscii = ({ codePoint }: Cell): boolean => codePoint < 0x80;
  const beyondAscii = characters.filter(({ codePoint }) => codePoint >= 0x80);
  const places = standingsOf({ characters: beyondAscii });
  const unclear = [...new Set(characters.flatMap(({ got }) => Object.values(got)))].filter((got) =>
    ['varies', 'error', 'silent', 'dropped', 'other'].includes(got),
  );
  const open = (text: string): string => (text === '' ? 'none' : text);
  return [
    ['accepted beyond it', counts.beyond === 0 ? 'nothing' : list(({ standing }) => standing === 'beyond')],
    ['refused within it', counts.within === 0 ? 'nothing' : list(({ standing }) => standing === 'within')],
    ['open, accepted', open(list((cell) => isAscii(cell) && cell.standing === 'open accepted'))],
    ['open, refused', open(list((cell) => isAscii(cell) && cell.standing === 'open refused'))],
    [
      'beyond ASCII',
      `${plural(beyondAscii.length, 'sample')}: ${
        (
          [
            ['accepted', places['open accepted'] + places.beyond],
            ['refused', places['open refused'] + places.agrees],
            ['unclear', places.unclear],
            ['not looked at', places['not looked at']],
          ] as const
        )
          .filter(([, number]) => number > 0)
          .map(([word, number]) => `${word} in ${plural(number, 'place')}`)
          .join(', ') || 'none'
      }`,
    ],
    ...unclear.map((got): Row => [UNCLEAR[got] ?? got, list((cell) => cell.got === got)]),
    ...(counts['not looked at'] === 0 ? [] : [['not looked at', plural(counts['not looked at'], 'place')] as const]),
    ...(characters.some(({ got }) => Object.values(got).includes('changed')) ? [['given back changed', list(({ got }) => got === 'changed')] as const] : []),
    ...(lengths === undefined ? [] : lengthRows(lengths)),
    ['not sent', returnedText(unsent)],
    ['empty', returnedText(empty)],
  ];
}

const BODIES = { page: 'body of the page', sea: 'body of the SEA edition', v2: 'body of edition 2', other: 'no documented body' } as const;

/** Which documented body it is, in words. */
export function bodyText(body: keyof typeof BODIES): string {
  return BODIES[body];
}

function errorRows({ errors }: Atlas): Row[] {
  return errors.map(({ kind, status, body, texts, count: times }): Row => [
    kind,
    `${status}, ${bodyText(body)}${texts.length === 0 ? '' : `: ${printable(texts.join(' · '))}`} (${count(times)} ×)`,
  ]);
}
