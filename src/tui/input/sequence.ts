/**
 * Cuts what the terminal sends into tokens: text, control bytes, escape sequences. By ECMA-48 5.4 (CSI), xterm's
 * ctlseqs (SS3, X10 mouse) and the Linux console's `CSI [ A`. Works on bytes: what isn't UTF-8 passes too.
 */

export type TokenKind =
  | 'text'
  | 'control'
  | 'csi'
  | 'ss3'
  /** OSC, DCS or APC with its end: an answer of the terminal's. */
  | 'string'
  /** ESC and a character: Alt. */
  | 'alt'
  /** `CSI M` and three bytes: a mouse report of the oldest kind. */
  | 'x10'
  /** The bytes end inside a sequence; more may come. */
  | 'partial';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export const ESC = 0x1b;
const BEL = 0x07;
const CSI_LIMIT = 64;
const STRING_LIMIT = 4096;
const X10_LENGTH = 6;

/** @param at - must be inside `bytes` */
export function nextToken(bytes: Uint8Array, at: number): Token {
  const first = bytes[at]!;
  if (first === ESC) return escape(bytes, at);
  if (first < 0x20 || first === 0x7f) return { kind: 'control', start: at, end: at + 1 };
  let end = at + 1;
  while (end < bytes.length && bytes[end]! >= 0x20 && bytes[end] !== 0x7f) end++;
  return { kind: 'text', start: at, end };
}

function escape(bytes: Uint8Array, start: number): Token {
  const second = bytes[start + 1];
  switch (second) {
    case undefined:
      return { kind: 'partial', start, end: bytes.length };
    case 0x5b:
      return csi(bytes, start);
    case 0x4f:
      return ss3(bytes, start);
    case 0x5d:
    case 0x50:
    case 0x5f:
      if (start + 2 === bytes.length) return { kind: 'partial', start, end: bytes.length };
      return looksLikeAnswer(second, bytes[start + 2]!) ? string(bytes, start) : alt(bytes, start);
    case ESC:
      return { kind: 'control', start, end: start + 1 };
    default:
      return alt(bytes, start);
  }
}

/** Alt+] and Alt+P begin as OSC and DCS do; only what terminals really answer is taken for an answer. */
function looksLikeAnswer(second: number, third: number): boolean {
  const isDigit = third >= 0x30 && third <= 0x39;
  if (second === 0x5d) return isDigit;
  if (second === 0x50) return isDigit || third === 0x3e || third === 0x21 || third === 0x24;
  return third === 0x47;
}

function csi(bytes: Uint8Array, start: number): Token {
  let end = start + 2;
  if (bytes[end] === 0x4d) {
    const isWhole = start + X10_LENGTH <= bytes.length;
    return { kind: isWhole ? 'x10' : 'partial', start, end: isWhole ? start + X10_LENGTH : bytes.length };
  }
  if (bytes[end] === 0x5b) {
    const isWhole = end + 1 < bytes.length;
    return { kind: isWhole ? 'csi' : 'partial', start, end: isWhole ? end + 2 : bytes.length };
  }
  while (end < bytes.length && bytes[end]! >= 0x20 && bytes[end]! < 0x40 && end - start < CSI_LIMIT) end++;
  if (end === bytes.length) return { kind: 'partial', start, end };
  const isFinal = bytes[end]! >= 0x40 && bytes[end]! < 0x7f;
  return { kind: 'csi', start, end: isFinal ? end + 1 : end };
}

function ss3(bytes: Uint8Array, start: number): Token {
  let end = start + 2;
  while (end < bytes.length && bytes[end]! >= 0x30 && bytes[end]! < 0x3a) end++;
  if (end === bytes.length) return { kind: 'partial', start, end };
  const isFinal = bytes[end]! >= 0x40 && bytes[end]! < 0x7f;
  return isFinal ? { kind: 'ss3', start, end: end + 1 } : { kind: 'alt', start, end: start + 2 };
}

function string(bytes: Uint8Array, start: number): Token {
  const stop = Math.min(bytes.length, start + STRING_LIMIT);
  for (let end = start + 2; end < stop; end++) {
    if (bytes[end] === BEL) return { kind: 'string', start, end: end + 1 };
    if (bytes[end] !== ESC) continue;
    if (bytes[end + 1] === 0x5c) return { kind: 'string', start, end: end + 2 };
    if (end + 1 < bytes.length) return { kind: 'alt', start, end: start + 2 };
  }
  return stop < bytes.length ? { kind: 'alt', start, end: start + 2 } : { kind: 'partial', start, end: stop };
}

function alt(bytes: Uint8Array, start: number): Token {
  let end = start + 2;
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end++;
  return { kind: 'alt', start, end };
}

/** Parameters of a CSI token as they stand, its intermediates, and its final byte. */
export interface CsiParts {
  /** `<`, `=`, `>` or `?`; '' for none. */
  readonly prefix: string;
  /** Groups parted by `;`, each parted by `:`; NaN where left out. */
  readonly params: readonly (readonly number[])[];
  readonly intermediates: string;
  readonly final: string;
}

export function csiParts(bytes: Uint8Array, { start, end }: Token): CsiParts {
  const text = String.fromCharCode(...bytes.subarray(start + 2, end));
  const match = /^([<=>?]?)([\d;:]*)([ -/]*)(.*)$/su.exec(text);
  const [, prefix = '', digits = '', intermediates = '', final = ''] = match ?? [];
  const params =
    digits === '' ? [] : digits.split(';').map((group) => group.split(':').map((n) => (n === '' ? NaN : Number(n))));
  return { prefix, params, intermediates, final };
}
