import { type ChartRow, type ChartRun, INKS, type Ink } from './api.ts';

const SGR = /\u001b\[([\d;]*)m/;
const DEFAULT = 9;

/**
 * Reads back what a canvas drew: SGR sequences of the eight colours (ECMA-48 8.3.117: 30–37, 39, 40–47, 49) around single cells,
 * as runs. Never more than `cols` columns or `rows` rows, whatever the canvas says; other sequences are dropped.
 */
export function readFrame(frame: string, cols: number, rows: number): readonly ChartRow[] {
  return frame
    .split('\n')
    .slice(0, rows)
    .map((line) => readLine(line, cols));
}

function readLine(line: string, cols: number): ChartRow {
  const runs: ChartRun[] = [];
  let fg: Ink | null = null;
  let bg: Ink | null = null;
  let left = cols;
  line.split(SGR).forEach((part, i) => {
    if (i % 2 === 1) {
      const code = Number(part);
      if (code >= 30 && code <= 30 + DEFAULT) fg = INKS[code - 30] ?? null;
      if (code >= 40 && code <= 40 + DEFAULT) bg = INKS[code - 40] ?? null;
      return;
    }
    const text = part.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '').slice(0, left);
    left -= text.length;
    // Text on a bar keeps its own ink: what a terminal lacks in colours must not hide it.
    const block = bg !== null && text.trim() === '';
    if (text !== '') append(runs, { text, ink: block ? bg : fg, block });
  });
  return runs;
}

function append(runs: ChartRun[], run: ChartRun): void {
  const last = runs.at(-1);
  const blank = !run.block && run.text.trim() === '';
  if (last && !last.block && !run.block && (blank || last.ink === run.ink)) {
    runs[runs.length - 1] = { ...last, text: last.text + run.text };
  } else if (last && last.block && run.block && last.ink === run.ink) {
    runs[runs.length - 1] = { ...last, text: last.text + run.text };
  } else runs.push(run);
}
