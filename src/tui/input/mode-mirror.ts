/**
 * Keeps the operator's terminal in the modes of the program that has the keys, so that its bytes are already right:
 * cursor keys (DECCKM), keypad, mouse tracking, cursor style, kitty keyboard flags. In control mode it has our own.
 * Bracketed paste, focus reports and SGR mouse coordinates are always on: the router takes them out where unwanted.
 */
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { mouseLevel } from './encode-mouse.ts';

/** What of a PaneScreen is mirrored. */
export interface PaneModes {
  readonly flags: number;
  readonly cursorStyle: number;
  readonly kittyFlags: number;
}

interface Modes {
  readonly appCursor: boolean;
  readonly appKeypad: boolean;
  readonly mouse: number;
  readonly cursorStyle: number;
  readonly kitty: number;
}

export interface MirrorOptions {
  /** Whether we want mouse reports for ourselves. */
  readonly mouse: boolean;
  /** The terminal can report the mouse at all. */
  readonly canMouse: boolean;
  readonly canCursorStyle: boolean;
}

const MOUSE_MODES = [0, 1000, 1002, 1003];
/** Esc, Ctrl and Alt chords told apart; text stays text. */
const OWN_KITTY = 1;
const DRAGS = 2;

export class ModeMirror {
  #options: MirrorOptions;
  #hasKitty = false;
  #current: Modes = { appCursor: false, appKeypad: false, mouse: 0, cursorStyle: 0, kitty: 0 };

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Whether the terminal codes Esc now, so that a lone ESC byte begins something else. */
  get isEscCoded(): boolean {
    return this.#hasKitty && (this.#current.kitty & 1) !== 0;
  }

  /** The terminal speaks the kitty keyboard protocol. @returns what pushes our flags on its stack */
  kittyFound(): string {
    if (this.#hasKitty) return '';
    this.#hasKitty = true;
    this.#current = { ...this.#current, kitty: 0 };
    return '\x1b[>0u';
  }

  /** @param pane - the pane that has the keys; null in control mode. @returns what brings the terminal there */
  follow(pane: PaneModes | null): string {
    const from = this.#current;
    const to = this.#wanted(pane);
    this.#current = to;
    let out = '';
    if (from.appCursor !== to.appCursor) out += to.appCursor ? '\x1b[?1h' : '\x1b[?1l';
    if (from.appKeypad !== to.appKeypad) out += to.appKeypad ? '\x1b=' : '\x1b>';
    if (from.mouse !== to.mouse) out += mouseChange(from.mouse, to.mouse);
    if (from.cursorStyle !== to.cursorStyle) out += `\x1b[${to.cursorStyle} q`;
    if (from.kitty !== to.kitty) out += `\x1b[=${to.kitty};1u`;
    return out;
  }

  #wanted(pane: PaneModes | null): Modes {
    const own = this.#options.mouse ? DRAGS : 0;
    const flags = pane?.flags ?? 0;
    return {
      appCursor: (flags & PANE_FLAG.applicationCursor) !== 0,
      appKeypad: (flags & PANE_FLAG.applicationKeypad) !== 0,
      mouse: this.#options.canMouse ? Math.max(own, mouseLevel(flags)) : 0,
      cursorStyle: this.#options.canCursorStyle ? (pane?.cursorStyle ?? 0) : 0,
      kitty: this.#hasKitty ? (pane ? pane.kittyFlags : OWN_KITTY) : 0,
    };
  }
}

function mouseChange(from: number, to: number): string {
  const off = from > 0 ? `\x1b[?${MOUSE_MODES[from]}l` : '\x1b[?1006h';
  return to > 0 ? `${off}\x1b[?${MOUSE_MODES[to]}h` : `${off}\x1b[?1006l`;
}
