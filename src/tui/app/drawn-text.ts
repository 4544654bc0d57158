/** All that Ink draws of a scene, as one text: where it is the same, the screen is. What the stage paints itself is not in it. */
import type { Rect } from '../paint/api.ts';
import { type AnsiOptions, type Line, toAnsi } from '../widgets/line.ts';
import type { Scene } from './scene.ts';

export function drawnText(
  scene: Scene,
  { cols, rows }: { readonly cols: number; readonly rows: number },
  ansi: AnsiOptions,
): string {
  const parts: string[] = [`${cols} ${rows}`];
  const put = (name: string, { x, y, width, height }: Rect, lines: readonly Line[]): void => {
    parts.push(`${name} ${x} ${y} ${width} ${height}`, ...lines.map((line) => toAnsi(line, ansi)));
  };
  for (const { agent, pane, kind, box, hole, title, foot, side } of scene.panes) {
    put(`${agent} ${pane} ${kind} ${hole.height}`, box, [title, [side], ...(foot ? [foot] : [])]);
  }
  for (const { id, rect, lines } of scene.blocks) put(id, rect, lines);
  if (scene.popup) put('popup', scene.popup.rect, scene.popup.lines);
  if (scene.banner) put('banner', scene.banner.rect, scene.banner.lines);
  return parts.join('\n');
}
