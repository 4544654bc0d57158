/** Bits of a pane's `flags`: the terminal modes its program has switched on. On the wire in protocol/rows.ts. */
export const PANE_FLAG = {
  cursorVisible: 1,
  alternateScreen: 2,
  bracketedPaste: 4,
  applicationCursor: 8,
  applicationKeypad: 16,
  focusEvents: 32,
  /** Mouse tracking, two bits from here: 0 none, 1 press (1000), 2 drag (1002), 3 any motion (1003). */
  mouseShift: 6,
  mouseMask: 0b11 << 6,
  sgrMouse: 256,
  cursorBlink: 512,
  /** A full repaint: rows not named are blank (first frame, resize, screen switch). */
  full: 1024,
} as const;
