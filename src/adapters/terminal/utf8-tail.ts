/**
 * Keeps the bytes of a character that was cut at the end of a piece back for the next piece. xterm 6 has this too, but
 * loses every character whose second byte is 0x80 (…, —, 、 and their like) when the cut comes behind that byte.
 */
export class Utf8Tail {
  #tail: Uint8Array | null = null;

  get empty(): boolean {
    return this.#tail === null;
  }

  /** @returns `bytes` with what was kept before them, up to the last whole character */
  join(bytes: Uint8Array): Uint8Array {
    const tail = this.#tail;
    let all = bytes;
    if (tail) {
      all = new Uint8Array(tail.length + bytes.length);
      all.set(tail);
      all.set(bytes, tail.length);
    }
    const cut = wholeLength(all);
    // A copy, which slice() of a Buffer isn't: the bytes are somebody else's once this returns.
    this.#tail = cut < all.length ? new Uint8Array(all.subarray(cut)) : null;
    return cut < all.length ? all.subarray(0, cut) : all;
  }
}

/** Length without an unfinished character at the end. Bytes that can't become one are left to the parser. */
function wholeLength(bytes: Uint8Array): number {
  const end = bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back]!;
    if (byte < 0x80) return end;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return byte < 0xf8 && size > back ? end - back : end;
  }
  return end;
}
