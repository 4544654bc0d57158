import Line from 'blessed-contrib/lib/widget/charts/line.js';
import drawille from 'drawille-canvas-blessed-contrib';
import type { ChartRow, LineChart } from './api.ts';
import { readFrame } from './frame.ts';
import { amount, label } from './guard.ts';

const LEAST_COLS = 24;
const LEAST_ROWS = 6;
/** Dots of a braille cell. */
const DOTS_X = 2;
const DOTS_Y = 4;
const LABEL_MOST = 10;
/** Left of the axis. */
const SCALE_COLS = 5;

/** Draws with the widget's own code on a canvas of `cols` × `rows` braille cells. */
export function drawLines(chart: LineChart): readonly ChartRow[] {
  const { cols, rows } = chart;
  const series = chart.series.filter(({ values }) => values.length > 1);
  const points = Math.max(chart.labels.length, ...series.map(({ values }) => values.length));
  if (cols < LEAST_COLS || rows < LEAST_ROWS || series.length === 0) return [];
  const largest = Math.max(...series.map(({ values }) => Math.max(...values.map((value) => amount(value)))));
  const steps = Math.min(5, rows - 4);
  const maxY = steps * stepOf(Math.max(amount(chart.atLeast), largest), steps, rows * DOTS_Y);
  const x = Array.from({ length: points }, (_, i) => label(chart.labels[i] ?? '', LABEL_MOST));
  const data = series.map(({ ink, values }) => ({
    x,
    y: values.map((value) => amount(value, maxY)),
    title: '',
    style: { line: ink },
  }));
  const longest = Math.max(...x.map((text) => text.length));
  const options = { ...optionsFor(steps, maxY), showNthLabel: labelStep(points, longest, cols) };
  const canvasSize = { width: cols * DOTS_X, height: rows * DOTS_Y };
  const ctx = new drawille.Canvas(canvasSize.width, canvasSize.height).getContext();
  Line.prototype.setData.call({ ctx, canvasSize, width: cols, height: rows, options: options }, data);
  return readFrame(ctx._canvas.frame('\n'), cols, rows);
}

/** The widget reckons with as many points as the first series has: with labels beyond them its own would overlap. */
function labelStep(points: number, longest: number, cols: number): number {
  const fitting = Math.max(1, Math.floor((cols - SCALE_COLS) / (longest + 2)));
  return Math.max(1, Math.ceil(points / fitting));
}

/** The widget keeps this many dots free below the axis, and lifts lines above it by two. */
const FOOT = 11;
const LIFT = 3;

/**
 * Of 1, 2 or 5 times a power of ten, so that the labels, which the widget rounds, are true; large enough that the highest
 * point is still within the canvas. Never 0: the widget would write labels for ever.
 */
function stepOf(most: number, steps: number, height: number): number {
  const least = (most * (height - FOOT)) / (height - FOOT - LIFT) / steps;
  if (!(least > SMALLEST)) return SMALLEST;
  const power = 10 ** Math.floor(Math.log10(least));
  return (RUNGS.find((rung) => rung * power >= least) ?? 10) * power;
}

const RUNGS = [1, 2, 5] as const;
/** Labels have two decimals. */
const SMALLEST = 0.1;

function optionsFor(steps: number, maxY: number) {
  return {
    style: { line: 'white', text: 'normal', baseline: 'black' },
    xLabelPadding: 5,
    xPadding: SCALE_COLS * DOTS_X,
    numYLabels: steps,
    legend: {},
    showLegend: false,
    wholeNumbersOnly: false,
    abbreviate: false,
    minY: 0,
    maxY,
  };
}
