/** The procedure about references that differ: however little, they are different customers. */
import type { Procedure } from '../kit/sequence-check.js';
import { blocked, HOLDS, notAccepted, type Steps } from '../kit/steps.js';

/** Lengths of what two references share; all of them are good, and the longest of letters and digits alone is a safe one. */
const LONGEST_SHARED = 39;
const SHARED = [19, 8, 64, 12, 100, 16, 31, LONGEST_SHARED, 24, 10];

function otherCharacter(character: string | undefined): string {
  return character === 'q' ? 'k' : 'q';
}

function neighboursOf(reference: string, shared: number): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [`${reference.slice(0, -1)}${otherCharacter(reference.at(-1))}`, `it differs in the last character, ${shared} are the same`],
    [`${otherCharacter(reference[0])}${reference.slice(1)}`, 'it differs in the first character'],
    ...(reference.length < 40 ? [[`${reference}z`, 'it has one character more'] as const] : []),
  ];
}

/** The longest reference that is good, of which the parts that a target may leave out of a comparison are there together. */
const MIXED_PART = 111;
const mixed = (steps: Steps): string => `a.${steps.reference(MIXED_PART)}+t1@example.com`;

/** The last two neighbours of the local part that differ, swapped. */
function swappedAtEnd(reference: string): string {
  return reference.replace(/([a-z0-9])(?!\1)([a-z0-9])(?=[a-z0-9]*@)/, '$2$1');
}

function neighboursOfMixed(reference: string): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [reference.replace(/m$/, 'n'), 'it differs in the last character, 127 are the same'],
    [reference.replace('1@', '2@'), 'it differs in the tag before the @'],
    [reference.replace('@e', '@o'), 'it differs behind the @'],
    // Each of the two may be the pattern of a comparison with wildcards: the dot came second before, and comes first here.
    [reference.replace('.', '_'), 'it has an underscore for a dot'],
    [reference.replace('.', 'x'), 'it has a letter for a dot, and behind an underscore'],
    [reference.replace(/^a/, 'q'), 'it differs in the first character'],
    [swappedAtEnd(reference), 'it has two characters swapped'],
    [reference.slice(0, -1), 'it is the other without its last character'],
  ];
}

const DIGITS_PART = 14;
/** As a number it has more digits than a double keeps, and zeros in front that none has. */
const digits = (steps: Steps): string => `00${steps.reference(DIGITS_PART, 'digits')}991`;

function neighboursOfDigits(reference: string): readonly (readonly [neighbour: string, note: string])[] {
  return [
    [reference.replace(/1$/, '2'), 'it differs in the last of 19 digits'],
    [reference.slice(1), 'it has one zero less in front'],
  ];
}

/** Pairs that a target takes for one when it compares something other than the characters. */
interface SpecialPair {
  readonly first: (steps: Steps) => string;
  readonly second: (reference: string) => string;
  readonly note: string;
}
const SPECIAL_PAIRS: readonly [SpecialPair, ...SpecialPair[]] = [
  {
    first: (steps) => `${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('@example.com', '@example.org'),
    note: 'it differs behind the @',
  },
  { first: (steps) => `${steps.reference(25)}1`, second: (reference) => `${reference.slice(0, -1)}2`, note: 'it differs in a final digit' },
  { first: (steps) => `000${steps.reference(12, 'digits')}`, second: (reference) => reference.slice(1), note: 'it has one zero less in front' },
  { first: (steps) => `9${steps.reference(17, 'digits')}1`, second: (reference) => `${reference.slice(0, -1)}2`, note: 'it differs in the last of 19 digits' },
  { first: (steps) => `a_${steps.reference(14)}`, second: (reference) => reference.replace('_', 'x'), note: 'it has a letter for an underscore' },
  { first: (steps) => `ax${steps.reference(14)}`, second: (reference) => reference.replace('x', '_'), note: 'it has an underscore for a letter' },
  { first: (steps) => `a%${steps.reference(14)}@example.com`, second: (reference) => reference.replace('%', 'xyz'), note: 'it has letters for a percent sign' },
  {
    first: (steps) => `axyz${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('xyz', '%'),
    note: 'it has a percent sign for letters',
  },
  { first: (steps) => `${steps.reference(14)}@example.com`, second: (reference) => reference.replace('@', '+tag@'), note: 'it has a tag before the @' },
  { first: (steps) => `${steps.reference(14)}+tag@example.com`, second: (reference) => reference.replace('+tag', ''), note: 'it has no tag before the @' },
  {
    first: (steps) => `a.b.${steps.reference(14)}@example.com`,
    second: (reference) => reference.replace('a.b.', 'ab.'),
    note: 'it has one dot less before the @',
  },
  { first: (steps) => steps.reference(24), second: (reference) => reference.slice(0, 12), note: 'it is the beginning of the other' },
  { first: (steps) => steps.reference(24), second: (reference) => reference.slice(-12), note: 'it is the end of the other' },
  { first: (steps) => steps.reference(28), second: (reference) => reference.slice(6, 22), note: 'it is the middle of the other' },
  { first: (steps) => steps.reference(14), second: (reference) => `z${reference}z`, note: 'the other is in its middle' },
];

interface Pairs {
  readonly reference: string;
  readonly neighbours: readonly (readonly [neighbour: string, note: string])[];
}

/** Several differences at once first, then one kind after the other. */
function pairsOf(steps: Steps): Pairs {
  const { round } = steps;
  if (round === 0) {
    const reference = mixed(steps);
    return { reference, neighbours: neighboursOfMixed(reference) };
  }
  if (round === 1) {
    const reference = digits(steps);
    return { reference, neighbours: neighboursOfDigits(reference) };
  }
  const shared = SHARED[(round - 2) % (SHARED.length + SPECIAL_PAIRS.length)];
  if (shared !== undefined) {
    const reference = steps.reference(shared + 1);
    return { reference, neighbours: neighboursOf(reference, shared) };
  }
  const special = SPECIAL_PAIRS[(round - 2 - SHARED.length) % SPECIAL_PAIRS.length] ?? SPECIAL_PAIRS[0];
  const reference = special.first(steps);
  return { reference, neighbours: [[special.second(reference), special.note]] };
}

/** A reference of the same length, with the same characters beside letters and digits in the same places. */
function likeness(reference: string, fresh: string): string {
  let next = 0;
  const kept = reference.replace(/@.*$/, '');
  return `${kept.replace(/[a-z0-9]/gi, (character) => (/[0-9]/.test(character) && /^[0-9]+$/.test(reference) ? String((Number(character) + (next += 1)) % 10) : (fresh[(next += 1) % fresh.length] ?? 'q')))}${reference.slice(kept.length)}`;
}

export const distinctReferences: Procedure = {
  rounds: { smoke: 2, standard: 2 + SHARED.length + SPECIAL_PAIRS.length, deep: 112 },
  cost: { smoke: 9, standard: 4, deep: 4 },
  rank: 0.3,
  pace: 0.4,
  async run(steps) {
    let { reference, neighbours } = pairsOf(steps);
    const base = await steps.base();
    let first = await steps.create(reference, 'a reference', { base });
    if (first.outcome === 'refused') {
      // A target need not take every character that is in it; letters and digits it does.
      reference = steps.reference(LONGEST_SHARED + 1);
      neighbours = neighboursOf(reference, LONGEST_SHARED);
      first = await steps.create(reference, 'a reference of letters and digits', { base });
    }
    if (first.outcome !== 'accepted') return notAccepted(first, 'the first create');
    for (const [neighbour, note] of neighbours) {
      // Everything but the reference is the same: only the reference makes a customer another.
      const next = await steps.create(neighbour, note, { base, more: { own: [reference, ...neighbours.map(([each]) => each)] } });
      if (next.outcome === 'refused') {
        // Its characters may be what is refused: then one like it is refused as well where nothing is near it.
        const fresh = steps.reference();
        const alone = await steps.create(likeness(neighbour, fresh), 'one of the same form, with nothing near it', { base });
        if (alone.outcome !== 'accepted') continue;
        return {
          outcome: 'broken',
          observation: next,
          expected: `200: ${JSON.stringify(neighbour)} is another customer than ${JSON.stringify(reference)}`,
          reason: `a free reference was refused: ${note}`,
        };
      }
      if (next.outcome !== 'accepted') return blocked('a create got no usable answer');
    }
    return HOLDS;
  },
};
