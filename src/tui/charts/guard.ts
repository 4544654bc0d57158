/** Makes input harmless: the drawing code loops for ever on some numbers, and writes labels as they come. */

/** Far above anything measured, far below where floating point loses whole numbers. */
const MOST = 1e12;

/** A number within 0 and `most`; what is no number counts as 0. */
export function amount(value: number, most = MOST): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : value === Number.POSITIVE_INFINITY ? most : 0;
}

/** One column a character and never empty: the canvas places characters by their count, and writes nothing for "" wrongly. */
export function label(text: string, most: number): string {
  const safe = text.replaceAll(/[^\x20-\x7e]/gu, '?');
  return (safe.length > most ? `${safe.slice(0, Math.max(0, most - 1))}~` : safe) || ' ';
}
