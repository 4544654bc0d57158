/** Left and right margins (DECLRMM, DECSLRM), which xterm.js lacks: enough of them for scrolling inside. */
import type { OuterTerminal } from './outer-terminal.testkit.ts';

interface Line {
  loadCell(x: number, into: unknown): unknown;
  setCell(x: number, cell: unknown): void;
  replaceCells(start: number, end: number, fill: object): void;
}

interface Core {
  readonly buffer: {
    readonly ybase: number;
    readonly scrollTop: number;
    readonly scrollBottom: number;
    readonly lines: { get(y: number): Line };
    getNullCell(attributes: unknown): object;
  };
  readonly _inputHandler: { _eraseAttrData(): unknown };
}

export function addMargins(outer: OuterTerminal): void {
  const { terminal } = outer;
  const core = (terminal as unknown as { _core: Core })._core;
  let isOn = false;
  let left = 0;
  let right = terminal.cols;
  const setMode = (value: boolean) => (params: (number | number[])[]) => {
    if (params[0] !== 69) return false;
    isOn = value;
    left = 0;
    right = terminal.cols;
    return true;
  };
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, setMode(true));
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, setMode(false));
  terminal.parser.registerCsiHandler({ final: 's' }, ([first, last]) => {
    if (!isOn) return false;
    left = Number(first) - 1;
    right = Number(last);
    return true;
  });
  terminal.parser.registerCsiHandler({ final: 'S' }, ([lines]) => {
    if (!isOn) return false;
    const { buffer } = core;
    const blank = buffer.getNullCell(core._inputHandler._eraseAttrData());
    const count = Number(lines) || 1;
    for (let y = buffer.scrollTop; y <= buffer.scrollBottom; y++) {
      const line = buffer.lines.get(buffer.ybase + y);
      if (y + count > buffer.scrollBottom) line.replaceCells(left, right, blank);
      else copyCells(buffer.lines.get(buffer.ybase + y + count), line, left, right, blank);
    }
    return true;
  });
}

/** xterm's own copy of a range takes clusters right of it along. */
function copyCells(from: Line, to: Line, left: number, right: number, blank: object): void {
  const cell: object = Object.assign(Object.create(Object.getPrototypeOf(blank) as object) as object, blank);
  for (let x = left; x < right; x++) to.setCell(x, from.loadCell(x, cell));
}
