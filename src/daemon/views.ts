/** What clients show: how large each pane's terminal is, and how closely it is watched. */
import type { WatchMode } from '../adapters/terminal/api.ts';
import type { PaneView } from '../protocol/messages.ts';
import type { Panes } from './panes.ts';

/** A client as far as sizes are concerned. */
export interface Viewer {
  readonly readOnly: boolean;
  readonly panes: ReadonlyMap<number, PaneView>;
  readonly focus: number | null;
  /** Monotonic; when a person last did something there. */
  readonly activeAt: number;
}

/** A row of a screen fits a frame of the protocol even when every cell of it is different. */
const MAX_COLS = 600;
const MAX_ROWS = 300;

/**
 * The size of a pane is that of the client in which a person was active last, of those that show it and may type.
 * Others crop what doesn't fit, so that a small second terminal doesn't shrink the agents of the first.
 */
export function applyViews(panes: Panes, viewers: Iterable<Viewer>): void {
  const all = [...viewers].sort((a, b) => b.activeAt - a.activeAt);
  for (const { pane } of panes.all()) {
    const size = all
      .filter((viewer) => !viewer.readOnly)
      .map((viewer) => viewer.panes.get(pane))
      .find(hasSay);
    if (size) panes.resize(pane, clamp(size.cols, MAX_COLS), clamp(size.rows, MAX_ROWS));
    panes.show(pane, watchMode(pane, all));
  }
}

/** A folded pane shows some lines of the screen, whatever its size: that must not shrink the program's. */
function hasSay(view: PaneView | undefined): view is PaneView {
  return view !== undefined && view.cols > 0 && view.rows > 0;
}

function watchMode(pane: number, viewers: readonly Viewer[]): WatchMode {
  const showing = viewers.filter((viewer) => viewer.panes.has(pane));
  if (showing.length === 0) return 'none';
  return showing.some((viewer) => viewer.focus === pane) ? 'focus' : 'background';
}

function clamp(value: number, max: number): number {
  return Math.max(1, Math.min(max, Math.floor(value)));
}
