/**
 * Which characters a field takes, and where. Characters that are expected to be accepted go out together, several in one
 * value, and are taken apart where that is refused; one that is expected to be refused goes by itself, since a refusal tells
 * of one character only when there is one.
 */
import type { Documented, Got, Position } from '../../contracts/atlas.js';
import { standingOf } from '../../contracts/atlas.js';
import type { FieldName } from '../../contracts/model.js';
import { characterName } from '../../generators/characters.js';
import { roomInside, valueWith, type Placement } from '../../generators/atlas.js';
import { documentedOf } from './documented.js';
import { isAccepted, type Answer, type Probe, type Search } from './search.js';

/** What was seen of one character in one place. */
export interface Cell extends Placement {
  readonly documented: Documented;
  readonly got: Got;
  /** What the value came back as, where that is not what was sent; null where it is no text. */
  readonly echo?: string | null;
}

/** Of each kind of open character so many go first, by themselves; what comes of them decides how the others are sent. */
const SCOUTS = 2;

type Item = readonly Placement[];

const UNIQUE_LETTERS = 'abcdefghijklmnop';

/** Characters that a target is likely to treat alike. */
function kindOf(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  const ascii = codePoint < 0x80 ? 'ASCII ' : '';
  for (const [kind, pattern] of KINDS) if (pattern.test(character)) return ascii + kind;
  return `${ascii}other`;
}

const KINDS = [
  ['letter', /\p{L}/u],
  ['digit', /\p{Nd}/u],
  ['number', /\p{N}/u],
  ['mark', /\p{M}/u],
  ['blank', /\p{Z}|[\t\n]/u],
  ['control', /\p{Cc}/u],
  ['format', /\p{Cf}/u],
] as const;

/** The characters in their places, as few values as there is room for. */
export function packed(field: FieldName, placements: readonly Placement[]): Item[] {
  // Whether a token comes tells of a whole value, and not of a character of it.
  if (field === 'options.get_client_auth_token') return placements.map((each) => [each]);
  const queues = new Map<Position, Placement[]>();
  for (const placement of placements) queues.set(placement.position, [...(queues.get(placement.position) ?? []), placement]);
  const rounds = Math.max(0, ...[...queues].map(([position, queue]) => Math.ceil(queue.length / roomInside(field, position))));
  return Array.from({ length: rounds }, (_, round) =>
    [...queues].flatMap(([position, queue]) => {
      const room = roomInside(field, position);
      return queue.slice(round * room, (round + 1) * room);
    }),
  ).filter((item) => item.length > 0);
}

function noteOf(item: Item): string {
  return item.map(({ codePoint, position }) => `${characterName(String.fromCodePoint(codePoint))} at ${position}`).join(', ');
}

/** Looks at every placement, and gives a cell for each, in their order. */
export function* characterSearch(field: FieldName, placements: readonly Placement[]): Search<readonly Cell[]> {
  const keyOf = ({ codePoint, position }: Placement): string => `${codePoint} ${position}`;
  const cells = new Map<string, Cell>();
  const documented = new Map(
    placements.map((each) => [
      keyOf(each),
      documentedOf(
        field,
        valueWith(field, [each], () => UNIQUE_LETTERS),
      ),
    ]),
  );
  const documentedAs = (placement: Placement): Documented => documented.get(keyOf(placement)) ?? 'open';
  const settle = (placement: Placement, got: Got, echo?: string | null): void => {
    cells.set(keyOf(placement), { ...placement, documented: documentedAs(placement), got, ...(echo === undefined ? {} : { echo }) });
  };
  const probe = (item: Item): Probe => ({ field, about: 'character', note: noteOf(item), value: (unique) => valueWith(field, item, unique) });

  /** Sends the values, and takes apart what was refused until every character is known. */
  function* look(items: readonly Item[]): Search<void> {
    let round = items;
    while (round.length > 0) {
      const answers: readonly Answer[] = yield round.map(probe);
      const next: Item[] = [];
      for (const [index, item] of round.entries()) {
        const answer = answers[index];
        const [only] = item;
        if (answer === undefined || answer.got === 'not looked at') for (const each of item) settle(each, 'not looked at');
        else if (item.length === 1 && only !== undefined) settle(only, answer.got, echoOf(answer));
        else if (answer.got === 'accepted') for (const each of item) settle(each, 'accepted');
        else next.push(item.slice(0, Math.ceil(item.length / 2)), item.slice(Math.ceil(item.length / 2)));
      }
      round = next;
    }
  }

  const of = (expected: Documented): Placement[] => placements.filter((each) => documentedAs(each) === expected);
  const kinds = new Map<string, Placement[]>();
  for (const placement of of('open')) {
    const kind = `${kindOf(placement.codePoint)} ${placement.position}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), placement]);
  }
  const scouts = [...kinds.values()].flatMap((members) => scoutsOf(members));
  yield* look([...packed(field, of('accepted')), ...[...of('refused'), ...scouts].map((each) => [each])]);
  const together: Placement[] = [];
  const alone: Placement[] = [];
  for (const members of kinds.values()) {
    const ahead = scoutsOf(members);
    const isTaken = ahead.every((each) => isAccepted({ got: cells.get(keyOf(each))?.got ?? 'not looked at' }));
    (isTaken ? together : alone).push(...members.filter((each) => !ahead.includes(each)));
  }
  yield* look([...packed(field, together), ...alone.map((each) => [each])]);
  yield* confirm([...cells.values()].filter(({ documented: expected, got }) => ['beyond', 'within'].includes(standingOf(expected, got))));
  return placements.map((each) => cells.get(keyOf(each)) ?? { ...each, documented: documentedAs(each), got: 'not looked at' });

  /** What departs from the document is sent once more by itself: it counts where both answers are alike. */
  function* confirm(departures: readonly Cell[]): Search<void> {
    if (departures.length === 0) return;
    const answers = yield departures.map(({ codePoint, position }) => probe([{ codePoint, position }]));
    for (const [index, { codePoint, position, got }] of departures.entries()) {
      const again = answers[index];
      // What could not be repeated is no departure yet.
      if (again === undefined || again.got === 'not looked at') settle({ codePoint, position }, 'not looked at');
      else settle({ codePoint, position }, isAccepted({ got }) === isAccepted(again) ? again.got : 'varies', echoOf(again));
    }
  }
}

function scoutsOf(members: readonly Placement[]): Placement[] {
  // The first and one from the middle: the kinds are long, and neighbours are of one script.
  return [...new Set([members[0], members[Math.floor(members.length / 2)]])].filter((each) => each !== undefined).slice(0, SCOUTS);
}

/** How the value came back, where that is worth a word. */
function echoOf({ got, member, token }: Answer): string | null | undefined {
  if (token !== undefined) return isAccepted({ got }) ? (token ? 'a token' : 'no token') : undefined;
  if (got !== 'changed') return undefined;
  return typeof member === 'string' ? member : null;
}
