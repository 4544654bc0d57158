/**
 * Named keys as the bytes that xterm sends for them (XTerm Control Sequences, "PC-Style Function Keys"; with kitty's
 * flags on, sw.kovidgoyal.net/kitty/keyboard-protocol).
 */
import { nearestNames } from '../core/nearest.ts';
import { PANE_FLAG } from '../core/pane-flags.ts';

/** Modes of the program that the keys go to. */
export interface KeyModes {
  /** PANE_FLAG bits. */
  readonly flags: number;
  readonly kittyFlags: number;
}

export type KeyBytes = { readonly ok: true; readonly bytes: string } | { readonly ok: false; readonly error: string };

/** Final letter of `CSI letter`, `SS3 letter` in application mode, `CSI 1;m letter` with modifiers. */
const CURSOR: Readonly<Record<string, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
/** F1 to F4: `SS3 letter`, `CSI 1;m letter` with modifiers. */
const PF: Readonly<Record<string, string>> = { f1: 'P', f2: 'Q', f3: 'R', f4: 'S' };
/** `CSI number ~`, `CSI number;m ~` with modifiers. */
const TILDE: Readonly<Record<string, number>> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
};
/** Keys that are one character, and their code points in kitty's protocol. */
const CHARACTER: Readonly<Record<string, number>> = { enter: 13, esc: 27, tab: 9, space: 32, backspace: 127 };
const ALIAS: Readonly<Record<string, string>> = {
  return: 'enter',
  cr: 'enter',
  escape: 'esc',
  bspace: 'backspace',
  bs: 'backspace',
  pgup: 'pageup',
  ppage: 'pageup',
  pgdn: 'pagedown',
  pgdown: 'pagedown',
  npage: 'pagedown',
  ins: 'insert',
  ic: 'insert',
  del: 'delete',
  dc: 'delete',
  btab: 'S-tab',
};

/** As people read them in a message. */
const NAMES =
  'Enter Esc Tab Space Backspace Up Down Left Right Home End PageUp PageDown Insert Delete F1…F12, any one character, and C- M- S- before them'.split(
    ' ',
  );
const KNOWN = [...Object.keys(CURSOR), ...Object.keys(PF), ...Object.keys(TILDE), ...Object.keys(CHARACTER)];

/** @returns all keys' bytes in a row, or one line that names the first unknown one */
export function keysToBytes(keys: readonly string[], modes: KeyModes): KeyBytes {
  let bytes = '';
  for (const key of keys) {
    const one = keyToBytes(key, modes);
    if (one === null) return { ok: false, error: unknownKey(key) };
    bytes += one;
  }
  return { ok: true, bytes };
}

function unknownKey(key: string): string {
  const near = nearestNames(key.replace(/^([CMS]-)+/i, ''), KNOWN);
  const hint = near.length > 0 ? ` (did you mean ${near[0]}?)` : '';
  return `no key is named ${JSON.stringify(key.slice(0, 40))}${hint}; keys: ${NAMES.join(' ')}`;
}

interface Pressed {
  readonly name: string;
  readonly shift: boolean;
  readonly meta: boolean;
  readonly control: boolean;
}

function keyToBytes(key: string, modes: KeyModes): string | null {
  const pressed = parse(key);
  if (pressed === null) return null;
  const { name } = pressed;
  const modifier = 1 + (pressed.shift ? 1 : 0) + (pressed.meta ? 2 : 0) + (pressed.control ? 4 : 0);
  const cursor = CURSOR[name];
  if (cursor !== undefined) {
    if (modifier > 1) return `\u001b[1;${modifier}${cursor}`;
    return ((modes.flags & PANE_FLAG.applicationCursor) !== 0 ? '\u001bO' : '\u001b[') + cursor;
  }
  const pf = PF[name];
  if (pf !== undefined) return modifier > 1 ? `\u001b[1;${modifier}${pf}` : `\u001bO${pf}`;
  const tilde = TILDE[name];
  if (tilde !== undefined) return modifier > 1 ? `\u001b[${tilde};${modifier}~` : `\u001b[${tilde}~`;
  return character(pressed, modifier, modes.kittyFlags);
}

function parse(key: string): Pressed | null {
  let rest = key;
  const held = { shift: false, meta: false, control: false };
  for (;;) {
    const match = /^([CMS])-(?=.)/su.exec(rest) ?? /^(?:\^)(?=[^\s])/u.exec(rest.length === 2 ? rest : '');
    if (match === null) break;
    if (match[1] === 'S') held.shift = true;
    else if (match[1] === 'M') held.meta = true;
    else held.control = true;
    rest = rest.slice(match[0].length);
  }
  if (Array.from(rest).length === 1) return { name: rest, ...held };
  const lower = rest.toLowerCase();
  const alias = Object.hasOwn(ALIAS, lower) ? ALIAS[lower]! : lower;
  if (alias === 'S-tab') return { name: 'tab', ...held, shift: true };
  return KNOWN.includes(alias) ? { name: alias, ...held } : null;
}

/** Kitty's flag 1 disambiguates, flag 8 reports every key as an escape code. */
const KITTY_DISAMBIGUATE = 1;
const KITTY_ALL = 8;

function character({ name, shift, meta, control }: Pressed, modifier: number, kitty: number): string | null {
  const special = CHARACTER[name];
  const code = special ?? name.codePointAt(0)!;
  const plainEnter = name === 'enter' || name === 'tab' || name === 'backspace';
  const ambiguous = name === 'esc' || control || meta || (plainEnter && modifier > 1);
  if ((kitty & KITTY_ALL) !== 0 || ((kitty & KITTY_DISAMBIGUATE) !== 0 && ambiguous)) {
    const lower = special ?? name.toLowerCase().codePointAt(0)!;
    return `\u001b[${lower}${modifier > 1 ? `;${modifier}` : ''}u`;
  }
  const legacy = legacyCharacter(name, code, shift, control);
  return legacy === null ? null : (meta ? '\u001b' : '') + legacy;
}

function legacyCharacter(name: string, code: number, shift: boolean, control: boolean): string | null {
  if (name === 'tab' && shift) return '\u001b[Z';
  if (control) return controlled(name, code);
  return String.fromCodePoint(shift && name.length === 1 ? name.toUpperCase().codePointAt(0)! : code);
}

/** Ctrl takes bits 6 and 7 away: @ A…Z [ \ ] ^ _ are 0 to 31. */
function controlled(name: string, code: number): string | null {
  if (name === 'space') return '\u0000';
  if (name === 'backspace') return '\b';
  if (name === '?') return '\u007f';
  if (name === 'enter' || name === 'tab' || name === 'esc') return String.fromCodePoint(code);
  const upper = name.toUpperCase().codePointAt(0)!;
  return upper >= 0x40 && upper <= 0x5f ? String.fromCodePoint(upper & 0x1f) : null;
}
