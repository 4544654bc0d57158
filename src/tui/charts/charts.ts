/** The door to the charts. Imported only once a page wants them: the libraries take some tens of milliseconds to load. */
import type { Charts } from './api.ts';
import { drawBars } from './bar-chart.ts';
import { drawLines } from './line-chart.ts';
import { drawSpark } from './sparkline.ts';

export const charts: Charts = { line: drawLines, bars: drawBars, spark: drawSpark };
