/** Ink's frames as cells: only lines that changed since the last frame are parsed again. */
import { WORDS_PER_CELL } from '../../core/cells.ts';
import type { ClusterTable } from '../../core/clusters.ts';
import { AnsiCells } from './ansi-cells.ts';
import { fillBlank } from './cell-buffer.ts';

export class FrameMerger {
  cells = new Uint32Array(0);
  #cols = 0;
  #rows = 0;
  #lines: string[] = [];
  #frame = '';
  #parser: AnsiCells;

  constructor(clusters: ClusterTable) {
    this.#parser = new AnsiCells(clusters);
  }

  resize(cols: number, rows: number): void {
    this.#cols = cols;
    this.#rows = rows;
    this.cells = new Uint32Array(cols * rows * WORDS_PER_CELL);
    fillBlank(this.cells, 0, cols * rows);
    this.#lines = [];
    this.#frame = '';
  }

  /** @param frame - a whole frame, lines parted by \n; lines past the terminal's height are left out
   *  @returns rows whose cells changed */
  merge(frame: string): readonly number[] {
    if (frame === this.#frame) return [];
    this.#frame = frame;
    const lines = frame.split('\n');
    const changed: number[] = [];
    for (let y = 0; y < this.#rows; y++) {
      const line = lines[y] ?? '';
      if (line === (this.#lines[y] ?? '')) continue;
      this.#lines[y] = line;
      this.#parser.line(line, this.cells, y * this.#cols * WORDS_PER_CELL, this.#cols);
      changed.push(y);
    }
    return changed;
  }
}
