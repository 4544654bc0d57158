/** What the keyboard and the mouse said, decoded: the same in every terminal and key protocol. */

/**
 * One key. `name` is what bindings are written in: `a`, `A`, `?`, `Space`, `Enter`, `Tab`, `Shift+Tab`, `Esc`,
 * `Backspace`, `Delete`, `Insert`, `Up`, `Down`, `Left`, `Right`, `Home`, `End`, `PgUp`, `PgDn`, `F1`..`F24`; modifiers
 * in front in the order Ctrl+Alt+Shift+Super, letters in lower case after them: `Ctrl+q`, `Alt+x`, `Ctrl+Shift+Left`.
 */
export interface KeyEvent {
  readonly name: string;
  /** What a text field inserts: the character itself (or several, typed at once); '' for keys that aren't text. */
  readonly text: string;
}

export type MouseKind = 'press' | 'release' | 'drag' | 'move' | 'wheel-up' | 'wheel-down' | 'double';

/** A mouse report in cells from the top left of the terminal, from 0. `double` takes the place of the second press. */
export interface MouseEvent {
  readonly kind: MouseKind;
  /** 0 left, 1 middle, 2 right; 3 where none is held (`move`, wheel). */
  readonly button: number;
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/** Where decoded input goes. Keys, pastes and clicks that belong to a program in pane mode never come here. */
export interface InputHandlers {
  onKey(key: KeyEvent): void;
  /** A bracketed paste in control mode: line ends as \n, no escape sequences taken out. */
  onPaste(text: string): void;
  /** Every report in control mode; in pane mode those outside the pane, and those its program didn't ask for. */
  onMouse(event: MouseEvent): void;
  /** An exit chord was pressed in pane mode: control mode holds from here on. */
  onExitPane(): void;
  /** The operator's terminal window got or lost the focus. */
  onFocus(focused: boolean): void;
}
