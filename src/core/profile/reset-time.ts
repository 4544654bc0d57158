/** When a limit ends, as programs word it. */

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/**
 * Understands `59m 58s`, `1h30m`, `45 seconds`, ISO 8601, seconds and milliseconds since 1970, and times of day: `9:49 PM UTC`, `3pm`, `15:00`.
 * @param now milliseconds since 1970
 * @param zoneMinutes how far local time is ahead of UTC
 * @returns milliseconds since 1970; null where it isn't understood
 */
export function resetTime(text: string, now: number, zoneMinutes: number): number | null {
  const words = text.trim();
  if (/^\d{10}$/.test(words)) return Number(words) * 1000;
  if (/^\d{13}$/.test(words)) return Number(words);
  if (/^\d{4}-\d\d-\d\dT/.test(words)) {
    const at = Date.parse(words);
    return Number.isNaN(at) ? null : at;
  }
  return lengthOf(words, now) ?? timeOfDay(words, now, zoneMinutes);
}

function lengthOf(words: string, now: number): number | null {
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|m|s)[a-z]*/gi)];
  const rest = words.replaceAll(/(\d+(?:\.\d+)?)\s*(?:d|h|m|s)[a-z]*/gi, '').replaceAll(/\b(?:in|and)\b|[\s,]/gi, '');
  if (parts.length === 0 || rest !== '') return null;
  return parts.reduce((at, [, count, unit]) => at + Number(count) * UNIT_MS[unit!.toLowerCase()]!, now);
}

function timeOfDay(words: string, now: number, zoneMinutes: number): number | null {
  const found = /(?:^|\s)(\d{1,2})(?::(\d\d))?\s*(am|pm)?\s*(?:\(?(utc|gmt|z)\)?)?/i.exec(words);
  if (!found || (found[2] === undefined && found[3] === undefined)) return null;
  const half = found[3]?.toLowerCase();
  const hour = half === undefined ? Number(found[1]) : (Number(found[1]) % 12) + (half === 'pm' ? 12 : 0);
  const minute = Number(found[2] ?? 0);
  if (hour > 23 || minute > 59) return null;
  const zoneMs = found[4] === undefined ? zoneMinutes * 60_000 : 0;
  const dayStart = Math.floor((now + zoneMs) / UNIT_MS['d']!) * UNIT_MS['d']! - zoneMs;
  const at = dayStart + hour * UNIT_MS['h']! + minute * UNIT_MS['m']!;
  // What is past is meant of tomorrow.
  return at > now ? at : at + UNIT_MS['d']!;
}
