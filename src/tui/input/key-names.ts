/** How keys are named, in bindings and in the config. */

export interface Modifiers {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly super: boolean;
}

const NAMED = new Map(
  [
    'Space',
    'Enter',
    'Tab',
    'Esc',
    'Backspace',
    'Delete',
    'Insert',
    'Up',
    'Down',
    'Left',
    'Right',
    'Home',
    'End',
    'PgUp',
    'PgDn',
    ...Array.from({ length: 24 }, (_, i) => `F${i + 1}`),
  ].map((name) => [name.toLowerCase(), name] as const),
);
const ALIASES: Record<string, string> = {
  escape: 'Esc',
  return: 'Enter',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  del: 'Delete',
  ins: 'Insert',
  bs: 'Backspace',
};
const MODIFIERS: Record<string, keyof Modifiers> = {
  ctrl: 'ctrl',
  control: 'ctrl',
  c: 'ctrl',
  alt: 'alt',
  meta: 'alt',
  m: 'alt',
  shift: 'shift',
  s: 'shift',
  super: 'super',
};

/** @param key - a named key, or one character */
export function keyName(key: string, { ctrl, alt, shift, super: isSuper }: Modifiers): string {
  return `${ctrl ? 'Ctrl+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${isSuper ? 'Super+' : ''}${key}`;
}

/**
 * The one way in which a key is written: `ctrl+Q` and `C-q` become `Ctrl+q`, `pageup` becomes `PgUp`.
 * @returns null where it names no key
 */
export function normalizeKeyName(text: string): string | null {
  const parts = splitParts(text);
  const last = parts.pop();
  if (last === undefined) return null;
  const modifiers = { ctrl: false, alt: false, shift: false, super: false };
  for (const part of parts) {
    const modifier = MODIFIERS[part.toLowerCase()];
    if (!modifier) return null;
    modifiers[modifier] = true;
  }
  const key = NAMED.get(last.toLowerCase()) ?? ALIASES[last.toLowerCase()] ?? (last === ' ' ? 'Space' : last);
  if ([...key].length > 1 && !NAMED.has(key.toLowerCase())) return null;
  return keyName(foldCase(key, modifiers), modifiers);
}

/** A letter is itself when typed alone (`A`), lower case behind modifiers (`Ctrl+Shift+a`). */
function foldCase(key: string, modifiers: { ctrl: boolean; alt: boolean; shift: boolean }): string {
  if ([...key].length > 1) return key;
  if (modifiers.ctrl) return key.toLowerCase();
  if (!modifiers.shift) return key;
  modifiers.shift = false;
  return key.toUpperCase();
}

/** `Ctrl++` is Ctrl and +; `C-x` is how Emacs and tmux write it. */
function splitParts(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const match = /^([A-Za-z]+)[+-](?=.)/su.exec(rest);
    if (!match || !MODIFIERS[match[1]!.toLowerCase()]) break;
    parts.push(match[1]!);
    rest = rest.slice(match[0].length);
  }
  return rest === '' ? [] : [...parts, rest];
}

/** Keys that a terminal can't tell from these: they would leave the pane by surprise. */
const SAME_AS: Record<string, string> = { 'Ctrl+i': 'Tab', 'Ctrl+m': 'Enter', 'Ctrl+[': 'Esc', 'Ctrl+h': 'Backspace' };

/**
 * Chords that leave pane mode, in normal form.
 * @throws Error in one line that names the chord and what is wrong with it
 */
export function parseChords(chords: readonly string[]): ReadonlySet<string> {
  const parsed = new Set<string>();
  for (const chord of chords) {
    const name = normalizeKeyName(chord);
    if (name === null) throw new Error(`exit chord "${chord}" is not a key; write it like Ctrl+q, Alt+x or F12`);
    if (name === 'Ctrl+b')
      throw new Error("exit chord Ctrl+b is tmux's prefix and belongs to the agents; take another");
    if (SAME_AS[name])
      throw new Error(`exit chord ${name} is the same as ${SAME_AS[name]} to a terminal; take another`);
    if (!/^(?:Ctrl\+|Alt\+|Super\+|F\d)/u.test(name)) {
      throw new Error(`exit chord ${name} is needed for typing; take one with Ctrl or Alt, or a function key`);
    }
    parsed.add(name);
  }
  if (parsed.size === 0) throw new Error("at least one exit chord is needed, or nothing would leave an agent's pane");
  return parsed;
}

/** Control bytes with which `chords` may begin in the legacy encoding; those with Alt and function keys begin with ESC. */
export function chordBytes(chords: ReadonlySet<string>): ReadonlySet<number> {
  const bytes = new Set<number>();
  for (const name of chords) {
    const key = /^Ctrl\+(.|Space)$/su.exec(name)?.[1];
    if (key === undefined) continue;
    if (key === 'Space' || key === '@') bytes.add(0);
    else if (/[a-z[\\\]^_]/u.test(key)) bytes.add(key.toUpperCase().charCodeAt(0) & 0x1f);
  }
  return bytes;
}
