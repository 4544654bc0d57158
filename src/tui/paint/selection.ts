/** A selection in a pane's scrollback, in absolute line numbers: it stays where it is while output goes on. */

export interface TextPoint {
  /** Absolute line, as PaneScreen.base counts. */
  readonly line: number;
  readonly x: number;
}

export interface Selection {
  readonly anchor: TextPoint;
  /** The end that moves; the cell under it is selected too. */
  readonly head: TextPoint;
  readonly shape: 'text' | 'line' | 'block';
}

/** Columns from..to (exclusive) of `line` that are selected; null where none is. */
export function selectedSpan(
  { anchor, head, shape }: Selection,
  line: number,
  cols: number,
): { readonly from: number; readonly to: number } | null {
  const isForward = anchor.line < head.line || (anchor.line === head.line && anchor.x <= head.x);
  const [start, end] = isForward ? [anchor, head] : [head, anchor];
  if (line < start.line || line > end.line) return null;
  switch (shape) {
    case 'line':
      return { from: 0, to: cols };
    case 'block':
      return { from: Math.min(anchor.x, head.x), to: Math.min(cols, Math.max(anchor.x, head.x) + 1) };
    case 'text':
      return { from: line === start.line ? start.x : 0, to: line === end.line ? Math.min(cols, end.x + 1) : cols };
  }
}

/** First and last line of a selection. */
export function selectedLines({ anchor, head }: Selection): { readonly first: number; readonly last: number } {
  return { first: Math.min(anchor.line, head.line), last: Math.max(anchor.line, head.line) };
}
