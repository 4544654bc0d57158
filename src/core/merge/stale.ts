/**
 * Which version of a file a writer had read. An agent that goes on after a merge may write back what it read before: then
 * what it wrote is nearer to that than to what lies there.
 */

/** Versions kept of a path; older ones nobody has in mind any more. */
export const VERSION_LIMIT = 24;

/** A file of which half is the same is the same file, elsewhere or again; as git has it for renames (git-diff(1), -M). */
const SAME_FILE = 0.5;

/** Lines of a text and how often each occurs. */
export type LineCounts = ReadonlyMap<string, number>;

/** @param text with one character for each byte where it isn't sure to be UTF-8. */
export function lineCounts(text: string): LineCounts {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Lines that one has and the other hasn't, both ways. */
export function lineDistance(a: LineCounts, b: LineCounts): number {
  let distance = 0;
  for (const [line, count] of a) distance += Math.abs(count - (b.get(line) ?? 0));
  for (const [line, count] of b) if (!a.has(line)) distance += count;
  return distance;
}

/**
 * Index of the version that `written` was made from, oldest first. Of two that are equally near the older one: to merge where
 * nothing was stale does no harm, not to merge where it was loses work. -1 where there are none.
 */
export function nearestVersion(written: LineCounts, versions: readonly LineCounts[]): number {
  let best = -1;
  let least = Infinity;
  for (const [i, version] of versions.entries()) {
    const distance = lineDistance(written, version);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/** How much of the larger of two texts is in the other one, from 0 to 1. */
export function likeness(a: LineCounts, b: LineCounts): number {
  const [sizeA, sizeB] = [a, b].map((counts) => [...counts.values()].reduce((sum, count) => sum + count, 0));
  return (sizeA! + sizeB! - lineDistance(a, b)) / 2 / Math.max(sizeA!, sizeB!, 1);
}

/** Of several texts the one that is most likely the same file as one of the versions; -1 where none is. */
export function likestText(texts: readonly LineCounts[], versions: readonly LineCounts[]): number {
  let best = -1;
  let most = SAME_FILE;
  for (const [i, text] of texts.entries()) {
    const like = Math.max(0, ...versions.map((version) => likeness(text, version)));
    if (like >= most && (best < 0 || like > most)) [best, most] = [i, like];
  }
  return best;
}
