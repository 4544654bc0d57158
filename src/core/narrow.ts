/**
 * Characters known to take one column without asking a table: the signs that the room itself is drawn with, and Latin.
 * The full rules compile a regular expression of all emoji first, some 15 ms.
 */

/** Latin, arrows, box drawing, blocks, shapes, braille, check marks; none of them is wide, joins or is invisible. */
const NARROW =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;

/** Every UTF-16 unit of `text` is one column. */
export function isNarrowText(text: string): boolean {
  return NARROW.test(text);
}

/** The same for one UTF-16 unit, where nothing after it joins it. */
export function isNarrow(code: number): boolean {
  if (code < 0x300) return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && code !== 0xad;
  if (code < 0x2500) {
    return (code >= 0x2190 && code < 0x2200) || (code >= 0x2010 && code < 0x205f && !(code >= 0x2028 && code < 0x2030));
  }
  return code < 0x25fd || (code >= 0x2713 && code < 0x2719) || (code >= 0x2800 && code < 0x2900);
}
