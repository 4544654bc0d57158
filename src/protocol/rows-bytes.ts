/** Little-endian numbers into bytes, each returning the index behind what it wrote. */
export function put16(out: Uint8Array, at: number, value: number): number {
  out[at] = value & 0xff;
  out[at + 1] = value >>> 8;
  return at + 2;
}

export function put32(out: Uint8Array, at: number, value: number): number {
  out[at] = value & 0xff;
  out[at + 1] = (value >>> 8) & 0xff;
  out[at + 2] = (value >>> 16) & 0xff;
  out[at + 3] = value >>> 24;
  return at + 4;
}
