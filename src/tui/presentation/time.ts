/** Times as people read them at a glance. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in at most four columns: `12s`, `4m`, `3h`, `12d`. A time to come counts as now. */
export function age(sinceMs: number, nowMs: number): string {
  const ms = Math.max(0, nowMs - sinceMs);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h`;
  return `${Math.min(999, Math.floor(ms / DAY))}d`;
}

export const AGE_COLUMNS = 4;

/** How long something took: `85ms`, `2.1s`, `1m04s`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m${two(Math.floor((ms % MINUTE) / SECOND))}s`;
  return `${Math.floor(ms / HOUR)}h${two(Math.floor((ms % HOUR) / MINUTE))}m`;
}

/** Time of day here, `14:03:07` or `14:03`. */
export function clock(atMs: number, seconds = false): string {
  const date = new Date(atMs);
  const short = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${short}:${two(date.getSeconds())}` : short;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `14:03`, with the day before it where that isn't the day of `nowMs`. */
export function dayClock(atMs: number, nowMs: number): string {
  const [date, today] = [new Date(atMs), new Date(nowMs)];
  if (date.toDateString() === today.toDateString()) return clock(atMs);
  const month = date.toLocaleDateString('en', { month: 'short' });
  return `${date.getDate()} ${month} ${clock(atMs)}`;
}
