/** Times of the day as plans write them: `09:00` in minutes since midnight; null where it is none. */
export function minuteOf(at: string): number | null {
  const match = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(at);
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}
