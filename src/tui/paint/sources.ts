/** Where a pane's cells come from while it is live. */
import type { PaneScreen, RoomClient } from '../../client/api.ts';
import { WORDS_PER_CELL } from '../../core/cells.ts';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import type { PaneSource, Rect } from './api.ts';

/** The pane's screen as it is now; empty until its first rows came. */
export class LiveSource implements PaneSource {
  #client: RoomClient;
  readonly pane: number;

  constructor(client: RoomClient, pane: number) {
    this.#client = client;
    this.pane = pane;
  }

  get cols(): number {
    return this.#screen?.cols ?? 0;
  }

  get rows(): number {
    return this.#screen?.rows ?? 0;
  }

  row(y: number): { readonly cells: Uint32Array; readonly offset: number } | null {
    const screen = this.#screen;
    if (!screen || y < 0 || y >= screen.rows) return null;
    return { cells: screen.cells, offset: y * screen.cols * WORDS_PER_CELL };
  }

  /** Where the screen is larger than its rectangle: the part with the cursor, else the bottom left. */
  origin(rect: Rect): { readonly x: number; readonly y: number } {
    const screen = this.#screen;
    return screen ? followCursor(screen, rect) : { x: 0, y: 0 };
  }

  cursor(): { readonly x: number; readonly y: number } | null {
    const screen = this.#screen;
    if (!screen || (screen.flags & PANE_FLAG.cursorVisible) === 0) return null;
    // The emulator's cursor may stand behind the last column, where a terminal shows it in it.
    return { x: Math.min(screen.cursorX, screen.cols - 1), y: screen.cursorY };
  }

  get #screen(): PaneScreen | undefined {
    return this.#client.screen(this.pane);
  }
}

/** First row and column to show; they move by half a rectangle at a time, so that typing doesn't wobble. */
export function followCursor(
  screen: Pick<PaneScreen, 'cols' | 'rows' | 'cursorX' | 'cursorY' | 'flags'>,
  rect: Pick<Rect, 'width' | 'height'>,
): { readonly x: number; readonly y: number } {
  const overX = Math.max(0, screen.cols - rect.width);
  const overY = Math.max(0, screen.rows - rect.height);
  const isHidden = (screen.flags & PANE_FLAG.cursorVisible) === 0;
  const isAlternate = (screen.flags & PANE_FLAG.alternateScreen) !== 0;
  // Programs that hide the cursor on a screen of their own keep what matters at the bottom.
  const isBottom = screen.cursorY >= overY || (isHidden && isAlternate);
  const y = isBottom ? overY : inSteps(screen.cursorY, rect.height >> 1);
  const x = isHidden || screen.cursorX < rect.width ? 0 : Math.min(overX, inSteps(screen.cursorX, rect.width >> 1));
  return { x, y };
}

function inSteps(value: number, step: number): number {
  return step < 1 ? value : Math.floor(value / step) * step;
}
