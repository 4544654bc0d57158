/**
 * Bounds the work that one sequence can ask for. xterm takes counts up to 2^31 literally: `CSI 2147483647 S` would
 * move lines for the better part of a minute.
 */
import type { SequenceId, XtermCore, XtermParams } from './xterm-internals.ts';

/** Repetitions beyond the screen's height change nothing any more. */
const BY_ROWS: readonly string[] = ['S', 'T', 'L', 'M'];
/** Likewise beyond its width; `b` (REP) too, which no terminfo uses past the line's end. */
const BY_COLS: readonly SequenceId[] = [
  { final: 'I' },
  { final: 'Z' },
  { final: 'b' },
  { final: '@' },
  { final: 'P' },
  { final: 'X' },
  { final: '@', intermediates: ' ' },
  { final: 'A', intermediates: ' ' },
  { final: '}', intermediates: "'" },
  { final: '~', intermediates: "'" },
];

export function clampCounts(core: XtermCore, size: { readonly cols: number; readonly rows: number }): void {
  const parser = core._inputHandler._parser;
  for (const final of BY_ROWS) parser.registerCsiHandler({ final }, (params) => atMost(params, size.rows));
  for (const id of BY_COLS) parser.registerCsiHandler(id, (params) => atMost(params, size.cols));
  // CSI 1 J in the last cell makes xterm look at the line below the last one, which isn't there.
  parser.registerCsiHandler({ final: 'J' }, (params) => {
    const buffer = core.buffers.active;
    if (params.params[0] === 1 && buffer.x >= size.cols - 1 && buffer.y >= size.rows - 1) params.params[0] = 2;
    return false;
  });
}

/** @returns false: the next handler, xterm's own, does the work */
function atMost(params: XtermParams, most: number): boolean {
  if (params.params[0]! > most) params.params[0] = most;
  return false;
}

const ESC = 0x1b;
const RIS = Buffer.from('\x1bc');

/**
 * `bytes` with repeated resets (ESC c ESC c …) made one: each costs a new pair of buffers, and the second does nothing.
 * @returns the same array where there is nothing to drop
 */
export function collapseResets(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = buffer.indexOf(RIS);
  if (at < 0 || buffer.indexOf(RIS, at + 2) < 0) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let from = 0;
  let length = 0;
  while (at >= 0) {
    if (buffer[at + 2] === ESC && buffer[at + 3] === RIS[1]) {
      length += buffer.copy(out, length, from, at);
      from = at + 2;
    }
    at = buffer.indexOf(RIS, at + 2);
  }
  length += buffer.copy(out, length, from);
  return out.subarray(0, length);
}
