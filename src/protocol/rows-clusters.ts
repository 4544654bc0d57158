/** What of a grapheme cluster may reach a terminal. */

/** Marks a cell may carry: more is an attack on the terminal's line height or memory, not a script. */
const MAX_MARKS = 8;
/** Enough for the longest emoji of Unicode 16 (ten code points, 35 bytes). */
const MAX_CODE_POINTS = 16;
const MAX_BYTES = 48;
/** Clusters seen before are looked up; a screen shows a few dozen, hostile output any number. */
const CACHE_LIMIT = 4096;

const encoder = new TextEncoder();
const cache = new Map<string, Uint8Array>();
const MARK = /^\p{M}$/u;

/**
 * True for what changes the order of text on screen or hides in it: bidi controls (UAX #9) and the tag characters of
 * U+E0000, which can carry an invisible message.
 */
export function isStripped(code: number): boolean {
  if (code < 0x61c) return false;
  if (code < 0x2070) {
    return code === 0x61c || code === 0x200e || code === 0x200f || (code >= 0x202a && code <= 0x202e) || code >= 0x2066;
  }
  return code >= 0xe0000 && code <= 0xe007f;
}

/** UTF-8 of a cluster without controls, bidi overrides, tags and marks past the eighth; never empty. */
export function cleanCluster(text: string): Uint8Array {
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const bytes = clean(text);
  cache.set(text, bytes);
  return bytes;
}

function clean(text: string): Uint8Array {
  let kept = '';
  let bytes = 0;
  let marks = 0;
  let points = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code <= 0xdfff) || isStripped(code)) continue;
    if (MARK.test(char) && ++marks > MAX_MARKS) continue;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (++points > MAX_CODE_POINTS || bytes + size > MAX_BYTES) break;
    kept += char;
    bytes += size;
  }
  return encoder.encode(kept === '' ? ' ' : kept);
}
