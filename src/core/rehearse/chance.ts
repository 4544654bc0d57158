/** Chance that is the same whenever it is asked about the same thing: no stream that a race could shift. */

/** null: nothing goes wrong. */
export type Seed = number | null;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** @returns 0 up to, but not, 1 (FNV-1a, its bits stirred as MurmurHash3 does at its end) */
export function chance(seed: number, ...about: readonly string[]): number {
  let hash = FNV_OFFSET;
  for (const char of [String(seed), ...about].join('\u0000')) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
