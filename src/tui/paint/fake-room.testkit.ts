/** A session without daemon: panes whose programs are strings written by the test. */
import type { Damage, PaneScreen, RoomClient } from '../../client/api.ts';
import { BLANK_CONTENT, WORDS_PER_CELL } from '../../core/cells.ts';
import { ClusterTable } from '../../core/clusters.ts';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { OuterTerminal } from './outer-terminal.testkit.ts';

export class FakeRoom {
  readonly clusters = new ClusterTable();
  readonly acked: number[] = [];
  readonly typed: string[] = [];
  frame = 0;
  #panes = new Map<number, { screen: PaneScreen; emulator: OuterTerminal }>();
  #damage = new Set<(damage: Damage) => void>();
  #frameEnd = new Set<(frame: number) => void>();

  open(pane: number, cols: number, rows: number): PaneScreen {
    const cells = new Uint32Array(cols * rows * WORDS_PER_CELL);
    for (let i = 0; i < cells.length; i += WORDS_PER_CELL) cells[i] = BLANK_CONTENT;
    const screen: PaneScreen = {
      pane,
      cols,
      rows,
      cells,
      cursorX: 0,
      cursorY: 0,
      flags: PANE_FLAG.cursorVisible,
      cursorStyle: 0,
      kittyFlags: 0,
      base: 0,
      oldest: 0,
    };
    this.#panes.set(pane, { screen, emulator: new OuterTerminal(cols, rows, 20_000) });
    return screen;
  }

  emulator(pane: number): OuterTerminal {
    return this.#panes.get(pane)!.emulator;
  }

  /** The program of `pane` prints; nothing is told yet. */
  print(pane: number, output: string | Uint8Array): void {
    const { screen, emulator } = this.#panes.get(pane)!;
    const before = emulator.base;
    emulator.write(output);
    const scroll = Math.min(screen.rows, emulator.base - before);
    const old = screen.cells.slice();
    for (let y = 0; y < screen.rows; y++) {
      emulator.copyRow(y, screen.cells, y * screen.cols * WORDS_PER_CELL, this.clusters);
    }
    screen.base = emulator.base;
    screen.cursorX = emulator.cursor.x;
    screen.cursorY = emulator.cursor.y;
    const { first, last } = changedRows(old, screen, scroll);
    for (const listener of this.#damage) listener({ pane, first, last, scroll, full: false });
  }

  /** What was printed since belongs on screen together. */
  endFrame(): void {
    this.frame++;
    for (const listener of this.#frameEnd) listener(this.frame);
  }

  /** Only what the painter uses is there. */
  get client(): RoomClient {
    const room: Partial<RoomClient> = {
      clusters: this.clusters,
      readOnly: false,
      screen: (pane) => this.#panes.get(pane)?.screen,
      onDamage: (listener) => subscribe(this.#damage, listener),
      onFrameEnd: (listener) => subscribe(this.#frameEnd, listener),
      ack: (frame) => this.acked.push(frame),
      input: (_pane, bytes) => this.typed.push(Buffer.from(bytes).toString('latin1')),
    };
    return room as RoomClient;
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changedRows(old: Uint32Array, screen: PaneScreen, scroll: number): { first: number; last: number } {
  const words = screen.cols * WORDS_PER_CELL;
  let first = screen.rows;
  let last = -1;
  for (let y = 0; y < screen.rows; y++) {
    const was = y + scroll < screen.rows ? old.subarray((y + scroll) * words, (y + scroll + 1) * words) : null;
    const now = screen.cells.subarray(y * words, (y + 1) * words);
    if (was && was.every((word, i) => word === now[i])) continue;
    first = Math.min(first, y);
    last = y;
  }
  return { first, last };
}
