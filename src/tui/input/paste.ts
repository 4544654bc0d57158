/** Bracketed paste (xterm's mode 2004) in a stream of bytes that may be cut anywhere. */

export const PASTE_START = Buffer.from('\x1b[200~', 'latin1');
export const PASTE_END = Buffer.from('\x1b[201~', 'latin1');

/**
 * @param from - where to look from
 * @returns where the end marker starts, or, where it isn't whole, -1 and how many bytes at the end may belong to it
 */
export function findPasteEnd(bytes: Buffer, from: number): { readonly at: number; readonly held: number } {
  const at = bytes.indexOf(PASTE_END, from);
  if (at >= 0) return { at, held: 0 };
  for (let held = Math.min(PASTE_END.length - 1, bytes.length - from); held > 0; held--) {
    if (PASTE_END.subarray(0, held).equals(bytes.subarray(bytes.length - held))) return { at: -1, held };
  }
  return { at: -1, held: 0 };
}
