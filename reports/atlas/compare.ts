/** What changed between two atlases: the part of `conform diff` that is about them. */
import type { Atlas, AtlasChange, AtlasDiff, AtlasError, AtlasField, Position } from '../../contracts/atlas.js';
import { printable } from '../text.js';
import { cellsOf, charactersText, gotText, lengthRows, positionsText, returnedText } from './words.js';

/** Compares what both looked at. What only one of them looked at is counted, and is no change. */
export function compareAtlas(old: Atlas, fresh: Atlas): AtlasDiff {
  const changes: AtlasChange[] = [];
  let notCompared = 0;
  for (const after of fresh.fields) {
    const before = old.fields.find(({ field }) => field === after.field);
    if (before === undefined) continue;
    const characters = compareCharacters(before, after);
    notCompared += characters.notCompared;
    changes.push(...characters.changes, ...compareLengths(before, after), ...compareReturned(before, after));
  }
  return { changes: [...changes, ...compareErrors(old, fresh)], notCompared };
}

function compareCharacters(before: AtlasField, after: AtlasField): AtlasDiff {
  const old = new Map(before.characters.map((character) => [character.codePoint, character]));
  const groups = new Map<string, { old: string; new: string; places: Map<number, Position[]> }>();
  let notCompared = 0;
  for (const character of after.characters) {
    const known = old.get(character.codePoint);
    const olds = known === undefined ? [] : cellsOf(known);
    for (const cell of cellsOf(character)) {
      const then = olds.find(({ position }) => position === cell.position);
      if (then === undefined || then.got === 'not looked at' || cell.got === 'not looked at') {
        if (then?.got !== cell.got) notCompared += 1;
        continue;
      }
      if (then.got === cell.got) continue;
      const key = `${then.got}>${cell.got}`;
      const group = groups.get(key) ?? { old: gotText(then.got), new: gotText(cell.got), places: new Map<number, Position[]>() };
      groups.set(key, group);
      group.places.set(cell.codePoint, [...(group.places.get(cell.codePoint) ?? []), cell.position]);
    }
  }
  const changes = [...groups.values()].map(({ places, ...rest }): AtlasChange => {
    const listed = [...places].map(([codePoint, positions]) => ({ codePoint, positions }));
    return { field: after.field, what: 'characters', ...rest, places: listed };
  });
  return { changes, notCompared };
}

function compareLengths({ lengths: old }: AtlasField, { field, lengths: fresh }: AtlasField): AtlasChange[] {
  if (old === undefined || fresh === undefined) return [];
  const before = new Map(lengthRows(old));
  return lengthRows(fresh).flatMap(([name, text]): AtlasChange[] => {
    const was = before.get(name);
    const isKnown = (words: string | undefined): words is string => words !== undefined && !words.includes('not looked at') && !words.startsWith('unclear');
    return !isKnown(was) || !isKnown(text) || was === text ? [] : [{ field, what: name, old: was, new: text }];
  });
}

function compareReturned(before: AtlasField, after: AtlasField): AtlasChange[] {
  return (['unsent', 'empty'] as const).flatMap((which): AtlasChange[] => {
    const [old, fresh] = [returnedText(before[which]), returnedText(after[which])];
    if (old === fresh || before[which].got === 'not looked at' || after[which].got === 'not looked at') return [];
    return [{ field: after.field, what: which === 'unsent' ? 'not sent' : 'empty', old, new: fresh }];
  });
}

function compareErrors(old: Atlas, fresh: Atlas): AtlasChange[] {
  const words = (errors: readonly AtlasError[], kind: string): string =>
    [
      ...new Set(
        errors
          .filter((error) => error.kind === kind)
          .map(({ status, form, texts }) => `${status} ${form}${texts.length === 0 ? '' : `: ${texts.join(' · ')}`}`),
      ),
    ]
      .sort()
      .join('; ');
  const kinds = [...new Set(fresh.errors.map(({ kind }) => kind))];
  return kinds.flatMap((kind): AtlasChange[] => {
    const [was, is] = [words(old.errors, kind), words(fresh.errors, kind)];
    return was === '' || was === is ? [] : [{ what: 'refusals', old: `${kind}: ${was}`, new: `${kind}: ${is}` }];
  });
}

/** A change in words: what it is about, what it was and what it is. */
export function atlasChangeText({ field, what, old, new: fresh, places = [] }: AtlasChange): { readonly about: string; readonly change: string } {
  const change = `${printable(old)} → ${printable(fresh)}`;
  if (what !== 'characters') return { about: [field, what].filter((part) => part !== undefined).join(' '), change };
  const groups = new Map<string, { positions: readonly Position[]; codePoints: number[] }>();
  for (const { codePoint, positions } of places) {
    const group = groups.get(positions.join()) ?? { positions, codePoints: [] };
    groups.set(positions.join(), group);
    group.codePoints.push(codePoint);
  }
  const all: readonly Position[] = field === 'email_address' ? ['start', 'inside', 'end', 'before @', 'after @', 'inside domain'] : ['start', 'inside', 'end'];
  const listed = [...groups.values()].map(({ positions, codePoints }) => `${charactersText(codePoints)}${positionsText(positions, all)}`);
  return { about: `${field ?? ''} ${listed.join('; ')}`, change };
}
