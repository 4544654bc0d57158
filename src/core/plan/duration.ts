/** Lengths of time as people write them: 90, 90s, 5m, 1h30m, 250ms. */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds; a bare number means seconds; null where it can't be read. */
export function parseDuration(text: string): number | null {
  const plain = text.trim();
  if (/^\d+(\.\d+)?$/.test(plain)) return Math.round(Number(plain) * 1000);
  if (!/^(\d+(\.\d+)?(ms|s|m|h)\s*)+$/.test(plain)) return null;
  let total = 0;
  for (const [, amount, unit] of plain.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit!] ?? 0);
  }
  return Math.round(total);
}
