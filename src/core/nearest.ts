/** "Did you mean": names close to one that nobody knows. */

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`; stops counting past `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, older[j - 2]! + 1);
      row.push(best);
    }
    older = above;
    above = row;
  }
  return above[b.length]!;
}

/** The known names that were perhaps meant, nearest first, at most three. Case counts for nothing. */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  const wanted = name.slice(0, 64).toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const starts = wanted.length >= 2 && lower.startsWith(wanted);
    const score = starts ? 0.5 : editDistance(wanted, lower, limit);
    if (score <= limit) scored.push({ name: candidate, score });
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, 3)
    .map((entry) => entry.name);
}

/** "; did you mean a or b?" with a leading separator, or '' where nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearestNames(name, known);
  if (near.length === 0) return '';
  return `; did you mean ${near.map((candidate) => `"${candidate}"`).join(' or ')}?`;
}
