/** What an atlas shows, in words: for the terminal and the page alike. */
import {
  standingOf,
  type Atlas,
  type AtlasCharacter,
  type AtlasField,
  type Documented,
  type Got,
  type Lengths,
  type Limit,
  type Position,
  type Returned,
  type Standing,
} from '../../contracts/atlas.js';
import { count, plural, printable } from '../text.js';

/** One character in one place. */
export interface Cell {
  readonly codePoint: number;
  readonly block?: string;
  readonly position: Position;
  readonly documented: Documented;
  readonly got: Got;
  readonly standing: Standing;
  readonly echo?: string | null;
}

/** Every place of a character that was to be looked at. */
export function cellsOf({ codePoint, block, documented, got, echo }: AtlasCharacter): Cell[] {
  return (Object.keys(got) as Position[]).map((position) => {
    const [expected, came] = [documented[position] ?? 'open', got[position] ?? 'not looked at'];
    const shown = echo?.[position];
    return {
      codePoint,
      ...(block === undefined ? {} : { block }),
      position,
      documented: expected,
      got: came,
      standing: standingOf(expected, came),
      ...(shown === undefined ? {} : { echo: shown }),
    };
  });
}

const CONTROLS = 'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US blank'.split(' ');

/** `U+0027`. */
export function codePointText(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** How a character is written in a line: itself where it can be seen, else its name or code point. */
export function characterText(codePoint: number): string {
  const control = codePoint === 0x7f ? 'DEL' : CONTROLS[codePoint];
  if (control !== undefined) return control;
  if (codePoint < 0x7f) return String.fromCodePoint(codePoint);
  const character = String.fromCodePoint(codePoint);
  // Marks join the character in front of them, and what is beyond the plane is often in no font.
  return /^[\p{L}\p{N}\p{S}\p{P}]$/u.test(character) && codePoint <= 0xffff && printable(character) === character
    ? `${character} ${codePointText(codePoint)}`
    : codePointText(codePoint);
}

const RUNS: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
];
/** Characters of a list that are named; of a longer one the number is told. */
const NAMED = 36;

/** Characters in a line, alphabets and digits as ranges: `A–Z ' "`. */
export function charactersText(codePoints: readonly number[]): string {
  const left = new Set(codePoints);
  const parts: [first: number, text: string][] = [];
  for (const [first, last] of RUNS) {
    for (let from = first; from <= last; from += 1) {
      let to = from;
      while (to <= last && left.has(to)) to += 1;
      if (to - from < 4) continue;
      parts.push([from, `${characterText(from)}–${characterText(to - 1)}`]);
      for (let each = from; each < to; each += 1) left.delete(each);
      from = to;
    }
  }
  const all = [...parts, ...[...left].map((each): [number, string] => [each, characterText(each)])].sort(([a], [b]) => a - b).map(([, text]) => text);
  return all.length <= NAMED ? all.join(' ') : `${all.slice(0, NAMED).join(' ')} and ${count(all.length - NAMED)} more`;
}

/** How many places have each standing. */
export function standingsOf({ characters }: Pick<AtlasField, 'characters'>): Readonly<Record<Standing, number>> {
  const counts: Record<Standing, number> = { agrees: 0, beyond: 0, within: 0, 'open accepted': 0, 'open refused': 0, unclear: 0, 'not looked at': 0 };
  for (const { standing } of characters.flatMap(cellsOf)) counts[standing] += 1;
  return counts;
}

export interface PlacedCharacters {
  readonly positions: readonly Position[];
  readonly codePoints: readonly number[];
}

/** The characters with a standing, those together that have it in the same places. */
export function placesOf(characters: readonly AtlasCharacter[], which: (cell: Cell) => boolean): PlacedCharacters[] {
  const groups = new Map<string, { positions: readonly Position[]; codePoints: number[] }>();
  for (const character of characters) {
    const positions = cellsOf(character)
      .filter(which)
      .map(({ position }) => position);
    if (positions.length === 0) continue;
    const key = positions.join();
    const group = groups.get(key) ?? { positions, codePoints: [] };
    groups.set(key, group);
    group.codePoints.push(character.codePoint);
  }
  return [...groups.values()];
}

/** Where: nothing where it is everywhere that the field was looked at. */
export function positionsText(positions: readonly Position[], all: readonly Position[]): string {
  return positions.length >= all.length ? '' : ` (${positions.map((position) => POSITION_WORDS[position]).join(', ')})`;
}

export const POSITION_WORDS: Readonly<Record<Position, string>> = {
  start: 'at the start',
  inside: 'inside',
  end: 'at the end',
  'before @': 'before the @',
  'after @': 'after the @',
  'inside domain': 'inside the domain',
};

const GOT_WORDS: Readonly<Record<Got, string>> = {
  accepted: 'accepted',
  changed: 'accepted, and given back changed',
  refused: 'refused',
  varies: 'accepted and refused by turns',
  error: 'answered 5xx',
  silent: 'not answered in time',
  dropped: 'met with a lost connection',
  other: 'answered otherwise',
  'not looked at': 'not looked at',
};
export function gotText(got: Got): string {
  return GOT_WORDS[got];
}

const DOCUMENTED_WORDS: Readonly<Record<Documented, string>> = { accepted: 'documented as accepted', refused: 'documented as refused', open: 'left open' };
export function documentedText(documented: Documented): string {
  return DOCUMENTED_WORDS[documented];
}

function direction({ upTo }: Limit): 'up' | 'down' {
  return upTo <= 1 ? 'down' : 'up';
}

/** `64 (65 is refused)`, `no limit found up to 100,000`, `between 70,000 and 70,004`. */
export function limitText(limit: Limit): string {
  const { accepted, beyond, got, documented, upTo } = limit;
  if (accepted === undefined) return 'not looked at';
  if (beyond === undefined) {
    if (accepted !== upTo) return `${count(accepted)} or ${direction(limit) === 'up' ? 'more' : 'less'}, not looked at further`;
    return direction(limit) === 'up' ? `no limit found up to ${count(upTo)}` : `${count(upTo)}`;
  }
  const came = `${count(beyond)} is ${gotText(got ?? 'refused')}`;
  const against = documented === undefined || standingOf(documented, got ?? 'refused') !== 'within' ? '' : ', though documented as accepted';
  if (Math.abs(accepted - beyond) > 1) return `${count(accepted)} at least; ${came}${against}, between them not looked at`;
  return `${count(accepted)} (${came}${against})`;
}

/** What is said of lengths. */
export type LengthName = 'longest' | 'longest before the @' | 'shortest' | 'counted in';

/** The lengths in a few words each. */
export function lengthRows({ longest, shortest, longestLocalPart, unit }: Lengths): (readonly [name: LengthName, text: string])[] {
  return [
    ['longest', limitText(longest)],
    ...(longestLocalPart === undefined ? [] : [['longest before the @', limitText(longestLocalPart)] as const]),
    ['shortest', limitText(shortest)],
    ...(unit === undefined || longest.beyond === undefined ? [] : [['counted in', `${unit.is} (${unit.because})`] as const]),
  ];
}

/** How a field that was not sent, or empty, came back. */
export function returnedText({ got, as, value, status, documented }: Returned): string {
  if (got === 'not looked at') return 'not looked at';
  const against = { beyond: ', though documented as refused', within: ', though documented as accepted' }[standingOf(documented, got) as string] ?? '';
  if (got !== 'accepted') return `${gotText(got)}${status === undefined ? '' : ` (${status})`}${against}`;
  const how = { absent: 'not in the response', null: 'null in the response', empty: '"" in the response', value: '', 'something else': '' }[as ?? 'absent'];
  const shown = value === undefined ? how : value.startsWith('a ') || value.startsWith('no ') ? value : `${printable(value)} in the response`;
  return `accepted, ${shown}${against}`;
}

/** Which target, in a line. */
export function atlasSubject({ target }: Pick<Atlas, 'target'>): string {
  return target.embedded ? 'the embedded reference' : printable(target.url);
}

/** What the atlas comes to, in a sentence. */
export function conclusionText(atlas: Atlas): string {
  const { status, because, fields } = atlas;
  const reason = because === undefined ? '' : `: ${printable(because)}`;
  if (status === 'blocked') return `Nothing could be drawn${reason}.`;
  const missing = fields.reduce((sum, field) => sum + standingsOf(field)['not looked at'], 0);
  const places = fields.reduce((sum, { characters }) => sum + characters.flatMap(cellsOf).length, 0);
  if (status === 'interrupted') return `Interrupted: ${count(missing)} of ${plural(places, 'place')} were not looked at.`;
  if (status === 'partial') return `${count(missing)} of ${plural(places, 'place')} were not looked at${reason}.`;
  return `${plural(places, 'place')} of characters were looked at. An atlas judges nothing: what departs from the document is for conform run to confirm.`;
}
