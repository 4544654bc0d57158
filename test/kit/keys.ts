/** What a terminal sends for a key, in the legacy encoding (xterm's ctlseqs, "PC-Style Function Keys"). */

const ARROWS: Readonly<Record<string, string>> = { Up: 'A', Down: 'B', Right: 'C', Left: 'D', Home: 'H', End: 'F' };

const PLAIN: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\x1b',
  Tab: '\t',
  'S-Tab': '\x1b[Z',
  Backspace: '\x7f',
  Space: ' ',
  Insert: '\x1b[2~',
  Delete: '\x1b[3~',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
  F1: '\x1bOP',
  F2: '\x1bOQ',
  F5: '\x1b[15~',
  F12: '\x1b[24~',
};

/**
 * @param name a character, a name of the tables above, or one with `C-` or `M-` before it
 * @param applicationCursor DECCKM is on: arrows go out as SS3
 */
export function keyBytes(name: string, applicationCursor = false): string {
  const arrow = ARROWS[name];
  if (arrow !== undefined) return `\x1b${applicationCursor ? 'O' : '['}${arrow}`;
  const plain = PLAIN[name];
  if (plain !== undefined) return plain;
  if (name.startsWith('M-')) return `\x1b${keyBytes(name.slice(2), applicationCursor)}`;
  if (name.startsWith('C-') && name.length === 3) return String.fromCharCode(name.charCodeAt(2) & 0x1f);
  if ([...name].length === 1) return name;
  throw new Error(`the test kit knows no key "${name}"`);
}

export type MouseKind = 'press' | 'release' | 'move' | 'drag' | 'wheel-up' | 'wheel-down';

const MOUSE: Readonly<Record<MouseKind, number>> = {
  press: 0,
  release: 0,
  move: 35,
  drag: 32,
  'wheel-up': 64,
  'wheel-down': 65,
};

/** An SGR mouse report (mode 1006). `x` and `y` count from 0, the report from 1. */
export function mouseBytes(kind: MouseKind, x: number, y: number): string {
  return `\x1b[<${MOUSE[kind]};${x + 1};${y + 1}${kind === 'release' ? 'm' : 'M'}`;
}
