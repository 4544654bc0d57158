/** The first frame as text, in the form that Ink's own frames have: shown while Ink is still being read. */
import type { Rect } from '../paint/api.ts';
import type { PaneScene } from '../panes/pane-scene.ts';
import { inCharset } from '../theme/charset.ts';
import { type AnsiOptions, type Line, fitLine, toAnsi } from '../widgets/line.ts';
import type { Scene } from './scene.ts';

/** One row's text from column `x` on. */
interface Piece {
  readonly x: number;
  readonly width: number;
  readonly text: string;
}

/**
 * The same cells as RoomApp's, but for a popup and the banner, which leave what they cover blank.
 * @returns lines parted by \n, with SGR sequences
 */
export function firstFrame(scene: Scene, size: { readonly rows: number }, ansi: AnsiOptions): string {
  const rows = Array.from({ length: size.rows }, (): Piece[] => []);
  const put = (rect: Rect, lines: readonly Line[]): void => {
    lines.slice(0, rect.height).forEach((line, i) => {
      const text = toAnsi(fitLine(line, rect.width), ansi);
      rows[rect.y + i]?.push({ x: rect.x, width: rect.width, text });
    });
  };
  for (const pane of scene.panes) {
    put(pane.box, [pane.title]);
    putSides(pane, put, ansi);
    if (pane.foot) put({ ...pane.box, y: pane.box.y + pane.box.height - 1, height: 1 }, [pane.foot]);
  }
  for (const { rect, lines } of scene.blocks) put(rect, lines);
  return rows.map(rowText).join('\n');
}

function putSides({ box, hole, kind, side }: PaneScene, put: (rect: Rect, lines: Line[]) => void, ansi: AnsiOptions) {
  const [char, paint] = side;
  const column = Array.from({ length: hole.height }, (): Line => [[inCharset(char, ansi.charset), paint]]);
  const at = { y: box.y + 1, width: 1, height: hole.height };
  put({ ...at, x: box.x }, column);
  if (kind === 'full') put({ ...at, x: box.x + box.width - 1 }, column);
}

/** Pieces of one row don't overlap. */
function rowText(pieces: readonly Piece[]): string {
  let at = 0;
  let out = '';
  for (const { x, width, text } of [...pieces].sort((a, b) => a.x - b.x)) {
    out += ' '.repeat(Math.max(0, x - at)) + text;
    at = x + width;
  }
  return out;
}
