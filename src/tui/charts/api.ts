/** Charts as rows of text. Every function takes any numbers and any labels, and gives [] where there is no room or no data. */

/** The colours that blessed-contrib knows: names for roles here; the theme says how each looks. */
export const INKS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
export type Ink = (typeof INKS)[number];

/** Text in one ink; null is the ink of labels. `block`: blanks filled with the ink. */
export interface ChartRun {
  readonly text: string;
  readonly ink: Ink | null;
  readonly block: boolean;
}

export type ChartRow = readonly ChartRun[];

export interface Series {
  readonly ink: Ink;
  readonly values: readonly number[];
}

export interface LineChart {
  /** Columns and rows of the whole chart, at least 24 × 6. */
  readonly cols: number;
  readonly rows: number;
  /** One a point, left to right; shown where there is room. May go on where the values end. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** Top of the scale, or above it the largest value. */
  readonly atLeast: number;
}

export interface BarChart {
  /** At least 12 × 7. Bars that don't fit are left out, the last ones first. */
  readonly cols: number;
  readonly rows: number;
  readonly ink: Ink;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

export interface Charts {
  /** Lines of braille dots over an axis with labels. */
  line(chart: LineChart): readonly ChartRow[];
  /** Upright bars, each with its value and its label below it. */
  bars(chart: BarChart): readonly ChartRow[];
  /** One column a value, lowest to highest. */
  spark(values: readonly number[]): string;
}
