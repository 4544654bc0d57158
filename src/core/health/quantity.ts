/** Figures with their units, as programs and people write them: `1.2 s`, `340ms`, `12.5 MB`, `98 %`, `1e6 ops/s`. */

export interface Quantity {
  readonly value: number;
  /** As it was written; null: none stood there. */
  readonly unit: string | null;
}

const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?`;
const WORD = String.raw`[a-zA-Zµμ%°]+(?:\/[a-zA-Zµμ]+)?`;
const QUANTITY = new RegExp(String.raw`(${NUMBER})[ \t]?(${WORD})?`, 'g');

/** Time in nanoseconds, sizes in bytes; what is not here is only ever compared with itself. */
const SCALES: Readonly<Record<string, readonly [dimension: string, factor: number]>> = {
  ns: ['time', 1],
  us: ['time', 1e3],
  µs: ['time', 1e3],
  μs: ['time', 1e3],
  ms: ['time', 1e6],
  s: ['time', 1e9],
  sec: ['time', 1e9],
  secs: ['time', 1e9],
  seconds: ['time', 1e9],
  m: ['time', 60e9],
  min: ['time', 60e9],
  h: ['time', 3600e9],
  b: ['size', 1],
  B: ['size', 1],
  bytes: ['size', 1],
  kb: ['size', 1e3],
  kB: ['size', 1e3],
  KB: ['size', 1e3],
  MB: ['size', 1e6],
  GB: ['size', 1e9],
  KiB: ['size', 1024],
  MiB: ['size', 1024 ** 2],
  GiB: ['size', 1024 ** 3],
};

/** All in a line, in its order; a word behind a number is taken for its unit only where it is one that is known. */
export function quantitiesIn(text: string): readonly Quantity[] {
  return [...text.matchAll(QUANTITY)].flatMap(([, number, word]) => {
    const value = Number(number);
    return Number.isFinite(value) ? [{ value, unit: word !== undefined && isUnit(word) ? word : null }] : [];
  });
}

function isUnit(word: string): boolean {
  return Object.hasOwn(SCALES, word) || word === '%' || word.includes('/');
}

/**
 * The figure in `to`'s unit; null where the two can't be compared. A figure without a unit is taken to be in the other's.
 * @param to null: as it is
 */
export function inUnit({ value, unit }: Quantity, to: string | null): number | null {
  if (unit === null || to === null || unit === to) return value;
  const [from, target] = [SCALES[unit], SCALES[to]];
  if (!from || !target || from[0] !== target[0]) return null;
  return (value * from[1]) / target[1];
}

/** `1.25 s`: with as many digits as tell something. */
export function quantityText(value: number, unit: string | null): string {
  const shown = String(Number(value.toPrecision(6)));
  return unit === null ? shown : `${shown} ${unit}`;
}
