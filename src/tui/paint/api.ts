/** What the screens tell the painter: where panes go, what covers them, and which small fields it keeps fresh itself. */

/** Cells, from the top left of the terminal. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a pane's cells come from: its live screen, or scrollback with a selection. Read at paint time. */
export interface PaneSource {
  readonly cols: number;
  readonly rows: number;
  /** Rows aren't those of the live screen: all of them are looked at when output comes. */
  readonly detached?: boolean;
  /** Cells of row y: `cells` from word `offset`, `cols` cells long; null for a row past the end. */
  row(y: number): { readonly cells: Uint32Array; readonly offset: number } | null;
  /** First source row and column shown at the rectangle's top left, where the source is larger than its rectangle. */
  origin(rect: Rect): { readonly x: number; readonly y: number };
  /** Cursor in source coordinates; null or absent where none is to be shown. */
  cursor?(): { readonly x: number; readonly y: number } | null;
  /** Cells to show inverted or marked (selection, search matches), in source coordinates. */
  marks?(
    y: number,
  ): readonly { readonly from: number; readonly to: number; readonly kind: 'selection' | 'match' | 'current' }[];
}

export interface PanePlacement {
  readonly pane: number;
  /** The agent's screen only: frames and title bars are drawn around it by Ink. */
  readonly rect: Rect;
  /** Drawn faint: a paused agent. */
  readonly dim: boolean;
  readonly source: PaneSource;
}

/** A few cells that change by themselves (a spinner, an age): painted as cells, without waking React. */
export interface LiveField {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** How often it may change. The painter wakes for visible fields only. */
  readonly everyMs: number;
  /** Part of a popup: shown although a cover lies there. Other fields disappear under covers. */
  readonly inCover?: boolean;
  /** Text of at most `width` columns; colours are words of core/cells.ts. */
  render(nowMs: number): { readonly text: string; readonly fg: number; readonly bg: number };
}

/** Everything the painter needs beside Ink's own frame; handed over as a whole after each layout. */
export interface StageLayout {
  readonly panes: readonly PanePlacement[];
  /** Popups: cells inside come from Ink's frame, not from the panes below. */
  readonly covers: readonly Rect[];
  readonly fields: readonly LiveField[];
  /** Pane whose cursor is the terminal's cursor; null hides it unless `cursor` is given. */
  readonly focus: number | null;
  /** Cursor of a text input that Ink drew. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** The painter as the screens see it. Absent in component tests: panes then draw their rows as <Text>. */
export interface Stage {
  readonly cols: number;
  readonly rows: number;
  setLayout(layout: StageLayout): void;
  /** The source of `pane` changed outside of live output (scrolled, selected). */
  touch(pane: number): void;
  onResize(listener: (cols: number, rows: number) => void): () => void;
}
