import type { PaneScreen, RoomClient } from '../../client/api.ts';
import { CODEPOINT_MASK, COMBINED, WORDS_PER_CELL } from '../../core/cells.ts';
import type { PaneSource, Rect } from '../paint/api.ts';
import { LiveSource } from '../paint/sources.ts';

/** The last lines of a pane that hold anything: what a folded pane shows. */
export class TailSource extends LiveSource implements PaneSource {
  readonly detached = true;
  readonly #client: RoomClient;

  constructor(client: RoomClient, pane: number) {
    super(client, pane);
    this.#client = client;
  }

  override origin(rect: Rect): { readonly x: number; readonly y: number } {
    const screen = this.#client.screen(this.pane);
    return { x: 0, y: screen ? Math.max(0, lastUsedRow(screen) + 1 - rect.height) : 0 };
  }

  override cursor(): null {
    return null;
  }
}

/** The last row with anything but blanks on it; -1 where all are blank. */
export function lastUsedRow(screen: Pick<PaneScreen, 'cols' | 'rows' | 'cells'>): number {
  const words = screen.cols * WORDS_PER_CELL;
  for (let y = screen.rows - 1; y >= 0; y--) {
    for (let at = y * words; at < (y + 1) * words; at += WORDS_PER_CELL) {
      const code = screen.cells[at]! & (CODEPOINT_MASK | COMBINED);
      if (code !== 0 && code !== 32) return y;
    }
  }
  return -1;
}
