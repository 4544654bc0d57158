import type { AgentId } from '../../core/model/agent.ts';
import { clamp } from '../layout/geometry.ts';

/** A cell of the scrollback: absolute line, column from 0. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

export interface Match extends Point {
  /** Cells. */
  readonly length: number;
}

/** Looking at a pane's past: nothing here moves when the program prints. */
export interface ScrollView {
  readonly agent: AgentId;
  readonly pane: number;
  /** Absolute number of the first line in view. */
  readonly top: number;
  readonly caret: Point | null;
  /** Where the selection starts; null while the caret only walks. */
  readonly anchor: Point | null;
  readonly linewise: boolean;
  readonly query: string;
  /** Oldest first. */
  readonly matches: readonly Match[];
  readonly current: number;
}

/** What there is to look at, as the connection knows it at this moment. */
export interface ScrollBounds {
  readonly oldest: number;
  /** Absolute number of the live screen's first line. */
  readonly base: number;
  /** Rows and columns of the live screen, and rows that its pane has on this screen. */
  readonly rows: number;
  readonly cols: number;
  readonly view: number;
}

export type CaretMove =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'line-start'
  | 'line-end'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom';

/** The last line that may be the first in view: the live screen's end at the bottom, or all of it where it is smaller. */
export function lastTop(bounds: ScrollBounds): number {
  return Math.max(bounds.oldest, bounds.base + Math.max(0, bounds.rows - bounds.view));
}

/** @param top the line that is the first in view already: nothing moves by entering */
export function enterScroll(agent: AgentId, pane: number, top: number): ScrollView {
  return {
    agent,
    pane,
    top,
    caret: null,
    anchor: null,
    linewise: false,
    query: '',
    matches: [],
    current: -1,
  };
}

export function scrollTo(view: ScrollView, top: number, bounds: ScrollBounds): ScrollView {
  return { ...view, top: clamp(top, bounds.oldest, lastTop(bounds)) };
}

export function startCaret(view: ScrollView, bounds: ScrollBounds, at: Point | null): ScrollView {
  const match = view.matches[view.current];
  const inView = match && match.line >= view.top && match.line < view.top + bounds.view;
  const caret = at ?? (inView ? match : { line: view.top + bounds.view - 1, column: 0 });
  return { ...view, caret, anchor: caret, linewise: false };
}

/** Moves the caret, and the view after it where it would leave it. */
export function moveCaret(view: ScrollView, move: CaretMove, bounds: ScrollBounds): ScrollView {
  if (!view.caret) return view;
  const caret = moved(view.caret, move, bounds);
  return follow({ ...view, caret }, caret.line, bounds);
}

/** The view with `line` in sight, moved as little as that takes. */
export function follow(view: ScrollView, line: number, bounds: ScrollBounds): ScrollView {
  const least = line - bounds.view + 1;
  return scrollTo(view, clamp(view.top, least, line), bounds);
}

function moved(at: Point, move: CaretMove, bounds: ScrollBounds): Point {
  const last = bounds.base + bounds.rows - 1;
  const line = (to: number) => ({ line: clamp(to, bounds.oldest, last), column: at.column });
  const column = (to: number) => ({ line: at.line, column: clamp(to, 0, bounds.cols - 1) });
  switch (move) {
    case 'left':
      return column(at.column - 1);
    case 'right':
      return column(at.column + 1);
    case 'line-start':
      return column(0);
    case 'line-end':
      return column(bounds.cols - 1);
    case 'up':
      return line(at.line - 1);
    case 'down':
      return line(at.line + 1);
    case 'page-up':
      return line(at.line - bounds.view);
    case 'page-down':
      return line(at.line + bounds.view);
    case 'top':
      return line(bounds.oldest);
    case 'bottom':
      return line(last);
  }
}

export function withMatches(
  view: ScrollView,
  query: string,
  matches: readonly Match[],
  bounds: ScrollBounds,
): ScrollView {
  // Up from what is in view, as one looks back for something that went by.
  const bottom = view.top + bounds.view;
  const current = matches.findLastIndex((match) => match.line < bottom);
  return showMatch({ ...view, query, matches }, current < 0 ? matches.length - 1 : current, bounds);
}

/** The next match: -1 for older, 1 for newer; round at the ends. */
export function stepMatch(view: ScrollView, step: -1 | 1, bounds: ScrollBounds): ScrollView {
  const count = view.matches.length;
  return count === 0 ? view : showMatch(view, (view.current + step + count) % count, bounds);
}

function showMatch(view: ScrollView, current: number, bounds: ScrollBounds): ScrollView {
  const match = view.matches[current];
  if (!match) return { ...view, current: -1 };
  const seen = match.line >= view.top && match.line < view.top + bounds.view;
  const placed = seen ? view : scrollTo(view, match.line - Math.floor(bounds.view / 2), bounds);
  return { ...placed, current };
}

/** First and last cell of the selection, in reading order; null where nothing is selected. */
export function selectionOf(view: ScrollView): { readonly from: Point; readonly to: Point } | null {
  const { caret, anchor } = view;
  if (!caret || !anchor) return null;
  const forward = anchor.line < caret.line || (anchor.line === caret.line && anchor.column <= caret.column);
  const [from, to] = forward ? [anchor, caret] : [caret, anchor];
  if (!view.linewise) return { from, to };
  return { from: { line: from.line, column: 0 }, to: { line: to.line, column: Number.MAX_SAFE_INTEGER } };
}
