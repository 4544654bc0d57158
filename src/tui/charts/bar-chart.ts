import AnsiTerminal from 'ansi-term';
import Bar from 'blessed-contrib/lib/widget/charts/bar.js';
import drawille from 'drawille-canvas-blessed-contrib';
import type { BarChart, ChartRow } from './api.ts';
import { readFrame } from './frame.ts';
import { amount, label } from './guard.ts';

const LEAST_COLS = 12;
const LEAST_ROWS = 7;
const BAR = 6;
/** Columns from one bar to the next; its value and label have all but one of them. */
const SPACING = 10;
/** A value has one decimal and must fit under its bar. */
const MOST = 99_999;

/** Rows of values and labels. */
const TEXT_ROWS = 2;
/** Rows that the widget keeps free: one above the bars, three below for texts, which would overlap the bars' feet. */
const WIDGET_ROWS = 4;

export function drawBars({ cols, rows, ink, bars }: BarChart): readonly ChartRow[] {
  const shown = bars.slice(0, Math.floor((cols - 1) / SPACING));
  if (cols < LEAST_COLS || rows < LEAST_ROWS || shown.length === 0) return [];
  const canvasSize = { width: cols, height: rows - TEXT_ROWS + WIDGET_ROWS };
  const values = shown.map((bar) => Math.round(amount(bar.value, MOST) * 10) / 10);
  const ctx = new drawille.Canvas(cols, canvasSize.height, AnsiTerminal).getContext();
  const options = { barWidth: BAR, barSpacing: SPACING, xOffset: 0, showText: false, maxHeight: 1, barBgColor: ink };
  const clear = () => ctx.clearRect(0, 0, cols, canvasSize.height);
  Bar.prototype.setData.call({ ctx, canvasSize, options, clear }, { titles: [], data: values });
  const drawn = readFrame(ctx._canvas.frame('\n'), cols, canvasSize.height).slice(1, 1 + rows - TEXT_ROWS);
  return [...drawn, textRow(values.map(String)), textRow(shown.map((bar) => label(bar.label, SPACING - 2)))];
}

function textRow(texts: readonly string[]): ChartRow {
  return [{ text: texts.map((text) => ` ${text}`.padEnd(SPACING)).join(''), ink: null, block: false }];
}
