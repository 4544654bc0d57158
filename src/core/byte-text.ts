/**
 * Bytes as text and back, none lost: UTF-8 is read as what it means, and a byte that isn't part of any stands as the lone surrogate
 * U+DC00 + byte (Python's "surrogateescape", PEP 383). Files cross the socket as such text.
 */

const ESCAPE = 0xdc00;

/** Every sequence of bytes is another text. */
export function textOfBytes(bytes: Uint8Array): string {
  const units: number[] = [];
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const { code, length } = sequenceAt(bytes, at);
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
    at += length;
    if (units.length >= CHUNK) out += String.fromCharCode(...units.splice(0));
  }
  return out + String.fromCharCode(...units);
}

/** Arguments of one call: far below what engines take. */
const CHUNK = 4096;

/** The code point that starts at `at`: the shortest form only, no surrogates, nothing above U+10FFFF (RFC 3629); else the byte, escaped. */
function sequenceAt(bytes: Uint8Array, at: number): { readonly code: number; readonly length: number } {
  const first = bytes[at]!;
  if (first < 0x80) return { code: first, length: 1 };
  const length =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 1;
  let code = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if (next >> 6 !== 0b10) return { code: ESCAPE + first, length: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][length]!;
  const valid = length > 1 && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? { code, length } : { code: ESCAPE + first, length: 1 };
}

/** The bytes that `text` stands for. A surrogate that is no escaped byte becomes U+FFFD, as everywhere. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (const char of text) size = encode(char.codePointAt(0)!, bytes, size);
  return bytes.slice(0, size);
}

/** Writes one code point at `at`. @returns where the next one goes */
function encode(code: number, bytes: Uint8Array, at: number): number {
  if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) {
    bytes[at] = code - ESCAPE;
    return at + 1;
  }
  const sound = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  const length = sound < 0x80 ? 1 : sound < 0x800 ? 2 : sound < 0x10000 ? 3 : 4;
  if (length === 1) {
    bytes[at] = sound;
    return at + 1;
  }
  for (let i = length - 1, rest = sound; i >= 0; i--, rest >>= 6) {
    bytes[at + i] = i > 0 ? 0x80 | (rest & 0x3f) : (0xf00 >> length) | rest;
  }
  return at + length;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648, section 4, with padding. */
export function base64(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += BASE64[bits >> 18]! + BASE64[(bits >> 12) & 63]!;
    out += b === undefined ? '==' : BASE64[(bits >> 6) & 63]! + (c === undefined ? '=' : BASE64[bits & 63]!);
  }
  return out;
}
