import type { Direction } from '../keys/commands.ts';
import type { Rect } from '../paint/api.ts';
import type { RoomLayout } from '../layout/room.ts';

/**
 * The agent that lies next in that direction, by where boxes are on screen: the nearest edge first, then what is level
 * with the middle. Up and down go on to agents out of sight. @returns its position in the order, or null
 */
export function neighbour(layout: RoomLayout, from: number, direction: Direction): number | null {
  const here =
    layout.panes.find((pane) => pane.index === from && pane.kind === 'full') ??
    layout.panes.find((pane) => pane.index === from);
  if (!here) return null;
  const others = layout.panes.filter((pane) => pane.index !== from);
  let best: { index: number; cost: number } | null = null;
  for (const { index, box } of others) {
    const cost = distance(here.box, box, direction);
    if (cost !== null && (!best || cost < best.cost)) best = { index, cost };
  }
  if (best) return best.index;
  const last = Math.max(...layout.panes.map((pane) => pane.index));
  const first = Math.min(...layout.panes.map((pane) => pane.index));
  if (direction === 'down' && layout.after > 0) return last + 1;
  return direction === 'up' && layout.before > 0 ? first - 1 : null;
}

/** Null where `to` doesn't lie in that direction. */
function distance(from: Rect, to: Rect, direction: Direction): number | null {
  const gap = {
    left: from.x - (to.x + to.width),
    right: to.x - (from.x + from.width),
    up: from.y - (to.y + to.height),
    down: to.y - (from.y + from.height),
  }[direction];
  if (gap < 0) return null;
  const across = direction === 'left' || direction === 'right';
  const aside = across ? apart(from.y, from.height, to.y, to.height) : apart(from.x, from.width, to.x, to.width);
  const middles = across
    ? Math.abs(from.y + from.height / 2 - to.y - to.height / 2)
    : Math.abs(from.x + from.width / 2 - to.x - to.width / 2);
  return gap * 10 + aside * 100 + middles / 100;
}

/** How far two stretches are from overlapping. */
function apart(a: number, aLength: number, b: number, bLength: number): number {
  return Math.max(0, b - (a + aLength) + 1, a - (b + bLength) + 1);
}
