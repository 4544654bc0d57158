import type { RoomClient } from '../../client/api.ts';
import { WORDS_PER_CELL, cellWidth } from '../../core/cells.ts';
import { cellText } from './cell-text.ts';

/** The rows of a pane's screen as text, without colours; [] before its first rows came. */
export function screenText(client: Pick<RoomClient, 'screen' | 'clusters'>, pane: number): readonly string[] {
  const screen = client.screen(pane);
  if (!screen) return [];
  const { cells, cols, rows } = screen;
  return Array.from({ length: rows }, (_, y) => {
    let text = '';
    for (let x = 0; x < cols;) {
      const content = cells[(y * cols + x) * WORDS_PER_CELL]!;
      text += cellText(content, client.clusters);
      x += Math.max(1, cellWidth(content));
    }
    return text.trimEnd();
  });
}
