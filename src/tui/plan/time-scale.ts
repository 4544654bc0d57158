/** Time across the columns of a screen. */
export interface TimeScale {
  /** Milliseconds since 1970: left edge, right edge. */
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [1, 5, 15, 30]
  .flatMap((n) => [n * SECOND, n * MINUTE])
  .concat([1, 2, 4, 8, 12, 24, 48].map((n) => n * HOUR));
const SORTED = STEPS.toSorted((a, b) => a - b);

/** Column of a moment, within the scale. */
export function columnOf({ from, to, columns }: TimeScale, at: number): number {
  const span = Math.max(1, to - from);
  return Math.max(0, Math.min(columns - 1, Math.floor(((at - from) / span) * columns)));
}

export interface Tick {
  readonly column: number;
  /** Milliseconds since the left edge. */
  readonly ms: number;
}

/** Round lengths of time, at least `apart` columns from one another; the first is the left edge. */
export function ticksOf(scale: TimeScale, apart: number): readonly Tick[] {
  const length = Math.max(1, scale.to - scale.from);
  const least = (length / scale.columns) * apart;
  const step = SORTED.find((one) => one >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  const ticks: Tick[] = [];
  for (let ms = 0; ms <= length && ticks.length < scale.columns; ms += step) {
    ticks.push({ column: columnOf(scale, scale.from + ms), ms });
  }
  return ticks;
}
