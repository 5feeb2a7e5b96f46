/** The names that somebody may have meant. */

/** Up to five of the names, the ones with the fewest differences from `wanted` first. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const far = new Map(names.map((name) => [name, name.includes(wanted) && wanted !== '' ? 0 : distance(wanted, name)]));
  return [...names].sort((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0)).slice(0, 5);
}

/** Levenshtein's: how many characters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
