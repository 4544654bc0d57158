/** Amounts of bytes as people read them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
export type ByteUnit = (typeof UNITS)[number];

/** The largest unit of which `bytes` holds at least one, and how many bytes it is (a thousand times the one before). */
export function byteUnit(bytes: number): { readonly unit: ByteUnit; readonly size: number } {
  let index = 0;
  let size = 1;
  // From 999.5 on it would be written as 1000.
  while (index < UNITS.length - 1 && bytes >= size * 999.5) {
    index++;
    size *= 1000;
  }
  return { unit: UNITS[index]!, size };
}

/** `0 B`, `1.2 KB`, `84 MB`: at most 999 and at most one decimal. */
export function bytesText(bytes: number): string {
  const { unit, size } = byteUnit(bytes);
  const amount = bytes / size;
  return `${size > 1 && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
