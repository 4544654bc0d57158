/** A chord that may leave pane mode: one that no program needs for typing. */

const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Super'] as const;
const SHORT: Readonly<Record<string, (typeof MODIFIERS)[number]>> = { c: 'Ctrl', m: 'Alt', s: 'Shift' };

/** In terminals without the kitty keyboard protocol these are the same byte as Tab, Enter, Esc, Backspace. */
const SAME_BYTE: Readonly<Record<string, string>> = {
  'Ctrl+i': 'Tab',
  'Ctrl+m': 'Enter',
  'Ctrl+[': 'Esc',
  'Ctrl+h': 'Backspace',
};

export type Chord = { readonly ok: true; readonly chord: string } | { readonly ok: false; readonly reason: string };

/** `ctrl-q`, `C-q`, `Ctrl+Q` → `Ctrl+q`. */
export function readChord(text: string): Chord {
  const parts = text.trim().split(/[+-](?=.)/);
  const base = parts.pop() ?? '';
  const modifiers = parts.map(
    (part) => MODIFIERS.find((name) => name.toLowerCase() === part.toLowerCase()) ?? SHORT[part.toLowerCase()],
  );
  const functionKey = /^f([1-9]|1\d|2[0-4])$/i.test(base);
  if (modifiers.includes(undefined) || (!functionKey && [...base].length !== 1)) {
    return { ok: false, reason: 'it is no chord; write one such as Ctrl+q, Ctrl+], Alt+x or F12' };
  }
  const order = MODIFIERS.filter((name) => modifiers.includes(name));
  if (!functionKey && !order.some((name) => name !== 'Shift')) {
    return { ok: false, reason: 'programs need it for typing; write one with Ctrl or Alt, such as Ctrl+q' };
  }
  const chord = [...order, functionKey ? base.toUpperCase() : base.toLowerCase()].join('+');
  if (chord === 'Ctrl+b') return { ok: false, reason: 'tmux and readline need it; write another, such as Ctrl+q' };
  const same = SAME_BYTE[chord];
  if (same) return { ok: false, reason: `terminals send it for ${same}; write another, such as Ctrl+q` };
  return { ok: true, chord };
}
