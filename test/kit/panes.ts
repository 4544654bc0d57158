/** Where a pane is on the outer terminal's screen, found by its frame and title as a person would. */
import type { OuterTerminal, Region } from './outer.ts';

const TOP_LEFT = '╭┏╔';
const TOP_RIGHT = '╮┓╗';
const BOTTOM_LEFT = '╰┗╚';

export interface PaneOnScreen extends Region {
  /** `focus`: heavy frame; `pane`: double frame, it has the keys; `other`: thin. */
  readonly look: 'other' | 'focus' | 'pane';
  readonly title: string;
  readonly foot: string;
}

/** The inside of the pane whose title names `name`; undefined where no frame does. */
export function findPane(tui: OuterTerminal, name: string): PaneOnScreen | undefined {
  return panesOnScreen(tui).find((pane) => new RegExp(`^\\d+ ${name} `).test(pane.title));
}

/** @throws Error with the screen where there is none */
export function paneOf(tui: OuterTerminal, name: string): PaneOnScreen {
  const pane = findPane(tui, name);
  if (pane === undefined) throw new Error(`no pane of ${name} on screen\n${tui.picture()}`);
  return pane;
}

/** All frames with a title of the form `1 name …`, from the top left. */
export function panesOnScreen(tui: OuterTerminal): PaneOnScreen[] {
  const found: PaneOnScreen[] = [];
  for (let y = 0; y < tui.rows; y++) {
    for (let x = 0; x < tui.cols; x++) {
      const corner = TOP_LEFT.indexOf(tui.cell(x, y).text || ' ');
      if (corner < 0) continue;
      const right = columnOf(tui, x + 1, y, TOP_RIGHT[corner]!);
      const bottom = rowOf(tui, x, y + 1, BOTTOM_LEFT[corner]!);
      if (right === undefined || bottom === undefined) continue;
      const title = text(tui, x + 2, y, right - 1).trim();
      if (!/^\d+ \S/.test(title)) continue;
      found.push({
        x: x + 1,
        y: y + 1,
        width: right - x - 1,
        height: bottom - y - 1,
        look: corner === 0 ? 'other' : corner === 1 ? 'focus' : 'pane',
        title,
        foot: text(tui, x + 1, bottom, right),
      });
    }
  }
  return found;
}

function columnOf(tui: OuterTerminal, from: number, y: number, corner: string): number | undefined {
  for (let x = from; x < tui.cols; x++) if (tui.cell(x, y).text === corner) return x;
  return undefined;
}

function rowOf(tui: OuterTerminal, x: number, from: number, corner: string): number | undefined {
  for (let y = from; y < tui.rows; y++) if (tui.cell(x, y).text === corner) return y;
  return undefined;
}

function text(tui: OuterTerminal, from: number, y: number, to: number): string {
  let out = '';
  for (let x = from; x < to; x++) out += tui.cell(x, y).text;
  return out;
}
