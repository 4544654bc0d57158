/**
 * Names keys in every encoding that terminals use: legacy bytes, xterm's CSI forms with modifiers, modifyOtherKeys
 * (`CSI 27;m;c~`) and the kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).
 */
import type { KeyEvent } from './events.ts';
import type { Modifiers } from './key-names.ts';
import { keyName } from './key-names.ts';
import type { CsiParts, Token } from './sequence.ts';
import { csiParts } from './sequence.ts';

const NONE: Modifiers = { ctrl: false, alt: false, shift: false, super: false };
const ALT: Modifiers = { ...NONE, alt: true };
const LETTERS: Record<string, string> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  H: 'Home',
  F: 'End',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
  M: 'Enter',
};
const TILDES: Record<number, string> = {
  1: 'Home',
  2: 'Insert',
  3: 'Delete',
  4: 'End',
  5: 'PgUp',
  6: 'PgDn',
  7: 'Home',
  8: 'End',
  11: 'F1',
  12: 'F2',
  13: 'F3',
  14: 'F4',
  15: 'F5',
  17: 'F6',
  18: 'F7',
  19: 'F8',
  20: 'F9',
  21: 'F10',
  23: 'F11',
  24: 'F12',
  25: 'F13',
  26: 'F14',
  28: 'F15',
  29: 'F16',
  31: 'F17',
  32: 'F18',
  33: 'F19',
  34: 'F20',
};
const LINUX: Record<string, string> = { '[A': 'F1', '[B': 'F2', '[C': 'F3', '[D': 'F4', '[E': 'F5' };
/** Keys of kitty's private range, and of the keypad there. */
const KITTY: Record<number, string> = {
  9: 'Tab',
  13: 'Enter',
  27: 'Esc',
  32: 'Space',
  127: 'Backspace',
  8: 'Backspace',
  57409: ',',
  57410: '/',
  57411: '*',
  57412: '-',
  57413: '+',
  57414: 'Enter',
  57415: '=',
  57417: 'Left',
  57418: 'Right',
  57419: 'Up',
  57420: 'Down',
  57421: 'PgUp',
  57422: 'PgDn',
  57423: 'Home',
  57424: 'End',
  57425: 'Insert',
  57426: 'Delete',
};
const RELEASE = 3;

export interface DecodedKey extends KeyEvent {
  /** The key was let go (kitty's event types): nothing is to be done, but a chord's must not reach a program. */
  readonly isRelease: boolean;
}

/** @returns null where the token is no key of ours */
export function decodeKey(bytes: Uint8Array, token: Token): DecodedKey | null {
  switch (token.kind) {
    case 'control':
      return controlKey(bytes[token.start]!, NONE);
    case 'alt':
      return altKey(bytes, token);
    case 'ss3':
      return ss3Key(String.fromCharCode(...bytes.subarray(token.start + 2, token.end)));
    case 'csi':
      return csiKey(csiParts(bytes, token));
    default:
      return null;
  }
}

/** A typed character. */
export function textKey(text: string, modifiers = NONE): DecodedKey {
  const isText = !modifiers.alt && !modifiers.ctrl && !modifiers.super;
  return {
    name: keyName(text === ' ' ? 'Space' : text, modifiers),
    text: isText ? text : '',
    isRelease: false,
  };
}

function named(key: string, modifiers: Modifiers, isRelease = false): DecodedKey {
  return { name: keyName(key, modifiers), text: '', isRelease };
}

/** The legacy meaning of a C0 byte or DEL. */
function controlKey(byte: number, modifiers: Modifiers): DecodedKey {
  switch (byte) {
    case 0x00:
      return named('Space', { ...modifiers, ctrl: true });
    case 0x08:
    case 0x7f:
      return named('Backspace', modifiers);
    case 0x09:
      return named('Tab', modifiers);
    case 0x0d:
      return named('Enter', modifiers);
    case 0x1b:
      return named('Esc', modifiers);
    default:
      return named(String.fromCharCode(byte + 64).toLowerCase(), { ...modifiers, ctrl: true });
  }
}

function altKey(bytes: Uint8Array, { start, end }: Token): DecodedKey {
  const byte = bytes[start + 1]!;
  if (byte < 0x20 || byte === 0x7f) return controlKey(byte, ALT);
  return textKey(new TextDecoder().decode(bytes.subarray(start + 1, end)), ALT);
}

/** `SS3 A`, `SS3 P`, with a modifier in old terminals: `SS3 5 A`. */
function ss3Key(text: string): DecodedKey | null {
  const key = LETTERS[text.at(-1)!];
  return key ? named(key, modifiersOf(Number(text.slice(0, -1)) || 1)) : null;
}

function csiKey(parts: CsiParts): DecodedKey | null {
  const { prefix, params, intermediates, final } = parts;
  if (prefix !== '' || intermediates !== '') return null;
  if (final.startsWith('[')) return LINUX[final] ? named(LINUX[final]!, NONE) : null;
  const modifiers = modifiersOf(params[1]?.[0] ?? 1);
  const isRelease = params[1]?.[1] === RELEASE;
  const code = params[0]?.[0] ?? NaN;
  if (final === 'u') return kittyKey(params[0] ?? [], modifiers, isRelease);
  if (final === 'Z') return named('Tab', { ...modifiers, shift: true }, isRelease);
  if (final === '~') {
    if (code === 27 && params[2]) return codeKey(params[2][0]!, modifiers, false);
    return TILDES[code] ? named(TILDES[code]!, modifiers, isRelease) : null;
  }
  const key = LETTERS[final];
  return key && final !== 'M' ? named(key, modifiers, isRelease) : null;
}

/** `code:shifted:base` - base is where the key is on a Latin keyboard, what Ctrl and Alt chords are meant by. */
function kittyKey(
  [code = NaN, , base = NaN]: readonly number[],
  modifiers: Modifiers,
  isRelease: boolean,
): DecodedKey | null {
  const isChord = modifiers.ctrl || modifiers.alt;
  return codeKey(isChord && code > 127 && base > 0 ? base : code, modifiers, isRelease);
}

function codeKey(code: number, modifiers: Modifiers, isRelease: boolean): DecodedKey | null {
  if (Number.isNaN(code)) return null;
  const known = KITTY[code];
  if (known && known.length > 1)
    return known === 'Space' ? spaceKey(modifiers, isRelease) : named(known, modifiers, isRelease);
  if (code >= 57376 && code <= 57387) return named(`F${code - 57363}`, modifiers, isRelease);
  const isKeypadDigit = code >= 57399 && code <= 57408;
  // Lone modifiers, media keys and the like.
  if (code < 32 || (code >= 57344 && code <= 63743 && !known && !isKeypadDigit) || code > 0x10ffff) return null;
  const text = known ?? (isKeypadDigit ? String(code - 57399) : String.fromCodePoint(code));
  return { ...characterKey(text, modifiers), isRelease };
}

function spaceKey(modifiers: Modifiers, isRelease: boolean): DecodedKey {
  return { ...textKey(' ', modifiers), isRelease };
}

/** Shift and a letter is the capital, unless Ctrl is held too: then it is said by name. */
function characterKey(text: string, modifiers: Modifiers): DecodedKey {
  if (modifiers.ctrl) return textKey(text.toLowerCase(), modifiers);
  return modifiers.shift ? textKey(text.toUpperCase(), { ...modifiers, shift: false }) : textKey(text, modifiers);
}

/** Caps Lock and Num Lock (64, 128) change no key's name; Hyper and Meta count as Super and Alt. */
function modifiersOf(parameter: number): Modifiers {
  const bits = Number.isNaN(parameter) ? 0 : Math.max(0, parameter - 1);
  return {
    shift: (bits & 1) !== 0,
    alt: (bits & (2 | 32)) !== 0,
    ctrl: (bits & 4) !== 0,
    super: (bits & (8 | 16)) !== 0,
  };
}
