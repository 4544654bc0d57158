/** Shares as agents report them. */

export function percentOf(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(Math.min(100, Math.max(0, value)));
}
