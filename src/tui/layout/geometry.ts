import type { Rect } from '../paint/api.ts';

/** `total` cut into `parts` whole numbers that differ by one at most, the larger ones first. */
export function split(total: number, parts: number): number[] {
  const base = Math.floor(total / parts);
  const extra = total - base * parts;
  return Array.from({ length: parts }, (_, i) => base + (i < extra ? 1 : 0));
}

/** The rectangle cut into rows, top to bottom, whose heights differ by one at most. */
export function rowsOf(rect: Rect, count: number): Rect[] {
  let y = rect.y;
  return split(rect.height, count).map((height) => {
    const row = { x: rect.x, y, width: rect.width, height };
    y += height;
    return row;
  });
}

export function columnsOf(rect: Rect, count: number): Rect[] {
  let x = rect.x;
  return split(rect.width, count).map((width) => {
    const column = { x, y: rect.y, width, height: rect.height };
    x += width;
    return column;
  });
}

/** What is left inside a frame one cell thick. */
export function inset(rect: Rect): Rect {
  return {
    x: rect.x + 1,
    y: rect.y + 1,
    width: Math.max(0, rect.width - 2),
    height: Math.max(0, rect.height - 2),
  };
}

export function contains(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A rectangle of at most this size in the middle of another. */
export function centred(outer: Rect, width: number, height: number): Rect {
  const w = Math.min(width, outer.width);
  const h = Math.min(height, outer.height);
  return {
    x: outer.x + Math.floor((outer.width - w) / 2),
    y: outer.y + Math.floor((outer.height - h) / 2),
    width: w,
    height: h,
  };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
